"""Reading when people are taken: timetables of several organisations, brought to one grid of the week.

Bells differ from school to school. The grid is made of such hours of the timetables as do not overlap, those of most
people first; a person is taken in a slot as soon as a lesson of theirs touches it. Outside the time in which an
organisation works, its people count as not in the building, unless they say that they can meet then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from matcher.io.busy_grid import CommonGrid, Week, build_grid, minutes_ahead, slots_within
from matcher.io.busy_weeks import Reading
from matcher.io.report import Remark
from matcher.roster import AvailabilityState, Roster
from matcher.texts import text_n
from matcher.timegrid import Busy, BusyState, BusyTime, Words, availability_times


def read_busy(maps: Sequence[Path], roster: Roster) -> tuple[Busy, tuple[Remark, ...]]:
    """Return when people are taken, from the maps of their timetables and the availability in the roster.

    Several maps may belong to one organisation. Names are looked up in the map and then among the timetable names of
    the people of that organisation. People without a timetable and without a word on their week have no known times.

    Parameters
    ----------
    maps
        Paths of ``MAP.toml`` files; the tables they name are searched beside them.
    roster
        The people whom the names stand for.

    Raises
    ------
    InputError
        When maps or tables have faults: all of them at once, each with its file and line or key.
    """
    reading = Reading(roster)
    reading.read(maps)
    reading.finish()
    busy = build_busy(reading)
    return busy, tuple(reading.remarks)


def build_busy(reading: Reading) -> Busy:
    """Return the busy times of a reading without faults; what there is to say is added to its remarks."""
    said = reading.said()
    times = [*_lessons(reading.weeks, reading.zone), *said]
    two_weeks = any(entry.week is not None for entry in times)
    two_weeks |= any(day.week is not None for week in reading.weeks for day in week.map.days.values())
    common = build_grid(reading.weeks, reading.zone, num_weeks=2 if two_weeks else 1)
    busy = Busy.of(common.grid, times, people=[id_ for week in reading.weeks for id_ in week.people.values()])
    busy = replace(busy, not_in_building=_not_in_building(reading, busy, common))
    _remark_grid(reading, common, said)
    remark_unknown(reading, busy.person_id)
    return busy


def _can_meet(reading: Reading) -> list[BusyTime]:
    """Return the times people offer, in the common clock: those that are possible and those they prefer."""
    offered = (AvailabilityState.PREFERRED, AvailabilityState.POSSIBLE)
    entries = [entry for entry in reading.roster.availability if entry.state in offered]
    alike = tuple(replace(entry, state=AvailabilityState.PREFERRED) for entry in entries)
    return [reading.in_clock(entry) for entry in availability_times(replace(reading.roster, availability=alike))]


def _not_in_building(reading: Reading, busy: Busy, common: CommonGrid) -> Words:
    """Return when people are not in the building: as said, and outside the time their organisation works."""
    row = {id_: at for at, id_ in enumerate(busy.person_id)}
    outside = np.zeros_like(busy.not_in_building)
    for week in reading.weeks:
        for id_ in week.people.values():
            outside[row[id_]] = common.outside[week.map.organisation]
    for entry in _can_meet(reading):
        if entry.person in row:
            outside[row[entry.person]] &= ~common.grid.words(slots_within(common.grid, entry))
    return busy.not_in_building | outside


def _remark_grid(reading: Reading, common: CommonGrid, said: Sequence[BusyTime]) -> None:
    """Say where the common grid is not that of an organisation, and what people said in vain."""
    if common.strange:
        message = text_n(
            "the bells of {count} organisation differ from those common to all ({slots} hours a week): "
            "a lesson takes every hour it touches",
            "the bells of {count} organisations differ from those common to all ({slots} hours a week): "
            "a lesson takes every hour it touches",
            count=len(common.strange),
            slots=len(common.grid.slots) // common.grid.num_weeks,
        )
        reading.remarks.append(Remark("[hours]", message, "bells"))
    grid = common.grid
    vain = [
        entry.person
        for entry in said
        if entry.state is BusyState.PREFERRED
        and not grid.touched(entry.week, entry.weekday, entry.start_minute, entry.end_minute)
    ]
    if vain:
        message = text_n(
            "{count} preferred time lies outside all hours of the timetables: {names}",
            "{count} preferred times lie outside all hours of the timetables: {names}",
            count=len(vain),
            names=reading.names.said(set(vain)),
        )
        reading.remarks.append(Remark("", message, "outside_hours"))


def remark_unknown(reading: Reading, known: Sequence[str]) -> None:
    """Say of which mentors and mentees nothing is known."""
    members = {found.person for found in reading.roster.mentors} | {found.person for found in reading.roster.mentees}
    unknown = members.difference(known)
    if unknown:
        message = text_n(
            "the week of {count} mentor or mentee is unknown: {names}",
            "the weeks of {count} mentors and mentees are unknown: {names}",
            count=len(unknown),
            names=reading.names.said(unknown),
        )
        reading.remarks.append(Remark("", message, "unknown_week"))


def _lessons(weeks: Sequence[Week], zone: str) -> list[BusyTime]:
    """Return what the tables say, in the common clock."""
    times = []
    for week in weeks:
        ahead = minutes_ahead(zone, week.zone) or 0
        for teacher, id_ in week.people.items():
            for day_name, slot_name, state in week.table.slots[teacher]:
                day = week.map.days[day_name]
                hour = week.map.hours_of(day)[slot_name]
                times.append(
                    BusyTime(
                        person=id_,
                        week=day.week,
                        weekday=day.weekday,
                        start_minute=hour.start_minute + ahead,
                        end_minute=hour.end_minute + ahead,
                        state=state,
                    )
                )
    return times
