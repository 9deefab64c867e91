"""Which form, model, kind and hours a pair gets (requirements 9.7)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from matcher.roster import (
    CompetenceBlock,
    Deficit,
    Lock,
    MenteeCategory,
    MentoringForm,
    MentoringKind,
    MentorSource,
    OrganisationType,
    PersonKind,
    RoleModel,
    Topic,
)
from tests.rosters import MATHS, Round, options_of, request


def only(here: Round, mentor: str = "M-1", mentee: str = "N-1") -> tuple[Any, int]:
    """Return the built round and the first individual option of the pair."""
    built = here.build()
    found = [at for at in options_of(built, mentor, mentee) if built.options.group[at] < 0]
    return built, found[0]


def form_of(here: Round) -> MentoringForm:
    built, at = only(here)
    form: MentoringForm = built.form_of(at)
    return form


@pytest.mark.parametrize(
    ("policy", "mentor", "mentee", "expected"),
    [
        ("kalmykia", {}, {}, MentoringForm.TEACHER_TEACHER),
        ("kalmykia", {"person_kind": PersonKind.RETIRED}, {}, MentoringForm.TEACHER_TEACHER),
        ("kalmykia", {"position": "head"}, {}, MentoringForm.TEACHER_TEACHER),
        ("kalmykia", {"position": "head"}, {"requests": (request(Topic.UPBRINGING),)}, MentoringForm.HEAD_TEACHER),
        ("anuchino", {"position": "head"}, {"requests": (request(Topic.UPBRINGING),)}, MentoringForm.TEACHER_TEACHER),
        (
            "kalmykia",
            {"source": MentorSource.HEAD},
            {"person_kind": PersonKind.STUDENT},
            MentoringForm.EMPLOYER_STUDENT,
        ),
        ("kalmykia", {"position": "deputy_head"}, {"person_kind": PersonKind.STUDENT}, MentoringForm.EMPLOYER_STUDENT),
        (
            "kalmykia",
            {"person_kind": PersonKind.UNIVERSITY, "source": MentorSource.UNIVERSITY},
            {"pedagogical_experience_years": 3},
            MentoringForm.UNIVERSITY_YOUNG_TEACHER,
        ),
    ],
)
def test_form(policy: str, mentor: dict[str, Any], mentee: dict[str, Any], expected: MentoringForm) -> None:
    assert form_of(Round(policy).mentor(**mentor).mentee(**mentee)) is expected


def test_a_head_of_another_subject_is_a_head() -> None:
    here = Round().mentor(position="head", subjects=("history",))
    assert form_of(here.mentee(requests=(request(Topic.TEACHING_METHODS),))) is MentoringForm.HEAD_TEACHER


def test_forms_with_pupils() -> None:
    assert form_of(Round("dalnerechensk").mentor().pupil()) is MentoringForm.TEACHER_PUPIL
    assert form_of(Round("dalnerechensk").pupil_mentor().pupil()) is MentoringForm.PUPIL_PUPIL


def test_a_running_pair_keeps_its_form_and_kind() -> None:
    lock = Lock(mentor="M-1", mentee="N-1", form=MentoringForm.HEAD_TEACHER, kind=MentoringKind.SITUATIONAL)
    built, at = only(Round().mentor(position="head").mentee().add(locks=[lock]))
    assert built.form_of(at) is MentoringForm.HEAD_TEACHER
    assert built.kind_of(at) is MentoringKind.SITUATIONAL


def test_a_form_meant_for_other_organisations_is_a_warning() -> None:
    from matcher.candidates.warnings import WARNINGS

    bit = next(at for at, warn in enumerate(WARNINGS) if warn.name == "form_elsewhere")
    for type_, warned in ((OrganisationType.GENERAL_SCHOOL, True), (OrganisationType.ADDITIONAL_EDUCATION, False)):
        here = Round("dalnerechensk")
        here.roster = here.roster.__class__(organisations=())
        from matcher.roster import Contract, Organisation

        here.add(
            organisations=[
                Organisation(id="S-1", type=type_, municipality="Town"),
                Organisation(id="E-1", type=OrganisationType.PARTNER, municipality="Town"),
            ],
            contracts=[Contract(organisation="S-1", partner="E-1")],
        )
        here.mentor(organisation="E-1", person_kind=PersonKind.PARTNER, source=MentorSource.SOCIAL_PARTNER).pupil()
        built, at = only(here)
        assert built.form_of(at) is MentoringForm.PARTNER_PUPIL
        assert bool(int(built.warnings[at]) >> bit & 1) is warned


COMMUNICATION = Deficit(competence=CompetenceBlock.COMMUNICATIVE, level=1)
DIGITAL = Deficit(competence=CompetenceBlock.DIGITAL, level=1)


@pytest.mark.parametrize(
    ("policy", "mentor", "mentee", "expected"),
    [
        ("barnaul", {}, {"pedagogical_experience_years": 1}, None),
        ("smolensk_school_23", {}, {"pedagogical_experience_years": 1}, RoleModel.EXPERIENCED_YOUNG),
        (
            "smolensk_school_23",
            {"pedagogical_experience_years": 4},
            {"pedagogical_experience_years": 1},
            RoleModel.SUBJECT_EXPERT_NOVICE,
        ),
        (
            "smolensk_school_23",
            {"community_leader": True},
            {"deficits": (COMMUNICATION,)},
            RoleModel.LEADER_COMMUNICATION,
        ),
        ("smolensk_school_23", {}, {"deficits": (DIGITAL,)}, RoleModel.INNOVATOR_CONSERVATIVE),
        ("smolensk_school_23", {}, {}, RoleModel.SUBJECT_EXPERT_NOVICE),
        ("smolensk_school_23", {}, {"subjects": ("history",), "requests": (request(Topic.UPBRINGING),)}, None),
        ("anuchino", {}, {"pedagogical_experience_years": 1}, RoleModel.SUBJECT),
        (
            "anuchino",
            {},
            {"subjects": (), "requests": (request(Topic.UPBRINGING),), "pedagogical_experience_years": 1},
            RoleModel.YOUNG_SPECIALIST,
        ),
        (
            "anuchino",
            {},
            {"subjects": (), "requests": (request(Topic.UPBRINGING),), "deficits": (DIGITAL,)},
            RoleModel.COMPETENCE,
        ),
    ],
)
def test_model(policy: str, mentor: dict[str, Any], mentee: dict[str, Any], expected: RoleModel | None) -> None:
    built, at = only(Round(policy).mentor(**mentor).mentee(**mentee))
    assert built.model_of(at) is expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"categories": (MenteeCategory.PUPIL_UNDERACHIEVING,)}, RoleModel.ACHIEVER_UNDERACHIEVER),
        ({"categories": (MenteeCategory.PUPIL_PASSIVE,)}, RoleModel.LEADER_PASSIVE),
        ({"categories": (MenteeCategory.PUPIL_PEER,), "grade": 9}, RoleModel.PEER_PEER),
        ({}, RoleModel.JOINT_PROJECT),
    ],
)
def test_models_between_pupils(changes: dict[str, Any], expected: RoleModel) -> None:
    built, at = only(Round("dalnerechensk").pupil_mentor().pupil(**changes))
    assert built.model_of(at) is expected


@pytest.mark.parametrize(
    ("mentor", "mentee", "expected"),
    [
        ((), (), MentoringKind.TRADITIONAL),
        ((MentoringKind.VIRTUAL, MentoringKind.SHORT_TERM), (), MentoringKind.SHORT_TERM),
        ((MentoringKind.VIRTUAL,), (MentoringKind.VIRTUAL, MentoringKind.SHORT_TERM), MentoringKind.VIRTUAL),
        ((), (MentoringKind.SITUATIONAL,), MentoringKind.SITUATIONAL),
    ],
)
def test_kind(mentor: tuple[MentoringKind, ...], mentee: tuple[MentoringKind, ...], expected: MentoringKind) -> None:
    built, at = only(Round().mentor(kinds=mentor).mentee(kinds=mentee))
    assert built.kind_of(at) is expected


def test_a_class_is_a_group_by_itself() -> None:
    built = Round("dalnerechensk").pupil_mentor(active=True).school_class().build()
    (at,) = options_of(built, "M-1", "6A")
    assert built.kind_of(at) is MentoringKind.GROUP
    assert built.problem.group_min_size.tolist() == built.problem.group_max_size.tolist() == [1]
    assert Round("dalnerechensk").pupil_mentor(active=True).school_class().pairs() == {("M-1", "6A")}


def test_hours_are_those_of_the_kind() -> None:
    built, at = only(Round().mentor().mentee())
    assert built.problem.mentor_minutes[at] == built.problem.mentee_minutes[at] == 120
    virtual, at = only(
        Round().mentor(hours_per_week=1.5).mentee(kinds=(MentoringKind.SITUATIONAL,), hours_per_week=0.5)
    )
    assert virtual.problem.mentor_minutes[at] == 60
    assert virtual.problem.max_minutes.tolist() == [360]
    assert virtual.problem.max_mentee_minutes.tolist() == [120]


def test_pupil_sessions_take_the_place_of_the_usual_pattern() -> None:
    built, at = only(Round("dalnerechensk").mentor().pupil())
    assert built.problem.mentor_minutes[at] == 160


def test_unusual_kinds_are_flagged_where_the_regulation_tolerates_them() -> None:
    from matcher.candidates.warnings import warnings_of

    built, at = only(Round("dalnerechensk").mentor().mentee(kinds=(MentoringKind.VIRTUAL,)))
    assert "the regulation does not name this kind" in [str(word) for word in warnings_of(int(built.warnings[at]))]
    usual, at = only(Round("dalnerechensk").mentor().mentee())
    assert "the regulation does not name this kind" not in [str(w) for w in warnings_of(int(usual.warnings[at]))]


def young(**changes: Any) -> dict[str, Any]:
    return {"birth_date": date(1999, 1, 1), "pedagogical_experience_years": 2, **changes}


def test_a_reverse_pair_covers_new_technologies_only() -> None:
    wants = (request(Topic.DIGITAL), MATHS)
    built = Round().mentor(**young()).mentee(birth_date=date(1968, 1, 1), requests=wants).build()
    kinds = {built.kind_of(at): built.needs_of(at) for at in options_of(built, "M-1", "N-1")}
    assert kinds == {MentoringKind.TRADITIONAL: [0, 1], MentoringKind.REVERSE: [0]}


def test_two_people_may_mentor_each_other_only_as_a_linked_reverse_pair() -> None:
    here = Round()
    here.mentor("P-1", **young(topics=(Topic.DIGITAL,))).mentor(
        "P-2", birth_date=date(1968, 1, 1), topics=(Topic.TEACHING_METHODS,)
    )
    here.mentee("P-2", requests=(request(Topic.DIGITAL),)).mentee("P-1", requests=(request(Topic.TEACHING_METHODS),))
    built, result = here.solve()
    problem, chosen = built.problem, result.pairing.option.tolist()
    assert {built.kind_of(at) for at in chosen} == {MentoringKind.REVERSE}
    assert len(chosen) == 2
    assert problem.link_refund_minutes.tolist() == [15]
    assert problem.companion is not None
    first, second = int(problem.link_first[0]), int(problem.link_second[0])
    assert problem.companion[second] == first
    conflicts = set(zip(problem.conflict_first.tolist(), problem.conflict_second.tolist(), strict=True))
    ways = {at for pair in conflicts for at in pair}
    assert len(conflicts) == 3
    assert {first, second} < ways
