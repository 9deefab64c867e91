"""Random small pairing problems: any at all, and those that are flows."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from matcher.pairing.problem import NO_LIMIT, PairingProblem, Steps

Draw = st.DrawFn


def array(draw: Draw, length: int, low: int, high: int) -> np.ndarray:
    return np.array(draw(st.lists(st.integers(low, high), min_size=length, max_size=length)), dtype=np.int64)


def table(draw: Draw, rows: int, length: int, low: int, high: int) -> np.ndarray:
    return array(draw, rows * length, low, high).reshape(rows, length)


def limits(draw: Draw, length: int, high: int) -> np.ndarray:
    """Return limits of which some never bind."""
    return np.array(
        draw(st.lists(st.one_of(st.just(NO_LIMIT), st.integers(0, high)), min_size=length, max_size=length)),
        dtype=np.int64,
    )


def steps(draw: Draw, reach: np.ndarray, num_levels: int, *, always: bool = False) -> Steps:
    """Return falling steps for some owners (``always``: for all), wide enough for the loads in ``reach``."""
    owner, width, points = [], [], []
    for index, most in enumerate(reach.tolist()):
        if not always and not draw(st.booleans()):
            continue
        gain = array(draw, num_levels, -3, 6)
        left = most
        for _ in range(draw(st.integers(0, 2))):
            if left > 1:
                part = draw(st.integers(1, left - 1))
                owner.append(index)
                width.append(part)
                points.append(gain)
                left -= part
                gain = gain - array(draw, num_levels, 0, 3)
        owner.append(index)
        width.append(left)
        points.append(gain)
    stacked = np.array(points, dtype=np.int64).reshape(len(owner), num_levels).T
    return Steps(owner=np.array(owner, dtype=np.int64), width=np.array(width, dtype=np.int64), points=stacked)


def some(draw: Draw, length: int) -> np.ndarray:
    return np.flatnonzero(np.array(draw(st.lists(st.booleans(), min_size=length, max_size=length)), dtype=bool))


@st.composite
def problems(draw: Draw, *, max_options: int = 8) -> PairingProblem:
    """Return any problem: groups, slots, hours, several mentors, items, quotas, links, conflicts, a floor, locks."""
    num_mentors, num_mentees = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    num_levels, num_groups = draw(st.integers(1, 3)), draw(st.integers(0, 2))
    num_options = draw(st.integers(0, max_options))
    group_mentor = array(draw, num_groups, 0, num_mentors - 1)
    group = array(draw, num_options, -1, num_groups - 1)
    mentor = array(draw, num_options, 0, num_mentors - 1)
    if num_groups:
        mentor = np.where(group >= 0, group_mentor[group], mentor)
    mentor_minutes = np.where(group < 0, array(draw, num_options, 0, 3), 0)
    max_individual, max_groups = array(draw, num_mentors, 0, 3), array(draw, num_mentors, 0, 2)
    max_places = array(draw, num_mentors, 0, 4)
    slots = None
    if draw(st.booleans()):
        slots = array(draw, num_options, 0, 7).astype(np.uint64)[:, None]
    fields: dict[str, Any] = {
        "num_mentors": num_mentors,
        "num_mentees": num_mentees,
        "level_names": tuple(f"level {k}" for k in range(num_levels)),
        "mentor": mentor,
        "mentee": array(draw, num_options, 0, num_mentees - 1),
        "group": group,
        "points": table(draw, num_levels, num_options, -4, 9),
        "mentor_minutes": mentor_minutes,
        "mentee_minutes": array(draw, num_options, 0, 3),
        "slots": slots,
        "group_mentor": group_mentor,
        "group_theme": array(draw, num_groups, 0, 1),
        "group_min_size": array(draw, num_groups, 1, 2),
        "group_max_size": array(draw, num_groups, 1, 3),
        "group_minutes": array(draw, num_groups, 0, 3),
        "group_points": table(draw, num_levels, num_groups, -3, 5),
        "max_individual": max_individual,
        "max_groups": max_groups,
        "max_places": max_places,
        "max_minutes": limits(draw, num_mentors, 6),
        "load_steps": steps(draw, np.minimum(max_places, max_individual + max_groups), num_levels),
        "max_mentors": array(draw, num_mentees, 0, 3),
        "max_mentee_minutes": limits(draw, num_mentees, 6),
        "served_points": table(draw, num_levels, num_mentees, 0, 4),
        "locked": array(draw, num_options, 0, 1).astype(bool),
    }
    fields |= _lists(draw, fields["mentee"], num_mentees, num_levels)
    if num_options and draw(st.booleans()):
        fields |= _floor(draw, num_options, num_mentees, num_levels)
        _clear_level(fields)
    if draw(st.integers(0, 3)) == 0:
        fields["extra"] = array(draw, num_options, 0, 1).astype(bool)
    if draw(st.integers(0, 3)) == 0 and num_options:
        fields["companion"] = array(draw, num_options, -1, num_options - 1)
    return PairingProblem(**fields)


def _lists(draw: Draw, mentee: np.ndarray, num_mentees: int, num_levels: int) -> dict[str, Any]:
    """Return items, quotas, links and conflicts."""
    num_options = len(mentee)
    num_items, num_quotas = draw(st.integers(0, 3)), draw(st.integers(0, 2))
    item_mentee = array(draw, num_items, 0, num_mentees - 1)
    covers = [(o, i) for i in range(num_items) for o in some(draw, num_options).tolist() if mentee[o] == item_mentee[i]]
    members = [(o, q) for q in range(num_quotas) for o in some(draw, num_options).tolist()]
    couples = [(a, b) for a in range(num_options) for b in range(a)]
    links = draw(st.lists(st.sampled_from(couples), max_size=2, unique=True)) if couples else []
    conflicts = draw(st.lists(st.sampled_from(couples), max_size=2, unique=True)) if couples else []

    def column(rows: list[tuple[int, int]], index: int) -> np.ndarray:
        return np.array([row[index] for row in rows], dtype=np.int64)

    return {
        "item_mentee": item_mentee,
        "item_points": table(draw, num_levels, num_items, 0, 5),
        "cover_option": column(covers, 0),
        "cover_item": column(covers, 1),
        "quota_option": column(members, 0),
        "quota_owner": column(members, 1),
        "quota_steps": steps(draw, array(draw, num_quotas, 0, 4), num_levels, always=True),
        "link_first": column(links, 0),
        "link_second": column(links, 1),
        "link_refund_minutes": array(draw, len(links), 0, 2),
        "link_points": table(draw, num_levels, len(links), -2, 4),
        "conflict_first": column(conflicts, 0),
        "conflict_second": column(conflicts, 1),
    }


def _floor(draw: Draw, num_options: int, num_mentees: int, num_levels: int) -> dict[str, Any]:
    """Return a level of the worst-off."""
    return {
        "worst_off_level": draw(st.integers(0, num_levels - 1)),
        "floor_points": array(draw, num_options, 0, 6),
        "floor_mentee": array(draw, num_mentees, 0, 1).astype(bool),
        "floor_served_only": draw(st.booleans()),
    }


def _clear_level(fields: dict[str, Any]) -> None:
    """Take all other points off the level of the worst-off."""
    tables = [value for name, value in fields.items() if name.endswith("points") and name != "floor_points"]
    tables += [fields["load_steps"].points, fields["quota_steps"].points]
    for points in tables:
        points[fields["worst_off_level"]] = 0


@st.composite
def flow_problems(draw: Draw, *, max_options: int = 9, plain: bool = False) -> PairingProblem:
    """Return a problem that is a flow; ``plain`` without steps, quotas, hours, locks and negative points."""
    num_mentors, num_mentees, num_levels = draw(st.integers(1, 4)), draw(st.integers(1, 4)), draw(st.integers(1, 3))
    cells = [(n, m) for n in range(num_mentees) for m in range(num_mentors)]
    chosen = draw(st.lists(st.sampled_from(cells), max_size=max_options, unique=True))
    mentee, mentor = (np.array([c[i] for c in chosen], dtype=np.int64) for i in range(2))
    num_options = len(chosen)
    places = array(draw, num_mentors, 0, 3)
    num_items = draw(st.integers(0, 3))
    max_mentors = array(draw, num_mentees, 0, 2)
    # An item may have several options only where its mentee has one mentor.
    item_mentee = array(draw, num_items, 0, num_mentees - 1)
    covers = []
    for item, who in enumerate(item_mentee.tolist()):
        mine = [o for o in range(num_options) if mentee[o] == who and draw(st.booleans())]
        covers += [(o, item) for o in (mine if max_mentors[who] <= 1 else mine[:1])]
    fields: dict[str, Any] = {
        "num_mentors": num_mentors,
        "num_mentees": num_mentees,
        "level_names": tuple(f"level {k}" for k in range(num_levels)),
        "mentor": mentor,
        "mentee": mentee,
        "group": np.full(num_options, -1, dtype=np.int64),
        "points": table(draw, num_levels, num_options, 0 if plain else -4, 9),
        "mentor_minutes": np.zeros(num_options, dtype=np.int64),
        "mentee_minutes": np.zeros(num_options, dtype=np.int64),
        "group_points": np.zeros((num_levels, 0), dtype=np.int64),
        "max_individual": places,
        "max_groups": np.zeros(num_mentors, dtype=np.int64),
        "max_places": places,
        "max_minutes": np.full(num_mentors, NO_LIMIT),
        "load_steps": Steps.none(num_levels),
        "max_mentors": max_mentors,
        "max_mentee_minutes": np.full(num_mentees, NO_LIMIT),
        "served_points": table(draw, num_levels, num_mentees, 0, 4),
        "item_mentee": item_mentee,
        "item_points": table(draw, num_levels, num_items, 0, 5),
        "cover_option": np.array([o for o, _ in covers], dtype=np.int64),
        "cover_item": np.array([i for _, i in covers], dtype=np.int64),
        "quota_steps": Steps.none(num_levels),
        "link_points": np.zeros((num_levels, 0), dtype=np.int64),
        "locked": np.zeros(num_options, dtype=bool),
    }
    if not plain:
        fields["load_steps"] = steps(draw, places, num_levels)
        fields |= _even_hours(draw, mentor, mentee, num_mentors, num_mentees)
        fields |= _nested_quotas(draw, mentor, mentee, num_mentors, num_mentees, num_levels)
    return PairingProblem(**fields)


def _even_hours(
    draw: Draw, mentor: np.ndarray, mentee: np.ndarray, num_mentors: int, num_mentees: int
) -> dict[str, Any]:
    """Return hours that are alike for all options of a person."""
    return {
        "mentor_minutes": array(draw, num_mentors, 0, 3)[mentor],
        "max_minutes": limits(draw, num_mentors, 6),
        "mentee_minutes": array(draw, num_mentees, 0, 3)[mentee],
        "max_mentee_minutes": limits(draw, num_mentees, 6),
    }


def _nested_quotas(
    draw: Draw, mentor: np.ndarray, mentee: np.ndarray, num_mentors: int, num_mentees: int, num_levels: int
) -> dict[str, Any]:
    """Return quotas of whole mentors and of whole mentees, each inside the one before or apart from it."""
    option, owner = [], []
    count = 0
    for person, length in ((mentor, num_mentors), (mentee, num_mentees)):
        outer = some(draw, length)
        inner = outer[some(draw, len(outer))]
        apart = np.setdiff1d(some(draw, length), outer)
        for people in (outer, inner, apart)[: draw(st.integers(0, 3))]:
            members = np.flatnonzero(np.isin(person, people))
            option += members.tolist()
            owner += [count] * len(members)
            count += 1
    return {
        "quota_option": np.array(option, dtype=np.int64),
        "quota_owner": np.array(owner, dtype=np.int64),
        "quota_steps": steps(draw, array(draw, count, 0, 4), num_levels, always=True),
    }


@st.composite
def prices(draw: Draw, problem: PairingProblem, level: int, *, threshold: int = 0) -> Any:
    """Return any valid prices for one level; ``threshold`` is the floor they may speak of."""
    from matcher.pairing.certificate import LevelPrices

    weight = array(draw, level + 1, 0, 4)
    weight[level] += 1
    floor = np.zeros(problem.num_mentees, dtype=np.int64)
    if problem.worst_off_level is not None and level >= problem.worst_off_level:
        floor = array(draw, problem.num_mentees, 0, 3) * problem.floor_mentee
    minute = array(draw, problem.num_mentees, 0, 3)
    minute[problem.max_mentee_minutes >= NO_LIMIT] = 0
    return LevelPrices(
        weight=weight,
        mentee=array(draw, problem.num_mentees, 0, 9),
        minute=minute,
        served=array(draw, problem.num_mentees, 0, 6),
        item=array(draw, problem.num_items, 0, 6),
        quota=array(draw, problem.num_quotas, -6, 6),
        floor=floor,
        threshold=threshold,
    )
