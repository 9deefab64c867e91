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
    strict: bool = False,
) -> dict[str, State]:
    """Return the purposes that forbid a use of one person's data on a day, and how each stands; empty: it is allowed.

    Where a use is lawful without a consent, only a refused, withdrawn or ended one forbids it; ``strict`` asks for
    one that is in force all the same.
    """
    rows = list(consents)
    found: dict[str, State] = {}
    for purpose in use.needs:
        if purposes()[purpose].minors_only and not is_minor:
            continue
        standing = state(rows, purpose, day, round_id)
        if standing is State.VALID or (standing is State.NONE and use.lawful_without and not strict):
            continue
        found[purpose] = standing
    return found
