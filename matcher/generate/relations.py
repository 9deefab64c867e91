"""What made-up people say of each other, and the papers they signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

import numpy as np

from matcher.generate.draw import BoolArray, Draw, IntArray
from matcher.generate.staff import REFERENCE_DAY, days_before
from matcher.roster import (
    Absence,
    Availability,
    AvailabilityState,
    Compatibility,
    CompetenceBlock,
    Consent,
    ConsentPurpose,
    Lock,
    LockStatus,
    Mentee,
    MenteeCategory,
    Mentor,
    MentoringForm,
    MentoringKind,
    MentorSource,
    MentorStatus,
    Person,
    Recommendation,
    Topic,
    Wish,
)

_LEAST_LEVEL = 3
_AT_HOUR = [time(hour, 0) for hour in range(24)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Mentors and mentees with where they are: indices of organisation and municipality, −1 outside."""

    mentors: Sequence[Mentor]
    mentees: Sequence[Mentee]
    mentor_organisation: IntArray
    mentee_organisation: IntArray
    mentor_municipality: IntArray
    mentee_municipality: IntArray


def draw_pairs(draw: Draw, sides: Sides, *, per_mentee: float, near: float) -> tuple[IntArray, IntArray]:
    """Return different pairs (mentor, mentee) as indices; a share ``near`` inside one organisation if it has mentors.

    The others are inside one municipality.
    """
    num_mentees = len(sides.mentees)
    if not num_mentees or not len(sides.mentors):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    mentee = draw.order(num_mentees)
    mentee = np.tile(mentee, int(per_mentee) + 1)[: int(per_mentee * num_mentees)]
    close = draw.flag(near, len(mentee))
    inside = _choose(draw, sides.mentor_organisation, sides.mentee_organisation[mentee])
    around = _choose(draw, sides.mentor_municipality, sides.mentee_municipality[mentee])
    mentor = np.where(close & (inside >= 0), inside, around)
    pair = np.unique(mentor[mentor >= 0] * num_mentees + mentee[mentor >= 0])
    mentor, mentee = pair // num_mentees, pair % num_mentees
    other = np.array(
        [sides.mentors[m].person != sides.mentees[n].person for m, n in zip(mentor, mentee, strict=True)], dtype=bool
    )
    return mentor[other], mentee[other]


def _choose(draw: Draw, place: IntArray, wanted: IntArray) -> IntArray:
    """Return for each wanted place the index of somebody there, −1 where nobody is."""
    order = np.argsort(place, kind="stable")
    first = np.searchsorted(place[order], wanted, side="left")
    count = np.searchsorted(place[order], wanted, side="right") - first
    at = first + np.floor(draw.unit(len(wanted)) * count).astype(np.int64)
    return np.where((count > 0) & (wanted >= 0), order[np.minimum(at, len(order) - 1)], -1)


def build_wishes(draw: Draw, sides: Sides) -> list[Wish]:
    """Return wishes of both sides, whole numbers 0–10 with many ties, and a veto now and then."""
    wishes = []
    for per_mentee, from_mentee in ((1.4, True), (0.7, False)):
        mentor, mentee = draw_pairs(draw, sides, per_mentee=per_mentee, near=0.6)
        score = draw.index((1, 1, 2, 2, 3, 9, 8, 14, 20, 18, 12), len(mentor)).tolist()
        veto = draw.flag(0.012, len(mentor)).tolist()
        for k, (m, n) in enumerate(zip(mentor.tolist(), mentee.tolist(), strict=True)):
            ends = (sides.mentees[n].person, sides.mentors[m].person)
            wishes.append(
                Wish(
                    from_person=ends[0] if from_mentee else ends[1],
                    to_person=ends[1] if from_mentee else ends[0],
                    score=None if veto[k] else score[k],
                    veto=veto[k],
                )
            )
    return wishes


