"""What one valid plan does against another of the same round, in people, requests and levels."""

from __future__ import annotations

import numpy as np

from matcher.candidates.build import Candidates
from matcher.compare import Figure, LevelChange, Measure, figures_of, moves_between
from matcher.explain.case import as_planned
from matcher.explain.findings import Effect, FoundBy
from matcher.explain.search.exchange import Outcome
from matcher.outcome import SolveStatus


def effect_between(
    candidates: Candidates,
    before: Outcome,
    after: Outcome,
    *,
    found_by: FoundBy,
    status: SolveStatus = SolveStatus.FEASIBLE,
) -> Effect:
    """Return the effect of going from one pairing to another; only the mentees whose options differ are looked at."""
    options = candidates.options
    changed = np.setxor1d(before.pairing.option, after.pairing.option)
    touched = np.unique(options.mentee[changed])
    old = as_planned(candidates, before.pairing.option[np.isin(before.pairing.mentee, touched)].tolist())
    new = as_planned(candidates, after.pairing.option[np.isin(after.pairing.mentee, touched)].tolist())
    first, second = figures_of(old), figures_of(new)
    first[Measure.GROUPS], second[Measure.GROUPS] = len(before.pairing.open_group), len(after.pairing.open_group)
    # Who works with whom elsewhere is not looked at here, so the number of mentors in use is not known.
    counted = (measure for measure in Measure if measure is not Measure.MENTORS)
    names = candidates.problem.level_names
    return Effect(
        figures=tuple(Figure(measure=m, before=first[m], after=second[m]) for m in counted if first[m] != second[m]),
        levels=tuple(
            LevelChange(name=name, before=value, after=other)
            for name, value, other in zip(names, before.values, after.values, strict=True)
            if value != other
        ),
        moves=moves_between(((pair.mentor, pair.mentee) for pair in old), ((pair.mentor, pair.mentee) for pair in new)),
        found_by=found_by,
        status=status,
    )
