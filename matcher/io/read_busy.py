"""Reading when people are taken: timetables of several organisations, brought to one grid of the week.

Bells differ from school to school. The grid is made of such hours of the timetables as do not overlap, those of most
people first; a person is taken in a slot as soon as a lesson of theirs touches it. Outside the time in which an
organisation works, its people count as not in the building, unless they say that they can meet then.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from matcher.errors import Fault, InputError
from matcher.io.busy_csv import BusyTable, read_busy_table
from matcher.io.busy_grid import CommonGrid, Week, build_grid, common_zone, minutes_ahead, slots_within
from matcher.io.busy_map import BusyMap, MapDay, read_map
from matcher.io.busy_names import Names, listed
from matcher.io.headings import near
from matcher.io.report import Remark
from matcher.roster import AvailabilityState, Organisation, Roster
from matcher.texts import text, text_n
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
    return _Reading(roster).read(maps)


class _Reading:
    """The roster as it is searched, and the faults and remarks of one reading."""

    def __init__(self, roster: Roster) -> None:
        self.roster = roster
        self.organisations: dict[str, Organisation] = {found.id: found for found in roster.organisations}
        self.names = Names(roster)
        self.faults: list[Fault] = []
        self.remarks: list[Remark] = []
        self.tables: dict[Path, BusyTable | None] = {}

    def read(self, maps: Sequence[Path]) -> tuple[Busy, tuple[Remark, ...]]:
        """Return the busy times and the remarks."""
        weeks = [week for path in maps if (week := self._week(path)) is not None]
        zone = common_zone(weeks, (found.time_zone for found in self.roster.organisations))
        self._check_clocks(weeks, zone)
        if self.faults:
            raise InputError(self.faults)
        said = self._said(zone)
        times = [*_lessons(weeks, zone), *said]
        two_weeks = any(entry.week is not None for entry in times)
        two_weeks |= any(day.week is not None for week in weeks for day in week.map.days.values())
        common = build_grid(weeks, zone, num_weeks=2 if two_weeks else 1)
        busy = Busy.of(common.grid, times)
        busy = replace(busy, not_in_building=self._not_in_building(busy, weeks, common))
        self._remark_grid(common, said)
        self._remark_unknown(busy)
        return busy, tuple(self.remarks)

    def _week(self, path: Path) -> Week | None:
        """Return one map with its table; None, and the faults, where they cannot be used."""
        found, faults = read_map(path)
        self.faults += faults
        if found is None:
            return None
        organisation = self._organisation(found)
        table = self._table(found)
        if table is not None:
            self._check_slots(found, table)
        if organisation is None:
            return None
        self._check_zone(found, organisation)
        wrong_names = self.names.faults(found)
        self.faults += wrong_names
        if faults or wrong_names or table is None:
            return None
        people, remarks = self.names.match(found, table)
        self.remarks += remarks
        self._remark_days(found)
        return Week(map=found, table=table, zone=found.time_zone or organisation.time_zone, people=people)

    def _organisation(self, found: BusyMap) -> Organisation | None:
        organisation = self.organisations.get(found.organisation)
        if organisation is None and found.organisation:
            message = text("the roster has no organisation “{organisation}”", organisation=found.organisation)
            names = near(found.organisation, self.organisations)
            cure = text("write the code of an organisation of the roster")
            if names:
                cure = text("perhaps {names}", names=", ".join(names))
            self.faults.append(Fault(found.place("organisation"), message, cure))
        return organisation

    def _table(self, found: BusyMap) -> BusyTable | None:
        """Return the table of a map; several maps may name one file, which is read once."""
        if found.file is None:
            return None
        if not found.file.is_file():
            message = text("there is no file “{file}”", file=str(found.file))
            cure = text("give the path of the table, as seen from the folder of the map")
            self.faults.append(Fault(found.place("file"), message, cure))
            return None
        path = found.file.resolve()
        if path not in self.tables:
            self.tables[path], faults, remarks = read_busy_table(found.file)
            self.faults += faults
            self.remarks += remarks
        return self.tables[path]

    def _check_slots(self, found: BusyMap, table: BusyTable) -> None:
        """Report days and hours of the table that the map does not explain."""
        days_without = {name for name in table.day_row if name not in found.days or not found.days[name].bells}
        checks: list[tuple[str, Mapping[str, int], Collection[str]]] = [("days", table.day_row, found.days)]
        checks.append(("hours", _slots_on(table, days_without), found.hours))
        for bells, hours in found.bells.items():
            days = {name for name, day in found.days.items() if day.bells == bells}
            checks.append((f"bells.{bells}", _slots_on(table, days), hours))
        for key, rows, known in checks:
            for name, row in rows.items() if known else ():
                if name in known:
                    continue
                cure = text("add it to [{table}] of {map}", table=key, map=found.path.name)
                if maybe := near(name, known):
                    names = ", ".join(maybe)
                    where = {"table": key, "map": found.path.name}
                    cure = text("perhaps {names}; or add it to [{table}] of {map}", names=names, **where)
                message = text("the map does not explain “{name}”", name=name)
                self.faults.append(Fault(table.place(row), message, cure))

    def _check_zone(self, found: BusyMap, organisation: Organisation) -> None:
        if found.time_zone not in (None, organisation.time_zone):
            message = text(
                "the time zone “{zone}” is not that of the organisation in the roster, “{known}”",
                zone=found.time_zone,
                known=organisation.time_zone,
            )
            self.faults.append(Fault(found.place("time_zone"), message, text("write the same time zone in both")))

    def _check_clocks(self, weeks: Sequence[Week], zone: str) -> None:
        """Report organisations whose clock is not the same time ahead of the common one all the year."""
        said = self.roster.availability
        speaking = {self._zone_of(entry.person, zone): f"availability: {entry.person}" for entry in said}
        speaking |= {week.zone: week.map.place("time_zone") for week in weeks}
        for own, place in speaking.items():
            if minutes_ahead(zone, own) is None:
                message = text(
                    "the clocks of “{own}” and “{zone}” shift against one another in the course of the year",
                    own=own,
                    zone=zone,
                )
                self.faults.append(Fault(place, message, text("plan these organisations in a round of their own")))

    def _zone_of(self, person: str, otherwise: str) -> str:
        """Return the zone of a person's organisation."""
        organisation = self.organisations.get(self.names.organisation_of.get(person, ""))
        return otherwise if organisation is None else organisation.time_zone

    def _said(self, zone: str) -> list[BusyTime]:
        """Return what people said of their week, in the common clock."""
        return [self._in_clock(entry, zone) for entry in availability_times(self.roster)]

    def _can_meet(self, zone: str) -> list[BusyTime]:
        """Return the times people offer, in the common clock: those that are possible and those they prefer."""
        offered = (AvailabilityState.PREFERRED, AvailabilityState.POSSIBLE)
        entries = [entry for entry in self.roster.availability if entry.state in offered]
        alike = tuple(replace(entry, state=AvailabilityState.PREFERRED) for entry in entries)
        return [self._in_clock(entry, zone) for entry in availability_times(replace(self.roster, availability=alike))]

    def _in_clock(self, entry: BusyTime, zone: str) -> BusyTime:
        """Return a time that somebody gave in the clock of their organisation in the common one."""
        ahead = minutes_ahead(zone, self._zone_of(entry.person, zone)) or 0
        return replace(entry, start_minute=entry.start_minute + ahead, end_minute=entry.end_minute + ahead)

    def _not_in_building(self, busy: Busy, weeks: Sequence[Week], common: CommonGrid) -> Words:
        """Return when people are not in the building: as said, and outside the time their organisation works."""
        row = {id_: at for at, id_ in enumerate(busy.person_id)}
        outside = np.zeros_like(busy.not_in_building)
        for week in weeks:
            for id_ in week.people.values():
                outside[row[id_]] = common.outside[week.map.organisation]
        for entry in self._can_meet(common.grid.time_zone):
            if entry.person in row:
                outside[row[entry.person]] &= ~common.grid.words(slots_within(common.grid, entry))
        return busy.not_in_building | outside

    def _remark_grid(self, common: CommonGrid, said: Sequence[BusyTime]) -> None:
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
            self.remarks.append(Remark("[hours]", message, "bells"))
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
                names=listed(sorted(set(vain))),
            )
            self.remarks.append(Remark("", message, "outside_hours"))

    def _remark_days(self, found: BusyMap) -> None:
        """Name the days of the cycle that fall on one day of the week."""
        names: dict[MapDay, list[str]] = {}
        for name, day in found.days.items():
            names.setdefault(day, []).append(name)
        for same in names.values():
            if len(same) > 1:
                message = text("these days fall on one day of the week: {names}", names=", ".join(same))
                self.remarks.append(Remark(found.place("days", same[-1]), message, "same_day"))

    def _remark_unknown(self, busy: Busy) -> None:
        """Say of which mentors and mentees nothing is known."""
        members = {found.person for found in self.roster.mentors} | {found.person for found in self.roster.mentees}
        unknown = sorted(members.difference(busy.person_id))
        if unknown:
            message = text_n(
                "the week of {count} mentor or mentee is unknown: {names}",
                "the weeks of {count} mentors and mentees are unknown: {names}",
                count=len(unknown),
                names=listed(unknown),
            )
            self.remarks.append(Remark("", message, "unknown_week"))


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


def _slots_on(table: BusyTable, days: Collection[str]) -> dict[str, int]:
    """Return the slots that are taken on some days, with the first row of each name."""
    taken = {slot for slots in table.slots.values() for day, slot, _ in slots if day in days}
    return {slot: row for slot, row in table.slot_row.items() if slot in taken}
