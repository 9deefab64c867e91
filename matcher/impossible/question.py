"""One question put many times: does a session find a place when only some of the facts hold."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from matcher.impossible.element import Element, ElementKind
from matcher.impossible.exact import can_place_all
from matcher.impossible.part import Want, build_part
from matcher.impossible.without import without
from matcher.impossible.world import Scene, World
from matcher.sessions.schedule import PlannedSession, Window


class TimeUp(Exception):
    """The time given is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A moment of the monotonic clock after which nothing new is begun."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """Return the moment in so many seconds."""
        return cls(at=time.monotonic() + seconds)

    @property
    def left(self) -> float:
        """Return the seconds left.

        Raises
        ------
        TimeUp
            When none are.
        """
        left = self.at - time.monotonic()
        if left <= 0:
            raise TimeUp
        return left

    @property
    def is_over(self) -> bool:
        """Return whether no time is left."""
        return time.monotonic() >= self.at


@dataclass(slots=True, kw_only=True, eq=False)
class Question:
    """Whether one session of an activity (``number``) finds a place.

    ``elements`` are all facts that may hold or not: those of the inputs, sessions of the same activity that must be
    there too (SESSION), and other pairs (PAIR): either their sessions must be there as well, in ``rivals``, or they
    stand where they are planned, in ``standing``. ``online`` are sessions of others who share no more than licences.
    """

    scene: Scene
    world: World
    activity: str
    number: int
    elements: tuple[Element, ...]
    span: Window
    deadline: Deadline
    rivals: Mapping[str, Want] = field(default_factory=dict)
    standing: Mapping[str, Sequence[PlannedSession]] = field(default_factory=dict)
    online: Sequence[PlannedSession] = ()
    own: Mapping[int, Sequence[PlannedSession]] = field(default_factory=dict)
    asked: int = 0
    known: dict[frozenset[Element], bool] = field(default_factory=dict)

    def is_possible(self, kept: frozenset[Element]) -> bool:
        """Return whether the session finds a place when of the elements only ``kept`` hold.

        Raises
        ------
        TimeUp
            When the time did not suffice.
        """
        if kept not in self.known:
            self.known[kept] = self._ask(kept)
            self.asked += 1
        return self.known[kept]

    def _ask(self, kept: frozenset[Element]) -> bool:
        seconds = self.deadline.left
        world = without(self.world, [one for one in self.elements if one not in kept])
        pairs = {one.subject for one in kept if one.kind is ElementKind.PAIR}
        numbers = [one.number for one in kept if one.kind is ElementKind.SESSION and one.number is not None]
        own = [session for number in numbers for session in self.own.get(number, ())]
        wants = [Want(activity=self.activity, numbers=tuple(sorted({self.number, *numbers})), fixed=tuple(own))]
        wants += [want for id_, want in self.rivals.items() if id_ in pairs]
        standing = {id_: sessions for id_, sessions in self.standing.items() if id_ in pairs}
        problem = build_part(self.scene, world, wants, standing, self.span, online=self.online).problem
        found = can_place_all(problem, seconds=seconds)
        if found is None:
            raise TimeUp
        return found
