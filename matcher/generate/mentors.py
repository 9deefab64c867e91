"""The made-up register of mentors: what they can do, whose approval they have, how much they take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.generate.draw import BoolArray, Draw
from matcher.generate.profiles import TOPIC_WEIGHTS, Profile
from matcher.generate.staff import Staff, days_before
from matcher.generate.subjects import MENTOR, RARE_SUBJECTS
from matcher.roster import (
    Approval,
    CompetenceBlock,
    Contour,
    Mentor,
    MentoringForm,
    MentoringKind,
    MentorSource,
    MentorStatus,
    SessionMode,
    Topic,
)

_APPROVALS = tuple(Approval)
_BLOCKS = tuple(CompetenceBlock)
_DIGITAL = _BLOCKS.index(CompetenceBlock.DIGITAL)
_TOPICS = tuple(TOPIC_WEIGHTS)
_TOPIC_CHANCE = (0.85, 0.8, 0.45, 0.45, 0.3, 0.3, 0.15, 0.12, 0.12)
_CONTOURS: tuple[tuple[Contour, ...], ...] = (
    (),
    (Contour.ORGANISATION,),
    (Contour.ORGANISATION, Contour.MUNICIPALITY),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person about to enter the register, and what is already settled about them."""

    person: str
    source: MentorSource
    subject: str
    innovator: bool = False
    forms: tuple[MentoringForm, ...] = ()
    community_leader: bool = False
    tutor_role: bool = False
    ovz_course_completed: bool = False
    class_teacher_of: tuple[str, ...] = ()


def staff_candidates(draw: Draw, staff: Staff, *, pupil_mentoring: bool) -> list[Candidate]:
    """Return the mentors among the staff; with ``pupil_mentoring`` some are tutors or trained for pupils with ОВЗ."""
    mentors = np.flatnonzero(staff.role == MENTOR)
    size = len(mentors)
    leader, tutor = draw.flag(0.12, size).tolist(), (draw.flag(0.2, size) & pupil_mentoring).tolist()
    trained = (draw.flag(0.3, size) & pupil_mentoring).tolist()
    return [
        Candidate(
            person=staff.people[i].id,
            source=staff.source[i],
            subject=staff.subject[i],
            innovator=bool(staff.innovator[i]),
            community_leader=leader[k],
            tutor_role=tutor[k],
            ovz_course_completed=trained[k],
        )
        for k, i in enumerate(mentors.tolist())
    ]


def build_mentors(draw: Draw, candidates: Sequence[Candidate], profile: Profile) -> list[Mentor]:
    """Return the register: most are approved and ready, some lack one thing; the rare subjects lack nothing."""
    size = len(candidates)
    rare = np.array([found.subject in RARE_SUBJECTS for found in candidates], dtype=bool)
    innovator = np.array([found.innovator for found in candidates], dtype=bool)
    status = np.where(rare, 0, draw.index((94, 3, 2, 1), size)).tolist()
    ready = (rare | draw.flag(0.97, size)).tolist()
    lacks = (draw.flag(0.06, size) & ~rare).tolist()
    lacking = draw.index([1] * len(_APPROVALS), size).tolist()
    topics, levels = _draw_topics(draw, rare, innovator), _draw_levels(draw, rare, innovator)
    heads, least, groups = _draw_loads(draw, size)
    hours = draw.pick((None, 1, 2, 3, 4, 6), size, (75, 3, 8, 4, 7, 3))
    contours = draw.pick(_CONTOURS, size, (84, 6, 10))
    modes = draw.pick(_modes(), size, (85, 6, 5, 4))
    kinds = draw.pick(((), *_kind_choices(profile)), size, (85, 8, 7))
    training = draw.flag(0.45, size).tolist()
    training_day = days_before(draw.whole(20, 1400, size))
    known_levels: dict[tuple[int, ...], dict[CompetenceBlock, int]] = {}
    complete = (MentorStatus.AVAILABLE, MentorStatus.NOMINATED, MentorStatus.PAUSED, MentorStatus.APPROVED)
    return [
        Mentor(
            person=found.person,
            status=complete[status[i]],
            ready=ready[i],
            source=found.source,
            forms=found.forms,
            results_confirmed=not (lacks[i] and _APPROVALS[lacking[i]] is Approval.RESULTS_CONFIRMED),
            approvals=_approvals_without(_APPROVALS[lacking[i]] if lacks[i] else None),
            topics=topics[i],
            levels=known_levels.setdefault(levels[i], dict(zip(_BLOCKS, levels[i], strict=True))),
            community_leader=found.community_leader,
            tutor_role=found.tutor_role,
            ovz_course_completed=found.ovz_course_completed,
            class_teacher_of=found.class_teacher_of,
            mentor_training_day=training_day[i] if training[i] else None,
            max_individual=heads[i],
            min_individual=least[i],
            max_groups=groups[i],
            hours_per_week=hours[i],
            contours=contours[i],
            kinds=kinds[i],
            modes=modes[i],
        )
        for i, found in enumerate(candidates)
    ]


