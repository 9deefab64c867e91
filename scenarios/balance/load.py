"""A sweep of caps and hours: one run a combination; which of them no other beats in coverage, load and travel."""

from __future__ import annotations

from collections.abc import Sequence

from scenarios.balance.steps import Step, outcome_of, pair_people
from scenarios.materials import build_materials
from scenarios.outcome import Outcome, Watch
from scenarios.rows import Row
from scenarios.scenario import Files, Run

MORE_IS_BETTER = {"coverage": True, "load.minutes_most": False, "travel.pairs": False}
"""What a sweep of load is weighed by."""


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


def frontier(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the names of the runs that no other run beats: as good in everything, better in something."""
    points = {row.run: _point(row) for row in rows if row.error is None and set(MORE_IS_BETTER) <= set(row.figures)}
    return tuple(name for name, point in points.items() if not any(_beats(other, point) for other in points.values()))


def _point(row: Row) -> tuple[float, ...]:
    """Return the figures of a run, more always better."""
    return tuple(row.figures[name] if is_more else -row.figures[name] for name, is_more in MORE_IS_BETTER.items())


def _beats(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one != other and all(a >= b for a, b in zip(one, other, strict=True))
