"""Repair of a schedule: two or three ways to make good what was lost, with how many people and dates each moves."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from matcher.outcome import SolveStatus
from matcher.plan import Plan
from matcher.repair.changes import Changes
from matcher.repair.inputs import changed_activities, changed_roster, changed_timetables
from matcher.repair.lost import lost_sessions
from matcher.repair.numbers import numbered, opened, when_of, with_history
from matcher.repair.part import Touched, build_part, touched_of
from matcher.roster import Roster
from matcher.scheduling.furnish import furnish
from matcher.sessions.schedule import (
    Activity,
    ActivityPurpose,
    PlannedSession,
    Schedule,
    ScheduleLevel,
    SessionState,
    Unplaced,
)
from matcher.sessions.solve import solve_sessions
from matcher.texts import text
from matcher.timetables import Timetables

_SECONDS = 0.1
"""The most seconds of search for each option: what a repair places, its first passes place."""


class RepairWay(StrEnum):
    """What a repair may touch, from the least to the most."""

    LEAVE_OUT = "leave_out"
    REPLACE = "replace"
    MOVE_OWN = "move_own"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairOption:
    """One way to repair: the plan after it, and what it does.

    ``replaced`` are lost sessions that found another time, ``moved`` others that change theirs, ``left_out`` lost ones
    without a place, ``ended`` those nobody wants any more, since their pair ends. ``people`` are those whose calendar
    changes.
    """

    way: RepairWay
    plan: Plan
    replaced: tuple[PlannedSession, ...]
    moved: tuple[PlannedSession, ...]
    left_out: tuple[PlannedSession, ...]
    ended: tuple[PlannedSession, ...]
    people: tuple[str, ...]

    @property
    def missing(self) -> int:
        """Return how many sessions of the whole plan have no place after it."""
        schedule = self.plan.schedule
        return 0 if schedule is None else sum(len(found.numbers) for found in schedule.unplaced)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What was lost, and the ways to repair it, the recommended first: most sessions, then least movement."""

    lost: tuple[PlannedSession, ...]
    options: tuple[RepairOption, ...]
    seconds: float


def repair_plan(plan: Plan, changes: Changes, *, seed: int = 0, time_limit: float = _SECONDS) -> Repair:
    """Return the ways to repair the schedule of a plan after changes.

    Sessions before ``changes.today`` stay. Only activities that lost a session, are new or got a new term are touched;
    ``changes.budget`` leaves out options that move more people or dates than it allows.

    Raises
    ------
    InputError
        When a change names what the plan does not have, or a new pair breaks a rule.
    ValueError
        When the plan has no schedule.
    """
    started = time.monotonic()
    if plan.schedule is None or plan.timetables is None:
        raise ValueError("the plan has no schedule")
    work = _Work.of(plan, plan.schedule, plan.timetables, changes)
    options = [work.option(way, seed=seed, time_limit=time_limit) for way in _ways(work)]
    allowed = [option for option in _different(options) if _is_allowed(option, changes)]
    allowed.sort(key=lambda option: (option.missing, len(option.moved), len(option.people)))
    return Repair(lost=work.lost, options=tuple(allowed), seconds=time.monotonic() - started)


def _ways(work: _Work) -> tuple[RepairWay, ...]:
    return tuple(RepairWay) if work.touched else (RepairWay.LEAVE_OUT,)


def _different(options: Sequence[RepairOption]) -> list[RepairOption]:
    """Return the options, of those that come to the same only the one that touches least."""
    found: dict[tuple[object, ...], RepairOption] = {}
    for option in options:
        assert option.plan.schedule is not None
        found.setdefault(option.plan.schedule.sessions, option)
    return list(found.values())


