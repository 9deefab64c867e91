"""What pairing found: the pairing, the value and bound of every level, and the certificate."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matcher.outcome import Proof, SolveStatus
from matcher.pairing.certificate import Certificate
from matcher.pairing.problem import PairingProblem

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairing:
    """The chosen options and open groups.

    ``option`` (num_chosen,) are indices of options, ascending; ``mentor``, ``mentee``, ``group`` repeat those of the
    chosen options. ``open_group`` (num_open,) ascending, ``slot`` the weekly slot of each (−1: to be agreed).
    """

    option: IntArray
    mentor: IntArray
    mentee: IntArray
    group: IntArray
    open_group: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    slot: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @classmethod
    def of(
        cls,
        problem: PairingProblem,
        option: IntArray | list[int],
        open_group: IntArray | list[int] = (),  # type: ignore[assignment]
        slot: IntArray | list[int] | None = None,
    ) -> Pairing:
        """Return the pairing that chooses these options and opens these groups, in canonical order."""
        chosen = np.sort(np.asarray(option, dtype=np.int64))
        groups = np.asarray(open_group, dtype=np.int64)
        slots = np.full(len(groups), -1, dtype=np.int64) if slot is None else np.asarray(slot, dtype=np.int64)
        order = np.argsort(groups, kind="stable")
        return cls(
            option=chosen,
            mentor=problem.mentor[chosen],
            mentee=problem.mentee[chosen],
            group=problem.group[chosen],
            open_group=groups[order],
            slot=slots[order],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelResult:
    """One lexicographic level: what the plan reaches, what no plan can exceed, and who says so.

    ``bound`` is the certified bound, given the values reached on the levels above. ``proof`` says why the value is
    best (None: not proved). ``price`` is the most that the next level would gain for each unit this one gave way, the
    levels above kept; None where it was not computed.
    """

    name: str
    value: int
    bound: int
    proof: Proof | None
    price: float | None = None

    @property
    def gap(self) -> float:
        """Return (bound − value) / max(1, |value|)."""
        return (self.bound - self.value) / max(1, abs(self.value))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairingResult:
    """The answer of :func:`matcher.pairing.solve.solve_pairing`.

    ``value``, ``bound`` and ``gap`` are those of the headline level in the caller's units; ``levels`` has them all.
    ``engine`` names the way it was found, ``seconds`` is wall-clock time.
    """

    status: SolveStatus
    pairing: Pairing
    levels: tuple[LevelResult, ...]
    certificate: Certificate
    engine: str
    seconds: float
    headline: int
    unit: int

    @property
    def value(self) -> float:
        """Return the value of the headline level in units of the scores."""
        return self._scaled(self.levels[self.headline].value)

    @property
    def bound(self) -> float:
        """Return the certified bound of the headline level in units of the scores."""
        return self._scaled(self.levels[self.headline].bound)

    @property
    def gap(self) -> float:
        """Return the relative gap of the headline level, 0.0 where a solver's search has proved it."""
        level = self.levels[self.headline]
        return 0.0 if level.proof is not None else level.gap

    @property
    def proof(self) -> Proof | None:
        """Return the weakest proof among the levels, None unless every level is proved."""
        proofs = {level.proof for level in self.levels}
        if None in proofs:
            return None
        return Proof.SOLVER if Proof.SOLVER in proofs else Proof.CERTIFICATE

    def _scaled(self, points: int) -> float:
        return points if self.unit == 1 else points / self.unit
