"""Schools alone, then their municipality, then the region: what each opening gains."""

from __future__ import annotations

from dataclasses import replace

from matcher.errors import Fault, InputError
from matcher.texts import text
from scenarios.balance.steps import Step, outcome_of, pair_people
from scenarios.materials import build_materials
from scenarios.outcome import Outcome, Watch
from scenarios.scenario import Files, Run


def compute_contours(run: Run, files: Files) -> Outcome:
    """Return a round for each contour of the regulation, opened one after another from the nearest.

    Raises
    ------
    InputError
        When the inputs have faults, or the regulation has only one contour.
    """
    watch = Watch()
    with watch("materials"):
        given = build_materials(run, files)
    order = given.policy.contours.order
    if len(order) < 2:
        cure = text("choose a regulation with several contours")
        raise InputError([Fault("policy.contours.order", text("there is only one contour, nothing to open"), cure)])
    steps: list[Step] = []
    for number, contour in enumerate(order, start=1):
        opened = replace(given.policy.contours, order=order[:number])
        with watch("plan"):
            plan = pair_people(run, given, policy=replace(given.policy, contours=opened), roster=given.roster)
        steps.append(Step(name=contour.value, plan=plan))
    gained = len(steps[0].plan.unmatched) - len(steps[-1].plan.unmatched)
    return outcome_of(run, steps, watch, {"gained": gained})
