"""Which days a round plans: those it names, else the usual ones of its regulation, of which none is past."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
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


def rest_of(
    task: Mapping[str, Any], plan: Plan, weeks: Timetables, read_year: Callable[[int], Weeks]
) -> tuple[Timetables, Term, date]:
    """Return the timetables, the first and last day of a plan's meetings, and the day from which they are planned anew.

    That is tomorrow, or the first day of meetings where that is still to come. Meetings that are planned already keep
    their school year and their first day.

    Raises
    ------
    InputError
        When no day is left.
    """
    before, known = plan.schedule, dict(task)
    if before is not None and plan.timetables is not None:
        known["first_day"] = before.first_day.isoformat()
        if _opens(plan.timetables) != _opens(weeks):
            _, weeks, _ = read_year(_opens(plan.timetables))
    weeks, _, (first, last) = term_of(known, plan.policy, weeks, None, plan, read_year)
    if before is not None and not task.get("last_day"):
        last = max(last, before.last_day)
    begins = max(first, date.fromisoformat(task["today"]) + timedelta(days=1))
    if begins > last:
        message = text("the last day of meetings ({last}) is past", last=_shown(last))
        raise InputError([Fault("round", message, text("name the first and the last day of meetings in the round"))])
    return weeks, (first if before is not None else begins, last), begins


def _opens(weeks: Timetables) -> int:
    """Return the year in which the school year of timetables begins."""
    return min(found.first_day.year for found in weeks.years.values())


def _next_year(weeks: Timetables, read_year: Callable[[int], Weeks]) -> Weeks | None:
    """Return the same timetables in the next school year; None where a calendar is written for one year alone."""
    try:
        return read_year(_opens(weeks) + 1)
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
