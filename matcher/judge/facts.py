"""What is known of people and pairs: looked up in the roster, derived by the regulation's own definitions.

Plain scalar Python on purpose: nothing here is shared with the rooms that build or solve the problem.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from matcher.policy import TOPIC_BLOCK, Policy
from matcher.roster import (
    Compatibility,
    CompetenceBlock,
    ConsentPurpose,
    Contour,
    Contract,
    Deficit,
    Lock,
    LockStatus,
    Mentee,
    MenteeCategory,
    Mentor,
    MentorStatus,
    Organisation,
    Person,
    PersonKind,
    Request,
    Roster,
    SchoolClass,
)

#: Statuses in which a lock fixes a pair (HR-22): neither a proposal nor a pair whose programme is over.
FIXED = frozenset(LockStatus) - {LockStatus.PROPOSED, LockStatus.FORBIDDEN, LockStatus.AFTERCARE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The roster by id, beside the regulation and the day on which ages and experience are counted."""

    policy: Policy
    reference_day: date
    people: Mapping[str, Person]
    mentors: Mapping[str, Mentor]
    mentees: Mapping[str, Mentee]
    organisations: Mapping[str, Organisation]
    classes: Mapping[str, SchoolClass]
    vetoes: frozenset[tuple[str, str]]
    compatibility: Mapping[tuple[str, str], Compatibility]
    overrides: frozenset[tuple[str, str | None, str | None]]
    locks: Mapping[tuple[str, str], tuple[Lock, ...]]
    contracts: tuple[Contract, ...]
    withdrawn: frozenset[str]

    @classmethod
    def of(cls, roster: Roster, policy: Policy, reference_day: date) -> Facts:
        """Return the facts of a roster."""
        locks: dict[tuple[str, str], list[Lock]] = defaultdict(list)
        for lock in roster.locks:
            locks[lock.mentor, lock.mentee].append(lock)
        return cls(
            policy=policy,
            reference_day=reference_day,
            people={person.id: person for person in roster.people},
            mentors={mentor.person: mentor for mentor in roster.mentors},
            mentees={mentee.person: mentee for mentee in roster.mentees},
            organisations={organisation.id: organisation for organisation in roster.organisations},
            classes={school_class.id: school_class for school_class in roster.classes},
            vetoes=frozenset((wish.from_person, wish.to_person) for wish in roster.wishes if wish.veto),
            compatibility={(mark.mentor, mark.mentee): mark for mark in roster.compatibility},
            overrides=frozenset((found.rule, found.mentor, found.mentee) for found in roster.overrides),
            locks={pair: tuple(found) for pair, found in locks.items()},
            contracts=roster.contracts,
            withdrawn=_withdrawn(roster, reference_day),
        )

    def is_lifted(self, rule: str, mentor: str, mentee: str) -> bool:
        """Return whether the curator has lifted ``rule`` for this pair or for one of its sides."""
        return bool(self.overrides & {(rule, mentor, mentee), (rule, mentor, None), (rule, None, mentee)})

    def lock_of(self, mentor: str, mentee: str) -> Lock | None:
        """Return the lock that fixes this pair, if there is one."""
        return next((lock for lock in self.locks.get((mentor, mentee), ()) if lock.status in FIXED), None)

    def has_lock(self, mentor: str, mentee: str, status: LockStatus) -> bool:
        """Return whether the pair stands among the locks in this status."""
        return any(lock.status is status for lock in self.locks.get((mentor, mentee), ()))

    def has_left(self, mentor: str, mentee: str) -> bool:
        """Return whether one side has left, or has withdrawn the consent to mentoring."""
        gone = self.mentors[mentor].status is MentorStatus.LEFT
        return gone or mentor in self.withdrawn or mentee in self.withdrawn

    def organisation(self, organisation_id: str) -> Organisation:
        """Return an organisation; one the roster does not describe is a general school of no named municipality."""
        return self.organisations.get(organisation_id) or Organisation(id=organisation_id)

    def age(self, person: Person) -> int | None:
        """Return the age in full years on the reference day (A-46)."""
        if person.birth_date is None:
            return None
        return full_months(person.birth_date, self.reference_day) // 12

    def same_subject(self, subject_a: str, subject_b: str) -> bool:
        """Return whether two codes name one subject; a course counts as its subject."""
        main = self.policy.subjects.main
        return main(subject_a) == main(subject_b)


def _withdrawn(roster: Roster, day: date) -> frozenset[str]:
    """Return who once agreed to mentoring and no longer does: every such consent has ended by ``day``."""
    running: dict[str, bool] = {}
    for consent in roster.consents:
        if consent.purpose is ConsentPurpose.MENTORING:
            holds = consent.expires is None or consent.expires >= day
            running[consent.person] = running.get(consent.person, False) or holds
    return frozenset(person for person, holds in running.items() if not holds)


