"""The search for prices that prove a bound of the medium level: a linear program over sets of meetings.

References
----------
Gilmore, P. C., Gomory, R. E. (1961), A linear programming approach to the cutting-stock problem (columns are found as
they are needed). Mehrotra, A., Trick, M. A. (1996), A column generation approach for graph coloring.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csc_array, eye_array, hstack, vstack

from matcher.meetings.certificate import SetSearch, Together, build_together
from matcher.meetings.problem import MeetingsProblem
from matcher.meetings.result import MediumCertificate

IntArray = NDArray[np.int64]
SCALE = 1000
MOST_ROUNDS = 200


def price_medium(
    problem: MeetingsProblem, *, max_steps: int, stop: Callable[[], bool] = lambda: False
) -> MediumCertificate | None:
    """Return prices that prove a bound below 0, or None where ``max_steps`` of the search find none."""
    together = build_together(problem)
    if not together.cost.any() or (together.rooms == 0).any():
        return None
    sets: dict[tuple[int, ...], int] = {(m,): 0 for m in range(problem.num_meetings)}
    best: MediumCertificate | None = None
    best_bound = 0
    for _ in range(MOST_ROUNDS):
        answer = _prices(problem, together, list(sets))
        if answer is None or stop():
            break
        price, value = answer
        search = SetSearch(together, price, SCALE, max_steps=max_steps)
        max_steps -= search.steps
        bound = search.bound(problem)
        if bound < best_bound:
            best, best_bound = MediumCertificate(price=price, scale=SCALE), bound
        fresh = [chosen for chosen in map(_sorted, search.sets) if chosen not in sets]
        if not fresh or max_steps <= 0 or -best_bound >= value - 1e-3:
            break
        sets |= dict.fromkeys(fresh, 0)
    return best


def _sorted(meetings: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(meetings))


def _prices(problem: MeetingsProblem, together: Together, sets: list[tuple[int, ...]]) -> tuple[IntArray, float] | None:
    """Return prices of the program over these sets, rounded down to whole numbers, and its value.

    A set may run for any part of a grain; a missing grain costs more than any plan does.
    """
    rows = [meeting for chosen in sets for meeting in chosen]
    columns = [column for column, chosen in enumerate(sets) for _ in chosen]
    cost = [sum(int(together.cost[a, b]) for i, a in enumerate(chosen) for b in chosen[:i]) for chosen in sets]
    dear = 1.0 + float(together.cost.sum())
    amount = csc_array((np.ones(len(rows)), (rows, columns)), shape=(problem.num_meetings, len(sets)))
    covered = hstack([amount, eye_array(problem.num_meetings)])
    time = csc_array(np.append(np.ones(len(sets)), np.zeros(problem.num_meetings))[None, :])
    found = linprog(  # type: ignore[call-overload]  # its stubs know dense matrices only
        np.append(cost, np.full(problem.num_meetings, dear)),
        A_ub=csc_array(vstack([-covered, time])),
        b_ub=np.append(-problem.duration, problem.num_grains),
        method="highs",
    )
    if found.status != 0:
        return None
    price = np.floor(-found.ineqlin.marginals[:-1] * SCALE + 1e-6).astype(np.int64)
    return price, float(found.fun)
