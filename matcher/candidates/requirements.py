"""Hard rules on a pair: one function each, true where the pair may be.

The first line of a rule's docstring is the sentence people read when the rule refuses a pair. To add a rule, write its
function here and put it into ``REQUIREMENTS``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from matcher.candidates.codes import (
    CONTOURS,
    FORMS,
    KINDS,
    ORGANISATION_TYPES,
    PERSON_KINDS,
    SOURCES,
    BoolArray,
    IntArray,
    has_bit,
)
from matcher.candidates.edges import Edges, is_higher_level
from matcher.candidates.pupil_rules import (
    is_experienced_for_at_risk,
    is_old_enough,
    is_qualified_for_disabilities,
    is_senior_pupil,
    is_tutor_for_gifted,
)
from matcher.candidates.reverse import is_fixed_in, is_only_reverse, may_be_reverse, reverse_counterparts
from matcher.candidates.tables import GROUP, REVERSE
from matcher.policy import PUPIL_FORMS
from matcher.policy_words import ModelsRequired
from matcher.roster import Contour, MentoringKind, MentorSource, MentorStatus, PersonKind
from matcher.texts import Text, text

Check = Callable[[Edges], BoolArray]
_PUPIL_FORM_CODES = np.array([FORMS.index(form) for form in PUPIL_FORMS])


def _all(edges: Edges) -> BoolArray:
    return np.ones(len(edges), dtype=bool)


def is_two_people(edges: Edges) -> BoolArray:
    """Nobody mentors himself."""
    different: BoolArray = edges.columns.mentors.person[edges.mentor] != edges.columns.mentees.person[edges.mentee]
    return different


def is_new_pair(edges: Edges) -> BoolArray:
    """The mentor still accompanies the mentee after their programme."""
    return ~edges.columns.marks.aftercare.has(edges.key)


def is_present(edges: Edges) -> BoolArray:
    """The mentor has left, or a consent to mentoring has ended without a new one."""
    mentors, mentees = edges.columns.mentors, edges.columns.mentees
    gone = mentors.has_left | mentors.consent_lapsed
    present: BoolArray = ~gone[edges.mentor] & ~mentees.consent_lapsed[edges.mentee]
    return present


def is_ready(edges: Edges) -> BoolArray:
    """The mentor is not ready to mentor."""
    return edges.columns.mentors.is_ready[edges.mentor]


def is_available(edges: Edges) -> BoolArray:
    """The mentor is only nominated, or has paused."""
    statuses = [tuple(MentorStatus).index(status) for status in (MentorStatus.NOMINATED, MentorStatus.PAUSED)]
    available: BoolArray = ~np.isin(edges.columns.mentors.status, statuses)[edges.mentor]
    return available


def is_approved(edges: Edges) -> BoolArray:
    """The mentor has not all the approvals the regulation asks for."""
    columns = edges.columns
    asks = np.array([columns.policy.asks_approval_in(form) for form in FORMS])
    lacks = (columns.mentors.missing_approvals[edges.mentor] > 0) & asks[edges.form] & (edges.form >= 0)
    approved: BoolArray = ~lacks
    return approved


def is_wanted_by_both(edges: Edges) -> BoolArray:
    """One of the two does not want the other."""
    return ~edges.columns.marks.veto.has(edges.key)


def is_in_scope(edges: Edges) -> BoolArray:
    """The regulation does not cover organisations of this type."""
    types = edges.columns.policy.organisation_types
    if not types:
        return _all(edges)
    allowed = [ORGANISATION_TYPES.index(type_) for type_ in types]
    place = edges.columns.mentees.organisation[edges.mentee]
    return np.isin(edges.columns.places.type[place], allowed)


def has_form(edges: Edges) -> BoolArray:
    """No form of the regulation fits both people."""
    found: BoolArray = edges.form >= 0
    return found


def has_kind(edges: Edges) -> BoolArray:
    """There is no kind of mentoring that the regulation allows and both accept."""
    found: BoolArray = (edges.kind >= 0) | has_bit(edges.kinds, GROUP) | has_bit(edges.kinds, REVERSE)
    return found


def covers_a_need(edges: Edges) -> BoolArray:
    """The mentor covers no request of the first priority (nor, where there is none, a gap) at the level asked for.

    A pair that covers any other need is kept: it may become a second or third pair of the mentee (``asks_main_need``).
    Pupil forms are not asked (HR-11 … HR-14 take the place of this rule).
    """
    return (edges.covered > 0) | np.isin(edges.form, _PUPIL_FORM_CODES)


def asks_main_need(edges: Edges) -> BoolArray:
    """Return the pairs that HR-04 allows only beside a first mentor unless they cover a need it names."""
    asked: BoolArray = ~np.isin(edges.form, _PUPIL_FORM_CODES)
    return asked & edges.columns.policy.rule("HR-04").on


def has_model(edges: Edges) -> BoolArray:
    """The conditions of the role model do not hold."""
    required = edges.columns.policy.models_required
    if required is ModelsRequired.ONE:
        asked = _all(edges)
    elif required is ModelsRequired.OPTIONAL:
        asked = edges.columns.mentees.model[edges.mentee] >= 0
    else:
        return _all(edges)
    holds: BoolArray = (edges.model >= 0) | ~asked
    return holds


def is_younger_in_reverse(edges: Edges) -> BoolArray:
    """In a reverse pair on new technologies the mentor is younger than the mentee.

    Asked only where the two can meet in no other kind; otherwise the pairing simply makes no reverse pair. The older
    one may be the mentor in the counter-assignment of a reverse pair that is allowed itself (A-31).
    """
    fixed = is_fixed_in(edges, MentoringKind.REVERSE)
    allowed: BoolArray = may_be_reverse(edges) | ~(is_only_reverse(edges) | fixed)
    counter, reverse = reverse_counterparts(edges, np.flatnonzero(~allowed & ~fixed))
    if len(counter):
        allowed[counter] = judge(reverse).allowed
    return allowed


def is_higher_level_in_speed(edges: Edges) -> BoolArray:
    """In a speed meeting the mentor is of a higher level: a higher category, a title, or a named expert."""
    is_speed = edges.kind == KINDS.index(MentoringKind.SPEED)
    higher = is_higher_level(edges.columns, edges.mentor, edges.mentee)
    allowed: BoolArray = ~is_speed | higher
    return allowed


def is_contour_allowed(edges: Edges) -> BoolArray:
    """The two are further apart than the regulation or the mentor allows."""
    accepted = edges.columns.mentors.contours[edges.mentor]
    listed = edges.columns.contour_listed[edges.contour, edges.is_partner.astype(np.int64)]
    partner = CONTOURS.index(Contour.PARTNER)
    named = has_bit(accepted, edges.contour) | has_bit(accepted, np.maximum(listed, 0))
    named |= edges.is_partner & has_bit(accepted, np.full(len(edges), partner))
    return (edges.step >= 0) & named


def has_contract(edges: Edges) -> BoolArray:
    """A mentor from outside needs a contract between the two organisations."""
    rule = edges.columns.policy.rule("HR-15")
    return ~lacks_contract(edges) if rule.word("contract") == "hard" else _all(edges)


def lacks_contract(edges: Edges) -> BoolArray:
    """Return the pairs whose mentor comes from outside without the contract the policy asks for or recommends."""
    columns, rule = edges.columns, edges.columns.policy.rule("HR-15")
    if not rule.on or rule.word("contract") == "none":
        return np.zeros(len(edges), dtype=bool)
    mine, theirs = columns.mentors.organisation[edges.mentor], columns.mentees.organisation[edges.mentee]
    outside = mine != theirs
    if rule.word("contract_for") == "partners":
        sources = [SOURCES.index(source) for source in (MentorSource.EMPLOYER, MentorSource.SOCIAL_PARTNER)]
        is_partner = columns.mentors.kind == PERSON_KINDS.index(PersonKind.PARTNER)
        outside &= (is_partner | np.isin(columns.mentors.source, sources))[edges.mentor]
    lacking: BoolArray = outside & ~columns.marks.contract.has(theirs * len(columns.places.id) + mine)
    return lacking


def is_class_small_enough(edges: Edges) -> BoolArray:
    """The class is larger than a group may be."""
    mentees = edges.columns.mentees
    fits = ~mentees.is_class | (mentees.class_size <= edges.columns.policy.load.class_group_max)
    allowed: BoolArray = fits[edges.mentee]
    return allowed


def is_not_forbidden(edges: Edges) -> BoolArray:
    """The council has forbidden this pair."""
    return ~edges.columns.marks.forbidden.has(edges.key)


def is_able_to_meet(edges: Edges) -> BoolArray:
    """The two have no time in common for their sessions."""
    return ~edges.columns.marks.apart.has(edges.key)


def is_recommended(edges: Edges) -> BoolArray:
    """The psychologist does not recommend this pair, and the curator has given no reason to form it all the same."""
    return ~edges.columns.marks.not_recommended.has(edges.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A hard rule: its id in the regulations, its function, and whether a curator's override lifts it."""

    rule: str
    check: Check
    may_be_lifted: bool
    sentence: Text = field(init=False)

    def __post_init__(self) -> None:
        """Take the sentence from the docstring of the function."""
        first = (self.check.__doc__ or "").strip().partition("\n")[0]
        object.__setattr__(self, "sentence", text(first))

    @property
    def name(self) -> str:
        """Return the name of the function."""
        return self.check.__name__


