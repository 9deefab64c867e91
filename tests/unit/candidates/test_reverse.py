"""Who may be a reverse pair, and who its counter-assignment (HR-08, A-31)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from matcher.judge.cases import refusals
from matcher.judge.facts import Facts
from matcher.roster import Approval, Lock, MentoringKind, MentorStatus, Override, Topic
from tests.rosters import DAY, MATHS, Round, options_of, request

REVERSE = (MentoringKind.REVERSE,)
METHODS, DIGITAL = request(Topic.TEACHING_METHODS), request(Topic.DIGITAL)


def two_teachers(young: dict[str, Any] | None = None, old: dict[str, Any] | None = None) -> Round:
    """Return a round of a young teacher Y and an old one O; each asks the other for help, only as a reverse pair."""
    born_y, born_o = date(1999, 1, 1), date(1968, 1, 1)
    here = Round().mentor("Y", **{"birth_date": born_y, "topics": (Topic.DIGITAL,), "kinds": REVERSE, **(young or {})})
    here.mentor("O", **{"birth_date": born_o, "topics": (Topic.TEACHING_METHODS,), "kinds": REVERSE, **(old or {})})
    return here.mentee("O", requests=(DIGITAL,), kinds=REVERSE).mentee("Y", requests=(METHODS,), kinds=REVERSE)


def test_who_accepts_only_reverse_may_give_back_what_he_knows() -> None:
    here = two_teachers()
    assert here.refusals("Y", "O") == here.refusals("O", "Y") == []
    built, result = here.solve()
    assert [built.kind_of(at) for at in result.pairing.option.tolist()] == [MentoringKind.REVERSE] * 2
    assert here.pairs() == {("Y", "O"), ("O", "Y")}
    assert built.problem.link_refund_minutes.tolist() == [15]


@pytest.mark.parametrize(
    ("young", "old"),
    [
        ({"birth_date": date(1960, 1, 1)}, {}),
        ({"topics": (Topic.PARENTS,)}, {}),
        ({"status": MentorStatus.PAUSED}, {}),
        ({"approvals": (), "results_confirmed": False}, {}),
        ({"kinds": (MentoringKind.TRADITIONAL,)}, {}),
        ({}, {"topics": (Topic.DIGITAL,)}),
    ],
)
def test_without_a_reverse_pair_there_is_nothing_to_give_back(young: dict[str, Any], old: dict[str, Any]) -> None:
    """The young one must be able to teach the new, himself allowed as a mentor; the old one anything else."""
    here = two_teachers(young, old)
    assert "HR-08" in here.refusals("O", "Y") or "HR-04" in here.refusals("O", "Y")
    assert here.options("O", "Y") == []
    assert refusals(Facts.of(here.roster, here.policy, DAY), "O", "Y")


def test_an_override_for_the_reverse_pair_opens_its_counter_assignment() -> None:
    here = two_teachers({"approvals": (Approval.COMPETENCE_LEVEL,), "results_confirmed": False})
    assert here.refusals("O", "Y") == ["HR-08"]
    here.add(overrides=[Override(rule="HR-02", mentor="Y", mentee="O", reason="council")])
    assert here.refusals("O", "Y") == []
    assert here.pairs() == {("Y", "O"), ("O", "Y")}


def test_a_pair_fixed_as_a_reverse_one_is_no_counter_assignment() -> None:
    here = two_teachers().add(locks=[Lock(mentor="O", mentee="Y", kind=MentoringKind.REVERSE)])
    assert here.refusals("O", "Y") == ["HR-08"]
    assert [(lock.mentor, lock.rule) for lock in here.build().conflicts] == [("O", "HR-08")]


def test_a_counter_assignment_fixed_without_a_kind_is_told_to_the_council() -> None:
    here = two_teachers().add(locks=[Lock(mentor="O", mentee="Y")])
    assert [(lock.mentor, lock.rule) for lock in here.build().conflicts] == [("O", "HR-08")]


def test_too_low_a_level_for_a_speed_meeting_leaves_the_reverse_pair() -> None:
    kinds = (MentoringKind.SPEED, MentoringKind.REVERSE)
    here = Round().mentor(birth_date=date(1999, 1, 1), kinds=kinds)
    here.mentee("N-1", birth_date=date(1968, 1, 1), requests=(DIGITAL,))
    here.mentee("N-2", birth_date=date(1968, 1, 1), requests=(MATHS,))
    built = here.build()
    assert [built.kind_of(at) for at in options_of(built, "M-1", "N-1")] == [MentoringKind.REVERSE]
    assert here.refusals("M-1", "N-2") == ["HR-08"]


def test_two_who_mentor_each_other_need_not_have_a_way_in_both_directions() -> None:
    """Of one direction there is only a seat in a group that nobody else would join."""
    group = (MentoringKind.GROUP,)
    here = Round().mentor("P-1").mentor("P-2", kinds=group).mentee("P-1", kinds=group).mentee("P-2")
    assert here.options("P-2", "P-1") == []
    assert here.pairs() == {("P-1", "P-2")}
