"""Lists of different lengths as few matrices, so that the best of every list is found at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

WIDTHS = (1, 2, 4, 6, 8, 10, 12, 15, 18, 21, 24, 28, 32, 40, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024)


class Padded:
    """Rows of entry numbers, gathered in buckets of similar width and filled up with the number ``num_entries``.

    ``buckets`` are (rows, entries of shape (len(rows), width)); rows without entries are in none of them.
    """

    def __init__(self, owner: IntArray, entry: IntArray, num_rows: int, num_entries: int) -> None:
        order = np.argsort(owner, kind="stable")
        owner, entry = owner[order], entry[order]
        begin = np.searchsorted(owner, np.arange(num_rows + 1))
        size = np.diff(begin)
        self.num_rows, self.num_entries = num_rows, num_entries
        self.size = size
        self.buckets: list[tuple[IntArray, IntArray]] = []
        entry = np.r_[entry, num_entries]
        least = 0
        for width in (*WIDTHS, max(WIDTHS[-1], int(size.max(initial=0)))):
            rows = np.flatnonzero((size > least) & (size <= width))
            least = max(least, width)
            if len(rows):
                wide = int(size[rows].max())
                place = np.arange(wide)[None, :]
                where = np.where(place < size[rows][:, None], begin[rows][:, None] + place, len(entry) - 1)
                self.buckets.append((rows, entry[where]))
        self.bucket_of = np.full(num_rows, -1, dtype=np.int64)
        self.place_of = np.zeros(num_rows, dtype=np.int64)
        for number, (rows, _) in enumerate(self.buckets):
            self.bucket_of[rows] = number
            self.place_of[rows] = np.arange(len(rows))

    def best(self, worth: FloatArray, most: int) -> FloatArray:
        """Return the ``most`` greatest worths of every row, falling, shape (num_rows, most); −inf beyond its length."""
        found = np.full((self.num_rows, most), -np.inf)
        padded = np.append(worth, -np.inf)
        for rows, entries in self.buckets:
            values = padded[entries]
            width = values.shape[1]
            if width > most:
                values = np.partition(values, width - most, axis=1)[:, width - most :]
            values.sort(axis=1)
            found[rows, : min(width, most)] = values[:, ::-1]
        return found

    def best_entries(self, worth: FloatArray, most: int) -> tuple[IntArray, FloatArray]:
        """Return the entries of greatest worth of every row and their worths; ``num_entries`` and −inf beyond."""
        entry = np.full((self.num_rows, most), self.num_entries, dtype=np.int64)
        found = np.full((self.num_rows, most), -np.inf)
        padded = np.append(worth, -np.inf)
        for rows, entries in self.buckets:
            values = padded[entries]
            width = values.shape[1]
            count = min(width, most)
            if width > most:
                near = np.argpartition(values, width - most, axis=1)[:, width - most :]
                entries, values = np.take_along_axis(entries, near, 1), np.take_along_axis(values, near, 1)
            order = np.argsort(-values, axis=1, kind="stable")
            entry[rows, :count] = np.take_along_axis(entries, order, 1)
            found[rows, :count] = np.take_along_axis(values, order, 1)
        return entry, found

    def entries_of(self, rows: IntArray) -> IntArray:
        """Return the entries of some rows, shape (len(rows), width of the widest)."""
        wide = int(self.size[rows].max(initial=0))
        found = np.full((len(rows), wide), self.num_entries, dtype=np.int64)
        for number, (_, entries) in enumerate(self.buckets):
            mine = np.flatnonzero(self.bucket_of[rows] == number)
            if len(mine):
                found[mine, : entries.shape[1]] = entries[self.place_of[rows[mine]], :wide]
        return found
