"""A small plan with a schedule, made by hand: two pairs and a group, in person and online."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from matcher.io.policy_toml import read_policy
from matcher.outcome import Proof, SolveStatus
from matcher.plan import Plan
from matcher.planning import make_plan
from matcher.roster import Licence, MentoringKind, Room, SessionMode, Site
from matcher.school_year import SchoolYear
from matcher.sessions.schedule import (
    Activity,
    ActivityPurpose,
    Concession,
    PlannedSession,
    Schedule,
    ScheduleLevel,
    SessionState,
    Unplaced,
    Window,
)
from matcher.texts import text
from matcher.timetables import Timetables
from tests.rosters import Round

YEAR = SchoolYear(id="y", title="Учебный год", first_day=date(2026, 9, 1), last_day=date(2027, 5, 31))
WINDOWS = tuple(Window(first_day=date(2026, 9, first), last_day=date(2026, 9, first + 6)) for first in (1, 8, 15, 22))


def session(activity: str, number: int, day: date, start: int, **more: object) -> PlannedSession:
    place: dict[str, object] = {"mode": SessionMode.IN_PERSON, "site": "S-1", "room": "R-1"}
    return PlannedSession(
        id=f"{activity}/{number}",
        activity=activity,
        number=number,
        day=day,
        start_minute=start,
        end_minute=start + 60,
        **(place | more),  # type: ignore[arg-type]
    )


def scheduled_plan() -> Plan:
    """Return a plan of two pairs whose schedule has one session in each state and one that has no place."""
    made = Round("kalmykia").mentor("M-1", max_individual=1).mentor("M-2", max_individual=1).mentee("N-1").mentee("N-2")
    organisation = made.roster.people[0].organisation
    roster = replace(
        made.roster,
        sites=(Site(id="S-1", organisation=organisation, name="Главное здание"),),
        rooms=(Room(id="R-1", site="S-1", name="Кабинет 12", capacity=4),),
        licences=(Licence(id="L-1", name="Видео", count=2),),
    )
    plan = make_plan(roster, read_policy("kalmykia"), time_limit=5)
    activities = tuple(
        Activity(
            id=f"{pair.mentor}:{pair.mentee}",
            purpose=ActivityPurpose.MEETING,
            kind=MentoringKind(pair.kind),
            form=pair.form,
            mentor=pair.mentor,
            mentees=(pair.mentee,),
            windows=WINDOWS,
            gap_days=5,
            modes=(SessionMode.IN_PERSON, SessionMode.ONLINE),
        )
        for pair in plan.pairs
    )
    first, second = (activity.id for activity in activities)
    online = {"mode": SessionMode.ONLINE, "site": None, "room": None, "licence": "L-1"}
    schedule = Schedule(
        time_zone="Europe/Moscow",
        first_day=YEAR.first_day,
        last_day=YEAR.last_day,
        status=SolveStatus.FEASIBLE,
        activities=activities,
        sessions=(
            session(first, 1, date(2026, 9, 2), 840, state=SessionState.HELD),
            session(first, 2, date(2026, 9, 9), 840, state=SessionState.PUBLISHED, sequence=1),
            session(first, 3, date(2026, 9, 16), 840),
            session(first, 4, date(2026, 9, 23), 840),
            session(second, 1, date(2026, 9, 3), 900, **online),
            session(second, 2, date(2026, 9, 10), 900, **online),
            session(second, 3, date(2026, 9, 17), 900, state=SessionState.CANCELLED, sequence=2),
        ),
        unplaced=(
            Unplaced(
                activity=second,
                numbers=(3, 4),
                reasons=(text("nobody is free"),),
                concessions=(Concession(element="x", message=text("meet online"), gain=1),),
                is_proved=True,
            ),
        ),
        levels=(
            ScheduleLevel(name="missing", value=2, bound=2, proof=Proof.CERTIFICATE),
            ScheduleLevel(name="rhythm", value=2, bound=2, proof=Proof.CERTIFICATE),
        ),
    )
    return replace(plan, timetables=Timetables(years={"": YEAR}), schedule=schedule)
