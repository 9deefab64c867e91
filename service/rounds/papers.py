"""Which papers a pair needs before it works (HR-23): consents to duties and to personal data, agreements.

References
----------
Labour Code art. 351.8 (D-05 of an employee who mentors); 152-FZ (D-06, a paper of its own); KAL 3.8; DAL 3.2.2 (D-07).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from matcher.errors import Fault
from matcher.policy import Policy
from matcher.policy_labels import clause_text
from matcher.policy_words import ConsentBasis
from matcher.roster import PersonKind
from matcher.texts import Text, text

DUTIES, PERSONAL_DATA, AGREEMENT = "duties", "personal_data", "agreement"
ACCEPT = "accept"
LABOUR_LAW, DATA_LAW = "ru_labour_351_8", "ru_personal_data"
BY_HIMSELF = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a pair. ``kind`` is None for a class; ``consents`` are those in force: purpose → who gave it."""

    code: str
    kind: PersonKind | None
    is_minor: bool = False
    accepted: bool = False
    consents: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_employee(self) -> bool:
        """Say whether labour law speaks of the person (A-42)."""
        return self.kind is PersonKind.STAFF

    @property
    def is_willing(self) -> bool:
        """Say whether the side has agreed to the pair: by word, or by a paper on just that (C-03)."""
        return self.accepted or DUTIES in self.consents or AGREEMENT in self.consents or self.kind is None


def missing_papers(mentor: Side, mentee: Side, policy: Policy, place: str) -> tuple[Fault, ...]:
    """Return what either side of a pair has not signed or said yet; ``place`` names the pair."""
    found = [*_willingness(mentor), *_willingness(mentee)]
    found += _duties(mentor, policy, is_mentor=True)
    found += _duties(mentee, policy, is_mentor=False)
    for side in (mentor, mentee):
        found += _personal_data(side, policy)
        found += _minors(side, policy)
    return tuple(Fault(place, fault.message, fault.cure) for fault in found)


def wanted_papers(side: Side, policy: Policy, *, is_mentor: bool) -> tuple[str, ...]:
    """Return what a side has still to sign, as :func:`missing_papers` counts it: purposes, and "accept" for his word.

    A paper on the duties or an agreement says that he is willing, so that his word is not asked beside it.
    """
    found: list[str] = []
    if any(_duties(side, policy, is_mentor=is_mentor)):
        found.append(DUTIES)
    if any(_minors(side, policy)):
        found.append(AGREEMENT)
    if any(_personal_data(side, policy)):
        found.append(PERSONAL_DATA)
    if any(_willingness(side)) and not {DUTIES, AGREEMENT} & set(found):
        found.insert(0, ACCEPT)
    return tuple(found)


def _willingness(side: Side) -> Iterator[Fault]:
    if not side.is_willing:
        message = text("{who} has not agreed to the pair (C-03, HR-23)", who=side.code)
        yield Fault(side.code, message, text("wait for the answer, or record it from paper"))


def _duties(side: Side, policy: Policy, *, is_mentor: bool) -> Iterator[Fault]:
    by_regulation = ConsentBasis.REGULATION in policy.consent.written
    by_law = is_mentor and LABOUR_LAW in policy.legal_overlay
    if side.kind is None or side.is_minor or not (by_regulation or by_law):
        return
    clause = policy.consent.clause if by_regulation else LABOUR_LAW
    if side.is_employee:
        if DUTIES not in side.consents:
            yield _missing(side, text("{who} has given no written consent to the duties", who=side.code), clause)
    elif not side.consents.keys() & {AGREEMENT, DUTIES}:
        message = text("{who} is no employee and has signed no agreement or contract (A-42)", who=side.code)
        yield _missing(side, message, clause)


def _personal_data(side: Side, policy: Policy) -> Iterator[Fault]:
    if side.kind is None or not policy.consent.personal_data:
        return
    by_regulation = ConsentBasis.REGULATION in policy.consent.personal_data
    clause = policy.consent.clause if by_regulation else DATA_LAW
    given_by = side.consents.get(PERSONAL_DATA)
    if given_by is None:
        message = text("{who} has not signed the separate consent to the use of personal data", who=side.code)
        yield _missing(side, message, clause)
    elif side.is_minor and given_by == BY_HIMSELF:
        message = text("{who} is under age: a parent has to consent to the use of personal data", who=side.code)
        yield _missing(side, message, clause)


def _minors(side: Side, policy: Policy) -> Iterator[Fault]:
    if not side.is_minor or not policy.consent.minors_agreement:
        return
    if side.consents.get(AGREEMENT, BY_HIMSELF) == BY_HIMSELF:
        message = text("{who} is under age: a parent has to sign the agreement", who=side.code)
        yield _missing(side, message, policy.consent.clause)


def _missing(side: Side, message: Text, clause: str) -> Fault:
    whole = text("{message} (HR-23, {clause})", message=message, clause=clause_text(clause))
    return Fault(side.code, whole, text("record the signed paper"))
