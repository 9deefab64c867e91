"""Small session problems for laws, a check that shares nothing with the solver, and the best plan by trying all."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product

import numpy as np
from hypothesis import strategies as st

from matcher.sessions.problem import NO_LIMIT, SessionProblem

WEEK = 5


def problem_of(**changes: object) -> SessionProblem:
    """Return two activities of mentor 0 with people 1 and 2, two weeks, Monday 9:00 and 10:00, one room a time."""
    days = np.zeros((4, 10), dtype=np.bool_)
    days[:, [0, 5]] = True
    values: dict[str, object] = {
        "num_days": 10,
        "num_people": 3,
        "num_sites": 1,
        "wanted": [2, 2],
        "weight": [1, 1],
        "lead": [0, 0],
        "next_day": np.tile(np.minimum(10, (np.arange(10) // WEEK + 1) * WEEK), (2, 1)),
        "member_activity": [0, 0, 1, 1],
        "member_person": [0, 1, 0, 2],
        "slot_weekday": [0, 0],
        "slot_start": [540, 600],
        "slot_end": [585, 645],
        "slot_rhythm": [0, 1],
        "venue_site": [0],
        "choice_activity": [0, 0, 1, 1],
        "choice_slot": [0, 1, 0, 1],
        "choice_venue": [0, 0, 0, 0],
        "choice_cost": [0, 0, 0, 0],
        "choice_minutes": [45, 45, 45, 45],
        "choice_days": days,
        "choice_cell_start": [0, 1, 2, 3, 4],
        "choice_cell": [0, 1, 0, 1],
        "cell_size": np.ones((2, 10), dtype=np.int64),
        "cell_pool": [0, 0],
        "travel": [[0]],
        "week": np.arange(10) // WEEK,
        "week_minutes": [NO_LIMIT] * 3,
    }
    values |= changes
    arrays = {
        name: value if isinstance(value, int) else np.asarray(value, dtype=np.bool_ if name == "choice_days" else int)
        for name, value in values.items()
    }
    return SessionProblem(**arrays)  # type: ignore[arg-type]


@st.composite
def session_problems(draw: st.DrawFn, *, has_hints: bool = False, has_fixed: bool = True) -> SessionProblem:
    """Return problems with a handful of activities, people, slots, rooms, travel, limits and windows."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    num_days, num_people, num_sites = draw(st.integers(4, 10)), draw(st.integers(2, 4)), 2
    num_activities, num_slots = draw(st.integers(1, 3)), draw(st.integers(1, 5))
    member = [(a, int(q)) for a in range(num_activities) for q in rng.choice(num_people, 2, replace=False)]
    start = rng.integers(0, 4, num_slots) * 30 + 540
    weekday = rng.integers(0, 2, num_slots)
    every = list(product(range(num_activities), range(num_slots), range(3)))
    choices = [c for c in every if rng.random() < 0.4][:7]
    rows = np.array([[d % 2 == weekday[s] and rng.random() < 0.7 for d in range(num_days)] for _, s, _ in choices])
    cells = [[v * num_slots + s] if rng.random() < 0.8 else [] for _, s, v in choices]
    gap = rng.integers(1, 4, num_activities)
    window = rng.integers(1, 4)
    later = np.minimum(num_days, (np.arange(num_days) // window + 1) * window)
    fixed: list[tuple[int, int]] = []
    if has_fixed and len(choices) and rng.random() < 0.4:
        possible = [(c, d) for c, d in np.argwhere(rows)]
        fixed = [possible[rng.integers(len(possible))]] if possible else []
    hints: dict[tuple[int, int], int] = {}
    if has_hints:
        for c, d in np.argwhere(rows):
            if rng.random() < 0.3:
                hints.setdefault((choices[c][0], int(d)), int(c))
    return SessionProblem(
        num_days=num_days,
        num_people=num_people,
        num_sites=num_sites,
        wanted=rng.integers(1, 4, num_activities),
        weight=rng.integers(1, 3, num_activities),
        lead=np.array([q for _, q in member[::2]], dtype=np.int64),
        next_day=np.minimum(num_days, np.maximum(np.arange(num_days) + gap[:, None], later)),
        member_activity=np.array([a for a, _ in member], dtype=np.int64),
        member_person=np.array([q for _, q in member], dtype=np.int64),
        slot_weekday=weekday,
        slot_start=start,
        slot_end=start + rng.choice([30, 45, 60], num_slots),
        slot_rhythm=weekday * 10 + (start - 540) // 30,
        venue_site=np.array([0, 1, -1]),
        choice_activity=np.array([a for a, _, _ in choices], dtype=np.int64),
        choice_slot=np.array([s for _, s, _ in choices], dtype=np.int64),
        choice_venue=np.array([v for _, _, v in choices], dtype=np.int64),
        choice_cost=rng.integers(0, 3, len(choices)),
        choice_minutes=rng.choice([30, 45, 60], len(choices)),
        choice_days=rows.reshape(len(choices), num_days).astype(np.bool_),
        choice_cell_start=np.cumsum([0, *(len(row) for row in cells)]),
        choice_cell=np.array([cell for row in cells for cell in row], dtype=np.int64),
        cell_size=rng.integers(0, 3, (3 * num_slots, num_days)),
        cell_pool=np.arange(3 * num_slots) // num_slots,
        travel=np.array([[0, 30], [45, 0]]),
        week=np.arange(num_days) // WEEK,
        week_minutes=np.where(rng.random(num_people) < 0.5, NO_LIMIT, rng.choice([30, 60, 100], num_people)),
        fixed_choice=np.array([c for c, _ in fixed], dtype=np.int64),
        fixed_day=np.array([d for _, d in fixed], dtype=np.int64),
        hint_choice=np.array(list(hints.values()), dtype=np.int64),
        hint_day=np.array([d for _, d in hints], dtype=np.int64),
        move_price=rng.integers(1, 4, len(hints)),
    )


def broken_rules(p: SessionProblem, choice: list[int], day: list[int], *, sure: int = 0) -> set[int]:
    """Return the numbers of the hard rules of `SessionProblem` that these sessions break.

    What the first ``sure`` sessions (the fixed ones) break among themselves does not count.
    """
    broken: set[int] = set()
    people = [set(p.member_person[p.member_activity == a].tolist()) for a in range(p.num_activities)]
    activity = p.choice_activity[choice].tolist() if choice else []
    for n, (c, d) in enumerate(zip(choice, day, strict=True)):
        if n >= sure and not p.choice_days[c, d]:
            broken.add(1)
    for i, j in combinations(range(len(choice)), 2):
        if j < sure:
            continue
        if activity[i] == activity[j]:
            first, second = sorted((day[i], day[j]))
            if first == second or second < p.next_day[activity[i], first]:
                broken.add(2)
        elif day[i] == day[j] and people[activity[i]] & people[activity[j]] and _clash(p, choice[i], choice[j]):
            broken.add(4)
    had = Counter(activity)
    if any(had[a] > max(p.wanted[a], sum(activity[n] == a for n in range(sure))) for a in had):
        broken.add(3)
    minutes: Counter[tuple[int, int]] = Counter()
    used: Counter[tuple[int, int]] = Counter()
    for n, (c, d) in enumerate(zip(choice, day, strict=True)):
        for q in people[activity[n]]:
            minutes[q, int(p.week[d])] += int(p.choice_minutes[c])
            limit = p.week_minutes[q]
            if n >= sure and limit != NO_LIMIT and minutes[q, int(p.week[d])] > limit:
                broken.add(5)
        for cell in p.choice_cell[p.choice_cell_start[c] : p.choice_cell_start[c + 1]].tolist():
            used[cell, d] += 1
            if n >= sure and used[cell, d] > p.cell_size[cell, d]:
                broken.add(6)
    return broken


def _clash(p: SessionProblem, one: int, other: int) -> bool:
    first, second = sorted((one, other), key=lambda c: int(p.slot_start[p.choice_slot[c]]))
    gap = p.slot_start[p.choice_slot[second]] - p.slot_end[p.choice_slot[first]]
    if gap < 0:
        return True
    here, there = p.venue_site[p.choice_venue[first]], p.venue_site[p.choice_venue[second]]
    return bool(here >= 0 and there >= 0 and here != there and gap < p.travel[here, there])


def level_values(p: SessionProblem, choice: list[int], day: list[int]) -> tuple[int, int, int]:
    """Return weighted sessions missing, prices of hints not kept, rhythm."""
    activity = p.choice_activity[choice].tolist() if choice else []
    had = Counter(activity)
    missing = sum(int(p.weight[a]) * max(0, int(p.wanted[a]) - had[a]) for a in range(p.num_activities))
    kept = set(zip(choice, day, strict=True))
    hints = zip(p.hint_choice.tolist(), p.hint_day.tolist(), p.move_price.tolist(), strict=True)
    moved = sum(price for c, d, price in hints if (c, d) not in kept)
    keys = {(a, int(p.slot_rhythm[p.choice_slot[c]])) for a, c in zip(activity, choice, strict=True)}
    return missing, moved, len(keys)


def best_levels(p: SessionProblem) -> tuple[int, int, int]:
    """Return the best levels of all plans, found by trying every one."""
    fixed = list(zip(p.fixed_choice.tolist(), p.fixed_day.tolist(), strict=True))
    dated = [(int(c), int(d)) for c, d in np.argwhere(p.choice_days)]
    best: list[tuple[int, int, int]] = []

    def extend(plan: list[tuple[int, int]], at: int) -> None:
        choice, day = [c for c, _ in plan], [d for _, d in plan]
        best[:] = [min([*best, level_values(p, choice, day)])]
        for i in range(at, len(dated)):
            longer = [*plan, dated[i]]
            if not broken_rules(p, [c for c, _ in longer], [d for _, d in longer], sure=len(fixed)):
                extend(longer, i + 1)

    extend(fixed, 0)
    return best[0]