def _approvals_without(lacking: Approval | None) -> tuple[Approval, ...]:
    return _APPROVALS if lacking is None else tuple(found for found in _APPROVALS if found is not lacking)


def _draw_topics(draw: Draw, rare: BoolArray, innovator: BoolArray) -> list[tuple[Topic, ...]]:
    """Return each mentor's topics: at least one, the subject itself for the rare subjects."""
    has = draw.unit(len(rare), len(_TOPICS)) < np.array(_TOPIC_CHANCE)
    has[rare, _TOPICS.index(Topic.SUBJECT_CONTENT)] = True
    has[innovator, _TOPICS.index(Topic.DIGITAL)] = True
    has[~has.any(axis=1), _TOPICS.index(Topic.TEACHING_METHODS)] = True
    known: dict[bytes, tuple[Topic, ...]] = {}
    rows = []
    for row in has:
        key = row.tobytes()
        if key not in known:
            known[key] = tuple(topic for topic, it_has in zip(_TOPICS, row.tolist(), strict=True) if it_has)
        rows.append(known[key])
    return rows


def _draw_levels(draw: Draw, rare: BoolArray, innovator: BoolArray) -> list[tuple[int, ...]]:
    """Return each mentor's levels by block: 3 and 4 mostly, digital ones lower except for innovators."""
    size = len(rare)
    level = 2 + draw.index((12, 50, 38), size, len(_BLOCKS))
    level[:, _DIGITAL] = np.where(innovator, 4, 1 + draw.index((25, 40, 25, 10), size))
    level[:, 0] = np.where(rare, np.maximum(level[:, 0], 3), level[:, 0])
    return [tuple(row) for row in level.tolist()]


def _draw_loads(draw: Draw, size: int) -> tuple[list[int | None], list[int | None], list[int | None]]:
    """Return most and least individual mentees and most groups; ``None`` (the policy's default) for nearly all."""
    most = draw.pick((None, 1, 2, 4, 5), size, (86, 4, 5, 3, 2))
    least = draw.pick((None, 1), size, (96, 4))
    groups = draw.pick((None, 0, 2), size, (88, 8, 4))
    return most, least, groups


def _modes() -> tuple[tuple[SessionMode, ...], ...]:
    return (
        (),
        (SessionMode.IN_PERSON, SessionMode.MIXED),
        (SessionMode.ONLINE,),
        (SessionMode.IN_PERSON,),
    )


def _kind_choices(profile: Profile) -> tuple[tuple[MentoringKind, ...], tuple[MentoringKind, ...]]:
    """Return two restrictions people make: long work only, short work only."""
    long = (MentoringKind.TRADITIONAL, MentoringKind.GROUP, MentoringKind.REVERSE)
    short = (MentoringKind.SHORT_TERM, MentoringKind.SITUATIONAL, MentoringKind.GROUP, MentoringKind.FLASH)
    allowed = profile.kinds
    return tuple(k for k in long if k in allowed), tuple(k for k in short if k in allowed)
