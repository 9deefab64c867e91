"""The acceptance examples of the regulations that concern pairing, each on its own small round.

Numbers and wording follow the list of examples that the regulations were distilled into.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from matcher.candidates.models import CONDITIONS
from matcher.candidates.refusals import explain_refusals
from matcher.candidates.terms import term_refusal
from matcher.candidates.warnings import warnings_of
from matcher.io.policy_toml import read_policy
from matcher.roster import (
    Compatibility,
    CompetenceBlock,
    Consent,
    ConsentPurpose,
    Deficit,
    MenteeCategory,
    MentoringForm,
    MentoringKind,
    MentorSource,
    Organisation,
    Qualification,
    Recommendation,
    RoleModel,
    SchoolClass,
    Topic,
    Wish,
)
from matcher.timegrid import Busy, BusyState, BusyTime, slots_of, standard_grid
from tests.rosters import MATHS, Round, options_of, request


def words(here: Round, mentor: str = "M-1", mentee: str = "N-1") -> list[str]:
    built = here.build()
    return [str(word) for word in warnings_of(int(built.warnings[options_of(built, mentor, mentee)[0]]))]


def test_example_1_kalmykia_without_a_signed_consent_a_pair_is_proposed_and_the_missing_paper_named() -> None:
    here = Round("kalmykia").mentor().mentee()
    here.add(consents=[Consent(person="M-1", purpose=ConsentPurpose.MENTORING, day=date(2026, 9, 1))])
    assert here.pairs() == {("M-1", "N-1")}
    assert "a written consent to mentoring is still missing" in words(here)
    here.add(consents=[Consent(person="N-1", purpose=ConsentPurpose.MENTORING, day=date(2026, 9, 1))])
    assert "a written consent to mentoring is still missing" not in words(here)


def test_example_2_kalmykia_sympathy_does_not_make_up_for_a_request_nobody_covers() -> None:
    here = Round("kalmykia").mentor(topics=(Topic.UPBRINGING,)).mentee(requests=(MATHS,))
    here.add(
        wishes=[
            Wish(from_person="M-1", to_person="N-1", score=10),
            Wish(from_person="N-1", to_person="M-1", score=10),
        ]
    )
    columns = here.build().columns
    refusals = explain_refusals(columns, 0, 0)
    assert [(refusal.rule, refusal.clause) for refusal in refusals] == [("HR-04", "4.5")]
    assert here.pairs() == set()


def test_example_3_smolensk_a_teacher_of_literature_is_no_subject_expert_for_a_novice_in_mathematics() -> None:
    novice = {"pedagogical_experience_years": 1, "requests": (MATHS, request(Topic.UPBRINGING))}
    here = Round("smolensk_school_23").mentor(subjects=("literature",)).mentee(**novice)
    built = here.build()
    one: Any = np.array([0])
    assert not CONDITIONS[RoleModel.SUBJECT_EXPERT_NOVICE](built.columns, one, one)[0]
    (at,) = [at for at in options_of(built, "M-1", "N-1") if built.options.group[at] < 0]
    assert built.model_of(at) is RoleModel.EXPERIENCED_YOUNG
    assert [built.columns.needs.source[0][need] for need in built.needs_of(at)] == [1]
    asked = Round("smolensk_school_23").mentor(subjects=("literature",))
    assert asked.mentee(**novice, model=RoleModel.SUBJECT_EXPERT_NOVICE).refusals() == ["HR-05"]
    assert asked.pairs() == set()


def test_example_4_smolensk_a_head_who_teaches_physics_is_a_teacher_to_a_physics_novice() -> None:
    physics = request(Topic.SUBJECT_CONTENT, "physics")
    here = Round("smolensk_school_23").mentor(position="head", source=MentorSource.HEAD, subjects=("physics",))
    here.mentee(subjects=("physics",), requests=(physics,), pedagogical_experience_years=1)
    built, result = here.solve()
    assert [built.form_of(at) for at in result.pairing.option.tolist()] == [MentoringForm.TEACHER_TEACHER]


def test_example_5_smolensk_the_psychologist_is_heard_and_the_curator_may_override() -> None:
    mark = {"mentor": "M-1", "mentee": "N-1", "recommendation": Recommendation.NOT_RECOMMENDED}
    refused = Round("smolensk_school_23").mentor().mentee().add(compatibility=[Compatibility(**mark)])
    assert refused.refusals() == ["HR-24"]
    assert refused.pairs() == set()
    reason = Compatibility(**mark, override_reason="both insist")
    allowed = Round("smolensk_school_23").mentor().mentee().add(compatibility=[reason])
    assert allowed.pairs() == {("M-1", "N-1")}
    assert allowed.build().lifted[0] > 0


def test_example_6_barnaul_reverse_goes_from_the_younger_to_the_older() -> None:
    digital = (request(Topic.DIGITAL),)

    def kinds(mentor_born: int, mentee_born: int) -> set[MentoringKind]:
        here = Round("barnaul").mentor(birth_date=date(mentor_born, 3, 1), pedagogical_experience_years=5)
        here.mentee(birth_date=date(mentee_born, 3, 1), pedagogical_experience_years=30, requests=digital)
        built = here.build()
        return {built.kind_of(at) for at in options_of(built, "M-1", "N-1")}

    assert MentoringKind.REVERSE in kinds(mentor_born=1999, mentee_born=1968)
    assert MentoringKind.REVERSE not in kinds(mentor_born=1968, mentee_born=1999)
    here = Round("barnaul").mentor(birth_date=date(1999, 3, 1)).mentee(birth_date=date(1968, 3, 1), requests=digital)
    built, result = here.solve()
    assert [built.kind_of(at) for at in result.pairing.option.tolist()] == [MentoringKind.REVERSE]


def test_example_7_barnaul_a_speed_meeting_of_five_with_an_expert() -> None:
    speed = (MentoringKind.SPEED,)
    here = Round("barnaul").mentor(source=MentorSource.REGIONAL_BEST, max_individual=5, hours_per_week=5)
    for number in range(5):
        here.mentee(f"N-{number}", kinds=speed, qualification=Qualification.HIGHEST)
    built, result = here.solve()
    assert len(result.pairing.option) == 5
    assert {built.kind_of(at) for at in result.pairing.option.tolist()} == {MentoringKind.SPEED}
    pattern = here.policy.patterns[MentoringKind.SPEED]
    assert pattern.sessions == (1, 1)
    no_expert = Round("barnaul").mentor(qualification=Qualification.HIGHEST)
    assert no_expert.mentee(kinds=speed, qualification=Qualification.HIGHEST).refusals() == ["HR-09"]


def test_example_7_barnaul_all_six_meet_in_one_slot() -> None:
    here = Round("barnaul").mentor()
    lessons = []
    for number in range(5):
        here.mentee(f"N-{number}", kinds=(MentoringKind.GROUP,))
        # Everybody is free in one hour of his own, and all in the last hour of Friday.
        lessons += [
            BusyTime(
                person=f"N-{number}",
                week=None,
                weekday=day,
                start_minute=60 * hour,
                end_minute=60 * hour + 45,
                state=BusyState.LESSON,
            )
            for day in range(1, 7)
            for hour in range(8, 20)
            if (day, hour) not in {(5, 19), (1, 8 + number)}
        ]
    busy = Busy.of(standard_grid(), lessons, people=["M-1"])
    built, result = here.solve(busy)
    assert len(result.pairing.option) == 5
    (slot,) = result.pairing.slot.tolist()
    found = busy.grid.slots[slot]
    assert (found.weekday, found.start_minute) == (5, 19 * 60)
    assert built.problem.slots is not None
    assert all(slot in slots_of(words_) for words_ in built.problem.slots[result.pairing.option])


def test_example_8_dalnerechensk_pupils_from_ten_years() -> None:
    nine = Round("dalnerechensk").mentor().pupil(birth_date=date(2016, 9, 2))
    assert [(r.rule, r.clause) for r in explain_refusals(nine.build().columns, 0, 0)] == [("HR-10", "1")]
    assert nine.pairs() == set()
    assert Round("dalnerechensk").mentor().pupil(birth_date=date(2016, 9, 1)).pairs() == {("M-1", "N-1")}


@pytest.mark.parametrize(
    ("mentor", "accepted"),
    [
        ({"subjects": ("history",)}, False),
        ({"subjects": ("history",), "ovz_course_completed": True}, True),
        ({"subjects": ("history",), "class_teacher_of": ("6A",)}, True),
    ],
)
def test_example_9_dalnerechensk_a_pupil_with_disabilities(mentor: dict[str, Any], accepted: bool) -> None:
    here = Round("dalnerechensk").mentor(**mentor)
    here.add(classes=[SchoolClass(id="6A", organisation="S-1", grade=6)])
    here.pupil(categories=(MenteeCategory.PUPIL_OVZ,), school_class="6A")
    assert here.refusals() == ([] if accepted else ["HR-12"])
    assert bool(here.pairs()) is accepted


@pytest.mark.parametrize(
    ("model", "accepted"), [(RoleModel.ACHIEVER_UNDERACHIEVER, False), (RoleModel.JOINT_PROJECT, True)]
)
def test_example_10_dalnerechensk_two_ninth_graders(model: RoleModel, accepted: bool) -> None:
    here = Round("dalnerechensk").pupil_mentor(grade=9).pupil(grade=9, model=model)
    assert bool(here.pairs()) is accepted
    assert ("HR-11" in here.refusals()) is not accepted


@pytest.mark.parametrize(("policy", "num_mentors"), [("dalnerechensk", 3), ("kalmykia", 2)])
def test_example_11_three_mentors_on_three_subjects(policy: str, num_mentors: int) -> None:
    subjects = ("mathematics", "physics", "history")
    here = Round(policy)
    for number, subject in enumerate(subjects):
        here.mentor(f"M-{number}", subjects=(subject,), topics=(Topic.SUBJECT_CONTENT,))
    wants = tuple(request(Topic.SUBJECT_CONTENT, subject) for subject in subjects)
    here.mentee(requests=wants, hours_per_week=5)
    assert len(here.pairs()) == num_mentors


def test_example_13_anuchino_a_competence_below_the_threshold_is_no_ground() -> None:
    gap = Deficit(competence=CompetenceBlock.DIGITAL, level=1)
    wants: dict[str, Any] = {"subjects": ("history",), "requests": (request(Topic.DIGITAL),), "deficits": (gap,)}
    weak = Round("anuchino").mentor(levels={CompetenceBlock.DIGITAL: 2}).mentee(**wants)
    assert "HR-05" in weak.refusals()
    assert weak.pairs() == set()
    strong = Round("anuchino").mentor(levels={CompetenceBlock.DIGITAL: 3}).mentee(**wants)
    built, result = strong.solve()
    assert [built.model_of(at) for at in result.pairing.option.tolist()] == [RoleModel.COMPETENCE]


def expert_in_town() -> Round:
    here = Round("smolensk_school_23").add(organisations=[Organisation(id="S-2", municipality="Town", region="Region")])
    here.mentor("M-9", organisation="S-2", source=MentorSource.REGIONAL_BEST, qualification=Qualification.HIGHEST)
    here.mentee(max_mentors=1)
    return here.add(
        wishes=[
            Wish(from_person="N-1", to_person="M-9", score=10),
            Wish(from_person="M-9", to_person="N-1", score=10),
        ]
    )


def test_example_14_smolensk_the_inside_mentor_goes_before_a_better_one_from_outside() -> None:
    here = expert_in_town().mentor("M-1")
    built = here.build()
    inside, outside = (options_of(built, mentor, "N-1")[0] for mentor in ("M-1", "M-9"))
    assert built.points[:2, inside].sum() < built.points[:2, outside].sum()
    assert here.pairs() == {("M-1", "N-1")}


def test_example_14_smolensk_without_an_inside_place_the_outside_mentor_is_proposed_and_flagged() -> None:
    flag = "the mentor comes from outside the organisation"
    without = expert_in_town()
    assert without.pairs() == {("M-9", "N-1")}
    assert flag in words(without, "M-9")
    full = expert_in_town().mentor("M-1", max_individual=0, max_groups=0)
    assert full.pairs() == {("M-9", "N-1")}


@pytest.mark.parametrize("policy", ["barnaul", "anuchino", "kalmykia", "dalnerechensk", "smolensk_school_23"])
def test_example_16_the_term_of_a_programme(policy: str) -> None:
    regulation = read_policy(policy)
    refused = term_refusal(regulation, 2)
    assert refused is not None
    assert refused.rule == "HR-16"
    assert term_refusal(regulation, 3) is None
    assert term_refusal(regulation, 12) is None
    assert term_refusal(regulation, 14) is not None
    assert term_refusal(regulation, 14, agreed_by=("nobody",)) is not None
    assert term_refusal(regulation, 14, agreed_by=("mentor", "mentee", "curator")) is None
