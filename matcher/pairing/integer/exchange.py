"""Small exchanges that fill what the search left open: a free place for somebody who lacks just that."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.integer.incumbent import Incumbent
from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing

IntArray = NDArray[np.int64]

MOST_TRIALS = 150
TRIALS_PER_GAIN = 3


def fill_free_places(best: Incumbent) -> None:
    """Offer plans in which one mentee gets one more pair, or another one, for a gain above the headline.

    Gains are being served and items on the levels above the headline (served from inside). Only mentors with a free
    place for a pair are asked. A plan is taken only where it is better, level by level.
    """
    p, headline = best.problem, best.problem.headline % best.problem.num_levels
    for level in range(headline):
        if best.is_proved(level):
            continue
        trials = 0
        for option in _wanted(p, best.pairing, level).tolist():
            if trials >= MOST_TRIALS:
                break
            trials += _try(best, option)


def _wanted(p: PairingProblem, pairing: Pairing, level: int) -> IntArray:
    """Return pairs of mentors with a free place that would earn a gain of ``level`` that is still open."""
    free = p.max_individual - np.bincount(pairing.mentor[pairing.group < 0], minlength=p.num_mentors)
    free = np.minimum(free, p.max_places - np.bincount(pairing.mentor[pairing.group < 0], minlength=p.num_mentors))
    free -= np.bincount(p.group_mentor[pairing.open_group], minlength=p.num_mentors)
    covered = np.zeros(p.num_items, dtype=bool)
    covered[p.cover_item[np.isin(p.cover_option, pairing.option)]] = True
    open_item = ~covered & (p.item_points[level] > 0)
    served = np.isin(np.arange(p.num_mentees), pairing.mentee)
    lacks = ~served & (p.served_points[level] > 0)
    gains = lacks[p.mentee] if p.extra is None else lacks[p.mentee] & ~p.extra
    gains[p.cover_option[open_item[p.cover_item]]] = True
    wanted = np.flatnonzero(gains & (p.group < 0) & (free[p.mentor] > 0))
    order = wanted[np.argsort(-p.points[p.headline, wanted], kind="stable")]
    mentee = p.mentee[order]
    rank = np.empty(len(order), dtype=np.int64)
    by_mentee = np.argsort(mentee, kind="stable")
    rank[by_mentee] = np.arange(len(order)) - np.searchsorted(mentee[by_mentee], mentee[by_mentee])
    return order[rank < TRIALS_PER_GAIN]


def _try(best: Incumbent, option: int) -> int:
    """Offer the plan with ``option`` added, else in place of one of the mentee's others; return the number tried."""
    p, pairing = best.problem, best.pairing
    mine = pairing.option[pairing.mentee == p.mentee[option]]
    rest = np.setdiff1d(pairing.option, mine)
    for number, leaving in enumerate((None, *mine[::-1].tolist()), start=1):
        if leaving is not None and p.locked[leaving]:
            continue
        kept = mine if leaving is None else mine[mine != leaving]
        offered = Pairing.of(p, np.r_[rest, kept, option], pairing.open_group, pairing.slot)
        if best.offer(offered):
            return number
    return 1 + len(mine)
