"""A small town built up by hand: two schools, bells from 8 o'clock, one school year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from matcher.io.policy_toml import read_policy
from matcher.plan import PlannedGroup, PlannedPair
from matcher.policy import Policy
from matcher.roster import (
    Contour,
    Mentee,
    Mentor,
    MentoringForm,
    MentoringKind,
    Organisation,
    Person,
    Roster,
    SessionMode,
    Site,
    Topic,
)
from matcher.scheduling.activities import build_activities
from matcher.scheduling.build import SessionCase, build_sessions
from matcher.scheduling.case import Case
from matcher.scheduling.options import Options, build_options
from matcher.scheduling.plan import plan_sessions
from matcher.school_year import Bell, SchoolYear, Span
from matcher.sessions.schedule import Activity, ActivityPurpose, Schedule, Window
from matcher.timegrid import BusyState
from matcher.timetables import TakenTime, Timetables

FIRST, LAST = date(2025, 9, 1), date(2026, 5, 26)
BELLS = tuple(Bell(name=f"{n}", start_minute=480 + 55 * n, end_minute=525 + 55 * n) for n in range(7))
YEAR = SchoolYear(
    id="y",
    title="year",
    first_day=FIRST,
    last_day=LAST,
    vacations=(
        Span(name="autumn", first_day=date(2025, 10, 27), last_day=date(2025, 11, 4)),
        Span(name="winter", first_day=date(2025, 12, 31), last_day=date(2026, 1, 11)),
        Span(name="spring", first_day=date(2026, 3, 28), last_day=date(2026, 4, 5)),
    ),
    holidays=(Span(name="", first_day=date(2026, 2, 23), last_day=date(2026, 2, 23)),),
    bells=BELLS,
)
EVERY_DAY = range(1, 6)


def taken(
    subject: str, weekday: int, start: int, end: int, state: BusyState = BusyState.LESSON, **changes: Any
) -> TakenTime:
    """Return a time of every week, in minutes."""
    entry = TakenTime(
        subject=subject, week=None, weekday=weekday, start_minute=start, end_minute=end, state=state
    )  # fmt: skip
    return replace(entry, **changes)


def lesson(subject: str, weekday: int, number: int, **changes: Any) -> TakenTime:
    """Return the lesson at a bell, counted from 0."""
    bell = BELLS[number]
    return taken(subject, weekday, bell.start_minute, bell.end_minute, **changes)


class World:
    """School S with teachers M and N in site A, school T with teacher O; all week free unless a test says otherwise."""

    def __init__(self, policy: str = "kalmykia") -> None:
        self.policy: Policy = read_policy(policy)
        self.year = YEAR
        self.first_day, self.last_day = FIRST, LAST
        self.roster = Roster(
            organisations=(Organisation(id="S"), Organisation(id="T")),
            sites=(Site(id="A", organisation="S"), Site(id="C", organisation="T")),
            people=tuple(
                Person(id=id_, organisation=organisation, pedagogical_experience_years=9)
                for id_, organisation in (("M", "S"), ("N", "S"), ("O", "T"), ("Q", "S"))
            ),
            mentors=(Mentor(person="M"),),
            mentees=(Mentee(person="N"), Mentee(person="O"), Mentee(person="Q")),
        )
        self.people: list[TakenTime] = []
        self.rooms: list[TakenTime] = []
        self.pairs: list[PlannedPair] = []
        self.groups: list[PlannedGroup] = []

    def change(self, **changes: Any) -> World:
        """Replace whole tables of the roster."""
        self.roster = replace(self.roster, **changes)
        return self

    def add(self, **tables: Any) -> World:
        """Append rows to tables of the roster."""
        return self.change(**{name: (*getattr(self.roster, name), *rows) for name, rows in tables.items()})

    def in_year(self, **changes: Any) -> World:
        """Change the school year."""
        self.year = replace(self.year, **changes)
        return self

    def busy(self, *entries: TakenTime) -> World:
        """Add times of people."""
        self.people += entries
        return self

    def room_busy(self, *entries: TakenTime) -> World:
        """Add times of rooms."""
        self.rooms += entries
        return self

    def pair(self, mentor: str = "M", mentee: str = "N", kind: str = "traditional", **changes: Any) -> World:
        """Add a pair."""
        pair = PlannedPair(
            mentor=mentor,
            mentee=mentee,
            form=MentoringForm.TEACHER_TEACHER,
            kind=MentoringKind(kind),
            contour=Contour.ORGANISATION,
        )
        self.pairs.append(replace(pair, **changes))
        return self

    def group(self, id_: str, mentor: str, *members: str, **changes: Any) -> World:
        """Add a group with its seats."""
        self.groups.append(
            PlannedGroup(
                id=id_, mentor=mentor, topic=Topic.DIGITAL, subject=None, slot=None, minutes=60, members=members
            )
        )
        for member in members:
            self.pair(mentor, member, "group", group=id_, **changes)
        return self

    @property
    def timetables(self) -> Timetables:
        """Return all timetables; whoever has an entry is known."""
        return Timetables(people=tuple(self.people), rooms=tuple(self.rooms), years={"": self.year})

    def activities(self, **options: Any) -> dict[str, Activity]:
        """Return the activities of the pairs and groups by id."""
        found = build_activities(
            self.pairs, self.groups, self.roster, self.policy, self.timetables, first_day=self.first_day,
            last_day=self.last_day, **options,
        )  # fmt: skip
        return {activity.id: activity for activity in found}

    def options(self, activity: Activity) -> Options:
        """Return the choices of one activity."""
        case = Case(self.roster, self.policy, self.timetables, self.first_day, self.last_day)
        return build_options(activity, case)

    def times(self, activity: Activity) -> set[tuple[int, int, int, str]]:
        """Return (weekday from 1, start, end, site or "online") of all choices."""
        case = Case(self.roster, self.policy, self.timetables, self.first_day, self.last_day)
        found = build_options(activity, case)
        slots = found.slots
        rows = zip(slots.weekday.tolist(), slots.start.tolist(), slots.end.tolist(), found.site.tolist(), strict=True)
        return {
            (day + 1, start, end, "online" if site < 0 else str(case.places.site[site].id))
            for day, start, end, site in rows
        }

    def days(self, activity: Activity) -> set[date]:
        """Return the days on which an activity could meet."""
        mask = np.asarray(self.options(activity).days.any(axis=0))
        return {date.fromordinal(self.first_day.toordinal() + int(at)) for at in np.flatnonzero(mask)}

    def sessions(self, *activities: Activity, **options: Any) -> SessionCase:
        """Return the problem of some activities."""
        return build_sessions(
            activities, self.roster, self.policy, self.timetables, first_day=self.first_day, last_day=self.last_day,
            **options,
        )  # fmt: skip

    def plan(self, **options: Any) -> Schedule:
        """Return the schedule of the pairs and groups."""
        return plan_sessions(
            self.pairs, self.groups, self.roster, self.policy, self.timetables, first_day=self.first_day,
            last_day=self.last_day, **{"work_limit": 200, **options},
        )  # fmt: skip


def meeting(mentor: str = "M", *mentees: str, **changes: Any) -> Activity:
    """Return an activity with one window, the first two weeks, that meets in person for 60 (45) minutes."""
    people = mentees or ("N",)
    activity = Activity(
        id=f"{mentor}:{people[0]}",
        purpose=ActivityPurpose.MEETING,
        kind=MentoringKind.SHORT_TERM,
        form=MentoringForm.TEACHER_TEACHER,
        mentor=mentor,
        mentees=people,
        size=1 + len(people),
        windows=(Window(first_day=date(2025, 9, 1), last_day=date(2025, 9, 12)),),
        modes=(SessionMode.IN_PERSON,),
    )
    return replace(activity, **changes)
