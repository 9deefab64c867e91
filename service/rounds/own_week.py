"""The usual week of one person as a grid: his lessons stand fast, what he says of the rest is kept as his hours."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session, col, select

from matcher.errors import InputError
from matcher.io.read_timetables import read_timetables
from matcher.roster import AvailabilityState, Roster
from matcher.timegrid import BusyState
from matcher.timetables import TakenTime, Timetables
from service.rounds.inputs import lay_out, open_timetable, timetables_of
from service.rounds.rosters import open_roster
from service.tables.areas import Person
from service.tables.rounds import Availability, RosterFile, Round
from service.vault import Vault

WEEKDAYS = (1, 2, 3, 4, 5, 6)
_HOUR, _FIRST, _LAST, _USUAL_END = 60, 8 * 60, 20 * 60, 18 * 60
_BOTH_WEEKS = frozenset({0, 1})
_CAN = frozenset({AvailabilityState.PREFERRED, AvailabilityState.POSSIBLE})

Hour = tuple[int, int]
"""Beginning and end in minutes after midnight."""
Said = tuple[int, int, int, AvailabilityState]
"""Weekday, beginning, end, and what was said of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """An hour of a weekday: a lesson that stands fast, or a time at which one can meet or not.

    ``every_other`` marks a lesson of one of two alternating weeks; ``said`` is what was said of the hour before.
    """

    weekday: int
    hour: Hour
    is_lesson: bool = False
    every_other: bool = False
    can: bool = False
    said: AvailabilityState | None = None

    @property
    def name(self) -> str:
        """Return how forms name the cell."""
        return f"{self.weekday}-{self.hour[0]}-{self.hour[1]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWeek:
    """The week: a row an hour, a cell a weekday. ``is_said`` tells whether the person has looked at it himself."""

    rows: tuple[tuple[Hour, tuple[Cell, ...]], ...]
    has_timetable: bool
    is_unreadable: bool
    is_said: bool


def own_week(session: Session, vault: Vault, person: Person, rounds: Sequence[Round]) -> OwnWeek:
    """Return the week of a person as it is known; ``rounds`` are those he takes part in, the newest first."""
    own = session.exec(select(Availability).where(Availability.person_id == person.id))
    said = [(row.weekday, row.from_minute, row.to_minute, AvailabilityState(row.state)) for row in own]
    is_said, is_unreadable = bool(said), False
    taken: tuple[TakenTime, ...] | None = None
    bells: tuple[Hour, ...] = ()
    for round_ in rounds:
        roster = open_roster(session, vault, session.get_one(RosterFile, round_.roster_id))
        if all(one.id != person.code for one in roster.people):
            continue
        if not said:
            said = list(_said_in(roster, person.code))
        try:
            found = _timetable(session, vault, round_, roster, person.code)
        except InputError:  # the list has changed since the timetable was taken; the page says so
            is_unreadable = True
            continue
        if found is not None:
            taken, bells = found
            break
    hours = _hours(bells)
    lessons = _lessons(taken or (), hours)
    rows = tuple((hour, tuple(_cell(day, hour, lessons, said) for day in WEEKDAYS)) for hour in hours)
    return OwnWeek(rows=rows, has_timetable=taken is not None, is_unreadable=is_unreadable, is_said=is_said)


def hours_said(week: OwnWeek, ticked: Collection[str]) -> list[dict[str, object]]:
    """Return the hours a form says, as ``PUT /api/v1/availability`` takes them; hours in a row are put together."""
    found: list[dict[str, object]] = []
    for at, weekday in enumerate(WEEKDAYS):
        last: dict[str, object] | None = None
        for _, cells in week.rows:
            cell = cells[at]
            state = None if cell.is_lesson else _state(cell, cell.name in ticked)
            if state is None:
                last = None
            elif last is not None and last["state"] is state:
                last["to_minute"] = cell.hour[1]
            else:
                last = {"weekday": weekday, "from_minute": cell.hour[0], "to_minute": cell.hour[1], "state": state}
                found.append(last)
    return found


