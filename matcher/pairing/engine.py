"""What an engine hands back to :func:`matcher.pairing.solve.solve_pairing`."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.pairing.certificate import LevelPrices
from matcher.pairing.result import Pairing


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EngineAnswer:
    """The answer of one engine, before it is judged.

    ``prices`` has one entry per level; ``proved`` says per level whether the engine has proved its value
    best by search among the plans that keep the values above (a bound that meets the value proves it too).
    ``engine`` names the way the answer was found. ``rates`` are the prices of the levels where they were found (see
    :class:`matcher.pairing.result.LevelResult`).
    """

    pairing: Pairing
    prices: tuple[LevelPrices, ...]
    proved: tuple[bool, ...]
    engine: str
    rates: tuple[float | None, ...] = ()
