"""Short sets in ids: who can go only where, merged where several people share one set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from matcher.candidates.needs import NeedKey
from matcher.candidates.quotas import QuotaRule
from matcher.explain.case import Case
from matcher.explain.findings import MentorPlaces, QuotaRoom, ShortSet
from matcher.explain.search.reach import Reach, Ways, reach_from
from matcher.explain.search.shortage import Shortage, build_shortage
from matcher.explain.search.shortage_check import is_covered, is_short_by_count
from matcher.outcome import Proof
from matcher.texts import Text, text


def short_sets_of(case: Case, mentees: Iterable[int], *, time_limit: float) -> dict[int, ShortSet]:
    """Return the proved short set of every one of these mentees who is in one; who reaches the same mentors shares it.

    ``time_limit`` (seconds) bounds the searches in all, where counting places proves nothing.

    Raises
    ------
    AssertionError
        When the independent judge does not find what was claimed: a bug of this package.
    """
    sharing: dict[tuple[tuple[int, ...], tuple[int, ...]], list[Reach]] = defaultdict(list)
    ways = Ways(case.state, with_groups=True)
    for mentee in mentees:
        reach = reach_from(ways, mentee)
        if not reach.is_closed or not (reach.mentor_via or reach.quota_via):
            continue
        sharing[tuple(sorted(reach.mentor_via)), tuple(sorted(reach.quota_via))].append(reach)
    found: dict[int, ShortSet] = {}
    for shared in sharing.values():
        shortage = build_shortage(case.state, shared, time_limit=time_limit / max(1, len(sharing)))
        if shortage.proof is None:
            continue
        if not is_covered(case.problem, shortage):
            raise AssertionError("a short set is not closed")
        if shortage.proof is Proof.CERTIFICATE and not _counts(case, shortage):
            raise AssertionError("a short set is not proved by counting")
        named = in_ids(case, shortage, left_out=tuple(sorted(reach.first for reach in shared)))
        found |= {reach.first: named for reach in shared}
    return found


def _counts(case: Case, shortage: Shortage) -> bool:
    """Return whether the judge counts the same; a proof from prices was re-checked by the certificate instead."""
    by_places = sum(shortage.places) + sum(shortage.room) <= shortage.most_served
    return not by_places or is_short_by_count(case.problem, shortage)


def in_ids(case: Case, shortage: Shortage, left_out: tuple[int, ...]) -> ShortSet:
    """Return a shortage in ids."""
    quotas = case.candidates.quotas.rules
    return ShortSet(
        mentees=tuple(case.mentee_id(n) for n in shortage.mentees),
        left_out=tuple(case.mentee_id(n) for n in left_out),
        mentors=tuple(
            MentorPlaces(mentor=case.mentor_id(m), places=places)
            for m, places in zip(shortage.mentors, shortage.places, strict=True)
        ),
        quotas=tuple(
            QuotaRoom(what=quota_text(quotas[q]), room=room)
            for q, room in zip(shortage.quotas, shortage.room, strict=True)
        ),
        subjects=_common_subjects(case, shortage.mentees),
        most_served=shortage.most_served,
        proof=shortage.proof,
    )


def quota_text(quota: QuotaRule) -> Text:
    """Return what a quota bounds."""
    if quota.scope == "organisation":
        return text("quota of the organisation {id}", id=quota.id)
    if quota.scope == "municipality":
        return text("quota of the municipality {id}", id=quota.id)
    return text("quota of the form {id}", id=quota.id)


def _common_subjects(case: Case, mentees: tuple[int, ...]) -> tuple[str, ...]:
    """Return the subjects that every one of these mentees asks for among his most urgent needs."""
    shared: set[str] | None = None
    for mentee in mentees:
        mine = {key.subject for key in main_needs(case, mentee) if key.subject}
        shared = mine if shared is None else shared & mine
    return tuple(sorted(shared or ()))


def main_needs(case: Case, mentee: int) -> list[NeedKey]:
    """Return the most urgent needs of a mentee, those HR-04 asks for."""
    needs = case.candidates.columns.needs
    mask = int(needs.main_mask[mentee])
    return [
        needs.key[int(needs.need[mentee, at])]
        for at in range(needs.width)
        if mask >> at & 1 and int(needs.need[mentee, at]) >= 0
    ]
