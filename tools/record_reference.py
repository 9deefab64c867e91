"""Writes docs/reference/records.md from the kinds of records themselves; a test fails while it says something else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from service.records.gates import gate_items
from service.records.kind import HangsOn, Kind, Shown
from service.records.kinds import KINDS

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "records.md"
_HANGS = {
    HangsOn.PAIR: "a pair",
    HangsOn.PERSON: "a person",
    HangsOn.ROUND: "a round",
    HangsOn.AREA: "an area",
}
_SHOWN = {
    Shown.NONE: "nobody of the pair",
    Shown.AUTHOR: "whoever of the pair wrote it",
    Shown.PERSON: "the person it is about, and its author",
    Shown.PAIR: "both of the pair",
}


def records_page() -> str:
    """Return the page of all kinds of records."""
    lines = [
        "# Records",
        "",
        "What hangs on a pair, a person, a round or an area is kept as records of one table. Every kind has the",
        "same addresses: `GET` and `POST /api/v1/<kind>`, `GET` and `PATCH /api/v1/<kind>/{id}` (with `If-Match`),",
        "`POST …/{id}/transitions {to, fields}`; kinds with versions also `GET …/{id}/versions`, kinds that people",
        "sign `POST …/{id}/acknowledge {side, on_paper}`. Lists are filtered by `round`, `pair`, `person`, `area`,",
        "`state` and `due_until`. Fields are sealed under the key of the person a record is about; once that person is",
        "erased they are null. Fields that a step asks for are given with this step only. Which role may call which",
        "address stands in [rights](rights.md).",
        "",
    ]
    for kind in sorted(KINDS.values(), key=lambda one: one.path):
        lines += _kind(kind)
    lines += _gates()
    return "\n".join(lines).rstrip() + "\n"


def _kind(kind: Kind[Any]) -> Iterator[str]:
    yield f"## `{kind.path}`"
    yield ""
    yield kind.about
    yield ""
    told = [f"hangs on {_HANGS[kind.on]}", f"of the participants seen by {_SHOWN[kind.shown]}"]
    if kind.versions:
        told.append("every change keeps the version before it")
    if kind.sides:
        told.append(f"signed by {', '.join(kind.sides)}")
    if kind.below:
        told.append("read by the areas below too")
    if kind.document is not None:
        told.append(f"document {kind.document}")
    sentence = "; ".join(told)
    yield f"{sentence[0].upper()}{sentence[1:]}."
    yield ""
    if kind.steps:
        yield "| from | to | who | asks for |"
        yield "| --- | --- | --- | --- |"
        for step in kind.steps:
            yield f"| {step.start} | {step.to} | {', '.join(sorted(step.by))} | {', '.join(step.asks)} |"
        yield ""
    names = ", ".join(f"`{name}`" for name in kind.fields.model_fields)
    yield f"Fields: {names}."
    yield ""


def _gates() -> Iterator[str]:
    yield "## The checklist before pairs are looked for"
    yield ""
    yield "`GET /api/v1/rounds/{round_id}/gates` tells how each stands; what no record opens is ticked as a `gate`."
    yield ""
    yield "| item | what | clauses | opened by | stops the round |"
    yield "| --- | --- | --- | --- | --- |"
    for item in gate_items():
        clauses = "; ".join(f"{policy}: {clause}" for policy, clause in item.clauses.items())
        by = item.record or "gate"
        yield f"| `{item.id}` | {item.title_en} | {clauses} | `{by}` | {'yes' if item.must else 'no'} |"


if __name__ == "__main__":
    PAGE.write_text(records_page(), encoding="utf-8")
