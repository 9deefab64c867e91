"""Why somebody has nobody, and cures whose effect is held against a plan made with the concession in the roster."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matcher.compare import Measure
from matcher.explain.case import Case
from matcher.explain.findings import Cause, Cure, CureKind, NobodyReasons
from matcher.explain.help.why_nobody import why_nobody
from matcher.explain.questions import Questioned
from matcher.outcome import Proof, SolveStatus
from matcher.plan import Plan
from matcher.policy_parts import Quota, Quotas
from matcher.roster import MentoringKind, Organisation, Override, Topic, Wish
from tests.rosters import MATHS, Round, request
from tests.unit.explain.plans import novice, plan_of, short_of_maths


def reasons_of(plan: Plan) -> dict[str, NobodyReasons]:
    case = Case.of(plan)
    return {reasons.mentee: reasons for reasons in why_nobody(case, case.unmatched)}


def cure_of(reasons: NobodyReasons, kind: CureKind) -> Cure:
    return next(cure for cure in reasons.cures if cure.kind is kind)


def change(cure: Cure, measure: Measure) -> int:
    return next((figure.change for figure in cure.effect.figures if figure.measure is measure), 0)


def test_four_for_mathematics_and_three_places() -> None:
    (reasons,) = reasons_of(plan_of(short_of_maths())).values()
    found = reasons.short_set
    assert reasons.cause is Cause.SHORT
    assert reasons.num_candidates == 2
    assert found is not None
    assert found.mentees == ("N-1", "N-2", "N-3", "N-4")
    assert {place.mentor: place.places for place in found.mentors} == {"M-1": 2, "M-2": 1}
    assert found.subjects == ("mathematics",)
    assert (found.most_served, found.proof) == (3, Proof.CERTIFICATE)
    assert found.left_out == (reasons.mentee,)


def test_the_rule_that_removes_the_third_mentor_is_named_with_its_clause() -> None:
    (reasons,) = reasons_of(plan_of(short_of_maths())).values()
    (group,) = reasons.refused
    assert group.mentors == ("M-3",)
    assert [(rule.rule, rule.clause, rule.may_be_lifted) for rule in group.rules] == [("HR-04", "4.5", True)]


def test_mentors_with_the_same_reasons_stand_together() -> None:
    here = short_of_maths().mentor("M-4", subjects=("history",)).mentor("M-5", subjects=("history",), ready=False)
    (reasons,) = reasons_of(plan_of(here)).values()
    assert [group.mentors for group in reasons.refused] == [("M-3", "M-4"), ("M-5",)]


def test_one_place_more_does_what_it_says() -> None:
    here = short_of_maths()
    before = plan_of(here)
    (reasons,) = reasons_of(before).values()
    cure = cure_of(reasons, CureKind.PLACE)
    assert cure.effect.newly_served == (reasons.mentee,)
    assert cure.effect.moved == ()
    assert change(cure, Measure.REQUESTS) == 2
    mentors = tuple(
        replace(m, max_individual=(m.max_individual or 0) + 1) if m.person == cure.mentor else m
        for m in here.roster.mentors
    )
    here.roster = replace(here.roster, mentors=mentors)
    after = plan_of(here)
    assert (len(before.unmatched), len(after.unmatched)) == (1, 0)
    assert [level.value for level in after.levels] == _after(before, cure)


def test_a_lifted_rule_does_what_it_says() -> None:
    here = short_of_maths()
    before = plan_of(here)
    (reasons,) = reasons_of(before).values()
    cure = cure_of(reasons, CureKind.RULE)
    assert (cure.mentor, [rule.rule for rule in cure.rules]) == ("M-3", ["HR-04"])
    assert cure.effect.newly_served == (reasons.mentee,)
    here.add(overrides=[Override(rule="HR-04", mentor="M-3", mentee=reasons.mentee, reason="agreed")])
    assert plan_of(here).unmatched == ()


def test_a_new_mentor_does_what_it_says() -> None:
    here = short_of_maths()
    (reasons,) = reasons_of(plan_of(here)).values()
    cure = cure_of(reasons, CureKind.RECRUIT)
    assert (cure.mentor, cure.subject, cure.topic, cure.organisation) == (
        None, "mathematics", Topic.SUBJECT_CONTENT, "S-1",
    )  # fmt: skip
    assert plan_of(here.mentor("M-9")).unmatched == ()


def test_a_place_further_down_the_chain_helps_and_says_whom_it_moves() -> None:
    # Only M-1 may take N-2; N-1 holds the place and could go to M-2, who is full with N-3.
    here = Round().mentor("M-1", max_individual=1, max_groups=0, subjects=("mathematics", "physics"))
    here.mentor("M-2", max_individual=1, max_groups=0, subjects=("physics",))
    physics = request(Topic.SUBJECT_CONTENT, "physics")
    here.mentee("N-1", requests=(physics,), **novice()).mentee("N-2", requests=(MATHS,))
    here.mentee("N-3", requests=(physics,), **novice())
    (reasons,) = reasons_of(plan_of(here)).values()
    assert reasons.mentee == "N-2"
    assert reasons.short_set is not None
    assert reasons.short_set.most_served == 2
    assert {mentor.mentor for mentor in reasons.short_set.mentors} == {"M-1", "M-2"}
    assert [cure.mentor for cure in reasons.cures if cure.kind is CureKind.PLACE] == ["M-1"]


def test_hours_that_are_missing_are_asked_for() -> None:
    here = Round().mentor("M-1", hours_per_week=0.5, max_groups=0).mentee("N-1").mentee("N-2")
    (reasons,) = reasons_of(plan_of(here)).values()
    cure = cure_of(reasons, CureKind.HOURS)
    assert (cure.mentor, cure.minutes) == ("M-1", 120)
    here.roster = replace(here.roster, mentors=(replace(here.roster.mentors[0], hours_per_week=1),))
    assert plan_of(here).unmatched == ()


def test_a_group_more_places_those_who_wait_together() -> None:
    here = Round().mentor("M-1", max_individual=0, max_groups=1).mentor("M-2", max_individual=0, max_groups=1)
    for topic in (Topic.SUBJECT_CONTENT, Topic.UPBRINGING, Topic.PSYCH_PED_SUPPORT):
        for number in (1, 2):
            here.mentee(f"{topic.value}-{number}", requests=(request(topic),))
    plan = plan_of(here)
    assert (len(plan.groups), len(plan.unmatched)) == (2, 2)
    for reasons in reasons_of(plan).values():
        cure = cure_of(reasons, CureKind.GROUP)
        assert cure.effect.newly_served == plan.unmatched
        assert cure.topic is not None
        assert reasons.mentee.startswith(cure.topic.value)


def test_somebody_who_wants_only_a_group_that_does_not_come_together() -> None:
    here = Round().mentor("M-1").mentee("N-1", kinds=(MentoringKind.GROUP,))
    (reasons,) = reasons_of(plan_of(here)).values()
    assert reasons.cause is Cause.NO_WAY
    assert reasons.accepted_kinds == (MentoringKind.GROUP,)
    cure = cure_of(reasons, CureKind.KIND)
    assert (cure.mentor, cure.effect.newly_served) == ("M-1", ("N-1",))


def test_a_mentor_from_too_far_away_may_be_allowed() -> None:
    here = Round().add(organisations=[Organisation(id="S-9", municipality="Far", region="Elsewhere")])
    here.mentor("M-1", organisation="S-9").mentee("N-1")
    (reasons,) = reasons_of(plan_of(here)).values()
    assert reasons.cause is Cause.NO_CANDIDATE
    cure = cure_of(reasons, CureKind.CONTOUR)
    assert (cure.mentor, [rule.rule for rule in cure.rules]) == ("M-1", ["HR-15"])
    here.add(overrides=[Override(rule="HR-15", mentor="M-1", mentee="N-1", reason="the only one")])
    assert plan_of(here).unmatched == ()


def test_a_veto_is_never_offered_to_be_lifted() -> None:
    here = Round().mentor("M-1").mentee("N-1").add(wishes=[Wish(from_person="N-1", to_person="M-1", veto=True)])
    (reasons,) = reasons_of(plan_of(here)).values()
    assert [rule.may_be_lifted for rule in reasons.refused[0].rules] == [False]
    assert {cure.kind for cure in reasons.cures} == {CureKind.RECRUIT}


def test_a_need_the_regulation_does_not_know() -> None:
    here = Round("anuchino").mentor("M-1").mentee("N-1", requests=(request(Topic.PARENTS),), **novice())
    (reasons,) = reasons_of(plan_of(here)).values()
    assert reasons.cause is Cause.NO_NEED


def test_a_quota_stands_in_the_short_set() -> None:
    here = Round()
    here.change(quotas=Quotas(organisation=(Quota(id="S-1", max=1),)))
    here.mentor("M-1", max_groups=0).mentor("M-2", max_groups=0).mentee("N-1", max_mentors=1).mentee(
        "N-2", max_mentors=1
    )
    (reasons,) = reasons_of(plan_of(here)).values()
    assert reasons.short_set is not None
    assert [room.room for room in reasons.short_set.quotas] == [1]
    assert str(reasons.short_set.quotas[0].what) == "quota of the organisation S-1"
    assert reasons.short_set.proof is Proof.CERTIFICATE


@pytest.mark.parametrize("thorough", [True, False])
def test_a_thorough_answer_proves_what_the_quick_one_found(thorough: bool) -> None:
    plan = plan_of(short_of_maths())
    answer = Questioned.of(plan).mentee(plan.unmatched[0], thorough=thorough).finding
    assert answer.nobody is not None
    cure = cure_of(answer.nobody, CureKind.PLACE)
    assert cure.effect.newly_served == plan.unmatched
    assert cure.effect.status is (SolveStatus.OPTIMAL if thorough else SolveStatus.FEASIBLE)


def _after(before: Plan, cure: Cure) -> list[int]:
    changes = {change.name: change for change in cure.effect.levels}
    return [changes[level.name].after if level.name in changes else level.value for level in before.levels]
