"""Figures of mentoring, dates and risks on the console."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from matcher.indicators.counting import Counted, Figure, Unit
from matcher.indicators.due import Due, DueState
from matcher.indicators.facts import Side
from matcher.indicators.report import AGES, Monitoring, advice
from matcher.indicators.risks import Signal
from matcher.indicators.tally import Measure
from matcher.indicators.words import RISKS
from matcher.io.console.paper import Justify, Paper
from matcher.io.speaker import Speaker
from matcher.plan import Plan
from matcher.policy_words import ScopeLevel
from matcher.roster import MentoringForm
from matcher.texts import Lang, Text, text, text_n

_MOST_PLACES = 3
_MOST_SIGNALS = 8
_RIGHT: Justify = "right"
_CHANGES = (Measure.MEAN_CHANGE, Measure.COUNT_CHANGE)

STATES = {
    DueState.DONE: text("done"),
    DueState.AHEAD: text("ahead"),
    DueState.OPEN: text("under way"),
    DueState.OVERDUE: text("overdue"),
    DueState.ON_REQUEST: text("on request"),
}
SIDES = {Side.MENTOR: text("the mentors’ side"), Side.MENTEE: text("the mentees’ side")}
LEVELS = {
    ScopeLevel.PAIR: text("pair"),
    ScopeLevel.ORGANISATION: text("organisation"),
    ScopeLevel.MUNICIPALITY: text("municipality"),
    ScopeLevel.REGION: text("region"),
}


def print_monitoring(found: Monitoring, plan: Plan, lang: Lang, by: ScopeLevel | None = None) -> None:
    """Print the figures of the year before and of the current round, what is due, and signs of risk."""
    paper, speaker = Paper(lang), Speaker(plan, lang)
    _figures(paper, found)
    if by is not None:
        _areas(paper, found.before, by, speaker)
    _missing(paper, found.before, speaker)
    conclusion = advice(found.before.figures())
    if conclusion is not None:
        paper.line(conclusion, "bold")
    _participants(paper, found, speaker)
    _dates(paper, found.due)
    _risks(paper, found.signals, speaker)


def _figures(paper: Paper, found: Monitoring) -> None:
    year = found.school_year
    paper.title(text("Figures of mentoring, school year {year}", year=_school_year(year - 1)))
    now = {(one.id, one.part): one for one in found.current.figures()}
    rows = []
    for one in found.before.figures():
        current = now.pop((one.id, one.part), None)
        rows.append(_row(one, one, current, paper.lang))
    # Parts that only the current round has: an exam nobody sat the year before.
    rows += [_row(one, None, one, paper.lang) for one in now.values()]
    rows.sort(key=lambda row: str(row[0]))
    paper.table(
        (
            text("no."),
            text("indicator"),
            text("fact"),
            text("plan"),
            text("reached"),
            text("counted from"),
            text("now, {year}", year=_school_year(year)),
        ),
        rows,
        justify=("left", "left", "right", "right", "left", "right", "right"),
        styles=("cyan",),
    )
    if any(one.plan is not None and one.plan.is_held for one in found.before.figures()):
        paper.line(text("* The target year has passed; its figure holds until the regulation is renewed."))


def _row(named: Figure, before: Figure | None, now: Figure | None, lang: Lang) -> tuple[Text | str, ...]:
    plan = None if before is None else before.plan
    star = "" if plan is None or not plan.is_held else "*"
    return (
        named.id if not named.part else f"{named.id} ·",
        named.title,
        _value(before, lang),
        "" if plan is None else f"{_decimal(plan.value, lang)}{star}",
        _verdict(before),
        _sums(before, lang),
        _value(now, lang),
    )


def _verdict(figure: Figure | None) -> Text | str:
    if figure is None or figure.plan is None:
        return ""
    if figure.is_met is None:
        return text("not judged")
    return text("yes") if figure.is_met else text("no")


def _value(figure: Figure | None, lang: Lang) -> str:
    if figure is None or figure.value is None:
        return "—"
    sign = "+" if figure.measure in _CHANGES and figure.value > 0 else ""
    return f"{sign}{_decimal(figure.value, lang)}{' %' if figure.unit is Unit.PERCENT else ''}"


def _sums(figure: Figure | None, lang: Lang) -> str:
    if figure is None or figure.value is None or figure.measure is Measure.COUNT:
        return ""
    if figure.measure is Measure.COUNT_CHANGE:
        return f"{_decimal(figure.numerator, lang)} − {_decimal(figure.base_numerator, lang)}"
    now = f"{_decimal(figure.numerator, lang)} / {_decimal(figure.denominator, lang)}"
    if figure.measure is Measure.MEAN_CHANGE:
        before = f"{_decimal(figure.base_numerator, lang)} / {_decimal(figure.base_denominator, lang)}"
        return f"{now} − {before}"
    return now


def _decimal(value: float, lang: Lang) -> str:
    """Return a number with at most two decimal places, and the reader's decimal sign."""
    number = f"{value:.2f}".rstrip("0").rstrip(".")
    return number.replace(".", ",").replace("-", "−") if lang == "ru" else number.replace("-", "−")


def _school_year(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02}"


