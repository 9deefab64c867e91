"""What the round's date and the policy make of one person: years, months, categories (requirements 7.6, A-46)."""

from __future__ import annotations

from datetime import date

from matcher.months import full_months
from matcher.policy import Policy
from matcher.roster import CompetenceBlock, Mentee, MenteeCategory, Person, PersonKind

#: Categories a person may only be declared to have, or derived for pedagogues by these rules.
_NEW_APPROACHES = (CompetenceBlock.DIGITAL, CompetenceBlock.METHODICAL)


def reference_day_of(policy: Policy, today: date) -> date:
    """Return the reference date of the round that ``today`` belongs to: from July on, that of the coming school year.

    >>> from types import SimpleNamespace
    >>> reference_day_of(SimpleNamespace(reference_day="09-01"), date(2026, 3, 5))
    datetime.date(2025, 9, 1)
    """
    month, day = (int(part) for part in policy.reference_day.split("-"))
    year = today.year if today.month >= 7 else today.year - 1
    return date(year, month, day)


def full_years(since: date | None, day: date) -> int | None:
    """Return the full years from ``since`` to ``day``, None when unknown; nothing is rounded up."""
    return None if since is None else full_months(since, day) // 12


def is_student(person: Person) -> bool:
    """Return whether the person studies at a pedagogical university or college."""
    return person.person_kind is PersonKind.STUDENT or person.student_status is not None


def derived_categories(person: Person, mentee: Mentee, policy: Policy, day: date) -> set[MenteeCategory]:
    """Return the categories the fields of a person give him; pupils are only declared."""
    limits, found = policy.thresholds, set[MenteeCategory]()
    if is_student(person):
        found.add(MenteeCategory.STUDENT_TRAINEE)
    if person.person_kind is not PersonKind.STAFF:
        return found
    years = person.pedagogical_experience_years
    if years is not None and years <= limits.novice_years:
        found.add(MenteeCategory.NOVICE)
    is_experienced = years is not None and years > limits.novice_years
    if is_experienced and _is_within(person.organisation_since, day, limits.newcomer_months):
        found.add(MenteeCategory.NEWCOMER)
    if _is_within(person.position_since, day, limits.new_position_months):
        found.add(MenteeCategory.NEW_POSITION)
    if _is_within(person.break_ended, day, limits.returning_months):
        found.add(MenteeCategory.RETURNING)
    if person.pedagogical_education is False:
        found.add(MenteeCategory.NO_PED_EDUCATION)
    gaps = {deficit.competence for deficit in mentee.deficits if deficit.gap}
    if gaps:
        found.add(MenteeCategory.DEFICIT)
    if is_experienced and gaps.intersection(_NEW_APPROACHES):
        found.add(MenteeCategory.EXPERIENCED_NEW_APPROACHES)
    if person.attestation_recommendation:
        found.add(MenteeCategory.POST_ATTESTATION)
    return found


def primary_category(mentee: Mentee, categories: set[MenteeCategory], policy: Policy) -> MenteeCategory | None:
    """Return the category that decides the tier: the declared one, else that of the first tier."""
    if mentee.primary_category is not None:
        return mentee.primary_category
    order = tuple(MenteeCategory)
    return min(categories, key=lambda category: (policy.tier_of(category), order.index(category)), default=None)


def is_doubtful(person: Person, declared: MenteeCategory, policy: Policy) -> bool:
    """Return whether a declared category contradicts the experience stated (DAL 4.2)."""
    years = person.pedagogical_experience_years
    if years is None:
        return False
    if declared is MenteeCategory.NOVICE:
        return years > policy.thresholds.novice_years
    experienced = (MenteeCategory.NEWCOMER, MenteeCategory.EXPERIENCED_NEW_APPROACHES)
    return declared in experienced and years <= policy.thresholds.novice_years


def _is_within(since: date | None, day: date, months: int) -> bool:
    return since is not None and full_months(since, day) < months
