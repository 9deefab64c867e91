"""Sessions of a whole school year: a municipality of five real timetables, from files to the judged plan, and repairs.

The five FET files go through the importer, the maps it drafts, the reader, pairing and planning, as a user would do it.
Seconds count from opening the roster and the maps to the plan; the steps stand in the note. "Placed" is held against a
bound computed without the plan: the sum over activities of what the windows of its people allow by themselves.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

from benchmarks.instances import shared_data
from benchmarks.municipality import SCHOOLS, build_policy, build_roster, read_lessons
from benchmarks.rows import Row, run_rows_apart
from matcher.io.read_roster import read_roster
from matcher.io.read_timetables import read_weeks
from matcher.io.timetable.draft.map_text import choose_organisation, map_text
from matcher.io.timetable.draft.people import match_people
from matcher.io.timetable.read_timetable import read_timetable
from matcher.io.timetable.write_busy import write_busy_csv
from matcher.io.write_roster import write_roster
from matcher.judge.schedule.verdict import schedule_violations
from matcher.plan import Plan
from matcher.planning import make_plan
from matcher.repair.changes import Changes
from matcher.repair.repair import repair_plan
from matcher.roster import Absence, Roster
from matcher.sessions.schedule import ActivityPurpose, SessionState

TERM = (date(2026, 9, 1), date(2027, 5, 26))
TODAY = date(2026, 11, 9)
SECONDS = 12.0
SEED = 1
NUM_ILL = 20


def municipality_rows() -> list[Row]:
    """Return the rows of the municipality: its plan, its levels, its repairs."""
    return run_rows_apart(_measure)


def prepare(folder: Path) -> tuple[Path, list[Path]]:
    """Write the roster and, by the importer, a busy table and a map for each school; return the paths."""
    lessons = [read_lessons(shared_data() / "timetables" / "busy_csv", school) for school in SCHOOLS]
    roster = build_roster(lessons, seed=SEED)
    write_roster(roster, folder / "roster.xlsx")
    return folder / "roster.xlsx", [_import(folder, roster, school) for school in SCHOOLS]


def _import(folder: Path, roster: Roster, school: str) -> Path:
    found = read_timetable(shared_data() / "timetables" / f"{school}.fet")
    organisation = choose_organisation(roster, school, found)
    busy, map_file = folder / f"{school}.csv", folder / f"{school}.toml"
    write_busy_csv(found, busy)
    people = match_people(found.teachers, roster, organisation.id)
    map_file.write_text(map_text(found, people, organisation, busy, map_file, "en"), encoding="utf-8")
    return map_file


def _measure() -> list[Row]:
    with TemporaryDirectory() as name:
        roster_file, maps = prepare(Path(name))
        begin = time.perf_counter()
        roster = read_roster(roster_file)
        busy, timetables, _ = read_weeks(maps, roster, year=2026)
        read = time.perf_counter()
        plan = make_plan(
            roster, build_policy(), busy=busy, timetables=timetables, term=TERM, time_limit=SECONDS, seed=SEED
        )
        seconds = time.perf_counter() - begin
    return [_plan_row(plan, seconds, read - begin), *_level_rows(plan), _repair_row(plan)]


def _plan_row(plan: Plan, seconds: float, reading: float) -> Row:
    schedule = plan.schedule
    assert schedule is not None
    wanted = sum(activity.wanted for activity in schedule.activities)
    at_most = wanted - sum(len(found.numbers) for found in schedule.unplaced if found.is_proved)
    broken = len(schedule_violations(plan))
    kinds = Counter(str(activity.kind) for activity in schedule.activities)
    reasons = sum(bool(found.reasons) for found in schedule.unplaced)
    note = f"pairs and groups {len({a.id.partition('/')[0] for a in schedule.activities})}, wanted {wanted}; "
    note += f"reading {reading:.1f}; violations {broken}; left out {len(schedule.unplaced)}, with reasons {reasons}; "
    note += ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    placed = len(schedule.sessions)
    return Row(instance="municipality", method="matcher", value=placed, bound=at_most, seconds=seconds, note=note)


def _level_rows(plan: Plan) -> list[Row]:
    assert plan.schedule is not None
    return [
        Row(
            instance="municipality",
            method=f"level {level.name}",
            value=level.value,
            bound=level.bound,
            note="not proved" if level.proof is None else level.proof.value,
        )
        for level in plan.schedule.levels
    ]


def _repair_row(plan: Plan) -> Row:
    """Return what an absence of three weeks of twenty mentors, one at a time, costs."""
    schedule = plan.schedule
    assert schedule is not None
    published = tuple(replace(session, state=SessionState.PUBLISHED) for session in schedule.sessions)
    plan = replace(plan, schedule=replace(schedule, sessions=published))
    leads = Counter(a.mentor for a in schedule.activities if a.purpose is not ActivityPurpose.RESERVE)
    seconds, lost, placed, broken = [], 0, 0, 0
    for mentor, _ in sorted(leads.items(), key=lambda item: (-item[1], item[0]))[:NUM_ILL]:
        ill = Absence(person=mentor, start_day=TODAY, end_day=TODAY + timedelta(days=20))
        repair = repair_plan(plan, Changes(today=TODAY, absences=(ill,)))
        seconds.append(repair.seconds)
        lost += len(repair.lost)
        placed += len(repair.options[0].replaced)
        broken += sum(len(schedule_violations(option.plan)) for option in repair.options)
    note = f"{NUM_ILL} mentors ill for three weeks: lost {lost}, placed anew {placed}; mean {mean(seconds):.2f} s; "
    return Row(
        instance="municipality", method="repair, slowest", seconds=max(seconds), note=f"{note}violations {broken}"
    )


TABLES: dict[str, Callable[[], list[Row]]] = {"municipality": municipality_rows}
