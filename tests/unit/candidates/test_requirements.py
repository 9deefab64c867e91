"""Every hard rule on a pair, alone: one pair that keeps it, one that breaks it, and what lifts it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from matcher.candidates.refusals import explain_refusals, refusals_of_mentee, refusals_of_mentor
from matcher.candidates.requirements import REQUIREMENTS
from matcher.roster import (
    Approval,
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
    RoleModel,
    SchoolClass,
    Topic,
    Wish,
)
from tests.rosters import MATHS, Round, request

POLICIES = ("barnaul", "anuchino", "kalmykia", "dalnerechensk", "smolensk_school_23")
LOW = dict.fromkeys(CompetenceBlock, 2)
HIGH = dict.fromkeys(CompetenceBlock, 4)


def pair(policy: str = "kalmykia", mentor: dict[str, Any] | None = None, mentee: dict[str, Any] | None = None) -> Round:
    return Round(policy).mentor(**(mentor or {})).mentee(**(mentee or {}))


@pytest.mark.parametrize("policy", POLICIES)
def test_a_fitting_pair_is_refused_by_nothing(policy: str) -> None:
    assert pair(policy).refusals() == []


def test_hr01_nobody_mentors_himself() -> None:
    assert Round().mentor("P-1").mentee("P-1").refusals("P-1", "P-1") == ["HR-01"]


def test_hr01_a_pair_in_aftercare_is_not_made_again() -> None:
    together = Lock(mentor="M-1", mentee="N-1", status=LockStatus.AFTERCARE)
    assert pair().add(locks=[together]).refusals() == ["HR-01"]


@pytest.mark.parametrize(
    "changes",
    [
        {"status": MentorStatus.LEFT},
        {"status": MentorStatus.PAUSED},
        {"status": MentorStatus.NOMINATED},
        {"ready": False},
    ],
)
def test_hr02_the_mentor_is_available(changes: dict[str, Any]) -> None:
    assert pair(mentor=changes).refusals() == ["HR-02"]


@pytest.mark.parametrize(
    ("policy", "approvals", "refused"),
    [
        ("kalmykia", (Approval.RESULTS_CONFIRMED,), True),
        ("kalmykia", (Approval.HEAD,), False),
        ("barnaul", (Approval.HEAD,), True),
        ("barnaul", (Approval.RESULTS_CONFIRMED,), False),
        ("dalnerechensk", (Approval.PEDAGOGICAL_COUNCIL, Approval.SENIOR_METHODIST), True),
        ("dalnerechensk", (Approval.PEDAGOGICAL_COUNCIL, Approval.SENIOR_METHODIST, Approval.DEPUTY_HEAD), False),
    ],
)
def test_hr02_the_mentor_has_the_approvals_of_the_regulation(
    policy: str, approvals: tuple[Approval, ...], refused: bool
) -> None:
    here = pair(policy, mentor={"approvals": approvals, "results_confirmed": False})
    assert here.refusals() == (["HR-02"] if refused else [])


def test_hr02_competence_stands_for_itself_in_anuchino() -> None:
    assert pair("anuchino", mentor={"approvals": (), "results_confirmed": False}).refusals() == []


@pytest.mark.parametrize(("source", "target"), [("M-1", "N-1"), ("N-1", "M-1")])
def test_hr02_a_veto_of_either_side_refuses_and_no_override_lifts_it(source: str, target: str) -> None:
    here = pair().add(wishes=[Wish(from_person=source, to_person=target, veto=True)])
    assert here.refusals() == ["HR-02"]
    assert here.add(overrides=[Override(rule="HR-02", mentor="M-1", mentee="N-1", reason="x")]).refusals() == ["HR-02"]


def test_hr02_a_consent_that_has_ended_refuses_until_there_is_a_new_one() -> None:
    ended = Consent(person="N-1", purpose=ConsentPurpose.MENTORING, day=date(2025, 9, 1), expires=date(2026, 8, 31))
    here = pair().add(consents=[ended])
    assert here.refusals() == ["HR-02"]
    signed = Consent(person="N-1", purpose=ConsentPurpose.MENTORING, day=date(2026, 9, 10))
    assert here.add(consents=[signed]).refusals() == []


def test_hr03_the_form_fits_both() -> None:
    student = {"person_kind": PersonKind.STUDENT}
    assert pair(mentee=student).refusals() == ["HR-03"]
    assert pair(mentee=student, mentor={"position": "head"}).refusals() == []
    assert pair("anuchino", mentee=student, mentor={"position": "head"}).refusals()[0] == "HR-03"
    assert pair(mentor={"forms": (MentoringForm.EMPLOYER_STUDENT,)}).refusals() == ["HR-03"]


def test_hr03_a_teacher_authorised_by_the_head_is_an_employer() -> None:
    authorised = {"forms": (MentoringForm.EMPLOYER_STUDENT,)}
    assert pair(mentee={"person_kind": PersonKind.STUDENT}, mentor=authorised).refusals() == []


def test_hr03_pupils_take_part_only_where_the_regulation_says_so() -> None:
    assert Round("kalmykia").mentor().pupil().refusals() == ["HR-03"]
    assert Round("dalnerechensk").mentor().pupil().refusals() == []


def test_hr03_the_regulation_covers_the_organisation() -> None:
    garden = Organisation(id="K-1", type=OrganisationType.KINDERGARTEN, municipality="Town", region="Region")
    for policy, refused in (("barnaul", False), ("smolensk_school_23", True)):
        here = Round(policy).add(organisations=[garden]).mentor(organisation="K-1").mentee(organisation="K-1")
        assert here.refusals() == (["HR-03"] if refused else [])


def test_hr03_both_accept_a_kind_the_regulation_has() -> None:
    flash = {"kinds": (MentoringKind.FLASH,)}
    assert pair("kalmykia", mentee=flash).refusals() == ["HR-03"]
    assert pair("dalnerechensk", mentee=flash).refusals() == []
    other = {"kinds": (MentoringKind.VIRTUAL,)}
    assert pair(mentee={"kinds": (MentoringKind.TRADITIONAL,)}, mentor=other).refusals() == ["HR-03"]


def test_hr04_the_mentor_covers_a_request() -> None:
    assert pair(mentor={"topics": (Topic.PARENTS,)}).refusals() == ["HR-04"]
    assert pair(mentor={"subjects": ("history",)}).refusals() == ["HR-04"]
    assert pair(mentor={"levels": LOW}).refusals() == ["HR-04"]
    assert pair(mentor={"levels": {CompetenceBlock.SUBJECT: 3}}).refusals() == []


def test_hr04_a_course_counts_as_its_subject() -> None:
    assert pair(mentee={"requests": (request(Topic.SUBJECT_CONTENT, "algebra"),)}).refusals() == []


def test_hr04_a_gap_counts_only_where_no_first_request_is_stated() -> None:
    gap = Deficit(competence=CompetenceBlock.DIGITAL, level=1)
    mentor = {"topics": (Topic.DIGITAL,), "levels": {CompetenceBlock.DIGITAL: 3}}
    assert pair(mentor=mentor, mentee={"requests": (), "deficits": (gap,)}).build().problem.num_options > 0
    with_request = pair(mentor=mentor, mentee={"requests": (MATHS,), "deficits": (gap,)})
    assert with_request.build().problem.num_options == 0


def test_hr04_a_second_mentor_may_cover_what_the_first_leaves_open() -> None:
    wants = (MATHS, request(Topic.DIGITAL, priority=2))
    here = Round().mentor("M-1", topics=(Topic.SUBJECT_CONTENT,)).mentor("M-2", topics=(Topic.DIGITAL,))
    here.mentee(requests=wants)
    built = here.build()
    assert built.options.extra.tolist() == [mentor == 1 for mentor in built.options.mentor.tolist()]
    assert here.pairs() == {("M-1", "N-1"), ("M-2", "N-1")}


def test_hr04_nobody_is_second_without_a_first() -> None:
    wants = (MATHS, request(Topic.DIGITAL, priority=2))
    here = Round().mentor(topics=(Topic.DIGITAL,)).mentee(requests=wants)
    assert here.build().problem.num_options == 0


def test_hr04_an_override_makes_a_second_mentor_a_first() -> None:
    wants = (MATHS, request(Topic.DIGITAL, priority=2))
    here = Round().mentor(topics=(Topic.DIGITAL,)).mentee(requests=wants)
    built = here.add(overrides=[Override(rule="HR-04", mentor="M-1", mentee="N-1", reason="no other")]).build()
    assert built.problem.num_options == 1
    assert not built.options.extra.any()
    assert built.lifted[0] > 0


def test_hr04_pupil_forms_are_not_asked() -> None:
    assert Round("dalnerechensk").mentor(topics=(Topic.PARENTS,)).pupil().refusals() == []


def test_hr05_anuchino_asks_for_one_ground() -> None:
    other = {"subjects": ("history",), "requests": (request(Topic.DIGITAL),)}
    assert pair("anuchino", mentee=other).refusals() == ["HR-05"]
    gap = Deficit(competence=CompetenceBlock.DIGITAL, level=1)
    assert pair("anuchino", mentee={**other, "deficits": (gap,)}).refusals() == []
    assert pair("anuchino", mentee={**other, "pedagogical_experience_years": 2}).refusals() == []


def test_hr05_a_model_asked_for_must_hold() -> None:
    wanted = {"model": RoleModel.LEADER_COMMUNICATION}
    assert pair("smolensk_school_23", mentee=wanted).refusals() == ["HR-05"]
    gap = Deficit(competence=CompetenceBlock.COMMUNICATIVE, level=1)
    holds = pair("smolensk_school_23", mentee={**wanted, "deficits": (gap,)}, mentor={"community_leader": True})
    assert holds.refusals() == []


def test_hr07_a_class_is_no_larger_than_allowed() -> None:
    for size, refused in ((30, False), (31, True)):
        here = Round("dalnerechensk").pupil_mentor(active=True).school_class(size=size)
        assert here.refusals("M-1", "6A") == (["HR-07"] if refused else [])


def test_hr03_one_to_one_work_is_not_for_a_class() -> None:
    here = Round("dalnerechensk").pupil_mentor(active=True).school_class(kinds=(MentoringKind.TRADITIONAL,))
    assert here.refusals("M-1", "6A") == ["HR-03"]


def test_hr08_who_accepts_only_reverse_needs_a_younger_mentor() -> None:
    wants = {"requests": (request(Topic.DIGITAL),), "kinds": (MentoringKind.REVERSE,)}
    young, old = {"birth_date": date(1999, 1, 1)}, {"birth_date": date(1970, 1, 1)}
    assert pair(mentor=young, mentee=wants).refusals() == []
    assert pair(mentor=old, mentee=wants).refusals() == ["HR-08"]
    assert pair(mentor=young, mentee={**wants, "birth_date": None}).refusals() == ["HR-08"]


def test_hr09_a_speed_meeting_needs_a_higher_level() -> None:
    speed = {"kinds": (MentoringKind.SPEED,), "qualification": Qualification.FIRST}
    assert pair(mentee=speed, mentor={"qualification": Qualification.FIRST}).refusals() == ["HR-09"]
    assert pair(mentee=speed, mentor={"qualification": Qualification.HIGHEST}).refusals() == []
    assert pair(mentee=speed, mentor={"qualification": Qualification.MENTOR_CATEGORY}).refusals() == []
    assert pair(mentee=speed, mentor={"titles": ("Honoured teacher",)}).refusals() == []
    assert pair(mentee=speed, mentor={"source": MentorSource.REGIONAL_BEST}).refusals() == []


def test_hr09_a_class_that_is_no_speed_meeting_may_be_a_group() -> None:
    """Nothing says that the mentor is of a higher level, but a class that accepts groups does not meet at speed."""
    here = Round("dalnerechensk").pupil_mentor(active=True)
    here.school_class("6A", kinds=(MentoringKind.SPEED, MentoringKind.GROUP)).school_class(
        "6B", kinds=(MentoringKind.SPEED,)
    )
    assert here.refusals("M-1", "6A") == []
    assert here.refusals("M-1", "6B") == ["HR-09"]
    assert here.pairs() == {("M-1", "6A")}


def test_hr10_a_pupil_has_the_age() -> None:
    here = Round("dalnerechensk").mentor()
    assert here.pupil("N-1", birth_date=date(2016, 9, 1)).refusals() == []
    assert here.pupil("N-2", birth_date=date(2016, 9, 2)).refusals("M-1", "N-2") == ["HR-10"]
    assert here.pupil("N-3", birth_date=None).refusals("M-1", "N-3") == ["HR-10"]
    here.add(overrides=[Override(rule="HR-10", mentee="N-2", reason="the parents agree")])
    assert here.refusals("M-1", "N-2") == []


def test_hr11_between_pupils() -> None:
    here = Round("dalnerechensk").pupil_mentor(named_skill="chess")
    assert here.pupil("N-1", grade=8).refusals() == []
    assert here.pupil("N-2", grade=9).refusals("M-1", "N-2") == ["HR-11"]
    assert here.pupil("N-3", grade=9, model=RoleModel.JOINT_PROJECT).refusals("M-1", "N-3") == []
    assert here.pupil("N-4", grade=9, categories=(MenteeCategory.PUPIL_PEER,)).refusals("M-1", "N-4") == []
    assert here.pupil("N-5", grade=10, model=RoleModel.JOINT_PROJECT).refusals("M-1", "N-5") == ["HR-05", "HR-11"]
    other = Organisation(id="S-2", municipality="Town", region="Region")
    here.add(organisations=[other])
    assert here.pupil("N-6", grade=6, organisation="S-2").refusals("M-1", "N-6") == ["HR-11"]


def test_hr11_a_skill_stands_for_a_grade_in_additional_education() -> None:
    centre = Organisation(id="C-1", type=OrganisationType.ADDITIONAL_EDUCATION, municipality="Town", region="Region")
    here = Round("dalnerechensk").add(organisations=[centre])
    here.pupil_mentor(named_skill="chess", organisation="C-1").pupil(grade=11, organisation="C-1")
    assert here.refusals() == []


def test_hr11_a_class_mentor_is_distinguished() -> None:
    assert Round("dalnerechensk").pupil_mentor().school_class().refusals("M-1", "6A") == ["HR-11"]
    assert Round("dalnerechensk").pupil_mentor(leader=True).school_class().refusals("M-1", "6A") == []
    assert Round("dalnerechensk").pupil_mentor(leader=True).school_class(grade=9).refusals("M-1", "6A") == ["HR-11"]


@pytest.mark.parametrize(
    ("mentor", "allowed"),
    [
        ({"subjects": ("history",)}, False),
        ({"position": "psychologist"}, True),
        ({"ovz_course_completed": True}, True),
        ({"class_teacher_of": ("6A",)}, True),
        ({"class_teacher_of": ("7A",)}, False),
    ],
)
def test_hr12_pupils_with_disabilities(mentor: dict[str, Any], allowed: bool) -> None:
    here = Round("dalnerechensk").mentor(**mentor)
    here.add(classes=[SchoolClass(id=name, organisation="S-1", grade=int(name[0])) for name in ("6A", "7A")])
    here.pupil(categories=(MenteeCategory.PUPIL_OVZ,), school_class="6A")
    assert here.refusals() == ([] if allowed else ["HR-12"])


def test_hr12_the_class_names_its_teacher_too() -> None:
    here = Round("dalnerechensk").mentor().pupil(categories=(MenteeCategory.PUPIL_OVZ,), school_class="6A")
    here.add(classes=[SchoolClass(id="6A", organisation="S-1", grade=6, class_teacher="M-1")])
    assert here.refusals() == []


@pytest.mark.parametrize("category", [MenteeCategory.PUPIL_GIFTED, MenteeCategory.PUPIL_MOTIVATED])
def test_hr13_gifted_pupils(category: MenteeCategory) -> None:
    for mentor, allowed in (({}, False), ({"tutor_role": True}, True), ({"position": "tutor"}, True)):
        here = Round("dalnerechensk").mentor(**mentor).pupil(categories=(category,))
        assert here.refusals() == ([] if allowed else ["HR-13"])


@pytest.mark.parametrize(("years", "allowed"), [(3, False), (3.5, True), (4, True), (None, False)])
def test_hr14_pupils_at_risk(years: float | None, allowed: bool) -> None:
    here = Round("dalnerechensk").mentor(pedagogical_experience_years=years)
    here.pupil(categories=(MenteeCategory.PUPIL_AT_RISK,))
    assert here.refusals() == ([] if allowed else ["HR-14"])


def elsewhere(policy: str, municipality: str, region: str = "Region", **mentor: Any) -> Round:
    there = Organisation(id="S-2", municipality=municipality, region=region)
    return Round(policy).add(organisations=[there]).mentor(organisation="S-2", **mentor).mentee()


def test_hr15_the_contour_is_allowed() -> None:
    assert elsewhere("kalmykia", "Town").refusals() == []
    assert elsewhere("kalmykia", "Village").refusals() == []
    assert elsewhere("kalmykia", "Far", "Elsewhere").refusals() == ["HR-15"]
    assert elsewhere("barnaul", "Far", "Elsewhere").refusals() == []


def test_hr15_the_mentor_goes_so_far() -> None:
    assert elsewhere("kalmykia", "Town", contours=(Contour.ORGANISATION,)).refusals() == ["HR-15"]
    assert elsewhere("kalmykia", "Town", contours=(Contour.MUNICIPALITY,)).refusals() == []
    assert elsewhere("kalmykia", "Village", contours=(Contour.REGION,)).refusals() == []


def test_hr15_partners_need_a_contract_in_dalnerechensk() -> None:
    plant = Organisation(id="E-1", type=OrganisationType.PARTNER, municipality="Town", region="Region")
    here = Round("dalnerechensk").add(organisations=[plant]).pupil()
    here.mentor(organisation="E-1", person_kind=PersonKind.PARTNER, source=MentorSource.EMPLOYER, position="specialist")
    assert here.refusals() == ["HR-15"]
    ended = Contract(organisation="S-1", partner="E-1", end_day=date(2026, 8, 31))
    assert here.add(contracts=[ended]).refusals() == ["HR-15"]
    assert here.add(contracts=[Contract(organisation="S-1", partner="E-1")]).refusals() == []


def test_hr15_barnaul_only_warns_without_a_contract() -> None:
    here = elsewhere("barnaul", "Town")
    assert here.refusals() == []
    assert "no_contract" in _warnings(here)
    here.add(contracts=[Contract(organisation="S-1", partner="S-2")])
    assert "no_contract" not in _warnings(here)


def test_hr22_the_council_forbids() -> None:
    assert pair().add(locks=[Lock(mentor="M-1", mentee="N-1", status=LockStatus.FORBIDDEN)]).refusals() == ["HR-22"]


def test_hr24_the_psychologist_is_heard_in_smolensk() -> None:
    mark = Compatibility(mentor="M-1", mentee="N-1", recommendation=Recommendation.NOT_RECOMMENDED)
    assert pair("kalmykia").add(compatibility=[mark]).refusals() == []
    here = pair("smolensk_school_23").add(compatibility=[mark])
    assert here.refusals() == ["HR-24"]
    here.add(overrides=[Override(rule="HR-24", mentor="M-1", mentee="N-1", reason="both ask for it")])
    assert here.refusals() == []


def test_all_rules_that_refuse_are_told() -> None:
    here = pair(mentor={"levels": LOW, "ready": False, "subjects": ("history",)})
    here.add(wishes=[Wish(from_person="N-1", to_person="M-1", veto=True)])
    assert here.refusals() == ["HR-02", "HR-04"]


def test_a_rule_that_is_off_refuses_nobody() -> None:
    here = pair("kalmykia", mentor={"levels": LOW})
    off = {**here.policy.rules, "HR-04": here.policy.rule("HR-05")}
    assert here.change(rules=off).refusals() == []


def _warnings(here: Round) -> set[str]:
    from matcher.candidates.warnings import WARNINGS

    mask = int(here.build().warnings[0])
    return {warn.name for bit, warn in enumerate(WARNINGS) if mask >> bit & 1}


def test_hr09_who_may_not_meet_at_speed_may_still_sit_in_a_group() -> None:
    kinds = {"kinds": (MentoringKind.SPEED, MentoringKind.GROUP), "qualification": Qualification.FIRST}
    here = Round().mentor(qualification=Qualification.FIRST).mentee("N-1", **kinds).mentee("N-2", **kinds)
    assert here.refusals() == []
    built = here.build()
    assert (built.options.group >= 0).all()
    assert len(here.pairs()) == 2


def test_refusals_of_one_side_are_those_of_its_pairs() -> None:
    here = Round().mentor("M-1", levels=LOW).mentor("M-2", ready=False).mentor("M-3").mentee()
    columns = here.build().columns
    of_mentee = refusals_of_mentee(columns, 0).refused.tolist()
    assert [bool(mask) for mask in of_mentee] == [True, True, False]
    for mentor, mask in enumerate(of_mentee):
        told = [REQUIREMENTS[bit].rule for bit in range(len(REQUIREMENTS)) if mask >> bit & 1]
        assert told == [refusal.rule for refusal in explain_refusals(columns, mentor, 0)]
        assert refusals_of_mentor(columns, mentor).refused.tolist() == [mask]
