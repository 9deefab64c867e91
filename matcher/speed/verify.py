"""Whether a speed event keeps every rule, and what it is worth. Written before the solver; uses none of it."""

from __future__ import annotations

from collections import Counter

from matcher.outcome import Violation
from matcher.speed.problem import SpeedProblem
from matcher.speed.result import Schedule
from matcher.texts import Text, text


def violations(problem: SpeedProblem, schedule: Schedule) -> tuple[Violation, ...]:
    """Return every broken rule of ``schedule``; empty when it is valid.

    Rules: "form" (indices that exist), "twice" (nobody twice with the same person), "clash" (nobody in two meetings of
    a round), "most" (the cap of a person), "tables" (at most so many meetings at once, one at a table).
    """
    return tuple(_ill_formed(problem, schedule)) or (
        *_twice(problem, schedule),
        *_clashes(problem, schedule),
        *_caps(problem, schedule),
        *_tables(problem, schedule),
    )


def level_values(problem: SpeedProblem, schedule: Schedule) -> tuple[int, ...]:
    """Return the value of every level, counted from the meetings in whole numbers."""
    held = schedule.pair.tolist()
    loads = Counter(int(problem.mentee[pair]) for pair in held)

    def evenly(depth: int) -> int:
        return sum(min(load, k) for load in loads.values() for k in range(1, depth + 1))

    values = {
        "cover": evenly(problem.least),
        "wants": sum(int(problem.want[pair]) for pair in held),
        "fill": evenly(problem.num_rounds),
    }
    return tuple(values[name] for name in problem.level_names)


def _broken(rule: str, message: Text, *subjects: int) -> Violation:
    return Violation(rule, subjects, message)


def _ill_formed(p: SpeedProblem, schedule: Schedule) -> list[Violation]:
    if not schedule.pair.shape == schedule.round.shape == schedule.table.shape:
        return [_broken("form", text("every meeting needs a pair, a round and a table"))]
    found = []
    for at, (pair, round_, table) in enumerate(_rows(schedule)):
        if not 0 <= pair < p.num_pairs:
            found.append(_broken("form", text("a meeting of two people who may not meet"), at))
        if not 0 <= round_ < p.num_rounds:
            found.append(_broken("form", text("a round that does not exist"), at))
        if not 0 <= table < p.num_tables:
            found.append(_broken("form", text("a table that does not exist"), at))
    return found


def _rows(schedule: Schedule) -> list[tuple[int, int, int]]:
    return list(zip(schedule.pair.tolist(), schedule.round.tolist(), schedule.table.tolist(), strict=True))


def _twice(p: SpeedProblem, schedule: Schedule) -> list[Violation]:
    met = Counter((int(p.mentor[pair]), int(p.mentee[pair])) for pair in schedule.pair.tolist())
    return [
        _broken("twice", text("the same two people meet {count} times", count=count), *both)
        for both, count in met.items()
        if count > 1
    ]


def _clashes(p: SpeedProblem, schedule: Schedule) -> list[Violation]:
    found = []
    for person, message in (
        (p.mentor, text("a mentor sits in two meetings of one round")),
        (p.mentee, text("a mentee sits in two meetings of one round")),
    ):
        busy = Counter((int(person[pair]), round_) for pair, round_, _ in _rows(schedule))
        found += [_broken("clash", message, *where) for where, count in busy.items() if count > 1]
    return found


def _caps(p: SpeedProblem, schedule: Schedule) -> list[Violation]:
    found = []
    for person, most, message in (
        (p.mentor, p.max_mentor_meetings, text("more meetings than the mentor may have")),
        (p.mentee, p.max_mentee_meetings, text("more meetings than the mentee may have")),
    ):
        load = Counter(int(person[pair]) for pair in schedule.pair.tolist())
        found += [_broken("most", message, who) for who, count in load.items() if count > most[who]]
    return found


def _tables(p: SpeedProblem, schedule: Schedule) -> list[Violation]:
    at_once = Counter(schedule.round.tolist())
    found = [
        _broken("tables", text("more meetings at once than tables"), round_)
        for round_, count in at_once.items()
        if count > p.num_tables
    ]
    seats = Counter((round_, table) for _, round_, table in _rows(schedule))
    return found + [
        _broken("tables", text("two meetings at one table in one round"), *seat)
        for seat, count in seats.items()
        if count > 1
    ]
