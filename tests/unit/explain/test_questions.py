"""Single questions: why this pair, what if, whom to recruit, blocking pairs, other plans, the curve of changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matcher.compare import Measure, Move
from matcher.errors import InputError
from matcher.explain.audience import Audience, reasons_for, report_for
from matcher.explain.case import Case
from matcher.explain.findings import BlockingPair
from matcher.explain.pairs.loads import mentor_loads, organisation_balance
from matcher.explain.pairs.why_pair import why_pairs
from matcher.explain.questions import Questioned
from matcher.explain.report import explain_plan
from matcher.outcome import SolveStatus
from matcher.plan import Plan, pairs_of
from matcher.roster import Compatibility, Lock, LockStatus, Organisation, Override, Recommendation, Topic, Wish
from tests.rosters import MATHS, Round, request
from tests.unit.explain.plans import plan_of, short_of_maths


def asked(plan: Plan) -> Questioned:
    return Questioned.of(plan, time_limit=20.0)


def two_by_two() -> Round:
    """Return two mentors with one place each and two mentees; by wishes the pairs are 1–1 and 2–2."""
    here = Round()
    for number in (1, 2):
        here.mentor(f"M-{number}", max_individual=1, max_groups=0)
        here.mentee(f"N-{number}", requests=(MATHS, request(Topic.UPBRINGING, priority=2)), max_mentors=1)
    wishes = [
        Wish(from_person=a, to_person=b, score=9)
        for n in (1, 2)
        for a, b in ((f"M-{n}", f"N-{n}"), (f"N-{n}", f"M-{n}"))
    ]
    return here.add(wishes=wishes)


def test_a_pair_says_what_it_covers_and_what_stays_open() -> None:
    here = Round().mentor("M-1", topics=(Topic.SUBJECT_CONTENT,))
    here.mentee("N-1", requests=(MATHS, request(Topic.UPBRINGING, priority=2)))
    (reasons,) = why_pairs(Case.of(plan_of(here)))
    assert reasons.covers == ("request:0",)
    assert reasons.open_needs == ("request:1",)
    assert reasons.points["SO-03"] == reasons.ideal["SO-03"] == 2000
    assert reasons.next_for_mentee is None
    assert "4.5" in reasons.clauses


def test_the_next_best_of_each_side_is_named_and_costed() -> None:
    plan = plan_of(two_by_two())
    (reasons,) = asked(plan).mentee("N-1").finding.pairs
    assert reasons.mentor == "M-1"
    assert reasons.next_for_mentee is not None
    assert reasons.next_for_mentor is not None
    assert (reasons.next_for_mentee.mentor, reasons.next_for_mentor.mentee) == ("M-2", "N-2")
    effect = reasons.next_for_mentee.effect
    assert effect is not None
    assert effect.status is SolveStatus.OPTIMAL
    assert len(effect.moves) == 2
    (change,) = effect.levels
    assert change.after < change.before


def test_what_if_a_pair_were_formed_is_the_best_plan_with_it() -> None:
    here = two_by_two()
    plan = plan_of(here)
    found = asked(plan).what_if("M-1", "N-2").finding
    assert not found.is_present
    assert found.effect is not None
    assert found.effect.moves == (
        Move(mentee="N-1", before=("M-1",), after=("M-2",)),
        Move(mentee="N-2", before=("M-2",), after=("M-1",)),
    )
    fixed = plan_of(here.add(locks=[Lock(mentor="M-1", mentee="N-2")]))
    change = {level.name: level.after for level in found.effect.levels}
    assert [change.get(level.name, level.value) for level in plan.levels] == [
        level.value for level in fixed.levels if level.name != "locks"
    ]


def test_what_if_a_pair_were_not_is_the_best_plan_without_it() -> None:
    here = two_by_two()
    plan = plan_of(here)
    found = asked(plan).what_if("M-1", "N-1", forbid=True).finding
    assert found.effect is not None
    without = plan_of(here.add(locks=[Lock(mentor="M-1", mentee="N-1", status=LockStatus.FORBIDDEN)]))
    change = {level.name: level.after for level in found.effect.levels}
    assert [change.get(level.name, level.value) for level in plan.levels] == [level.value for level in without.levels]


def test_what_is_so_already_costs_nothing_to_ask() -> None:
    found = asked(plan_of(two_by_two())).what_if("M-1", "N-1").finding
    assert found.is_present
    assert found.effect is None


def test_what_if_a_rule_forbids_the_pair() -> None:
    plan = plan_of(short_of_maths())
    found = asked(plan).what_if("M-3", "N-1").finding
    assert [rule.rule for rule in found.refused] == ["HR-04"]
    assert found.effect is None


def test_a_stranger_is_wrong_input() -> None:
    with pytest.raises(InputError):
        asked(plan_of(two_by_two())).what_if("M-9", "N-1")


def test_a_plan_changed_by_hand_is_not_explained() -> None:
    plan = plan_of(two_by_two())
    swapped = (replace(plan.pairs[0], mentor="M-2"), *plan.pairs[1:])
    with pytest.raises(InputError):
        Case.of(replace(plan, pairs=swapped))


def test_one_place_with_a_mathematician_is_worth_one_mentee_exactly() -> None:
    plan = plan_of(short_of_maths())
    found = asked(plan).recruit(3).finding
    places = [recruit for recruit in found if recruit.mentor is not None]
    assert {recruit.mentor for recruit in places} == {"M-1", "M-2"}
    for recruit in places:
        assert recruit.served == plan.unmatched
        assert recruit.is_exact
    newcomers = [recruit for recruit in found if recruit.mentor is None]
    assert [(n.subject, n.topic, n.organisation) for n in newcomers] == [("mathematics", Topic.SUBJECT_CONTENT, "S-1")]


def test_nobody_needs_to_be_recruited_where_all_is_well() -> None:
    here = Round().mentor("M-1").mentee("N-1", requests=(MATHS,), max_mentors=1)
    assert asked(plan_of(here)).recruit(3).finding == ()


def test_a_mentor_is_told_his_load_and_what_one_place_more_brings() -> None:
    found = asked(plan_of(short_of_maths())).mentor("M-2").finding
    assert (found.load.pairs, found.load.max_pairs, found.load.num_candidates) == (1, 1, 4)
    assert found.one_more is not None
    assert len(found.one_more.served) == 1


def test_two_who_would_rather_have_each_other_are_listed() -> None:
    # The plan has to serve N-2, whom only M-1 can take; M-1 and N-1 want each other.
    here = Round().mentor("M-1", max_individual=1, max_groups=0, subjects=("mathematics", "physics"))
    here.mentor("M-2", max_individual=1, max_groups=0)
    here.mentee("N-1", requests=(MATHS,), max_mentors=1)
    here.mentee("N-2", requests=(request(Topic.SUBJECT_CONTENT, "physics"),), max_mentors=1)
    here.add(
        wishes=[Wish(from_person="M-1", to_person="N-1", score=10), Wish(from_person="N-1", to_person="M-1", score=10)]
    )
    plan = plan_of(here)
    assert {(pair.mentor, pair.mentee) for pair in plan.pairs} == {("M-1", "N-2"), ("M-2", "N-1")}
    expected = BlockingPair(mentor="M-1", mentee="N-1", instead_mentor="M-2", instead_mentee="N-2")
    assert asked(plan).blocking().finding == (expected,)


def test_a_plan_by_mutual_wishes_has_no_blocking_pairs() -> None:
    assert asked(plan_of(two_by_two())).blocking().finding == ()


def test_a_locked_pair_blocks_nobody() -> None:
    here = two_by_two().add(locks=[Lock(mentor="M-1", mentee="N-2")])
    assert asked(plan_of(here)).blocking().finding == ()


@pytest.mark.parametrize("differ", [1, 2])
def test_alternatives_differ_from_the_plan_and_from_each_other(differ: int) -> None:
    here = Round()
    for number in range(1, 4):
        here.mentor(f"M-{number}", max_individual=1, max_groups=0).mentee(f"N-{number}", max_mentors=1)
    plan = plan_of(here)
    found = asked(plan).alternatives(2, differ).finding
    assert len(found) == 2
    for alternative in found:
        assert alternative.num_new_pairs >= differ
        assert alternative.effect.status is SolveStatus.OPTIMAL
    assert found[0].effect.moves != found[1].effect.moves


def test_no_alternative_differs_in_more_pairs_than_there_are() -> None:
    assert asked(plan_of(two_by_two())).alternatives(2, 3).finding == ()


def test_the_curve_of_changes_rises_and_ends() -> None:
    here = two_by_two()
    earlier = {("M-1", "N-2"): "traditional", ("M-2", "N-1"): "traditional"}
    plan = plan_of(here, previous=earlier)
    curve = asked(plan).curve().finding
    assert [(point.most_new_pairs, point.num_new_pairs) for point in curve] == [(0, 0), (1, 0), (2, 2)]
    assert [point.effect.is_gain for point in curve] == [False, False, True]


def test_without_an_earlier_plan_there_is_no_curve() -> None:
    assert asked(plan_of(two_by_two())).curve().finding == ()


def test_loads_and_balance_count_the_pairs() -> None:
    here = short_of_maths().add(organisations=[Organisation(id="S-2", municipality="Town", region="Region")])
    here.mentee("N-9", organisation="S-2", requests=(request(Topic.SUBJECT_CONTENT, "literature"),), max_mentors=1)
    plan = plan_of(here)
    case = Case.of(plan)
    loads = {load.mentor: load for load in mentor_loads(case)}
    assert [(loads[m].pairs, loads[m].minutes) for m in ("M-1", "M-2", "M-3")] == [(2, 240), (1, 120), (1, 120)]
    balance = {found.organisation: found for found in organisation_balance(case)}
    assert (balance["S-1"].mentors, balance["S-1"].mentees, balance["S-1"].served, balance["S-1"].guests) == (
        3,
        4,
        3,
        1,
    )
    assert (balance["S-2"].mentees, balance["S-2"].served_inside) == (1, 0)


def test_the_council_sees_neither_wishes_nor_the_word_of_the_psychologist() -> None:
    here = Round("smolensk_school_23").mentor("M-1", max_groups=0).mentee("N-1").mentor("M-2", max_groups=0)
    marks = [
        Compatibility(mentor="M-1", mentee="N-1", recommendation=Recommendation.NOT_RECOMMENDED, psychologist=-2),
        Compatibility(mentor="M-2", mentee="N-1", recommendation=Recommendation.NOT_RECOMMENDED, psychologist=-2),
    ]
    report = report_for(Audience.COUNCIL, explain_plan(plan_of(here.add(compatibility=marks))))
    (reasons,) = report.nobody
    assert [(rule.rule, str(rule.sentence)) for group in reasons.refused for rule in group.rules] == [
        ("", "One side declined, or the pair was not recommended.")
    ]


def test_the_fit_the_council_sees_does_not_give_wishes_away() -> None:
    plain = plan_of(Round().mentor("M-1").mentee("N-1"))
    wished = plan_of(
        Round().mentor("M-1").mentee("N-1").add(wishes=[Wish(from_person="N-1", to_person="M-1", score=0.5)])
    )
    seen = [reasons_for(Audience.COUNCIL, why_pairs(Case.of(plan))[0]) for plan in (plain, wished)]
    assert seen[0] == seen[1]
    assert why_pairs(Case.of(plain))[0].fit != why_pairs(Case.of(wished))[0].fit


def test_a_rule_lifted_against_the_psychologist_is_not_named_to_the_council() -> None:
    here = Round("smolensk_school_23").mentor("M-1", max_groups=0).mentee("N-1")
    here.add(
        compatibility=[Compatibility(mentor="M-1", mentee="N-1", recommendation=Recommendation.NOT_RECOMMENDED)],
        overrides=[Override(rule="HR-24", mentor="M-1", mentee="N-1", reason="asked again")],
    )
    (reasons,) = why_pairs(Case.of(plan_of(here)))
    assert any("psychologist" in str(warning) for warning in reasons.warnings)
    shown = reasons_for(Audience.COUNCIL, reasons)
    assert not any("psychologist" in str(warning) for warning in shown.warnings)
    assert len(shown.warnings) == len(reasons.warnings)


def test_an_effect_counts_what_a_comparison_of_two_plans_counts() -> None:
    here = two_by_two()
    plan = plan_of(here)
    effect = asked(plan).what_if("M-1", "N-2").finding.effect
    assert effect is not None
    assert {figure.measure for figure in effect.figures} == {Measure.POINTS}
    assert pairs_of(plan) == {("M-1", "N-1"): "traditional", ("M-2", "N-2"): "traditional"}
