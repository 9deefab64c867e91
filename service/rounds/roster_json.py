"""Rosters as JSON; apart from everything that knows of tables, since processes that read uploads start with it."""

from __future__ import annotations

from functools import cache

from pydantic import TypeAdapter

from matcher.roster import Roster


@cache
def _adapter() -> TypeAdapter[Roster]:
    return TypeAdapter(Roster)


def roster_json(roster: Roster) -> bytes:
    """Return a roster as JSON; :func:`roster_of` reads it back unchanged."""
    return _adapter().dump_json(roster, exclude_defaults=True)


def roster_of(content: bytes) -> Roster:
    """Return the roster of its JSON."""
    return _adapter().validate_json(content)
