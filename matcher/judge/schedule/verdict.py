"""The verdict on a schedule: every rule it breaks and its values counted anew, without a solver."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from matcher.judge.schedule.days import on_open_days, within_hours
from matcher.judge.schedule.diary import Diary, Meeting
from matcher.judge.schedule.patterns import counted_once, has_an_allowed_mode, has_its_length, in_its_window, spaced
from matcher.judge.schedule.people import are_free, one_place_at_a_time, weeks_within_limits
from matcher.judge.schedule.places import fits_its_place, licences_suffice, rooms_not_shared
from matcher.judge.schedule.possible import is_meeting_possible
from matcher.judge.schedule.programme import everybody_is_planned
from matcher.outcome import SolveStatus, Violation
from matcher.plan import Plan
from matcher.sessions.schedule import ActivityPurpose, PlannedSession, Schedule, SessionState
from matcher.texts import text

RULES_OF_ONE: tuple[Callable[[Diary, Meeting], Iterator[Violation]], ...] = (
    on_open_days,
    within_hours,
    are_free,
    fits_its_place,
    in_its_window,
    has_its_length,
    has_an_allowed_mode,
)
_OF_ALL: tuple[Callable[[Diary], Iterator[Violation]], ...] = (
    one_place_at_a_time,
    weeks_within_limits,
    rooms_not_shared,
    licences_suffice,
    spaced,
    counted_once,
)


def schedule_violations(plan: Plan) -> tuple[Violation, ...]:
    """Return every rule the sessions of a plan break; empty where there is no schedule.

    Subjects are ids: of a session, and of the person concerned.
    """
    if plan.schedule is None or plan.timetables is None:
        return ()
    diary = Diary.of(plan.schedule, plan.roster, plan.policy, plan.timetables)
    found = [broken for rule in RULES_OF_ONE for meeting in diary.meetings for broken in rule(diary, meeting)]
    found += [broken for whole in _OF_ALL for broken in whole(diary)]
    found += everybody_is_planned(plan.schedule, plan.pairs, plan.groups)
    found += _stated_otherwise(plan.schedule)
    found += _apart_for_nothing(plan, diary)
    return tuple(found)


def missing_sessions(schedule: Schedule) -> int:
    """Return how many sessions that were asked for are not there."""
    planned = {(session.activity, session.number) for session in live_sessions(schedule)}
    return sum(
        (activity.id, number) not in planned
        for activity in schedule.activities
        if activity.purpose is not ActivityPurpose.RESERVE
        for number in range(1, activity.wanted + 1)
    )


def rhythm_of(schedule: Schedule) -> int:
    """Return over how many different weekdays and hours the sessions of each activity are spread, summed."""
    times: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for session in live_sessions(schedule):
        times[session.activity].add((session.day.isoweekday(), session.start_minute))
    return sum(len(found) for found in times.values())


def live_sessions(schedule: Schedule) -> list[PlannedSession]:
    """Return the sessions that are not called off."""
    return [session for session in schedule.sessions if session.state is not SessionState.CANCELLED]


def _apart_for_nothing(plan: Plan, diary: Diary) -> Iterator[Violation]:
    """HR-17: pairs are kept apart only where they have no common time for half of their sessions."""
    for activity in plan.apart:
        if is_meeting_possible(diary, activity):
            message = text("the two are kept apart although they could meet")
            yield Violation("HR-17", (activity.mentor, *activity.mentees), message)


def _stated_otherwise(schedule: Schedule) -> Iterator[Violation]:
    counted = {"missing": missing_sessions(schedule), "rhythm": rhythm_of(schedule)}
    for level in schedule.levels:
        if level.name in counted and level.value != counted[level.name]:
            told = {"stated": level.value, "value": counted[level.name]}
            yield Violation("value", (level.name,), text("the value stated is {stated}, counted are {value}", **told))
        if level.bound is not None and level.bound > level.value:
            yield Violation("bound", (level.name,), text("the bound is worse than the value"))
    if schedule.status is SolveStatus.OPTIMAL and any(level.proof is None for level in schedule.levels):
        yield Violation("proof", (), text("the schedule calls itself best, but not every level is proved"))
