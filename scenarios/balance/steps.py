"""Rounds set side by side in one row: each step a plan, its measures, and what it gains over the step before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from matcher.compare import Measure, compare_plans, figures_of
from matcher.judge.verify_plan import verify_plan
from matcher.outcome import SolveStatus
from matcher.plan import Plan
from matcher.planning import make_plan
from matcher.policy import Policy
from matcher.roster import Contour, Roster
from scenarios.figures import headline, level_rows, plan_figures
from scenarios.materials import Materials
from scenarios.outcome import Outcome, Watch
from scenarios.rows import Row
from scenarios.scenario import Run

PREFIX = "step."


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One round of several; ``extra`` are measures that only this sort of scenario knows."""

    name: str
    plan: Plan
    extra: Mapping[str, float] = field(default_factory=dict)


def pair_people(
    run: Run, given: Materials, *, policy: Policy, roster: Roster, previous: Mapping[tuple[str, str], str] | None = None
) -> Plan:
    """Return the pairs of people under a regulation, within the limits of the run."""
    settings = run.settings
    return make_plan(
        roster,
        policy,
        busy=given.busy,
        time_limit=settings.time_limit,
        work_limit=settings.work_limit,
        seed=settings.seed,
        previous=previous,
        reference_day=given.reference_day,
    )


def outcome_of(
    run: Run,
    steps: Sequence[Step],
    watch: Watch,
    figures: Mapping[str, float] | None = None,
    *,
    violations: int = 0,
) -> Outcome:
    """Return the outcome of steps: levels and plain figures are those of the last one, violations those of all.

    It is optimal only where every step is. ``violations`` are those found besides.
    """
    with watch("judge"):
        violations += sum(len(verify_plan(step.plan).violations) for step in steps)
    last = steps[-1].plan
    top = headline(last)
    is_proved = all(step.plan.status is SolveStatus.OPTIMAL for step in steps)
    return Outcome(
        row=Row(
            run=run.name,
            scenario=run.scenario,
            digest=run.digest,
            axes=run.axes,
            status=(SolveStatus.OPTIMAL if is_proved else SolveStatus.FEASIBLE).value,
            value=None if top is None else float(top.value),
            bound=None if top is None else float(top.bound),
            gap=None if top is None else 0.0 if top.proof is not None else top.gap,
            violations=violations,
            levels=level_rows(last),
            figures={**plan_figures(last), **load_figures(last), **step_figures(steps), **(figures or {})},
            seconds=watch.seconds(),
        )
    )


def step_figures(steps: Sequence[Step]) -> dict[str, float]:
    """Return the measures of steps as "step.MEASURE.NAME"; a name may have any signs in it."""
    found: dict[str, float] = {}
    for number, step in enumerate(steps):
        measures = measures_of(step.plan)
        if number:
            before = steps[number - 1].plan
            compared = compare_plans(before, step.plan)
            measures["gained"] = len(compared.newly_served) - len(compared.no_longer_served)
            measures["changed"] = len(compared.added) + len(compared.removed)
        found |= {f"{PREFIX}{name}.{step.name}": value for name, value in (measures | dict(step.extra)).items()}
    return found


def measures_of(plan: Plan) -> dict[str, float]:
    """Return what a step is counted by."""
    counted = figures_of(plan.pairs)
    kept = (Measure.SERVED, Measure.INSIDE, Measure.REQUESTS, Measure.GAPS, Measure.PAIRS, Measure.SEATS)
    found: dict[str, float] = {measure.value: counted[measure] for measure in (*kept, Measure.MENTORS)}
    found["coverage"] = 100 * counted[Measure.SERVED] / max(1, len(plan.roster.mentees))
    return found | {name.replace(".", "_"): value for name, value in load_figures(plan).items()}


def load_figures(plan: Plan) -> dict[str, float]:
    """Return load and travel: minutes of four weeks of the busiest mentor and on average, pairs of two organisations.

    Of a group the mentor's minutes count once.
    """
    minutes: Counter[str] = Counter()
    for pair in plan.pairs:
        if pair.group is None:
            minutes[pair.mentor] += pair.minutes
    for group in plan.groups:
        minutes[group.mentor] += group.minutes
    return {
        "load.minutes_most": max(minutes.values(), default=0),
        "load.minutes_mean": sum(minutes.values()) / max(1, len(minutes)),
        "travel.pairs": sum(pair.contour is not Contour.ORGANISATION for pair in plan.pairs),
    }
