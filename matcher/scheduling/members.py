"""Who must be at the sessions of an activity, and how long a week everybody may spend on them (HR-06)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.roster import PersonKind
from matcher.scheduling.case import Case
from matcher.sessions.problem import NO_LIMIT, IntArray
from matcher.sessions.schedule import Activity


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Members:
    """Members in the form of the problem.

    ``person_id`` names people and classes; behind them stand the roles of people who are mentors and mentees at once,
    since each role has a limit of its own ("M-3 mentee").
    """

    person_id: tuple[str, ...]
    lead: IntArray
    activity: IntArray
    person: IntArray
    week_minutes: IntArray


def build_members(activities: Sequence[Activity], case: Case) -> Members:
    """Return the members of activities and their limits."""
    leads = {activity.mentor for activity in activities}
    led = {id_ for activity in activities for id_ in case.people_of(activity)[1:]}
    mentor_minutes, mentee_minutes = _limits(case)
    limit: dict[str, int] = {}
    for id_ in sorted(leads | led):
        if id_ in leads and id_ in led:
            limit[id_] = NO_LIMIT
        else:
            limit[id_] = mentor_minutes(id_) if id_ in leads else mentee_minutes(id_)
    for id_ in sorted(leads & led):
        limit[_as_mentor(id_)], limit[_as_mentee(id_)] = mentor_minutes(id_), mentee_minutes(id_)
    index = {name: at for at, name in enumerate(limit)}
    pupils = _pupils_of_classes(case, leads | led)
    rows: list[tuple[int, int]] = []
    for at, activity in enumerate(activities):
        mentor, *others = case.people_of(activity)
        names = [mentor, *others, *(id_ for id_ in pupils.get(activity.school_class or "", ()) if id_ not in others)]
        names += [_as_mentor(mentor)] if mentor in led else []
        names += [_as_mentee(id_) for id_ in others if id_ in leads]
        rows += [(at, index[name]) for name in dict.fromkeys(names)]
    table = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return Members(
        person_id=tuple(limit),
        lead=np.array([index[activity.mentor] for activity in activities], dtype=np.int64),
        activity=table[:, 0],
        person=table[:, 1],
        week_minutes=np.array(list(limit.values()), dtype=np.int64),
    )


def _as_mentor(id_: str) -> str:
    return f"{id_} mentor"


def _as_mentee(id_: str) -> str:
    return f"{id_} mentee"


def _pupils_of_classes(case: Case, among: set[str]) -> dict[str, list[str]]:
    """Return the pupils of every class that have sessions of their own: they are at those of the class too."""
    found: dict[str, list[str]] = {}
    for id_ in sorted(among):
        person = case.calendar.people.get(id_)
        if person is not None and person.person_kind is PersonKind.PUPIL and person.school_class is not None:
            found.setdefault(person.school_class, []).append(id_)
    return found


class _Limit:
    def __init__(self, own: dict[str, float | None], otherwise: float, *, is_on: bool) -> None:
        self._own, self._otherwise, self._is_on = own, otherwise, is_on

    def __call__(self, id_: str) -> int:
        if not self._is_on:
            return NO_LIMIT
        hours = self._own.get(id_)
        return int((self._otherwise if hours is None else hours) * 60)


def _limits(case: Case) -> tuple[_Limit, _Limit]:
    """Return the minutes a week of mentors and of mentees."""
    load, is_on = case.policy.load, case.policy.rule("HR-06").on
    mentors: dict[str, float | None] = {row.person: row.hours_per_week for row in case.roster.mentors}
    mentees: dict[str, float | None] = {row.person: row.hours_per_week for row in case.roster.mentees}
    return (
        _Limit(mentors, load.mentor_hours_per_week, is_on=is_on),
        _Limit(mentees, load.mentee_hours_per_week, is_on=is_on),
    )
