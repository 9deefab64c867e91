"""From a roster and a regulation to a plan: the whole path."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from matcher.candidates.build import build_candidates
from matcher.canonical import in_canonical_order
from matcher.impossible.unplaced import with_reasons
from matcher.judge.schedule.diary import Diary
from matcher.judge.schedule.possible import is_meeting_possible
from matcher.outcome import OnProgress, Stop
from matcher.pairing.solve import solve_pairing
from matcher.plan import Plan, PlannedPair, sides_of
from matcher.plan_ids import build_plan
from matcher.policy import Policy
from matcher.roster import Roster
from matcher.scheduling.plan import plan_sessions
from matcher.scheduling.terms import add_months
from matcher.school_year import SchoolYear
from matcher.sessions.schedule import Activity, ActivityPurpose, Schedule
from matcher.timegrid import Busy
from matcher.timetables import Timetables

PAIRING_SHARE = 0.5
"""The part of the time limit that pairing may take where sessions are planned too."""
REASONS_SHARE, MOST_REASON_SECONDS = 0.25, 20.0
"""Time besides for why sessions have no place and what would place them: a part of the limit, and at most so long."""
_USUAL_FIRST_DAY, _LEAST_MONTHS, _WEEK = (10, 1), 3, 7
MOST_RETURNS = 3
"""How often pairs that cannot meet are sent back to pairing."""


def make_plan(
    roster: Roster,
    policy: Policy,
    *,
    busy: Busy | None = None,
    timetables: Timetables | None = None,
    term: tuple[date, date] | None = None,
    time_limit: float = 60.0,
    work_limit: int | None = None,
    seed: int = 0,
    previous: Mapping[tuple[str, str], str] | None = None,
    schedule_before: Schedule | None = None,
    reference_day: date | None = None,
    on_progress: OnProgress | None = None,
    stop: Stop | None = None,
) -> Plan:
    """Return the best plan found for a roster under a regulation: the whole path.

    Parameters
    ----------
    busy
        When people are taken; without it the time of a group is left to be agreed.
    timetables, term
        With timetables to the minute the sessions are planned too, from the first to the last day of the term (by
        default the usual one of the regulation). Pairs that cannot meet go back to pairing: who finds another mentor
        gets one, the others keep theirs and are listed.
    time_limit, work_limit
        Seconds of search, or instead of them a deterministic amount of it. Where the result is proved optimal or the
        work limit ended it, the same input and seed give the same plan, whatever the order of the roster's rows.
    previous
        Pairs of the plan before and their kinds (:func:`pairs_of`): as few as possible are changed.
    schedule_before
        Sessions of the plan before: held ones stay, published ones move only for the sake of others.
    reference_day
        The day on which ages and experience are counted; by default that of the present school year.
    on_progress, stop
        Called with value and bound of the running level; asked now and then whether to stop with the best so far.

    Raises
    ------
    InputError
        When the policy's quotas name nobody of the roster, or a mentee has more needs than can be counted.
    """
    people = in_canonical_order(roster)
    ends = time.monotonic() + time_limit

    def pair(apart: tuple[Activity, ...]) -> Plan:
        candidates = build_candidates(
            people, policy, busy, previous=previous, reference_day=reference_day, apart=sides_of(apart)
        )
        left = max(1.0, ends - time.monotonic())
        result = solve_pairing(
            candidates.problem,
            time_limit=left if timetables is None else PAIRING_SHARE * left,
            work_limit=work_limit,
            seed=seed,
            on_progress=on_progress,
            stop=stop,
        )
        return replace(build_plan(candidates, result, people, seed=seed, previous=previous), apart=apart)

    def schedule(plan: Plan) -> Plan:
        assert timetables is not None
        first_day, last_day = term or usual_term(policy, timetables)
        found = plan_sessions(
            plan.pairs,
            plan.groups,
            people,
            policy,
            timetables,
            first_day=first_day,
            last_day=last_day,
            time_limit=max(1.0, ends - time.monotonic()),
            work_limit=work_limit,
            seed=seed,
            previous=schedule_before,
            on_progress=on_progress,
            stop=stop,
        )
        return replace(plan, timetables=timetables, schedule=found)

    plan = pair(())
    if timetables is None:
        return plan
    plan = schedule(plan)
    for _ in range(MOST_RETURNS):
        apart = tuple(cannot_meet(plan))
        if not apart:
            break
        again = pair((*plan.apart, *apart))
        lost = set(again.unmatched) - set(plan.unmatched)
        if lost:
            apart = tuple(activity for activity in apart if activity.mentees[0] not in lost)
            again = pair((*plan.apart, *apart)) if apart else plan
        if again is plan or len(again.unmatched) > len(plan.unmatched):
            break
        plan = schedule(again)
    if stop is not None and stop():
        return plan
    return with_reasons(plan, time_limit=min(MOST_REASON_SECONDS, REASONS_SHARE * time_limit))


def usual_term(policy: Policy, timetables: Timetables, *, today: date | None = None) -> tuple[date, date]:
    """Return the first and last day of meetings when nobody names others (A-06).

    They begin on 1 October, when pairs are agreed, and last as many months as the regulation's programme, at most to
    the end of the school year. Where that day lies before ``today`` they begin on the next Monday; where no day is
    left then, the first day returned lies behind the last.

    Raises
    ------
    KeyError
        When the timetables have no school year.
    """
    years = _years(timetables)
    opens = min(year.first_day for year in years)
    begins = max(opens, date(opens.year, *_USUAL_FIRST_DAY))
    if today is not None and begins < today:
        begins = today + timedelta(days=_WEEK - today.weekday())
    ends = add_months(begins, policy.programme.months.default) - timedelta(days=1)
    return begins, min(ends, max(year.last_day for year in years))


def is_nearly_over(timetables: Timetables, today: date) -> bool:
    """Return whether too little of the school year is left on a day for the shortest programme."""
    return max(year.last_day for year in _years(timetables)) < add_months(today, _LEAST_MONTHS)


def _years(timetables: Timetables) -> tuple[SchoolYear, ...]:
    return tuple(timetables.years.values()) or (timetables.year_of(""),)


def cannot_meet(plan: Plan) -> list[Activity]:
    """Return the activities of pairs that have no common time for half of their sessions; agreed pairs stay."""
    schedule, timetables = plan.schedule, plan.timetables
    if schedule is None or timetables is None:
        return []
    free: dict[tuple[str, str], PlannedPair] = {
        (pair.mentor, pair.mentee): pair for pair in plan.pairs if not pair.locked and pair.group is None
    }
    short = _with_half_missing(schedule)
    diary = Diary.of(schedule, plan.roster, plan.policy, timetables)
    return [
        activity
        for activity in schedule.activities
        if activity.id in short
        and len(activity.mentees) == 1
        and (activity.mentor, activity.mentees[0]) in free
        and not is_meeting_possible(diary, activity)
    ]


def _with_half_missing(schedule: Schedule) -> set[str]:
    wanted = {a.id: a.wanted for a in schedule.activities if a.purpose is ActivityPurpose.MEETING}
    missing = {unplaced.activity: len(unplaced.numbers) for unplaced in schedule.unplaced}
    return {id_ for id_, count in missing.items() if id_ in wanted and 2 * count > wanted[id_]}
