"""What it costs, at given prices, to insist on an option or an opening; small losses make up the core."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.integer.bundles import Bundles, combine
from matcher.pairing.integer.openings import Openings, openings_of_seats
from matcher.pairing.integer.padded import Padded
from matcher.pairing.integer.relaxed import Relaxed
from matcher.pairing.integer.timed import timed_losses
from matcher.pairing.problem import PairingProblem

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

CHUNK = 20_000
"""Openings looked at together."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Losses:
    """By how much the bound falls if an option must be chosen, or an opening must open (about, where steps matter).

    ``option`` (num_options,), infinite where it cannot be chosen; ``opening`` as ``openings``.
    """

    option: FloatArray
    openings: Openings
    opening: FloatArray


def losses(relaxed: Relaxed, price: FloatArray, openings: Openings) -> Losses:
    """Return the losses at these prices among the options of ``relaxed`` and the given openings."""
    p, bundles = relaxed.p, relaxed.bundles
    worth = relaxed.worth(price)
    loss = np.full(p.num_options, np.inf)
    place_worth = _worth_of_a_place(relaxed, bundles, worth)
    alone = bundles.alone
    loss[alone] = np.maximum(0, place_worth[p.mentor[alone]] - worth[alone])
    if len(bundles.timed):
        timed, lost = timed_losses(bundles.timed, worth)
        loss[timed] = lost
    opening_gain = relaxed.weight @ p.group_points[:, openings.group]
    opening_loss = np.full(len(openings), np.inf)
    seat = bundles.option[p.group[bundles.option] >= 0]
    for begin in range(0, len(openings), CHUNK):
        part = slice(begin, min(begin + CHUNK, len(openings)))
        some = Openings(group=openings.group[part], slot=openings.slot[part])
        missing = place_worth[p.group_mentor[some.group]] - opening_gain[part]
        opening_loss[part] = _opening_losses(p, some, seat, worth, missing, loss)
    return Losses(option=loss, openings=openings, opening=opening_loss)


def _worth_of_a_place(relaxed: Relaxed, bundles: Bundles, worth: FloatArray) -> FloatArray:
    """Return what every mentor would lose with one place fewer."""
    places = relaxed.p.max_places
    pairs, groups = bundles.offers(worth, relaxed.opening_gain)
    *_, full = combine(pairs, groups, places, relaxed.step_gain)
    *_, fewer = combine(pairs, groups, np.maximum(0, places - 1), relaxed.step_gain)
    lost: FloatArray = full - fewer
    return lost


def _opening_losses(
    p: PairingProblem, openings: Openings, seat: IntArray, worth: FloatArray, missing: FloatArray, loss: FloatArray
) -> FloatArray:
    """Return the losses of the openings, and lower those of their seats in ``loss``.

    ``missing`` is what the members of each opening have to earn for it to lose nothing.
    """
    which, member = openings_of_seats(p, seat, openings)
    seats = seat[member]
    least, most = p.group_min_size[openings.group], p.group_max_size[openings.group]
    members = Padded(which, seats, len(openings), p.num_options)
    best = members.best(worth, int(most.max(initial=0)))
    rank = np.arange(best.shape[1])[None, :]
    counted = np.where(rank < least[:, None], best, np.maximum(0, best))
    counted[rank >= most[:, None]] = 0
    total = counted.sum(axis=1)
    # The member that makes room for another one: the last of a full opening, or one who only filled it up.
    full = np.maximum(0, best[np.arange(len(best)), most - 1])
    filler = np.minimum(0, best[np.arange(len(best)), np.maximum(least - 1, 0)])
    leaves = np.where(full > 0, full, filler)
    forced = total[which] + np.minimum(0, worth[seats] - leaves[which])
    np.minimum.at(loss, seats, np.maximum(0, missing[which] - forced))
    result: FloatArray = np.maximum(0, missing - total)
    return result
