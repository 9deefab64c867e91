"""Reads ``CHANGES.toml``: what happened in the middle of a year."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, PlainValidator, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

from matcher.errors import Fault, InputError
from matcher.io.headings import near
from matcher.io.policy_faults import Example, findings
from matcher.io.policy_tables import Table
from matcher.io.policy_values import Count, Word
from matcher.io.read_timetables import read_timetables
from matcher.io.toml_text import Finding, faults_in_place, parse_toml, place_of, read_toml_text
from matcher.plan import Plan
from matcher.repair.changes import Budget, Changes, Ending, NewPair, NewTerm, NewTimetable, RoomLoss
from matcher.roster import Absence, MentoringKind
from matcher.texts import Text, text

EXAMPLE = """\
today = 2026-11-09              # sessions before this day took place
[[absence]]                     # somebody is away
person = "P-17"
from = 2026-11-09
to = 2026-11-29
[[room]]                        # a room cannot be used
id = "R-1"
from = 2026-11-09
to = 2026-12-31
[[end]]                         # a pair or group stops working
pair = "P-17:P-20"
day = 2026-12-01
reason = "mutual"
[[new]]                         # two people begin
mentor = "P-3"
mentee = "P-20"
kind = "traditional"
from = 2026-12-02
[[term]]                        # a programme is prolonged or shortened
pair = "P-4:P-21"
to = 2027-04-30
[[timetable]]                   # a new timetable, as at the half-year
organisation = "O-1"
map = "O-1.toml"
from = 2027-01-11
[budget]                        # how much may move for the sake of what is lost
people = 10
dates = 4
"""
"""A file with every kind of change; shown where a key is missing, and by ``matcher repair --example``."""


def _day(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise PydanticCustomError("date_type", "no date")


Day = Annotated[date, PlainValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]


class _Absence(Table):
    person: Word
    first: Annotated[Day, Field(alias="from")]
    last: Annotated[Day, Field(alias="to")]


class _Room(Table):
    id: Word
    first: Annotated[Day, Field(alias="from")]
    last: Annotated[Day, Field(alias="to")]


class _End(Table):
    pair: Word
    day: Day
    reason: str = ""


class _New(Table):
    mentor: Word
    mentee: Word
    kind: MentoringKind
    first: Annotated[Day | None, Field(alias="from")] = None


class _Term(Table):
    pair: Word
    last: Annotated[Day, Field(alias="to")]


class _Timetable(Table):
    organisation: Word
    map: Word
    first: Annotated[Day, Field(alias="from")]


class _Budget(Table):
    people: Count | None = None
    dates: Count | None = None


class ChangesDocument(Table):
    """The whole file."""

    today: Day | None = None
    absence: tuple[_Absence, ...] = ()
    room: tuple[_Room, ...] = ()
    end: tuple[_End, ...] = ()
    new: tuple[_New, ...] = ()
    term: tuple[_Term, ...] = ()
    timetable: tuple[_Timetable, ...] = ()
    budget: _Budget = _Budget()


def read_changes(path: str | Path, plan: Plan) -> Changes:
    """Return the changes of a file that concern the people, rooms and pairs of a plan.

    Without ``today`` the day of the earliest change is meant.

    Raises
    ------
    InputError
        When the file has faults, names nobody of the plan or changes nothing: all of them at once.
    """
    file = Path(path)
    missing = Fault(str(path), text("there is no such file"), text("name a TOML file with the changes"))
    content = read_toml_text(file, missing)
    document = parse_toml(content, str(path))
    try:
        found = ChangesDocument.model_validate(document)
    except ValidationError as error:
        wrong = findings(error, document, ChangesDocument.model_json_schema(), _example())
        raise InputError(faults_in_place(wrong, content, str(path))) from None
    strange = [*_unknown(found, plan), *_disorder(found), *_without_effect(found, plan)]
    if not strange and not _days(found) and not (found.new and found.today):
        strange.append(_undated(found))
    if strange:
        raise InputError(faults_in_place(strange, content, str(path)))
    today = found.today or min(_days(found))
    return Changes(
        today=today,
        absences=tuple(Absence(person=one.person, start_day=one.first, end_day=one.last) for one in found.absence),
        rooms=tuple(RoomLoss(room=one.id, first_day=one.first, last_day=one.last) for one in found.room),
        ends=tuple(Ending(activity=one.pair, day=one.day, reason=one.reason) for one in found.end),
        pairs=tuple(
            NewPair(
                mentor=one.mentor,
                mentee=one.mentee,
                kind=one.kind,
                day=one.first or today,
                place=f"{place_of(('new', at), content, str(path))} ({one.mentor}:{one.mentee})",
            )
            for at, one in enumerate(found.new)
        ),
        terms=tuple(NewTerm(activity=one.pair, last_day=one.last) for one in found.term),
        timetables=tuple(_timetable(one, file, plan) for one in found.timetable),
        budget=Budget(people=found.budget.people, dates=found.budget.dates),
    )


def _example() -> Example:
    return Example(
        document=tomllib.loads(EXAMPLE),
        has=text("for example {value}", value="{value}"),
        like=text("write it as in: {key}", key="{key}"),
        described=text("see docs/reference/changes.md"),
    )


def _days(found: ChangesDocument) -> list[date]:
    """Return the first day of every change; a term counts from its last day, since it may lie far ahead."""
    days = [one.first for one in found.absence] + [one.first for one in found.room]
    days += [one.first for one in found.new if one.first is not None] + [one.first for one in found.timetable]
    return days + [one.day for one in found.end] + [one.last for one in found.term]


def _unknown(found: ChangesDocument, plan: Plan) -> Iterator[Finding]:
    """Yield names the plan does not have, with those that are near."""
    schedule = plan.schedule
    activities = {a.id.partition("/")[0] for a in schedule.activities} if schedule is not None else set()
    known: Mapping[str, tuple[set[str], Text]] = {
        "person": ({person.id for person in plan.roster.people}, text("nobody of the plan has the code {value}")),
        "id": ({room.id for room in plan.roster.rooms}, text("the plan has no room {value}")),
        "pair": (activities, text("the plan has no pair or group {value}")),
        "mentor": ({m.person for m in plan.roster.mentors}, text("{value} is not in the register of mentors")),
        "mentee": ({m.person for m in plan.roster.mentees}, text("{value} is not in the register of mentees")),
        "organisation": ({o.id for o in plan.roster.organisations}, text("the plan has no organisation {value}")),
    }
    for table in ("absence", "room", "end", "new", "term", "timetable"):
        for at, row in enumerate(getattr(found, table)):
            for key, (ids, message) in known.items():
                value = getattr(row, key, None)
                if value is not None and value not in ids:
                    names = ", ".join(near(value, sorted(ids))) or ", ".join(sorted(ids)[:3])
                    yield (table, at, key), Text(message.msgid, {"value": value}), text("perhaps {names}", names=names)


def _disorder(found: ChangesDocument) -> Iterator[Finding]:
    for table in ("absence", "room"):
        for at, row in enumerate(getattr(found, table)):
            if row.last < row.first:
                yield (table, at, "to"), text("the last day is before the first"), text("exchange the two days")


def _without_effect(found: ChangesDocument, plan: Plan) -> Iterator[Finding]:
    """Yield changes that would pass without a trace: pairs that are there already, days outside the schedule."""
    pairs = {(pair.mentor, pair.mentee) for pair in plan.pairs}
    for at, row in enumerate(found.new):
        if (row.mentor, row.mentee) in pairs:
            message = text("{id} is a pair of the plan already", id=f"{row.mentor}:{row.mentee}")
            yield ("new", at, "mentee"), message, text("remove the table, or use [[term]] to prolong the pair")
    if plan.schedule is None:
        return
    first, last = plan.schedule.first_day, plan.schedule.last_day
    message = text("these days lie outside the schedule ({first} – {last})", first=_shown(first), last=_shown(last))
    for table in ("absence", "room"):
        for at, row in enumerate(getattr(found, table)):
            if row.first <= row.last and (row.last < first or row.first > last):
                yield (table, at, "from"), message, text("correct the day or remove the table")
    for table in ("new", "timetable"):
        for at, row in enumerate(getattr(found, table)):
            if row.first is not None and row.first > last:
                yield (table, at, "from"), message, text("correct the day or remove the table")


def _shown(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _undated(found: ChangesDocument) -> Finding:
    """Return what is wrong with a file that holds no day at all."""
    if found.new:
        return ("new", 0, "from"), text("it is not said from which day on"), text("for example from = 2026-12-02")
    return (), text("the file names no change"), text("add a table such as [[absence]]")


def _timetable(one: _Timetable, file: Path, plan: Plan) -> NewTimetable:
    timetables, _ = read_timetables([file.parent / one.map], plan.roster)
    return NewTimetable(organisation=one.organisation, day=one.first, timetables=timetables)