def build_compatibility(draw: Draw, sides: Sides, *, psychologist: float) -> list[Compatibility]:
    """Return marks of the questionnaire, and ``psychologist`` marks per mentee of the psychologist."""
    marks = []
    mentor, mentee = draw_pairs(draw, sides, per_mentee=0.3 + psychologist, near=0.7)
    seen = draw.flag(psychologist / (0.3 + psychologist), len(mentor)).tolist()
    asked = draw.flag(0.6, len(mentor)).tolist()
    mark = (draw.index((4, 12, 34, 32, 18), len(mentor)) - 2).tolist()
    answer = (draw.index((6, 14, 30, 32, 18), len(mentor)) - 2).tolist()
    for k, (m, n) in enumerate(zip(mentor.tolist(), mentee.tolist(), strict=True)):
        marks.append(
            Compatibility(
                mentor=sides.mentors[m].person,
                mentee=sides.mentees[n].person,
                psychologist=mark[k] if seen[k] else None,
                recommendation=_recommendation(mark[k]) if seen[k] else None,
                questionnaire=answer[k] if asked[k] or not seen[k] else None,
            )
        )
    return marks


def _recommendation(mark: int) -> Recommendation:
    if mark == -2:
        return Recommendation.NOT_RECOMMENDED
    return Recommendation.RECOMMENDED if mark == 2 else Recommendation.NEUTRAL


