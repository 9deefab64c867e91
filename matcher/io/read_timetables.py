"""Reading timetables to the minute: every lesson with its building, rooms, bells, and the school years they lie in.

What :func:`matcher.io.read_busy.read_busy` brings to a grid is kept here as it stands, since sessions are planned on
minutes. The time after lessons is free here: nobody is put out of the building for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from matcher.errors import Fault
from matcher.io.busy_grid import Week, minutes_ahead
from matcher.io.busy_places import Places, place_remarks
from matcher.io.busy_weeks import Reading
from matcher.io.read_busy import build_busy, remark_unknown
from matcher.io.read_calendars import Calendars
from matcher.io.report import Remark
from matcher.roster import Roster
from matcher.school_year import Bell
from matcher.texts import text
from matcher.timegrid import Busy, BusyState, BusyTime
from matcher.timetables import TakenTime, Timetables


def read_timetables(
    maps: Sequence[Path], roster: Roster, *, calendar: str | Path | None = None, year: int | None = None
) -> tuple[Timetables, tuple[Remark, ...]]:
    """Return when people and rooms are taken, from the maps of their timetables and the availability in the roster.

    Parameters
    ----------
    maps
        Paths of ``MAP.toml`` files, as for :func:`matcher.io.read_busy.read_busy`.
    roster
        The people, classes, rooms and sites whom the names stand for.
    calendar
        The school year of organisations whose maps name none: a preset or a file; by default "quarters".
    year
        The year in which the school year begins, as for :func:`matcher.io.school_year_toml.read_school_year`.

    Raises
    ------
    InputError
        When maps, tables or calendars have faults: all of them at once, each with its file and line or key.
    """
    reading, calendars = _read(maps, roster, calendar, year)
    timetables = _build_timetables(reading, calendars)
    remark_unknown(reading, timetables.known)
    return timetables, tuple(reading.remarks)


def read_weeks(
    maps: Sequence[Path], roster: Roster, *, calendar: str | Path | None = None, year: int | None = None
) -> tuple[Busy | None, Timetables, tuple[Remark, ...]]:
    """Return busy times (None without maps) and timetables from one reading of the same files.

    Raises
    ------
    InputError
        When maps, tables or calendars have faults: all of them at once, each with its file and line or key.
    """
    reading, calendars = _read(maps, roster, calendar, year)
    busy = build_busy(reading) if maps else None
    timetables = _build_timetables(reading, calendars)
    return busy, timetables, tuple(reading.remarks)


def _read(
    maps: Sequence[Path], roster: Roster, calendar: str | Path | None, year: int | None
) -> tuple[Reading, Calendars]:
    reading = Reading(roster)
    reading.read(maps)
    calendars = Calendars(reading, calendar, year)
    _check_zones(reading)
    reading.finish()
    return reading, calendars


def _check_zones(reading: Reading) -> None:
    """Report organisations of mentors and mentees whose clock shifts against the common one."""
    roster = reading.roster
    members = {found.person for found in roster.mentors} | {found.person for found in roster.mentees}
    ids = sorted({reading.names.organisation_of[id_] for id_ in members if id_ in reading.names.organisation_of})
    said = {fault.message.params.get("own") for fault in reading.faults}
    for id_ in ids:
        own = reading.organisations[id_].time_zone if id_ in reading.organisations else reading.zone
        if own not in said and minutes_ahead(reading.zone, own) is None:
            said.add(own)
            message = text(
                "the clocks of “{own}” and “{zone}” shift against one another in the course of the year",
                own=own,
                zone=reading.zone,
            )
            cure = text("plan these organisations in a round of their own")
            reading.faults.append(Fault(f"organisations: {id_}", message, cure))


def _build_timetables(reading: Reading, calendars: Calendars) -> Timetables:
    """Return the timetables of a reading without faults; what there is to say is added to its remarks."""
    years = calendars.years()
    people: dict[TakenTime, None] = {}
    rooms: dict[TakenTime, None] = {}
    known = {id_ for week in reading.weeks for id_ in week.people.values()}
    tables = {}
    for week in reading.weeks:
        places = Places(reading.roster, week.map.organisation)
        school = reading.names.said([week.map.organisation])
        tables[week.map.organisation, week.table.path] = (places, week.table, school)
        _add_weekly(week, places, minutes_ahead(reading.zone, week.zone) or 0, people, rooms)
    reading.remarks += place_remarks(list(tables.values()))
    for said in reading.said():
        known.add(said.person)
        people[_as_taken(said)] = None
    ahead = {id_: minutes_ahead(reading.zone, found.time_zone) or 0 for id_, found in reading.organisations.items()}
    return Timetables(
        time_zone=reading.zone,
        people=tuple(sorted(people, key=_order)),
        rooms=tuple(sorted(rooms, key=_order)),
        known=tuple(sorted(known)),
        bells=_bells(reading),
        years=years,
        ahead={id_: ahead[id_] for id_ in sorted(ahead) if ahead[id_]},
    )


def _add_weekly(
    week: Week, places: Places, ahead: int, people: dict[TakenTime, None], rooms: dict[TakenTime, None]
) -> None:
    """Add what a table says; a room is taken by the lessons of strangers too."""
    for row in week.table.rows:
        id_, is_lesson = week.people.get(row.teacher), row.state is BusyState.LESSON
        site, room = places.of(row) if is_lesson else (None, None)
        if id_ is None and room is None:
            continue
        day = week.map.days[row.day]
        hour = week.map.hours_of(day)[row.slot]
        for subject, entries in ((id_, people), (room, rooms)):
            if subject is not None:
                time = TakenTime(
                    subject=subject,
                    week=day.week,
                    weekday=day.weekday,
                    start_minute=hour.start_minute + ahead,
                    end_minute=hour.end_minute + ahead,
                    state=row.state,
                    site=site,
                )
                entries[time] = None
    for dated in week.table.dated:
        if dated.teacher in week.people:
            time = TakenTime(
                subject=week.people[dated.teacher],
                week=None,
                weekday=dated.day.isoweekday(),
                start_minute=dated.start_minute + ahead,
                end_minute=dated.end_minute + ahead,
                state=dated.state,
                first_day=dated.day,
                last_day=dated.day,
            )
            people[time] = None


def _as_taken(said: BusyTime) -> TakenTime:
    return TakenTime(
        subject=said.person,
        week=said.week,
        weekday=said.weekday,
        start_minute=said.start_minute,
        end_minute=said.end_minute,
        state=said.state,
    )


def _order(time: TakenTime) -> tuple[object, ...]:
    week = -1 if time.week is None else time.week
    days = tuple(day or date.min for day in (time.first_day, time.last_day))
    return (time.subject, week, time.weekday, time.start_minute, time.end_minute, time.state, time.site or "", days)


def _bells(reading: Reading) -> dict[str, tuple[Bell, ...]]:
    """Return the hours of the days of all maps of an organisation, in the common clock."""
    bells: dict[str, dict[tuple[int, int], Bell]] = {}
    for week in reading.weeks:
        ahead = minutes_ahead(reading.zone, week.zone) or 0
        mine = bells.setdefault(week.map.organisation, {})
        for day in week.map.days.values():
            for name, hour in week.map.hours_of(day).items():
                start, end = hour.start_minute + ahead, hour.end_minute + ahead
                mine.setdefault((start, end), Bell(name=name, start_minute=start, end_minute=end, shift=hour.shift))
    return {id_: tuple(bells[id_][at] for at in sorted(bells[id_])) for id_ in sorted(bells)}
