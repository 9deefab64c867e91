"""A school year as a methodist reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from matcher.school_year import Bell, DayKind, ExamWindow, SchoolYear, Span
from matcher.texts import Lang, Text, say, text, text_n

_Row = tuple[Text | str, Text | str]


def school_year_summary(year: SchoolYear, lang: Lang) -> Iterator[_Row]:
    """Yield what a school year says, line by line."""
    yield text("calendar"), title_of(year, lang)
    yield text("school year"), days_of(year.first_day, year.last_day)
    count = sum(year.kind_of(day) is DayKind.SCHOOL for day in year.days())
    yield text("school days"), text_n("{count} day", "{count} days", count=count)
    yield text("school week"), text_n("{count} day", "{count} days", count=year.weekdays)
    if year.num_weeks > 1:
        anchor = year.week_a_day or year.first_day
        yield text("weeks A and B"), text("alternate; the week of {day} is a week A", day=_shown(anchor))
    for span in year.terms:
        yield text("school term"), _span(span)
    for span in year.vacations:
        yield text("vacations"), _span(span)
    for span in year.holidays:
        yield text("holiday"), _span(span)
    for day in year.working_days:
        yield text("working day"), _shown(day)
    for exam in year.exams:
        yield text("examination"), _exam(exam, lang)
    for span in year.report_weeks:
        yield text("report week"), _span(span)
    yield from _hours(year)


def title_of(year: SchoolYear, lang: Lang) -> str:
    """Return the title in a language; the Russian one where there is no other."""
    return (year.title_en or year.title) if lang == "en" else year.title


def _hours(year: SchoolYear) -> Iterator[_Row]:
    yield text("hours of sessions"), f"{_clock(year.day_start_minute)}–{_clock(year.day_end_minute)}"
    yield text("evenings"), text("from {time} on", time=_clock(year.evening_minute))
    shifts = sorted({bell.shift for bell in year.bells})
    for shift in shifts:
        bells = [bell for bell in year.bells if bell.shift == shift]
        yield text("bells") if len(shifts) == 1 else text("bells, shift {shift}", shift=shift), _bells(bells)


def _bells(bells: Sequence[Bell]) -> str:
    ordered = sorted(bells, key=lambda bell: bell.start_minute)
    return "; ".join(f"{bell.name}: {_clock(bell.start_minute)}–{_clock(bell.end_minute)}" for bell in ordered)


def _exam(exam: ExamWindow, lang: Lang) -> Text:
    whom = [say(text("grade {grade}", grade=grade), lang) for grade in exam.grades]
    whom += [*exam.subjects, *exam.people]
    taken = ", ".join(whom) or text("everybody")
    return text("{name}: {days} ({whom})", name=exam.name, days=days_of(exam.first_day, exam.last_day), whom=taken)


def _span(span: Span) -> Text:
    return text("{name}: {days}", name=span.name, days=days_of(span.first_day, span.last_day))


def days_of(first_day: date, last_day: date) -> str:
    """Return one day, or the first and the last of several."""
    return _shown(first_day) if first_day == last_day else f"{_shown(first_day)}–{_shown(last_day)}"


def _shown(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
