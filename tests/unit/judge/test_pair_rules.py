"""Every rule on one pair: kept by the good pair, broken by the change its case names, and nothing else broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from matcher.judge.cases import as_planned, propose, refusals
from matcher.judge.choices import Case
from matcher.judge.facts import Facts
from matcher.judge.pair_rules import broken_rules
from matcher.outcome import Violation
from matcher.roster import (
    Compatibility,
    CompetenceBlock,
    Consent,
    ConsentPurpose,
    Contour,
    Contract,
    Deficit,
    Lock,
    LockStatus,
    MenteeCategory,
    MentoringForm,
    MentoringKind,
    MentorSource,
    MentorStatus,
    Organisation,
    OrganisationType,
    Override,
    PersonKind,
    Qualification,
    Recommendation,
    Request,
    RoleModel,
    Roster,
    Topic,
    Wish,
)
from tests.unit.judge.school import (
    DAY,
    LEVELS,
    change,
    change_person,
    facts_of,
    mentee,
    mentor,
    pair,
    person,
    pupils,
    regulation,
    rules,
    school,
)

TEACHER_POLICIES = ("anuchino", "barnaul", "kalmykia", "dalnerechensk", "smolensk_school_23")


@pytest.mark.parametrize("policy", TEACHER_POLICIES)
def test_the_good_pair_breaks_no_rule(policy: str) -> None:
    assert refusals(facts_of(school(), policy), "M", "N") == ()


def with_parts(**parts: Any) -> Callable[[], Roster]:
    return lambda: school(**parts)


def with_change(id_: str, **changes: Any) -> Callable[[], Roster]:
    return lambda: change(school(), id_, **changes)


def with_person(id_: str, **changes: Any) -> Callable[[], Roster]:
    return lambda: change_person(school(), id_, **changes)


NOT_RECOMMENDED = Compatibility(mentor="M", mentee="N", recommendation=Recommendation.NOT_RECOMMENDED)
DIGITAL_GAP = Deficit(competence=CompetenceBlock.DIGITAL, level=1)
BROKEN: dict[str, tuple[str, Callable[[], Roster], set[str]]] = {
    "oneself": ("kalmykia", with_parts(mentors=(mentor("N"),)), {"HR-01"}),
    "mentee_vetoes": ("kalmykia", with_parts(wishes=(Wish(from_person="N", to_person="M", veto=True),)), {"HR-02"}),
    "mentor_vetoes": ("kalmykia", with_parts(wishes=(Wish(from_person="M", to_person="N", veto=True),)), {"HR-02"}),
    "paused": ("kalmykia", with_change("M", status=MentorStatus.PAUSED), {"HR-02"}),
    "left": ("kalmykia", with_change("M", status=MentorStatus.LEFT), {"HR-02"}),
    "not_ready": ("kalmykia", with_change("M", ready=False), {"HR-02"}),
    "head_has_not_approved": ("kalmykia", with_change("M", approvals=()), {"HR-02"}),
    "results_not_confirmed": ("barnaul", with_change("M", approvals=(), results_confirmed=False), {"HR-02"}),
    "no_level_at_all": ("anuchino", with_change("M", approvals=(), levels={}), {"HR-02", "HR-04"}),
    "mentee_is_a_partner": ("kalmykia", with_person("N", person_kind=PersonKind.PARTNER), {"HR-03"}),
    "form_not_wanted": ("kalmykia", with_change("M", forms=(MentoringForm.EMPLOYER_STUDENT,)), {"HR-03"}),
    "students_not_taken": ("anuchino", with_person("N", person_kind=PersonKind.STUDENT), {"HR-03"}),
    "organisation_out_of_scope": (
        "smolensk_school_23",
        with_parts(organisations=(Organisation(id="O-1", type=OrganisationType.KINDERGARTEN),)),
        {"HR-03"},
    ),
    "other_topic": ("kalmykia", with_change("M", topics=(Topic.UPBRINGING,)), {"HR-04"}),
    "other_subject": ("kalmykia", with_person("M", subjects=("literature",)), {"HR-04"}),
    "level_too_low": ("kalmykia", with_change("M", levels={**LEVELS, CompetenceBlock.SUBJECT: 2}), {"HR-04"}),
    "only_a_gap_while_a_request_is_urgent": (
        "kalmykia",
        with_change("M", topics=(), levels={CompetenceBlock.DIGITAL: 4}),
        {"HR-04"},
    ),
    "gap_above_the_mentor": (
        "kalmykia",
        with_change("N", requests=(), deficits=(replace(DIGITAL_GAP, target=4),)),
        {"HR-04"},
    ),
    "nothing_asked_for": ("kalmykia", with_change("N", requests=(), deficits=()), {"HR-04"}),
    "unexperienced_mentor": (
        "smolensk_school_23",
        lambda: change(
            change_person(school(), "M", pedagogical_experience_years=4), "N", model=RoleModel.EXPERIENCED_YOUNG
        ),
        {"HR-05"},
    ),
    "no_ground_at_all": (
        "anuchino",
        lambda: change(
            change_person(
                change_person(school(), "M", subjects=()), "N", pedagogical_experience_years=9, subjects=("art",)
            ),
            "N",
            requests=(Request(topic=Topic.DIGITAL),),
            categories=(),
            deficits=(),
        ),
        {"HR-05"},
    ),
    "model_asked_for_does_not_hold": (
        "smolensk_school_23",
        with_change("N", model=RoleModel.LEADER_COMMUNICATION),
        {"HR-05"},
    ),
    "region_not_reached": ("kalmykia", with_person("M", organisation="O-4"), {"HR-15"}),
    "mentor_stays_at_home": (
        "kalmykia",
        lambda: change(change_person(school(), "M", organisation="O-2"), "M", contours=(Contour.ORGANISATION,)),
        {"HR-15"},
    ),
    "council_forbids": (
        "kalmykia",
        with_parts(locks=(Lock(mentor="M", mentee="N", status=LockStatus.FORBIDDEN),)),
        {"HR-22"},
    ),
    "term_used_up": (
        "kalmykia",
        with_parts(locks=(Lock(mentor="M", mentee="N", status=LockStatus.ACTIVE, since=date(2025, 9, 1)),)),
        {"HR-16"},
    ),
    "psychologist": ("smolensk_school_23", with_parts(compatibility=(NOT_RECOMMENDED,)), {"HR-24"}),
    "no_common_kind": (
        "kalmykia",
        lambda: change(change(school(), "M", kinds=(MentoringKind.TRADITIONAL,)), "N", kinds=(MentoringKind.VIRTUAL,)),
        {"C-05"},
    ),
    "kind_not_in_the_regulation": ("kalmykia", with_change("N", kinds=(MentoringKind.FLASH,)), {"C-05"}),
    "nominated": ("kalmykia", with_change("M", status=MentorStatus.NOMINATED), {"HR-02"}),
    "aftercare": (
        "dalnerechensk",
        with_parts(locks=(Lock(mentor="M", mentee="N", status=LockStatus.AFTERCARE),)),
        {"HR-01"},
    ),
    "consent_withdrawn": (
        "kalmykia",
        with_parts(
            consents=(
                Consent(person="N", purpose=ConsentPurpose.MENTORING, day=date(2025, 9, 1), expires=date(2026, 8, 31)),
            )
        ),
        {"HR-02"},
    ),
    "speed_with_an_equal": (
        "kalmykia",
        with_parts(locks=(Lock(mentor="M", mentee="N", kind=MentoringKind.SPEED),)),
        {"HR-09"},
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_breach_is_seen_and_nothing_else(name: str) -> None:
    policy, build, broken = BROKEN[name]
    mentor_id = "N" if name == "oneself" else "M"
    assert rules(told(facts_of(build(), policy), mentor_id, "N")) == broken


def told(facts: Facts, mentor_id: str, mentee_id: str) -> tuple[Violation, ...]:
    """Return what is wrong with the pair: as it runs where it is locked, else as a new one."""
    case = propose(facts, mentor_id, mentee_id)
    if isinstance(case, Case) and case.is_locked:
        return broken_rules(case)
    return refusals(facts, mentor_id, mentee_id)


KEPT: dict[str, tuple[str, Callable[[], Roster]]] = {
    "results_confirmed_is_the_approval": ("barnaul", with_change("M", approvals=())),
    "level_is_the_approval": ("anuchino", with_change("M", approvals=())),
    "approved_mentor": ("kalmykia", with_change("M", status=MentorStatus.APPROVED)),
    "retired_teacher": ("kalmykia", with_person("M", person_kind=PersonKind.RETIRED)),
    "gap_where_nothing_is_asked": ("kalmykia", with_change("N", requests=())),
    "gap_where_nothing_is_urgent": (
        "kalmykia",
        with_change("N", requests=(Request(topic=Topic.PARENTS, priority=2),)),
    ),
    "course_counts_as_its_subject": ("kalmykia", with_person("M", subjects=("algebra",))),
    "village_counts_as_the_region": ("kalmykia", with_person("M", organisation="O-3")),
    "group_is_all_they_accept": ("kalmykia", with_change("N", kinds=(MentoringKind.GROUP,))),
    "kind_outside_the_preferred_ones": ("kalmykia", with_change("N", kinds=(MentoringKind.SITUATIONAL,))),
    "most_urgent_request_where_there_is_no_gap": (
        "kalmykia",
        with_change("N", requests=(Request(topic=Topic.TEACHING_METHODS, priority=2),), deficits=()),
    ),
    "consent_of_this_year": (
        "kalmykia",
        with_parts(
            consents=tuple(
                Consent(person="N", purpose=ConsentPurpose.MENTORING, day=day, expires=end)
                for day, end in ((date(2025, 9, 1), date(2026, 8, 31)), (date(2026, 9, 1), None))
            )
        ),
    ),
    "prolonged": (
        "kalmykia",
        with_parts(locks=(Lock(mentor="M", mentee="N", status=LockStatus.PROLONGED, since=date(2025, 9, 1)),)),
    ),
    "eleven_months_so_far": (
        "kalmykia",
        with_parts(locks=(Lock(mentor="M", mentee="N", status=LockStatus.ACTIVE, since=date(2025, 10, 1)),)),
    ),
    "psychologist_where_the_rule_is_off": ("kalmykia", with_parts(compatibility=(NOT_RECOMMENDED,))),
    "psychologist_overridden_in_the_mark": (
        "smolensk_school_23",
        with_parts(compatibility=(replace(NOT_RECOMMENDED, override_reason="agreed with both"),)),
    ),
    "psychologist_overridden": (
        "smolensk_school_23",
        with_parts(
            compatibility=(NOT_RECOMMENDED,),
            overrides=(Override(rule="HR-24", mentor="M", mentee="N", reason="agreed with both"),),
        ),
    ),
    "rule_lifted_for_the_mentee": (
        "kalmykia",
        lambda: replace(
            change(school(), "M", topics=()), overrides=(Override(rule="HR-04", mentee="N", reason="council"),)
        ),
    ),
    "speed_with_a_titled_mentor": (
        "kalmykia",
        lambda: replace(
            change_person(school(), "M", titles=("award",)),
            locks=(Lock(mentor="M", mentee="N", kind=MentoringKind.SPEED),),
        ),
    ),
    "speed_with_a_higher_rank": (
        "kalmykia",
        lambda: replace(
            change_person(school(), "M", qualification=Qualification.FIRST),
            locks=(Lock(mentor="M", mentee="N", kind=MentoringKind.SPEED),),
        ),
    ),
    "stated_novice_without_dates": (
        "smolensk_school_23",
        lambda: change(
            change_person(school(), "N", pedagogical_experience_years=None), "N", model=RoleModel.EXPERIENCED_YOUNG
        ),
    ),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_only_looks_like_a_breach(name: str) -> None:
    policy, build = KEPT[name]
    assert told(facts_of(build(), policy), "M", "N") == ()


@pytest.mark.parametrize(
    "roster",
    [
        school(wishes=(Wish(from_person="N", to_person="M", veto=True),)),
        change(school(), "M", ready=False),
    ],
    ids=["veto", "not_ready"],
)
def test_the_curator_cannot_lift_a_refusal(roster: Roster) -> None:
    lifted = replace(roster, overrides=(Override(rule="HR-02", mentor="M", mentee="N", reason="curator"),))
    assert rules(refusals(facts_of(lifted), "M", "N")) == {"HR-02"}


def test_a_rule_that_only_warns_refuses_nothing() -> None:
    outside = change_person(school(), "M", organisation="O-2")
    assert refusals(facts_of(outside, "barnaul"), "M", "N") == ()


PUPIL_CASES: dict[str, tuple[str, str, Callable[[], Roster], set[str]]] = {
    "older_pupil": ("P", "Q", pupils, set()),
    "class": ("P", "C", pupils, set()),
    "teacher": ("T", "Q", pupils, set()),
    "teacher_of_a_class": ("T", "C", pupils, {"HR-03"}),
    "nine_years_old": ("P", "Q", lambda: change_person(pupils(), "Q", birth_date=date(2016, 9, 2)), {"HR-10"}),
    "ten_years_old": ("P", "Q", lambda: change_person(pupils(), "Q", birth_date=date(2016, 9, 1)), set()),
    "age_unknown": ("P", "Q", lambda: change_person(pupils(), "Q", birth_date=None), {"HR-10"}),
    "other_school": ("P", "Q", lambda: change_person(pupils(), "P", organisation="O-2"), {"HR-11"}),
    "younger_pupil": ("P", "Q", lambda: change_person(pupils(), "P", grade=5), {"HR-11"}),
    "equal_grade_as_achiever": (
        "P",
        "Q",
        lambda: change(change_person(pupils(), "P", grade=6), "Q", model=RoleModel.ACHIEVER_UNDERACHIEVER),
        {"HR-05", "HR-11"},
    ),
    "equal_grade_on_a_project": (
        "P",
        "Q",
        lambda: change(change_person(pupils(), "P", grade=6), "Q", model=RoleModel.JOINT_PROJECT),
        set(),
    ),
    "class_of_the_same_grade": ("P", "C", lambda: change_person(pupils(), "P", grade=5), {"HR-11"}),
    "mentor_of_a_class_without_merits": ("P", "C", lambda: change(pupils(), "P", active=False), {"HR-11"}),
    "class_too_large": (
        "P",
        "C",
        lambda: replace(pupils(), classes=(replace(pupils().classes[0], size=31),)),
        {"HR-07"},
    ),
    "skill_in_additional_education": (
        "P",
        "Q",
        lambda: replace(
            change(change_person(pupils(), "P", grade=5), "P", named_skill="robots"),
            organisations=(Organisation(id="O-1", type=OrganisationType.ADDITIONAL_EDUCATION),),
        ),
        set(),
    ),
    "ovz_without_a_course": (
        "T",
        "Q",
        lambda: change(change(pupils(), "Q", categories=(MenteeCategory.PUPIL_OVZ,)), "T", ovz_course_completed=False),
        {"HR-12"},
    ),
    "ovz_with_a_course": ("T", "Q", lambda: change(pupils(), "Q", categories=(MenteeCategory.PUPIL_OVZ,)), set()),
    "ovz_with_the_class_teacher": (
        "T",
        "Q",
        lambda: change(
            change(pupils(), "Q", categories=(MenteeCategory.PUPIL_OVZ,)),
            "T",
            ovz_course_completed=False,
            class_teacher_of=("6A",),
        ),
        set(),
    ),
    "ovz_with_a_psychologist": (
        "T",
        "Q",
        lambda: change_person(
            change(change(pupils(), "Q", categories=(MenteeCategory.PUPIL_OVZ,)), "T", ovz_course_completed=False),
            "T",
            position="psychologist",
        ),
        set(),
    ),
    "gifted_without_a_tutor": (
        "T",
        "Q",
        lambda: change(change(pupils(), "Q", categories=(MenteeCategory.PUPIL_GIFTED,)), "T", tutor_role=False),
        {"HR-13"},
    ),
    "at_risk_with_three_years": (
        "T",
        "Q",
        lambda: change_person(
            change(pupils(), "Q", categories=(MenteeCategory.PUPIL_AT_RISK,)), "T", pedagogical_experience_years=3
        ),
        {"HR-14"},
    ),
}


@pytest.mark.parametrize("name", PUPIL_CASES)
def test_pupils(name: str) -> None:
    mentor_id, mentee_id, build, broken = PUPIL_CASES[name]
    assert rules(refusals(facts_of(build(), "dalnerechensk"), mentor_id, mentee_id)) == broken


@pytest.mark.parametrize(
    ("contract", "broken"),
    [
        (None, {"HR-15"}),
        (Contract(organisation="O-1", partner="W"), set()),
        (Contract(organisation="O-1", partner="W", end_day=date(2026, 8, 31)), {"HR-15"}),
        (Contract(organisation="O-1", partner="W", start_day=date(2027, 9, 2)), {"HR-15"}),
        (Contract(organisation="O-2", partner="W"), {"HR-15"}),
    ],
)
def test_a_partner_needs_a_running_contract(contract: Contract | None, broken: set[str]) -> None:
    works = Organisation(id="W", type=OrganisationType.PARTNER, municipality="Town", region="Land")
    base = pupils()
    roster = replace(
        base,
        organisations=(*base.organisations, works),
        people=(*base.people, person("E", organisation="W", person_kind=PersonKind.PARTNER)),
        mentors=(*base.mentors, mentor("E", source=MentorSource.EMPLOYER)),
        contracts=() if contract is None else (contract,),
    )
    assert rules(refusals(facts_of(roster, "dalnerechensk"), "E", "Q")) == broken


@pytest.mark.parametrize(
    ("mentor_age", "mentee_age", "topics", "broken"),
    [
        (27, 58, (Topic.DIGITAL,), set()),
        (58, 27, (Topic.DIGITAL,), {"HR-08"}),
        (27, 58, (Topic.SUBJECT_CONTENT,), {"HR-08"}),
    ],
)
def test_reverse(mentor_age: int, mentee_age: int, topics: tuple[Topic, ...], broken: set[str]) -> None:
    """Acceptance example 6: the younger one teaches digital tools."""
    roster = school(
        people=(
            person("M", birth_date=date(2026 - mentor_age, 5, 1)),
            person("N", birth_date=date(2026 - mentee_age, 5, 1)),
        ),
        mentors=(mentor("M", topics=topics),),
        locks=(Lock(mentor="M", mentee="N", kind=MentoringKind.REVERSE),),
    )
    roster = change(
        replace(roster, mentees=roster.mentees[:1]), "N", requests=tuple(Request(topic=t) for t in topics), deficits=()
    )
    assert rules(refusals(facts_of(roster, "barnaul"), "M", "N")) == broken


@pytest.mark.parametrize(
    ("young", "old", "broken"),
    [
        ((Topic.DIGITAL,), (Topic.TEACHING_METHODS,), set()),
        ((Topic.PARENTS,), (Topic.TEACHING_METHODS,), {"HR-08"}),
        ((Topic.DIGITAL,), (Topic.PARENTS,), {"HR-04", "HR-08"}),
    ],
)
def test_who_accepts_only_reverse_may_give_back_what_he_knows(
    young: tuple[Topic, ...], old: tuple[Topic, ...], broken: set[str]
) -> None:
    """A-31: the older one is the mentor only beside the reverse pair, and in something else than the new."""
    only = (MentoringKind.REVERSE,)
    digital, methods = Request(topic=Topic.DIGITAL), Request(topic=Topic.TEACHING_METHODS)
    roster = school(
        people=(person("Y", birth_date=date(1999, 1, 1)), person("O", birth_date=date(1968, 1, 1))),
        mentors=(mentor("Y", topics=young, kinds=only), mentor("O", topics=old, kinds=only)),
        mentees=(
            mentee("O", categories=(), requests=(digital,), deficits=(), kinds=only),
            mentee("Y", categories=(), requests=(methods,), deficits=(), kinds=only),
        ),
    )
    assert rules(refusals(facts_of(roster), "O", "Y")) == broken
    alone = replace(roster, mentors=roster.mentors[1:])
    assert "HR-08" in rules(refusals(facts_of(alone), "O", "Y"))


def test_ages_are_full_years_on_the_reference_day() -> None:
    facts = facts_of(school())
    assert facts.age(person("A", birth_date=date(2016, 9, 1))) == 10
    assert facts.age(person("A", birth_date=date(2016, 9, 2))) == 9
    assert facts.age(person("A", birth_date=None)) is None


def test_distance_classes() -> None:
    def contour(organisation: str, kind: PersonKind = PersonKind.STAFF) -> Contour:
        facts = facts_of(change_person(school(), "M", organisation=organisation, person_kind=kind))
        return as_planned(facts, pair(facts_of(school()), "M", "N")).sides.contour

    assert contour("O-1") is Contour.ORGANISATION
    assert contour("O-2") is Contour.MUNICIPALITY
    assert contour("O-3") is Contour.OTHER_MUNICIPALITY
    assert contour("O-4") is Contour.FEDERAL
    assert contour("O-3", PersonKind.PARTNER) is Contour.PARTNER
    assert contour("O-1", PersonKind.PARTNER) is Contour.ORGANISATION


def head_case(**changes: Any) -> Facts:
    roster = change(change_person(school(), "M", position="head"), "M", source=MentorSource.HEAD)
    return facts_of(change(roster, "N", **changes), "smolensk_school_23")


def test_a_head_who_teaches_the_subject_counts_as_a_teacher() -> None:
    """Acceptance example 4 (SMO 5.2, A-25)."""
    facts = head_case()
    assert pair(facts, "M", "N").form is MentoringForm.TEACHER_TEACHER


def test_a_head_on_other_topics_is_a_head() -> None:
    facts = head_case(requests=(Request(topic=Topic.DIGITAL),))
    assert pair(facts, "M", "N").form is MentoringForm.HEAD_TEACHER


def test_a_stated_form_that_does_not_fit_is_seen() -> None:
    facts = facts_of(school())
    stated = as_planned(facts, pair(facts, "M", "N", form=MentoringForm.EMPLOYER_STUDENT))
    assert rules(broken_rules(stated)) == {"HR-03"}


def test_mathematics_novice_and_a_mentor_of_literature() -> None:
    """Acceptance example 3: refused as subject expert, possible as experienced teacher on another topic."""
    roster = change_person(school(), "M", subjects=("literature",))
    asked = change(roster, "N", model=RoleModel.SUBJECT_EXPERT_NOVICE, requests=(Request(topic=Topic.UPBRINGING),))
    asked = change(asked, "M", topics=(Topic.UPBRINGING,))
    assert rules(refusals(facts_of(asked, "smolensk_school_23"), "M", "N")) == {"HR-05"}
    free = facts_of(change(asked, "N", model=None), "smolensk_school_23")
    assert refusals(free, "M", "N") == ()
    assert pair(free, "M", "N").model is RoleModel.EXPERIENCED_YOUNG


def test_an_unnamed_topic_is_no_need() -> None:
    roster = change(school(), "N", requests=(Request(topic=Topic.PARENTS),), deficits=())
    roster = change(roster, "M", topics=(Topic.PARENTS,))
    assert rules(refusals(facts_of(roster, "kalmykia"), "M", "N")) == {"HR-04"}
    assert refusals(facts_of(roster, "barnaul"), "M", "N") == ()


def test_a_rule_the_policy_switches_off_does_not_bind() -> None:
    policy = regulation("kalmykia")
    off = regulation(policy, {"HR-04": replace(policy.rule("HR-04"), on=False)})
    assert refusals(Facts.of(change(school(), "M", topics=()), off, DAY), "M", "N") == ()
