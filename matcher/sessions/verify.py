"""Checks sessions against the problem, by days and minutes and without a solver."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matcher.outcome import Violation
from matcher.sessions.problem import NO_LIMIT, SessionProblem
from matcher.sessions.result import Sessions
from matcher.texts import text

IntArray = NDArray[np.int64]


def violations(problem: SessionProblem, sessions: Sessions) -> tuple[Violation, ...]:
    """Return every rule of the problem that the sessions break; subjects are indices."""
    strange = tuple(_out_of_range(problem, sessions))
    if strange:
        return strange
    rules = (_allowed_days, _apart, _not_too_many, _one_place_at_a_time, _weeks, _cells, _fixed)
    return tuple(broken for rule in rules for broken in rule(problem, sessions))


def level_values(problem: SessionProblem, sessions: Sessions) -> dict[str, int]:
    """Return what the sessions are worth on every level, less being better."""
    activity = problem.choice_activity[sessions.choice]
    missing = np.maximum(0, problem.wanted - np.bincount(activity, minlength=problem.num_activities))
    there = set(zip(sessions.choice.tolist(), sessions.day.tolist(), strict=True))
    hints = zip(problem.hint_choice.tolist(), problem.hint_day.tolist(), problem.move_price.tolist(), strict=True)
    keys = problem.slot_rhythm[problem.choice_slot[sessions.choice]]
    return {
        "missing": int((problem.weight * missing).sum()),
        "moved": sum(price for choice, day, price in hints if (choice, day) not in there),
        "rhythm": len(set(zip(activity.tolist(), keys.tolist(), strict=True))),
        "cost": int(problem.choice_cost[sessions.choice].sum()),
    }


def _out_of_range(problem: SessionProblem, sessions: Sessions) -> Iterator[Violation]:
    if len(sessions.choice) != len(sessions.day):
        yield Violation("0", (), text("choices and days of the sessions differ in number"))
    elif len(sessions.choice) and not (
        0 <= sessions.choice.min() <= sessions.choice.max() < problem.num_choices
        and 0 <= sessions.day.min() <= sessions.day.max() < problem.num_days
    ):
        yield Violation("0", (), text("a session is no choice on a day of the problem"))


def _allowed_days(problem: SessionProblem, sessions: Sessions) -> Iterator[Violation]:
    """1. A session lies on a day its choice allows."""
    wrong = ~problem.choice_days[sessions.choice, sessions.day]
    for choice, day in zip(sessions.choice[wrong].tolist(), sessions.day[wrong].tolist(), strict=True):
        yield Violation("1", (choice, day), text("the day is not allowed"))


def _apart(problem: SessionProblem, sessions: Sessions) -> Iterator[Violation]:
    """2. Sessions of one activity keep their distance."""
    activity = problem.choice_activity[sessions.choice]
    order = np.lexsort((sessions.day, activity))
    rows = zip(activity[order].tolist(), sessions.day[order].tolist(), strict=True)
    for (before, first), (after, second) in pairwise(rows):
        if before == after and second < problem.next_day[before, first]:
            yield Violation("2", (after, second), text("too soon after the session before"))


def _not_too_many(problem: SessionProblem, sessions: Sessions) -> Iterator[Violation]:
    """3. No activity has more sessions than wanted."""
    count = np.bincount(problem.choice_activity[sessions.choice], minlength=problem.num_activities)
    for activity in np.flatnonzero(count > problem.wanted).tolist():
        yield Violation("3", (activity,), text("more sessions than wanted"))


def _people(problem: SessionProblem) -> dict[int, list[int]]:
    people: dict[int, list[int]] = defaultdict(list)
    for activity, person in zip(problem.member_activity.tolist(), problem.member_person.tolist(), strict=True):
        if person not in people[activity]:
            people[activity].append(person)
    return people


def _one_place_at_a_time(problem: SessionProblem, sessions: Sessions) -> Iterator[Violation]:
    """4. Nobody is in two sessions at once, and there is time to travel between two sites."""
    people = _people(problem)
    days: dict[tuple[int, int], list[tuple[int, int, int, int]]] = defaultdict(list)
    for choice, day in zip(sessions.choice.tolist(), sessions.day.tolist(), strict=True):
        slot, site = int(problem.choice_slot[choice]), int(problem.venue_site[problem.choice_venue[choice]])
        activity = int(problem.choice_activity[choice])
        entry = int(problem.slot_start[slot]), int(problem.slot_end[slot]), site, activity
        for person in people[activity]:
            days[person, day].append(entry)
    for (person, day), entries in days.items():
        ordered = sorted(entries)
        for at, (start, _, site, activity) in enumerate(ordered):
            for _, before_end, before_site, before in ordered[:at]:
                away = site >= 0 and before_site >= 0 and site != before_site
                rest = int(problem.travel[before_site, site]) if away else 0
                if start < before_end + rest:
                    yield Violation("4", (person, day, before, activity), text("a person is in two sessions at once"))


def _weeks(problem: SessionProblem, sessions: Sessions) -> Iterator[Violation]:
    """5. The sessions of a person in one week last no longer than allowed."""
    people = _people(problem)
    minutes: dict[tuple[int, int], int] = defaultdict(int)
    for choice, day in zip(sessions.choice.tolist(), sessions.day.tolist(), strict=True):
        for person in people[int(problem.choice_activity[choice])]:
            minutes[person, int(problem.week[day])] += int(problem.choice_minutes[choice])
    for (person, week), total in minutes.items():
        limit = int(problem.week_minutes[person])
        if limit != NO_LIMIT and total > limit:
            yield Violation("5", (person, week), text("a week has too many sessions of one person"))


def _cells(problem: SessionProblem, sessions: Sessions) -> Iterator[Violation]:
    """6. Rooms and licences are not overdrawn."""
    used = np.zeros_like(problem.cell_size)
    for choice, day in zip(sessions.choice.tolist(), sessions.day.tolist(), strict=True):
        cells = problem.choice_cell[problem.choice_cell_start[choice] : problem.choice_cell_start[choice + 1]]
        np.add.at(used, (cells, day), 1)
    for cell, day in np.argwhere(used > problem.cell_size).tolist():
        yield Violation("6", (cell, day), text("a room or licence pool is overdrawn"))


def _fixed(problem: SessionProblem, sessions: Sessions) -> Iterator[Violation]:
    """7. Fixed sessions are there."""
    there = set(zip(sessions.choice.tolist(), sessions.day.tolist(), strict=True))
    for fixed in zip(problem.fixed_choice.tolist(), problem.fixed_day.tolist(), strict=True):
        if fixed not in there:
            yield Violation("7", fixed, text("a session that is fixed is missing"))
