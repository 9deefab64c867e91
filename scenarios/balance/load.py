"""A sweep of caps and hours: one run a combination, with its coverage, load and travel."""

from __future__ import annotations

from scenarios.balance.steps import Step, outcome_of, pair_people
from scenarios.materials import build_materials
from scenarios.outcome import Outcome, Watch
from scenarios.scenario import Files, Run


def compute_load(run: Run, files: Files) -> Outcome:
    """Return one round of the sweep, with its load and travel; the caps and hours are axes of the scenario.

    A person's own figures come before the regulation's (A-01), in a sweep too.

    Raises
    ------
    InputError
        When the inputs have faults.
    """
    watch = Watch()
    with watch("materials"):
        given = build_materials(run, files)
    with watch("plan"):
        plan = pair_people(run, given, policy=given.policy, roster=given.roster)
    return outcome_of(run, [Step(name="round", plan=plan)], watch)
