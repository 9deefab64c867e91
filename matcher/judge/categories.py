"""Which categories a mentee belongs to, by what is said of him and by his dates and years (requirements 7.6)."""

from __future__ import annotations

from datetime import date

from matcher.judge.facts import Facts, full_months
from matcher.roster import CompetenceBlock, Mentee, MenteeCategory, Person, PersonKind

_NEW_APPROACHES = (CompetenceBlock.DIGITAL, CompetenceBlock.METHODICAL)


def tier_of(facts: Facts, mentee: Mentee) -> int:
    """Return the tier of a mentee: that of his primary category, else the first of all his categories."""
    policy = facts.policy
    if mentee.primary_category is not None:
        return policy.tier_of(mentee.primary_category)
    named = categories_of(facts, mentee)
    return min((policy.tier_of(category) for category in named), default=policy.tier_of(None))


def categories_of(facts: Facts, mentee: Mentee) -> set[MenteeCategory]:
    """Return the categories said and those that follow from dates, years and deficits; pupils' are only said."""
    named = set(mentee.categories)
    if mentee.is_class:
        return named | {MenteeCategory.CLASS_GROUP}
    person = facts.people[mentee.person]
    if person.person_kind is PersonKind.STUDENT or person.student_status is not None:
        named.add(MenteeCategory.STUDENT_TRAINEE)
    return named | _of_pedagogue(facts, mentee, person) if person.person_kind is PersonKind.STAFF else named


def _of_pedagogue(facts: Facts, mentee: Mentee, person: Person) -> set[MenteeCategory]:
    limits, years = facts.policy.thresholds, person.pedagogical_experience_years
    is_novice = years is not None and years <= limits.novice_years
    is_experienced = years is not None and not is_novice
    gaps = {gap.competence for gap in mentee.deficits if gap.gap > 0}
    holds = {
        MenteeCategory.NOVICE: is_novice,
        MenteeCategory.NEWCOMER: is_experienced and _lately(facts, person.organisation_since, limits.newcomer_months),
        MenteeCategory.NEW_POSITION: _lately(facts, person.position_since, limits.new_position_months),
        MenteeCategory.RETURNING: _lately(facts, person.break_ended, limits.returning_months),
        MenteeCategory.NO_PED_EDUCATION: person.pedagogical_education is False,
        MenteeCategory.DEFICIT: bool(gaps),
        MenteeCategory.EXPERIENCED_NEW_APPROACHES: is_experienced and not gaps.isdisjoint(_NEW_APPROACHES),
        MenteeCategory.POST_ATTESTATION: person.attestation_recommendation,
    }
    return {category for category, it_holds in holds.items() if it_holds}


def _lately(facts: Facts, day: date | None, months: int) -> bool:
    return day is not None and full_months(day, facts.reference_day) < months