def _always(rule: str, check: Check) -> Requirement:
    return Requirement(rule=rule, check=check, may_be_lifted=False)


def _unless_overridden(rule: str, check: Check) -> Requirement:
    return Requirement(rule=rule, check=check, may_be_lifted=True)


#: All hard rules on a pair, in the order in which refusals are told. Bit i of a refusal mask is REQUIREMENTS[i].
REQUIREMENTS: tuple[Requirement, ...] = (
    _always("HR-01", is_two_people),
    _always("HR-01", is_new_pair),
    _always("HR-02", is_present),
    _always("HR-02", is_ready),
    _unless_overridden("HR-02", is_available),
    _unless_overridden("HR-02", is_approved),
    _always("HR-02", is_wanted_by_both),
    _always("HR-22", is_not_forbidden),
    _always("HR-03", is_in_scope),
    _always("HR-03", has_form),
    _always("HR-03", has_kind),
    _unless_overridden("HR-15", is_contour_allowed),
    _unless_overridden("HR-15", has_contract),
    _unless_overridden("HR-04", covers_a_need),
    _unless_overridden("HR-05", has_model),
    _unless_overridden("HR-07", is_class_small_enough),
    _unless_overridden("HR-08", is_younger_in_reverse),
    _unless_overridden("HR-09", is_higher_level_in_speed),
    _unless_overridden("HR-10", is_old_enough),
    _unless_overridden("HR-11", is_senior_pupil),
    _unless_overridden("HR-12", is_qualified_for_disabilities),
    _unless_overridden("HR-13", is_tutor_for_gifted),
    _unless_overridden("HR-14", is_experienced_for_at_risk),
    _always("HR-17", is_able_to_meet),
    _unless_overridden("HR-24", is_recommended),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Refusals:
    """Which rules refuse pairs (bit i: ``REQUIREMENTS[i]``), and which of them a curator has lifted."""

    refused: IntArray
    lifted: IntArray

    @property
    def allowed(self) -> BoolArray:
        """Return the pairs no rule refuses."""
        free: BoolArray = self.refused == 0
        return free


def judge(edges: Edges) -> Refusals:
    """Return all rules that refuse each pair; overrides already counted."""
    marks, policy = edges.columns.marks, edges.columns.policy
    refused, lifted = np.zeros((2, len(edges)), dtype=np.int64)
    for bit, requirement in enumerate(REQUIREMENTS):
        if not policy.rule(requirement.rule).on:
            continue
        broken = ~requirement.check(edges)
        overrides = marks.lifted.get(requirement.rule)
        if requirement.may_be_lifted and overrides is not None:
            excused = broken & overrides.covers(edges.key, edges.mentor, edges.mentee)
            lifted |= excused.astype(np.int64) << bit
            broken &= ~excused
        refused |= broken.astype(np.int64) << bit
    return Refusals(refused=refused, lifted=lifted)
