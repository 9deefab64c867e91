"""Trying small changes round a pairing, quickly: a small copy of the round holds all that can matter to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.explain.search.exchange import Outcome, best_outcome, broken_rules, exchanged, judged
from matcher.explain.search.gains import option_gains
from matcher.explain.search.variants import keep_options, more_room, with_companions
from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a mentor gives more: places, minutes in four weeks, groups; ``cost`` is what the place costs by level."""

    mentor: int
    places: int = 0
    minutes: int = 0
    groups: int = 0
    cost: tuple[int, ...] | None = None


class Trial:
    """A round cut down to the chosen options and those given; everything is spoken of in the whole round's indices.

    ``wishes`` are rules an exchange may break, since a level counts them.
    """

    def __init__(
        self, problem: PairingProblem, pairing: Pairing, options: IntArray, *, wishes: frozenset[str] = frozenset()
    ) -> None:
        kept = np.zeros(problem.num_options, dtype=bool)
        kept[options] = True
        kept[pairing.option] = True
        self._old = np.flatnonzero(with_companions(problem, kept))
        self._new = np.full(problem.num_options, -1, dtype=np.int64)
        self._new[self._old] = np.arange(len(self._old))
        self._whole = problem
        self.problem = keep_options(problem, with_companions(problem, kept))
        self._pairing = Pairing.of(self.problem, self._new[pairing.option], pairing.open_group, pairing.slot)
        self._wishes = wishes
        self._known = broken_rules(self.problem, self._pairing)
        self._with_room: dict[Room, PairingProblem] = {}

    def outcome(
        self,
        added: Iterable[int],
        given_up: Iterable[int] = (),
        *,
        opened: Iterable[tuple[int, int]] = (),
        room: Room | None = None,
    ) -> Outcome | None:
        """Return the pairing after an exchange, with ``room`` given more, or None where it breaks a rule."""
        wanted = self._new[np.array(list(added), dtype=np.int64)]
        if (wanted < 0).any():
            return None
        problem = self._given(room)
        lost = self._new[np.array(list(given_up), dtype=np.int64)]
        after = exchanged(problem, self._pairing, wanted.tolist(), lost.tolist(), opened)
        found = judged(problem, after, self._known, self._wishes)
        if found is None:
            return None
        whole = Pairing.of(self._whole, self._old[found.pairing.option], found.pairing.open_group, found.pairing.slot)
        return Outcome(pairing=whole, values=found.values)

    def _given(self, room: Room | None) -> PairingProblem:
        """Return the problem in which a mentor gives more; the same room is often tried for several mentees."""
        if room is None:
            return self.problem
        if room not in self._with_room:
            self._with_room[room] = with_room(self.problem, room)
        return self._with_room[room]

    def best(self, chains: Iterable[tuple[Iterable[int], Iterable[int]]]) -> Outcome | None:
        """Return the best valid pairing that one of these exchanges leads to, None where none is valid."""
        return best_outcome(self.outcome(added, given_up) for added, given_up in chains)

    def gains(self, options: IntArray) -> IntArray:
        """Return what each option alone brings, as in :func:`option_gains`."""
        return option_gains(self.problem, self._new[options])


def with_room(problem: PairingProblem, room: Room) -> PairingProblem:
    """Return the problem in which a mentor gives more."""
    return more_room(
        problem,
        room.mentor,
        places=room.places,
        minutes=room.minutes,
        groups=room.groups,
        cost=None if room.cost is None else np.array(room.cost, dtype=np.int64),
    )
