"""Other plans: nearly as good and different in enough pairs; and what so many changes against the earlier plan gain."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matcher.explain.again.resolve import Effort, Solved, effect_of, options_together, solve_again
from matcher.explain.case import Case
from matcher.explain.effects import effect_between
from matcher.explain.findings import Alternative, CurvePoint, FoundBy
from matcher.explain.search.variants import with_most

_STEPS = (0, 1, 2, 3, 5, 10, 20, 50)


def alternatives(case: Case, number: int, differ: int, effort: Effort) -> tuple[Alternative, ...]:
    """Return up to ``number`` other plans, each without at least ``differ`` pairs of every plan before it.

    Of the pairs of the present plan, and of each alternative found, at most all but ``differ`` may come again.
    Fewer are returned where no further plan exists or none was found in time.
    """
    problem = case.problem
    seen = [{(pair.mentor, pair.mentee) for pair in case.plan.pairs}]
    found: list[Alternative] = []
    while len(found) < number:
        earlier = seen[-1]
        if differ > len(earlier):
            break
        problem = with_most(problem, options_together(case, earlier), len(earlier) - differ)
        solved = solve_again(case.candidates, problem, effort, status=case.plan.status)
        if solved is None:
            break
        pairs = _pairs_of(case, solved)
        seen.append(pairs)
        effect = effect_of(case, solved)
        found.append(Alternative(number=len(found) + 1, num_new_pairs=len(pairs - seen[0]), effect=effect))
    return tuple(found)


def change_curve(case: Case, effort: Effort, *, steps: Sequence[int] | None = None) -> tuple[CurvePoint, ...]:
    """Return what the best plan with at most so many new pairs against the plan before gains over none at all.

    The curve ends where it reaches the values of the plan itself. Without a plan before it is empty.
    """
    before = set(case.plan.previous)
    if not before:
        return ()
    fresh = np.ones(case.problem.num_options, dtype=bool)
    fresh[options_together(case, before)] = False
    options = np.flatnonzero(fresh)
    first: Solved | None = None
    found: list[CurvePoint] = []
    for most in sorted({*(steps or _STEPS), len(case.plan.pairs)}):
        solved = solve_again(case.candidates, with_most(case.problem, options, most), effort, status=case.plan.status)
        if solved is None:
            continue
        first = solved if first is None else first
        effect = effect_between(
            case.candidates, first.outcome, solved.outcome, found_by=FoundBy.SOLVE, status=solved.status
        )
        new = len(_pairs_of(case, solved) - before)
        found.append(CurvePoint(most_new_pairs=most, num_new_pairs=new, effect=effect))
        if solved.outcome.values >= case.values:
            break
    return tuple(found)


def _pairs_of(case: Case, solved: Solved) -> set[tuple[str, str]]:
    return {case.ids_of(option) for option in solved.outcome.pairing.option.tolist()}
