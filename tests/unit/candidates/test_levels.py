"""Levels in the policy's order, and what is counted on each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matcher.candidates.levels import load_costs
from matcher.errors import InputError
from matcher.policy_parts import Quota, Quotas
from matcher.roster import MenteeCategory, MentoringForm, Organisation, Topic
from tests.rosters import MATHS, Round, request

CRITERIA = "SO-03+SO-04+SO-05+SO-06+SO-08+SO-10"


def test_levels_follow_the_policy() -> None:
    built = Round("kalmykia").mentor().mentee().build()
    assert built.problem.level_names == ("SO-01:1", "SO-01:2", "SO-01:3", "SO-02", CRITERIA, "SO-07+SO-12", "SO-09")
    assert built.problem.level_names[built.problem.headline] == CRITERIA


def test_inside_mentors_come_first_directly_above_serving() -> None:
    built = Round("smolensk_school_23").mentor().mentee().build()
    inside = ("internal_first:1", "internal_first:2", "internal_first:3")
    assert built.problem.level_names[:6] == (*inside, "SO-01:1", "SO-01:2", "SO-01:3")
    assert built.items.need.tolist() == [0, -1]


def test_those_left_out_last_time_go_first_inside_their_tier() -> None:
    here = Round().mentor().mentee("N-1", pedagogical_experience_years=1)
    here.mentee("N-2", pedagogical_experience_years=1, unmatched_last_round=True)
    problem = here.build().problem
    assert problem.level_names[:2] == ("SO-01:1:unmatched", "SO-01:1")
    assert problem.served_points[:2].tolist() == [[0, 1], [1, 0]]


def test_a_novice_is_served_before_anybody_else() -> None:
    here = Round().mentor(max_individual=1, max_groups=0).mentee("N-1").mentee("N-2", pedagogical_experience_years=1)
    here.mentee("N-3", categories=(MenteeCategory.RETURNING,))
    assert here.pairs() == {("M-1", "N-2")}


def test_items_are_needs_that_somebody_covers() -> None:
    wants = (MATHS, request(Topic.UPBRINGING, priority=2), request(Topic.DIGITAL, priority=3))
    built = (
        Round().mentor(topics=(Topic.SUBJECT_CONTENT, Topic.UPBRINGING), max_groups=0).mentee(requests=wants).build()
    )
    level = built.problem.level_names.index("SO-02")
    assert built.problem.item_points[level].tolist() == [3, 2]
    assert built.report.num_open_needs == 1


def test_two_mentors_who_cover_the_same_count_once() -> None:
    here = Round().mentor("M-1").mentor("M-2").mentee()
    built, result = here.solve()
    assert len(result.pairing.option) == 1
    assert built.problem.cover_item.tolist() == [0, 0]


def test_load_costs_rise_and_teaching_hours_count() -> None:
    columns = Round().mentor("M-1", teaching_hours=18).mentor("M-2", teaching_hours=None).mentee().build().columns
    mentor, place = np.repeat([0, 1], 4), np.tile(np.arange(4), 2)
    assert load_costs(columns, mentor, place).tolist() == [10, 20, 70, 120, 0, 10, 60, 110]


def test_load_is_spread() -> None:
    here = Round().mentor("M-1", max_groups=0).mentor("M-2", max_groups=0)
    for number in range(4):
        here.mentee(f"N-{number}")
    mentors = sorted(mentor for mentor, _ in here.pairs())
    assert mentors == ["M-1", "M-1", "M-2", "M-2"]


def test_a_least_load_is_a_level_near_the_top() -> None:
    here = Round().mentor("M-1").mentor("M-2", subjects=("mathematics", "physics"), min_individual=1).mentee("N-1")
    problem = here.build().problem
    assert problem.level_names[0] == "least"
    steps = problem.load_steps
    assert steps.points[0, steps.owner == 1].tolist() == [1, 0, 0, 0]
    assert here.pairs() == {("M-2", "N-1")}


def test_the_same_pair_as_before_is_kept_where_nothing_else_decides() -> None:
    here = Round().mentor("M-1").mentor("M-2").mentee()
    assert here.pairs(previous={("M-2", "N-1"): "traditional"}) == {("M-2", "N-1")}
    assert here.pairs(previous={("M-1", "N-1"): "traditional"}) == {("M-1", "N-1")}
    problem = here.build(previous={("M-1", "N-1"): "virtual"}).problem
    assert sorted(problem.points[problem.level_names.index("SO-09")].tolist()) == [0, 80]


def quotas(**lists: tuple[Quota, ...]) -> Round:
    here = Round().mentor("M-1").mentor("M-2").change(quotas=Quotas(**lists))
    for number in range(3):
        here.mentee(f"N-{number}")
    return here


def test_a_quota_bounds_the_pairs_of_an_organisation() -> None:
    assert len(quotas(organisation=(Quota(id="S-1", max=2),)).pairs()) == 2
    assert len(quotas(municipality=(Quota(id="Town", max=1),)).pairs()) == 1
    assert len(quotas(form=(Quota(id=MentoringForm.TEACHER_TEACHER, max=2),)).pairs()) == 2
    assert len(quotas(form=(Quota(id=MentoringForm.HEAD_TEACHER, max=0),)).pairs()) == 3


def test_a_least_quota_is_wanted_above_all_but_locks() -> None:
    here = quotas(organisation=(Quota(id="S-1", min=2),))
    problem = here.build().problem
    assert problem.level_names[0] == "least"
    assert problem.quota_steps.points[0].tolist() == [1, 0]
    assert problem.quota_steps.width.tolist()[0] == 2


def test_a_quota_of_nobody_is_a_fault() -> None:
    with pytest.raises(InputError, match="S-9"):
        quotas(organisation=(Quota(id="S-9", max=2),)).build()


def test_organisations_of_a_municipality_carry_fair_shares() -> None:
    here = Round().add(organisations=[Organisation(id="S-2", municipality="Town", region="Region")])
    here.mentor("M-1").mentor("M-2", organisation="S-2").mentee("N-1").mentee("N-2")
    built = here.build()
    shares = [(rule.scope, rule.id, rule.share) for rule in built.quotas.rules]
    assert shares == [("fairness", "S-1", 1), ("fairness", "S-2", 1)]
    alone = Round().mentor().mentee().build()
    assert alone.quotas.rules == ()


def test_the_worst_off_level_stands_after_covering() -> None:
    here = Round().mentor("M-1").mentee()
    here.change(worst_off=True)
    problem = here.build().problem
    assert problem.level_names[4] == "worst_off"
    assert problem.worst_off_level == 4
    assert problem.floor_points is not None
    assert problem.floor_points.tolist() == [100]


def test_rules_in_one_level_are_weighed() -> None:
    levels = (("SO-01", "SO-02"), ("SO-03",), ("SO-09",))
    here = Round().mentor("M-1", subjects=("mathematics", "history")).mentee("N-1", pedagogical_experience_years=1)
    here.mentee("N-2", subjects=("history",), requests=(request(Topic.UPBRINGING),))
    problem = here.change(levels=levels).build().problem
    assert problem.level_names == ("SO-01+SO-02", "SO-03", "SO-09")
    assert problem.served_points[0].tolist() == [100 * 100 * 6, 100 * 100 * 2]
    assert problem.item_points[0].tolist() == [3 * (40 * 100 // 3)] * 2


def test_weights_of_a_policy_turn_the_choice() -> None:
    here = (
        Round()
        .mentor("M-1", subjects=("physics",), topics=(Topic.UPBRINGING,))
        .mentor("M-2", topics=(Topic.UPBRINGING,))
    )
    here.mentee(requests=(request(Topic.UPBRINGING),), max_mentors=1)
    from matcher.roster import Wish

    here.add(
        wishes=[Wish(from_person="N-1", to_person="M-1", score=9), Wish(from_person="M-1", to_person="N-1", score=9)]
    )
    assert here.pairs() == {("M-2", "N-1")}
    weights = {**here.policy.weights, "SO-03": 1}
    assert here.change(weights=weights).pairs() == {("M-1", "N-1")}


def test_levels_without_inside_first_have_no_such_items() -> None:
    weighted = replace(Round("smolensk_school_23").policy.contours, mode=Round("kalmykia").policy.contours.mode)
    built = Round("smolensk_school_23").change(contours=weighted).mentor().mentee().build()
    assert not any(name.startswith("internal_first") for name in built.problem.level_names)
    assert built.items.need.tolist() == [0]
