"""Reading when people are taken: timetables of several organisations, brought to one grid of the week.

Bells differ from school to school. The grid is made of such hours of the timetables as do not overlap, those of most
people first; a person is taken in a slot of it as soon as a lesson of theirs touches it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from matcher.errors import Fault, InputError
from matcher.generate.names import short_name
from matcher.io.busy_csv import BusyTable, read_busy_table
from matcher.io.busy_map import BusyMap, read_map
from matcher.io.headings import near
from matcher.io.report import Remark
from matcher.roster import Organisation, Roster
from matcher.texts import text, text_n
from matcher.timegrid import Busy, BusyTime, Grid, Slot, availability_times, disjoint_slots, standard_grid

_DAY_MINUTES = 24 * 60
_MAX_SHOWN = 10
# Any year will do: clocks that shift against one another do so every year.
_CONTROL_DAYS = tuple(datetime(2026, month, 15) for month in range(1, 13))


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Week:
    """A map with its table, its zone, and the person behind each teacher."""

    map: BusyMap
    table: BusyTable
    zone: str
    people: Mapping[str, str]


class _Reading:
    """The roster as it is searched, and the faults and remarks of one reading."""

    def __init__(self, roster: Roster) -> None:
        self.roster = roster
        self.organisations: dict[str, Organisation] = {found.id: found for found in roster.organisations}
        self.organisation_of = {found.id: found.organisation for found in roster.classes}
        self.organisation_of |= {person.id: person.organisation for person in roster.people}
        self.faults: list[Fault] = []
        self.remarks: list[Remark] = []
        self.tables: dict[Path, BusyTable | None] = {}

    def read(self, maps: Sequence[Path]) -> tuple[Busy, tuple[Remark, ...]]:
        """Return the busy times and the remarks."""
        weeks = [week for path in maps if (week := self._week(path)) is not None]
        if self.faults:
            raise InputError(self.faults)
        zone = self._zone(weeks)
        times = [*self._lessons(weeks, zone), *self._said(zone)]
        if self.faults:
            raise InputError(self.faults)
        num_weeks = 2 if any(entry.week is not None for entry in times) else 1
        busy = Busy.of(self._grid(weeks, zone, num_weeks), times)
        self._remark_unknown(busy)
        return busy, tuple(self.remarks)

    def _week(self, path: Path) -> _Week | None:
        found, faults = read_map(path)
        self.faults += faults
        if found is None:
            return None
        organisation = self._organisation(found)
        table = self._table(found)
        if organisation is None or table is None:
            return None
        zone = found.time_zone or organisation.time_zone
        if zone != organisation.time_zone:
            message = text(
                "the time zone “{zone}” is not that of the organisation in the roster, “{known}”",
                zone=zone,
                known=organisation.time_zone,
            )
            self.faults.append(Fault(found.place("time_zone"), message, text("write the same in both")))
        self._check_slots(found, table)
        return _Week(map=found, table=table, zone=zone, people=self._people(found, table))

    def _organisation(self, found: BusyMap) -> Organisation | None:
        organisation = self.organisations.get(found.organisation)
        if organisation is None:
            message = text("the roster has no organisation “{organisation}”", organisation=found.organisation)
            names = near(found.organisation, self.organisations)
            cure = text("write the code of an organisation of the roster")
            if names:
                cure = text("perhaps {names}", names=", ".join(names))
            self.faults.append(Fault(found.place("organisation"), message, cure))
        return organisation

    def _table(self, found: BusyMap) -> BusyTable | None:
        """Return the table of a map; several maps may name one file, which is read once."""
        path = found.file.resolve()
        if path not in self.tables:
            self.tables[path], faults, remarks = read_busy_table(found.file)
            self.faults += faults
            self.remarks += remarks
        return self.tables[path]

    def _check_slots(self, found: BusyMap, table: BusyTable) -> None:
        """Report days and hours of the table that the map does not explain."""
        for key, rows, known in (("days", table.day_row, found.days), ("hours", table.slot_row, found.hours)):
            for name, row in rows.items():
                if name in known:
                    continue
                names = near(name, known)
                cure = text("add it to [{table}] of {map}", table=key, map=found.path.name)
                if names:
                    cure = text(
                        "perhaps {names}; or add it to [{table}] of {map}",
                        names=", ".join(names),
                        table=key,
                        map=found.path.name,
                    )
                message = text("the map does not explain “{name}”", name=name)
                self.faults.append(Fault(table.place(row), message, cure))

    def _people(self, found: BusyMap, table: BusyTable) -> dict[str, str]:
        """Return teacher → person; whoever is left over on either side is reported."""
        people: dict[str, str] = {}
        for teacher, id_ in found.names.items():
            if self.organisation_of.get(id_) == found.organisation:
                people[teacher] = id_
            else:
                self._unknown_person(found, teacher, id_)
        inside = [person for person in self.roster.people if person.organisation == found.organisation]
        said = Counter(person.timetable_name for person in inside)
        for person in inside:
            if person.timetable_name in table.slots and said[person.timetable_name] == 1:
                people.setdefault(person.timetable_name, person.id)
        seated = set(people.values())
        names = {
            spelling: person.id
            for person in inside
            if person.id not in seated
            for spelling in (person.name, short_name(person.name) if person.name else "", person.timetable_name)
            if spelling
        }
        self._remark_teachers(found, table, [name for name in table.slots if name not in people], names)
        strangers = [name for name in table.slots if name not in people]
        for teacher in people.keys() - table.slots.keys():
            message = text("the table has no teacher “{teacher}”", teacher=teacher)
            if maybe := near(teacher, strangers):
                message = text(
                    "the table has no teacher “{teacher}”; perhaps {names}", teacher=teacher, names=", ".join(maybe)
                )
            self.remarks.append(Remark(found.place("names", teacher), message, "no_rows"))
        return people

    def _unknown_person(self, found: BusyMap, teacher: str, id_: str) -> None:
        inside = [known for known, organisation in self.organisation_of.items() if organisation == found.organisation]
        message = text("the organisation has nobody with the code “{id}”", id=id_)
        if id_ in self.organisation_of:
            message = text("“{id}” belongs to the organisation “{other}”", id=id_, other=self.organisation_of[id_])
        cure = text("write the code of somebody of the organisation “{organisation}”", organisation=found.organisation)
        if names := near(id_, inside):
            cure = text("perhaps {names}", names=", ".join(names))
        self.faults.append(Fault(found.place("names", teacher), message, cure))

    def _remark_teachers(
        self, found: BusyMap, table: BusyTable, teachers: Sequence[str], names: Mapping[str, str]
    ) -> None:
        """Name the teachers who stand for nobody: singly where somebody has a similar name, the others together."""
        others = []
        for teacher in teachers:
            maybe = near(teacher, names)
            if not maybe:
                others.append(teacher)
                continue
            shown = ", ".join(f"{names[name]} ({name})" for name in maybe)
            message = text("nobody stands behind “{teacher}”; perhaps {names}", teacher=teacher, names=shown)
            self.remarks.append(Remark(table.place(table.teacher_row[teacher]), message, "unknown_teacher"))
        if others:
            message = text_n(
                "nobody stands behind {count} teacher of the table: {names}",
                "nobody stands behind {count} teachers of the table: {names}",
                count=len(others),
                names=_listed(others),
            )
            self.remarks.append(Remark(found.place("names"), message, "unknown_teachers"))

    def _zone(self, weeks: Sequence[_Week]) -> str:
        """Return the zone most people live in; without timetables that of most organisations."""
        counts: Counter[str] = Counter()
        for week in weeks:
            counts[week.zone] += len(week.people)
        counts = counts or Counter(found.time_zone for found in self.roster.organisations)
        return min(counts, key=lambda zone: (-counts[zone], zone), default=Grid(slots=()).time_zone)

    def _lessons(self, weeks: Sequence[_Week], zone: str) -> list[BusyTime]:
        """Return what the tables say, in the clock of ``zone``."""
        times = []
        for week in weeks:
            ahead = self._minutes_ahead(week.zone, zone, week.map.place("time_zone"))
            for teacher, id_ in week.people.items():
                for day_name, slot_name, state in week.table.slots.get(teacher, ()):
                    day, hour = week.map.days[day_name], week.map.hours[slot_name]
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

    def _said(self, zone: str) -> list[BusyTime]:
        """Return what people say of their week, in the clock of ``zone``."""
        times = []
        for entry in availability_times(self.roster):
            organisation = self.organisations.get(self.organisation_of.get(entry.person, ""))
            own = zone if organisation is None else organisation.time_zone
            ahead = self._minutes_ahead(own, zone, f"availability: {entry.person}")
            times.append(replace(entry, start_minute=entry.start_minute + ahead, end_minute=entry.end_minute + ahead))
        return times

    def _minutes_ahead(self, own: str, zone: str, place: str) -> int:
        """Return how far the clock of ``zone`` is ahead of ``own``; it must be so all the year."""
        if own == zone:
            return 0
        found = {_offset(zone, day) - _offset(own, day) for day in _CONTROL_DAYS}
        if len(found) > 1:
            message = text(
                "the clocks of “{own}” and “{zone}” shift against one another in the year", own=own, zone=zone
            )
            self.faults.append(Fault(place, message, text("plan these organisations in rounds of their own")))
        return min(found) // timedelta(minutes=1)

    def _grid(self, weeks: Sequence[_Week], zone: str, num_weeks: int) -> Grid:
        """Return the common grid; hours that fit the bells of most people come first."""
        if not weeks:
            return standard_grid(num_weeks=num_weeks, time_zone=zone)
        people: Counter[Slot] = Counter()
        for week in weeks:
            ahead = self._minutes_ahead(week.zone, zone, "")
            for slot in _slots(week.map, ahead, num_weeks):
                people[slot] += len(week.people)
        slots = disjoint_slots(people)
        if len(slots) < len(people):
            own = {week.map.organisation for week in weeks}
            message = text_n(
                "the bells of {count} organisation differ; meetings are sought in {slots} hours that do not overlap",
                "the bells of {count} organisations differ; meetings are sought in {slots} hours that do not overlap",
                count=len(own),
                slots=len(slots),
            )
            self.remarks.append(Remark("timetables", message, "bells"))
        return Grid(slots=slots, num_weeks=num_weeks, time_zone=zone)

    def _remark_unknown(self, busy: Busy) -> None:
        """Say of how many mentors and mentees nothing is known."""
        members = {found.person for found in self.roster.mentors} | {found.person for found in self.roster.mentees}
        unknown = sorted(members.difference(busy.person_id))
        if unknown:
            message = text_n(
                "the week of {count} mentor or mentee is unknown: {names}",
                "the weeks of {count} mentors and mentees are unknown: {names}",
                count=len(unknown),
                names=_listed(unknown),
            )
            self.remarks.append(Remark("people", message, "unknown_week"))


def _offset(zone: str, day: datetime) -> timedelta:
    return day.replace(tzinfo=ZoneInfo(zone)).utcoffset() or timedelta()


def _slots(found: BusyMap, ahead: int, num_weeks: int) -> set[Slot]:
    """Return the hours of a map as slots; those that another clock spreads over two days are no slots."""
    slots = set()
    for day in found.days.values():
        for hour in found.hours.values():
            days, start = divmod(hour.start_minute + ahead, _DAY_MINUTES)
            end = start + hour.end_minute - hour.start_minute
            if end > _DAY_MINUTES:
                continue
            for week in range(num_weeks) if day.week is None else (day.week,):
                further, weekday = divmod(day.weekday - 1 + days, 7)
                slots.add(
                    Slot(week=(week + further) % num_weeks, weekday=weekday + 1, start_minute=start, end_minute=end)
                )
    return slots


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MAX_SHOWN])
    return shown if len(names) <= _MAX_SHOWN else f"{shown} …"
