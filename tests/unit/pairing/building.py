"""Small pairing problems with everything left out at its default."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from matcher.pairing.problem import NO_LIMIT, PairingProblem, Steps


def ints(values: Any) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def rows(values: Any, num_levels: int, length: int) -> np.ndarray:
    """Return a table (num_levels, length); one flat list is a table of one row."""
    return np.array(values, dtype=np.int64).reshape(num_levels, length)


def steps(entries: Sequence[tuple[int, int, Sequence[int]]], num_levels: int = 1) -> Steps:
    """Return steps from (owner, width, points per level)."""
    return Steps(
        owner=ints([owner for owner, _, _ in entries]),
        width=ints([width for _, width, _ in entries]),
        points=rows([list(points) for _, _, points in entries], len(entries), num_levels).T.copy(),
    )


def build(
    pairs: Sequence[tuple[int, int]],
    points: Any,
    *,
    num_levels: int = 1,
    num_mentors: int | None = None,
    num_mentees: int | None = None,
    group: Any = None,
    groups: Sequence[tuple[int, int, int, int]] = (),
    **fields: Any,
) -> PairingProblem:
    """Return a problem of (mentor, mentee) options; ``groups`` are (mentor, theme, least, most)."""
    mentors = 1 + max([m for m, _ in pairs], default=-1) if num_mentors is None else num_mentors
    mentees = 1 + max([n for _, n in pairs], default=-1) if num_mentees is None else num_mentees
    zeros = np.zeros(len(pairs), dtype=np.int64)
    known: dict[str, Any] = {
        "level_names": tuple(f"level {k}" for k in range(num_levels)),
        "mentor_minutes": zeros,
        "mentee_minutes": zeros,
        "group_mentor": ints([g[0] for g in groups]),
        "group_theme": ints([g[1] for g in groups]),
        "group_min_size": ints([g[2] for g in groups]),
        "group_max_size": ints([g[3] for g in groups]),
        "group_minutes": np.zeros(len(groups), dtype=np.int64),
        "group_points": np.zeros((num_levels, len(groups)), dtype=np.int64),
        "max_individual": np.full(mentors, 1),
        "max_groups": np.full(mentors, 1 if groups else 0),
        "max_places": np.full(mentors, 2 if groups else 1),
        "max_minutes": np.full(mentors, NO_LIMIT),
        "load_steps": Steps.none(num_levels),
        "max_mentors": np.full(mentees, 1),
        "max_mentee_minutes": np.full(mentees, NO_LIMIT),
        "served_points": np.zeros((num_levels, mentees), dtype=np.int64),
        "item_points": np.zeros((num_levels, len(fields.get("item_mentee", ()))), dtype=np.int64),
        "quota_steps": Steps.none(num_levels),
        "link_points": np.zeros((num_levels, len(fields.get("link_first", ()))), dtype=np.int64),
        "locked": np.zeros(len(pairs), dtype=bool),
    }
    known |= {name: ints(value) if isinstance(value, list) else value for name, value in fields.items()}
    return PairingProblem(
        num_mentors=mentors,
        num_mentees=mentees,
        mentor=ints([m for m, _ in pairs]),
        mentee=ints([n for _, n in pairs]),
        group=np.full(len(pairs), -1) if group is None else ints(group),
        points=rows(points, num_levels, len(pairs)),
        **known,
    )