def build_locks(
    draw: Draw, sides: Sides, wishes: Sequence[Wish], marks: Sequence[Compatibility], kind: MentoringKind
) -> list[Lock]:
    """Return last year's pairs that go on, each fit to go on, and one in a few hundred forbidden by the council."""
    refused = {(w.from_person, w.to_person) for w in wishes if w.veto}
    unwanted = {(c.mentor, c.mentee) for c in marks if c.recommendation is Recommendation.NOT_RECOMMENDED}
    since = REFERENCE_DAY.replace(year=REFERENCE_DAY.year - 1, month=10)
    busy_mentors: set[int] = set()
    busy_mentees: set[int] = set()
    locks: list[Lock] = []
    mentor, mentee = draw_pairs(draw, sides, per_mentee=1.0, near=0.9)
    wanted = draw.order(len(mentor))
    most = max(1, len(sides.mentees) // 20)
    for m, n in zip(mentor[wanted].tolist(), mentee[wanted].tolist(), strict=True):
        if len(locks) >= most:
            break
        ids = (sides.mentors[m].person, sides.mentees[n].person)
        stands = ids not in refused and ids[::-1] not in refused and ids not in unwanted
        same_house = sides.mentor_organisation[m] == sides.mentee_organisation[n]
        if m in busy_mentors or n in busy_mentees or not stands or not same_house:
            continue
        if _fits(sides.mentors[m], sides.mentees[n], kind):
            busy_mentors.add(m)
            busy_mentees.add(n)
            locks.append(
                Lock(
                    mentor=ids[0],
                    mentee=ids[1],
                    form=MentoringForm.TEACHER_TEACHER,
                    kind=kind,
                    status=LockStatus.ACTIVE if len(locks) % 3 else LockStatus.PROLONGED,
                    since=since,
                )
            )
    return locks + _forbidden(draw, sides, busy_mentees)


def _forbidden(draw: Draw, sides: Sides, busy_mentees: set[int]) -> list[Lock]:
    mentor, mentee = draw_pairs(draw, sides, per_mentee=1 / 150, near=0.5)
    return [
        Lock(mentor=sides.mentors[m].person, mentee=sides.mentees[n].person, status=LockStatus.FORBIDDEN)
        for m, n in zip(mentor.tolist(), mentee.tolist(), strict=True)
        if n not in busy_mentees
    ]


def _fits(mentor: Mentor, mentee: Mentee, kind: MentoringKind) -> bool:
    """Return whether a running pair could be formed anew: so that a lock breaks no rule by accident.

    Subjects are left aside by asking for a topic that needs none.
    """
    plain = (MentorSource.STAFF, MentorSource.MUNICIPAL_BEST, MentorSource.REGIONAL_BEST)
    if mentor.status is not MentorStatus.AVAILABLE or not mentor.ready or mentor.source not in plain:
        return False
    if mentor.forms or mentor.kinds or mentor.contours or mentor.max_individual is not None or mentor.modes:
        return False
    if mentee.kinds or mentee.modes or mentee.unmatched_last_round or mentee.is_class:
        return False
    if mentor.hours_per_week is not None or mentee.hours_per_week is not None or len(mentor.approvals) < 6:
        return False
    if mentee.primary_category not in _TEACHER_CATEGORIES:
        return False
    return any(
        r.priority == 1
        and r.subject is None
        and r.topic in mentor.topics
        and mentor.levels[_BLOCK_OF[r.topic]] >= _LEAST_LEVEL
        for r in mentee.requests
    )


_TEACHER_CATEGORIES = frozenset(
    category
    for category in MenteeCategory
    if not category.value.startswith("pupil")
    and category not in (MenteeCategory.CLASS_GROUP, MenteeCategory.STUDENT_TRAINEE)
)
_BLOCK_OF = {
    Topic.SUBJECT_CONTENT: CompetenceBlock.SUBJECT,
    Topic.TEACHING_METHODS: CompetenceBlock.METHODICAL,
    Topic.LESSON_ORGANISATION: CompetenceBlock.METHODICAL,
    Topic.ADDITIONAL_EDUCATION: CompetenceBlock.METHODICAL,
    Topic.UPBRINGING: CompetenceBlock.PSYCH_PEDAGOGICAL,
    Topic.PSYCH_PED_SUPPORT: CompetenceBlock.PSYCH_PEDAGOGICAL,
    Topic.PARENTS: CompetenceBlock.COMMUNICATIVE,
    Topic.COMMUNICATION: CompetenceBlock.COMMUNICATIVE,
    Topic.DIGITAL: CompetenceBlock.DIGITAL,
}


def build_consents(draw: Draw, people: Sequence[str]) -> list[Consent]:
    """Return the signed consents: most have both, some lack one, every tenth agrees to publication."""
    size = len(people)
    day = days_before(draw.whole(1, 25, size))
    until = REFERENCE_DAY.replace(year=REFERENCE_DAY.year + 1, month=8, day=31)
    chances = (
        (ConsentPurpose.MENTORING, 0.93),
        (ConsentPurpose.PERSONAL_DATA, 0.96),
        (ConsentPurpose.DISSEMINATION, 0.1),
    )
    consents: list[Consent] = []
    for purpose, chance in chances:
        signed: BoolArray = draw.flag(chance, size)
        consents.extend(
            Consent(person=people[i], purpose=purpose, day=day[i], expires=until)
            for i in np.flatnonzero(signed).tolist()
        )
    return consents


def build_absences(draw: Draw, people: Sequence[Person]) -> list[Absence]:
    """Return a fortnight of absence in the autumn for one person in sixty."""
    chosen = np.flatnonzero(draw.flag(1 / 60, len(people)))
    start = draw.whole(10, 100, len(chosen)).tolist()
    length = draw.whole(4, 13, len(chosen)).tolist()
    first = REFERENCE_DAY.toordinal()
    return [
        Absence(
            person=people[i].id,
            start_day=REFERENCE_DAY.fromordinal(first + start[k]),
            end_day=REFERENCE_DAY.fromordinal(first + start[k] + length[k]),
        )
        for k, i in enumerate(chosen.tolist())
    ]


def build_availability(draw: Draw, people: Sequence[Person]) -> list[Availability]:
    """Return a weekly afternoon that suits, or does not, for one person in twelve."""
    chosen = np.flatnonzero(draw.flag(1 / 12, len(people)))
    weekday = draw.whole(1, 5, len(chosen)).tolist()
    states = draw.pick(
        (AvailabilityState.PREFERRED, AvailabilityState.NOT_IN_BUILDING, AvailabilityState.NOT_REACHABLE),
        len(chosen),
        (50, 30, 20),
    )
    from_hour = draw.whole(13, 16, len(chosen)).tolist()
    return [
        Availability(
            person=people[i].id,
            weekday=weekday[k],
            start=_AT_HOUR[from_hour[k]],
            end=_AT_HOUR[from_hour[k] + 2],
            state=states[k],
        )
        for k, i in enumerate(chosen.tolist())
    ]
