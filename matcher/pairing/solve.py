"""The way from a pairing problem to a judged result: canonical order, the engine its structure asks for, the judge."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.outcome import OnProgress, Proof, SolveStatus, Stop, Violation
from matcher.pairing.certificate import Certificate
from matcher.pairing.engine import EngineAnswer
from matcher.pairing.flow.form import flow_form
from matcher.pairing.flow.solve import solve_flow
from matcher.pairing.order import in_canonical_order
from matcher.pairing.problem import Objective, PairingProblem
from matcher.pairing.result import LevelResult, Pairing, PairingResult
from matcher.pairing.verify import level_values, violations

IntArray = NDArray[np.int64]
# Rules that are wanted on a level, not kept by every plan.
LEVEL_OF_WISH = {"HR-22": "locks", "least": "least"}


def solve_pairing(
    problem: PairingProblem,
    *,
    time_limit: float = 60.0,
    work_limit: int | None = None,
    seed: int = 0,
    objective: Objective = "total",
    hint: Pairing | None = None,
    on_progress: OnProgress | None = None,
    stop: Stop | None = None,
) -> PairingResult:
    """Return the best pairing found, judged, with a certificate for every level.

    The structure of the problem chooses the engine. A flow always ends with a proof; any other problem ends with one,
    or at ``time_limit`` (seconds), at ``work_limit`` (deterministic), or when ``stop()`` says so, with the best answer
    so far. ``hint`` is an earlier pairing of this problem to start from. ``objective`` may put people covered, or the
    worst-off, above the points; the levels of the result are those of ``problem.with_objective(objective)``.

    `INFEASIBLE` says that locks or least loads cannot all be kept; the pairing then keeps as many as can be.

    >>> result = solve_pairing(PairingProblem.from_scores([[3, 1], [2, 4]]))
    >>> result.status.value, result.value, result.bound, result.pairing.mentor.tolist()
    ('optimal', 7, 7, [0, 1])
    """
    started = time.monotonic()
    asked = problem.with_objective(objective)
    ordered, option = in_canonical_order(asked)
    form = flow_form(ordered)
    if form is not None:
        answer = solve_flow(ordered, form)
    else:
        # Read here, so that a flow needs nothing of the other engine.
        from matcher.pairing.integer.solve import solve_integer

        answer = solve_integer(
            ordered,
            time_limit=time_limit,
            work_limit=work_limit,
            seed=seed,
            hint=None if hint is None else _in_order(hint, ordered, option),
            on_progress=on_progress,
            stop=stop,
        )
    pairing = Pairing.of(asked, option[answer.pairing.option], answer.pairing.open_group, answer.pairing.slot)
    return _judged(asked, pairing, answer, started)


def _in_order(hint: Pairing, ordered: PairingProblem, option: IntArray) -> Pairing:
    """Return the hint with the options renamed to their canonical places."""
    place = {old: new for new, old in enumerate(option.tolist())}
    return Pairing.of(ordered, [place[o] for o in hint.option.tolist()], hint.open_group, hint.slot)


def _judged(problem: PairingProblem, pairing: Pairing, answer: EngineAnswer, started: float) -> PairingResult:
    """Return the result with values recomputed by the judge and bounds recomputed from the prices.

    Raises
    ------
    AssertionError
        When the engine broke a rule or claims more than the certificate allows: a bug of this package.
    """
    broken = violations(problem, pairing)
    values = level_values(problem, pairing)
    certificate = Certificate(values=values, prices=answer.prices)
    bounds = certificate.bounds(problem)
    levels: list[LevelResult] = []
    rates = answer.rates or tuple(_price_limit(answer, values, bounds, k) for k in range(problem.num_levels))
    for name, value, bound, searched, rate in zip(
        problem.level_names, values, bounds, answer.proved, rates, strict=True
    ):
        # A level is proved only on top of proved levels: its bound speaks of plans that keep their values.
        sure = all(level.proof is not None for level in levels)
        proof = None if not sure else Proof.CERTIFICATE if bound == value else Proof.SOLVER if searched else None
        levels.append(LevelResult(name=name, value=value, bound=bound, proof=proof, price=rate))
    _refuse_bugs(broken, levels)
    return PairingResult(
        status=_status(broken, levels),
        pairing=pairing,
        levels=tuple(levels),
        certificate=certificate,
        engine=answer.engine,
        seconds=time.monotonic() - started,
        headline=problem.headline,
        unit=problem.unit,
    )


def _price_limit(answer: EngineAnswer, values: tuple[int, ...], bounds: tuple[int, ...], level: int) -> float | None:
    """Return what the next level could gain at most if this one gave way by one unit.

    The weight of a level in the prices that prove the next one is such a limit; None where these do not prove it.
    """
    following = level + 1
    if following >= len(values) or bounds[following] != values[following]:
        return None
    weight = answer.prices[following].weight
    return float(weight[level] / weight[following]) if weight[following] else None


def _refuse_bugs(broken: Sequence[Violation], levels: Sequence[LevelResult]) -> None:
    unexpected = sorted({v.rule for v in broken if not _is_wish(v)})
    if unexpected:
        raise AssertionError(f"the engine broke the rules {', '.join(unexpected)}")
    for level in levels:
        if level.bound < level.value:
            raise AssertionError(f"level {level.name}: the value {level.value} exceeds the bound {level.bound}")


def _is_wish(violation: Violation) -> bool:
    """Return whether the rule is wanted on a level rather than kept by every plan."""
    return violation.rule in LEVEL_OF_WISH


def _status(broken: Sequence[Violation], levels: Sequence[LevelResult]) -> SolveStatus:
    """Return the status; a broken wish is impossible only where its level is proved best."""
    if broken:
        concerned = {LEVEL_OF_WISH[v.rule] for v in broken}
        proved = any(level.name in concerned and level.proof is not None for level in levels)
        return SolveStatus.INFEASIBLE if proved else SolveStatus.UNKNOWN
    if all(level.proof is not None for level in levels):
        return SolveStatus.OPTIMAL
    return SolveStatus.FEASIBLE
