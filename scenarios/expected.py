"""What must hold of a run, however the program improves: values between the stored ones and their bounds, figures.

``expected.toml`` has two parts: ``[figures]``, written by hand, and below a line of its own the levels as they were
when they were last accepted. The levels are compared in their order: at the first that differs, the new value must be
better than the stored one and no better than its bound; what comes after it is then free.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import Field, ValidationError

from matcher.errors import InputError
from matcher.io.policy_faults import Example, findings
from matcher.io.toml_text import faults_in_place, parse_toml
from matcher.texts import Text, text
from scenarios.document import Part
from scenarios.rows import LevelRow, Row

FILE = "expected.toml"
_LINE = "# Below: written by `matcher scenarios run --accept`."


class FigurePart(Part):
    """The least and the most a figure may be."""

    least: float | None = None
    most: float | None = None


class LevelPart(Part):
    """A level as it was."""

    name: str
    value: int
    bound: int | None = None


class ExpectedDocument(Part):
    """The whole file."""

    figures: dict[str, FigurePart] = Field(default_factory=dict)
    levels: tuple[LevelPart, ...] = ()
    session_levels: tuple[LevelPart, ...] = ()
    indicators: dict[str, float] = Field(default_factory=dict)


def read_expected(folder: Path) -> ExpectedDocument | None:
    """Return what must hold of the scenario in a folder; None where it says nothing.

    Raises
    ------
    InputError
        When the file has faults.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    content = path.read_text(encoding="utf-8")
    document = parse_toml(content, str(path))
    try:
        return ExpectedDocument.model_validate(document)
    except ValidationError as error:
        example = Example(
            document={"figures": {"pairs": {"least": 1}}, "levels": [{"name": "SO-02", "value": 1, "bound": 1}]},
            has=text("for example {key} = {value}"),
            like=text("write it as in: {key}"),
            described=text("see docs/reference/scenarios.md, which describes every key"),
        )
        found = findings(error, document, ExpectedDocument.model_json_schema(), example)
        raise InputError(faults_in_place(found, content, str(path))) from None


def surprises(row: Row, expected: ExpectedDocument) -> Iterator[Text]:
    """Yield what does not hold of a row; nothing where all is as it must be."""
    if row.error is not None:
        yield text("the run failed: {reason}", reason=row.error)
        return
    if row.violations:
        yield text("the judge found {count} violations", count=row.violations)
    for name, limits in expected.figures.items():
        value = row.figures.get(name, 0.0)
        if limits.least is not None and value < limits.least:
            yield text(
                "{name} is {value}, less than {bound}", name=name, value=_shown(value), bound=_shown(limits.least)
            )
        if limits.most is not None and value > limits.most:
            yield text(
                "{name} is {value}, more than {bound}", name=name, value=_shown(value), bound=_shown(limits.most)
            )
    yield from _between(row.levels, expected.levels, 1)
    if row.levels and [one.value for one in row.levels] == [one.value for one in expected.levels]:
        yield from _between(row.session_levels, expected.session_levels, -1)
        yield from _same_indicators(row, expected)


def _between(found: Sequence[LevelRow], stored: Sequence[LevelPart], sign: int) -> Iterator[Text]:
    """Yield the first level that is worse than it was, or better than it can be; ``sign`` −1 where less is better."""
    if stored and [one.name for one in found] != [one.name for one in stored]:
        yield text("the levels are others than those stored")
        return
    for new, old in zip(found, stored, strict=False):
        if sign * new.value < sign * old.value:
            yield text(
                "{name} is {value}, worse than {stored} before", name=new.name, value=new.value, stored=old.value
            )
        elif old.bound is not None and sign * new.value > sign * old.bound:
            yield text(
                "{name} is {value}, better than its bound {bound}", name=new.name, value=new.value, bound=old.bound
            )
        if new.value != old.value:
            return


def _same_indicators(row: Row, expected: ExpectedDocument) -> Iterator[Text]:
    found = indicator_values(row)
    for name, stored in expected.indicators.items():
        value = found.get(name)
        if value is None or abs(value - stored) > 0.05:
            shown = text("unknown") if value is None else _shown(value)
            yield text(
                "the indicator {name} is {value}, it was {stored}", name=name, value=shown, stored=_shown(stored)
            )


def indicator_values(row: Row) -> dict[str, float]:
    """Return the main figures that are known, by "period id": those of the year before do not hang on the plan."""
    return {f"{one.period} {one.id}": one.value for one in row.indicators if not one.part and one.value is not None}


def accept(folder: Path, row: Row) -> None:
    """Store the levels and indicators of a row as those that the next ones are compared with."""
    path = folder / FILE
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    by_hand = before.partition(_LINE)[0].rstrip()
    lines = [by_hand, "", _LINE, ""] if by_hand else [_LINE, ""]
    for name, levels in (("levels", row.levels), ("session_levels", row.session_levels)):
        for one in levels:
            bound = [] if one.bound is None else [f"bound = {one.bound}"]
            lines += [f"[[{name}]]", f'name = "{one.name}"', f"value = {one.value}", *bound, ""]
    lines.append("[indicators]")
    lines += [f'"{name}" = {round(value, 4)}' for name, value in indicator_values(row).items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _shown(value: float) -> str:
    return f"{value:.10g}"
