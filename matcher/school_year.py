"""The school year as input: terms, vacations, holidays, exam windows, report weeks and the hours of a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_WEEK = 7


class DayKind(StrEnum):
    """What a day of the school year is."""

    SCHOOL = "school"
    WEEKEND = "weekend"
    VACATION = "vacation"
    HOLIDAY = "holiday"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days under a name, both ends included: a quarter, a vacation, a report week, a holiday."""

    name: str
    first_day: date
    last_day: date

    def __contains__(self, day: object) -> bool:
        """Return whether ``day`` is one of the days."""
        return isinstance(day, date) and self.first_day <= day <= self.last_day


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamWindow:
    """Days of an examination (ВПР, ОГЭ, ЕГЭ) and whom it takes.

    A person is taken when the window names the person, a subject of a teacher or the grade of a pupil; a window that
    names nobody takes everybody.
    """

    name: str
    first_day: date
    last_day: date
    grades: tuple[int, ...] = ()
    subjects: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    @property
    def is_for_all(self) -> bool:
        """Return whether the window takes everybody."""
        return not (self.grades or self.subjects or self.people)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell:
    """An hour of the day in minutes after midnight, and its shift."""

    name: str
    start_minute: int
    end_minute: int
    shift: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolYear:
    """One school's year. All days are civil dates; minutes are after midnight in the clock of the organisation.

    ``weekdays`` is 5 or 6. ``working_days`` are school days although the week or a holiday says otherwise (transferred
    days). With ``num_weeks`` 2 the weeks alternate by the calendar, A being the week of ``week_a_day``. ``bells`` are
    the hours of organisations that bring no timetable. Sessions lie between ``day_start_minute`` and
    ``day_end_minute``; those that end after ``evening_minute`` count as evenings.
    """

    id: str
    title: str
    title_en: str = ""
    first_day: date
    last_day: date
    weekdays: int = 5
    num_weeks: int = 1
    week_a_day: date | None = None
    terms: tuple[Span, ...] = ()
    vacations: tuple[Span, ...] = ()
    holidays: tuple[Span, ...] = ()
    working_days: tuple[date, ...] = ()
    exams: tuple[ExamWindow, ...] = ()
    report_weeks: tuple[Span, ...] = ()
    bells: tuple[Bell, ...] = ()
    day_start_minute: int = 8 * 60
    day_end_minute: int = 19 * 60
    evening_minute: int = 18 * 60

    def days(self) -> Iterator[date]:
        """Yield every day from the first to the last."""
        for offset in range((self.last_day - self.first_day).days + 1):
            yield self.first_day + timedelta(days=offset)

    def kind_of(self, day: date) -> DayKind:
        """Return what a day is; a transferred working day is a school day whatever else it would be."""
        if not self.first_day <= day <= self.last_day:
            return DayKind.OUTSIDE
        if day in self.working_days:
            return DayKind.SCHOOL
        if any(day in span for span in self.holidays):
            return DayKind.HOLIDAY
        if any(day in span for span in self.vacations):
            return DayKind.VACATION
        return DayKind.SCHOOL if day.isoweekday() <= self.weekdays else DayKind.WEEKEND

    def week_of(self, day: date) -> int:
        """Return 0 (A) or 1 (B): weeks begin on Monday and alternate through vacations."""
        anchor = self.week_a_day or self.first_day
        monday = anchor - timedelta(days=anchor.weekday())
        return (day - monday).days // _WEEK % self.num_weeks
