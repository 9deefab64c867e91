"""How sure a plan is, in a sentence."""

from __future__ import annotations

from matcher.outcome import Proof, SolveStatus
from matcher.plan import Plan
from matcher.texts import Text, text


def status_words(plan: Plan) -> Text:
    """Return what the status of a plan means."""
    if plan.status is SolveStatus.OPTIMAL:
        if all(level.proof is Proof.CERTIFICATE for level in plan.levels):
            return text("Best possible: no plan is better, and the prices in the file prove it to anyone.")
        return text("Best possible: no plan is better; part of the proof is a search of the solver.")
    if plan.status is SolveStatus.FEASIBLE:
        return text("Valid; on some levels a better plan is not excluded, the bounds say how much better at most.")
    if plan.status is SolveStatus.INFEASIBLE:
        return text("Not everything that was fixed can be kept at once; the plan keeps as much of it as possible.")
    return text("The time ran out before everything that was fixed could be kept or refuted.")


def engine_words(engine: str) -> Text:
    """Return how the plan was found."""
    if engine == "flow":
        return text("minimum-cost flow: exact")
    if engine.startswith("integer"):
        return text("integer programming with bounds from prices")
    return text("engine {name}", name=engine)
