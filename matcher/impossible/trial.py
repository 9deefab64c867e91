"""Concessions tried: a quick look at the sessions that a finding is about, then the activity planned again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from matcher.impossible.element import ElementKind
from matcher.impossible.exact import place_most
from matcher.impossible.finding import Finding
from matcher.impossible.offers import Offer
from matcher.impossible.part import Want, build_part, span_of
from matcher.impossible.question import Deadline, Question
from matcher.impossible.rivals import online_beside, with_rooms_taken
from matcher.impossible.why import question_of
from matcher.impossible.world import Scene, narrowed
from matcher.sessions.schedule import PlannedSession, SessionState
from matcher.texts import text

_MOST_TRIED = 12
"""Offers of one weight that are tried in full."""
_MOST_RIVALS = 6
"""The most other activities that are planned anew with the one that misses sessions."""


_NOTHING = Offer(key="", weight=0, message=text("nothing"), change=lambda world: world)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """Who may move when an offer is tried: the activity's own sessions, and those of rivals."""

    may_move: bool = False
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Tries offers for the missing sessions of an activity.

    ``rivals`` are those it competes with; ``is_proved`` says that moving sessions cannot help.
    """

    scene: Scene
    activity: str
    deadline: Deadline
    questions: tuple[Question, ...]
    rivals: tuple[str, ...]
    is_proved: bool = False

    @classmethod
    def of(cls, scene: Scene, id_: str, findings: Sequence[Finding], deadline: Deadline) -> Trial:
        """Return the trial of an activity: a question for the first and the last session of each finding."""
        rivals = [one.subject for found in findings for one in found.elements if one.kind is ElementKind.PAIR]
        questions = [
            question_of(scene, found, number, deadline)
            for found in findings
            for number in dict.fromkeys((found.numbers[0], found.numbers[-1]))
        ]
        return cls(
            scene=scene, activity=id_, deadline=deadline, questions=tuple(questions),
            rivals=tuple(dict.fromkeys(rivals))[:_MOST_RIVALS],
            is_proved=all(found.is_absolute for found in findings),
        )  # fmt: skip

    def gains(self, offers: Sequence[Offer]) -> Iterator[tuple[Offer, int]]:
        """Yield the offers that place sessions, with how many more; offers of different facts in turn.

        Only the first few that pass the quick look are tried in full.
        """
        tried = 0
        for offer in _in_turn(offers):
            if tried < _MOST_TRIED and any(_would_do(question, offer) for question in self.questions):
                tried += 1
                gain = self.gain(offer)
                if gain > 0:
                    yield offer, gain

    def gain(self, offer: Offer) -> int:
        """Return how many missing sessions of the activity find a place with an offer.

        First its own sessions stay too, then they may move, then those of its rivals, of which none is lost but those
        the offer leaves out. Everything else stays where it is. What moving alone would gain does not count.

        Raises
        ------
        TimeUp
            When the time did not suffice.
        """
        for way in self.ways:
            gain = self._gain(offer, way) - self.by_moving[way]
            if gain > 0:
                return gain
        return 0

    @property
    def ways(self) -> tuple[_Way, ...]:
        """Return who may move, ever more."""
        ways = [_Way(), _Way(may_move=True), *([_Way(may_move=True, rivals=self.rivals)] if self.rivals else [])]
        return tuple(ways)

    @cached_property
    def by_moving(self) -> dict[_Way, int]:
        """Return how many sessions more there are without any offer, when nothing but moves is needed."""
        return {way: 0 if self.is_proved else max(0, self._gain(_NOTHING, way)) for way in self.ways}

    def _gain(self, offer: Offer, way: _Way) -> int:
        scene, id_, rivals = self.scene, self.activity, way.rivals
        left_out = set(offer.leave_out)
        kept = {
            other: tuple(s for s in sessions if (other, s.number) not in left_out) if left_out else sessions
            for other, sessions in scene.sessions.items()
        }
        wanted = tuple(range(1, scene.world.activities[id_].wanted + 1))
        wants = [Want(activity=id_, numbers=wanted, fixed=_fixed(kept[id_], may_move=way.may_move))]
        wants += [
            Want(activity=other, numbers=tuple(s.number for s in kept[other]), fixed=_fixed(kept[other], may_move=True))
            for other in rivals
        ]
        span = span_of(scene, wants)
        moving = [id_, *rivals]
        beside = {other for one in moving for other in scene.companions(one)}
        online = online_beside(replace(scene, sessions=kept), id_, span.first_day, span.last_day)
        if rivals:
            # What several may use of the licences that are left is counted, so others stand beside them.
            beside |= set(online)
        standing = {other: kept[other] for other in sorted(beside.difference(moving)) if kept[other]}
        world = narrowed(scene, [*moving, *standing], moving)
        beside = {*moving, *standing}
        world = with_rooms_taken(replace(scene, sessions=kept), world, beside, span.first_day, span.last_day)
        sharing = [session for other, sessions in online.items() if other not in beside for session in sessions]
        problem = build_part(scene, offer.change(world), wants, standing, span, online=sharing).problem
        placed = place_most(problem, seconds=self.deadline.left).sessions
        before = sum(len(kept[one]) for one in moving)
        return len(placed) + sum(len(want.fixed) for want in wants) - before


def _in_turn(offers: Sequence[Offer]) -> list[Offer]:
    """Return offers so that each fact comes once before one comes twice."""
    seen: Counter[str] = Counter()
    order = []
    for at, offer in enumerate(offers):
        order.append((seen[offer.element], at))
        seen[offer.element] += 1
    return [offers[at] for _, at in sorted(order)]


def _fixed(sessions: Sequence[PlannedSession], *, may_move: bool) -> tuple[PlannedSession, ...]:
    return tuple(session for session in sessions if not may_move or session.state is SessionState.HELD)


def _would_do(question: Question, offer: Offer) -> bool:
    """Return whether the session of a question finds a place with an offer."""
    left_out = set(offer.leave_out)
    rivals = {
        id_: replace(want, numbers=tuple(n for n in want.numbers if (id_, n) not in left_out))
        for id_, want in question.rivals.items()
    }
    standing = {
        id_: tuple(s for s in sessions if (id_, s.number) not in left_out)
        for id_, sessions in question.standing.items()
    }
    changed = replace(
        question, world=offer.change(question.world), rivals=rivals, standing=standing, known={}, asked=0
    )  # fmt: skip
    return changed.is_possible(frozenset(question.elements))
