"""Making a plan: ids and words come back right, and the same input gives the same plan."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date
from random import Random

import pytest

from matcher.canonical import in_canonical_order
from matcher.generate.roster import generate_roster
from matcher.io.plan_json import plan_lines
from matcher.io.policy_toml import list_policies, read_policy
from matcher.judge.verdict import plan_violations
from matcher.outcome import SolveStatus
from matcher.plan import Plan, make_plan, pairs_of
from matcher.roster import (
    Contour,
    Lock,
    LockStatus,
    Mentee,
    MenteeCategory,
    MentoringForm,
    MentoringKind,
    Override,
    Request,
    RoleModel,
    Roster,
    Topic,
    Wish,
)
from matcher.timegrid import Busy, BusyState, BusyTime, standard_grid
from tests.unit.judge.school import change, change_person, mentee, mentor, person, school

DAY = date(2026, 9, 1)


def made(roster: Roster, policy: str = "kalmykia", **options: object) -> Plan:
    return make_plan(roster, read_policy(policy), reference_day=DAY, **options)  # type: ignore[arg-type]


def bytes_of(plan: Plan) -> str:
    """Return the plan file without its timings."""
    document = json.loads("".join(plan_lines(plan)))
    assert document.pop("timings")
    return json.dumps(document)


def shuffled(roster: Roster, seed: int) -> Roster:
    """Return the roster with the rows of every table, and the needs of every mentee, in another order."""
    draw = Random(seed)

    def mixed(rows: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(draw.sample(rows, len(rows)))

    def needs_mixed(found: Mentee) -> Mentee:
        return replace(found, requests=mixed(found.requests), deficits=mixed(found.deficits))  # type: ignore[arg-type]

    tables = {table.name: mixed(getattr(roster, table.name)) for table in fields(Roster)}
    tables["mentees"] = tuple(map(needs_mixed, tables["mentees"]))  # type: ignore[arg-type]
    return Roster(**tables)  # type: ignore[arg-type]


@pytest.mark.parametrize("policy", list_policies())
def test_the_order_of_rows_changes_nothing(policy: str) -> None:
    roster = generate_roster(
        num_mentees=20, num_mentors=16, num_organisations=3, num_municipalities=1, seed=3, policy_id=policy
    )
    first = made(roster, policy)
    assert first.status is SolveStatus.OPTIMAL
    assert bytes_of(made(roster, policy)) == bytes_of(first)
    assert bytes_of(made(shuffled(roster, 1), policy)) == bytes_of(first)


def test_a_work_limit_gives_the_same_plan_again() -> None:
    roster = generate_roster(
        num_mentees=40, num_mentors=30, num_organisations=6, num_municipalities=1, seed=8, policy_id="barnaul"
    )
    first = made(roster, "barnaul", work_limit=40, time_limit=0.001)
    assert first.pairs
    assert bytes_of(made(shuffled(roster, 2), "barnaul", work_limit=40)) == bytes_of(first)


def test_rows_have_one_order() -> None:
    roster = generate_roster(
        num_mentees=20, num_mentors=16, num_organisations=3, num_municipalities=1, seed=1, policy_id="dalnerechensk"
    )
    once = in_canonical_order(roster)
    assert in_canonical_order(shuffled(roster, 5)) == once
    assert in_canonical_order(once) == once
    assert sorted(p.id for p in once.people) == [p.id for p in once.people]


def test_a_pair_says_what_it_is() -> None:
    roster = change(school(mentors=(mentor("M"),)), "N2", requests=(), deficits=())
    roster = replace(roster, wishes=(Wish(from_person="N", to_person="M", score=10),))
    plan = made(roster)
    (pair,) = plan.pairs
    assert (pair.mentor, pair.mentee) == ("M", "N")
    assert (pair.form, pair.kind, pair.contour) == (
        MentoringForm.TEACHER_TEACHER,
        MentoringKind.TRADITIONAL,
        Contour.ORGANISATION,
    )
    assert pair.covers == ("request:0", "deficit:digital")
    assert pair.minutes == 120
    assert (pair.common_slots, pair.group, pair.locked, pair.counter) == (None, None, False, False)
    assert pair.points["SO-03"] == 20 * 100
    assert set(pair.points) == {"SO-03", "SO-04", "SO-05", "SO-06", "SO-08", "SO-10"}
    assert "4.4" in pair.clauses
    assert "4.5" in pair.clauses
    assert plan.unmatched == ("N2",)
    assert plan.reference_day == DAY
    assert plan.items == ("N request:0", "N deficit:digital")


def test_the_model_of_the_regulation_comes_back() -> None:
    plan = made(school(mentors=(mentor("M"),)), "smolensk_school_23")
    assert {pair.model for pair in plan.pairs} == {RoleModel.EXPERIENCED_YOUNG}
    assert all("5.1 (1)" in pair.clauses for pair in plan.pairs)


def grouped() -> Roster:
    roster = school(mentors=(mentor("M", max_individual=0),))
    return change(change(roster, "N", kinds=(MentoringKind.GROUP,)), "N2", kinds=(MentoringKind.GROUP,))


def test_a_group_has_a_slot_free_for_all() -> None:
    times = [
        BusyTime(person=id_, week=None, weekday=day, start_minute=0, end_minute=1440, state=BusyState.LESSON)
        for id_, days in (("M", (1, 2, 3)), ("N", (4, 5)), ("N2", ()))
        for day in days
    ]
    busy = Busy.of(standard_grid(), times, people=("M", "N", "N2"))
    plan = made(grouped(), busy=busy)
    (group,) = plan.groups
    assert (group.mentor, group.members) == ("M", ("N", "N2"))
    assert group.slot is not None
    assert busy.grid.slots[group.slot].weekday == 6
    assert {pair.group for pair in plan.pairs} == {group.id}
    assert {pair.kind for pair in plan.pairs} == {MentoringKind.GROUP}
    assert plan_violations(plan) == ()


def test_without_timetables_the_time_of_a_group_is_to_be_agreed() -> None:
    plan = made(grouped())
    (group,) = plan.groups
    assert group.slot is None
    assert plan.busy is None
    assert plan_violations(plan) == ()


def test_a_reverse_pair_with_its_counter_assignment() -> None:
    """M is young and digital, N2 old and methodical: each helps the other (A-31)."""
    roster = school(
        people=(
            person("M", birth_date=date(1999, 1, 1), pedagogical_experience_years=5),
            person("N2", birth_date=date(1968, 1, 1), pedagogical_experience_years=30),
        ),
        mentors=(
            mentor("M", topics=(Topic.DIGITAL,)),
            mentor("N2", topics=(Topic.TEACHING_METHODS,)),
        ),
        mentees=(
            mentee("N2", categories=(), requests=(Request(topic=Topic.DIGITAL),), deficits=()),
            mentee("M", categories=(), requests=(Request(topic=Topic.TEACHING_METHODS),), deficits=()),
        ),
    )
    plan = made(roster)
    assert [(p.mentor, p.mentee, p.kind, p.counter, p.minutes) for p in plan.pairs] == [
        ("N2", "M", MentoringKind.REVERSE, True, 45),
        ("M", "N2", MentoringKind.REVERSE, True, 45),
    ]
    assert plan_violations(plan) == ()


def test_a_lock_stays_and_a_broken_one_goes_to_the_council() -> None:
    roster = school(
        locks=(
            Lock(mentor="M", mentee="N", status=LockStatus.ACTIVE, hours_per_month=3.0),
            Lock(mentor="M2", mentee="N2", status=LockStatus.AGREED),
        ),
        wishes=(Wish(from_person="N2", to_person="M2", veto=True),),
    )
    plan = made(roster)
    locked = [pair for pair in plan.pairs if pair.locked]
    assert [(pair.mentor, pair.mentee, pair.minutes) for pair in locked] == [("M", "N", 180)]
    assert [(conflict.mentor, conflict.mentee) for conflict in plan.conflicts] == [("M2", "N2")]
    assert ("M2", "N2") not in pairs_of(plan)
    assert plan_violations(plan) == ()


def test_what_the_curator_lifted_is_said() -> None:
    roster = change(school(mentors=(mentor("M"),), mentees=(mentee("N"),)), "M", topics=(Topic.UPBRINGING,))
    roster = replace(roster, overrides=(Override(rule="HR-04", mentor="M", mentee="N", reason="council"),))
    (pair,) = made(roster).pairs
    assert any(warning.msgid == "the curator has lifted a rule: {rule}" for warning in pair.warnings)


def test_the_plan_before_is_kept_where_nothing_else_decides() -> None:
    """M and M2 are alike; N stays where he was, N2 goes to the other (SO-07 before SO-09)."""
    first = made(school())
    for kept in ("M", "M2"):
        plan = made(school(), previous={(kept, "N"): "traditional"})
        assert (kept, "N") in pairs_of(plan)
        assert plan.previous == {(kept, "N"): "traditional"}
    again = made(school(), previous=pairs_of(first))
    assert pairs_of(again) == pairs_of(first)


def test_tiers_decide_who_goes_without() -> None:
    one_place = school(mentors=(mentor("M", max_individual=1, max_groups=0),))
    later = change_person(one_place, "N", pedagogical_experience_years=9)
    later = change(later, "N", categories=(MenteeCategory.NEWCOMER,), primary_category=MenteeCategory.NEWCOMER)
    assert made(later).unmatched == ("N",)
    waited = change(change(one_place, "N", unmatched_last_round=False), "N2", unmatched_last_round=True)
    assert made(waited).unmatched == ("N",)


def test_a_stop_is_heard_and_leaves_a_valid_plan() -> None:
    roster = generate_roster(
        num_mentees=40, num_mentors=30, num_organisations=6, num_municipalities=1, seed=2, policy_id="barnaul"
    )
    plan = made(replace(roster, locks=()), "barnaul", stop=lambda: True)
    assert plan_violations(plan) == ()
    assert len(plan.levels) == len(plan.certificate.prices)


def test_nobody_to_pair() -> None:
    plan = made(school(mentors=()))
    assert plan.pairs == ()
    assert plan.unmatched == ("N", "N2")
    assert plan.status is SolveStatus.OPTIMAL
