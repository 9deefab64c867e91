"""Seeded rosters in which the rare things happen: odd people, locks, overrides, contracts, consents, contours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from matcher.generate.roster import generate_roster
from matcher.roster import (
    Approval,
    CompetenceBlock,
    Consent,
    ConsentPurpose,
    Contour,
    Contract,
    Deficit,
    Lock,
    LockStatus,
    Mentee,
    MenteeCategory,
    Mentor,
    MentoringForm,
    MentoringKind,
    MentorSource,
    MentorStatus,
    Organisation,
    OrganisationType,
    Override,
    Person,
    PersonKind,
    Recommendation,
    Request,
    RoleModel,
    Roster,
    Topic,
)

DAY = date(2026, 9, 1)
_RULES = (*(f"HR-{number:02d}" for number in range(1, 17)), "HR-22", "HR-24")
_SUBJECTS = ("mathematics", "algebra", "physics", "russian", "art", "primary", "literary_reading")
_T = TypeVar("_T")


def odd_roster(policy_id: str, seed: int) -> Roster:
    """Return a small roster for a policy, a part of its people changed at random."""
    made = generate_roster(
        num_mentees=14, num_mentors=12, num_organisations=3, num_municipalities=2, seed=seed, policy_id=policy_id
    )
    draw = Random(f"{policy_id}/{seed}")
    couples = [(m.person, n.person) for m in made.mentors for n in made.mentees if m.person != n.person]
    organisations = tuple(_organisation(draw, found) for found in made.organisations)
    return replace(
        made,
        organisations=organisations,
        people=tuple(_person(draw, found) for found in made.people),
        mentors=tuple(_mentor(draw, found) for found in made.mentors),
        mentees=tuple(_mentee(draw, found) for found in made.mentees),
        locks=tuple(_lock(draw, *pair) for pair in draw.sample(couples, 12)),
        overrides=tuple(_override(draw, *pair) for pair in draw.sample(couples, 10)),
        compatibility=tuple(
            replace(mark, recommendation=draw.choice(tuple(Recommendation))) for mark in made.compatibility
        ),
        contracts=tuple(_contract(draw, organisations) for _ in range(draw.randint(0, 3))),
        consents=tuple(
            Consent(
                person=draw.choice(made.people).id,
                purpose=ConsentPurpose.MENTORING,
                day=DAY - timedelta(days=400),
                expires=_day(draw),
            )
            for _ in range(draw.randint(0, 3))
        ),
    )


def mutual_roster(policy_id: str, seed: int) -> Roster:
    """Return an odd roster in which most people stand in both registers and name the few kinds they accept."""
    odd = odd_roster(policy_id, seed)
    draw = Random(f"mutual/{policy_id}/{seed}")
    people = tuple(mentee for mentee in odd.mentees if not mentee.is_class)
    led, taught = {mentor.person for mentor in odd.mentors}, {mentee.person for mentee in odd.mentees}
    mentors = [
        replace(draw.choice(odd.mentors), person=mentee.person, forms=())
        for mentee in people
        if mentee.person not in led and draw.random() < 0.6
    ]
    mentees = [
        replace(draw.choice(people), person=mentor.person)
        for mentor in odd.mentors
        if people and mentor.person not in taught and draw.random() < 0.6
    ]
    return replace(
        odd,
        mentors=tuple(_keen_mentor(draw, found) for found in (*odd.mentors, *mentors)),
        mentees=tuple(_keen_mentee(draw, found) for found in (*odd.mentees, *mentees)),
    )


def _keen_mentor(draw: Random, found: Mentor) -> Mentor:
    topics = (*found.topics, Topic.DIGITAL) if draw.random() < 0.6 else found.topics
    return replace(found, kinds=_few_kinds(draw), topics=tuple(dict.fromkeys(topics)))


def _keen_mentee(draw: Random, found: Mentee) -> Mentee:
    kinds, requests = _few_kinds(draw), found.requests
    if draw.random() < 0.5:
        others = (wanted for wanted in requests if wanted.topic is not Topic.DIGITAL)
        requests = (*others, Request(topic=Topic.DIGITAL, priority=draw.randint(1, 2)))
    return replace(found, kinds=kinds, requests=requests)


def _few_kinds(draw: Random) -> tuple[MentoringKind, ...]:
    if draw.random() < 0.25:
        return ()
    usual = (MentoringKind.REVERSE, MentoringKind.GROUP, MentoringKind.SPEED, MentoringKind.TRADITIONAL)
    return tuple(draw.sample(usual if draw.random() < 0.8 else tuple(MentoringKind), draw.randint(1, 2)))


def _some(draw: Random, words: Sequence[_T], most: int = 2) -> tuple[_T, ...]:
    return tuple(draw.sample(words, draw.randint(0, most)))


def _seldom(draw: Random, words: Sequence[_T]) -> tuple[_T, ...]:
    return _some(draw, words) if draw.random() < 0.3 else ()


def _day(draw: Random) -> date | None:
    return None if draw.random() < 0.3 else DAY + timedelta(days=draw.randint(-500, 500))


def _organisation(draw: Random, found: Organisation) -> Organisation:
    if draw.random() < 0.7:
        return found
    return replace(
        found,
        type=draw.choice(tuple(OrganisationType)),
        municipality=draw.choice(("", found.municipality, "elsewhere")),
        region=draw.choice((found.region, found.region, "far")),
    )


def _person(draw: Random, found: Person) -> Person:
    if draw.random() < 0.7:
        return found
    born = date(draw.randint(1950, 2017), draw.randint(1, 12), 1)
    return replace(
        found,
        person_kind=draw.choice((found.person_kind, found.person_kind, *PersonKind)),
        position=draw.choice(("teacher", "head", "deputy_head", "tutor", "psychologist")),
        birth_date=draw.choice((found.birth_date, born, None)),
        pedagogical_experience_years=draw.choice((None, 0, 2.5, 3, 3.5, 4, 5, 20)),
        subjects=_some(draw, _SUBJECTS),
        grade=draw.choice((None, *range(4, 10))),
        student_status=draw.choice((None, None, "employed")),
        titles=draw.choice(((), ("award",))),
        position_since=_day(draw),
        organisation_since=_day(draw),
        break_ended=_day(draw),
    )


def _mentor(draw: Random, found: Mentor) -> Mentor:
    if draw.random() < 0.4:
        return found
    return replace(
        found,
        status=draw.choice((*[MentorStatus.AVAILABLE] * 8, *MentorStatus)),
        ready=draw.random() < 0.9,
        source=draw.choice((found.source, found.source, *MentorSource)),
        forms=_seldom(draw, tuple(MentoringForm)),
        approvals=tuple(Approval) if draw.random() < 0.8 else (),
        contours=_seldom(draw, tuple(Contour)),
        kinds=_seldom(draw, tuple(MentoringKind)),
        levels={block: draw.randint(1, 4) for block in CompetenceBlock},
        topics=_some(draw, tuple(Topic), 8),
        community_leader=draw.random() < 0.5,
        tutor_role=draw.random() < 0.5,
        named_skill=draw.choice((None, "chess")),
        active=draw.random() < 0.5,
        max_individual=draw.choice((None, None, 1)),
        max_groups=draw.choice((None, None, 2)),
        hours_per_week=draw.choice((None, None, 1, 0.7)),
    )


def _mentee(draw: Random, found: Mentee) -> Mentee:
    if draw.random() < 0.4:
        return found
    topics = draw.sample(tuple(Topic), draw.randint(0, 3))
    blocks = draw.sample(tuple(CompetenceBlock), draw.randint(0, 2))
    return replace(
        found,
        categories=_some(draw, tuple(MenteeCategory)),
        primary_category=draw.choice((None, found.primary_category, *MenteeCategory)),
        model=draw.choice((*[None] * 20, *RoleModel)),
        kinds=_seldom(draw, tuple(MentoringKind)),
        unmatched_last_round=draw.random() < 0.2,
        max_mentors=draw.choice((None, None, 1, 3)),
        requests=tuple(
            Request(topic=topic, subject=draw.choice((None, *_SUBJECTS)), priority=draw.randint(1, 3))
            for topic in topics
        ),
        deficits=tuple(
            Deficit(competence=block, level=draw.randint(0, 3), target=draw.randint(1, 4)) for block in blocks
        ),
    )


def _lock(draw: Random, mentor: str, mentee: str) -> Lock:
    return Lock(
        mentor=mentor,
        mentee=mentee,
        form=draw.choice((None, None, *MentoringForm)),
        kind=draw.choice((None, None, *MentoringKind)),
        status=draw.choice(tuple(LockStatus)),
        since=_day(draw),
        hours_per_month=draw.choice((None, None, 2.0, 5.5)),
    )


def _override(draw: Random, mentor: str, mentee: str) -> Override:
    side = draw.randint(0, 2)
    return Override(
        rule=draw.choice(_RULES),
        mentor=None if side == 1 else mentor,
        mentee=None if side == 0 else mentee,
        reason="decision of the council",
    )


def _contract(draw: Random, organisations: Sequence[Organisation]) -> Contract:
    here, there = draw.sample(organisations, 2)
    return Contract(organisation=here.id, partner=there.id, start_day=_day(draw), end_day=_day(draw))
