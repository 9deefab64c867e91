"""Figures of a plan by name, its levels, and the indicators of its regulation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from matcher.indicators.build import build_facts
from matcher.indicators.due import DueState
from matcher.indicators.period import school_year_of
from matcher.indicators.report import Monitoring, build_monitoring
from matcher.io.indicators_toml import parse_indicators
from matcher.io.working_days import working_days
from matcher.pairing.result import LevelResult
from matcher.plan import Plan
from matcher.sessions.schedule import ActivityPurpose
from scenarios.rows import DueRow, IndicatorRow, LevelRow
from scenarios.scenario import Files, Run
from scenarios.shares import share_figures

_POINTS = "SO-03"


def headline(plan: Plan) -> LevelResult | None:
    """Return the level of points, on which one plan differs from another; None where the regulation has none."""
    return next((level for level in plan.levels if _POINTS in level.name.split("+")), None)


def level_rows(plan: Plan) -> tuple[LevelRow, ...]:
    """Return the levels of pairing."""
    return tuple(
        LevelRow(name=one.name, value=one.value, bound=one.bound, proof=None if one.proof is None else one.proof.value)
        for one in plan.levels
    )


def session_level_rows(plan: Plan) -> tuple[LevelRow, ...]:
    """Return the levels of sessions, none where they were not planned."""
    levels = () if plan.schedule is None else plan.schedule.levels
    return tuple(
        LevelRow(name=one.name, value=one.value, bound=one.bound, proof=None if one.proof is None else one.proof.value)
        for one in levels
    )


def plan_figures(plan: Plan) -> dict[str, float]:
    """Return the numbers of a plan: people, pairs by what they are, sessions."""
    roster, pairs = plan.roster, plan.pairs
    served = {pair.mentee for pair in pairs}
    home = {one.id: one.organisation for one in roster.people}
    home |= {one.id: one.organisation for one in roster.classes}
    type_of = {one.id: one.type.value for one in roster.organisations}
    load = Counter(pair.mentor for pair in pairs)
    figures: dict[str, float] = {
        "mentors": len(roster.mentors),
        "mentees": len(roster.mentees),
        "pairs": len(pairs),
        "groups": len(plan.groups),
        "served": len(served),
        "unmatched": len(plan.unmatched),
        "coverage": 100 * len(served) / max(1, len(roster.mentees)),
        "locked": sum(pair.locked for pair in pairs),
        "counter": sum(pair.counter for pair in pairs),
        "conflicts": len(plan.conflicts),
        "warnings": sum(len(pair.warnings) for pair in pairs),
        "mentors_used": len(load),
        "load.most": max(load.values(), default=0),
        "several_mentors": sum(count > 1 for count in Counter(pair.mentee for pair in pairs).values()),
        "requests_covered": sum(one.startswith("request") for pair in pairs for one in pair.covers),
        "deficits_covered": sum(one.startswith("deficit") for pair in pairs for one in pair.covers),
        "consents": len(roster.consents),
        "contracts": len(roster.contracts),
    }
    figures |= _counted("form", (pair.form.value for pair in pairs))
    figures |= _counted("kind", (pair.kind.value for pair in pairs))
    figures |= _counted("contour", (pair.contour.value for pair in pairs))
    figures |= _counted("model", (pair.model.value for pair in pairs if pair.model is not None))
    figures |= _counted("type", (type_of.get(home.get(one, ""), "unknown") for one in sorted(served)))
    figures |= _counted("topic", _topics(plan))
    return figures | share_figures(plan) | _session_figures(plan)


def _topics(plan: Plan) -> Iterable[str]:
    """Yield the topic of every request that is covered."""
    requests = {one.person: one.requests for one in plan.roster.mentees}
    for pair in plan.pairs:
        for name in pair.covers:
            sort, _, number = name.partition(":")
            if sort == "request":
                yield requests[pair.mentee][int(number)].topic.value


def _session_figures(plan: Plan) -> dict[str, float]:
    schedule = plan.schedule
    if schedule is None:
        return {}
    visits = {one.id for one in schedule.activities if one.purpose is ActivityPurpose.LESSON_VISIT}
    placed = len(schedule.sessions)
    figures: dict[str, float] = {
        "activities": len(schedule.activities),
        "sessions": placed,
        "sessions.wanted": sum(one.wanted for one in schedule.activities),
        "sessions.missing": sum(len(one.numbers) for one in schedule.unplaced),
        "sessions.lesson_visit": sum(one.activity in visits for one in schedule.sessions),
        "sessions.checkpoint": sum(one.checkpoint for one in schedule.sessions),
        "sessions.licence": sum(one.licence is not None for one in schedule.sessions),
        "reserves": len(schedule.reserves),
        "apart": len(plan.apart),
    }
    return figures | _counted("sessions", (one.mode.value for one in schedule.sessions))


def _counted(name: str, words: Iterable[str]) -> dict[str, float]:
    return {f"{name}.{word}": float(count) for word, count in sorted(Counter(words).items())}


def monitor(plan: Plan, run: Run, files: Files) -> Monitoring:
    """Return the report of the school year of a run: indicators, dates, signs of risk.

    Raises
    ------
    InputError
        When what is stated beside the plan has faults.
    """
    today = run.settings.today or plan.reference_day
    name = run.settings.stated
    stated = None if name is None else parse_indicators(files[name].decode("utf-8-sig"), name, plan)
    return build_monitoring(
        build_facts(plan, today, stated),
        plan.policy,
        school_year_of(plan.reference_day),
        today,
        is_working_day=working_days(),
        school_quarters=_quarters(plan),
    )


def indicator_rows(found: Monitoring) -> tuple[tuple[IndicatorRow, ...], dict[str, float]]:
    """Return the indicators of the year before (judged) and of this round, and how dates and risks stand."""
    rows = tuple(
        IndicatorRow(
            period=period,
            id=one.id,
            part=one.part,
            value=one.value,
            unit=one.unit.value,
            plan=None if one.plan is None else float(one.plan.value),
            is_met=one.is_met,
        )
        for period, counted in (("before", found.before), ("current", found.current))
        for one in counted.figures()
    )
    dated = {f"due.{state.value}": float(sum(one.state is state for one in found.due)) for state in DueState}
    dated |= _counted("risk", (one.risk for one in found.signals))
    dated["participants"] = float(sum(one.people for one in found.participants))
    return rows, dated


def due_rows(found: Monitoring) -> tuple[DueRow, ...]:
    """Return what is due, by day: the same for many organisations or pairs is one row for each way it stands."""
    counted = Counter(
        (
            one.day or one.first_day or date.max,
            one.id,
            one.title,
            one.title_en,
            one.level.value,
            one.clause,
            "" if one.first_day is None else one.first_day.isoformat(),
            "" if one.day is None else one.day.isoformat(),
            one.state.value,
        )
        for one in found.due
    )
    names = ("id", "title", "title_en", "level", "clause", "first_day", "day", "state")
    return tuple(DueRow(**dict(zip(names, key[1:], strict=True)), count=counted[key]) for key in sorted(counted))


def _quarters(plan: Plan) -> Sequence[date]:
    """Return the last days of the terms of the school year, none without timetables."""
    if plan.timetables is None or not plan.timetables.years:
        return ()
    year = plan.timetables.years.get("") or next(iter(plan.timetables.years.values()))
    return tuple(term.last_day for term in year.terms)
