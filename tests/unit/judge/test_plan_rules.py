"""Rules over many pairs: each kept by the good plan, and broken by one change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from matcher.judge.verdict import plan_violations, recount_plan
from matcher.plan import Conflict, Plan, PlannedGroup, PlannedPair
from matcher.policy_parts import Quota, Quotas
from matcher.roster import (
    Consent,
    ConsentPurpose,
    Contour,
    Lock,
    LockStatus,
    MenteeCategory,
    MentoringForm,
    MentoringKind,
    MentorStatus,
    Override,
    Request,
    RoleModel,
    Roster,
    Topic,
    Wish,
)
from matcher.texts import text
from matcher.timegrid import Busy, BusyState, BusyTime, standard_grid
from tests.unit.judge.school import (
    DAY,
    change,
    change_person,
    facts_of,
    mentee,
    mentor,
    pair,
    person,
    plan,
    regulation,
    rules,
    school,
)

THEME: dict[str, Any] = {"topic": Topic.SUBJECT_CONTENT, "subject": "mathematics"}
GRID = standard_grid()


def paired(roster: Roster, *pairs: tuple[str, str], policy: str = "kalmykia") -> Plan:
    facts = facts_of(roster, policy)
    return plan(roster, [pair(facts, *ids) for ids in pairs], policy)


def grouped(roster: Roster, *, slot: int | None = None, busy: Busy | None = None, members: str = "N N2") -> Plan:
    facts, names = facts_of(roster), tuple(members.split())
    group = PlannedGroup(id="G", mentor="M", slot=slot, minutes=60, members=names, **THEME)
    seats = [pair(facts, "M", name, group="G") for name in names]
    return plan(roster, seats, groups=[group], busy=busy)


def test_good_plans_break_nothing() -> None:
    assert plan_violations(paired(school(), ("M", "N"), ("M2", "N2"))) == ()
    assert plan_violations(paired(school(), ("M", "N"), ("M2", "N"), ("M", "N2"))) == ()
    assert plan_violations(grouped(school())) == ()


MISSTATED = {
    "form": {"form": MentoringForm.HEAD_TEACHER},
    "model": {"model": RoleModel.SUBJECT},
    "kind": {"kind": MentoringKind.SHORT_TERM},
    "contour": {"contour": Contour.REGION},
    "minutes": {"minutes": 60},
    "covers_more": {"covers": ("request:0", "deficit:digital", "deficit:subject")},
    "covers_less": {"covers": ("request:0",)},
}


@pytest.mark.parametrize("name", MISSTATED)
def test_what_a_plan_states_of_a_pair_is_checked(name: str) -> None:
    good = paired(school(), ("M", "N"))
    bad = replace(good, pairs=(replace(good.pairs[0], **MISSTATED[name]),))  # type: ignore[arg-type]
    assert "9.7" in rules(plan_violations(bad))


def test_twice_together() -> None:
    assert rules(plan_violations(paired(school(), ("M", "N"), ("M", "N")))) == {"HR-01"}


def two_way() -> Roster:
    """M is young and digital, N2 is old and methodical; each can mentor the other."""
    return school(
        people=(
            person("M", birth_date=date(1999, 1, 1), pedagogical_experience_years=5),
            person("N2", birth_date=date(1968, 1, 1), pedagogical_experience_years=30),
        ),
        mentors=(mentor("M", topics=(Topic.DIGITAL,)), mentor("N2", topics=(Topic.TEACHING_METHODS,))),
        mentees=(
            mentee("N2", categories=(), requests=(Request(topic=Topic.DIGITAL),), deficits=()),
            mentee("M", categories=(), requests=(Request(topic=Topic.TEACHING_METHODS),), deficits=()),
        ),
    )


def reverse_plan() -> Plan:
    facts = facts_of(two_way())
    both = {"kind": MentoringKind.REVERSE, "counter": True}
    return plan(two_way(), [pair(facts, "M", "N2", **both), pair(facts, "N2", "M", **both)])


def test_a_reverse_pair_with_its_counter_assignment() -> None:
    assert plan_violations(reverse_plan()) == ()


def test_mentoring_each_other_without_being_a_reverse_pair() -> None:
    assert rules(plan_violations(paired(two_way(), ("M", "N2"), ("N2", "M")))) == {"HR-01"}


def test_a_counter_assignment_alone() -> None:
    whole = reverse_plan()
    alone = replace(whole, pairs=whole.pairs[:1], unmatched=("M",))
    assert rules(plan_violations(alone)) == {"HR-08"}


def test_a_reverse_pair_needs_the_younger_to_teach_the_new() -> None:
    swapped = change(two_way(), "M", topics=(Topic.TEACHING_METHODS,))
    swapped = replace(
        swapped,
        mentees=tuple(replace(n, requests=(Request(topic=Topic.TEACHING_METHODS),)) for n in swapped.mentees),
    )
    facts = facts_of(swapped)
    both = {"kind": MentoringKind.REVERSE, "counter": True}
    found = plan(swapped, [pair(facts, "M", "N2", **both), pair(facts, "N2", "M", **both)])
    assert rules(plan_violations(found)) == {"HR-08"}


def test_a_second_mentor_covers_what_the_first_leaves_open() -> None:
    first = change(school(), "M", topics=(Topic.SUBJECT_CONTENT,), levels={"subject": 3})
    second = change(first, "M2", topics=(), levels={"digital": 3})
    good = paired(second, ("M", "N"), ("M2", "N"))
    assert plan_violations(good) == ()
    assert rules(plan_violations(paired(second, ("M2", "N")))) == {"HR-04"}
    idle = change(second, "M2", levels={})
    assert rules(plan_violations(paired(idle, ("M", "N"), ("M2", "N")))) == {"HR-04"}


def many(count: int) -> Roster:
    people = [person(f"N{i}", pedagogical_experience_years=1) for i in range(count)]
    return school(people=(person("M"), *people), mentors=(mentor("M"),), mentees=[mentee(p.id) for p in people])


def all_with_m(roster: Roster) -> Plan:
    return paired(roster, *(("M", found.person) for found in roster.mentees))


LOADS: dict[str, tuple[Roster, set[str]]] = {
    "three_is_the_cap": (many(3), set()),
    "four_are_too_many": (many(4), {"HR-06"}),
    "own_cap": (change(many(2), "M", max_individual=1), {"HR-06"}),
    "own_higher_cap": (change(change(many(4), "M", max_individual=4), "M", hours_per_week=2), set()),
    "hours": (change(many(3), "M", hours_per_week=1), {"HR-06"}),
    "hours_of_a_mentee": (change(many(1), "N0", hours_per_week=0.25), {"HR-06"}),
}


@pytest.mark.parametrize("name", LOADS)
def test_loads(name: str) -> None:
    roster, broken = LOADS[name]
    assert rules(plan_violations(all_with_m(roster))) == broken


def test_most_mentors_of_a_mentee() -> None:
    third = school(
        people=(*school().people, person("M3")), mentors=(*school().mentors, mentor("M3", max_individual=None))
    )
    three = (("M", "N"), ("M2", "N"), ("M3", "N"))
    assert rules(plan_violations(paired(third, *three))) == {"HR-06"}
    assert plan_violations(paired(third, *three, policy="dalnerechensk")) == ()  # acceptance example 11


def locked(roster: Roster, **changes: object) -> Roster:
    locks = tuple(Lock(mentor="M", mentee=n.person, **changes) for n in roster.mentees)  # type: ignore[arg-type]
    return replace(roster, locks=locks)


def test_locks_over_the_cap_stay_only_with_an_override() -> None:
    crowd = locked(many(4))
    assert rules(plan_violations(all_with_m(crowd))) == {"HR-06"}
    lifted = replace(crowd, overrides=(Override(rule="HR-06", mentor="M", mentee="N0", reason="running"),))
    assert plan_violations(all_with_m(lifted)) == ()
    told = all_with_m(crowd)
    told = replace(
        told,
        pairs=told.pairs[1:],
        unmatched=("N0",),
        conflicts=(Conflict(mentor="M", mentee="N0", message=text("over the cap")),),
    )
    assert plan_violations(told) == ()


def test_nothing_new_comes_on_top_of_locks_over_the_cap() -> None:
    crowd = locked(many(5))
    lifted = [Override(rule="HR-06", mentor="M", mentee=n, reason="running") for n in ("N0", "N1")]
    one_new = replace(crowd, locks=crowd.locks[:4], overrides=tuple(lifted))
    assert rules(plan_violations(all_with_m(one_new))) == {"HR-06"}


def test_hours_of_a_running_pair_come_first() -> None:
    roster = locked(many(1), hours_per_month=5.0)
    assert all_with_m(roster).pairs[0].minutes == 300
    assert plan_violations(all_with_m(roster)) == ()


def test_aftercare_costs_a_quarter() -> None:
    full = all_with_m(many(1)).pairs[0].minutes
    roster = many(3)
    roster = replace(roster, locks=(Lock(mentor="M", mentee="N2", status=LockStatus.AFTERCARE),))
    for minutes, broken in ((2 * full + full // 4, set()), (2 * full + full // 4 - 4, {"HR-06"})):
        limited = change(roster, "M", hours_per_week=minutes / 240)
        assert rules(plan_violations(paired(limited, ("M", "N0"), ("M", "N1")))) == broken


def test_a_lock_in_a_kind_the_regulation_has_not_goes_to_the_council() -> None:
    roster = locked(many(1), kind=MentoringKind.FLASH)
    anew = paired(roster, ("M", "N0"))
    told = replace(anew, conflicts=(Conflict(mentor="M", mentee="N0", message=text("kind")),))
    loose = replace(told, pairs=(replace(told.pairs[0], locked=False),))
    assert plan_violations(loose) == ()
    assert rules(plan_violations(replace(loose, conflicts=()))) == {"HR-22"}
    free = paired(many(1), ("M", "N0"))
    called = replace(free, pairs=(replace(free.pairs[0], locked=True),))
    assert rules(plan_violations(called)) == {"HR-22"}


def test_a_locked_pair_stays() -> None:
    roster = locked(many(2))
    missing = paired(roster, ("M", "N0"))
    assert rules(plan_violations(missing)) == {"HR-22"}
    told = replace(missing, conflicts=(Conflict(mentor="M", mentee="N1", message=text("no reason at all")),))
    assert rules(plan_violations(told)) == {"HR-22"}
    proposed = replace(roster, locks=(roster.locks[0], replace(roster.locks[1], status=LockStatus.PROPOSED)))
    assert plan_violations(paired(proposed, ("M", "N0"))) == ()


def test_a_lock_that_meets_a_veto_goes_to_the_council() -> None:
    roster = replace(locked(many(1)), wishes=(Wish(from_person="N0", to_person="M", veto=True),))
    told = replace(paired(roster), conflicts=(Conflict(mentor="M", mentee="N0", message=text("veto")),))
    assert plan_violations(told) == ()
    assert rules(plan_violations(paired(roster))) == {"HR-22"}
    assert "HR-02" in rules(plan_violations(all_with_m(roster)))


@pytest.mark.parametrize("gone", ["left", "withdrawn"])
def test_a_lock_ends_with_the_person_or_the_consent(gone: str) -> None:
    roster = locked(many(1))
    if gone == "left":
        roster = change(roster, "M", status=MentorStatus.LEFT)
    else:
        consent = Consent(person="N0", purpose=ConsentPurpose.MENTORING, day=date(2025, 9, 1), expires=date(2026, 8, 1))
        roster = replace(roster, consents=(consent,))
    assert plan_violations(paired(roster)) == ()
    assert "HR-22" in rules(plan_violations(all_with_m(roster)))


def test_quotas() -> None:
    quotas = Quotas(form=(Quota(id="teacher_teacher", max=1),), organisation=(Quota(id="O-1", max=2),))
    policy = regulation("kalmykia", quotas=quotas)
    good = paired(school(), ("M", "N"))
    assert plan_violations(replace(good, policy=policy)) == ()
    assert rules(plan_violations(replace(paired(school(), ("M", "N"), ("M2", "N2")), policy=policy))) == {"quota"}


def seated(found: Plan, members: Sequence[str]) -> Plan:
    return replace(found, groups=(replace(found.groups[0], members=tuple(members)),))


def test_groups() -> None:
    good = grouped(school())
    assert rules(plan_violations(seated(good, ["N"]))) == {"HR-07", "plan"}
    assert rules(plan_violations(replace(good, groups=()))) == {"plan"}
    twice = replace(good, groups=(good.groups[0], replace(good.groups[0], id="H")))
    assert rules(plan_violations(twice)) == {"HR-06", "plan"}
    foreign = replace(good, groups=(replace(good.groups[0], topic=Topic.TEACHING_METHODS, subject=None),))
    assert rules(plan_violations(foreign)) == {"HR-04"}
    assert rules(plan_violations(grouped(change(school(), "M", max_groups=0)))) == {"HR-06"}
    unwilling = change(school(), "N", kinds=(MentoringKind.TRADITIONAL,))
    assert rules(plan_violations(replace(good, roster=unwilling))) == {"C-05"}


def test_seven_in_a_group() -> None:
    seven = many(7)
    found = grouped(seven, members=" ".join(n.person for n in seven.mentees))
    assert rules(plan_violations(found)) == {"HR-07"}


def busy(*taken: tuple[str, BusyState]) -> Busy:
    times = [
        BusyTime(person=id_, week=None, weekday=1, start_minute=8 * 60, end_minute=9 * 60, state=state)
        for id_, state in taken
    ]
    return Busy.of(GRID, times, people=("M", "N", "N2"))


SLOTS: dict[str, tuple[int | None, Busy | None, set[str]]] = {
    "all_free": (0, busy(), set()),
    "unknown_times": (None, None, set()),
    "slot_without_times": (0, None, {"HR-20"}),
    "no_slot": (None, busy(), {"HR-20"}),
    "no_such_slot": (72, busy(), {"HR-20"}),
    "lesson": (0, busy(("N2", BusyState.LESSON)), {"HR-20"}),
    "mentor_has_a_lesson": (0, busy(("M", BusyState.LESSON)), {"HR-20"}),
    "not_reachable": (0, busy(("N", BusyState.NOT_REACHABLE)), {"HR-20"}),
    "next_hour": (1, busy(("N2", BusyState.LESSON)), set()),
    "at_home": (0, busy(("N2", BusyState.NOT_IN_BUILDING)), set()),
}


@pytest.mark.parametrize("name", SLOTS)
def test_a_slot_common_to_the_group(name: str) -> None:
    slot, times, broken = SLOTS[name]
    assert rules(plan_violations(grouped(school(), slot=slot, busy=times))) == broken


def abroad(policy: str = "smolensk_school_23", **changes: object) -> Plan:
    """M is of another school, M2 of the mentees' own; N is with M, N2 with nobody."""
    roster = change_person(school(), "M", organisation="O-2")
    roster = change(roster, "M2", **changes)
    return paired(roster, ("M", "N"), policy=policy)


