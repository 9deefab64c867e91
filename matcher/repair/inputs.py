"""A plan's inputs as they are after the changes: roster, timetables, activities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from matcher.candidates.build import build_candidates
from matcher.candidates.refusals import explain_refusals
from matcher.errors import Fault, InputError
from matcher.plan import Plan, PlannedPair
from matcher.repair.changes import Changes, NewPair, NewTimetable
from matcher.roster import Lock, LockStatus, Roster
from matcher.scheduling.activities import build_activities
from matcher.sessions.schedule import Activity, Schedule, Window
from matcher.texts import text
from matcher.timegrid import BusyState
from matcher.timetables import TakenTime, Timetables

_DAY_MINUTES = 24 * 60


def changed_roster(roster: Roster, changes: Changes) -> Roster:
    """Return the roster with the new absences."""
    return replace(roster, absences=(*roster.absences, *changes.absences))


def changed_timetables(roster: Roster, timetables: Timetables, changes: Changes) -> Timetables:
    """Return the timetables in which lost rooms are taken and new timetables follow the old ones."""
    lost = tuple(
        TakenTime(
            subject=loss.room,
            week=None,
            weekday=weekday,
            start_minute=0,
            end_minute=_DAY_MINUTES,
            state=BusyState.LESSON,
            first_day=loss.first_day,
            last_day=loss.last_day,
        )
        for loss in changes.rooms
        for weekday in range(1, 8)
    )
    found = replace(timetables, rooms=(*timetables.rooms, *lost))
    for new in changes.timetables:
        found = _followed_by(roster, found, new)
    return found


def _followed_by(roster: Roster, timetables: Timetables, new: NewTimetable) -> Timetables:
    """Return timetables in which one organisation's new timetable begins on its day."""
    people = {person.id for person in roster.people if person.organisation == new.organisation}
    sites = {site.id for site in roster.sites if site.organisation == new.organisation}
    rooms = {room.id for room in roster.rooms if room.site in sites}
    until = new.day - timedelta(days=1)

    def follow(old: Iterable[TakenTime], fresh: Iterable[TakenTime], own: set[str]) -> tuple[TakenTime, ...]:
        kept = [entry if entry.subject not in own else _until(entry, until) for entry in old]
        return (*kept, *(replace(entry, first_day=new.day) for entry in fresh if entry.subject in own))

    return replace(
        timetables,
        people=follow(timetables.people, new.timetables.people, people),
        rooms=follow(timetables.rooms, new.timetables.rooms, rooms),
        known=tuple(sorted({*timetables.known, *new.timetables.known})),
        bells={**timetables.bells, **new.timetables.bells},
    )


def _until(entry: TakenTime, day: date) -> TakenTime:
    return entry if entry.last_day is not None and entry.last_day < day else replace(entry, last_day=day)


def changed_activities(
    plan: Plan, schedule: Schedule, roster: Roster, timetables: Timetables, changes: Changes
) -> tuple[Activity, ...]:
    """Return the activities with their new terms, and those of new pairs.

    Raises
    ------
    InputError
        When a change names a pair or group the plan does not have, or a new pair breaks a rule.
    """
    known = {activity.id for activity in schedule.activities}
    named = [ending.activity for ending in changes.ends] + [term.activity for term in changes.terms]
    faults = [
        Fault(id_, text("the plan has no such pair or group"), text("write M:N as in the sheet of meetings"))
        for id_ in named
        if id_ not in known
    ]
    last_day = {ending.activity: ending.day for ending in changes.ends}
    last_day |= {term.activity: term.last_day for term in changes.terms}
    found = [
        _with_last_day(activity, last_day[_pair_of(activity)]) if _pair_of(activity) in last_day else activity
        for activity in schedule.activities
    ]
    for pair in changes.pairs:
        made, wrong = _of_new_pair(plan, schedule, roster, timetables, pair)
        found += [activity for activity in made if activity.id not in known]
        faults += wrong
    if faults:
        raise InputError(faults)
    return tuple(sorted(found, key=lambda activity: activity.id))


def _pair_of(activity: Activity) -> str:
    """Return the pair or group an activity belongs to: visits and reserves go with it."""
    return activity.id.partition("/")[0]


def _with_last_day(activity: Activity, day: date) -> Activity:
    """Return an activity that ends on a day: windows after it go, or more of the usual length follow."""
    windows = [window for window in activity.windows if window.first_day <= day]
    if windows and windows[-1].last_day > day:
        windows[-1] = Window(first_day=windows[-1].first_day, last_day=day)
    if activity.windows and len(windows) == len(activity.windows):
        length = _usual_length(activity.windows)
        while windows[-1].last_day + timedelta(days=length) <= day:
            begins = windows[-1].last_day + timedelta(days=1)
            windows.append(Window(first_day=begins, last_day=begins + timedelta(days=length - 1)))
    return replace(activity, windows=tuple(windows))


def _usual_length(windows: Sequence[Window]) -> int:
    lengths = sorted((window.last_day - window.first_day).days + 1 for window in windows)
    return lengths[len(lengths) // 2]


def _of_new_pair(
    plan: Plan, schedule: Schedule, roster: Roster, timetables: Timetables, pair: NewPair
) -> tuple[tuple[Activity, ...], list[Fault]]:
    """Return the activities of a new pair, or every rule that refuses it."""
    place = pair.place or f"{pair.mentor}:{pair.mentee}"
    mentors = tuple(mentor for mentor in roster.mentors if mentor.person == pair.mentor)
    mentees = tuple(mentee for mentee in roster.mentees if mentee.person == pair.mentee)
    faults = [
        Fault(place, text("{id} is not in the register of mentors", id=pair.mentor), text("add the person first"))
        for _ in range(not mentors)
    ]
    faults += [
        Fault(place, text("{id} is not in the register of mentees", id=pair.mentee), text("add the person first"))
        for _ in range(not mentees)
    ]
    if faults:
        return (), faults
    lock = Lock(mentor=pair.mentor, mentee=pair.mentee, kind=pair.kind, status=LockStatus.AGREED, since=pair.day)
    two = replace(roster, mentors=mentors, mentees=mentees, locks=(lock,))
    candidates = build_candidates(two, plan.policy, reference_day=plan.reference_day)
    refusals = explain_refusals(candidates.columns, 0, 0)
    if refusals or candidates.problem.num_options == 0:
        told = [refusal.sentence for refusal in refusals] or [text("there is no way of working together")]
        cure = text("choose another pair, or let the curator override the rule in the roster")
        return (), [Fault(place, message, cure) for message in told]
    planned = PlannedPair(
        mentor=pair.mentor,
        mentee=pair.mentee,
        form=candidates.form_of(0),
        kind=pair.kind,
        contour=candidates.contour_of(0),
    )
    made = build_activities(
        (planned,), (), replace(roster, locks=(lock,)), plan.policy, timetables,
        first_day=pair.day, last_day=schedule.last_day,
    )  # fmt: skip
    return made, []
