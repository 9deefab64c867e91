"""What changed between two plans."""

from __future__ import annotations

from dataclasses import replace

from matcher.compare import KindChange, Measure, Move, compare_plans
from matcher.roster import Lock, LockStatus, MentoringKind, Topic
from tests.rosters import MATHS, Round, request
from tests.unit.explain.plans import plan_of


def round_of_three() -> Round:
    here = Round().mentor("M-1", max_individual=1, max_groups=0).mentor("M-2", max_individual=1, max_groups=0)
    for number in range(1, 4):
        here.mentee(f"N-{number}", requests=(MATHS, request(Topic.UPBRINGING, priority=2)), max_mentors=1)
    return here


def test_the_same_plan_has_not_changed() -> None:
    plan = plan_of(round_of_three())
    found = compare_plans(plan, plan)
    assert (found.kept, found.added, found.removed, found.moves, found.people) == (2, (), (), (), ())
    assert all(figure.change == 0 for figure in found.figures)
    assert all(level.before == level.after for level in found.levels)


def test_pairs_people_and_figures_that_changed() -> None:
    here = round_of_three()
    before = plan_of(here.add(locks=[Lock(mentor="M-1", mentee="N-1"), Lock(mentor="M-2", mentee="N-2")]))
    after_round = round_of_three().mentor("M-3", max_individual=1, max_groups=0)
    after = plan_of(after_round.add(locks=[Lock(mentor="M-2", mentee="N-1"), Lock(mentor="M-1", mentee="N-2")]))
    found = compare_plans(before, after)
    assert found.kept == 0
    assert found.added == (("M-1", "N-2"), ("M-2", "N-1"), ("M-3", "N-3"))
    assert found.removed == (("M-1", "N-1"), ("M-2", "N-2"))
    assert found.moves == (
        Move(mentee="N-1", before=("M-1",), after=("M-2",)),
        Move(mentee="N-2", before=("M-2",), after=("M-1",)),
        Move(mentee="N-3", before=(), after=("M-3",)),
    )
    assert (found.newly_served, found.no_longer_served) == (("N-3",), ())
    assert found.people == ("M-1", "M-2", "M-3", "N-1", "N-2", "N-3")
    figures = {figure.measure: (figure.before, figure.after) for figure in found.figures}
    assert figures[Measure.SERVED] == (2, 3)
    assert figures[Measure.UNMATCHED] == (1, 0)
    assert figures[Measure.REQUESTS] == (4, 6)
    assert figures[Measure.MENTORS] == (2, 3)
    assert figures[Measure.MINUTES] == (240, 360)


def test_somebody_who_loses_his_mentor_is_named() -> None:
    before = plan_of(Round().mentor("M-1", max_groups=0).mentee("N-1").mentee("N-2"))
    forbidden = Lock(mentor="M-1", mentee="N-2", status=LockStatus.FORBIDDEN)
    after = plan_of(Round().mentor("M-1", max_groups=0).mentee("N-1").mentee("N-2").add(locks=[forbidden]))
    assert compare_plans(before, after).no_longer_served == ("N-2",)


def test_a_pair_that_stays_in_another_kind() -> None:
    before = plan_of(Round().mentor("M-1").mentee("N-1"))
    pairs = (replace(before.pairs[0], kind=MentoringKind.VIRTUAL),)
    found = compare_plans(before, replace(before, pairs=pairs))
    change = KindChange(mentor="M-1", mentee="N-1", before=MentoringKind.TRADITIONAL, after=MentoringKind.VIRTUAL)
    assert (found.kept, found.kind_changes) == (1, (change,))


def test_levels_of_different_regulations_are_not_compared() -> None:
    here = Round().mentor("M-1").mentee("N-1")
    other = Round("barnaul").mentor("M-1").mentee("N-1")
    found = compare_plans(plan_of(here), plan_of(other))
    assert not found.same_policy
    assert found.levels == ()


def test_a_second_mentor_is_counted_as_such() -> None:
    here = Round().mentor("M-1", max_groups=0, topics=(Topic.SUBJECT_CONTENT,))
    here.mentor("M-2", max_groups=0, topics=(Topic.UPBRINGING,))
    here.mentee("N-1", requests=(MATHS, request(Topic.UPBRINGING)))
    plan = plan_of(here)
    figures = {figure.measure: figure.after for figure in compare_plans(plan, plan).figures}
    assert (figures[Measure.SERVED], figures[Measure.SECOND_MENTORS], figures[Measure.REQUESTS]) == (1, 1, 2)
