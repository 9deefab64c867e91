"""How a process learns where the meetings of a plan are now: told as JSON, put back into the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from matcher.plan import Plan
from service.rounds.planned import with_meetings
from service.tables.rounds import Meeting

_TOLD = {
    "code",
    "activity",
    "number",
    "day",
    "start_minute",
    "end_minute",
    "mode",
    "site",
    "room",
    "licence",
    "state",
    "sequence",
}


def told_meetings(meetings: Iterable[Meeting]) -> list[dict[str, Any]]:
    """Return the meetings of a round as a process is told of them."""
    return [meeting.model_dump(mode="json", include=_TOLD) for meeting in meetings]


def at_present(plan: Plan, told: Iterable[Mapping[str, Any]]) -> Plan:
    """Return a plan with its meetings where people have moved them, held or called off."""
    meetings = [Meeting(**{**one, "day": date.fromisoformat(one["day"])}) for one in told]
    return with_meetings(plan, meetings) if meetings else plan
