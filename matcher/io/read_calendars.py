"""The school year of every organisation: as its timetable maps name it, or the one for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from matcher.errors import Fault, InputError
from matcher.io.busy_map import BusyMap
from matcher.io.busy_weeks import Reading
from matcher.io.report import Remark
from matcher.io.school_year_days import school_year_of
from matcher.io.school_year_toml import SHIPPED, read_school_year
from matcher.school_year import SchoolYear
from matcher.texts import text, text_n
from matcher.timegrid import BusyState

#: The preset of organisations for which nobody names a calendar.
USUAL = "quarters"
_SATURDAY, _SUNDAY = 6, 7


class Calendars:
    """School years by organisation, those for all under ""; faults and remarks go to the reading."""

    def __init__(self, reading: Reading, calendar: str | Path | None, year: int | None) -> None:
        self._reading, self._asked, self._year = reading, year, year
        self._years: dict[str | Path, SchoolYear | None] = {}
        self._source: dict[str, tuple[str | Path, BusyMap]] = {}
        self._is_usual = calendar is None
        self._common: str | Path = USUAL if calendar is None else calendar
        for found in reading.maps:
            self._take(found)
        if self._common not in SHIPPED:
            self._settle_year(self._read(self._common), None)
        for source, found in self._source.values():
            if source not in SHIPPED:
                self._settle_year(self._read(source), found)
        # Presets have no year of their own: they come last.
        for source in [self._common, *(source for source, _ in self._source.values())]:
            self._read(source)

    def _take(self, found: BusyMap) -> None:
        """Note which calendar a map names for its organisation."""
        if found.calendar is None:
            return
        source: str | Path = found.calendar
        if source not in SHIPPED:
            source = (found.path.parent / found.calendar).resolve()
        earlier = self._source.setdefault(found.organisation, (source, found))
        if earlier[0] != source:
            message = text(
                "another map of the organisation names the calendar “{calendar}”", calendar=str(earlier[1].calendar)
            )
            cure = text("name the same calendar in both")
            self._reading.faults.append(Fault(found.place("calendar"), message, cure))
        elif isinstance(source, Path) and not source.is_file():
            message = text("there is no such school year or file")
            cure = text("name one of: {known}; or a file as seen from the map", known=", ".join(SHIPPED))
            self._reading.faults.append(Fault(found.place("calendar"), message, cure))
            del self._source[found.organisation]

    def _read(self, source: str | Path) -> SchoolYear | None:
        """Return a school year, which is read once; None, and its faults, where it cannot be used."""
        if source not in self._years:
            try:
                self._years[source] = read_school_year(source, year=self._year if source in SHIPPED else self._asked)
            except InputError as error:
                self._years[source] = None
                self._reading.faults += error.faults
        return self._years[source]

    def _settle_year(self, own: SchoolYear | None, found: BusyMap | None) -> None:
        """Make the year of the first calendar that has one that of all; report a calendar of another."""
        if own is None:
            return
        begins = school_year_of(own.first_day)
        self._year = begins if self._year is None else self._year
        if begins != self._year and found is not None:
            message = text("this is the school year that begins in {own}, not in {asked}", own=begins, asked=self._year)
            cure = text("name calendars of one school year")
            self._reading.faults.append(Fault(found.place("calendar"), message, cure))

    def years(self) -> dict[str, SchoolYear]:
        """Return the years of a reading without faults, those for all under ""; remarks on what was supplied."""
        named = ((id_, self._years[source]) for id_, (source, _) in self._source.items())
        years = {id_: year for id_, year in named if year is not None}
        unnamed = sorted({found.id for found in self._reading.roster.organisations} - set(years))
        if self._is_usual and unnamed:
            message = text_n(
                "no calendar is named for {count} organisation ({names}): “{calendar}” is taken",
                "no calendar is named for {count} organisations ({names}): “{calendar}” is taken",
                count=len(unnamed),
                names=self._reading.names.said(unnamed),
                calendar=USUAL,
            )
            self._reading.remarks.append(Remark("", message, "usual_calendar"))
        common = self._years[self._common]
        if common is None:
            raise AssertionError("a reading without faults has its calendars")
        years[""] = common
        if self._is_usual and years.keys() > {""} and not unnamed:
            # Nobody lives by the usual year then: strangers are taken to live by that of most.
            years[""] = Counter(year for id_, year in years.items() if id_).most_common(1)[0][0]
        self._let_weeks_alternate(years)
        self._let_saturdays_count(years)
        return years

    def _let_weeks_alternate(self, years: dict[str, SchoolYear]) -> None:
        """Let weeks A and B alternate where timetables tell them apart and the calendar does not."""
        ids = [id_ for id_ in self._with_two_weeks() if years.get(id_, years[""]).num_weeks == 1]
        self._change(years, ids, num_weeks=2)
        for day, same in _by_day((years[id_].first_day, id_) for id_ in ids):
            message = text(
                "the calendar does not say which week is A: it is that of {day} ({names})",
                day=f"{day:%d.%m.%Y}",
                names=self._reading.names.said(same),
            )
            self._reading.remarks.append(Remark("week_a_day", message, "two_weeks"))

    def _let_saturdays_count(self, years: dict[str, SchoolYear]) -> None:
        """Make Saturdays school days where there are lessons on them and only a preset says otherwise."""
        with_lessons = self._with_lessons(_SATURDAY)
        ids = [id_ for id_ in with_lessons if years.get(id_, years[""]).weekdays == 5 and self._is_preset(id_)]
        self._change(years, ids, weekdays=6)
        if ids:
            schools = self._reading.names.said(ids)
            message = text("the week has six days, since there are lessons on Saturdays: {names}", names=schools)
            self._reading.remarks.append(Remark("weekdays", message, "six_days"))
        free = [id_ for id_ in with_lessons if years.get(id_, years[""]).weekdays == 5]
        free = sorted({*free, *self._with_lessons(_SUNDAY)})
        if free:
            message = text(
                "the timetable has lessons on days off, for which no meetings are planned: {names}",
                names=self._reading.names.said(free),
            )
            self._reading.remarks.append(Remark("weekdays", message, "days_off"))

    @staticmethod
    def _change(years: dict[str, SchoolYear], ids: Iterable[str], **parts: int) -> None:
        """Change a part of the years of organisations; those that share a year share the changed one."""
        changed: dict[int, SchoolYear] = {}
        for id_ in ids:
            year = years.get(id_, years[""])
            years[id_] = changed.setdefault(id(year), replace(year, **parts))  # type: ignore[arg-type]

    def _is_preset(self, organisation: str) -> bool:
        return (self._source[organisation][0] if organisation in self._source else self._common) in SHIPPED

    def _with_two_weeks(self) -> list[str]:
        reading = self._reading
        found = {
            week.map.organisation for week in reading.weeks if any(d.week is not None for d in week.map.days.values())
        }
        found |= {reading.names.organisation_of[time.person] for time in reading.said() if time.week is not None}
        return sorted(found)

    def _with_lessons(self, weekday: int) -> list[str]:
        """Return the organisations of which somebody in the roster has a lesson on a day of the week."""
        return sorted(
            {
                week.map.organisation
                for week in self._reading.weeks
                for row in week.table.rows
                if row.state is BusyState.LESSON
                and row.teacher in week.people
                and week.map.days[row.day].weekday == weekday
            }
        )


def _by_day(found: Iterable[tuple[date, str]]) -> list[tuple[date, list[str]]]:
    days: dict[date, list[str]] = {}
    for day, id_ in found:
        days.setdefault(day, []).append(id_)
    return sorted(days.items())
