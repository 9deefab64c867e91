"""Speed files: lossless, versioned JSON that holds an event with everything needed to re-check it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from matcher.errors import Fault, InputError
from matcher.io.plan_text import TextPart
from matcher.outcome import Proof, SolveStatus
from matcher.pairing.result import LevelResult
from matcher.speed.certificate import SpeedPrices
from matcher.speed.event import EventSettings, SpeedEvent
from matcher.speed.plan import Meeting, SpeedPlan
from matcher.speed.problem import SpeedProblem
from matcher.speed.result import Schedule, SpeedResult
from matcher.texts import text

FORMAT = "matcher-speed"
VERSION = 1
_AGAIN = text("take the file from a backup, or make the event again")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _SettingsPart(_Part):
    num_rounds: int
    num_tables: int
    candidates: int | None = None
    least: int = 0
    most_mentor: int | None = None
    most_mentee: int | None = None
    fill: bool = False
    absent: tuple[str, ...] = ()
    as_mentee: tuple[str, ...] = ()


class _MeetingPart(_Part):
    round: int
    table: int
    mentor: str
    mentee: str
    want: int
    topic: str = ""


class _LevelPart(_Part):
    name: str
    value: int
    bound: int
    proof: Proof | None = None


class _PricesPart(_Part):
    weight: tuple[int, ...]
    place: int
    mentor: dict[str, int] = {}
    mentee: dict[str, int] = {}


class SpeedFile(_Part):
    """The file: people with their most meetings, pairs (mentor, mentee, want), meetings, levels and prices.

    Rounds and tables count from 1. Prices that are 0 are left out.
    """

    format: Literal["matcher-speed"] = "matcher-speed"
    version: Literal[1] = 1
    settings: _SettingsPart
    policy: str | None = None
    mentors: dict[str, int]
    mentees: dict[str, int]
    least: int = 0
    fill: bool = False
    notes: tuple[TextPart, ...] = ()
    status: SolveStatus
    levels: tuple[_LevelPart, ...]
    meetings: tuple[_MeetingPart, ...]
    prices: _PricesPart
    pairs: tuple[tuple[str, str, int], ...]
    timings: dict[str, float] = {}

    @classmethod
    def of(cls, plan: SpeedPlan) -> Self:
        """Return the file of a plan."""
        event, problem, result = plan.event, plan.event.problem, plan.result
        mentor, mentee = event.mentor_id, event.mentee_id
        return cls.model_construct(
            format=FORMAT,
            version=VERSION,
            settings=_SettingsPart.model_construct(**_fields(event.settings, _SettingsPart)),
            policy=event.policy_id,
            mentors=dict(zip(mentor, problem.max_mentor_meetings.tolist(), strict=True)),
            mentees=dict(zip(mentee, problem.max_mentee_meetings.tolist(), strict=True)),
            least=problem.least,
            fill=problem.fill,
            notes=tuple(map(TextPart.of, event.notes)),
            status=result.status,
            levels=tuple(_LevelPart.model_construct(**_fields(level, _LevelPart)) for level in result.levels),
            meetings=tuple(_MeetingPart.model_construct(**_fields(found, _MeetingPart)) for found in plan.meetings),
            prices=_PricesPart.model_construct(
                weight=result.prices.weight,
                place=result.prices.place,
                mentor={id_: p for id_, p in zip(mentor, result.prices.mentor.tolist(), strict=True) if p},
                mentee={id_: p for id_, p in zip(mentee, result.prices.mentee.tolist(), strict=True) if p},
            ),
            pairs=tuple(
                (mentor[m], mentee[n], want)
                for m, n, want in zip(
                    problem.mentor.tolist(), problem.mentee.tolist(), problem.want.tolist(), strict=True
                )
            ),
            timings={"seconds": result.seconds},
        )

    def plan(self) -> SpeedPlan:
        """Return the plan; ids must have been checked."""
        mentor_id, mentee_id = tuple(self.mentors), tuple(self.mentees)
        row, column = ({id_: at for at, id_ in enumerate(ids)} for ids in (mentor_id, mentee_id))
        pair_at = {(m, n): at for at, (m, n, _) in enumerate(self.pairs)}
        problem = SpeedProblem(
            num_mentors=len(row),
            num_mentees=len(column),
            num_rounds=self.settings.num_rounds,
            num_tables=self.settings.num_tables,
            mentor=_array([row[m] for m, _, _ in self.pairs]),
            mentee=_array([column[n] for _, n, _ in self.pairs]),
            want=_array([want for _, _, want in self.pairs]),
            max_mentor_meetings=_array(list(self.mentors.values())),
            max_mentee_meetings=_array(list(self.mentees.values())),
            least=self.least,
            fill=self.fill,
        )
        settings = EventSettings(**dict(self.settings))
        schedule = Schedule.of(
            [pair_at[m.mentor, m.mentee] for m in self.meetings],
            [m.round - 1 for m in self.meetings],
            [m.table - 1 for m in self.meetings],
        )
        result = SpeedResult(
            status=self.status,
            schedule=schedule,
            levels=tuple(LevelResult(**dict(level)) for level in self.levels),
            prices=SpeedPrices(
                weight=self.prices.weight,
                place=self.prices.place,
                mentor=_array([self.prices.mentor.get(id_, 0) for id_ in mentor_id]),
                mentee=_array([self.prices.mentee.get(id_, 0) for id_ in mentee_id]),
            ),
            seconds=self.timings.get("seconds", 0.0),
        )
        event = SpeedEvent(
            settings=settings,
            policy_id=self.policy,
            mentor_id=mentor_id,
            mentee_id=mentee_id,
            problem=problem,
            notes=tuple(part.text() for part in self.notes),
        )
        return SpeedPlan(event=event, result=result, meetings=tuple(Meeting(**dict(m)) for m in self.meetings))


def _fields(value: object, part: type[BaseModel]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in part.model_fields}


def _array(numbers: list[int]) -> Any:
    return np.array(numbers, dtype=np.int64)


def write_speed_json(plan: SpeedPlan, path: str | Path) -> None:
    """Write an event so that :func:`read_speed_json` gives it back unchanged.

    The same event gives the same bytes; only ``timings`` differs. The file appears whole or not at all.
    """
    target = Path(path)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(_lines(SpeedFile.of(plan).model_dump(mode="json", exclude_none=True)))
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _lines(document: dict[str, Any]) -> Iterator[str]:
    """Yield the text, one line to each row of a list."""
    opening = "{\n"
    for name, value in document.items():
        yield f"{opening}{json.dumps(name)}: "
        opening = ",\n"
        if isinstance(value, list) and value and isinstance(value[0], list | dict):
            yield "[\n " + ",\n ".join(json.dumps(row, ensure_ascii=False) for row in value) + "\n]"
        else:
            yield json.dumps(value, ensure_ascii=False)
    yield "\n}\n"


def read_speed_json(path: str | Path) -> SpeedPlan:
    """Return the event of a file that :func:`write_speed_json` has written.

    Raises
    ------
    InputError
        When there is no such file, when it is no speed file of a version this program reads, or when it is damaged:
        every fault with its place in the file.
    """
    file = str(path)
    try:
        content = Path(path).read_bytes()
    except OSError:
        fault = Fault(file, text("the file cannot be read"), text("give the path of a file speed.json"))
        raise InputError([fault]) from None
    try:
        found = SpeedFile.model_validate_json(content)
    except ValidationError as error:
        raise InputError(list(_faults(error, file))) from None
    if faults := list(_broken_references(found, file)):
        raise InputError(faults)
    try:
        return found.plan()
    except InputError as error:
        raise InputError([Fault(f"{file}: {f.place}", f.message, _AGAIN) for f in error.faults]) from None
    except OverflowError:
        raise InputError([Fault(file, text("numbers too large for exact arithmetic"), _AGAIN)]) from None


def is_speed_file(path: str | Path) -> bool:
    """Return whether a file looks like a speed file; whatever else it is, it is not read here."""
    try:
        with Path(path).open("rb") as stream:
            return FORMAT.encode() in stream.read(200)
    except OSError:
        return False


def _faults(error: ValidationError, file: str) -> Iterator[Fault]:
    found = error.errors(include_url=False)
    if any(entry["type"] == "json_invalid" for entry in found):
        yield Fault(file, text("the file is damaged, or is no speed file at all"), _AGAIN)
        return
    for entry in found:
        place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in entry["loc"])
        if entry["loc"][:1] in (("format",), ("version",)):
            yield Fault(f"{file}: ${place}", text("this program does not read files of this kind"), _AGAIN)
        elif entry["type"] == "missing":
            yield Fault(f"{file}: ${place}", text("the key is missing"), _AGAIN)
        elif entry["type"] == "extra_forbidden":
            yield Fault(
                f"{file}: ${place}", text("the key is unknown"), text("remove the key, or make the event again")
            )
        else:
            shown = json.dumps(entry["input"], ensure_ascii=False, default=str)[:60]
            yield Fault(f"{file}: ${place}", text("{value} is wrong here", value=shown), _AGAIN)


def _broken_references(found: SpeedFile, file: str) -> Iterator[Fault]:
    for at, (mentor, mentee, _) in enumerate(found.pairs):
        for id_, known in ((mentor, found.mentors), (mentee, found.mentees)):
            if id_ not in known:
                yield Fault(f"{file}: $.pairs[{at}]", text("nobody has the code {id}", id=id_), _AGAIN)
    pairs = {(mentor, mentee): want for mentor, mentee, want in found.pairs}
    for at, meeting in enumerate(found.meetings):
        want = pairs.get((meeting.mentor, meeting.mentee))
        if want is None:
            yield Fault(f"{file}: $.meetings[{at}]", text("a meeting of two people who may not meet"), _AGAIN)
        elif want != meeting.want:
            yield Fault(f"{file}: $.meetings[{at}].want", text("{value} is wrong here", value=meeting.want), _AGAIN)
    for side, prices in (("mentor", found.prices.mentor), ("mentee", found.prices.mentee)):
        known = found.mentors if side == "mentor" else found.mentees
        for id_ in prices:
            if id_ not in known:
                yield Fault(f"{file}: $.prices.{side}.{id_}", text("nobody has the code {id}", id=id_), _AGAIN)
