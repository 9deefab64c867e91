"""Commands that decide or judge a round: `pair`, `plan`, `demo`, `verify`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from matcher.cli.language import chosen, t
from matcher.cli.options import (
    AnyPlanPath,
    CalendarOption,
    FirstDay,
    LastDay,
    OutFolder,
    Previous,
    RequiredPolicy,
    RosterPath,
    Seed,
    TimeLimit,
    Timetables,
    WorkLimit,
)
from matcher.cli.results import show_plan, write_plan
from matcher.cli.speed import verify_event
from matcher.cli.watching import watched
from matcher.texts import text

if TYPE_CHECKING:
    from matcher.plan import Plan
    from matcher.policy import Policy
    from matcher.roster import Roster
    from matcher.timegrid import Busy

NEGATIVE = 1


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module to ``app``."""
    app.command("demo", help=t(text("Make up a small municipality and take it the whole way.")))(demo)
    app.command("pair", help=t(text("Pair the people of a roster under a regulation.")))(pair)
    app.command("plan", help=t(text("Pair the people of a roster and plan their meetings: the whole path.")))(plan)
    app.command("verify", help=t(text("Re-check a plan and its meetings, or a speed event, without a solver.")))(verify)


def demo(
    out: OutFolder = Path("out"),
    policy: RequiredPolicy = "anuchino",
    seed: Seed = 1,
) -> None:
    """Make up a small municipality with timetables, take it the whole way, write all outputs and say where to look."""
    from matcher.generate.roster import PRESETS, generate_roster
    from matcher.generate.timetables import generate_busy
    from matcher.io.write_roster import write_roster
    from matcher.io.write_timetables import write_timetables
    from matcher.io.writing import make_folder, writing

    make_folder(out)
    made = generate_roster(**PRESETS["small"], seed=seed, policy_id=policy)
    with writing(out / "roster.xlsx"):
        write_roster(made, out / "roster.xlsx")
    with writing(out / "timetables"):
        maps = write_timetables(made, generate_busy(made, seed=seed), out / "timetables")
    # The same days whenever it is run: the usual ones of the school year, past or not.
    _plan(out / "roster.xlsx", policy=policy, out=out, timetables=list(maps), seed=seed)


def pair(
    roster: RosterPath,
    policy: RequiredPolicy,
    out: OutFolder,
    timetables: Timetables = None,
    time_limit: TimeLimit = 60.0,
    work_limit: WorkLimit = None,
    previous: Previous = None,
    seed: Seed = 0,
) -> None:
    """Pair the people of a roster; write plan.json and plan.xlsx into OUT."""
    from matcher.io.plan_json import read_plan_json
    from matcher.io.policy_toml import read_policy
    from matcher.io.writing import make_folder
    from matcher.plan import make_plan, pairs_of

    regulation = read_policy(policy)
    people = _read_and_remark(roster)
    busy = _read_timetables(timetables or [], people, regulation)
    earlier = None if previous is None else pairs_of(read_plan_json(previous))
    make_folder(out)  # before the long work: what cannot be kept need not be sought
    with watched(t(text("Pairing"))) as (on_progress, stop):
        found = make_plan(
            people,
            regulation,
            busy=busy,
            time_limit=time_limit,
            work_limit=work_limit,
            seed=seed,
            previous=earlier,
            on_progress=on_progress,
            stop=stop,
        )
    show_plan(found, write_plan(found, out))
    if not found.pairs:
        raise typer.Exit(NEGATIVE)