def test_inside_mentors_come_first() -> None:
    """Acceptance example 14."""
    assert rules(plan_violations(abroad())) == {"SO-06"}
    assert plan_violations(abroad(policy="kalmykia")) == ()
    assert plan_violations(abroad(max_individual=0)) == ()
    assert plan_violations(abroad(hours_per_week=0.25)) == ()
    assert plan_violations(abroad(topics=())) == ()


@pytest.mark.parametrize(("priority", "broken"), [(2, set()), (1, {"SO-06"})])
def test_an_inside_mentor_for_a_reverse_pair_is_first_only_with_the_new(priority: int, broken: set[str]) -> None:
    """M2 is younger than N and accepts only reverse mentoring; what else he knows does not count in it."""
    roster = change_person(change_person(school(), "M", organisation="O-2"), "M2", birth_date=date(2005, 5, 1))
    wanted = (
        Request(topic=Topic.SUBJECT_CONTENT, subject="mathematics"),
        Request(topic=Topic.DIGITAL, priority=priority),
    )
    roster = change(change(roster, "M2", kinds=(MentoringKind.REVERSE,)), "N", requests=wanted)
    assert rules(plan_violations(paired(roster, ("M", "N"), policy="smolensk_school_23"))) == broken


def test_a_full_inside_mentor_gives_way_to_an_outside_one() -> None:
    roster = change(change_person(school(), "M", organisation="O-2"), "M2", max_individual=1)
    assert plan_violations(paired(roster, ("M", "N"), ("M2", "N2"), policy="smolensk_school_23")) == ()


