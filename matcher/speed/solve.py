"""The way from a speed problem to a judged result: the meetings, their rounds, their tables, the judge."""

from __future__ import annotations

import time

from matcher.outcome import Proof, SolveStatus
from matcher.pairing.result import LevelResult
from matcher.speed.certificate import level_bounds
from matcher.speed.choose import choose_meetings
from matcher.speed.colour import spread_rounds
from matcher.speed.problem import SpeedProblem
from matcher.speed.result import Schedule, SpeedResult
from matcher.speed.seats import seat_mentors
from matcher.speed.verify import level_values, violations


def solve_speed(problem: SpeedProblem) -> SpeedResult:
    """Return the best event, judged, with the prices that prove every level.

    It is found in polynomial time: a minimum-cost flow picks the meetings, the rounds follow from König's theorem, so
    there is nothing to limit or to stop. An event without any meeting is an answer, too.

    >>> problem = SpeedProblem.from_wants([[3, 1], [2, 4]], num_rounds=2, num_tables=1)
    >>> result = solve_speed(problem)
    >>> result.status.value, result.levels[0].value, result.levels[0].bound, result.schedule.round.tolist()
    ('optimal', 7, 7, [0, 1])
    """
    started = time.monotonic()
    pair, prices = choose_meetings(problem)
    mentor, mentee = problem.mentor[pair].tolist(), problem.mentee[pair].tolist()
    rounds = spread_rounds(mentor, mentee, problem.num_rounds)
    schedule = Schedule.of(pair, rounds, seat_mentors(mentor, rounds, problem.num_tables))
    broken = violations(problem, schedule)
    if broken:
        raise AssertionError(f"the event broke the rules {sorted({v.rule for v in broken})}")
    values = level_values(problem, schedule)
    bounds = level_bounds(problem, prices, values)
    if bounds != values:
        raise AssertionError(f"values {values} and bounds {bounds} differ")
    return SpeedResult(
        status=SolveStatus.OPTIMAL,
        schedule=schedule,
        levels=tuple(
            LevelResult(name=name, value=value, bound=bound, proof=Proof.CERTIFICATE)
            for name, value, bound in zip(problem.level_names, values, bounds, strict=True)
        ),
        prices=prices,
        seconds=time.monotonic() - started,
    )