def _areas(paper: Paper, counted: Counted, by: ScopeLevel, speaker: Speaker) -> None:
    """Print the main figures area by area."""
    areas = counted.roll_up(by)
    ids = list(dict.fromkeys(one.id for figures in areas.values() for one in figures if not one.part))
    paper.title(LEVELS[by])
    rows = []
    for area, figures in areas.items():
        main = {one.id: one for one in figures if not one.part}
        name = speaker.organisation(area) if by is ScopeLevel.ORGANISATION else area
        rows.append((name or text("not named"), *(_value(main.get(id_), paper.lang) for id_ in ids)))
    paper.table((LEVELS[by], *ids), rows, justify=("left", *(_RIGHT for _ in ids)))


def _missing(paper: Paper, counted: Counted, speaker: Speaker) -> None:
    """Print what nobody gave, and where: each input once."""
    lacking: dict[tuple[str, str], tuple[Text, dict[str, None]]] = {}
    for figure in counted.figures():
        for one in figure.missing:
            what = paper.say(one.what)
            place = one.subject or speaker.organisation(one.organisation)
            lacking.setdefault((figure.id, what), (one.what, {}))[1][place] = None
    if not lacking:
        return
    by_what: dict[str, tuple[list[str], dict[str, None]]] = {}
    for (id_, what), (_, places) in lacking.items():
        ids, everywhere = by_what.setdefault(what, ([], {}))
        ids.append(id_)
        everywhere.update(places)
    paper.title(text("Not given"))
    everybody = [speaker.organisation(one.id) for one in counted.organisations]
    rows = [(what, ", ".join(ids), _listed(list(places), everybody, paper)) for what, (ids, places) in by_what.items()]
    paper.table((text("what"), text("for"), text("by whom")), rows)


def _listed(names: Sequence[str], everybody: Sequence[str], paper: Paper) -> str:
    if len(names) > 1 and set(names) == set(everybody):
        return paper.say(text("all organisations: {count}", count=len(names)))
    shown = ", ".join(names[:_MOST_PLACES])
    rest = len(names) - _MOST_PLACES
    return shown if rest <= 0 else f"{shown} {paper.say(text_n('and {count} more', 'and {count} more', count=rest))}"


def _participants(paper: Paper, found: Monitoring, speaker: Speaker) -> None:
    """Print how many people take part by form, side and age: what the statistical forms ask for."""
    if not found.participants:
        return
    paper.title(text("Participants of the round, school year {year}", year=_school_year(found.school_year)))
    numbers: Counter[tuple[MentoringForm, Side, str]] = Counter()
    for one in found.participants:
        numbers[one.form, one.side, one.ages] += one.people
    shown = [ages for ages in AGES if any(key[2] == ages for key in numbers)]
    rows: list[Sequence[Text | str]] = []
    for form in MentoringForm:
        for side in Side:
            mine = [numbers[form, side, ages] for ages in shown]
            if any(mine):
                counts = (str(people or "") for people in mine)
                rows.append((speaker.word("form", form), SIDES[side], *counts, str(sum(mine))))
    ages = (ages or text("age unknown") for ages in shown)
    numeric = [_RIGHT] * (len(shown) + 1)
    paper.table((text("form"), text("side"), *ages, text("together")), rows, justify=("left", "left", *numeric))


def _dates(paper: Paper, due: Iterable[Due]) -> None:
    """Print what is due, those with the same date in one line."""
    paper.title(text("What is due"))
    rows = []
    for _, same in groupby(
        due, key=lambda one: (one.day, one.first_day if one.day is None else None, one.id, one.covers)
    ):
        mine = list(same)
        rows.append(_date_row(mine, paper))
    headings = (text("until"), text("what"), text("level"), text("how it stands"), text("clause"))
    paper.table(headings, rows, styles=("cyan",))


def _date_row(mine: Sequence[Due], paper: Paper) -> tuple[Text | str, ...]:
    one = mine[0]
    title = one.title if paper.lang == "ru" else one.title_en
    if one.day is not None:
        until: Text | str = f"{one.day:%d.%m.%Y}"
    elif one.first_day is not None:
        until = text("from {day}", day=f"{one.first_day:%d.%m.%Y}")
    else:
        until = "—"
    if one.covers is not None:
        title = f"{title} ({paper.say(text('until {day}', day=f'{one.covers:%d.%m.%Y}'))})"
    return until, title, LEVELS[one.level], _standing(mine, paper), one.clause


def _standing(mine: Sequence[Due], paper: Paper) -> str:
    """Return how entries of one date stand: in words, or counted where they differ."""
    parts = []
    for state in DueState:
        count = sum(one.state is state for one in mine)
        if count:
            words = paper.say(STATES[state])
            parts.append(words if len(mine) == 1 else f"{words}: {count}")
    return ", ".join(parts)


def _risks(paper: Paper, signals: Sequence[Signal], speaker: Speaker) -> None:
    paper.title(text_n("{count} sign of risk", "{count} signs of risk", count=len(signals)))
    for risk, words in RISKS.items():
        mine = [one for one in signals if one.risk == risk]
        if not mine:
            continue
        paper.line(f"{paper.say(words)}: {len(mine)}", "bold")
        for line in _signal_lines(mine[:_MOST_SIGNALS], speaker):
            paper.line(line, indent=2)
        rest = len(mine) - _MOST_SIGNALS
        if rest > 0:
            paper.line(
                text_n("… and {count} more of this kind", "… and {count} more of this kind", count=rest), indent=2
            )


def _signal_lines(signals: Iterable[Signal], speaker: Speaker) -> Iterator[str]:
    for one in signals:
        who = speaker.persons(one.people, most=_MOST_PLACES) or speaker.organisation(one.organisation)
        yield f"{who}: {speaker.say(one.message)}"
