"""Mentees whom something held back that counts more, and plans that were not the best."""

from __future__ import annotations

from dataclasses import replace

from matcher.compare import Move
from matcher.explain.case import Case
from matcher.explain.findings import Cause
from matcher.explain.help.why_nobody import why_nobody
from matcher.outcome import SolveStatus
from matcher.roster import Organisation
from tests.rosters import MATHS, Round
from tests.unit.explain.plans import PHYSICS, novice, plan_of


def test_inside_first_holds_an_outsider_back_and_says_so() -> None:
    # M-1 could take N-2, who has nobody else, if N-1 went to the physicist of another school: inside comes first.
    other = [Organisation(id=id_, municipality="Town", region="Region") for id_ in ("S-2", "S-3")]
    here = Round("smolensk_school_23").add(organisations=other)
    here.mentor("M-1", max_individual=1, max_groups=0)
    here.mentor("M-2", max_individual=1, max_groups=0, organisation="S-2", subjects=("physics",))
    here.mentee("N-1", requests=(MATHS, PHYSICS), max_mentors=1)
    here.mentee("N-2", organisation="S-3", max_mentors=1, **novice())
    plan = plan_of(here)
    assert [(pair.mentor, pair.mentee) for pair in plan.pairs] == [("M-1", "N-1")]
    case = Case.of(plan)
    (reasons,) = why_nobody(case, case.unmatched)
    assert reasons.cause is Cause.HELD_BACK
    assert reasons.held_back is not None
    assert not reasons.held_back.is_gain
    assert reasons.held_back.levels[0].name.startswith("internal_first")
    assert reasons.held_back.moves == (
        Move(mentee="N-1", before=("M-1",), after=("M-2",)),
        Move(mentee="N-2", before=(), after=("M-1",)),
    )


def test_a_plan_that_is_not_the_best_is_found_out() -> None:
    here = Round().mentor("M-1", max_groups=0).mentee("N-1").mentee("N-2")
    best = plan_of(here)
    first = Case.of(best)
    option = first.pairing.option[:1].tolist()
    worse = replace(
        best,
        status=SolveStatus.FEASIBLE,
        options=tuple(option),
        pairs=tuple(pair for pair in best.pairs if (pair.mentor, pair.mentee) == first.ids_of(option[0])),
        unmatched=tuple(m for m in ("N-1", "N-2") if m != first.ids_of(option[0])[1]),
    )
    case = Case.of(worse)
    (reasons,) = why_nobody(case, case.unmatched)
    assert reasons.cause is Cause.HELD_BACK
    assert reasons.held_back is not None
    assert reasons.held_back.is_gain
    assert reasons.held_back.newly_served == worse.unmatched
