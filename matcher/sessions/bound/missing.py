"""The least number of sessions missing in any plan, from prices on what activities compete for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.sessions.bound.rows import DatedRows
from matcher.sessions.bound.walks import Walks

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


class MissingPrices:
    """The bound of weighted sessions missing at given prices of the rows.

    Each activity makes its best walk at these prices, free of all others: what its sessions weigh less what they pay.
    """

    def __init__(self, rows: DatedRows, walks: Walks) -> None:
        self.rows = rows
        self.walks = walks
        self._weight = rows.problem.weight.astype(np.float64)
        self._wanted = float((self._weight * rows.need).sum())
        self._turned = rows.matrix.T.tocsr()

    def value(self, prices: FloatArray) -> float:
        """Return the bound alone."""
        table = self._table(self._profit(prices))
        earned = self.walks.best(table, self.walks.everybody).sum()
        return float(self._wanted - earned - (self.rows.limit * prices).sum())

    def look(self, prices: FloatArray) -> tuple[float, FloatArray]:
        """Return the bound and its slope: what the best walks take of each row, less what there is."""
        walks, everybody = self.walks, self.walks.everybody
        profit = self._profit(prices)
        keys = walks.table(profit)
        table = walks.of_all_keys(keys)
        reach = walks.reach(table, everybody)
        day, column = walks.trace(reach, everybody.activity)
        used = np.zeros(self.rows.num_options)
        used[self._best_options(profit, table, day, everybody.activity[column])] = 1.0
        slope: FloatArray = self.rows.matrix @ used - self.rows.limit.astype(np.float64)
        return float(self._wanted - reach[0].sum() - (self.rows.limit * prices).sum()), slope

    def _profit(self, prices: FloatArray) -> FloatArray:
        profit: FloatArray = self._weight[self.rows.activity] - self._turned @ prices
        return profit

    def _table(self, profit: FloatArray) -> FloatArray:
        return self.walks.of_all_keys(self.walks.table(profit))

    def _best_options(self, profit: FloatArray, table: FloatArray, day: IntArray, activity: IntArray) -> IntArray:
        """Return for each day and activity an option that earns what the table says."""
        chosen = np.zeros(table.shape, dtype=np.bool_)
        chosen[day, activity] = True
        position, owner = self.walks.position, self.rows.activity
        option = np.flatnonzero(chosen[position, owner] & (profit >= table[position, owner]))
        _, first = np.unique(owner[option] * len(table) + position[option], return_index=True)
        found: IntArray = option[first]
        return found
