"""From the answer in indices to a schedule in words: ids, numbers of windows, rooms, licences, checkpoints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from matcher.outcome import Proof, SolveStatus
from matcher.roster import SessionMode
from matcher.scheduling.build import SessionCase
from matcher.scheduling.free import ONLINE
from matcher.scheduling.furnish import furnish
from matcher.scheduling.numbers import which_sessions
from matcher.scheduling.prices import named_certificate
from matcher.scheduling.reasons import Reasons
from matcher.scheduling.reserve import reserves_of
from matcher.sessions.result import SessionResult
from matcher.sessions.schedule import (
    Activity,
    ActivityPurpose,
    PlannedSession,
    Schedule,
    ScheduleLevel,
    SessionState,
    Unplaced,
)
from matcher.texts import Text, text, text_n

_MIN_FOR_CHECKPOINTS = 3


def build_schedule(case: SessionCase, result: SessionResult, *, previous: Sequence[PlannedSession] = ()) -> Schedule:
    """Return the schedule that a result means.

    Sessions that were ``previous`` keep state, and the number of their published changes grows where they moved. A
    session that finds no single room although rooms suffice by number is left out and listed.
    """
    placed = _sessions(case, result)
    before = {session.id: session for session in previous}
    furnished = [_with_state(session, before.get(session.id)) for session in furnish(case, placed, previous)]
    sessions = _with_checkpoints(case.activities, furnished)
    roomless = {session.id for session in placed} - {session.id for session in sessions}
    # With sessions left out nothing holds any more but the bound that prices prove of those missing.
    bounded = {
        level.name
        for level in result.levels
        if not roomless or (level.name == "missing" and level.proof is not Proof.SOLVER)
    }
    return Schedule(
        time_zone=case.case.timetables.time_zone,
        first_day=case.case.calendar.first_day,
        last_day=case.case.calendar.last_day,
        status=result.status if not roomless else SolveStatus.FEASIBLE,
        activities=tuple(sorted((*case.activities, *case.reserves), key=lambda activity: activity.id)),
        sessions=tuple(sorted(sessions, key=lambda session: (session.activity, session.number))),
        unplaced=_unplaced(case, result, sessions, roomless),
        reserves=reserves_of(case.reserves, case.case, case.activities, sessions),
        levels=_levels(result, bounded, sessions, sum(activity.wanted for activity in case.activities)),
        prices=tuple(zip(case.pools, result.pool_price.tolist(), strict=False)),
        certificates=tuple(named_certificate(case, one) for one in result.certificates if one.level in bounded),
        held=tuple(session.id for session in case.held),
        notes=_notes(case),
        engine=result.engine,
        seconds=result.seconds,
    )


def _sessions(case: SessionCase, result: SessionResult) -> list[PlannedSession]:
    """Return the sessions without rooms and licences; held ones as they are."""
    problem, places = case.problem, case.case.places
    held = {(session.activity, session.day): session for session in case.held}
    found = []
    for choice, day in zip(result.sessions.choice.tolist(), result.sessions.day.tolist(), strict=True):
        activity = case.activities[int(problem.choice_activity[choice])]
        date = case.case.calendar.day[day]
        if (activity.id, date) in held:
            found.append(held[activity.id, date])
            continue
        slot = int(problem.choice_slot[choice])
        site = int(problem.venue_site[problem.choice_venue[choice]])
        number = next(
            at for at, window in enumerate(activity.windows, start=1) if window.first_day <= date <= window.last_day
        )
        found.append(
            PlannedSession(
                id=f"{activity.id}/{number}",
                activity=activity.id,
                number=number,
                day=date,
                start_minute=int(problem.slot_start[slot]),
                end_minute=int(problem.slot_end[slot]),
                mode=SessionMode.ONLINE if site == ONLINE else SessionMode.IN_PERSON,
                site=None if site == ONLINE else places.site[site].id,
                reversed=activity.both_ways and number % 2 == 0,
            )
        )
    return found


def _with_state(session: PlannedSession, before: PlannedSession | None) -> PlannedSession:
    """Return a session with the state it had; where it moved the number of published changes grows."""
    if before is None or session.state is SessionState.HELD or before.state is not SessionState.PUBLISHED:
        return session
    same = _told(session) == _told(before)
    return replace(session, state=SessionState.PUBLISHED, sequence=before.sequence + (not same))


def _told(session: PlannedSession) -> tuple[object, ...]:
    """Return what people know of a session."""
    return (
        session.day, session.start_minute, session.end_minute, session.mode, session.site, session.room,
        session.reversed,
    )  # fmt: skip


def _with_checkpoints(activities: Sequence[Activity], sessions: Sequence[PlannedSession]) -> list[PlannedSession]:
    """Return the sessions with checkpoints marked: those nearest to one and to two thirds of the term (KAL 4.9)."""
    by_activity: dict[str, list[PlannedSession]] = defaultdict(list)
    for session in sessions:
        by_activity[session.activity].append(session)
    marked: set[str] = set()
    for activity in activities:
        mine = sorted(by_activity[activity.id], key=lambda session: session.day)
        if activity.purpose is not ActivityPurpose.MEETING or activity.wanted < _MIN_FOR_CHECKPOINTS:
            continue
        first, last = activity.windows[0].first_day.toordinal(), activity.windows[-1].last_day.toordinal()
        for third in (1, 2):
            left = [session for session in mine if session.id not in marked]
            if left:
                aim = first * 3 + (last - first) * third
                marked.add(min(left, key=lambda session: abs(session.day.toordinal() * 3 - aim)).id)
    return [replace(session, checkpoint=session.id in marked) for session in sessions]


def _unplaced(
    case: SessionCase, result: SessionResult, sessions: Sequence[PlannedSession], roomless: set[str]
) -> tuple[Unplaced, ...]:
    """Return what is missing of every activity, why, and whether nobody could do better."""
    there: dict[str, set[int]] = defaultdict(set)
    for session in sessions:
        there[session.activity].add(session.number)
    reasons = Reasons(case, result)
    found = []
    for at, activity in enumerate(case.activities):
        missing = (n for n in range(1, activity.wanted + 1) if n not in there[activity.id])
        numbers = tuple(n for n in missing if case.is_asked_for(activity, n))
        if not numbers:
            continue
        told = reasons.of(at, [n for n in numbers if f"{activity.id}/{n}" not in roomless])
        lost = [n for n in numbers if f"{activity.id}/{n}" in roomless]
        if lost:
            told = (*told, text("{sessions}: no single room is free all through", sessions=which_sessions(lost)))
        is_proved = len(numbers) <= int(result.least_missing[at])
        found.append(Unplaced(activity=activity.id, numbers=numbers, reasons=told, is_proved=is_proved))
    return tuple(sorted(found, key=lambda one: one.activity))


def _levels(
    result: SessionResult, bounded: Collection[str], sessions: Sequence[PlannedSession], wanted: int
) -> tuple[ScheduleLevel, ...]:
    """Return the levels; what can be counted on the schedule is counted anew, proofs of other values are dropped."""
    times: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for session in sessions:
        times[session.activity].add((session.day.weekday(), session.start_minute))
    counted = {"missing": wanted - len(sessions), "rhythm": sum(len(mine) for mine in times.values())}
    found = []
    for level in result.levels:
        value = counted.get(level.name, level.value)
        proof = level.proof if value == level.value and level.name in bounded else None
        bound = level.bound if level.name in bounded else None
        if level.name == "cost" and proof is None:
            bound = None  # nothing below zero is no bound worth telling
        found.append(ScheduleLevel(name=level.name, value=value, bound=bound, proof=proof))
    return tuple(found)


def _notes(case: SessionCase) -> tuple[Text, ...]:
    """Return what a curator should know of the whole schedule."""
    found: list[Text] = []
    over = [activity.id for activity in case.activities if not activity.wanted]
    if over:
        clause = case.case.policy.programme.months.clause
        sentence = text(
            "nothing is planned for {ids}: the term is over (HR-16, {clause})", ids="; ".join(over), clause=clause
        )
        found.append(sentence)
    pupils = {id_ for activity in case.activities for id_ in case.case.unknown_pupils(activity)}
    if pupils:
        found.append(
            text_n(
                "the lessons of {count} pupil or class are not known: sessions are planned after the first shift",
                "the lessons of {count} pupils or classes are not known: sessions are planned after the first shift",
                count=len(pupils),
            )
        )
    if case.lost:
        found.append(
            text_n(
                "{count} published session cannot stay: its time is no longer possible",
                "{count} published sessions cannot stay: their times are no longer possible",
                count=len(case.lost),
            )
        )
    return tuple(found)