def test_a_locked_outside_pair_leaves_room_for_one_inside() -> None:
    roster = change_person(school(), "M", organisation="O-2")
    roster = replace(roster, locks=(Lock(mentor="M", mentee="N"),))
    assert rules(plan_violations(paired(roster, ("M", "N"), policy="smolensk_school_23"))) == {"SO-06"}
    full = change(roster, "N", max_mentors=1)
    assert plan_violations(paired(full, ("M", "N"), policy="smolensk_school_23")) == ()


def test_strangers_and_the_list_of_those_left_out() -> None:
    good = paired(school(), ("M", "N"))
    assert rules(plan_violations(replace(good, unmatched=()))) == {"plan"}
    assert rules(plan_violations(replace(good, unmatched=("N", "N2")))) == {"plan"}
    ghost = PlannedPair(
        mentor="X",
        mentee="Y",
        form=MentoringForm.TEACHER_TEACHER,
        kind=MentoringKind.TRADITIONAL,
        contour=Contour.ORGANISATION,
    )
    found = plan_violations(replace(good, pairs=(ghost,)))
    assert {violation.subjects for violation in found} == {("X",), ("Y",)}


def test_recount() -> None:
    roster = change(school(), "N2", unmatched_last_round=True, primary_category=MenteeCategory.NEWCOMER)
    found = recount_plan(paired(roster, ("M", "N"), ("M2", "N"), ("M2", "N2")))
    assert (found.pairs, found.groups) == (3, 0)
    assert found.served == {(0, False): 1, (1, True): 1}
    assert found.served_inside == {(0, False): 1, (1, True): 1}
    assert found.requests == {1: 2}
    assert found.gaps == {2: 2}  # covered by two mentors, counted once
    names = ("locks", "SO-01:1", "SO-01:2:unmatched", "SO-01:3", "internal_first:1", "SO-02", "SO-09")
    assert [found.value_of(name) for name in names] == [0, 1, 1, 0, 1, 2 * 3 + 2 * 2, None]


def test_the_reference_day_is_that_of_the_plan() -> None:
    later = replace(paired(locked(many(1), since=date(2025, 12, 1)), ("M", "N0")), reference_day=date(2026, 12, 1))
    assert later.reference_day != DAY
    assert rules(plan_violations(later)) == {"HR-16"}
