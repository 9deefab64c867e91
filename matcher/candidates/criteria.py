"""Soft rules on a pair: one function each, whole points from 0 (poor) to 100 (ideal), SO-05 from −100.

To add a criterion, write its function here and put it into ``CRITERIA``; its weight stands in the policy. On its level
a pair counts the points it lacks to the ideal, so that a pair nobody needs never pays for itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from matcher.candidates.codes import BLOCKS, CATEGORIES, FORMS, BoolArray, IntArray, Numbers, Words, has_bit, intersects
from matcher.candidates.edges import Edges
from matcher.policy import PUPIL_FORMS
from matcher.policy_words import CompatibilitySource
from matcher.roster import CompetenceBlock, MenteeCategory
from matcher.texts import Text, text
from matcher.timegrid import count_bits

IDEAL = 100
_MOST_SLOTS = 5
_BEST_RANK = 4
_MOST_LEVEL = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """What criteria know beyond the pairs.

    ``scarcity`` (num_needs,) of every need, ``scarcest`` (num_mentors,) of all a mentor can do, ``common`` slots of
    every pair.
    """

    scarcity: Numbers
    scarcest: Numbers
    common: Words | None


Criterion = Callable[[Edges, Scene], IntArray]


def subject_profile(edges: Edges, scene: Scene) -> IntArray:
    """The subject fits: the same 100, a related one 50, another 0.

    SO-03. The mentee's subjects are his own and those of his requests; where neither side names one, 50.
    """
    mine, theirs = edges.columns.mentors.subjects[edges.mentor], edges.columns.mentees.subjects[edges.mentee]
    same = intersects(mine, theirs)
    related = intersects(mine, edges.columns.mentees.related[edges.mentee])
    unnamed = ~theirs.any(axis=1)
    return np.where(same, IDEAL, np.where(related | unnamed, 50, 0))


def mutual_sympathy(edges: Edges, scene: Scene) -> IntArray:
    """Both want each other: half the mean of the two wishes, half the weaker one.

    SO-04: 10 · (mean + least) / 2 of wishes from 0 to 10; the policy's neutral wish where one has said nothing (A-27).
    """
    neutral = edges.columns.policy.thresholds.neutral_wish
    marks = edges.columns.marks
    mentor, mentee = marks.mentor_wish.at(edges.key, neutral), marks.mentee_wish.at(edges.key, neutral)
    return _round(5 * ((mentor + mentee) / 2 + np.minimum(mentor, mentee)))


def compatibility(edges: Edges, scene: Scene) -> IntArray:
    """The psychologist and the questionnaires think the two suit each other.

    SO-05: 50 · the mean of the marks from −2 to +2 that the policy listens to (``compatibility.sources``; the curator
    listens to both), 0 where there is none.
    """
    sources, marks = edges.columns.policy.compatibility_sources, edges.columns.marks
    all_count = CompatibilitySource.CURATOR in sources
    total, number = np.zeros((2, len(edges)))
    for mark, listened in (
        (marks.psychologist, (CompatibilitySource.PSYCHOLOGIST,)),
        (marks.questionnaire, (CompatibilitySource.QUESTIONNAIRE, CompatibilitySource.INTERVIEW)),
    ):
        if all_count or set(listened) & set(sources):
            known = mark.has(edges.key)
            total += np.where(known, mark.at(edges.key, 0), 0)
            number += known
    return _round(50 * total / np.maximum(1, number))


def nearness(edges: Edges, scene: Scene) -> IntArray:
    """The two are close: the same organisation 100, the furthest contour of the policy 0.

    SO-06: equal steps over ``contours.order``.
    """
    furthest = max(1, len(edges.columns.policy.contours.order) - 1)
    return _round(IDEAL * (1 - np.clip(edges.step, 0, furthest) / furthest))


def suitability(edges: Edges, scene: Scene) -> IntArray:
    """The mentor is ahead in experience as far as is sensible, qualified and trained as a mentor.

    SO-08. Between adults 60 for a difference of years inside ``experience_gap_years`` (6 less for each year outside, 30
    where unknown), 25 · category rank / 4, 15 for training, and 10 more for a graduate of this school. With pupils:
    qualities of a pupil mentor (A-44) / 4, or the communicative level / 4 for a pupil at risk (DAL 4.3), else 50, and
    training 15.
    """
    mentors, mentees = edges.columns.mentors, edges.columns.mentees
    low, high = edges.columns.policy.thresholds.experience_gap_years
    ahead = mentors.experience[edges.mentor] - mentees.experience[edges.mentee]
    outside = np.maximum(0, np.maximum(low - ahead, ahead - high))
    years = np.where(np.isnan(ahead), 30, np.maximum(0, 60 - 6 * outside))
    rank = 25 * mentors.rank[edges.mentor] / _BEST_RANK
    trained = 15 * mentors.is_trained[edges.mentor]
    home = mentors.organisation[edges.mentor] == mentees.organisation[edges.mentee]
    adult = years + rank + trained + 10 * (mentees.is_alumnus[edges.mentee] & home)
    with_pupil = np.isin(edges.form, [FORMS.index(form) for form in PUPIL_FORMS])
    return _round(np.minimum(IDEAL, np.where(with_pupil, _suits_pupil(edges) + trained, adult)))


def _suits_pupil(edges: Edges) -> Numbers:
    mentors, mentees = edges.columns.mentors, edges.columns.mentees
    talks = mentors.levels[edges.mentor, BLOCKS.index(CompetenceBlock.COMMUNICATIVE)]
    at_risk = has_bit(mentees.categories[edges.mentee], CATEGORIES.index(MenteeCategory.PUPIL_AT_RISK))
    grade = mentors.grade[edges.mentor]
    usual = np.where(grade >= 0, 85 * mentors.qualities[edges.mentor] / 4, 50.0)
    return np.where(at_risk, 85 * talks / _MOST_LEVEL, usual)


def spares_scarce(edges: Edges, scene: Scene) -> IntArray:
    """A rare expert is kept for those who need just him.

    SO-10: 100 less what the scarcest thing the mentor can do exceeds, in scarcity, the scarcest thing this mentee
    gets from him. The scarcity of a need is the share of those who want it among those who want or offer it.
    """
    needs = edges.columns.needs
    used = np.zeros(len(edges))
    for at in range(needs.width):
        has = (edges.covered >> np.uint64(at)) & np.uint64(1) > 0
        used = np.maximum(used, np.where(has, scene.scarcity[needs.need[edges.mentee, at]], 0.0))
    return _round(IDEAL * (1 - np.maximum(0, scene.scarcest[edges.mentor] - used)))


def common_time(edges: Edges, scene: Scene) -> IntArray:
    """The two have free time in common: 20 for each weekly slot, up to five.

    SO-11 as far as pairing goes; 100 for everybody where no times are known.
    """
    if scene.common is None:
        return np.full(len(edges), IDEAL, dtype=np.int64)
    return IDEAL * np.minimum(_MOST_SLOTS, count_bits(scene.common)) // _MOST_SLOTS


def _round(points: Numbers) -> IntArray:
    return np.rint(points).astype(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionRule:
    """A soft rule: its id and its function; the sentence is the first line of the docstring."""

    rule: str
    points: Criterion
    sentence: Text = field(init=False)

    def __post_init__(self) -> None:
        """Take the sentence from the docstring of the function."""
        object.__setattr__(self, "sentence", text((self.points.__doc__ or "").strip().partition("\n")[0]))


#: All soft rules on a pair; rows of every table of criterion points follow this order.
CRITERIA: tuple[CriterionRule, ...] = (
    CriterionRule(rule="SO-03", points=subject_profile),
    CriterionRule(rule="SO-04", points=mutual_sympathy),
    CriterionRule(rule="SO-05", points=compatibility),
    CriterionRule(rule="SO-06", points=nearness),
    CriterionRule(rule="SO-08", points=suitability),
    CriterionRule(rule="SO-10", points=spares_scarce),
    CriterionRule(rule="SO-11", points=common_time),
)


def scarcity_of(cover: BoolArray, wanted: IntArray) -> Numbers:
    """Return per need the share of those who want it among those who want or offer it; 0 where nobody wants it."""
    scarcity: Numbers = wanted / np.maximum(1, wanted + cover.sum(axis=1))
    return scarcity


def scarcest_of(cover: BoolArray, scarcity: Numbers) -> Numbers:
    """Return per mentor the scarcity of the scarcest need he covers, 0 where he covers none."""
    scarcest: Numbers = np.zeros(cover.shape[1])
    for need in range(len(cover)):
        scarcest = np.where(cover[need], np.maximum(scarcest, scarcity[need]), scarcest)
    return scarcest


def criterion_points(edges: Edges, scene: Scene) -> IntArray:
    """Return the points of every criterion, shape (num_criteria, num_pairs)."""
    return np.array([rule.points(edges, scene) for rule in CRITERIA], dtype=np.int64).reshape(len(CRITERIA), len(edges))
