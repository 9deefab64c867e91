"""Pairs inside a region: every one of them is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.candidates.codes import CONTOURS, BoolArray, IntArray
from matcher.candidates.country.profiles import Profiles
from matcher.candidates.places import distance_class
from matcher.pairing.country.problem import REFUSED, Edges
from matcher.roster import Contour

_THREADS = 2
_ORGANISATION = CONTOURS.index(Contour.ORGANISATION)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Region:
    """The people of a region and the gains of their pairs, (num_mentees, num_mentors); `REFUSED` where none may be.

    Pairs of which something special is known are refused here: they are kept apart.
    """

    mentees: IntArray
    mentors: IntArray
    gain: NDArray[np.int64]


def build_regions(profiles: Profiles, special: IntArray) -> Iterator[Region]:
    """Yield the regions that have mentees and mentors; ``special`` are keys of pairs left to others, ascending."""
    columns = profiles.columns
    region_m = columns.places.region[columns.mentors.organisation]
    region_n = columns.places.region[columns.mentees.organisation]
    people = []
    for region in range(len(columns.places.region_id)):
        mentors = np.flatnonzero(profiles.usable_mentor & (region_m == region))
        mentees = np.flatnonzero(profiles.usable_mentee & (region_n == region))
        if len(mentors) and len(mentees):
            people.append((mentees, mentors))
    with ThreadPoolExecutor(_THREADS) as pool:
        yield from pool.map(lambda both: _region(profiles, both[0], both[1], special), people)


def _region(profiles: Profiles, mentees: IntArray, mentors: IntArray, special: IntArray) -> Region:
    ways, subjects = profiles.mentee_way[mentees], profiles.mentee_subject[mentees]
    gain = profiles.way[:, profiles.mentor_way[mentors]][ways]
    covered, allowed = _patterns(profiles, mentees, mentors)
    allowed &= gain > REFUSED
    gain += profiles.subject[:, profiles.mentor_subject[mentors]][subjects]
    gain += profiles.usual
    contour = _contours(profiles, mentees, mentors)
    _add_nearness(profiles, mentors, contour, gain, allowed)
    _add_suits(profiles, mentees, mentors, contour == _ORGANISATION, gain)
    _add_needs(profiles, mentees, mentors, covered, gain)
    gain[~allowed] = REFUSED
    row, column = _places_among(profiles, special, mentees, mentors)
    gain[row, column] = REFUSED
    return Region(mentees=mentees, mentors=mentors, gain=gain)


def _patterns(profiles: Profiles, mentees: IntArray, mentors: IntArray) -> tuple[NDArray[np.uint8], BoolArray]:
    """Return which needs are covered, as bit sets, and whether one of HR-04 is."""
    needs = profiles.columns.needs
    # The row after the last stands for no need: nobody covers it.
    nobody = np.zeros((1, len(mentors)), dtype=bool)
    cover = np.concatenate([needs.cover[:, mentors], nobody]).astype(np.uint8)
    cover_main = np.concatenate([needs.cover_main[:, mentors], nobody])
    covered = np.zeros((len(mentees), len(mentors)), dtype=np.uint8)
    main = np.zeros(covered.shape, dtype=bool)
    for at in range(needs.width):
        need = needs.need[mentees, at]
        asked = (needs.main_mask[mentees] >> np.uint64(at)) & np.uint64(1) > 0
        covered |= np.take(cover << np.uint8(at), need, axis=0, mode="wrap")
        main |= np.take(cover_main, np.where(asked, need, -1), axis=0, mode="wrap")
    return covered, main


def _contours(profiles: Profiles, mentees: IntArray, mentors: IntArray) -> NDArray[np.int8]:
    """Return the distance class of every pair, found between organisations."""
    columns = profiles.columns
    theirs, row = np.unique(columns.mentees.organisation[mentees], return_inverse=True)
    mine, column = np.unique(columns.mentors.organisation[mentors], return_inverse=True)
    contour = distance_class(columns.places, mine, theirs[:, None]).astype(np.int8)
    found: NDArray[np.int8] = contour[:, column][row]
    return found


def _add_nearness(
    profiles: Profiles, mentors: IntArray, contour: NDArray[np.int8], gain: IntArray, allowed: BoolArray
) -> None:
    """Add the gain of SO-06 and narrow ``allowed``, both in place."""
    at: NDArray[np.int64] = contour.astype(np.int64) * len(mentors)
    at += np.arange(len(mentors))
    gain += np.take(profiles.near[:, mentors].ravel(), at)
    allowed &= np.take(profiles.accepts[:, mentors].ravel(), at)


def _add_suits(profiles: Profiles, mentees: IntArray, mentors: IntArray, home: BoolArray, gain: IntArray) -> None:
    """Add the gain of SO-08, in place; a graduate of the school counts more at home."""
    years, cell = profiles.experience[mentees], profiles.mentor_cell[mentors]
    gain += np.take(profiles.suit.T[:, cell], years, axis=0)
    graduates = np.flatnonzero(profiles.columns.mentees.is_alumnus[mentees])
    row, column = np.nonzero(home[graduates])
    row = graduates[row]
    gain[row, column] += (profiles.home_suit - profiles.suit)[cell[column], years[row]]


def _add_needs(
    profiles: Profiles, mentees: IntArray, mentors: IntArray, covered: NDArray[np.uint8], gain: IntArray
) -> None:
    """Add the gain of the needs covered and of SO-10, in place."""
    sums, used = profiles.sets_of(mentees)
    at = covered.astype(np.int32) + (np.arange(len(mentees), dtype=np.int32) * np.int32(sums.shape[1]))[:, None]
    gain += np.take(sums.ravel(), at)
    gain += profiles.spare_gains(profiles.scarcest[profiles.scarcest_code[mentors]], np.take(used.ravel(), at))


def _places_among(
    profiles: Profiles, special: IntArray, mentees: IntArray, mentors: IntArray
) -> tuple[IntArray, IntArray]:
    """Return (row, column) of the special pairs of a region."""
    columns = profiles.columns
    row_of = np.full(columns.num_mentees, -1, dtype=np.int64)
    column_of = np.full(columns.num_mentors, -1, dtype=np.int64)
    row_of[mentees], column_of[mentors] = np.arange(len(mentees)), np.arange(len(mentors))
    mentor, mentee = np.divmod(special, max(1, columns.num_mentees))
    row, column = row_of[mentee], column_of[mentor]
    here = (row >= 0) & (column >= 0)
    return row[here], column[here]


def is_among(sorted_keys: IntArray, keys: IntArray) -> BoolArray:
    """Return which keys are among the sorted ones."""
    if not len(sorted_keys):
        return np.zeros(keys.shape, dtype=bool)
    at = np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)
    found: BoolArray = sorted_keys[at] == keys
    return found


def first_of_region(region: Region, most: int) -> Edges:
    """Return the best pairs of every mentee of a region, ``most`` each."""
    most = min(most, len(region.mentors))
    best = np.argpartition(-region.gain, most - 1, axis=1)[:, :most]
    row = np.repeat(np.arange(len(region.mentees)), most)
    column = best.ravel()
    gain = region.gain[row, column]
    kept = gain > REFUSED
    return Edges(mentor=region.mentors[column[kept]], mentee=region.mentees[row[kept]], gain=gain[kept])


def price_region(region: Region, price: IntArray, worth: IntArray, most: int) -> tuple[IntArray, Edges]:
    """Return (best net gain of every mentee, up to ``most`` pairs of each that are worth more than he has)."""
    net = region.gain - price[region.mentors]
    best = net.max(axis=1)
    best = np.where(region.gain.max(axis=1) > REFUSED, best, REFUSED)
    rows = np.flatnonzero(best > worth[region.mentees])
    most = min(most, len(region.mentors))
    picked = np.argpartition(-net[rows], most - 1, axis=1)[:, :most]
    row, column = np.repeat(rows, most), picked.ravel()
    pays = (net[row, column] > worth[region.mentees[row]]) & (region.gain[row, column] > REFUSED)
    row, column = row[pays], column[pays]
    return best, Edges(mentor=region.mentors[column], mentee=region.mentees[row], gain=region.gain[row, column])
