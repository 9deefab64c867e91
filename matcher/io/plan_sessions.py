"""Timetables and the schedule as a plan file holds them.

A city has a hundred thousand taken times: they are rows of bare values, gathered under the person or room they belong
to. School years that organisations share are kept once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Annotated, Any, NamedTuple, Self

from pydantic import Field, SerializerFunctionWrapHandler, field_serializer

from matcher.io.plan_prices import ScheduleCertificatePart
from matcher.io.plan_text import Part, TextPart
from matcher.outcome import Proof, SolveStatus
from matcher.roster import Roster
from matcher.school_year import Bell, SchoolYear
from matcher.sessions.schedule import (
    Activity,
    Concession,
    PlannedSession,
    Reserve,
    Schedule,
    ScheduleLevel,
    Unplaced,
)
from matcher.timegrid import BusyState
from matcher.timetables import TakenTime, Timetables

#: A place in the file.
Steps = tuple[str | int, ...]

_Weekday = Annotated[int, Field(ge=1, le=7)]
_Cycle = Annotated[int, Field(ge=0, le=1)]


class TakenRow(NamedTuple):
    """A taken time without its subject; what follows the last value that says something is left out."""

    week: _Cycle | None
    weekday: _Weekday
    start_minute: int
    end_minute: int
    state: BusyState = BusyState.LESSON
    site: str | None = None
    first_day: date | None = None
    last_day: date | None = None


_TAIL = (BusyState.LESSON, None, None, None)


class TakenPart(Part):
    """The taken times of a person or room, as they follow one another."""

    subject: str
    times: tuple[TakenRow, ...]

    @field_serializer("times", mode="wrap")
    def _short(self, times: tuple[TakenRow, ...], _: SerializerFunctionWrapHandler) -> list[list[Any]]:
        return [_shortened(row) for row in times]

    def taken(self) -> Iterator[TakenTime]:
        """Yield the taken times."""
        for week, weekday, start, end, state, site, first_day, last_day in self.times:
            yield TakenTime(
                subject=self.subject,
                week=week,
                weekday=weekday,
                start_minute=start,
                end_minute=end,
                state=state,
                site=site,
                first_day=first_day,
                last_day=last_day,
            )


def _shortened(row: TakenRow) -> list[Any]:
    """Return a row as JSON values without the defaults at its end."""
    head, tail = list(row[:4]), list(row[4:])
    while tail and tail[-1] == _TAIL[len(tail) - 1]:
        tail.pop()
    return head + [value.isoformat() if isinstance(value, date) else value for value in tail]


def _rows(times: Iterable[TakenTime]) -> tuple[TakenPart, ...]:
    return tuple(
        TakenPart.model_construct(
            subject=subject,
            times=tuple(
                TakenRow(t.week, t.weekday, t.start_minute, t.end_minute, t.state, t.site, t.first_day, t.last_day)
                for t in found
            ),
        )
        for subject, found in groupby(times, key=lambda time: time.subject)
    )


class TimetablesPart(Part):
    """When people and rooms are taken; ``years`` gives each organisation a place in ``school_years``."""

    time_zone: str
    known: tuple[str, ...] = ()
    school_years: tuple[SchoolYear, ...] = ()
    years: Mapping[str, int] = {}
    ahead: Mapping[str, int] = {}
    bells: Mapping[str, tuple[Bell, ...]] = {}
    people: tuple[TakenPart, ...] = ()
    rooms: tuple[TakenPart, ...] = ()

    @classmethod
    def of(cls, timetables: Timetables) -> Self:
        """Return the part that holds timetables."""
        organisations = sorted(timetables.years)
        years = list(dict.fromkeys(timetables.years[id_] for id_ in organisations))
        at = {year: place for place, year in enumerate(years)}
        return cls.model_construct(
            time_zone=timetables.time_zone,
            known=timetables.known,
            school_years=tuple(years),
            years={id_: at[timetables.years[id_]] for id_ in organisations},
            ahead={id_: timetables.ahead[id_] for id_ in sorted(timetables.ahead)},
            bells={id_: timetables.bells[id_] for id_ in sorted(timetables.bells)},
            people=_rows(timetables.people),
            rooms=_rows(timetables.rooms),
        )

    def timetables(self) -> Timetables:
        """Return the timetables."""
        return Timetables(
            time_zone=self.time_zone,
            known=self.known,
            years={id_: self.school_years[at] for id_, at in self.years.items()},
            ahead=self.ahead,
            bells=self.bells,
            people=tuple(time for part in self.people for time in part.taken()),
            rooms=tuple(time for part in self.rooms for time in part.taken()),
        )

    def strange_ids(self, roster: Roster) -> Iterator[tuple[Steps, str]]:
        """Yield (place, id) of people, rooms and organisations whom the roster does not know."""
        people = _people(roster)
        rooms = {room.id for room in roster.rooms}
        organisations = {"", *(found.id for found in roster.organisations)}
        yield from (
            (("timetables", "people", at), p.subject) for at, p in enumerate(self.people) if p.subject not in people
        )
        yield from (
            (("timetables", "rooms", at), p.subject) for at, p in enumerate(self.rooms) if p.subject not in rooms
        )
        yield from ((("timetables", "known", at), id_) for at, id_ in enumerate(self.known) if id_ not in people)
        named: tuple[tuple[str, Mapping[str, object]], ...] = (
            ("years", self.years),
            ("ahead", self.ahead),
            ("bells", self.bells),
        )
        for name, ids in named:
            yield from ((("timetables", name), id_) for id_ in ids if id_ not in organisations)

    def years_without_place(self) -> list[str]:
        """Return the organisations whose year is not among the school years."""
        return [id_ for id_, at in self.years.items() if not 0 <= at < len(self.school_years)]


class ConcessionPart(Part):
    """Something to give way on."""

    element: str
    message: TextPart
    gain: int
    weight: int = 1


class UnplacedPart(Part):
    """Sessions of an activity that could not be placed."""

    activity: str
    numbers: tuple[int, ...]
    reasons: tuple[TextPart, ...] = ()
    concessions: tuple[ConcessionPart, ...] = ()
    is_proved: bool = False

    @classmethod
    def of(cls, found: Unplaced) -> Self:
        """Return the part that holds what could not be placed."""
        return cls.model_construct(
            activity=found.activity,
            numbers=found.numbers,
            reasons=tuple(map(TextPart.of, found.reasons)),
            concessions=tuple(
                ConcessionPart.model_construct(
                    element=c.element, message=TextPart.of(c.message), gain=c.gain, weight=c.weight
                )
                for c in found.concessions
            ),
            is_proved=found.is_proved,
        )

    def unplaced(self) -> Unplaced:
        """Return what could not be placed."""
        return Unplaced(
            activity=self.activity,
            numbers=self.numbers,
            reasons=tuple(part.text() for part in self.reasons),
            concessions=tuple(
                Concession(element=part.element, message=part.message.text(), gain=part.gain, weight=part.weight)
                for part in self.concessions
            ),
            is_proved=self.is_proved,
        )


class ScheduleLevelPart(Part):
    """One want of the schedule."""

    name: str
    value: int
    bound: int | None = None
    proof: Proof | None = None


class SchedulePart(Part):
    """The schedule without its seconds, which stand among the timings."""

    time_zone: str
    first_day: date
    last_day: date
    status: SolveStatus
    engine: str = ""
    levels: tuple[ScheduleLevelPart, ...] = ()
    prices: tuple[tuple[str, float], ...] = ()
    certificates: tuple[ScheduleCertificatePart, ...] = ()
    held: tuple[str, ...] = ()
    notes: tuple[TextPart, ...] = ()
    activities: tuple[Activity, ...] = ()
    sessions: tuple[PlannedSession, ...] = ()
    unplaced: tuple[UnplacedPart, ...] = ()
    reserves: tuple[Reserve, ...] = ()

    @classmethod
    def of(cls, schedule: Schedule) -> Self:
        """Return the part that holds a schedule."""
        reshaped = ("levels", "certificates", "notes", "unplaced")
        return cls.model_construct(
            **{name: getattr(schedule, name) for name in cls.model_fields if name not in reshaped},
            levels=tuple(
                ScheduleLevelPart.model_construct(name=x.name, value=x.value, bound=x.bound, proof=x.proof)
                for x in schedule.levels
            ),
            certificates=tuple(map(ScheduleCertificatePart.of, schedule.certificates)),
            notes=tuple(map(TextPart.of, schedule.notes)),
            unplaced=tuple(map(UnplacedPart.of, schedule.unplaced)),
        )

    def schedule(self, seconds: float) -> Schedule:
        """Return the schedule."""
        return Schedule(
            time_zone=self.time_zone,
            first_day=self.first_day,
            last_day=self.last_day,
            status=self.status,
            engine=self.engine,
            levels=tuple(ScheduleLevel(**dict(part)) for part in self.levels),
            prices=self.prices,
            certificates=tuple(part.certificate() for part in self.certificates),
            held=self.held,
            notes=tuple(part.text() for part in self.notes),
            activities=self.activities,
            sessions=self.sessions,
            reserves=self.reserves,
            unplaced=tuple(part.unplaced() for part in self.unplaced),
            seconds=seconds,
        )

    def strange_ids(self, roster: Roster) -> Iterator[tuple[Steps, str]]:
        """Yield (place, id) of people, activities and rooms that nobody knows."""
        rooms = {None, *(room.id for room in roster.rooms)}
        activities = {activity.id for activity in self.activities}
        yield from strange_people(("schedule", "activities"), self.activities, roster)
        for at, session in enumerate(self.sessions):
            if session.activity not in activities:
                yield ("schedule", "sessions", at, "activity"), session.activity
            if session.room not in rooms:
                yield ("schedule", "sessions", at, "room"), str(session.room)
        ids = [
            (name, at, part.activity)
            for name in ("unplaced", "reserves")
            for at, part in enumerate(getattr(self, name))
        ]
        for name, at, id_ in ids:
            if id_ not in activities:
                yield ("schedule", name, at, "activity"), id_

    def repeated_lists(self) -> list[str]:
        """Return the names of the lists in which an id stands twice."""
        lists = {"activities": [a.id for a in self.activities], "sessions": [s.id for s in self.sessions]}
        return [name for name, ids in lists.items() if len(set(ids)) < len(ids)]


def strange_people(steps: Steps, activities: Iterable[Activity], roster: Roster) -> Iterator[tuple[Steps, str]]:
    """Yield (place, id) of the people and classes of activities whom the roster does not know."""
    people = _people(roster)
    for at, activity in enumerate(activities):
        named = (*activity.people, *((activity.school_class,) if activity.school_class is not None else ()))
        yield from (((*steps, at), id_) for id_ in named if id_ not in people)


def _people(roster: Roster) -> set[str]:
    return {person.id for person in roster.people} | {found.id for found in roster.classes}
