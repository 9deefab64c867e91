"""All mentors of a country side by side, as the regulation speaks of them; the nearest stand together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.judge.facts import Facts
from matcher.policy import TOPIC_BLOCK
from matcher.roster import (
    Approval,
    CompetenceBlock,
    Contour,
    Deficit,
    MentoringForm,
    MentorSource,
    MentorStatus,
    PersonKind,
    Request,
)

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

PLACES = (Contour.ORGANISATION, Contour.MUNICIPALITY, Contour.OTHER_MUNICIPALITY, Contour.REGION, Contour.FEDERAL)
_GUESTS = (PersonKind.PARTNER, PersonKind.UNIVERSITY)


@dataclass(slots=True, kw_only=True, eq=False)
class MentorTable:
    """Mentors by region, municipality and organisation (``ids`` in that order; ``row`` finds them).

    ``usable`` keeps HR-02 as far as it asks about the mentor. ``span`` gives the first row and the end of a region, a
    municipality, an organisation. ``nearness`` (place, mentor) is SO-06 in points, −1 where HR-15 refuses.
    ``advance`` is what SO-08 gives beside the years.
    """

    facts: Facts
    ids: list[str]
    row: dict[str, int]
    usable: BoolArray
    years: FloatArray
    advance: FloatArray
    most: IntArray
    teaching: FloatArray
    least: IntArray
    span: dict[tuple[str, ...], tuple[int, int]]
    nearness: IntArray
    forms: dict[MentoringForm, BoolArray]
    kinds: list[frozenset[str]]
    _topics: list[frozenset[str]]
    _levels: dict[CompetenceBlock, IntArray]
    _teaches: dict[str, BoolArray]

    @classmethod
    def of(cls, facts: Facts) -> MentorTable:
        """Return the table of a roster."""

        def where(id_: str) -> tuple[str, str, str]:
            home = facts.organisation(facts.people[id_].organisation)
            return home.region, home.municipality, home.id

        ids = sorted(facts.mentors, key=lambda id_: (*where(id_), id_))
        mentors = [facts.mentors[id_] for id_ in ids]
        people = [facts.people[id_] for id_ in ids]
        main = facts.policy.subjects.main
        teaches: dict[str, BoolArray] = {}
        for row, person in enumerate(people):
            for subject in {main(s) for s in person.subjects}:
                teaches.setdefault(subject, np.zeros(len(ids), dtype=bool))[row] = True
        years = [person.pedagogical_experience_years for person in people]
        trained = [15 * (mentor.mentor_training_day is not None) for mentor in mentors]
        return cls(
            facts=facts,
            ids=ids,
            row={id_: row for row, id_ in enumerate(ids)},
            usable=np.array([_is_usable(facts, id_) for id_ in ids], dtype=bool),
            years=np.array([np.nan if y is None else y for y in years], dtype=np.float64),
            advance=np.array([25 * p.qualification.rank / 4 + t for p, t in zip(people, trained, strict=True)]),
            most=np.array([_most_heads(facts, id_) for id_ in ids], dtype=np.int64),
            teaching=np.array([p.teaching_hours or 0 for p in people], dtype=np.float64),
            least=np.array([m.min_individual or 0 for m in mentors], dtype=np.int64),
            span=_spans([where(id_) for id_ in ids]),
            nearness=_nearness(facts, ids),
            forms={form: np.array([_fits(facts, id_, form) for id_ in ids], dtype=bool) for form in facts.policy.forms},
            kinds=[frozenset(m.kinds) for m in mentors],
            _topics=[frozenset(m.topics) for m in mentors],
            _levels={
                block: np.array([m.levels.get(block, 0) for m in mentors], dtype=np.int64) for block in CompetenceBlock
            },
            _teaches=teaches,
        )

    def teaches(self, subject: str) -> BoolArray:
        """Return who teaches a subject."""
        found = self._teaches.get(subject)
        return np.zeros(len(self.ids), dtype=bool) if found is None else found

    def all_subjects(self) -> tuple[str, ...]:
        """Return the subjects somebody teaches."""
        return tuple(self._teaches)

    def covers_request(self, wanted: Request, least: int) -> BoolArray:
        """Return who covers a request at this level (7.5)."""
        found = np.array([wanted.topic in mine for mine in self._topics], dtype=bool)
        block = TOPIC_BLOCK[wanted.topic]
        if block is not None:
            found &= self._levels[block] >= least
        return found & self.teaches(self.facts.policy.subjects.main(wanted.subject)) if wanted.subject else found

    def covers_gap(self, deficit: Deficit, floor: int) -> BoolArray:
        """Return whose level reaches the target of a gap, and ``floor``."""
        found: BoolArray = self._levels[deficit.competence] >= max(deficit.target, floor)
        return found

    def place_costs(self, place: int) -> IntArray:
        """Return what the place after ``place`` others costs every mentor (SO-07)."""
        hours = np.minimum(20, np.rint(self.teaching * 20 / 36)).astype(np.int64)
        found: IntArray = hours + 10 * place + 40 * max(0, place + 1 - self.facts.policy.load.soft_mentees)
        return found


def _is_usable(facts: Facts, id_: str) -> bool:
    mentor = facts.mentors[id_]
    away = (MentorStatus.LEFT, MentorStatus.NOMINATED, MentorStatus.PAUSED)
    if not mentor.ready or mentor.status in away or id_ in facts.withdrawn:
        return False
    has = {*mentor.approvals}
    if mentor.results_confirmed:
        has.add(Approval.RESULTS_CONFIRMED)
    if any(level >= facts.policy.thresholds.min_level for level in mentor.levels.values()):
        has.add(Approval.COMPETENCE_LEVEL)
    return has >= set(facts.policy.approvals.mentor)


def _most_heads(facts: Facts, id_: str) -> int:
    """Return how many mentees a mentor has room and hours for; every pair takes the same time."""
    mentor, load = facts.mentors[id_], facts.policy.load
    heads = load.max_individual_mentees if mentor.max_individual is None else mentor.max_individual
    hours = load.mentor_hours_per_week if mentor.hours_per_week is None else mentor.hours_per_week
    return min(heads, round(hours * 240) // minutes_of_pair(facts))


def minutes_of_pair(facts: Facts) -> int:
    """Return the minutes any pair of a round of a country takes in four weeks."""
    policy = facts.policy
    return max(policy.pattern_minutes_per_four_weeks(kind) for kind in policy.kinds if kind in policy.patterns)


def _spans(where: Sequence[tuple[str, str, str]]) -> dict[tuple[str, ...], tuple[int, int]]:
    found: dict[tuple[str, ...], tuple[int, int]] = {}
    for row, place in enumerate(where):
        for depth in (1, 2, 3):
            first, _ = found.get(place[:depth], (row, row))
            found[place[:depth]] = (first, row + 1)
    return found


def _nearness(facts: Facts, ids: Sequence[str]) -> IntArray:
    """Return SO-06 by place and mentor, −1 where the policy or the mentor does not go so far (9.1, note 3)."""
    order = facts.policy.contours.order
    known: dict[tuple[object, ...], list[int]] = {}
    table = np.empty((len(PLACES), len(ids)), dtype=np.int64)
    for column, id_ in enumerate(ids):
        accepts, guest = frozenset(facts.mentors[id_].contours), facts.people[id_].person_kind in _GUESTS
        if (accepts, guest) not in known:
            known[accepts, guest] = [_points(order, place, accepts, guest) for place in PLACES]
        table[:, column] = known[accepts, guest]
    return table


def _points(order: Sequence[Contour], place: Contour, accepts: frozenset[Contour], guest: bool) -> int:
    listed = next((wider for wider in PLACES[PLACES.index(place) :] if wider in order), None)
    is_partner = guest and place is not Contour.ORGANISATION
    if listed is None and is_partner and Contour.PARTNER in order:
        listed = Contour.PARTNER
    if listed is None:
        return -1
    named = {place, listed} | ({Contour.PARTNER} if is_partner else set())
    if accepts and not accepts & named:
        return -1
    furthest = max(1, len(order) - 1)
    return round(100 * (1 - min(order.index(listed), furthest) / furthest))


def _fits(facts: Facts, id_: str, form: MentoringForm) -> bool:
    """Return whether a mentor fits his side of a form and wants it (7.1)."""
    mentor, person = facts.mentors[id_], facts.people[id_]
    is_head = mentor.source is MentorSource.HEAD or person.position == "head"
    if mentor.forms and form not in mentor.forms:
        return False
    match form:
        case MentoringForm.TEACHER_TEACHER:
            return person.person_kind in (PersonKind.STAFF, PersonKind.RETIRED)
        case MentoringForm.HEAD_TEACHER:
            return is_head
        case MentoringForm.EMPLOYER_STUDENT:
            by_source = mentor.source in (MentorSource.EMPLOYER, MentorSource.ADMINISTRATION)
            return by_source or is_head or person.position == "deputy_head" or form in mentor.forms
        case MentoringForm.UNIVERSITY_YOUNG_TEACHER:
            return person.person_kind is PersonKind.UNIVERSITY or mentor.source is MentorSource.UNIVERSITY
        case _:
            raise ValueError(f"no form of a round of a country: {form}")
