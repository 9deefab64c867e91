"""Which days a round plans: those it names, else the usual ones of its regulation, of which none is past."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from matcher.errors import Fault, InputError
from matcher.plan import Plan
from matcher.planning import is_nearly_over, usual_term
from matcher.policy import Policy
from matcher.sessions.schedule import SessionState
from matcher.texts import text
from matcher.timegrid import Busy
from matcher.timetables import Timetables

Weeks = tuple[Busy | None, Timetables, object]
Term = tuple[date, date]


def term_of(
    task: Mapping[str, Any],
    policy: Policy,
    weeks: Timetables,
    busy: Busy | None,
    before: Plan | None,
    read_year: Callable[[int], Weeks],
) -> tuple[Timetables, Busy | None, Term]:
    """Return the timetables and the first and last day of meetings.

    Where the round names no first day, meetings that were held keep theirs, else none is planned for a day that is
    past: a school year that is nearly over gives way to the next (``read_year``).

    Raises
    ------
    InputError
        When no day is left between the first and the last.
    """
    first = _day(task, "first_day") or _running_since(before)
    today = date.fromisoformat(task["today"])
    term = usual_term(policy, weeks)
    if first is None and term[0] < today:
        coming = _next_year(weeks, read_year) if is_nearly_over(weeks, today) else None
        if coming is not None:
            busy, weeks, _ = coming
            term = usual_term(policy, weeks)
        else:
            term = usual_term(policy, weeks, today=today)
    begins, ends = first or term[0], _day(task, "last_day") or term[1]
    if begins > ends:
        message = text(
            "the last day of meetings ({last}) comes before the first ({first})",
            last=_shown(ends),
            first=_shown(begins),
        )
        raise InputError([Fault("round", message, text("name the first and the last day of meetings in the round"))])
    return weeks, busy, (begins, ends)


def _next_year(weeks: Timetables, read_year: Callable[[int], Weeks]) -> Weeks | None:
    """Return the same timetables in the next school year; None where a calendar is written for one year alone."""
    try:
        return read_year(min(found.first_day.year for found in weeks.years.values()) + 1)
    except InputError:
        return None


def _running_since(before: Plan | None) -> date | None:
    schedule = None if before is None else before.schedule
    if schedule is None or all(session.state is not SessionState.HELD for session in schedule.sessions):
        return None
    return schedule.first_day


def _day(task: Mapping[str, Any], name: str) -> date | None:
    return date.fromisoformat(task[name]) if task.get(name) else None


def _shown(day: date) -> str:
    return f"{day:%d.%m.%Y}"