def _is_allowed(option: RepairOption, changes: Changes) -> bool:
    people, dates = changes.budget.people, changes.budget.dates
    if option.way is RepairWay.LEAVE_OUT:
        return True
    within = people is None or len(option.people) <= people
    return within and (dates is None or len(option.moved) <= dates)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Work:
    """The changed inputs, what they took away, and which activities are planned anew."""

    plan: Plan
    schedule: Schedule
    changes: Changes
    roster: Roster
    timetables: Timetables
    activities: Mapping[str, Activity]
    lost: tuple[PlannedSession, ...]
    touched: tuple[Touched, ...]
    sessions: Mapping[str, Sequence[PlannedSession]]

    @classmethod
    def of(cls, plan: Plan, schedule: Schedule, timetables: Timetables, changes: Changes) -> _Work:
        roster = changed_roster(plan.roster, changes)
        changed = changed_timetables(plan.roster, timetables, changes)
        activities = changed_activities(plan, schedule, roster, changed, changes)
        lost = lost_sessions(plan, schedule, activities, roster, changed, changes)
        sessions: dict[str, list[PlannedSession]] = defaultdict(list)
        for session in schedule.sessions:
            sessions[session.activity].append(session)
        before = {activity.id: activity for activity in schedule.activities}
        gone = frozenset(session.id for session in lost)
        ids = {session.activity for session in lost}
        ids |= {a.id for a in activities if before.get(a.id) is None or a.wanted > before[a.id].wanted}
        touched = tuple(
            one
            for activity in activities
            if activity.id in ids and activity.purpose is not ActivityPurpose.RESERVE
            if (one := touched_of(activity, sessions[activity.id], gone, changes.today)).numbers
        )
        return cls(
            plan=plan,
            schedule=schedule,
            changes=changes,
            roster=roster,
            timetables=changed,
            activities={activity.id: activity for activity in activities},
            lost=lost,
            touched=touched,
            sessions=sessions,
        )

    def option(self, way: RepairWay, *, seed: int, time_limit: float) -> RepairOption:
        """Return one way to repair."""
        gone = {session.id for session in self.lost}
        placed = {one.activity.id: list(one.staying) for one in self.touched}
        if way is not RepairWay.LEAVE_OUT:
            placed = self._placed(may_move=way is RepairWay.MOVE_OWN, seed=seed, time_limit=time_limit)
        live: list[PlannedSession] = []
        for id_, mine in self.sessions.items():
            past = [session for session in mine if session.id not in gone]
            if id_ in placed:
                live += [session for session in past if session.day < self.changes.today]
            else:
                live += past
        live += [session for mine in placed.values() for session in mine]
        there = {session.id for session in live}
        called_off = [
            replace(session, state=SessionState.CANCELLED, sequence=session.sequence + 1)
            for session in self.schedule.sessions
            if session.id not in there and session.state is SessionState.PUBLISHED
        ]
        schedule = self._schedule([*live, *called_off])
        return self._told(way, replace(self.plan, roster=self.roster, timetables=self.timetables, schedule=schedule))

    def _placed(self, *, may_move: bool, seed: int, time_limit: float) -> dict[str, list[PlannedSession]]:
        """Return the sessions from today on of the touched activities."""
        today = self.changes.today
        others = {
            id_: [s for s in mine if s.day >= today and s.state is not SessionState.CANCELLED]
            for id_, mine in self.sessions.items()
        }
        case = build_part(
            self.touched, others, self.activities, self.roster, self.plan.policy, self.timetables,
            today=today, last_day=self._last_day(), may_move=may_move,
        )  # fmt: skip
        result = solve_sessions(case.problem, time_limit=time_limit, seed=seed, with_bounds=False)
        found = numbered(case, result, self.touched)
        stays = {id(session) for one in self.touched for session in one.staying}
        days = {session.day for mine in found.values() for session in mine}
        # Rooms and licences of what stands on the same days are not given out anew.
        standing = [session for session in case.held if session.activity not in found and session.day in days]
        sessions = [*standing, *(session for mine in found.values() for session in mine)]
        fixed = {id(session) for session in standing} | stays
        held = [replace(s, state=SessionState.HELD) if id(s) in fixed else s for s in sessions]
        furnished = furnish(case, held, self.schedule.sessions)
        before = {session.id: session for session in self.schedule.sessions}
        after: dict[str, list[PlannedSession]] = {id_: [] for id_ in found}
        for session in furnished:
            if session.activity in after:
                old = before.get(session.id)
                is_same = old is not None and id(old) in stays and session.state is SessionState.HELD
                after[session.activity].append(old if old is not None and is_same else with_history(session, old))
        return after

    def _last_day(self) -> date:
        ends = [one.activity.windows[-1].last_day for one in self.touched if one.activity.windows]
        return max([self.schedule.last_day, *ends])

    def _schedule(self, sessions: Sequence[PlannedSession]) -> Schedule:
        """Return the schedule with these sessions; windows of numbers that left theirs are opened."""
        live = [session for session in sessions if session.state is not SessionState.CANCELLED]
        before = {activity.id: activity for activity in self.schedule.activities}
        concerned = {session.activity for session in self.lost} | {one.activity.id for one in self.touched}
        concerned |= {id_ for id_, activity in self.activities.items() if before.get(id_) is not activity}
        mine: dict[str, dict[int, PlannedSession]] = defaultdict(dict)
        for session in live:
            if session.activity in concerned:
                mine[session.activity][session.number] = session
        activities = tuple(
            opened(activity, mine[id_], self.changes.today) if id_ in concerned else activity
            for id_, activity in self.activities.items()
        )
        reasons = {found.activity: found for found in self.schedule.unplaced}
        unplaced = []
        for activity in activities:
            old = reasons.get(activity.id, Unplaced(activity=activity.id, numbers=()))
            if activity.purpose is ActivityPurpose.RESERVE:
                continue
            numbers = old.numbers
            if activity.id in concerned:
                numbers = tuple(n for n in range(1, activity.wanted + 1) if n not in mine[activity.id])
            if numbers and numbers == old.numbers:
                unplaced.append(old)
            elif numbers:
                lost = text("the time planned was lost, and no other was found")
                unplaced.append(Unplaced(activity=activity.id, numbers=numbers, reasons=(lost,)))
        times = {(s.activity, s.day.isoweekday(), s.start_minute) for s in live}
        values = {"missing": sum(len(found.numbers) for found in unplaced), "rhythm": len(times)}
        levels = tuple(ScheduleLevel(name=name, value=value, bound=None) for name, value in values.items())
        return replace(
            self.schedule,
            last_day=self._last_day(),
            status=SolveStatus.FEASIBLE,
            activities=activities,
            sessions=tuple(sorted(sessions, key=lambda session: (session.activity, session.number, session.day))),
            unplaced=tuple(unplaced),
            levels=levels,
            # The proof was of the schedule before, under other facts: of this one nothing is proved.
            certificates=(),
            held=(),
            engine="repair",
        )

    def _told(self, way: RepairWay, plan: Plan) -> RepairOption:
        """Return the option with what it does to whom."""
        assert plan.schedule is not None
        after = {s.id: s for s in plan.schedule.sessions if s.state is not SessionState.CANCELLED}
        gone = {session.id for session in self.lost}
        replaced = tuple(after[session.id] for session in self.lost if session.id in after)
        moved = tuple(
            after[session.id]
            for mine in self.sessions.values()
            for session in mine
            if session.id in after and session.id not in gone and when_of(after[session.id]) != when_of(session)
        )
        gone_for_good = tuple(session for session in self.lost if session.id not in after)
        ended = tuple(s for s in gone_for_good if s.number > self.activities[s.activity].wanted)
        left_out = tuple(session for session in gone_for_good if session not in ended)
        known = {session.id for mine in self.sessions.values() for session in mine}
        fresh = [session for id_, session in after.items() if id_ not in known]
        people = {
            id_
            for session in (*replaced, *moved, *gone_for_good, *fresh)
            for id_ in self.activities[session.activity].people
        }
        return RepairOption(
            way=way,
            plan=plan,
            replaced=replaced,
            moved=moved,
            left_out=left_out,
            ended=ended,
            people=tuple(sorted(people)),
        )
