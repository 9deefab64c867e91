"""What a speed event is asked: who may meet whom, how much it is wanted, rounds and tables; no people and no names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matcher.errors import Fault, InputError
from matcher.texts import text

IntArray = NDArray[np.int64]
COVER, WANTS, FILL = "cover", "wants", "fill"
MOST_ROUNDS = 500
"""Rounds of one event; more are a slip of the pen."""
MOST_COST = 2**60
"""What one meeting may count, all levels weighed together, times the number of people: the flow needs 64 bits."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpeedProblem:
    """One speed event as arrays.

    In each of ``num_rounds`` rounds at most ``num_tables`` meetings take place at once. Per pair that may meet:
    ``mentor``, ``mentee`` and ``want`` (num_pairs,), whole numbers from 0; a pair that is not listed may not meet.
    ``max_mentor_meetings`` (num_mentors,) and ``max_mentee_meetings`` (num_mentees,) cap the meetings of a person,
    beside the number of rounds.

    Levels, the deciding one first: "cover" where ``least`` is above 0 — the first ``least`` meetings of each mentee, as
    many and as evenly as possible, Σ min(meetings, k) over mentees and k = 1 … least; "wants", the sum of wants of the
    meetings held; "fill" where ``fill`` is set — as many meetings as possible, spread evenly, the same sum with
    k = 1 … num_rounds. Without ``fill`` every listed pair has a want above 0.
    """

    num_mentors: int
    num_mentees: int
    num_rounds: int
    num_tables: int
    mentor: IntArray
    mentee: IntArray
    want: IntArray
    max_mentor_meetings: IntArray
    max_mentee_meetings: IntArray
    least: int = 0
    fill: bool = False

    def __post_init__(self) -> None:
        """Check shapes and ranges; all faults at once."""
        if self.num_rounds > MOST_ROUNDS:
            raise InputError([Fault("num_rounds", text("at most {most} rounds", most=MOST_ROUNDS))])
        if faults := _shape_faults(self) or _range_faults(self) or _meaning_faults(self):
            raise InputError(faults)

    @property
    def num_pairs(self) -> int:
        """Return the number of pairs that may meet."""
        return len(self.mentor)

    @property
    def num_places(self) -> int:
        """Return how many meetings the rounds and tables hold."""
        return self.num_rounds * self.num_tables

    @property
    def level_names(self) -> tuple[str, ...]:
        """Return the names of the levels, the deciding one first."""
        return (COVER,) * (self.least > 0) + (WANTS,) + (FILL,) * self.fill

    @property
    def level_limits(self) -> tuple[int, ...]:
        """Return what no level can exceed, in whole numbers."""
        heads = np.minimum(self.max_mentee_meetings, self.num_rounds)
        heads = np.minimum(heads, np.bincount(self.mentee, minlength=self.num_mentees))
        most = int(min(self.num_places, int(heads.sum()))) * int(self.want.max(initial=0))
        limits = {WANTS: min(most, int(self.want.sum())), COVER: _even(heads, self.least)}
        limits[FILL] = _even(heads, self.num_rounds)
        return tuple(limits[name] for name in self.level_names)

    @property
    def level_weights(self) -> tuple[int, ...]:
        """Return weights under which one unit of a level outweighs all that the levels below can give."""
        weights: list[int] = []
        below = 0
        for limit in reversed(self.level_limits):
            weights.append(below + 1)
            below += limit * weights[-1]
        return tuple(reversed(weights))

    @classmethod
    def from_wants(
        cls,
        wants: ArrayLike,
        *,
        num_rounds: int,
        num_tables: int,
        forbidden: ArrayLike | None = None,
        max_mentor_meetings: ArrayLike | None = None,
        max_mentee_meetings: ArrayLike | None = None,
        least: int = 0,
        fill: bool = False,
    ) -> SpeedProblem:
        """Return a problem from a full table of wants, shape (num_mentors, num_mentees); 0 is "not wanted".

        The caps default to the number of rounds; ``forbidden`` is a mask of the shape of ``wants``.

        >>> SpeedProblem.from_wants([[3, 0], [2, 4]], num_rounds=2, num_tables=1).num_pairs
        3
        """
        table = np.asarray(wants)
        if table.ndim != 2 or table.dtype.kind not in "iub":
            raise InputError([Fault("wants", text("a table of mentors by mentees in whole numbers is needed"))])
        allowed = np.ones(table.shape, dtype=bool) if forbidden is None else ~np.asarray(forbidden, dtype=bool)
        mentor, mentee = np.nonzero(allowed & ((table != 0) | fill))

        def caps(given: ArrayLike | None, number: int) -> IntArray:
            return np.broadcast_to(np.asarray(num_rounds if given is None else given), number).astype(np.int64)

        return cls(
            num_mentors=table.shape[0],
            num_mentees=table.shape[1],
            num_rounds=num_rounds,
            num_tables=num_tables,
            mentor=mentor,
            mentee=mentee,
            want=table[mentor, mentee].astype(np.int64),
            max_mentor_meetings=caps(max_mentor_meetings, table.shape[0]),
            max_mentee_meetings=caps(max_mentee_meetings, table.shape[1]),
            least=least,
            fill=fill,
        )


