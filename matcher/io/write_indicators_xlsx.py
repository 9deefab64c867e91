"""Figures of mentoring rolled up for municipalities and regions, dates and risks as a workbook (DAL 5.3, SMO 8.3)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from matcher.indicators.counting import Figure, Unit
from matcher.indicators.due import Due
from matcher.indicators.report import Monitoring, advice
from matcher.indicators.words import RISKS
from matcher.io.console.monitoring import LEVELS, STATES
from matcher.io.plan_book.sheet import Cell, Look, PlanBook, PrintedColumn
from matcher.io.speaker import Speaker
from matcher.io.writing import writing
from matcher.plan import Plan
from matcher.policy_words import ScopeLevel
from matcher.texts import Lang, Text, text

_UNITS = {Unit.PERCENT: text("per cent"), Unit.COUNT: text("units"), Unit.POINTS: text("points")}
_PLACES = 4
_FIGURES = (
    PrintedColumn(heading=text("no."), width=9, look=Look.STRONG),
    PrintedColumn(heading=text("indicator"), width=48),
    PrintedColumn(heading=text("unit"), width=11),
    PrintedColumn(heading=text("fact"), width=10, look=Look.HOURS),
    PrintedColumn(heading=text("plan"), width=10, look=Look.HOURS),
    PrintedColumn(heading=text("fact less plan"), width=11, look=Look.HOURS),
    PrintedColumn(heading=text("reached"), width=13),
    PrintedColumn(heading=text("numerator"), width=11, look=Look.HOURS),
    PrintedColumn(heading=text("denominator"), width=11, look=Look.HOURS),
    PrintedColumn(heading=text("inputs not given"), width=10, look=Look.NUMBER),
    PrintedColumn(heading=text("this round"), width=10, look=Look.HOURS),
)
_DATES = (
    PrintedColumn(heading=text("what"), width=48),
    PrintedColumn(heading=text("level"), width=15),
    PrintedColumn(heading=text("for whom"), width=34),
    PrintedColumn(heading=text("from"), width=12),
    PrintedColumn(heading=text("until"), width=12),
    PrintedColumn(heading=text("last working day"), width=13),
    PrintedColumn(heading=text("how it stands"), width=14, look=Look.STRONG),
    PrintedColumn(heading=text("done on"), width=12),
    PrintedColumn(heading=text("clause"), width=14),
)
_RISKS = (
    PrintedColumn(heading=text("risk"), width=28, look=Look.STRONG),
    PrintedColumn(heading=text("region"), width=20),
    PrintedColumn(heading=text("municipality"), width=20),
    PrintedColumn(heading=text("organisation"), width=34),
    PrintedColumn(heading=text("sign"), width=52),
    PrintedColumn(heading=text("people"), width=9, look=Look.NUMBER),
    PrintedColumn(heading=text("pairs"), width=9, look=Look.NUMBER),
)


def write_indicators_xlsx(found: Monitoring, plan: Plan, path: str | Path, lang: Lang = "ru") -> None:
    """Write the report of a school year to ``path``, first under another name, so that no half file is ever seen.

    Five sheets: all organisations together, every municipality, every region (fact against plan), dates, signs of
    risk. Sums are rolled up and shares counted from them. Nobody is named: signs say how many people they concern.

    Raises
    ------
    InputError
        When it cannot be written.
    """
    path = Path(path)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(suffix=".xlsx", prefix=f".{path.stem}-", dir=path.parent)
        os.close(handle)
        try:
            _write(found, plan, temporary, lang)
            os.chmod(temporary, 0o644)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise


def _write(found: Monitoring, plan: Plan, path: str, lang: Lang) -> None:
    book, speaker = PlanBook(path, lang), Speaker(plan, lang)
    years = [f"{year}/{(year + 1) % 100:02}" for year in (found.school_year - 1, found.school_year)]
    note = text("Fact: school year {before}; this round: {current}.", before=years[0], current=years[1])
    page = book.page(text("Together"), text("Figures of mentoring: fact against plan"), note)
    page.table(_FIGURES, _figures(book, found.before.figures(), found.current.figures()))
    conclusion = advice(found.before.figures())
    if conclusion is not None:
        page.skip()
        page.paragraph(book.say(conclusion), len(_FIGURES))
    _areas(book, found, ScopeLevel.MUNICIPALITY, text("Municipalities"), note)
    _areas(book, found, ScopeLevel.REGION, text("Regions"), note)
    page = book.page(text("Dates"), text("What is due, by the regulation"))
    page.table(_DATES, (_date(book, speaker, one) for one in found.due), empty=text("Nothing is due."))
    page = book.page(text("Signs of risk"), text("Signs of risk of the round"))
    page.table(_RISKS, _risks(book, speaker, found), empty=text("No signs of risk."))
    book.close()


def _areas(book: PlanBook, found: Monitoring, level: ScopeLevel, title: Text, note: Text) -> None:
    """Write one sheet with the figures of every area of a level, one area below the other."""
    columns = (PrintedColumn(heading=LEVELS[level], width=24, look=Look.STRONG), *_FIGURES)
    before, current = found.before.roll_up(level), found.current.roll_up(level)
    rows = [
        (area or book.say(text("not named")), *row)
        for area in sorted(before.keys() | current.keys())
        for row in _figures(book, before.get(area, ()), current.get(area, ()))
    ]
    book.page(title, text("Figures of mentoring: fact against plan"), note).table(columns, rows)


def _figures(book: PlanBook, before: Sequence[Figure], current: Sequence[Figure]) -> Iterator[tuple[Cell, ...]]:
    """Yield the judged figures with their plans, each beside this round; parts that only this round has come too."""
    judged, now = ({(one.id, one.part): one for one in figures} for figures in (before, current))
    for key in sorted(dict.fromkeys((*judged, *now)), key=lambda key: key[0]):
        one, this = judged.get(key), now.get(key)
        named = one or this
        assert named is not None
        plan = None if one is None or one.plan is None else float(one.plan.value)
        value = None if one is None else one.value
        yield (
            key[0],
            book.say(named.title),
            book.say(_UNITS[named.unit]),
            _rounded(value),
            _rounded(plan),
            None if plan is None or value is None else _rounded(value - plan),
            _verdict(book, one),
            None if one is None or value is None else _rounded(one.numerator),
            None if one is None or value is None or not one.denominator else _rounded(one.denominator),
            None if one is None else len(one.missing),
            None if this is None else _rounded(this.value),
        )


def _verdict(book: PlanBook, figure: Figure | None) -> str:
    if figure is None or figure.plan is None:
        return ""
    if figure.is_met is None:
        return book.say(text("not judged"))
    return book.say(text("yes") if figure.is_met else text("no"))


def _date(book: PlanBook, speaker: Speaker, one: Due) -> tuple[Cell, ...]:
    title = one.title if book.lang == "ru" else one.title_en
    if one.covers is not None:
        title = f"{title} ({book.say(text('until {day}', day=_day(one.covers)))})"
    whom = speaker.organisation(one.subject) if one.level is ScopeLevel.ORGANISATION else one.subject
    return (
        title,
        book.say(LEVELS[one.level]),
        whom,
        _day(one.first_day),
        _day(one.day),
        _day(one.working_day),
        book.say(STATES[one.state]),
        _day(one.done_day),
        one.clause,
    )


def _risks(book: PlanBook, speaker: Speaker, found: Monitoring) -> Iterator[tuple[Cell, ...]]:
    for risk, words in RISKS.items():
        for one in found.signals:
            if one.risk == risk:
                place = speaker.organisations.get(one.organisation)
                yield (
                    book.say(words),
                    "" if place is None else place.region,
                    "" if place is None else place.municipality,
                    speaker.organisation(one.organisation),
                    book.say(one.message),
                    len(one.people),
                    len(one.programmes),
                )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _PLACES)


def _day(day: date | None) -> str:
    return "" if day is None else f"{day:%d.%m.%Y}"
