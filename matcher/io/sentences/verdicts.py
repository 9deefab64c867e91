"""How sure a plan is, in a sentence."""

from __future__ import annotations

from matcher.outcome import Proof, SolveStatus
from matcher.plan import Plan
from matcher.sessions.schedule import Schedule
from matcher.texts import Text, text


def status_words(plan: Plan) -> Text:
    """Return what the status of a plan means; it is called the best where anyone can re-check all of it."""
    proofs = [level.proof for level in plan.levels]
    if plan.status is SolveStatus.OPTIMAL:
        if all(proof is Proof.CERTIFICATE for proof in proofs):
            return text(
                "The pairs are the best possible: none are better, and the prices in the file prove it to anyone."
            )
        return text(
            "Of {all} lines about pairs {proved} are proved by prices that anyone can re-check, the others by an"
            " exhaustive search of the solver.",
            all=len(proofs),
            proved=proofs.count(Proof.CERTIFICATE),
        )
    if plan.status is SolveStatus.FEASIBLE:
        return text(
            "Valid. Of {all} lines about pairs {proved} are proved; on the others better pairs are not excluded, the"
            " bounds say how much better at most.",
            all=len(proofs),
            proved=len(proofs) - proofs.count(None),
        )
    if plan.status is SolveStatus.INFEASIBLE:
        return text("Not everything that was fixed can be kept at once; the plan keeps as much of it as possible.")
    return text("The time ran out before everything that was fixed could be kept or refuted.")


def schedule_words(schedule: Schedule) -> Text | None:
    """Return how far a schedule is proved; None where nothing of it was measured."""
    if not schedule.levels:
        return None
    proved = sum(level.proof is not None for level in schedule.levels)
    if proved == len(schedule.levels):
        return text("The schedule is the best possible: every line is proved.")
    return text("Of {all} lines about meetings {proved} are proved.", all=len(schedule.levels), proved=proved)


def engine_words(engine: str) -> Text:
    """Return how the plan was found."""
    if engine == "flow":
        return text("minimum-cost flow: exact")
    if engine.startswith("integer"):
        return text("integer programming with bounds from prices")
    return text("engine {name}", name=engine)
