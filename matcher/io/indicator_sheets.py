"""Sheets of the workbook of indicators beside the figures: inputs not given, dates, signs of risk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from matcher.indicators.due import Due, DueState
from matcher.indicators.notes import programme_id
from matcher.indicators.report import Monitoring
from matcher.indicators.risks import Signal
from matcher.indicators.words import RISKS
from matcher.io.console.monitoring import LEVELS, STATES
from matcher.io.plan_book.sheet import Cell, Look, PlanBook, PrintedColumn
from matcher.io.speaker import Speaker
from matcher.plan import Plan
from matcher.policy_labels import clause_text
from matcher.policy_words import ScopeLevel
from matcher.texts import text

_LATE = {"font_color": "#8F1414", "bold": True}
_PLACE = (
    PrintedColumn(heading=text("region"), width=20),
    PrintedColumn(heading=text("municipality"), width=20),
    PrintedColumn(heading=text("organisation"), width=34),
)
_MISSING = (
    PrintedColumn(heading=text("what"), width=52, look=Look.STRONG),
    PrintedColumn(heading=text("indicator"), width=18),
    *_PLACE,
    PrintedColumn(heading=text("of whom"), width=16, look=Look.ID),
)
_DATES = (
    PrintedColumn(heading=text("until"), width=12, look=Look.DATE),
    PrintedColumn(heading=text("what"), width=48),
    PrintedColumn(heading=text("level"), width=15),
    PrintedColumn(heading=text("for whom"), width=34),
    PrintedColumn(heading=text("how it stands"), width=14, look=Look.STRONG),
    PrintedColumn(heading=text("from"), width=12, look=Look.DATE),
    PrintedColumn(heading=text("last working day"), width=13, look=Look.DATE),
    PrintedColumn(heading=text("done on"), width=12, look=Look.DATE),
    PrintedColumn(heading=text("by which clause"), width=22),
)
_RISKS = (
    PrintedColumn(heading=text("risk"), width=28, look=Look.STRONG),
    *_PLACE,
    PrintedColumn(heading=text("sign"), width=52),
    PrintedColumn(heading=text("people"), width=9, look=Look.NUMBER),
    PrintedColumn(heading=text("pairs"), width=9, look=Look.NUMBER),
)


def write_missing(book: PlanBook, speaker: Speaker, found: Monitoring) -> None:
    """Write what nobody gave for the judged figures and who has to give it; no sheet where all is there."""
    wanted: dict[tuple[str, str, str], dict[str, None]] = {}
    for figure in found.before.figures():
        for one in figure.missing:
            wanted.setdefault((book.say(one.what), one.organisation, one.subject), {})[figure.id] = None
    if wanted:
        note = text("Without these the figures of the year before cannot be judged.")
        rows = [
            (what, ", ".join(ids), *_place(speaker, organisation), subject)
            for (what, organisation, subject), ids in wanted.items()
        ]
        book.page(text("Not given"), text("Inputs not given"), note).table(_MISSING, rows)


def write_dates(book: PlanBook, speaker: Speaker, plan: Plan, due: Iterable[Due]) -> None:
    """Write what is due by the regulation, by day, and how it stands; what is late is marked."""
    mentee_of = {programme_id(one.mentor, one.mentee): one.mentee for one in plan.pairs}
    rows = [_date(book, speaker, one, mentee_of.get(one.subject)) for one in due]
    page = book.page(text("Dates"), text("What is due, by the regulation"))
    top = page.row
    page.table(_DATES, rows, empty=text("Nothing is due."))
    if rows:
        late = {"type": "cell", "criteria": "==", "value": f'"{book.say(STATES[DueState.OVERDUE])}"'}
        late["format"] = book.book.add_format(_LATE)
        page.sheet.conditional_format(top, 4, page.row, 4, late)


def write_risks(book: PlanBook, speaker: Speaker, signals: Iterable[Signal]) -> None:
    """Write the signs of risk, kind by kind: where, and how many people and pairs they concern."""
    listed = list(signals)
    page = book.page(text("Signs of risk"), text("Signs of risk of the round"))
    page.table(_RISKS, _risks(book, speaker, listed), empty=text("No signs of risk."))


def _date(book: PlanBook, speaker: Speaker, one: Due, mentee: str | None) -> tuple[Cell, ...]:
    title = one.title if book.lang == "ru" else one.title_en
    if one.covers is not None:
        title = f"{title} ({book.say(text('until {day}', day=_day(one.covers)))})"
    whom = one.subject
    if mentee is not None:
        pair = book.say(text("pair {pair}", pair=one.subject.replace(":", " – ")))
        whom = ", ".join(filter(None, (speaker.organisation_of(mentee), pair)))
    elif one.level is ScopeLevel.ORGANISATION:
        whom = speaker.organisation(one.subject)
    return (
        one.day,
        title,
        book.say(LEVELS[one.level]),
        whom,
        book.say(STATES[one.state]),
        one.first_day,
        one.working_day,
        one.done_day,
        book.say(clause_text(one.clause)),
    )


def _risks(book: PlanBook, speaker: Speaker, signals: list[Signal]) -> Iterator[tuple[Cell, ...]]:
    for risk, words in RISKS.items():
        for one in signals:
            if one.risk == risk:
                place = _place(speaker, one.organisation)
                yield book.say(words), *place, book.say(one.message), len(one.people), len(one.programmes)


def _place(speaker: Speaker, organisation: str) -> tuple[str, str, str]:
    place = speaker.organisations.get(organisation)
    region, municipality = ("", "") if place is None else (place.region, place.municipality)
    return region, municipality, speaker.organisation(organisation)


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"
