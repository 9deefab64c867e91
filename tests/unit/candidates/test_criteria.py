"""Every soft rule on a pair, alone: its points by the formula of its docstring."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from matcher.candidates.criteria import CRITERIA
from matcher.roster import (
    Availability,
    AvailabilityState,
    Compatibility,
    CompetenceBlock,
    MenteeCategory,
    Organisation,
    OrganisationType,
    PersonKind,
    Qualification,
    Topic,
    Wish,
)
from matcher.timegrid import Busy, BusyState, BusyTime, availability_times, standard_grid
from tests.rosters import Round, options_of, request

ROW = {rule.rule: row for row, rule in enumerate(CRITERIA)}


def points(here: Round, rule: str, mentor: str = "M-1", mentee: str = "N-1", busy: Busy | None = None) -> int:
    built = here.build(busy)
    return int(built.points[ROW[rule], options_of(built, mentor, mentee)[0]])


def pair(policy: str = "kalmykia", mentor: dict[str, Any] | None = None, mentee: dict[str, Any] | None = None) -> Round:
    return Round(policy).mentor(**(mentor or {})).mentee(**(mentee or {}))


@pytest.mark.parametrize(
    ("subject", "expected"), [("mathematics", 100), ("algebra", 100), ("physics", 50), ("history", 0)]
)
def test_so03_subject_profile(subject: str, expected: int) -> None:
    wants = {"requests": (request(Topic.UPBRINGING),), "subjects": (subject,)}
    assert points(pair(mentee=wants), "SO-03") == expected


def test_so03_counts_the_subject_of_a_request_and_is_neutral_without_any() -> None:
    asks = {"requests": (request(Topic.SUBJECT_CONTENT, "mathematics"),), "subjects": ()}
    assert points(pair(mentee=asks), "SO-03") == 100
    assert points(pair(mentee={"requests": (request(Topic.UPBRINGING),), "subjects": ()}), "SO-03") == 50


@pytest.mark.parametrize(
    ("mentor", "mentee", "expected"),
    [(None, None, 50), (10, 10, 100), (10, None, 62), (10, 0, 25), (0, 0, 0)],
)
def test_so04_mutual_sympathy(mentor: int | None, mentee: int | None, expected: int) -> None:
    wishes = [
        Wish(from_person="M-1", to_person="N-1", score=mentor),
        Wish(from_person="N-1", to_person="M-1", score=mentee),
    ]
    assert points(pair().add(wishes=[wish for wish in wishes if wish.score is not None]), "SO-04") == expected


@pytest.mark.parametrize(
    ("policy", "psychologist", "questionnaire", "expected"),
    [
        ("smolensk_school_23", 2, None, 100),
        ("smolensk_school_23", -1, 2, -50),
        ("dalnerechensk", 2, -2, -100),
        ("barnaul", 2, 1, 75),
        ("kalmykia", 2, 2, 0),
        ("barnaul", None, None, 0),
    ],
)
def test_so05_compatibility_by_the_sources_of_the_policy(
    policy: str, psychologist: int | None, questionnaire: int | None, expected: int
) -> None:
    mark = Compatibility(mentor="M-1", mentee="N-1", psychologist=psychologist, questionnaire=questionnaire)
    assert points(pair(policy).add(compatibility=[mark]), "SO-05") == expected


@pytest.mark.parametrize(
    ("policy", "place", "expected"),
    [
        ("kalmykia", ("S-1", "Town", "Region"), 100),
        ("kalmykia", ("S-2", "Town", "Region"), 50),
        ("kalmykia", ("S-2", "Village", "Region"), 0),
        ("barnaul", ("S-2", "Town", "Region"), 67),
        ("barnaul", ("S-2", "Village", "Region"), 33),
        ("barnaul", ("S-2", "Far", "Elsewhere"), 0),
    ],
)
def test_so06_nearness(policy: str, place: tuple[str, str, str], expected: int) -> None:
    organisation, municipality, region = place
    here = Round(policy).mentor(organisation=organisation).mentee()
    if organisation != "S-1":
        here.add(organisations=[Organisation(id=organisation, municipality=municipality, region=region)])
    assert points(here, "SO-06") == expected


def test_so06_a_partner_is_as_far_as_its_place() -> None:
    university = Organisation(id="U-1", type=OrganisationType.UNIVERSITY, municipality="Town", region="Region")
    here = Round("kalmykia").add(organisations=[university]).mentee(pedagogical_experience_years=1)
    here.mentor(organisation="U-1", person_kind=PersonKind.UNIVERSITY)
    assert points(here, "SO-06") == 50


@pytest.mark.parametrize(
    ("mentor", "mentee", "expected"),
    [
        ({"pedagogical_experience_years": 20}, {"pedagogical_experience_years": 10}, 60),
        ({"pedagogical_experience_years": 15}, {"pedagogical_experience_years": 10}, 60),
        ({"pedagogical_experience_years": 13}, {"pedagogical_experience_years": 10}, 48),
        ({"pedagogical_experience_years": 40}, {"pedagogical_experience_years": 10}, 30),
        ({"pedagogical_experience_years": None}, {}, 30),
        ({"qualification": Qualification.HIGHEST}, {}, 79),
        ({"mentor_training_day": date(2024, 5, 1)}, {}, 75),
        ({}, {"alumnus": True}, 70),
    ],
)
def test_so08_suitability_of_adults(mentor: dict[str, Any], mentee: dict[str, Any], expected: int) -> None:
    assert points(pair(mentor=mentor, mentee=mentee), "SO-08") == expected


def test_so08_with_pupils_qualities_and_communication_count() -> None:
    here = Round("dalnerechensk").pupil_mentor(leader=True, active=True).pupil()
    assert points(here, "SO-08") == 42
    at_risk = Round("dalnerechensk").mentor(levels={CompetenceBlock.COMMUNICATIVE: 4})
    at_risk.pupil(categories=(MenteeCategory.PUPIL_AT_RISK,))
    assert points(at_risk, "SO-08") == 85


def test_so10_the_only_expert_is_kept_for_those_who_need_him() -> None:
    here = Round().mentor("M-1", topics=(Topic.SUBJECT_CONTENT, Topic.UPBRINGING))
    here.mentor("M-2", topics=(Topic.UPBRINGING,)).mentor("M-3", topics=(Topic.UPBRINGING,))
    here.mentee("N-1").mentee("N-2", requests=(request(Topic.UPBRINGING),))
    # Scarcity: content 1 / (1 + 1), upbringing 1 / (1 + 3).
    assert points(here, "SO-10", "M-1", "N-1") == 100
    assert points(here, "SO-10", "M-1", "N-2") == 75
    assert points(here, "SO-10", "M-2", "N-2") == 100


def free_only(*hours: int, person: str) -> list[BusyTime]:
    """Return lessons on every hour of the standard week except the given ones of Monday."""
    return [
        BusyTime(
            person=person,
            week=None,
            weekday=day,
            start_minute=60 * hour,
            end_minute=60 * hour + 45,
            state=BusyState.LESSON,
        )
        for day in range(1, 7)
        for hour in range(8, 20)
        if (day, hour) not in {(1, free) for free in hours}
    ]


def test_so11_common_free_time() -> None:
    grid = standard_grid()
    here = pair()
    busy = Busy.of(grid, [*free_only(8, 9, 10, person="M-1"), *free_only(9, 10, 11, person="N-1")])
    built = here.build(busy)
    assert points(here, "SO-11", busy=busy) == 40
    assert built.common_slots.tolist() == [2]
    assert built.problem.level_names[-3].endswith("+SO-11")
    assert points(here, "SO-11") == 100
    assert here.build().common_slots.tolist() == [-1]


def test_so11_being_out_of_the_building_hinders_only_meetings_in_person() -> None:
    out = [
        Availability(person="N-1", weekday=day, start=time(8), end=time(20), state=AvailabilityState.NOT_IN_BUILDING)
        for day in range(1, 7)
    ]
    here = pair(mentee={"modes": ()}).add(availability=out)
    busy = Busy.of(standard_grid(), [*availability_times(here.roster), *free_only(8, 9, person="M-1")])
    assert here.build(busy).common_slots.tolist() == [2]
    from matcher.roster import SessionMode

    only_in_person = pair(mentee={"modes": (SessionMode.IN_PERSON,)}).add(availability=out)
    assert only_in_person.build(busy).common_slots.tolist() == [0]


def test_points_of_a_level_are_what_a_pair_lacks_to_the_ideal() -> None:
    built = pair().build()
    weights = built.columns.policy.weights
    lacking = sum(
        weights[rule.rule] * (int(built.points[row, 0]) - 100)
        for row, rule in enumerate(CRITERIA)
        if rule.rule != "SO-11"
    )
    level = built.problem.level_names.index("SO-03+SO-04+SO-05+SO-06+SO-08+SO-10")
    assert built.problem.points[level, 0] == lacking - 1
