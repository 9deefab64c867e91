"""A small school with a planned year, for repairs to spoil."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

from matcher.plan import Plan
from matcher.planning import make_plan
from matcher.roster import MentoringKind, Room, Site
from matcher.school_year import Bell, SchoolYear, Span
from matcher.sessions.schedule import PlannedSession, SessionState
from matcher.timegrid import BusyState
from matcher.timetables import TakenTime, Timetables
from tests.rosters import Round

FIRST, LAST, TODAY = date(2026, 9, 1), date(2026, 12, 30), date(2026, 10, 12)
BELLS = tuple(Bell(name=str(at), start_minute=510 + 60 * at, end_minute=555 + 60 * at) for at in range(6))
YEAR = SchoolYear(
    id="y",
    title="y",
    first_day=FIRST,
    last_day=date(2027, 5, 28),
    vacations=(Span(name="v", first_day=date(2026, 10, 26), last_day=date(2026, 11, 3)),),
    bells=BELLS,
    day_end_minute=960,
)


def _lessons(person: str, weekdays: tuple[int, ...]) -> list[TakenTime]:
    return [
        TakenTime(
            subject=person, week=None, weekday=day, start_minute=bell.start_minute, end_minute=bell.end_minute,
            state=BusyState.LESSON, site="A",
        )
        for day in weekdays
        for bell in BELLS[:4]
    ]  # fmt: skip


@cache
def planned_year() -> Plan:
    """Return a plan of three traditional pairs in one school with one room, all sessions published from today on."""
    made = Round("kalmykia")
    for number in (1, 2, 3):
        made = made.mentor(f"M-{number}", max_individual=1, kinds=(MentoringKind.TRADITIONAL,))
        made = made.mentee(f"N-{number}", kinds=(MentoringKind.TRADITIONAL,))
    roster = replace(
        made.roster, sites=(Site(id="A", organisation="S-1"),), rooms=(Room(id="R", site="A", capacity=4),)
    )
    taken = [
        entry for id_, days in (("M-1", (1, 2)), ("N-1", (1, 3)), ("M-2", (2, 4))) for entry in _lessons(id_, days)
    ]
    timetables = Timetables(people=tuple(taken), known=("M-1", "M-2", "N-1"), years={"": YEAR})
    plan = make_plan(roster, made.policy, timetables=timetables, term=(FIRST, LAST), time_limit=4)
    assert plan.schedule is not None
    sessions = tuple(replace(s, state=_state(s)) for s in plan.schedule.sessions)
    return replace(plan, schedule=replace(plan.schedule, sessions=sessions))


def _state(session: PlannedSession) -> SessionState:
    return SessionState.HELD if session.day < TODAY else SessionState.PUBLISHED