def plan(
    roster: RosterPath,
    policy: RequiredPolicy,
    out: OutFolder,
    timetables: Timetables = None,
    calendar: CalendarOption = None,
    first_day: FirstDay = None,
    last_day: LastDay = None,
    time_limit: TimeLimit = 60.0,
    work_limit: WorkLimit = None,
    previous: Previous = None,
    seed: Seed = 0,
) -> None:
    """Pair the people and plan their meetings; write plan, workbook, calendars, order and page into OUT."""
    _plan(
        roster,
        policy=policy,
        out=out,
        timetables=timetables,
        calendar=calendar,
        first_day=None if first_day is None else first_day.date(),
        last_day=None if last_day is None else last_day.date(),
        today=date.today(),
        time_limit=time_limit,
        work_limit=work_limit,
        previous=previous,
        seed=seed,
    )


def _plan(
    roster: Path,
    *,
    policy: str,
    out: Path,
    timetables: list[Path] | None,
    calendar: str | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
    today: date | None = None,
    time_limit: float = 60.0,
    work_limit: int | None = None,
    previous: Path | None = None,
    seed: int = 0,
) -> None:
    """Go the whole path; where ``today`` is given, meetings that nobody dates begin later."""
    from matcher.cli.terms import read_round
    from matcher.io.plan_json import read_plan_json
    from matcher.io.policy_toml import read_policy
    from matcher.io.writing import make_folder
    from matcher.plan import make_plan, pairs_of

    regulation = read_policy(policy)
    people = _read_and_remark(roster)
    before = None if previous is None else read_plan_json(previous)
    busy, weeks, term = read_round(
        timetables or [],
        people,
        regulation,
        calendar=calendar,
        first_day=first_day or _running_since(before),
        last_day=last_day,
        today=today,
    )
    make_folder(out)  # before the long work: what cannot be kept need not be sought
    with watched(t(text("Planning"))) as (on_progress, stop):
        found = make_plan(
            people,
            regulation,
            busy=busy,
            timetables=weeks,
            term=term,
            time_limit=time_limit,
            work_limit=work_limit,
            seed=seed,
            previous=None if before is None else pairs_of(before),
            schedule_before=None if before is None else before.schedule,
            on_progress=on_progress,
            stop=stop,
        )
    show_plan(found, write_plan(found, out))
    if _nothing_placed(found):
        raise typer.Exit(NEGATIVE)


def _running_since(before: Plan | None) -> date | None:
    """Return the first day of a plan of which meetings were held already: what was held stays in it."""
    from matcher.sessions.schedule import SessionState

    schedule = None if before is None else before.schedule
    if schedule is None or all(session.state is not SessionState.HELD for session in schedule.sessions):
        return None
    return schedule.first_day


def _nothing_placed(found: Plan) -> bool:
    """Say whether there are pairs to meet and not one meeting of theirs is placed."""
    schedule = found.schedule
    return not found.pairs or (schedule is not None and bool(schedule.activities) and not schedule.sessions)


def _read_and_remark(path: Path) -> Roster:
    from matcher.errors import InputError
    from matcher.io.console import print_remarks
    from matcher.io.read_roster import check_roster

    report = check_roster(path)
    print_remarks(report.remarks, chosen())
    if report.roster is None:
        raise InputError(report.faults)
    return report.roster


def _read_timetables(maps: list[Path], people: Roster, regulation: Policy) -> Busy | None:
    """Read the busy times of all maps; without any, times are unknown and groups agree on theirs later."""
    if not maps:
        return None
    from matcher.io.console import print_remarks
    from matcher.io.read_busy import read_busy

    busy, remarks = read_busy(maps, people)
    print_remarks(remarks, chosen())
    return busy


def verify(plan: AnyPlanPath) -> None:
    """Re-check a plan, with its meetings, or a speed event: rules, values and bounds, without a solver."""
    from matcher.io.console import print_verification
    from matcher.io.plan_json import read_plan_json
    from matcher.io.speed_json import is_speed_file
    from matcher.judge.verify_plan import verify_plan

    if is_speed_file(plan):
        verify_event(plan)
        return
    checked = read_plan_json(plan)
    found = verify_plan(checked)
    print_verification(found, chosen(), checked)
    if found.violations:
        raise typer.Exit(NEGATIVE)
