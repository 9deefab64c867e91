"""People as columns: categories, tiers, ages, needs, vocabulary (requirements 7.5, 7.6, A-46)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from matcher.candidates.codes import CATEGORIES, mask_of
from matcher.candidates.people import full_years, reference_day_of
from matcher.errors import InputError
from matcher.months import full_months
from matcher.roster import CompetenceBlock, Deficit, MenteeCategory, PersonKind, Request, Topic
from tests.rosters import MATHS, Round, request

CATEGORY = MenteeCategory


def categories(**changes: Any) -> set[MenteeCategory]:
    mask = int(Round().mentor().mentee(**changes).build().columns.mentees.categories[0])
    return {category for at, category in enumerate(CATEGORIES) if mask >> at & 1}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, set()),
        ({"pedagogical_experience_years": 3}, {CATEGORY.NOVICE}),
        ({"pedagogical_experience_years": 3.5}, set()),
        ({"pedagogical_experience_years": None}, set()),
        ({"organisation_since": date(2025, 9, 2)}, {CATEGORY.NEWCOMER}),
        ({"organisation_since": date(2025, 9, 1)}, set()),
        ({"organisation_since": date(2026, 1, 1), "pedagogical_experience_years": 1}, {CATEGORY.NOVICE}),
        ({"position_since": date(2026, 8, 1)}, {CATEGORY.NEW_POSITION}),
        ({"break_ended": date(2026, 3, 1)}, {CATEGORY.RETURNING}),
        ({"break_ended": date(2025, 3, 1)}, set()),
        ({"pedagogical_education": False}, {CATEGORY.NO_PED_EDUCATION}),
        ({"attestation_recommendation": True}, {CATEGORY.POST_ATTESTATION}),
        ({"deficits": (Deficit(competence=CompetenceBlock.SUBJECT, level=2),)}, {CATEGORY.DEFICIT}),
        ({"deficits": (Deficit(competence=CompetenceBlock.SUBJECT, level=3),)}, set()),
        (
            {"deficits": (Deficit(competence=CompetenceBlock.DIGITAL, level=2),)},
            {CATEGORY.DEFICIT, CATEGORY.EXPERIENCED_NEW_APPROACHES},
        ),
        ({"person_kind": PersonKind.STUDENT, "pedagogical_experience_years": 0}, {CATEGORY.STUDENT_TRAINEE}),
        ({"categories": (CATEGORY.NEWCOMER,)}, {CATEGORY.NEWCOMER}),
    ],
)
def test_categories_are_declared_or_derived(changes: dict[str, Any], expected: set[MenteeCategory]) -> None:
    assert categories(**changes) == expected


def test_the_primary_category_decides_the_tier() -> None:
    here = Round().mentor()
    here.mentee("N-1", pedagogical_experience_years=1).mentee("N-2", break_ended=date(2026, 3, 1)).mentee("N-3")
    here.mentee("N-4", pedagogical_experience_years=1, primary_category=CATEGORY.DEFICIT)
    assert here.build().columns.mentees.tier.tolist() == [0, 1, 2, 2]


def test_a_declared_category_that_contradicts_the_years_is_noted() -> None:
    here = Round().mentor().mentee(categories=(CATEGORY.NOVICE,), pedagogical_experience_years=12)
    built = here.build()
    assert built.columns.num_doubtful == 1
    assert any("contradicts" in str(note) for note in built.report.notes)


def test_years_and_months_are_full() -> None:
    assert full_years(date(2000, 9, 2), date(2026, 9, 1)) == 25
    assert full_years(date(2000, 9, 1), date(2026, 9, 1)) == 26
    assert full_months(date(2026, 1, 31), date(2026, 2, 28)) == 0
    assert full_years(None, date(2026, 9, 1)) is None


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 8, 20), date(2026, 9, 1)),
        (date(2026, 11, 3), date(2026, 9, 1)),
        (date(2027, 5, 30), date(2026, 9, 1)),
    ],
)
def test_the_reference_day_is_that_of_the_school_year(today: date, expected: date) -> None:
    assert reference_day_of(Round().policy, today) == expected


def test_needs_are_sorted_by_urgency_and_weighed() -> None:
    needs = (request(Topic.UPBRINGING, priority=3), request(Topic.PARENTS), MATHS, request(Topic.DIGITAL, priority=2))
    gaps = (
        Deficit(competence=CompetenceBlock.DIGITAL, level=2),
        Deficit(competence=CompetenceBlock.SUBJECT, level=0),
        Deficit(competence=CompetenceBlock.METHODICAL, level=1),
    )
    columns = Round("barnaul").mentor().mentee(requests=needs, deficits=gaps).build().columns
    assert columns.needs.source[0].tolist() == [1, 2, 3, 0, 1, 2, 0]
    assert columns.needs.weight[0].tolist() == [3, 3, 2, 1, 3, 2, 1]
    assert int(columns.needs.main_mask[0]) == 0b11


def test_a_request_on_a_topic_the_regulation_does_not_name_does_not_count() -> None:
    here = Round("kalmykia").mentor().mentee(requests=(request(Topic.PARENTS), MATHS))
    built = here.build()
    assert built.columns.needs.num_unnamed == 1
    assert built.problem.num_items == 1


def test_a_gap_is_covered_at_its_target() -> None:
    gap = Deficit(competence=CompetenceBlock.DIGITAL, level=0, target=4)
    for level, covered in ((3, False), (4, True)):
        here = Round().mentor(levels={CompetenceBlock.DIGITAL: level}).mentee(requests=(), deficits=(gap,))
        assert bool(here.build().columns.needs.cover.any()) is covered


def test_more_needs_than_can_be_counted_are_a_fault() -> None:
    many = tuple(Request(topic=Topic.OTHER, subject=f"s{number}") for number in range(65))
    with pytest.raises(InputError, match="more than 64"):
        Round().mentor().mentee(requests=many).build()


def test_a_school_that_is_only_named_is_a_general_school() -> None:
    here = Round("smolensk_school_23")
    here.roster = replace(here.roster, organisations=())
    assert here.mentor().mentee().refusals() == []


def test_the_order_of_rows_changes_nothing() -> None:
    here = Round().mentor("M-2").mentor("M-1", levels=dict.fromkeys(CompetenceBlock, 3)).mentee("N-2").mentee("N-1")
    turned = replace(
        here.roster,
        people=here.roster.people[::-1],
        mentors=here.roster.mentors[::-1],
        mentees=here.roster.mentees[::-1],
    )
    first = here.build()
    here.roster = turned
    second = here.build()
    assert first.columns.mentor_id == second.columns.mentor_id == ("M-1", "M-2")
    assert first.problem.points.tolist() == second.problem.points.tolist()


def test_masks_count_bits_in_order() -> None:
    assert mask_of([CATEGORY.NOVICE, CATEGORY.NOVICE], CATEGORIES) == 1
