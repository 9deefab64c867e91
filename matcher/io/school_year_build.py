"""A school year made from its file, and what only the whole file shows: days and hours that must fit each other.

The checks read entry by entry, so that they speak even while other entries are wrong; one that cannot be read is
reported by its shape and counts as absent here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from pydantic import TypeAdapter, ValidationError

from matcher.io.school_year_days import YearDays, school_year_of
from matcher.io.school_year_document import (
    DayWord,
    ExamTable,
    HolidaysTable,
    SchoolYearDocument,
    SpanTable,
    TermTable,
    entries,
)
from matcher.io.school_year_holidays import as_spans, public_days
from matcher.io.school_year_hours import minute_of, read_bells
from matcher.io.toml_text import Finding
from matcher.school_year import Bell, ExamWindow, SchoolYear, Span
from matcher.texts import Text, text

_Place = tuple[str | int, ...]
_DAY: TypeAdapter[date | str] = TypeAdapter(DayWord)
_MAX_DAYS = 366


def build_school_year(document: Mapping[str, Any], year: int) -> tuple[SchoolYear | None, list[Finding]]:
    """Return the year that a document describes, and what does not fit in it.

    Parameters
    ----------
    document
        A parsed file, what it takes from a preset included.
    year
        The year in which it begins, where the document gives no date.

    Returns
    -------
    year
        None where the document has faults, those of its shape included, which are not among the findings.
    findings
        Everything that does not fit together.
    """
    builder = _Builder(document, year)
    builder.read()
    try:
        checked = SchoolYearDocument.model_validate(document)
    except ValidationError:
        return None, builder.found
    return (None if builder.found else builder.year(checked)), builder.found


@dataclass(slots=True)
class _Builder:
    """The parts of a year as far as they can be read, and the findings on the way."""

    document: Mapping[str, Any]
    begins_in: int
    found: list[Finding] = field(default_factory=list)
    first_day: date | None = None
    last_day: date | None = None
    spans: dict[str, list[tuple[_Place, Span]]] = field(default_factory=dict)
    exams: list[ExamWindow] = field(default_factory=list)
    bells: list[Bell] = field(default_factory=list)
    added: list[Span] = field(default_factory=list)
    working: list[date] = field(default_factory=list)
    public: dict[date, str] = field(default_factory=dict)
    week_a_day: date | None = None

    def read(self) -> None:
        """Read and check everything."""
        self._read_year()
        self._read_terms()
        for key in ("vacations", "report_weeks"):
            self.spans[key] = self._spans(key, SpanTable)
            self._check_overlaps(self.spans[key])
        self._read_exams()
        self.bells, found = read_bells(self.document)
        self.found += found
        self._read_holidays()
        self._read_working_days()
        self._read_weeks()

    def year(self, checked: SchoolYearDocument) -> SchoolYear:
        """Return the year of a document without faults."""
        if self.first_day is None or self.last_day is None:
            raise AssertionError("a document without faults has its first and last day")
        terms, vacations, reports = (
            tuple(span for _, span in self.spans[key]) for key in ("terms", "vacations", "report_weeks")
        )
        return SchoolYear(
            id=checked.id,
            title=checked.title,
            title_en=checked.title_en,
            first_day=self.first_day,
            last_day=self.last_day,
            weekdays=checked.weekdays,
            num_weeks=checked.num_weeks,
            week_a_day=self.week_a_day,
            terms=terms,
            vacations=vacations,
            report_weeks=reports,
            holidays=tuple(sorted([*as_spans(self.public), *self.added], key=lambda span: span.first_day)),
            working_days=tuple(sorted({*self.working})),
            exams=tuple(self.exams),
            bells=tuple(self.bells),
            day_start_minute=minute_of(checked.day_start),
            day_end_minute=minute_of(checked.day_end),
            evening_minute=minute_of(checked.evening),
        )

    def _say(self, place: _Place, message: Text, cure: Text) -> None:
        self.found.append((place, message, cure))

    @property
    def _days(self) -> YearDays:
        return YearDays(self.begins_in)

    def _date(self, place: _Place, word: date | str) -> date | None:
        day = self._days.date_of(word)
        if day is None:
            message = text("{day} is no day of the year", day=str(word))
            self._say(place, message, text("write month and day, for example 09-01"))
        return day

    def _word(self, key: str) -> date | str | None:
        """Return the day under a key of the document; None where it is missing or no day at all."""
        try:
            return _DAY.validate_python(self.document[key])
        except (KeyError, ValidationError):
            return None

    def _read_year(self) -> None:
        first, last = self._word("first_day"), self._word("last_day")
        if isinstance(first, date):
            asked, self.begins_in = self.begins_in, school_year_of(first)
            if asked != self.begins_in:
                message = text(
                    "this is the school year that begins in {own}, not in {asked}", own=self.begins_in, asked=asked
                )
                self._say(("first_day",), message, text("give the year {own}, or another file", own=self.begins_in))
        first_day = None if first is None else self._date(("first_day",), first)
        last_day = None if last is None else self._date(("last_day",), last)
        if isinstance(first, str) and first_day is not None and first_day.isoweekday() > self._num_weekdays:
            first_day += timedelta(days=7 - first_day.weekday())
        if first_day is None or last_day is None:
            return
        if last_day < first_day:
            self._say(("last_day",), _reversed(first_day, last_day), _EXCHANGE_DAYS)
        elif (last_day - first_day).days >= _MAX_DAYS:
            message = text("the school year is longer than a year")
            self._say(("last_day",), message, text("write a day before {day}", day=_shown(first_day)))
        else:
            self.first_day, self.last_day = first_day, last_day

    @property
    def _num_weekdays(self) -> int:
        return 6 if self.document.get("weekdays") == 6 else 5

    def _span(self, place: _Place, table: SpanTable) -> Span | None:
        first_day = self._date((*place, "first"), table.first)
        last_day = self._date((*place, "last"), table.last)
        if first_day is None or last_day is None:
            return None
        if last_day < first_day:
            self._say((*place, "last"), _reversed(first_day, last_day), _EXCHANGE_DAYS)
            return None
        return Span(name=table.name, first_day=first_day, last_day=last_day)

    def _spans(self, key: str, table: type[SpanTable]) -> list[tuple[_Place, Span]]:
        found = []
        for place, entry in entries(self.document, key, table):
            span = self._span(place, entry)
            if span is not None and self._check_in_year(place, span):
                found.append((place, span))
        return found

    def _read_exams(self) -> None:
        for place, entry in entries(self.document, "exams", ExamTable):
            span = self._span(place, entry)
            if span is not None and self._check_in_year(place, span):
                self.exams.append(
                    ExamWindow(
                        name=span.name,
                        first_day=span.first_day,
                        last_day=span.last_day,
                        grades=entry.grades,
                        subjects=entry.subjects,
                        people=entry.people,
                    )
                )

    def _read_terms(self) -> None:
        terms = entries(self.document, "terms", TermTable)
        found = []
        for place, entry in terms:
            days = []
            for key, word, at_edge, default in (
                ("first", entry.first, place == terms[0][0], self.first_day),
                ("last", entry.last, place == terms[-1][0], self.last_day),
            ):
                if word is None and not at_edge:
                    self._say((*place, key), text("the key is missing"), text('write {key} = "10-31"', key=key))
                days.append(default if word is None and at_edge else word)
            first, last = days
            if first is not None and last is not None:
                span = self._span(place, SpanTable(name=entry.name, first=first, last=last))
                if span is not None and self._check_in_year(place, span):
                    found.append((place, span))
        self.spans["terms"] = found
        self._check_overlaps(found)

    def _check_in_year(self, place: _Place, span: Span) -> bool:
        if self.first_day is None or self.last_day is None:
            return True
        if self.first_day <= span.first_day and span.last_day <= self.last_day:
            return True
        message = text(
            "“{name}” ({days}) lies outside the school year ({year})",
            name=span.name,
            days=_days(span.first_day, span.last_day),
            year=_days(self.first_day, self.last_day),
        )
        self._say(place, message, text("correct these days, or first_day and last_day"))
        return False

    def _check_overlaps(self, spans: Sequence[tuple[_Place, Span]]) -> None:
        ordered = sorted(spans, key=lambda found: (found[1].first_day, found[1].last_day))
        for (_, before), (place, span) in pairwise(ordered):
            if span.first_day <= before.last_day:
                message = text("“{name}” overlaps “{other}”", name=span.name, other=before.name)
                self._say(place, message, text("correct the days of one of them"))

    def _holidays(self) -> HolidaysTable:
        try:
            return HolidaysTable.model_validate(self.document.get("holidays", {}))
        except ValidationError:
            return HolidaysTable()

    def _read_holidays(self) -> None:
        table = self._holidays()
        for at, entry in enumerate(table.add):
            place = ("holidays", "add", at)
            span = self._span(place, entry)
            if span is not None and self._check_in_year(place, span):
                self.added.append(span)
        if self.first_day is None or self.last_day is None:
            return
        if table.country:
            known = public_days(table.country, self.first_day, self.last_day)
            self.public, self.working = dict(known.holidays), list(known.working)
        for word in table.remove:
            day = self._date(("holidays", "remove"), word)
            if day in self.working:
                self.working.remove(day)
            elif day is not None and self.public.pop(day, None) is None:
                message = text("{day} is no public holiday of this school year", day=_shown(day))
                self._say(("holidays", "remove"), message, text("leave the day out, or correct it"))
        # A Saturday that is worked on in exchange is no school day where the school is on vacation.
        vacations = [span for _, span in self.spans["vacations"]]
        self.working = [day for day in self.working if not any(day in span for span in vacations)]

    def _read_working_days(self) -> None:
        words = self.document.get("working_days", ())
        for at, raw in enumerate(words if isinstance(words, list) else ()):
            try:
                word = _DAY.validate_python(raw)
            except ValidationError:
                continue
            day = self._date(("working_days", at), word)
            if day is not None and self._check_in_year(("working_days", at), _one_day(day)):
                self.working.append(day)

    def _read_weeks(self) -> None:
        word = self._word("week_a_day")
        if word is None:
            return
        self.week_a_day = self._date(("week_a_day",), word)
        if self.document.get("num_weeks", 1) != 2:
            message = text("week_a_day says nothing where weeks do not alternate")
            self._say(("week_a_day",), message, text("write num_weeks = 2, or remove the key"))


_EXCHANGE_DAYS = text("exchange the two dates or correct one")


def _reversed(first_day: date, last_day: date) -> Text:
    return text("the last day ({last}) is before the first ({first})", first=_shown(first_day), last=_shown(last_day))


def _one_day(day: date) -> Span:
    return Span(name=_shown(day), first_day=day, last_day=day)


def _shown(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _days(first_day: date, last_day: date) -> str:
    return _shown(first_day) if first_day == last_day else f"{_shown(first_day)}–{_shown(last_day)}"
