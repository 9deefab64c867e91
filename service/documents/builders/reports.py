"""Reports: of a quarter (D-11), of the year with three signatures (D-12), of the curator at the end (D-13).

References
----------
DAL 5.3 (DAL-52, DAL-54, DAL-55), KAL 3.9, BAR 4.1.3, SMO 6.1, SMO 8.3 (risks).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from matcher.indicators.counting import Figure, Unit
from matcher.indicators.period import school_year_of
from matcher.indicators.report import advice, build_monitoring
from matcher.texts import say
from service.documents.builders.consents import programmes_of
from service.documents.material import Material, Two
from service.documents.words import day, long_day, small, word
from service.organisations.details import House
from service.records.monitoring import build_area_facts
from service.records.plans_of_areas import RiskNote, Swot
from service.records.programmes import Programme
from service.records.reports import FinalFields, FinalReport, QuarterlyFields, QuarterlyReport, Spheres
from service.records.standing import AnalyticalFields, AnalyticalReport
from service.rounds.life import LIVE
from service.rounds.working_days import IS_WORKING_DAY
from service.tables.rounds import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterPaper:
    """The report of one quarter; without one a blank form for the present quarter."""

    house: House
    pair: Two
    quarter: str
    due_day: str
    done: str
    difficulties: str
    changes: str
    meetings_held: str
    project_culture: str
    attendance: str
    successful_projects: str
    activity: str
    remark: str
    is_checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarters:
    """D-11: the reports of all quarters of the pairs chosen."""

    regulation: str
    papers: tuple[QuarterPaper, ...]


def build_quarters(it: Material) -> Quarters:
    """Return every quarterly report there is, and a blank form for pairs that have none."""
    written = it.records_of_pairs(QuarterlyReport())
    present = QuarterlyFields(year=it.today.year, quarter=(it.today.month - 1) // 3 + 1)
    papers = []
    for pair in it.worked:
        rows = [(record.state, record.due_day, said) for record, said in written.get(pair.id, ())]
        for state, due, said in sorted(rows, key=lambda row: (row[2].year, row[2].quarter)) or [("", None, present)]:
            papers.append(_quarter(it, pair, said, due, is_checked=state == "checked"))
    return Quarters(regulation=it.policy.title, papers=tuple(papers))


def _quarter(it: Material, pair: Pair, said: QuarterlyFields, due: object, *, is_checked: bool) -> QuarterPaper:
    marks = said.criteria
    given = {name: _mark(getattr(marks, name)) if marks is not None else "" for name in _CRITERIA}
    return QuarterPaper(
        house=it.houses[pair.mentee_area_id],
        pair=it.two(pair),
        quarter=f"{said.quarter}-й квартал {said.year} года",
        due_day=day(due),  # type: ignore[arg-type]
        done=said.done or "",
        difficulties=said.difficulties or "",
        changes=said.changes or "",
        meetings_held=_mark(said.meetings_held),
        remark=said.curator_remark or "",
        is_checked=is_checked,
        **given,
    )


_CRITERIA = ("project_culture", "attendance", "successful_projects", "activity")


def _mark(value: int | None) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class SphereRow:
    """Success in one sphere, at the start and at the end."""

    title: str
    start: str
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalPaper:
    """The report of one pair."""

    house: House
    pair: Two
    day: str
    goals: tuple[str, ...]
    num_meetings: int
    num_held: int
    process: str
    mentee_progress: str
    mentor_work: str
    risks: str
    rating: str
    plan_reached: str
    spheres: tuple[SphereRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finals:
    """D-12: the reports of the pairs chosen."""

    regulation: str
    papers: tuple[FinalPaper, ...]


_SPHERES = {
    "cognitive": "познавательная",
    "communicative": "коммуникативная",
    "emotional": "эмоциональная",
    "independence": "самостоятельность",
}


def build_finals(it: Material) -> Finals:
    """Return the reports of the year, with blanks where nothing is written yet."""
    written, programmes = it.records_of_pairs(FinalReport()), programmes_of(it)
    papers = []
    for pair in it.worked:
        said = written[pair.id][-1][1] if pair.id in written else FinalFields()
        meetings = it.meetings[pair.id]
        papers.append(
            FinalPaper(
                house=it.houses[pair.mentee_area_id],
                pair=it.two(pair),
                day=long_day(said.day),
                goals=programmes[pair.id].goals if pair.id in programmes else (),
                num_meetings=len(meetings),
                num_held=sum(one.state == "held" for one in meetings),
                process=said.process or "",
                mentee_progress=said.mentee_progress or "",
                mentor_work=said.mentor_work or "",
                risks=said.risks or "",
                rating=_mark(said.rating),
                plan_reached={True: "да", False: "нет", None: ""}[said.plan_reached],
                spheres=tuple(_spheres(said)),
            )
        )
    return Finals(regulation=it.policy.title, papers=tuple(papers))


def _spheres(said: FinalFields) -> Iterable[SphereRow]:
    if said.spheres_at_start is None and said.spheres_at_end is None:
        return
    start, end = said.spheres_at_start or Spheres(), said.spheres_at_end or Spheres()
    for name, title in _SPHERES.items():
        yield SphereRow(title=title, start=_mark(getattr(start, name)), end=_mark(getattr(end, name)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A thing that is counted."""

    title: str
    count: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """An indicator: plan, fact, and what is missing to count it."""

    id: str
    title: str
    plan: str
    value: str
    is_met: str
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRow:
    """A risk: what shows it, what is done about it."""

    title: str
    signs: str
    measures: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """D-13: the final analytical report of the curator."""

    house: House
    regulation: str
    round: str
    school_year: str
    day: str
    numbers: tuple[Number, ...]
    forms: tuple[Number, ...]
    kinds: tuple[Number, ...]
    ends: tuple[Number, ...]
    figures: tuple[FigureRow, ...]
    risks: tuple[RiskRow, ...]
    strengths: str
    weaknesses: str
    opportunities: str
    threats: str
    results: str
    conclusions: str
    risk_words: str
    advice: str
    plan_next_year: str
    plans: tuple[str, ...]


