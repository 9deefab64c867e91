"""Several lexicographic levels in one whole-number objective, as far as 64 bits carry it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelChunk:
    """Consecutive levels that are decided by one objective: ``first`` … ``first + len(weights) − 1``.

    One unit of a level weighs more than all that the lower levels of the chunk can differ between two plans.
    """

    first: int
    weights: tuple[int, ...]


def chunk_levels(span: Sequence[int], largest: Sequence[int], room: int) -> tuple[LevelChunk, ...]:
    """Return the levels in as few chunks as fit: no single weighted amount exceeds ``room``.

    ``span`` is the most by which a level differs between two plans, ``largest`` the largest amount one decision
    adds to it.

    >>> chunk_levels([1, 10], [1, 5], 100)
    (LevelChunk(first=0, weights=(11, 1)),)
    >>> chunk_levels([1, 10], [1, 5], 12)
    (LevelChunk(first=0, weights=(1,)), LevelChunk(first=1, weights=(1,)))
    """
    chunks: list[LevelChunk] = []
    first = 0
    while first < len(span):
        end = first + 1
        while end < len(span) and _fits(span[first : end + 1], largest[first : end + 1], room):
            end += 1
        chunks.append(LevelChunk(first=first, weights=safe_weights(span[first:end])))
        first = end
    return tuple(chunks)


def safe_weights(span: Sequence[int]) -> tuple[int, ...]:
    """Return weights with which one unit of a level outweighs everything below it; the last is 1.

    >>> safe_weights([3, 2, 4])
    (15, 5, 1)
    """
    weights: list[int] = []
    below = 0
    for amount in reversed(span):
        weights.append(1 + below)
        below += weights[-1] * amount
    return tuple(reversed(weights))


def _fits(span: Sequence[int], largest: Sequence[int], room: int) -> bool:
    return sum(w * a for w, a in zip(safe_weights(span), largest, strict=True)) <= room