def full_months(start: date, end: date) -> int:
    """Return the full months from ``start`` to ``end``, without rounding up (A-46)."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """A mentor and a mentee looked at together. Exactly one of ``mentee_person`` and ``mentee_class`` is there."""

    facts: Facts
    mentor: Mentor
    mentor_person: Person
    mentee: Mentee
    mentee_person: Person | None
    mentee_class: SchoolClass | None

    @classmethod
    def of(cls, facts: Facts, mentor_id: str, mentee_id: str) -> Sides:
        """Return the two sides of a pair.

        Raises
        ------
        KeyError
            When the roster does not have one of them.
        """
        mentee = facts.mentees[mentee_id]
        return cls(
            facts=facts,
            mentor=facts.mentors[mentor_id],
            mentor_person=facts.people[mentor_id],
            mentee=mentee,
            mentee_person=None if mentee.is_class else facts.people[mentee_id],
            mentee_class=facts.classes[mentee_id] if mentee.is_class else None,
        )

    @property
    def policy(self) -> Policy:
        """Return the regulation."""
        return self.facts.policy

    @property
    def ids(self) -> tuple[str, str]:
        """Return the ids of mentor and mentee."""
        return self.mentor.person, self.mentee.person

    @property
    def lock(self) -> Lock | None:
        """Return the lock that fixes the pair."""
        return self.facts.lock_of(*self.ids)

    @property
    def mentor_organisation(self) -> Organisation:
        """Return where the mentor belongs."""
        return self.facts.organisation(self.mentor_person.organisation)

    @property
    def mentee_organisation(self) -> Organisation:
        """Return where the mentee (or the class) belongs."""
        side = self.mentee_person or self.mentee_class
        assert side is not None
        return self.facts.organisation(side.organisation)

    @property
    def place(self) -> Contour:
        """Return the distance class by place alone (9.1, note 3)."""
        here, there = self.mentor_organisation, self.mentee_organisation
        if here.id == there.id:
            return Contour.ORGANISATION
        if here.region != there.region:
            return Contour.FEDERAL
        if here.municipality == there.municipality:
            return Contour.MUNICIPALITY
        return Contour.OTHER_MUNICIPALITY if here.municipality and there.municipality else Contour.REGION

    @property
    def contour(self) -> Contour:
        """Return the distance class; a partner or university of another organisation is ``partner``."""
        place = self.place
        is_guest = self.mentor_person.person_kind in (PersonKind.PARTNER, PersonKind.UNIVERSITY)
        return Contour.PARTNER if is_guest and place is not Contour.ORGANISATION else place

    @property
    def is_novice(self) -> bool:
        """Return whether the mentee is a beginner: said to be one, or a pedagogue of so few years (A-11)."""
        if MenteeCategory.NOVICE in self.mentee.categories:
            return True
        if self.mentee_person is None or self.mentee_person.person_kind is not PersonKind.STAFF:
            return False
        years = self.mentee_person.pedagogical_experience_years
        return years is not None and years <= self.policy.thresholds.novice_years

    @property
    def mentee_grade(self) -> int | None:
        """Return the grade of the pupil or of the class."""
        if self.mentee_class is not None:
            return self.mentee_class.grade
        return None if self.mentee_person is None else self.mentee_person.grade

    def is_of(self, *categories: MenteeCategory) -> bool:
        """Return whether the mentee is said to belong to one of these categories."""
        return bool(set(self.mentee.categories) & set(categories))

    def shares_subject(self) -> bool:
        """Return whether the mentor teaches a subject the mentee teaches or asks for."""
        own = () if self.mentee_person is None else self.mentee_person.subjects
        theirs = (*own, *(wanted.subject for wanted in self.mentee.requests if wanted.subject))
        return any(self.facts.same_subject(a, b) for a in self.mentor_person.subjects for b in theirs)

    def level(self, block: CompetenceBlock) -> int:
        """Return the mentor's level in a block, 0 where none is stated."""
        return self.mentor.levels.get(block, 0)

    def requests(self) -> tuple[Request, ...]:
        """Return the requests the regulation knows."""
        return tuple(wanted for wanted in self.mentee.requests if self.policy.is_topic_named(wanted.topic))

    def gaps(self) -> tuple[Deficit, ...]:
        """Return the deficits in which something is missing."""
        return tuple(deficit for deficit in self.mentee.deficits if deficit.gap > 0)

    def covers_request(self, wanted: Request, min_level: int) -> bool:
        """Return whether the mentor covers a request at this level (7.5)."""
        if wanted.topic not in self.mentor.topics or not self.policy.is_topic_named(wanted.topic):
            return False
        subjects = self.mentor_person.subjects
        if wanted.subject is not None and not any(self.facts.same_subject(wanted.subject, own) for own in subjects):
            return False
        block = TOPIC_BLOCK[wanted.topic]
        return block is None or self.level(block) >= min_level

    def covers_gap(self, deficit: Deficit) -> bool:
        """Return whether the mentor covers a gap: his level reaches its target (7.5)."""
        return deficit.gap > 0 and self.level(deficit.competence) >= deficit.target

    def covered(self) -> tuple[str, ...]:
        """Return the names of the requests and deficits the mentor covers, as a plan writes them."""
        least = self.policy.thresholds.min_level
        requests = [f"request:{index}" for index, r in enumerate(self.mentee.requests) if self.covers_request(r, least)]
        return (*requests, *(f"deficit:{d.competence}" for d in self.mentee.deficits if self.covers_gap(d)))