def _state(cell: Cell, can: bool) -> AvailabilityState:
    """Return what is kept of a cell: the finer word that was said before, where it still holds."""
    if cell.said is not None and (cell.said in _CAN) == can:
        return cell.said
    return AvailabilityState.POSSIBLE if can else AvailabilityState.NOT_REACHABLE


def _said_in(roster: Roster, code: str) -> Iterable[Said]:
    for one in roster.availability:
        if one.person == code:
            start, end = one.start.hour * 60 + one.start.minute, one.end.hour * 60 + one.end.minute
            yield one.weekday, start, end, one.state


def _timetable(
    session: Session, vault: Vault, round_: Round, roster: Roster, code: str
) -> tuple[tuple[TakenTime, ...], tuple[Hour, ...]] | None:
    """Return the lessons of a person and the bells of his organisation, in its own clock; None without a timetable."""
    organisation = next(one.organisation for one in roster.people if one.id == code)
    opened = [open_timetable(vault, row) for row in timetables_of(session, round_.id)]
    maps = [(words, rows) for _, words, rows in opened if tomllib.loads(words).get("organisation") == organisation]
    if not maps:
        return None
    found = _read(maps, roster)
    ahead = found.ahead.get(organisation, 0)
    bells = [(bell.start_minute - ahead, bell.end_minute - ahead) for bell in found.bells_of(organisation)]
    own = tuple(one for one in found.people if one.subject == code and one.state is BusyState.LESSON)
    return tuple(_earlier(one, ahead) for one in own if one.first_day is None), tuple(sorted(set(bells)))


def _read(maps: Sequence[tuple[str, str]], roster: Roster) -> Timetables:
    with TemporaryDirectory(prefix="matcher-") as place:
        found, _ = read_timetables(lay_out(maps, Path(place)), roster)
    return found


def _earlier(one: TakenTime, minutes: int) -> TakenTime:
    return TakenTime(
        subject=one.subject,
        week=one.week,
        weekday=one.weekday,
        start_minute=one.start_minute - minutes,
        end_minute=one.end_minute - minutes,
        state=one.state,
    )


def _hours(bells: Sequence[Hour]) -> list[Hour]:
    """Return the rows: the hours of the bells and whole hours after the last, or whole hours where none are known."""
    begin = max((end for _, end in bells), default=_FIRST)
    later = range(begin, _LAST - _HOUR + 1, _HOUR)
    return [*bells, *((start, start + _HOUR) for start in later)]


def _lessons(taken: Iterable[TakenTime], hours: Sequence[Hour]) -> Mapping[tuple[int, Hour], frozenset[int]]:
    """Return in which of two alternating weeks somebody teaches or learns in each cell."""
    found: dict[tuple[int, Hour], frozenset[int]] = {}
    for one in taken:
        weeks = _BOTH_WEEKS if one.week is None else frozenset({one.week})
        for hour in hours:
            if one.start_minute < hour[1] and hour[0] < one.end_minute:
                key = one.weekday, hour
                found[key] = found.get(key, frozenset()) | weeks
    return found


def _cell(weekday: int, hour: Hour, lessons: Mapping[tuple[int, Hour], frozenset[int]], said: Sequence[Said]) -> Cell:
    weeks = lessons.get((weekday, hour), frozenset())
    if weeks == _BOTH_WEEKS:
        return Cell(weekday=weekday, hour=hour, is_lesson=True)
    words = [state for day, start, end, state in said if day == weekday and start < hour[1] and hour[0] < end]
    word = next((state for state in words if state not in _CAN), words[0] if words else None)
    at_school = weekday != WEEKDAYS[-1] or any(day == weekday for day, _ in lessons)
    can = (at_school and hour[1] <= _USUAL_END) if word is None else word in _CAN
    return Cell(weekday=weekday, hour=hour, every_other=bool(weeks), can=can, said=word)


def person_hours(session: Session, person_id: str) -> bool:
    """Say whether a person has said himself when he can meet."""
    asked = select(Availability.id).where(col(Availability.person_id) == person_id).limit(1)
    return session.exec(asked).first() is not None
