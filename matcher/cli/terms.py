"""Which days a round plans: those given, else the usual ones, of which none is past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from matcher.cli.language import chosen, tell
from matcher.errors import Fault, InputError
from matcher.texts import text

if TYPE_CHECKING:
    from matcher.io.report import Remark
    from matcher.policy import Policy
    from matcher.roster import Roster
    from matcher.timegrid import Busy
    from matcher.timetables import Timetables

Term = tuple[date, date]


def read_round(
    maps: Sequence[Path],
    people: Roster,
    regulation: Policy,
    *,
    calendar: str | None,
    first_day: date | None,
    last_day: date | None,
    today: date | None,
) -> tuple[Busy | None, Timetables, Term]:
    """Return when people are taken, and the first and last day of meetings.

    Where nobody names the first day and ``today`` is given, it is not past; a school year that is nearly over gives
    way to the next one. Either is told.

    Raises
    ------
    InputError
        When maps or calendars have faults, or no day is left between the first and the last.
    """
    from matcher.io.console import print_remarks
    from matcher.io.read_timetables import read_weeks
    from matcher.planning import is_nearly_over, usual_term

    busy, weeks, remarks = read_weeks(maps, people, calendar=calendar)
    usual = usual_term(regulation, weeks)
    if first_day is None and today is not None and usual[0] < today:
        coming = _next_year(maps, people, calendar, weeks) if is_nearly_over(weeks, today) else None
        if coming is not None:
            ended = weeks
            busy, weeks, remarks = coming
            usual = usual_term(regulation, weeks)
            _tell_next_year(ended, usual[0])
        else:
            begins = usual[0]
            usual = usual_term(regulation, weeks, today=today)
            _tell_later(begins, usual)
    print_remarks(remarks, chosen())
    return busy, weeks, _checked(usual, first_day, last_day)


def _next_year(
    maps: Sequence[Path], people: Roster, calendar: str | None, weeks: Timetables
) -> tuple[Busy | None, Timetables, tuple[Remark, ...]] | None:
    """Return the same timetables in the next school year; None where a calendar is written for one year alone."""
    from matcher.io.read_timetables import read_weeks

    year = min(found.first_day.year for found in weeks.years.values())
    try:
        return read_weeks(maps, people, calendar=calendar, year=year + 1)
    except InputError:
        return None


def _tell_next_year(ended: Timetables, begins: date) -> None:
    last = max(found.last_day for found in ended.years.values())
    tell(
        text(
            "The school year ends on {last}, too soon for a programme: meetings are planned for the next one, from"
            " {first} on. Other days: --from, --to.",
            last=_shown(last),
            first=_shown(begins),
        ),
        style="yellow",
    )


def _tell_later(begins: date, term: Term) -> None:
    if term[0] > term[1]:
        message = text("the school year is over on {last}", last=_shown(term[1]))
        cure = text("name the calendar of the coming school year (--calendar), or the days (--from, --to)")
        raise InputError([Fault("--from", message, cure)])
    tell(
        text(
            "The usual first day of meetings, {usual}, is past: they begin on {first}. Another day: --from.",
            usual=_shown(begins),
            first=_shown(term[0]),
        ),
        style="yellow",
    )


def _checked(usual: Term, first_day: date | None, last_day: date | None) -> Term:
    """Return the days of meetings: those given, else the usual ones."""
    first = usual[0] if first_day is None else first_day
    last = usual[1] if last_day is None else last_day
    if first <= last:
        return first, last
    place = "--to" if first_day is None else "--from"
    message = text(
        "the last day of meetings ({last}) comes before the first ({first})", last=_shown(last), first=_shown(first)
    )
    raise InputError([Fault(place, message, text("correct --from or --to"))])


def _shown(day: date) -> str:
    return f"{day:%d.%m.%Y}"
