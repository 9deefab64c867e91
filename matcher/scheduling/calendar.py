"""The days that are planned: what they are for every organisation, and who is away or in an exam on them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import numpy as np

from matcher.errors import Fault, InputError
from matcher.roster import Person, PersonKind, Roster
from matcher.school_year import DayKind, ExamWindow, SchoolYear
from matcher.sessions.problem import BoolArray, IntArray
from matcher.texts import text
from matcher.timetables import Timetables


class Calendar:
    """Days from ``first_day`` to ``last_day``, numbered from 0, and masks over them, shape (num_days,).

    Raises
    ------
    InputError
        When an organisation has no school year, and there is none for all.
    """

    def __init__(self, roster: Roster, timetables: Timetables, first_day: date, last_day: date) -> None:
        num_days = max(0, (last_day - first_day).days + 1)
        self.first_day, self.last_day = first_day, last_day
        self.day = tuple(first_day + timedelta(days=at) for at in range(num_days))
        self.weekday: IntArray = (first_day.weekday() + np.arange(num_days, dtype=np.int64)) % 7
        self.week: IntArray = (first_day.weekday() + np.arange(num_days, dtype=np.int64)) // 7
        self.people = {person.id: person for person in roster.people}
        self.classes = {found.id: found for found in roster.classes}
        self._timetables = timetables
        self._absences = defaultdict(list)
        for absence in roster.absences:
            self._absences[absence.person].append(absence)
        self._kinds: dict[int, list[DayKind]] = {}
        self._parity: dict[int, IntArray] = {}
        self._open: dict[tuple[int, bool], BoolArray] = {}
        self._present: dict[str, BoolArray] = {}

    @property
    def num_days(self) -> int:
        """Return the number of days."""
        return len(self.day)

    def number(self, day: date) -> int:
        """Return the number of a day; outside the plan it is below 0 or at least ``num_days``."""
        return (day - self.first_day).days

    def span(self, first_day: date, last_day: date) -> BoolArray:
        """Return the mask of the days between two, both included."""
        found = np.zeros(self.num_days, dtype=bool)
        found[max(0, self.number(first_day)) : max(0, self.number(last_day) + 1)] = True
        return found

    def organisation_of(self, id_: str) -> str:
        """Return the organisation of a person or class."""
        return self.people[id_].organisation if id_ in self.people else self.classes[id_].organisation

    def year_of(self, organisation: str) -> SchoolYear:
        """Return the school year of an organisation."""
        try:
            return self._timetables.year_of(organisation)
        except KeyError:
            cure = text("name a calendar in its timetable map, or one for all organisations")
            message = text("organisation {id} has no school year", id=organisation)
            raise InputError([Fault("calendar", message, cure)]) from None

    def ahead_of(self, organisation: str) -> int:
        """Return by how many minutes the common clock is ahead of an organisation's own."""
        return self._timetables.ahead.get(organisation, 0)

    def open_days(self, organisation: str, *, vacations: bool = False) -> BoolArray:
        """Return the school days of an organisation, with ``vacations`` the weekdays of vacations too."""
        year = self.year_of(organisation)
        if (id(year), vacations) not in self._open:
            if id(year) not in self._kinds:
                self._kinds[id(year)] = [year.kind_of(day) for day in self.day]
            kinds = self._kinds[id(year)]
            found = np.array([kind is DayKind.SCHOOL for kind in kinds], dtype=bool)
            if vacations:
                idle = np.array([kind is DayKind.VACATION for kind in kinds], dtype=bool)
                found |= idle & (self.weekday < year.weekdays)
            self._open[id(year), vacations] = found
        return self._open[id(year), vacations]

    def parity(self, organisation: str) -> IntArray:
        """Return the week (0 or 1) of every day in the cycle of an organisation."""
        year = self.year_of(organisation)
        if id(year) not in self._parity:
            self._parity[id(year)] = np.array([year.week_of(day) for day in self.day], dtype=np.int64)
        return self._parity[id(year)]

    def present(self, id_: str) -> BoolArray:
        """Return the days on which a person (or class) is neither away nor taken by an exam."""
        if id_ not in self._present:
            found = np.ones(self.num_days, dtype=bool)
            for absence in self._absences.get(id_, ()):
                found &= ~self.span(absence.start_day, absence.end_day)
            for exam in self.year_of(self.organisation_of(id_)).exams:
                if self._takes(exam, id_):
                    found &= ~self.span(exam.first_day, exam.last_day)
            self._present[id_] = found
        return self._present[id_]

    def absent_spans(self, id_: str) -> list[tuple[date, date]]:
        """Return the first and last days on which a person is away or in an exam."""
        spans = [(absence.start_day, absence.end_day) for absence in self._absences.get(id_, ())]
        exams = self.year_of(self.organisation_of(id_)).exams
        return spans + [(exam.first_day, exam.last_day) for exam in exams if self._takes(exam, id_)]

    def _takes(self, exam: ExamWindow, id_: str) -> bool:
        if exam.is_for_all or id_ in exam.people:
            return True
        if id_ in self.classes:
            return self.classes[id_].grade in exam.grades
        person: Person = self.people[id_]
        if person.person_kind is PersonKind.PUPIL:
            return person.grade in exam.grades
        return bool(set(person.subjects) & set(exam.subjects))
