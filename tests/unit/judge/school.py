"""A tiny round to judge: one good pair under each regulation, and what it takes to break it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from matcher.io.policy_toml import read_policy
from matcher.judge.cases import propose
from matcher.judge.choices import Case, minutes_of
from matcher.judge.facts import Facts
from matcher.outcome import SolveStatus, Violation
from matcher.pairing.certificate import Certificate
from matcher.plan import Plan, PlannedGroup, PlannedPair
from matcher.policy import Policy
from matcher.policy_parts import Rule
from matcher.roster import (
    Approval,
    CompetenceBlock,
    Deficit,
    Mentee,
    MenteeCategory,
    Mentor,
    Organisation,
    Person,
    PersonKind,
    Request,
    Roster,
    SchoolClass,
    Topic,
)
from matcher.timegrid import Busy

DAY = date(2026, 9, 1)
LEVELS = dict.fromkeys(CompetenceBlock, 3)


def person(id_: str, **changes: Any) -> Person:
    known: dict[str, Any] = {
        "id": id_,
        "organisation": "O-1",
        "birth_date": date(1980, 5, 1),
        "pedagogical_experience_years": 20,
        "subjects": ("mathematics",),
    }
    return Person(**{**known, **changes})


def mentor(id_: str, **changes: Any) -> Mentor:
    known: dict[str, Any] = {
        "person": id_,
        "results_confirmed": True,
        "approvals": tuple(Approval),
        "topics": (Topic.SUBJECT_CONTENT, Topic.TEACHING_METHODS, Topic.DIGITAL),
        "levels": LEVELS,
    }
    return Mentor(**{**known, **changes})


def mentee(id_: str, **changes: Any) -> Mentee:
    known: dict[str, Any] = {
        "person": id_,
        "categories": (MenteeCategory.NOVICE,),
        "primary_category": MenteeCategory.NOVICE,
        "requests": (Request(topic=Topic.SUBJECT_CONTENT, subject="mathematics"),),
        "deficits": (Deficit(competence=CompetenceBlock.DIGITAL, level=1),),
    }
    return Mentee(**{**known, **changes})


def school(**parts: Any) -> Roster:
    """Return a school with mentors M, M2 and mentees N, N2; ``parts`` replace whole parts of it."""
    organisations = (
        Organisation(id="O-1", municipality="Town", region="Land"),
        Organisation(id="O-2", municipality="Town", region="Land"),
        Organisation(id="O-3", municipality="Village", region="Land"),
        Organisation(id="O-4", municipality="Capital", region="Other"),
    )
    young = {"pedagogical_experience_years": 1, "birth_date": date(2001, 5, 1)}
    known: dict[str, Any] = {
        "organisations": organisations,
        "people": (person("M"), person("M2"), person("N", **young), person("N2", **young)),
        "mentors": (mentor("M"), mentor("M2")),
        "mentees": (mentee("N"), mentee("N2")),
    }
    return Roster(**{**known, **parts})


def pupils(**parts: Any) -> Roster:
    """Return a school where an older pupil P mentors pupil Q and class C, and teacher T the pupils Q."""
    child = {"person_kind": PersonKind.PUPIL, "pedagogical_experience_years": None, "subjects": ()}
    known: dict[str, Any] = {
        "organisations": (
            Organisation(id="O-1", municipality="Town", region="Land"),
            Organisation(id="O-2", municipality="Town", region="Land"),
        ),
        "classes": (SchoolClass(id="C", organisation="O-1", grade=5, size=25),),
        "people": (
            person("P", birth_date=date(2010, 3, 1), grade=10, **child),
            person("Q", birth_date=date(2014, 3, 1), grade=6, school_class="6A", **child),
            person("T"),
        ),
        "mentors": (mentor("P", active=True), mentor("T", tutor_role=True, ovz_course_completed=True)),
        "mentees": (
            mentee("Q", categories=(), primary_category=None, requests=(), deficits=()),
            mentee("C", is_class=True, categories=(), primary_category=None, requests=(), deficits=()),
        ),
    }
    return Roster(**{**known, **parts})


def change(roster: Roster, id_: str, **changes: Any) -> Roster:
    """Return the roster with the mentor or mentee ``id_`` changed (whichever has these fields)."""

    def changed(side: Any) -> Any:
        return replace(side, **changes) if side.person == id_ and all(hasattr(side, name) for name in changes) else side

    return replace(roster, mentors=tuple(map(changed, roster.mentors)), mentees=tuple(map(changed, roster.mentees)))


def change_person(roster: Roster, id_: str, **changes: Any) -> Roster:
    """Return the roster with the person ``id_`` changed."""
    return replace(roster, people=tuple(replace(p, **changes) if p.id == id_ else p for p in roster.people))


def regulation(policy: str | Policy, rules: Mapping[str, Rule] | None = None, **changes: Any) -> Policy:
    """Return a shipped policy, some of its rules and parts changed."""
    found = read_policy(policy) if isinstance(policy, str) else policy
    return replace(found, rules={**found.rules, **(rules or {})}, **changes)


def facts_of(roster: Roster, policy: str | Policy = "kalmykia") -> Facts:
    return Facts.of(roster, regulation(policy), DAY)


def pair(facts: Facts, mentor_id: str, mentee_id: str, **changes: Any) -> PlannedPair:
    """Return the pair as a plan would state it; ``group`` makes it a seat."""
    case = propose(facts, mentor_id, mentee_id, seat="group" in changes)
    assert isinstance(case, Case), case
    if changes.get("counter"):
        case = replace(case, kind=changes["kind"], has_counter=True)
    due: dict[str, Any] = {
        "mentor": mentor_id,
        "mentee": mentee_id,
        "form": case.form,
        "model": case.model,
        "kind": case.kind,
        "contour": case.sides.contour,
        "minutes": minutes_of(case),
        "covers": case.sides.covered(),
        "locked": case.sides.lock is not None,
    }
    return PlannedPair(**{**due, **changes})


def plan(
    roster: Roster,
    pairs: Sequence[PlannedPair],
    policy: str | Policy = "kalmykia",
    *,
    groups: Sequence[PlannedGroup] = (),
    busy: Busy | None = None,
    **changes: Any,
) -> Plan:
    """Return a plan of these pairs and groups; whoever is in none of them is listed as unmatched."""
    served = {found.mentee for found in pairs}
    due: dict[str, Any] = {
        "policy": regulation(policy),
        "roster": roster,
        "busy": busy,
        "reference_day": DAY,
        "previous": {},
        "status": SolveStatus.FEASIBLE,
        "levels": (),
        "certificate": Certificate(values=(), prices=()),
        "engine": "hand",
        "seed": 0,
        "seconds": 0.0,
        "options": (),
        "open_groups": (),
        "pairs": tuple(pairs),
        "groups": tuple(groups),
        "unmatched": tuple(sorted({n.person for n in roster.mentees} - served)),
    }
    return Plan(**{**due, **changes})


def rules(found: Iterable[Violation]) -> set[str]:
    """Return the ids of the broken rules."""
    return {violation.rule for violation in found}
