"""The made-up mentees of the staff: what they ask for and what they lack."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matcher.generate.draw import Draw
from matcher.generate.profiles import TOPIC_WEIGHTS, Profile
from matcher.generate.staff import Staff, days_before
from matcher.generate.subjects import MENTEE, RARE_SUBJECTS
from matcher.roster import (
    CompetenceBlock,
    Deficit,
    Mentee,
    MenteeCategory,
    MentoringKind,
    Request,
    RoleModel,
    SessionMode,
    Topic,
)

_BLOCKS = tuple(CompetenceBlock)
_BLOCK_WEIGHTS = (20, 28, 16, 14, 16, 6)
_SOURCES = ("диагностика ЦНППМ", "посещение уроков", "самооценка", "итоги аттестации")
_TOPICS = tuple(TOPIC_WEIGHTS)
_TARGETS = (3, 2, 4)


class Wants:
    """Requests and deficits in order of the mentees, drawn at once."""

    def __init__(self, draw: Draw, size: int) -> None:
        self._topic = draw.index(list(TOPIC_WEIGHTS.values()), size, 3).tolist()
        self._num_requests = draw.index((5, 42, 34, 19), size).tolist()
        self._has_subject = draw.flag(0.5, size).tolist()
        self._two_urgent = draw.flag(0.12, size).tolist()
        self._block = draw.index(_BLOCK_WEIGHTS, size, 3).tolist()
        self._num_deficits = draw.index((22, 35, 28, 15), size).tolist()
        self._level = draw.index((15, 45, 40), size, 3).tolist()
        self._target = draw.index((76, 10, 14), size, 3).tolist()
        self._source = draw.pick(_SOURCES, size)
        self._day = days_before(draw.whole(60, 240, size))
        self._known: dict[tuple[Topic, str | None, int], Request] = {}

    def requests(self, i: int, subject: str) -> tuple[Request, ...]:
        """Return the requests of mentee ``i``; in a rare subject the subject itself comes first."""
        topics = dict.fromkeys(_TOPICS[t] for t in self._topic[i][: self._num_requests[i]])
        if subject in RARE_SUBJECTS:
            topics = dict.fromkeys([Topic.SUBJECT_CONTENT, *topics])
        found = []
        for place, topic in enumerate(list(topics)[:3], start=1):
            named = topic is Topic.SUBJECT_CONTENT or (topic is Topic.TEACHING_METHODS and self._has_subject[i])
            priority = 1 if place == 2 and self._two_urgent[i] else place
            key = (topic, subject if named else None, priority)
            if key not in self._known:
                self._known[key] = Request(topic=topic, subject=key[1], priority=priority)
            found.append(self._known[key])
        return tuple(found)

    def deficits(self, i: int, blocks_first: Sequence[CompetenceBlock] = ()) -> tuple[Deficit, ...]:
        """Return the measured deficits of mentee ``i``, those of ``blocks_first`` among them."""
        drawn = [_BLOCKS[b] for b in self._block[i][: self._num_deficits[i]]]
        found = []
        for place, block in enumerate(list(dict.fromkeys([*blocks_first, *drawn]))[:3]):
            level = self._level[i][place]
            target = max(_TARGETS[self._target[i][place]], level + 1)
            found.append(
                Deficit(competence=block, level=level, target=target, source=self._source[i], day=self._day[i])
            )
        return tuple(found)


def build_mentees(draw: Draw, staff: Staff, profile: Profile) -> list[Mentee]:
    """Return the mentees among the staff; whoever asks for nothing has at least one deficit."""
    index = np.flatnonzero(staff.role == MENTEE)
    size = len(index)
    wants = Wants(draw, size)
    most = draw.pick((None, 1, 2, 3), size, (93, 2, 3, 2))
    hours = draw.pick((None, 0.5, 1, 2, 3), size, (86, 2, 6, 4, 2))
    kinds = draw.pick(((), _long_kinds(profile), (MentoringKind.GROUP,)), size, (90, 7, 3))
    modes = draw.pick(((), (SessionMode.ONLINE, SessionMode.MIXED), (SessionMode.IN_PERSON,)), size, (90, 5, 5))
    left_out = draw.flag(0.08, size).tolist()
    second_block, wants_model = draw.flag(0.5, size).tolist(), draw.flag(0.15, size).tolist()
    mentees = []
    for k, i in enumerate(index.tolist()):
        category = staff.category[i]
        requests = wants.requests(k, staff.subject[i])
        deficits = wants.deficits(k, _blocks_of(category, digital=second_block[k], needed=not requests))
        mentees.append(
            Mentee(
                person=staff.people[i].id,
                categories=_categories(category, deficits, float(staff.experience[i])),
                primary_category=category,
                model=_model(profile, category, requests, deficits) if wants_model[k] else None,
                max_mentors=most[k],
                hours_per_week=hours[k],
                kinds=kinds[k],
                modes=modes[k],
                unmatched_last_round=left_out[k],
                requests=requests,
                deficits=deficits,
            )
        )
    return mentees


def _blocks_of(category: MenteeCategory, *, digital: bool, needed: bool) -> tuple[CompetenceBlock, ...]:
    """Return the blocks a mentee of this category surely lacks."""
    if category is MenteeCategory.EXPERIENCED_NEW_APPROACHES:
        return (CompetenceBlock.DIGITAL if digital else CompetenceBlock.METHODICAL,)
    if category is MenteeCategory.DEFICIT:
        return (CompetenceBlock.COMMUNICATIVE if digital else CompetenceBlock.METHODICAL,)
    return (CompetenceBlock.METHODICAL,) if needed else ()


def _categories(primary: MenteeCategory, deficits: Sequence[Deficit], experience: float) -> tuple[MenteeCategory, ...]:
    """Return the primary category and those that follow from the deficits (requirements 7.6)."""
    found = {primary: None}
    if deficits:
        found[MenteeCategory.DEFICIT] = None
        blocks = {deficit.competence for deficit in deficits}
        if experience > 3 and blocks & {CompetenceBlock.DIGITAL, CompetenceBlock.METHODICAL}:
            found[MenteeCategory.EXPERIENCED_NEW_APPROACHES] = None
    return tuple(found)


def _model(
    profile: Profile, category: MenteeCategory, requests: Sequence[Request], deficits: Sequence[Deficit]
) -> RoleModel | None:
    """Return the first model of the regulation whose condition on the mentee holds (requirements 7.2)."""
    blocks = {deficit.competence for deficit in deficits}
    by_subject = any(request.topic is Topic.SUBJECT_CONTENT and request.priority == 1 for request in requests)
    holds = {
        RoleModel.SUBJECT: by_subject,
        RoleModel.YOUNG_SPECIALIST: category is MenteeCategory.NOVICE,
        RoleModel.COMPETENCE: bool(blocks),
        RoleModel.SUBJECT_EXPERT_NOVICE: by_subject,
        RoleModel.EXPERIENCED_YOUNG: category is MenteeCategory.NOVICE,
        RoleModel.LEADER_COMMUNICATION: CompetenceBlock.COMMUNICATIVE in blocks,
        RoleModel.INNOVATOR_CONSERVATIVE: CompetenceBlock.DIGITAL in blocks,
    }
    return next((model for model in profile.models if holds[model]), None)


def _long_kinds(profile: Profile) -> tuple[MentoringKind, ...]:
    wanted = (MentoringKind.TRADITIONAL, MentoringKind.VIRTUAL, MentoringKind.SHORT_TERM)
    return tuple(kind for kind in wanted if kind in profile.kinds)
