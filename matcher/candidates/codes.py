"""Enumerated words as small integers: the position of a word in its enumeration; −1 is "none"."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.roster import (
    Approval,
    CompetenceBlock,
    Contour,
    MenteeCategory,
    MentoringForm,
    MentoringKind,
    MentorSource,
    OrganisationType,
    PersonKind,
    RoleModel,
    SessionMode,
    Topic,
)

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Words = NDArray[np.uint64]
Numbers = NDArray[np.float64]
Points = NDArray[np.int16]

FORMS = tuple(MentoringForm)
KINDS = tuple(MentoringKind)
MODELS = tuple(RoleModel)
CATEGORIES = tuple(MenteeCategory)
CONTOURS = tuple(Contour)
TOPICS = tuple(Topic)
BLOCKS = tuple(CompetenceBlock)
APPROVALS = tuple(Approval)
SOURCES = tuple(MentorSource)
PERSON_KINDS = tuple(PersonKind)
ORGANISATION_TYPES = tuple(OrganisationType)
MODES = tuple(SessionMode)

_Word = TypeVar("_Word")


def mask_of(words: Iterable[_Word], order: tuple[_Word, ...]) -> int:
    """Return the bit mask of ``words``: bit i stands for ``order[i]``.

    >>> mask_of(["b"], ("a", "b"))
    2
    """
    return sum(1 << order.index(word) for word in dict.fromkeys(words))


def every(order: tuple[_Word, ...]) -> int:
    """Return the mask in which every bit of ``order`` is set."""
    return (1 << len(order)) - 1


def has_bit(mask: IntArray, bit: int | IntArray) -> BoolArray:
    """Return where the bit is set; one bit for all or one for each."""
    found: BoolArray = (mask >> bit) & 1 > 0
    return found


def words_of(sets: list[list[int]], num_bits: int) -> Words:
    """Return bit sets as 64-bit words, shape (len(sets), at least one word)."""
    table = np.zeros((len(sets), max(1, -(-num_bits // 64))), dtype=np.uint64)
    for row, bits in enumerate(sets):
        for bit in bits:
            table[row, bit // 64] |= np.uint64(1 << (bit % 64))
    return table


def intersects(first: Words, second: Words) -> BoolArray:
    """Return per row whether two bit sets share a bit."""
    found: BoolArray = np.any(first & second, axis=1)
    return found
