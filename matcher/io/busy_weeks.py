"""Maps, their tables and the roster read together: what busy times and timetables are both made of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from matcher.errors import Fault, InputError
from matcher.io.busy_csv import BusyTable, read_busy_table, with_dated
from matcher.io.busy_dated import read_dated_table
from matcher.io.busy_grid import Week, common_zone, minutes_ahead
from matcher.io.busy_map import BusyMap, MapDay, read_map
from matcher.io.busy_names import Names
from matcher.io.headings import near
from matcher.io.report import Remark
from matcher.io.timetable.write_busy import dated_path
from matcher.roster import Organisation, Roster
from matcher.texts import text
from matcher.timegrid import BusyTime, availability_times


class Reading:
    """The roster as it is searched, the maps with their tables, and the faults and remarks on the way.

    After :meth:`read`, ``weeks`` are the maps that can be used and ``zone`` is the common clock.
    """

    def __init__(self, roster: Roster) -> None:
        self.roster = roster
        self.organisations: dict[str, Organisation] = {found.id: found for found in roster.organisations}
        self.names = Names(roster)
        self.faults: list[Fault] = []
        self.remarks: list[Remark] = []
        self.maps: list[BusyMap] = []
        self.weeks: list[Week] = []
        self.zone = ""
        self._tables: dict[Path, BusyTable | None] = {}

    def read(self, maps: Sequence[Path]) -> None:
        """Read maps and tables; :meth:`finish` raises their faults."""
        self.weeks = [week for path in maps if (week := self._week(path)) is not None]
        self.zone = common_zone(self.weeks, (found.time_zone for found in self.roster.organisations))
        self._check_clocks()

    def finish(self) -> None:
        """Raise every fault found so far at once.

        Raises
        ------
        InputError
            When there are any.
        """
        if self.faults:
            raise InputError(self.faults)

    def ahead_of(self, person: str) -> int:
        """Return by how many minutes the common clock is ahead of that of a person's organisation."""
        return minutes_ahead(self.zone, self._zone_of(person)) or 0

    def said(self) -> list[BusyTime]:
        """Return what people said of their week, in the common clock."""
        return [self.in_clock(entry) for entry in availability_times(self.roster)]

    def in_clock(self, entry: BusyTime) -> BusyTime:
        """Return a time that somebody gave in the clock of their organisation in the common one."""
        ahead = self.ahead_of(entry.person)
        return replace(entry, start_minute=entry.start_minute + ahead, end_minute=entry.end_minute + ahead)

    def _week(self, path: Path) -> Week | None:
        """Return one map with its table; None, and the faults, where they cannot be used."""
        found, faults = read_map(path)
        self.faults += faults
        if found is None:
            return None
        self.maps.append(found)
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
            if found.file.is_dir():
                message = text("“{file}” is a folder, not a file", file=str(found.file))
            cure = text("give the path of the table, as seen from the folder of the map")
            self.faults.append(Fault(found.place("file"), message, cure))
            return None
        path = found.file.resolve()
        if path not in self._tables:
            self._tables[path], faults, remarks = read_busy_table(found.file)
            self.faults += faults
            self.remarks += remarks
            self._read_dated(path)
        return self._tables[path]

    def _read_dated(self, path: Path) -> None:
        """Add the table of single days, where there is one, to a table of busy slots."""
        beside, table = dated_path(path), self._tables[path]
        if not beside.is_file():
            return
        rows, faults, remarks = read_dated_table(beside)
        self.faults += faults
        self.remarks += remarks
        if table is not None:
            self._tables[path] = with_dated(table, rows)

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

    def _check_clocks(self) -> None:
        """Report organisations whose clock is not the same time ahead of the common one all the year."""
        said = self.roster.availability
        speaking = {self._zone_of(entry.person): f"availability: {entry.person}" for entry in said}
        speaking |= {week.zone: week.map.place("time_zone") for week in self.weeks}
        for own, place in speaking.items():
            if minutes_ahead(self.zone, own) is None:
                message = text(
                    "the clocks of “{own}” and “{zone}” shift against one another in the course of the year",
                    own=own,
                    zone=self.zone,
                )
                self.faults.append(Fault(place, message, text("plan these organisations in a round of their own")))

    def _zone_of(self, person: str) -> str:
        """Return the zone of a person's organisation."""
        organisation = self.organisations.get(self.names.organisation_of.get(person, ""))
        return self.zone if organisation is None else organisation.time_zone

    def _remark_days(self, found: BusyMap) -> None:
        """Name the days of the cycle that fall on one day of the week."""
        names: dict[MapDay, list[str]] = {}
        for name, day in found.days.items():
            names.setdefault(day, []).append(name)
        for same in names.values():
            if len(same) > 1:
                message = text("these days fall on one day of the week: {names}", names=", ".join(same))
                self.remarks.append(Remark(found.place("days", same[-1]), message, "same_day"))


def _slots_on(table: BusyTable, days: Collection[str]) -> dict[str, int]:
    """Return the slots that are taken on some days, with the first row of each name."""
    taken = {slot for slots in table.slots.values() for day, slot, _ in slots if day in days}
    return {slot: row for slot, row in table.slot_row.items() if slot in taken}
