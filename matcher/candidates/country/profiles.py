"""People by profiles: what decides a pair's points depends on little of each person, and many share it.

Between people of different regions who said nothing of each other, the gain of a pair is a sum: what the two subjects
are to each other, which needs the mentor covers and how rare he is, how far he is ahead in experience, in which kind
they meet. Each part is a small table here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.candidates.codes import (
    CONTOURS,
    KINDS,
    ORGANISATION_TYPES,
    BoolArray,
    IntArray,
    Numbers,
    Words,
    has_bit,
)
from matcher.candidates.columns import Columns
from matcher.candidates.country.prices import PointPrices
from matcher.candidates.criteria import IDEAL, scarcest_of, scarcity_of
from matcher.candidates.edges import SideForms, is_guest
from matcher.candidates.forms import DECIDED_BY_PAIRING
from matcher.candidates.tables import KindTables
from matcher.pairing.country.problem import REFUSED
from matcher.roster import Contour, MentoringKind, MentorStatus

_BEST_RANK = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Profiles:
    """Profiles of both sides and the tables between them, in weighted points.

    Per mentor: ``mentor_way`` (forms and kinds), ``mentor_subject``, ``mentor_cell`` (experience and what else counts
    for SO-08), ``scarcest_code``. Per mentee: ``mentee_way``, ``mentee_subject``, ``experience``. ``way``, ``subject``
    (mentee's class, mentor's class) and ``suit`` (cell, experience) are gains; ``scarcest`` the values of the codes,
    ``scarcity`` that of each need. ``accepts`` (num_contours, num_mentors) says who is to be had from how far away,
    ``near`` the gain of it.
    """

    columns: Columns
    prices: PointPrices
    usable_mentor: BoolArray
    usable_mentee: BoolArray
    mentor_way: IntArray
    mentor_subject: IntArray
    mentor_cell: IntArray
    scarcest_code: IntArray
    mentee_way: IntArray
    mentee_subject: IntArray
    experience: IntArray
    way: IntArray
    subject: IntArray
    suit: IntArray
    home_suit: IntArray
    scarcest: Numbers
    scarcity: Numbers
    accepts: BoolArray
    near: IntArray
    usual: int

    def sets_of(self, mentees: IntArray) -> tuple[IntArray, Numbers]:
        """Return per mentee and set of his needs (bit k: the k-th) its gain, and the scarcest thing in it."""
        needs = self.columns.needs
        has = ((np.arange(1 << needs.width)[:, None] >> np.arange(needs.width)) & 1).T
        gain: IntArray = (needs.weight[mentees] * self.prices.cover) @ has
        scarcity = np.append(self.scarcity, 0.0)[needs.need[mentees]]
        used = np.zeros(gain.shape)
        for at in range(needs.width):
            np.maximum(used, scarcity[:, at, None] * has[at], out=used)
        return gain, used

    def spare_gains(self, scarcest: Numbers, used: Numbers) -> IntArray:
        """Return the gain of SO-10 for mentors of whom the scarcest thing, and a mentee by whom something, is used."""
        lost = np.maximum(0, scarcest - used)
        points: IntArray = np.rint(IDEAL * (1 - lost)).astype(np.int64)
        points -= IDEAL
        points *= self.prices.of("SO-10")
        return points


def build_profiles(columns: Columns, sides: SideForms, tables: KindTables, prices: PointPrices) -> Profiles:
    """Return the profiles of a round."""
    mentors, mentees = columns.mentors, columns.mentees
    scarcity = scarcity_of(columns.needs.cover, _wanted(columns))
    scarcest, scarcest_code = np.unique(scarcest_of(columns.needs.cover, scarcity), return_inverse=True)
    mentor_ways, mentor_way = np.unique(np.stack([sides.mentor, mentors.kinds]), axis=1, return_inverse=True)
    mentee_ways, mentee_way = np.unique(np.stack([sides.mentee, mentees.kinds]), axis=1, return_inverse=True)
    mentor_subjects, mentor_subject = np.unique(mentors.subjects, axis=0, return_inverse=True)
    theirs = np.concatenate([mentees.subjects, mentees.related], axis=1)
    mentee_subjects, mentee_subject = np.unique(theirs, axis=0, return_inverse=True)
    ahead = np.stack([mentors.experience, 25 * mentors.rank / _BEST_RANK + 15 * mentors.is_trained])
    cells, cell = np.unique(ahead, axis=1, return_inverse=True)
    years, experience = np.unique(mentees.experience, return_inverse=True)
    accepts, near = _distances(columns, prices)
    neutral = columns.policy.thresholds.neutral_wish
    sympathy = int(np.rint(5 * (neutral + neutral)))
    return Profiles(
        columns=columns,
        prices=prices,
        usable_mentor=_usable_mentors(columns),
        usable_mentee=_usable_mentees(columns, tables),
        mentor_way=mentor_way.ravel(),
        mentor_subject=mentor_subject.ravel(),
        mentor_cell=cell.ravel(),
        scarcest_code=scarcest_code,
        mentee_way=mentee_way.ravel(),
        mentee_subject=mentee_subject.ravel(),
        experience=experience,
        way=_way_gains(columns, sides.kinds, tables, prices, mentor_ways, mentee_ways),
        subject=_subject_gains(prices, mentor_subjects, mentee_subjects),
        suit=_suit_gains(columns, prices, cells, years, 0),
        home_suit=_suit_gains(columns, prices, cells, years, 10),
        scarcest=scarcest,
        scarcity=scarcity,
        accepts=accepts,
        near=near,
        usual=prices.of("SO-04") * (sympathy - IDEAL) - prices.of("SO-05") * IDEAL,
    )


def _wanted(columns: Columns) -> IntArray:
    need = columns.needs.need
    return np.bincount(need[need >= 0], minlength=len(columns.needs.key))


def _usable_mentors(columns: Columns) -> BoolArray:
    """Return who keeps the rules that ask about the mentor alone (HR-02) and has a place."""
    mentors = columns.mentors
    away = [tuple(MentorStatus).index(status) for status in (MentorStatus.NOMINATED, MentorStatus.PAUSED)]
    gone = mentors.has_left | mentors.consent_lapsed | np.isin(mentors.status, away)
    usable: BoolArray = mentors.is_ready & ~gone & (mentors.missing_approvals == 0)
    return usable


def _usable_mentees(columns: Columns, tables: KindTables) -> BoolArray:
    """Return who keeps the rules that ask about the mentee alone, and has a place and time for a mentor."""
    mentees, policy = columns.mentees, columns.policy
    usable = (mentees.max_mentors > 0) & ~mentees.consent_lapsed
    if policy.organisation_types:
        allowed = [ORGANISATION_TYPES.index(type_) for type_ in policy.organisation_types]
        usable &= np.isin(columns.places.type[mentees.organisation], allowed)
    found: BoolArray = usable & (mentees.max_minutes >= minutes_of_pair(columns, tables))
    return found


def minutes_of_pair(columns: Columns, tables: KindTables) -> int:
    """Return the minutes in four weeks of any pair of the round (they are alike: ``build.py`` asks for it)."""
    return int(tables.minutes[_kind_codes(columns)].max(initial=0))


def _kind_codes(columns: Columns) -> list[int]:
    policy = columns.policy
    named = (*policy.kinds, *policy.tolerated_kinds)
    return [KINDS.index(kind) for kind in named if kind in policy.patterns and kind not in DECIDED_BY_PAIRING]


def _way_gains(
    columns: Columns, kinds: int, tables: KindTables, prices: PointPrices, mentor_ways: IntArray, mentee_ways: IntArray
) -> IntArray:
    """Return what the kind of a pair costs, `REFUSED` where no form or no kind fits both."""
    policy = columns.policy
    order = dict.fromkeys((*policy.kind_prefer, *policy.kinds, *policy.tolerated_kinds, *KINDS))
    both = mentee_ways[1][:, None] & mentor_ways[1] & kinds
    kind = np.full(both.shape, -1, dtype=np.int64)
    for code in (KINDS.index(found) for found in reversed([k for k in order if k not in DECIDED_BY_PAIRING])):
        kind = np.where(has_bit(both, code), code, kind)
    fits = ((mentee_ways[0][:, None] & mentor_ways[0]) != 0) & (kind >= 0)
    return np.where(fits, -prices.tie * (1 + tables.preference[np.maximum(kind, 0)]), REFUSED)


def _subject_gains(prices: PointPrices, mentor_subjects: Words, mentee_subjects: Words) -> IntArray:
    """Return the gain of SO-03 by classes of subjects."""
    width = mentor_subjects.shape[1]
    own, related = mentee_subjects[:, :width], mentee_subjects[:, width:]
    same: BoolArray = np.any(own[:, None] & mentor_subjects, axis=2)
    named: BoolArray = np.any(own, axis=1, keepdims=True)
    close: BoolArray = np.any(related[:, None] & mentor_subjects, axis=2) | ~named
    points = np.where(same, IDEAL, np.where(close, 50, 0))
    found: IntArray = prices.of("SO-03") * (points - IDEAL)
    return found


def _suit_gains(columns: Columns, prices: PointPrices, cells: Numbers, years: Numbers, bonus: int) -> IntArray:
    """Return the gain of SO-08 of adults; ``bonus`` is for a graduate of the mentor's organisation."""
    low, high = columns.policy.thresholds.experience_gap_years
    ahead = cells[0][:, None] - years
    outside = np.maximum(0, np.maximum(low - ahead, ahead - high))
    points = np.where(np.isnan(ahead), 30, np.maximum(0, 60 - 6 * outside)) + cells[1][:, None] + bonus
    found: IntArray = prices.of("SO-08") * (np.rint(np.minimum(IDEAL, points)).astype(np.int64) - IDEAL)
    return found