def build_analysis(it: Material) -> Analysis:
    """Return the final report: numbers of the round, indicators of its school year, risks, what follows."""
    year = school_year_of(it.round_.first_day or it.today)
    facts = build_area_facts(it.session, it.vault, it.area, it.policy, it.today, bank=it.bank, with_needs=True)
    counted = build_monitoring(facts, it.policy, year, it.today, is_working_day=IS_WORKING_DAY)
    figures = counted.current.figures()
    swot = [said for _, said in it.records_of_round(Swot())]
    last = swot[-1] if swot else None
    written = [said for _, said in it.records_of_round(AnalyticalReport())]
    words = written[-1] if written else AnalyticalFields()
    word_of_advice = advice(figures)
    return Analysis(
        house=it.house,
        regulation=it.policy.title,
        round=it.round_.name,
        school_year=f"{year}/{year + 1}",
        day=long_day(it.today),
        numbers=tuple(_numbers(it)),
        forms=_counted(it.form(pair.form) for pair in it.worked),
        kinds=_counted(small("kind", pair.kind) for pair in it.worked),
        ends=_counted(word("end_reason", pair.end_reason) for pair in it.worked if pair.end_reason),
        figures=tuple(_figure(one) for one in figures if not one.part),
        risks=tuple(_risks(it, [(one.risk, say(one.message, "ru")) for one in counted.signals])),
        strengths="" if last is None else last.strengths or "",
        weaknesses="" if last is None else last.weaknesses or "",
        opportunities="" if last is None else last.opportunities or "",
        threats="" if last is None else last.threats or "",
        results=words.results or "",
        conclusions=words.indicators or "",
        risk_words=words.risks or "",
        plan_next_year=words.plan_next_year or "",
        advice="" if word_of_advice is None else say(word_of_advice, "ru"),
        plans=tuple(_plans(it)),
    )


def _numbers(it: Material) -> Iterable[Number]:
    pairs = it.worked
    meetings = {one.id: one for rows in it.meetings.values() for one in rows}.values()
    states = Counter(one.state for one in meetings)
    programmes = [rows[-1][0] for rows in it.records_of_pairs(Programme()).values()]
    for title, count in (
        ("Наставнических пар всего", len(pairs)),
        ("в том числе в группах", sum(pair.group_code is not None for pair in pairs)),
        ("Наставников", len({pair.mentor_id for pair in pairs})),
        ("Наставляемых", len({pair.mentee_id for pair in pairs})),
        ("Пар, прошедших полный цикл", sum(pair.full_cycle for pair in pairs)),
        ("Пар, завершённых досрочно", sum(pair.state == "terminated" for pair in pairs)),
        ("Персонализированных программ", len(programmes)),
        ("в том числе завершённых", sum(record.state == "closed" for record in programmes)),
        ("Встреч по графику", len(meetings)),
        ("Встреч проведено", states["held"]),
        ("Встреч не состоялось", states["missed"]),
    ):
        yield Number(title=title, count=str(count))


def _counted(words: Iterable[str]) -> tuple[Number, ...]:
    return tuple(Number(title=title, count=str(count)) for title, count in sorted(Counter(words).items()))


def _figure(one: Figure) -> FigureRow:
    missing = "; ".join(dict.fromkeys(say(gap.what, "ru") for gap in one.missing))
    return FigureRow(
        id=one.id,
        title=say(one.title, "ru"),
        plan="" if one.plan is None else _number(one.plan.value, one.unit),
        value="нет данных" if one.value is None else _number(one.value, one.unit),
        is_met={True: "выполнен", False: "не выполнен", None: ""}[one.is_met],
        missing=missing,
    )


def _number(value: float, unit: Unit) -> str:
    shown = f"{value:.1f}".replace(".", ",").removesuffix(",0")
    return f"{shown} %" if unit is Unit.PERCENT else shown


def _risks(it: Material, signals: list[tuple[str, str]]) -> Iterable[RiskRow]:
    notes = [said for _, said in it.records_of_round(RiskNote())]
    for risk in dict.fromkeys([*(name for name, _ in signals), *(str(one.risk) for one in notes)]):
        own = [one for one in notes if str(one.risk) == risk]
        signs = [*dict.fromkeys(message for name, message in signals if name == risk), *(one.words for one in own)]
        yield RiskRow(
            title=word("risk", risk),
            signs="\n".join(signs),
            measures="\n".join(one.measures for one in own if one.measures),
        )


def _plans(it: Material) -> Iterable[str]:
    """Yield what the numbers ask of the next year."""
    ended = [pair for pair in it.worked if pair.state == "terminated"]
    going_on = {pair.mentee_id for pair in it.pairs if pair.state in LIVE}
    left = sum(pair.mentee_id not in going_on for pair in ended)
    if left:
        yield f"Подобрать наставников наставляемым, чьи пары завершены досрочно (человек: {left})."
    unfinished = sum(pair.state in LIVE for pair in it.worked)
    if unfinished:
        yield f"Завершить программы работающих пар и подписать итоговые отчёты (пар: {unfinished})."
