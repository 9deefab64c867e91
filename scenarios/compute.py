"""One run: a pure function from its inputs to a row of figures and the files worth keeping."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from matcher.explain.report import explain_plan
from matcher.indicators.report import Monitoring
from matcher.io.plan_json import plan_lines
from matcher.io.policy_toml import build_policy
from matcher.io.write_indicators_xlsx import write_indicators_xlsx
from matcher.io.write_order import write_order
from matcher.io.write_plan_xlsx import write_plan_xlsx
from matcher.io.write_report_html import write_report_html
from matcher.judge.verify_plan import verify_plan
from matcher.outcome import SolveStatus
from matcher.plan import Plan
from matcher.planning import make_plan
from scenarios.balance.contours import compute_contours
from scenarios.balance.fair_shares import compute_fair_shares
from scenarios.balance.load import compute_load
from scenarios.balance.mid_year import compute_mid_year
from scenarios.balance.recruit import compute_recruit
from scenarios.balance.reverse import compute_reverse
from scenarios.balance.speed_fair import compute_speed_fair
from scenarios.balance.stress import compute_stress
from scenarios.country_round import country_figures, country_levels, country_people, proof_as_json, solve_round
from scenarios.figures import due_rows, headline, indicator_rows, level_rows, monitor, plan_figures, session_level_rows
from scenarios.materials import DEFAULT_YEAR, Materials, build_materials
from scenarios.middle import MiddleOfYear, live_through
from scenarios.outcome import Outcome, Watch
from scenarios.rows import Row
from scenarios.scenario import Files, Run


def compute_run(run: Run, files: Files) -> Outcome:
    """Return the outcome of a run: the same for the same inputs, wherever it is computed, but for the seconds.

    Raises
    ------
    InputError
        When the inputs have faults that show only now.
    AssertionError
        When the program broke a rule of its own: a fault of the program.
    """
    return WAYS[run.settings.what](run, files)


def compute_plan(run: Run, files: Files) -> Outcome:
    """Return the outcome of a round: pairs, sessions where there are timetables, the middle of the year, figures."""
    watch = Watch()
    with watch("materials"):
        given = build_materials(run, files)
    with watch("plan"):
        plan = _plan(run, given)
    middle = MiddleOfYear(plan=plan)
    if run.settings.changes is not None:
        with watch("changes"):
            middle = live_through(
                plan, run.settings.changes, seed=run.settings.seed, work_limit=run.settings.work_limit
            )
    with watch("judge"):
        found = [verify_plan(one) for one in dict.fromkeys((plan, middle.plan))]
    with watch("indicators"):
        monitoring = monitor(middle.plan, run, files)
        indicators, dated = indicator_rows(monitoring)
    with watch("files"):
        kept = _files(middle.plan, monitoring, run)
    top = headline(plan)
    return Outcome(
        row=Row(
            run=run.name,
            scenario=run.scenario,
            digest=run.digest,
            axes=run.axes,
            status=plan.status.value,
            value=None if top is None else float(top.value),
            bound=None if top is None else float(top.bound),
            gap=None if top is None else 0.0 if top.proof is not None else top.gap,
            violations=sum(len(one.violations) for one in found),
            levels=level_rows(plan),
            session_levels=session_level_rows(plan),
            indicators=indicators,
            due=due_rows(monitoring),
            figures={**plan_figures(plan), **middle.figures, **dated},
            seconds=watch.seconds(),
        ),
        files=kept,
    )


def compute_pairing(run: Run, files: Files) -> Outcome:
    """Return the outcome of pairing alone; timetables still say which common times there are."""
    settings = run.settings.model_copy(update={"changes": None})
    return compute_plan(replace(run, settings=settings), files)


def compute_country(run: Run, files: Files) -> Outcome:
    """Return the outcome of a round of a country: pairs proved over all pairs, the proof re-checked by the judge."""
    watch = Watch()
    with watch("materials"):
        policy = build_policy(run.policy, run.settings.policy)
        roster = country_people(run.settings.roster, files)
    day = date(run.settings.year or DEFAULT_YEAR, 9, 1)
    with watch("pairing"):
        found = solve_round(roster, policy, day, time_limit=run.settings.time_limit)
    with watch("judge"):
        check = found.check()
    is_proved = check.is_proved and found.result.is_optimal
    levels = country_levels(found, is_proved=is_proved)
    top = next(level for level in levels if "SO-03" in level.name.split("+"))
    return Outcome(
        row=Row(
            run=run.name,
            scenario=run.scenario,
            digest=run.digest,
            axes=run.axes,
            status=(SolveStatus.OPTIMAL if is_proved else SolveStatus.FEASIBLE).value,
            value=float(top.value),
            bound=float(top.value) if is_proved else None,
            gap=0.0 if is_proved else None,
            violations=len(check.violations),
            levels=levels,
            figures=country_figures(found, check),
            seconds=watch.seconds(),
        ),
        files={"proof.json": proof_as_json(found.proof())},
    )


WAYS: dict[str, Callable[[Run, Files], Outcome]] = {
    "plan": compute_plan,
    "pair": compute_pairing,
    "country": compute_country,
    "contours": compute_contours,
    "load": compute_load,
    "recruit": compute_recruit,
    "fair_shares": compute_fair_shares,
    "mid_year": compute_mid_year,
    "reverse": compute_reverse,
    "speed_fair": compute_speed_fair,
    "stress": compute_stress,
}
"""What a scenario may run, by the word ``what`` in its file."""


def _plan(run: Run, given: Materials) -> Plan:
    settings = run.settings
    return make_plan(
        given.roster,
        given.policy,
        busy=given.busy,
        timetables=None if settings.what == "pair" else given.timetables,
        term=given.term,
        time_limit=settings.time_limit,
        work_limit=settings.work_limit,
        seed=settings.seed,
        reference_day=given.reference_day,
    )


def _files(plan: Plan, monitoring: Monitoring, run: Run) -> dict[str, bytes]:
    """Return the files the scenario wants kept; of people no more than stands in the plan."""
    wanted = run.settings.keep
    kept: dict[str, bytes] = {}
    report = explain_plan(plan) if set(wanted) & {"plan.xlsx", "report.html"} else None
    if "plan.json" in wanted:
        kept["plan.json"] = "".join(plan_lines(plan)).encode()
    with tempfile.TemporaryDirectory(prefix="scenario-") as name:
        folder = Path(name)
        if report is not None and "plan.xlsx" in wanted:
            write_plan_xlsx(plan, report, folder / "plan.xlsx", "ru")
        if report is not None and "report.html" in wanted and plan.schedule is not None:
            write_report_html(plan, report, folder / "report.html", "ru")
        if "indicators.xlsx" in wanted:
            write_indicators_xlsx(monitoring, plan, folder / "indicators.xlsx", "ru")
        if "order.docx" in wanted and plan.schedule is not None:
            write_order(plan, folder / "order.docx", "ru")
        kept |= {file.name: file.read_bytes() for file in sorted(folder.iterdir())}
    return kept
