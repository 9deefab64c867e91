"""Whether a consent is in force, and whether data may be used: pure functions over rows of one person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date
from enum import StrEnum

from service.privacy.purposes import Use, purposes
from service.tables.privacy import Consent


class State(StrEnum):
    """How a consent to one purpose stands on a day."""

    NONE = "none"
    VALID = "valid"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


def state_of(consent: Consent, day: date) -> State:
    """Return how one paper stands on a day, whatever came after it."""
    if consent.given_day > day:
        return State.NONE
    if consent.refused:
        return State.REFUSED
    if consent.withdrawn_at is not None and consent.withdrawn_at.astimezone(UTC).date() <= day:
        return State.WITHDRAWN
    if consent.expires_day is not None and consent.expires_day < day:
        return State.EXPIRED
    return State.VALID


def state(consents: Iterable[Consent], purpose: str, day: date, round_id: str | None = None) -> State:
    """Return how the consent of one person to a purpose stands on a day.

    The last word counts: a refusal ends every consent given before it, a consent every refusal. Of the consents after
    the last refusal any in force will do. A consent for one round does not count in another.
    """
    found = sorted(
        (one for one in consents if one.purpose == purpose and one.round_id in (None, round_id)),
        key=lambda one: (one.given_day, one.recorded_at, one.id),
    )
    last = State.NONE
    standing = False
    for consent in found:
        now = state_of(consent, day)
        if now is State.NONE:
            continue
        standing = now is State.VALID or (standing and now is not State.REFUSED)
        last = now
    return State.VALID if standing else last


def valid(consents: Iterable[Consent], purpose: str, day: date, round_id: str | None = None) -> bool:
    """Say whether a consent of one person to a purpose is in force on a day."""
    return state(consents, purpose, day, round_id) is State.VALID


def missing(
    consents: Iterable[Consent],
    use: Use,
    day: date,
    *,
    round_id: str | None = None,
    is_minor: bool = False,
    is_employee: bool = True,
    strict: bool = False,
) -> dict[str, State]:
    """Return the purposes that forbid a use of one person's data on a day, and how each stands; empty: it is allowed.

    Where a use is lawful without a consent, only a refused, withdrawn or ended one forbids it; ``strict`` asks for
    one that is in force all the same. An adult who is no employee signs an agreement or a consent to the duties, not
    both (A-42).
    """
    rows = list(consents)
    found: dict[str, State] = {}
    for id_ in use.needs:
        if not purposes()[id_].is_asked(is_minor=is_minor, is_employee=is_employee):
            continue
        standing = state(rows, id_, day, round_id)
        if standing is State.VALID or (standing is State.NONE and use.lawful_without and not strict):
            continue
        found[id_] = standing
    if not is_minor and not is_employee:
        _drop_twins(found, use)
    return found


def _drop_twins(found: dict[str, State], use: Use) -> None:
    """Drop a purpose never spoken of where its twin is in force; a refusal stays a refusal."""
    for id_, purpose in purposes().items():
        twin = purpose.in_place_of
        if twin is None or not {id_, twin} <= set(use.needs) or {id_, twin} <= found.keys():
            continue
        for one in (id_, twin):
            if found.get(one) is State.NONE:
                del found[one]
