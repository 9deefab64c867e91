"""Year plans of generated pairs on a real timetable (`rhythm_medcollege`), beside a plain dated model."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.rows import Row, run_rows_apart
from benchmarks.session_peer import MISSING_WEIGHT, plan_plainly
from benchmarks.session_rows import level_rows
from matcher.sessions.problem import NO_LIMIT, SessionProblem
from matcher.sessions.solve import solve_sessions
from matcher.sessions.verify import level_values, violations

IntArray = NDArray[np.int64]
PERIOD_MINUTES, BREAK_MINUTES, FIRST_MINUTE = 90, 10, 480
NUM_PERIODS = 6
SECONDS = {"A": 20.0, "B": 20.0, "C": 20.0, "E": 60.0}
PEER_SECONDS = 60.0


def rhythm_path(name: str) -> Path:
    """Return where the arrays of an instance are."""
    shared = Path(os.environ.get("MATCHER_SHARED", Path(__file__).parents[2] / "shared"))
    return shared / "data" / "rhythm_medcollege" / f"{name}.npz"


def read_rhythm(name: str) -> SessionProblem:
    """Return an instance as a session problem."""
    with np.load(rhythm_path(name)) as arrays:
        return build_rhythm({key: arrays[key] for key in arrays.files})


def build_rhythm(z: dict[str, Any]) -> SessionProblem:
    """Return the arrays as a session problem.

    A cell is a (site, cycle day, period); the weekly limit counts the sessions somebody leads, so leaders are people
    of their own beside those who attend.
    """
    window = z["window_of_day"].astype(np.int64)
    num_days, num_pairs = len(window), len(z["mentor"])
    cycle_day, period = z["option_cycle_day"].astype(np.int64), z["option_period"].astype(np.int64)
    resource, day = z["option_resource"].astype(np.int64), z["option_day"].astype(np.int64)
    sites = np.unique(z["resource_site"])
    venue_of = np.searchsorted(sites, z["resource_site"])
    slot, venue = cycle_day * NUM_PERIODS + period, venue_of[resource]
    num_slots = 12 * NUM_PERIODS
    code = (z["option_pair"].astype(np.int64) * num_slots + slot) * len(sites) + venue
    choices, choice = np.unique(code, return_inverse=True)
    choice_days = np.zeros((len(choices), num_days), dtype=np.bool_)
    choice_days[choice, day] = True
    cell = (slot * len(sites) + venue)[np.unique(choice, return_index=True)[1]]
    cell_size = np.zeros((num_slots * len(sites), num_days), dtype=np.int64)
    cell_size[slot * len(sites) + venue, day] = z["resource_capacity"][resource]
    people = int(max(z["mentor"].max(), z["mentee"].max())) + 1
    week_minutes = np.full(2 * people, NO_LIMIT, dtype=np.int64)
    week_minutes[people:] = int(z["sessions_per_mentor_week"]) * PERIOD_MINUTES
    pairs = np.arange(num_pairs)
    slots = np.arange(num_slots)
    start = FIRST_MINUTE + slots % NUM_PERIODS * (PERIOD_MINUTES + BREAK_MINUTES)
    return SessionProblem(
        num_days=num_days,
        num_people=2 * people,
        num_sites=int(sites.max()) + 1,
        wanted=z["sessions"].astype(np.int64),
        weight=np.ones(num_pairs, dtype=np.int64),
        lead=z["mentor"].astype(np.int64),
        next_day=np.tile(following(window, int(z["gap_days"])), (num_pairs, 1)),
        member_activity=np.concatenate([pairs, pairs, pairs]),
        member_person=np.concatenate([z["mentor"], z["mentee"], z["mentor"] + people]).astype(np.int64),
        slot_weekday=slots // NUM_PERIODS,
        slot_start=start,
        slot_end=start + PERIOD_MINUTES,
        slot_rhythm=slots,
        venue_site=sites.astype(np.int64),
        choice_activity=choices // (num_slots * len(sites)),
        choice_slot=choices // len(sites) % num_slots,
        choice_venue=choices % len(sites),
        choice_cost=(sites[choices % len(sites)] < 0).astype(np.int64),
        choice_minutes=np.full(len(choices), PERIOD_MINUTES, dtype=np.int64),
        choice_days=choice_days,
        choice_cell_start=np.arange(len(choices) + 1),
        choice_cell=cell,
        cell_size=cell_size,
        cell_pool=np.arange(num_slots * len(sites)) % len(sites),
        travel=np.zeros((int(sites.max()) + 1,) * 2, dtype=np.int64),
        week=np.arange(num_days) // 7,
        week_minutes=week_minutes,
    )


def following(window: IntArray, gap_days: int) -> IntArray:
    """Return the first day that may follow each day: in a later window, at least ``gap_days`` on."""
    num_days = len(window)
    last = np.maximum.accumulate(window)
    later = np.array([np.argmax(window > w) if (window > w).any() else num_days for w in last], dtype=np.int64)
    result: IntArray = np.minimum(num_days, np.maximum(np.arange(num_days) + gap_days, later))
    return result


def rhythm() -> list[Row]:
    """Return the year plans of the four variants, each beside the plain dated model."""
    rows: list[Row] = []
    for name, seconds in SECONDS.items():
        rows += run_rows_apart(_ours, name, seconds)
        rows += run_rows_apart(_peer, name)
    return rows


def _ours(name: str, seconds: float) -> list[Row]:
    problem = read_rhythm(name)
    return level_rows(f"rhythm {name}", problem, solve_sessions(problem, time_limit=seconds))


def _peer(name: str) -> list[Row]:
    problem = read_rhythm(name)
    began = time.perf_counter()
    sessions, bound = plan_plainly(problem, time_limit=PEER_SECONDS)
    seconds = time.perf_counter() - began
    values = level_values(problem, sessions)
    broken = len(violations(problem, sessions))
    note = f"{values['missing']} missing, rhythm {values['rhythm']}, rules broken {broken}; value is 100 m + r"
    value = MISSING_WEIGHT * values["missing"] + values["rhythm"]
    # Less is better here, the gap of the tables speaks of more: both with their signs turned.
    return [
        Row(instance=f"rhythm {name}", method="plain CP-SAT", value=-value, bound=-bound, seconds=seconds, note=note)
    ]


TABLES = {"rhythm": rhythm}
