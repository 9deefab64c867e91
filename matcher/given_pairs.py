"""Meetings for pairs that stand: nobody is paired anew, whoever cannot meet is listed with the reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date

from matcher.canonical import in_canonical_order
from matcher.impossible.unplaced import with_reasons
from matcher.outcome import OnProgress, Stop
from matcher.plan import Plan, PlannedGroup, PlannedPair
from matcher.planning import MOST_REASON_SECONDS, REASONS_SHARE
from matcher.roster import MentorStatus, Roster, Topic
from matcher.scheduling.rest import plan_rest
from matcher.sessions.schedule import Activity, Schedule, SessionState
from matcher.texts import Text, text
from matcher.timetables import Timetables

_MOST_PAIRS = 10


def plan_meetings(
    plan: Plan,
    pairs: Sequence[PlannedPair],
    roster: Roster,
    timetables: Timetables,
    *,
    term: tuple[date, date],
    begins: date,
    time_limit: float = 60.0,
    work_limit: int | None = None,
    seed: int = 0,
    on_progress: OnProgress | None = None,
    stop: Stop | None = None,
) -> Plan:
    """Return a plan in which the sessions of given pairs are planned from the day ``begins`` on.

    What the plan says of pairing stays as it is, so that it can be explained; only sessions, timetables, absences and
    hours are those of now. Sessions that are held, published or past stay, drafts of other pairs go.

    Parameters
    ----------
    pairs
        Whoever works together now, seats in groups among them (``group`` names the group).
    roster
        The present one: who is not in it, or has left, meets nobody.
    term
        First and last day of the whole schedule.
    time_limit, work_limit
        Seconds of search, or instead of them a deterministic amount of it.
    on_progress, stop
        Called with value and bound of the running level; asked now and then whether to stop with the best so far.

    Raises
    ------
    InputError
        When an organisation has no school year.
    """
    people = in_canonical_order(roster)
    meet = _who_may_meet(plan, pairs, people)
    schedule = plan_rest(
        meet,
        _groups(plan, meet),
        people,
        plan.policy,
        timetables,
        first_day=term[0],
        last_day=term[1],
        begins=begins,
        previous=plan.schedule,
        time_limit=time_limit,
        work_limit=work_limit,
        seed=seed,
        on_progress=on_progress,
        stop=stop,
    )
    left_out = sorted({f"{pair.mentor}:{pair.mentee}" for pair in pairs} - {f"{p.mentor}:{p.mentee}" for p in meet})
    if left_out:
        schedule = replace(schedule, notes=(*schedule.notes, _on_left_out(left_out)))
    found = replace(
        plan,
        roster=replace(plan.roster, absences=people.absences, availability=people.availability),
        timetables=timetables,
        schedule=schedule,
    )
    if stop is not None and stop():
        return found
    return _with_reasons(found, schedule, begins, time_limit=min(MOST_REASON_SECONDS, REASONS_SHARE * time_limit))


def _who_may_meet(plan: Plan, pairs: Iterable[PlannedPair], roster: Roster) -> list[PlannedPair]:
    """Return the pairs whose two are there; a group's name that another mentor's group has is made its own."""
    mentors = {one.person for one in roster.mentors if one.status is not MentorStatus.LEFT}
    mentees = {one.person for one in roster.mentees}
    found = (pair for pair in pairs if pair.mentor in mentors and pair.mentee in mentees)
    owner = {group.id: group.mentor for group in plan.groups}
    return [
        pair
        if pair.group is None or owner.setdefault(pair.group, pair.mentor) == pair.mentor
        else replace(pair, group=f"{pair.group}:{pair.mentor}")
        for pair in sorted(found, key=lambda pair: (pair.mentee, pair.mentor))
    ]


def _groups(plan: Plan, pairs: Iterable[PlannedPair]) -> list[PlannedGroup]:
    """Return the groups that seats stand for: those of the plan with the members they have now."""
    members: dict[tuple[str, str], list[str]] = defaultdict(list)
    for pair in pairs:
        if pair.group is not None:
            members[pair.group, pair.mentor].append(pair.mentee)
    topics = {group.id: group.topic for group in plan.groups}
    return [
        PlannedGroup(
            id=id_,
            mentor=mentor,
            topic=topics.get(id_, Topic.SUBJECT_CONTENT),  # of no concern to when they meet
            subject=None,
            slot=None,
            minutes=0,
            members=tuple(mine),
        )
        for (id_, mentor), mine in sorted(members.items())
    ]


def _on_left_out(ids: Sequence[str]) -> Text:
    told = {"count": len(ids), "ids": "; ".join(ids[:_MOST_PAIRS]) + (" …" if len(ids) > _MOST_PAIRS else "")}
    return text("no meetings: one of the two has left, or his data may not be used ({count}): {ids}", **told)


def _with_reasons(plan: Plan, schedule: Schedule, begins: date, *, time_limit: float) -> Plan:
    """Return the plan with reasons where all that is missing lies ahead; what is past no concession would place."""
    there = {session.id for session in schedule.sessions if session.state is not SessionState.CANCELLED}
    activities = {activity.id: activity for activity in schedule.activities}
    asked = tuple(one for one in schedule.unplaced if _is_ahead(activities[one.activity], one.numbers, there, begins))
    told = with_reasons(replace(plan, schedule=replace(schedule, unplaced=asked)), time_limit=time_limit).schedule
    assert told is not None
    found = {unplaced.activity: unplaced for unplaced in told.unplaced}
    listed = tuple(found.get(unplaced.activity, unplaced) for unplaced in schedule.unplaced)
    return replace(plan, schedule=replace(schedule, unplaced=listed))


def _is_ahead(activity: Activity, numbers: tuple[int, ...], there: Collection[str], begins: date) -> bool:
    """Return whether sessions are missing in nothing but windows that are still open as a whole."""
    missing = tuple(n for n in range(1, activity.wanted + 1) if f"{activity.id}/{n}" not in there)
    return missing == numbers and all(activity.windows[n - 1].first_day >= begins for n in missing)
