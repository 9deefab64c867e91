"""Figures of mentoring rolled up for municipalities and regions, dates and risks as a workbook (DAL 5.3, SMO 8.3)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from matcher.indicators.counting import Figure, Unit
from matcher.indicators.report import Monitoring, advice
from matcher.io.console.monitoring import LEVELS
from matcher.io.indicator_sheets import write_dates, write_missing, write_risks
from matcher.io.plan_book.sheet import Cell, Look, PlanBook, PrintedColumn
from matcher.io.speaker import Speaker
from matcher.io.writing import writing
from matcher.plan import Plan
from matcher.policy_words import ScopeLevel
from matcher.texts import Lang, Text, text

_UNITS = {Unit.PERCENT: text("per cent"), Unit.COUNT: text("units"), Unit.POINTS: text("points")}
_PLACES, _PART = 2, "    – "
_FIGURES = (
    PrintedColumn(heading=text("no."), width=9, look=Look.STRONG),
    PrintedColumn(heading=text("indicator"), width=48),
    PrintedColumn(heading=text("unit"), width=11),
    PrintedColumn(heading=text("fact"), width=10, look=Look.VALUE),
    PrintedColumn(heading=text("plan"), width=10, look=Look.VALUE),
    PrintedColumn(heading=text("fact less plan"), width=11, look=Look.VALUE),
    PrintedColumn(heading=text("reached"), width=13),
    PrintedColumn(heading=text("numerator"), width=11, look=Look.VALUE),
    PrintedColumn(heading=text("denominator"), width=11, look=Look.VALUE),
    PrintedColumn(heading=text("inputs not given"), width=10, look=Look.VALUE),
    PrintedColumn(heading=text("this round"), width=10, look=Look.VALUE),
)


def write_indicators_xlsx(found: Monitoring, plan: Plan, path: str | Path, lang: Lang = "ru") -> None:
    """Write the report of a school year to ``path``, first under another name, so that no half file is ever seen.

    Sheets: all organisations together, areas side by side, every municipality, every region (fact against plan), inputs
    not given, dates, signs of risk. Sums are rolled up and shares counted from them. Nobody is named: signs say how
    many people they concern, and pairs stand with their ids.

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
    _side_by_side(book, found, years, note)
    _areas(book, found, ScopeLevel.MUNICIPALITY, text("Municipalities"), note)
    _areas(book, found, ScopeLevel.REGION, text("Regions"), note)
    write_missing(book, speaker, found)
    write_dates(book, speaker, plan, found.due)
    write_risks(book, speaker, found.signals)
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


def _side_by_side(book: PlanBook, found: Monitoring, years: Sequence[str], note: Text) -> None:
    """Write the main figures with one column each and areas below each other: their plan, fact and this round."""
    main = {one.id: one for one in (*found.current.figures(), *found.before.figures()) if not one.part}
    ids = sorted(main)
    columns = (
        PrintedColumn(heading=text("area"), width=28, look=Look.STRONG),
        PrintedColumn(heading=text("level"), width=15),
        PrintedColumn(heading=text("what"), width=20),
        *(
            PrintedColumn(heading=text("{id}: {title}", id=id_, title=main[id_].title), width=17, look=Look.VALUE)
            for id_ in ids
        ),
    )
    plans = [None if (plan := main[id_].plan) is None else _rounded(float(plan.value)) for id_ in ids]
    together = (book.say(text("all organisations")), "")
    rows: list[Sequence[Cell]] = [(*together, book.say(text("plan")), *plans)]
    before, current = ({together: one.figures()} for one in (found.before, found.current))
    for level in (ScopeLevel.REGION, ScopeLevel.MUNICIPALITY):
        words = book.say(LEVELS[level])
        for areas, counted in ((before, found.before), (current, found.current)):
            for name, figures in counted.roll_up(level).items():
                areas[name or book.say(text("not named")), words] = figures
    for area in dict.fromkeys((*before, *current)):
        for what, areas in (
            (text("fact {year}", year=years[0]), before),
            (text("this round {year}", year=years[1]), current),
        ):
            value_of = {one.id: one.value for one in areas.get(area, ()) if not one.part}
            rows.append((*area, book.say(what), *(_rounded(value_of.get(id_)) for id_ in ids)))
    book.page(text("Side by side"), text("Areas side by side"), note).table(columns, rows)


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
            _PART * bool(named.part) + book.say(named.title),
            book.say(_UNITS[named.unit]),
            _rounded(value),
            _rounded(plan),
            None if plan is None or value is None or one is None or one.is_met is None else _rounded(value - plan),
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


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _PLACES)