def _distances(columns: Columns, prices: PointPrices) -> tuple[BoolArray, IntArray]:
    """Return per distance class and mentor (whether he is to be had from there, the gain of SO-06)."""
    partner = CONTOURS.index(Contour.PARTNER)
    furthest = max(1, len(columns.policy.contours.order) - 1)
    accepted, guest = columns.mentors.contours, is_guest(columns)
    accepts = np.zeros((len(CONTOURS), columns.num_mentors), dtype=bool)
    near = np.zeros((len(CONTOURS), columns.num_mentors), dtype=np.int64)
    for code, contour in enumerate(CONTOURS):
        is_partner = guest & (contour is not Contour.ORGANISATION)
        side = is_partner.astype(np.int64)
        step, listed = columns.contour_step[code][side], columns.contour_listed[code][side]
        named = has_bit(accepted, code) | has_bit(accepted, np.maximum(listed, 0))
        named |= is_partner & has_bit(accepted, partner)
        accepts[code] = (step >= 0) & named
        points = np.rint(IDEAL * (1 - np.clip(step, 0, furthest) / furthest)).astype(np.int64)
        near[code] = prices.of("SO-06") * (points - IDEAL)
    return accepts, near


#: Kinds whose rules bind more than the pair itself: a country round does without them.
UNUSUAL_KINDS = (*DECIDED_BY_PAIRING, MentoringKind.SPEED)
