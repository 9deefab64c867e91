"""From rosters to events: who takes part, who may meet whom, what is wanted, what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matcher.errors import InputError
from matcher.policy_words import OtherKinds
from matcher.roster import (
    CompetenceBlock,
    Deficit,
    Lock,
    LockStatus,
    MentoringKind,
    MentorStatus,
    Override,
    Qualification,
    Topic,
    Wish,
)
from matcher.speed.event import EventSettings, SpeedEvent, build_event
from matcher.speed.plan import recheck, topic_of
from matcher.speed.planning import make_speed_plan
from tests.rosters import DAY, MATHS, Round, request


def three(policy: str = "kalmykia", **mentors: Any) -> Round:
    here = Round(policy)
    for number in (1, 2, 3):
        here.mentor(f"M-{number}", **mentors).mentee(f"N-{number}")
    return here


def settings(num_rounds: int = 3, num_tables: int = 3, **changes: Any) -> EventSettings:
    return EventSettings(num_rounds=num_rounds, num_tables=num_tables, **changes)


def pairs(event: SpeedEvent) -> dict[tuple[str, str], int]:
    problem = event.problem
    return {
        (event.mentor_id[m], event.mentee_id[n]): want
        for m, n, want in zip(problem.mentor.tolist(), problem.mentee.tolist(), problem.want.tolist(), strict=True)
    }


def event_of(here: Round, *, with_policy: bool = False, **changes: Any) -> SpeedEvent:
    policy = here.policy if with_policy else None
    return build_event(here.roster, settings(**changes), policy, reference_day=DAY)


def test_wishes_of_both_sides_are_added_up_in_tenths() -> None:
    here = three().add(
        wishes=[
            Wish(from_person="N-1", to_person="M-2", score=8),
            Wish(from_person="M-2", to_person="N-1", score=6.5),
            Wish(from_person="N-2", to_person="M-1", score=0),
            Wish(from_person="N-3", to_person="M-3"),
        ]
    )
    assert pairs(event_of(here)) == {("M-2", "N-1"): 145}
    assert len(pairs(event_of(here, fill=True))) == 9


def test_refused_forbidden_and_running_pairs_do_not_meet() -> None:
    here = three().add(
        wishes=[
            Wish(from_person="M-1", to_person="N-1", veto=True),
            Wish(from_person="N-2", to_person="M-1", veto=True),
        ],
        locks=[
            Lock(mentor="M-2", mentee="N-1", status=LockStatus.FORBIDDEN),
            Lock(mentor="M-2", mentee="N-2", status=LockStatus.ACTIVE),
            Lock(mentor="M-2", mentee="N-3", status=LockStatus.PROPOSED),
        ],
    )
    everybody = {(f"M-{m}", f"N-{n}") for m in (1, 2, 3) for n in (1, 2, 3)}
    apart = {("M-1", "N-1"), ("M-1", "N-2"), ("M-2", "N-1"), ("M-2", "N-2")}
    assert set(pairs(event_of(here, fill=True))) == everybody - apart


@pytest.mark.parametrize(
    "change",
    [
        {"ready": False},
        {"status": MentorStatus.PAUSED},
        {"status": MentorStatus.LEFT},
        {"kinds": (MentoringKind.GROUP,)},
    ],
)
def test_mentors_who_cannot_come_stay_away(change: dict[str, Any]) -> None:
    here = three().mentor("M-4", **change)
    assert event_of(here, fill=True).mentor_id == ("M-1", "M-2", "M-3")


def test_the_absent_stay_away() -> None:
    event = event_of(three(), fill=True, absent=("M-2", "N-3"))
    assert (event.mentor_id, event.mentee_id) == (("M-1", "M-3"), ("N-1", "N-2"))


def test_classes_stay_away_and_that_is_said() -> None:
    event = event_of(three().school_class("6A"), fill=True)
    assert "6A" not in event.mentee_id
    assert [str(note) for note in event.notes] == ["1 class stays away"]


def test_who_is_in_both_registers_comes_on_one_side() -> None:
    here = three().mentee("M-1")
    event = event_of(here, fill=True)
    assert ("M-1" in event.mentor_id, "M-1" in event.mentee_id) == (True, False)
    assert [str(note) for note in event.notes] == ["1 person of both registers takes part as a mentor: M-1"]
    event = event_of(here, fill=True, as_mentee=("M-1",))
    assert ("M-1" in event.mentor_id, "M-1" in event.mentee_id) == (False, True)


def test_under_a_regulation_the_mentor_is_of_a_higher_level() -> None:
    here = Round("kalmykia").mentor("M-1", qualification=Qualification.HIGHEST).mentor("M-2").mentee("N-1")
    assert set(pairs(event_of(here, with_policy=True, fill=True))) == {("M-1", "N-1")}
    here.add(overrides=[Override(rule="HR-09", mentor="M-2", mentee="N-1", reason="Решение совета")])
    assert set(pairs(event_of(here, with_policy=True, fill=True))) == {("M-1", "N-1"), ("M-2", "N-1")}


def test_a_round_of_acquaintance_does_not_ask_for_a_higher_level() -> None:
    here = Round("kalmykia").mentor("M-1").mentee("N-1")
    assert pairs(event_of(here, with_policy=True, fill=True)) == {}
    event = event_of(here, with_policy=True, candidates=1)
    assert set(pairs(event)) == {("M-1", "N-1")}
    assert "a mentor need not be of a higher level (HR-09)" in str(event.notes[0])


def test_under_a_regulation_its_requirements_hold() -> None:
    here = (
        Round("kalmykia").mentor("M-1", topics=(Topic.UPBRINGING,), qualification=Qualification.HIGHEST).mentee("N-1")
    )
    assert pairs(event_of(here, with_policy=True, fill=True)) == {}
    assert pairs(event_of(here, with_policy=True, candidates=2)) == {}


def test_a_regulation_without_speed_mentoring_refuses_or_warns() -> None:
    here = three(qualification=Qualification.HIGHEST)
    kinds = tuple(kind for kind in here.policy.kinds if kind is not MentoringKind.SPEED)
    here.change(kinds=kinds, tolerated_kinds=(), other_kinds=OtherKinds.REFUSE)
    with pytest.raises(InputError, match="this regulation has no speed mentoring"):
        event_of(here, with_policy=True)
    here.change(other_kinds=OtherKinds.WARN)
    assert "does not name speed mentoring" in str(event_of(here, with_policy=True).notes[0])


def test_better_candidates_are_wanted_more_and_every_want_counts() -> None:
    here = (
        Round("kalmykia")
        .mentor("M-1")
        .mentor("M-2", subjects=("history",))
        .mentee("N-1", requests=(request(Topic.UPBRINGING),))
    )
    found = pairs(event_of(here, with_policy=True, candidates=2))
    assert found["M-1", "N-1"] > found["M-2", "N-1"] > 0


def test_each_mentee_meets_as_many_candidates_as_asked_for() -> None:
    here = three().mentee("N-4")
    plan = make_speed_plan(here.roster, settings(candidates=2), here.policy, reference_day=DAY)
    met = [meeting.mentee for meeting in plan.meetings]
    assert {id_: met.count(id_) for id_ in plan.event.mentee_id} == dict.fromkeys(("N-1", "N-2", "N-3", "N-4"), 2)
    assert recheck(plan) == ()


def test_who_has_no_place_left_needs_no_candidates() -> None:
    here = three().mentor("M-4", max_individual=1, max_groups=0).mentee("N-4", max_mentors=1)
    here.add(locks=[Lock(mentor="M-4", mentee="N-4", status=LockStatus.ACTIVE)])
    event = event_of(here, with_policy=True, candidates=3)
    assert "M-4" not in event.mentor_id
    assert "N-4" not in event.mentee_id
    assert "2 people have no place left and stay away" in [str(note) for note in event.notes]


def test_the_order_of_the_rows_does_not_matter() -> None:
    here = three().add(wishes=[Wish(from_person=f"N-{n}", to_person=f"M-{n}", score=n) for n in (1, 2, 3)])
    turned = replace(
        here.roster,
        people=here.roster.people[::-1],
        mentors=here.roster.mentors[::-1],
        mentees=here.roster.mentees[::-1],
        wishes=here.roster.wishes[::-1],
    )
    first, second = (make_speed_plan(roster, settings(fill=True)) for roster in (here.roster, turned))
    assert first.meetings == second.meetings


@pytest.mark.parametrize(
    ("changes", "with_policy", "places"),
    [
        ({"absent": ("X", "Y")}, False, ["--absent", "--absent"]),
        ({"as_mentee": ("M-1",)}, False, ["--as-mentee"]),
        ({"candidates": 4}, True, ["--candidates"]),
        ({"least": 4}, False, ["--least"]),
        ({"least": 2, "most_mentee": 1}, False, ["--least"]),
        ({"candidates": 2}, False, ["--candidates"]),
        ({"candidates": 2, "least": 1, "most_mentee": 2, "fill": True}, True, ["--least", "--mentee-most", "--fill"]),
        ({"num_rounds": 501}, False, ["--rounds"]),
    ],
)
def test_settings_that_contradict_are_told(changes: dict[str, Any], with_policy: bool, places: list[str]) -> None:
    with pytest.raises(InputError) as error:
        event_of(three(), with_policy=with_policy, **changes)
    assert [fault.place for fault in error.value.faults] == places


def test_caps_of_a_person_hold() -> None:
    plan = make_speed_plan(three().roster, settings(fill=True, most_mentor=2, most_mentee=1))
    assert max(np.bincount(plan.event.problem.mentor[plan.result.schedule.pair])) <= 2
    assert len(plan.meetings) == 3


def test_they_talk_about_the_most_urgent_request_the_mentor_helps_with() -> None:
    here = Round().mentor("M-1", topics=(Topic.PARENTS,)).mentor("M-2", topics=())
    gaps = (
        Deficit(competence=CompetenceBlock.DIGITAL, level=2),
        Deficit(competence=CompetenceBlock.METHODICAL, level=1),
    )
    here.mentee("N-1", requests=(replace(MATHS, priority=2), request(Topic.PARENTS, priority=3), request(Topic.OTHER)))
    here.mentee("N-2", requests=(), deficits=gaps).mentee("N-3", requests=())
    first, second = here.roster.mentors
    one, two, three_ = here.roster.mentees
    assert topic_of(first, one) == "request:1"
    assert topic_of(second, one) == "request:2"
    assert topic_of(first, two) == "deficit:methodical"
    assert topic_of(first, three_) == ""
