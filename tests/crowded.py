"""A school with one room and two hours a week: what its meetings lack, no pair lacks by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from matcher.plan import Plan
from matcher.planning import make_plan
from matcher.roster import MentoringKind, Room, SessionMode, Site
from matcher.school_year import Bell, SchoolYear, Span
from matcher.timegrid import BusyState
from matcher.timetables import TakenTime, Timetables
from tests.rosters import Round

FIRST, LAST = date(2026, 9, 7), date(2026, 11, 1)
HOUR = (840, 900)


def _day(number: int) -> date:
    return FIRST + timedelta(days=number)


# Three windows: hours on one Monday and two Tuesdays, on two Mondays and a Tuesday, on a Monday and a Tuesday.
YEAR = SchoolYear(
    id="y",
    title="y",
    first_day=FIRST,
    last_day=date(2027, 5, 28),
    holidays=tuple(Span(name="h", first_day=day, last_day=day) for day in map(_day, (0, 7, 8, 21, 22, 29, 43, 49))),
    bells=(Bell(name="7", start_minute=HOUR[0], end_minute=HOUR[1]),),
)


def _taken(person: str) -> list[TakenTime]:
    """Return the times that leave a person the hour on Monday and Tuesday."""
    whole = [(weekday, 0, 1440) for weekday in range(3, 8)]
    parts = [(weekday, *part) for weekday in (1, 2) for part in ((0, HOUR[0]), (HOUR[1], 1440))]
    return [
        TakenTime(
            subject=person, week=None, weekday=weekday, start_minute=start, end_minute=end,
            state=BusyState.NOT_REACHABLE,
        )
        for weekday, start, end in (*parts, *whole)
    ]  # fmt: skip


@cache
def crowded_plan() -> Plan:
    """Return a plan of three pairs that share one room: by itself each could meet three times on one weekday."""
    made = Round("kalmykia")
    modes = (SessionMode.IN_PERSON,)
    ids = range(1, 4)
    for number in ids:
        made = made.mentor(f"M-{number}", max_individual=1, kinds=(MentoringKind.TRADITIONAL,), modes=modes)
        made = made.mentee(f"N-{number}", kinds=(MentoringKind.TRADITIONAL,), modes=modes)
    roster = replace(
        made.roster, sites=(Site(id="A", organisation="S-1"),), rooms=(Room(id="R", site="A", capacity=4),)
    )
    taken = [entry for number in ids for side in "MN" for entry in _taken(f"{side}-{number}")]
    timetables = Timetables(people=tuple(sorted(taken, key=lambda one: one.subject)), years={"": YEAR})
    return make_plan(roster, made.policy, timetables=timetables, term=(FIRST, LAST), work_limit=2_000)