def _even(heads: IntArray, depth: int) -> int:
    return sum(int(np.minimum(heads, k).sum()) for k in range(1, depth + 1))


def _shape_faults(p: SpeedProblem) -> list[Fault]:
    expected = {
        "mentor": (p.num_pairs,),
        "mentee": (p.num_pairs,),
        "want": (p.num_pairs,),
        "max_mentor_meetings": (p.num_mentors,),
        "max_mentee_meetings": (p.num_mentees,),
    }
    arrays = {name: getattr(p, name) for name in expected}
    faults = [
        Fault(name, text("shape {found}, expected {expected}", found=array.shape, expected=expected[name]))
        for name, array in arrays.items()
        if array.shape != expected[name]
    ]
    return faults + [
        Fault(name, text("whole numbers are needed")) for name, array in arrays.items() if array.dtype != np.int64
    ]


def _range_faults(p: SpeedProblem) -> list[Fault]:
    faults = [
        Fault(name, text("index outside 0…{last}", last=size - 1))
        for name, index, size in (("mentor", p.mentor, p.num_mentors), ("mentee", p.mentee, p.num_mentees))
        if len(index) and (index.min() < 0 or index.max() >= size)
    ]
    faults += [
        Fault(name, text("at least 1 is needed")) for name in ("num_rounds", "num_tables") if getattr(p, name) < 1
    ]
    amounts = ("want", "max_mentor_meetings", "max_mentee_meetings")
    faults += [Fault(name, text("negative")) for name in amounts if getattr(p, name).min(initial=0) < 0]
    if not 0 <= p.least <= max(0, p.num_rounds):
        faults.append(Fault("least", text("between 0 and the number of rounds")))
    return faults


def _meaning_faults(p: SpeedProblem) -> list[Fault]:
    faults = []
    key = np.sort(p.mentor * p.num_mentees + p.mentee)
    if (key[1:] == key[:-1]).any():
        faults.append(Fault("mentor", text("the same entry is listed twice")))
    if not p.fill and (p.want == 0).any():
        faults.append(Fault("want", text("a meeting nobody wants is listed"), text("leave it out or set fill")))
    weight = dict(zip(p.level_names, p.level_weights, strict=True))
    heaviest = weight.get(COVER, 0) * p.least + weight[WANTS] * int(p.want.max(initial=0))
    heaviest += weight.get(FILL, 0) * p.num_rounds
    if heaviest * (p.num_mentors + p.num_mentees + 3) >= MOST_COST:
        faults.append(Fault("want", text("numbers too large for exact arithmetic"), text("use a smaller scale")))
    return faults
