"""How many sessions a set of days holds: the kernel of everything, and what an activity can reach by itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matcher.sessions.layout import ActivityLayout, IntArray, build_layout
from matcher.sessions.problem import SessionProblem
from matcher.sessions.state import State, Weeks

MOST_KEYS_SEARCHED = 2
"""Sets of more rhythm keys are not enumerated; one key more is a bound."""


def walk(mask: int, activity: ActivityLayout, weeks: Weeks | None = None) -> list[int]:
    """Return the most days of ``mask`` that may all have a session, at most what is needed.

    The earliest day first, then always the earliest that may follow. This is optimal: day i of the walk is not later
    than day i of any other sequence, because the day that may follow never falls. Week limits keep the argument, as
    a week that is full for the walk holds no session more for the other sequence.
    """
    days: list[int] = []
    after, need = activity.after, activity.need
    while mask and len(days) < need:
        day = (mask & -mask).bit_length() - 1
        days.append(day)
        mask &= after[day]
        if weeks is not None:
            mask &= weeks.left_after(days)
    return days


def count(mask: int, activity: ActivityLayout, weeks: Weeks | None = None) -> int:
    """Return the length of :func:`walk`."""
    if weeks is not None:
        return len(walk(mask, activity, weeks))
    number, after, need = 0, activity.after, activity.need
    while mask and number < need:
        mask &= after[(mask & -mask).bit_length() - 1]
        number += 1
    return number


def key_masks(activity: ActivityLayout, usable: Sequence[int]) -> list[int]:
    """Return the usable days of each rhythm key from those of each choice."""
    masks: list[int] = []
    for members in activity.keys:
        mask = 0
        for i in members:
            mask |= usable[i]
        masks.append(mask)
    return masks


def least_keys(activity: ActivityLayout, masks: Sequence[int], target: int, weeks: Weeks | None = None) -> int:
    """Return a bound below the number of rhythm keys with which ``target`` sessions can be had, exact up to two."""
    base = 0
    for k in activity.fixed_keys:
        base |= masks[k]
    number = len(activity.fixed_keys)
    if count(base, activity, weeks) >= target:
        return number
    counts = [count(base | mask, activity, weeks) for mask in masks]
    if max(counts) >= target:
        return number + 1
    order = sorted(range(len(masks)), key=lambda k: -counts[k])
    for i, k in enumerate(order):
        for other in order[i + 1 :]:
            if counts[k] + counts[other] < target:
                break
            if count(base | masks[k] | masks[other], activity, weeks) >= target:
                return number + MOST_KEYS_SEARCHED
    return number + MOST_KEYS_SEARCHED + 1


def least_alone(problem: SessionProblem) -> tuple[IntArray, IntArray]:
    """Return for each activity by itself the least sessions missing, and the least rhythm at so few missing.

    All others are thought away but for their fixed sessions. The rhythm is exact up to two keys beside those of
    fixed sessions, a bound beyond.
    """
    layout = build_layout(problem)
    state = State(layout)
    missing = np.zeros(problem.num_activities, dtype=np.int64)
    rhythm = np.zeros(problem.num_activities, dtype=np.int64)
    for a, activity in enumerate(layout.activities):
        masks = key_masks(activity, state.usable(a))
        weeks = state.weeks(a, shortest=True) if activity.is_weekly else None
        every = 0
        for mask in masks:
            every |= mask
        target = count(every, activity, weeks)
        missing[a] = activity.need - target
        rhythm[a] = least_keys(activity, masks, target, weeks) if masks else 0
    return missing, rhythm
