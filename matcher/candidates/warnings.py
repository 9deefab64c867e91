"""What people should know of an allowed option: none of these forbids it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matcher.candidates.codes import CONTOURS, FORMS, KINDS, SOURCES, BoolArray, IntArray
from matcher.candidates.edges import Edges, SideForms
from matcher.candidates.options import SEAT, Options
from matcher.candidates.pairs import Pairs
from matcher.candidates.requirements import lacks_contract
from matcher.policy_words import ContourMode, KindStanding
from matcher.roster import Contour
from matcher.texts import Text, text


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Look:
    """What a warning looks at: the options, the pair of each of them, and what fits whom."""

    options: Options
    pairs: Pairs
    edges: Edges
    sides: SideForms


@dataclass(frozen=True, slots=True, kw_only=True)
class Warn:
    """One warning: its name, the sentence people read, and where it applies."""

    name: str
    sentence: Text
    applies: Callable[[Look], BoolArray]


def _from_outside(look: Look) -> BoolArray:
    is_first = look.edges.columns.policy.contours.mode is ContourMode.INTERNAL_FIRST
    outside: BoolArray = look.edges.contour != CONTOURS.index(Contour.ORGANISATION)
    return outside & is_first


def _elsewhere(look: Look) -> BoolArray:
    found: BoolArray = (look.sides.mentee_elsewhere[look.edges.mentee] >> look.edges.form) & 1 > 0
    return found


def _unexpected_source(look: Look) -> BoolArray:
    found = np.zeros(len(look.edges), dtype=bool)
    for form, rule in look.edges.columns.policy.forms.items():
        if rule.expected_sources:
            expected = [SOURCES.index(source) for source in rule.expected_sources]
            source = look.edges.columns.mentors.source[look.edges.mentor]
            found |= (look.edges.form == FORMS.index(form)) & ~np.isin(source, expected)
    return found


def _unusual_kind(look: Look) -> BoolArray:
    policy = look.edges.columns.policy
    unusual = [at for at, kind in enumerate(KINDS) if policy.kind_standing(kind) is KindStanding.WARN]
    return np.isin(look.options.kind, unusual)


def _no_common_time(look: Look) -> BoolArray:
    common, known = look.pairs.common, look.pairs.time_known
    if common is None:
        return np.zeros(len(look.edges), dtype=bool)
    none_left: BoolArray = known & ~common.any(axis=1)
    return none_left[look.options.edge]


def _time_to_be_agreed(look: Look) -> BoolArray:
    unknown: BoolArray = (look.options.sort == SEAT) & ~look.pairs.time_known[look.options.edge]
    return unknown


def _no_consent(look: Look) -> BoolArray:
    columns = look.edges.columns
    mentee = columns.mentees.has_consent | columns.mentees.is_class
    return ~(columns.mentors.has_consent[look.edges.mentor] & mentee[look.edges.mentee])


def _not_confirmed(look: Look) -> BoolArray:
    columns = look.edges.columns
    asks = np.array([columns.policy.asks_approval_in(form) for form in FORMS])
    missing: BoolArray = ~columns.mentors.results_confirmed[look.edges.mentor] & asks[look.edges.form]
    return missing


def _no_representative(look: Look) -> BoolArray:
    mentees = look.edges.columns.mentees
    asked = mentees.is_pupil & ~mentees.is_class & look.edges.columns.policy.consent.minors_agreement
    missing: BoolArray = (asked & ~mentees.has_representative)[look.edges.mentee]
    return missing


def _second_only(look: Look) -> BoolArray:
    return look.options.extra


def _off_theme(look: Look) -> BoolArray:
    off: BoolArray = (look.options.sort == SEAT) & (look.options.covered == 0)
    return off


#: All warnings; bit i of a warning mask is WARNINGS[i].
WARNINGS: tuple[Warn, ...] = (
    Warn(name="outside", sentence=text("the mentor comes from outside the organisation"), applies=_from_outside),
    Warn(
        name="no_contract",
        sentence=text("there is no contract with the mentor's organisation"),
        applies=lambda look: lacks_contract(look.edges),
    ),
    Warn(
        name="form_elsewhere",
        sentence=text("the regulation means this form for organisations of another type"),
        applies=_elsewhere,
    ),
    Warn(
        name="unexpected_source",
        sentence=text("the regulation expects another mentor in this form"),
        applies=_unexpected_source,
    ),
    Warn(name="unusual_kind", sentence=text("the regulation does not name this kind"), applies=_unusual_kind),
    Warn(name="no_common_time", sentence=text("the two have no free time in common"), applies=_no_common_time),
    Warn(
        name="time_to_be_agreed",
        sentence=text("the time of the group has to be agreed: not everybody's timetable is known"),
        applies=_time_to_be_agreed,
    ),
    Warn(name="no_consent", sentence=text("a written consent to mentoring is still missing"), applies=_no_consent),
    Warn(name="not_confirmed", sentence=text("the mentor's results are not confirmed"), applies=_not_confirmed),
    Warn(
        name="no_representative",
        sentence=text("the pupil's legal representative is not named"),
        applies=_no_representative,
    ),
    Warn(
        name="second_only",
        sentence=text("the mentor covers only what another mentor leaves open"),
        applies=_second_only,
    ),
    Warn(
        name="off_theme",
        sentence=text("the mentee sits in the group without a request on its theme"),
        applies=_off_theme,
    ),
)


def warning_masks(options: Options, pairs: Pairs, sides: SideForms) -> IntArray:
    """Return per option which warnings apply."""
    look = Look(options=options, pairs=pairs, edges=pairs.edges.take(options.edge), sides=sides)
    mask = np.zeros(len(options), dtype=np.int64)
    for bit, warn in enumerate(WARNINGS):
        mask |= warn.applies(look).astype(np.int64) << bit
    return mask


def warnings_of(mask: int) -> list[Text]:
    """Return the sentences of a warning mask."""
    return [warn.sentence for bit, warn in enumerate(WARNINGS) if mask >> bit & 1]
