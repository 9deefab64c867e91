"""What fixed sessions leave to all others: days still open, minutes of weeks, rooms and licences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.sessions.problem import NO_LIMIT, SessionProblem

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
LARGE = 2**62


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Left:
    """What is left beside the fixed sessions.

    Attributes
    ----------
    days : (num_choices, num_days) bool
        Where a session of a choice may still be.
    need : (num_activities,)
        Sessions still wanted.
    unit : (num_people,)
        The greatest common divisor of the minutes of all a person's choices: weeks are counted in it.
    week : (num_people, num_weeks)
        Units left in a week; ``NO_LIMIT`` for a person without a limit.
    cell : (num_cells, num_days)
        Sessions a cell still holds.
    """

    days: BoolArray
    need: IntArray
    unit: IntArray
    week: IntArray
    cell: IntArray


def build_left(problem: SessionProblem) -> Left:
    """Return what the fixed sessions leave."""
    p = problem
    members = [np.unique(people) for people in _people(p)]
    fixed = list(zip(p.fixed_choice.tolist(), p.fixed_day.tolist(), strict=True))
    need = np.maximum(0, p.wanted - np.bincount(p.choice_activity[p.fixed_choice], minlength=p.num_activities))
    unit = np.zeros(p.num_people, dtype=np.int64)
    rows = _choice_people(p, members)
    np.gcd.at(unit, rows[1], p.choice_minutes[rows[0]])
    unit = np.maximum(1, unit)
    minutes = np.zeros((p.num_people, int(p.week.max(initial=-1)) + 1), dtype=np.int64)
    cell = p.cell_size.copy()
    days = p.choice_days & (need[p.choice_activity] > 0)[:, None]
    for choice, day in fixed:
        activity = int(p.choice_activity[choice])
        minutes[members[activity], p.week[day]] += p.choice_minutes[choice]
        np.subtract.at(cell[:, day], _cells(p, choice), 1)
        near = (np.arange(p.num_days) < p.next_day[activity, day]) & (p.next_day[activity] > day)
        days[np.ix_(p.choice_activity == activity, near)] = False
        days[_clashes(p, members, choice), day] = False
    limited = (p.week_minutes != NO_LIMIT)[:, None]
    week = np.where(limited, np.maximum(0, p.week_minutes[:, None] - minutes) // unit[:, None], NO_LIMIT)
    cell = np.maximum(0, cell)
    _close_full(p, rows, unit, week, cell, days)
    return Left(days=days, need=need, unit=unit, week=week, cell=cell)


def _people(p: SessionProblem) -> list[list[int]]:
    people: list[list[int]] = [[] for _ in range(p.num_activities)]
    for activity, person in zip(p.member_activity.tolist(), p.member_person.tolist(), strict=True):
        people[activity].append(person)
    return people


def _choice_people(p: SessionProblem, members: list[IntArray]) -> tuple[IntArray, IntArray]:
    """Return choice and person of everybody who comes to a choice."""
    number = np.array([len(people) for people in members], dtype=np.int64)[p.choice_activity]
    none = np.zeros(0, dtype=np.int64)
    people = np.concatenate([none, *(members[a] for a in p.choice_activity.tolist())]).astype(np.int64)
    return np.repeat(np.arange(p.num_choices), number), people


def _cells(p: SessionProblem, choice: int) -> IntArray:
    return p.choice_cell[p.choice_cell_start[choice] : p.choice_cell_start[choice + 1]]


def _clashes(p: SessionProblem, members: list[IntArray], choice: int) -> BoolArray:
    """Return the choices that no one can attend on the day of this one: same people, no time between."""
    slot, activity = p.choice_slot, int(p.choice_activity[choice])
    people = members[activity]
    related = np.array([bool(np.isin(others, people).any()) for others in members], dtype=np.bool_)
    site = p.venue_site[p.choice_venue]
    both = (site >= 0) & (site[choice] >= 0) & (site != site[choice])
    there = np.where(both, p.travel[site[choice], site], 0) if p.num_sites else np.zeros(len(site), dtype=np.int64)
    back = np.where(both, p.travel[site, site[choice]], 0) if p.num_sites else there
    start, end = p.slot_start[slot], p.slot_end[slot]
    # As in rule 4 the one that starts first is the one that has to be over.
    is_later = (start > start[choice]) | ((start == start[choice]) & (end >= end[choice]))
    apart = np.where(is_later, start >= end[choice] + there, start[choice] >= end + back)
    clash: BoolArray = related[p.choice_activity] & ~apart
    return clash


def _close_full(
    p: SessionProblem,
    rows: tuple[IntArray, IntArray],
    unit: IntArray,
    week: IntArray,
    cell: IntArray,
    days: BoolArray,
) -> None:
    """Close the days on which a week or a cell has no place for a session."""
    choice, person = rows
    needed = p.choice_minutes[choice] // unit[person]
    is_short = (p.week_minutes[person] != NO_LIMIT) & (week.min(axis=1, initial=LARGE)[person] < needed)
    for at in np.flatnonzero(is_short).tolist():
        days[choice[at]] &= (week[person[at]] >= needed[at])[p.week]
    owner = np.repeat(np.arange(p.num_choices), np.diff(p.choice_cell_start))
    is_full = (cell == 0).any(axis=1)[p.choice_cell]
    for c, k in zip(owner[is_full].tolist(), p.choice_cell[is_full].tolist(), strict=True):
        days[c] &= cell[k] > 0
