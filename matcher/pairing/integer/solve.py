"""The integer engine: pairing with groups, several mentors, hours, links and thresholds."""

from __future__ import annotations

from matcher.outcome import OnProgress, Stop
from matcher.pairing.engine import EngineAnswer
from matcher.pairing.integer.effort import Effort
from matcher.pairing.integer.exact import solve_exact
from matcher.pairing.integer.incumbent import Incumbent
from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing


def solve_integer(
    problem: PairingProblem,
    *,
    time_limit: float,
    work_limit: int | None = None,
    seed: int = 0,
    hint: Pairing | None = None,
    on_progress: OnProgress | None = None,
    stop: Stop | None = None,
) -> EngineAnswer:
    """Return the best pairing found, with prices that bound every level."""
    effort = Effort(time_limit, work_limit, on_progress, stop)
    best = Incumbent(problem)
    if hint is not None:
        best.offer(hint)
    try:
        solve_exact(best, effort, seed=seed)
    except KeyboardInterrupt:
        effort.stopped = True
    return best.answer("integer")
