"""Rows of a linear model, gathered block by block."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


class Rows:
    """Gathers blocks of rows; ``blocks`` remembers the first row and the owners of each kind."""

    def __init__(self) -> None:
        self.blocks: dict[str, tuple[int, IntArray]] = {}
        self.num_rows = 0
        self._row: list[IntArray] = []
        self._column: list[IntArray] = []
        self._value: list[FloatArray] = []
        self._lower: list[FloatArray] = []
        self._upper: list[FloatArray] = []

    def add(
        self,
        kind: str,
        owner: IntArray,
        entries: Sequence[tuple[IntArray, IntArray, Any]],
        lower: ArrayLike,
        upper: ArrayLike,
    ) -> None:
        """Add one row per owner (ascending ids).

        ``entries`` are (owner id, column, coefficient) triples of arrays; entries of other owners are left out.
        """
        if not len(owner):
            return
        self.blocks[kind] = (self.num_rows, owner)
        for who, column, value in entries:
            place = np.minimum(np.searchsorted(owner, who), len(owner) - 1)
            kept = owner[place] == who
            self._row.append(self.num_rows + place[kept])
            self._column.append(column[kept])
            self._value.append(np.broadcast_to(np.asarray(value, dtype=np.float64), who.shape)[kept])
        self._lower.append(np.broadcast_to(np.asarray(lower, dtype=np.float64), owner.shape))
        self._upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), owner.shape))
        self.num_rows += len(owner)

    def has(self, *kinds: str) -> bool:
        """Return whether any block of these kinds was added."""
        return any(kind in self.blocks for kind in kinds)

    def matrix(self, num_columns: int) -> tuple[csr_array, FloatArray, FloatArray]:
        """Return the matrix and the lower and upper sides of all rows."""
        if not self.num_rows:
            return csr_array((0, num_columns)), np.zeros(0), np.zeros(0)
        entries = (np.concatenate(self._value), (np.concatenate(self._row), np.concatenate(self._column)))
        matrix = csr_array(entries, shape=(self.num_rows, num_columns))
        matrix.sum_duplicates()
        return matrix, np.concatenate(self._lower), np.concatenate(self._upper)
