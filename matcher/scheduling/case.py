"""What options are built from, looked up once: days, places and times of everybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from matcher.policy import Policy
from matcher.roster import PersonKind, Roster
from matcher.scheduling.calendar import Calendar
from matcher.scheduling.free import ONLINE, FreeTime
from matcher.scheduling.slots import Slots, Start, slots_of, starts_of
from matcher.scheduling.venues import Places, Venue
from matcher.sessions.problem import BoolArray, IntArray
from matcher.sessions.schedule import Activity, ActivityPurpose
from matcher.timetables import Timetables

_ALL_WEEK = range(7)


class Case:
    """Everything that is looked up when options are built: days, places and times of everybody."""

    def __init__(self, roster: Roster, policy: Policy, timetables: Timetables, first_day: date, last_day: date) -> None:
        self.roster, self.policy, self.timetables = roster, policy, timetables
        self.calendar = Calendar(roster, timetables, first_day, last_day)
        self.places = Places(roster, policy, self.calendar)
        self.free = FreeTime(roster, timetables, self.calendar, self.places.index)
        self.cost_weight = policy.weights.get("SO-11", 1)
        self._starts: dict[str, tuple[Start, ...]] = {}
        self._slots: dict[tuple[object, ...], tuple[Slots, Slots, IntArray]] = {}

    def people_of(self, activity: Activity) -> tuple[str, ...]:
        """Return everybody whose time an activity takes, a class as one."""
        own = activity.people
        return own if activity.school_class is None else (*own, activity.school_class)

    def open_days(self, activity: Activity) -> BoolArray:
        """Return the days on which the organisations of everybody work, and nobody is away or in an exam."""
        found = self.school_days(activity)
        for id_ in self.people_of(activity):
            found = found & self.calendar.present(id_)
        return found

    def school_days(self, activity: Activity) -> BoolArray:
        """Return the days on which the organisations of everybody work."""
        found = np.ones(self.calendar.num_days, dtype=bool)
        for organisation in {self.calendar.organisation_of(id_) for id_ in self.people_of(activity)}:
            found &= self.calendar.open_days(organisation, vacations=activity.vacations)
        return found

    def slots_at(self, activity: Activity, venue: Venue) -> tuple[Slots, Slots, IntArray]:
        """Return the slots of an activity at a venue (full, short, full one of each short one)."""
        host = self.calendar.organisation_of(activity.mentor)
        if venue.site != ONLINE:
            host = self.places.site[venue.site].organisation
        earliest, latest = self.hours_of(activity)
        key = (host, activity.minutes, activity.min_minutes, earliest, latest)
        if key not in self._slots:
            self._slots[key] = slots_of(
                self._starts_of(host), _ALL_WEEK, minutes=activity.minutes, min_minutes=activity.min_minutes,
                earliest=earliest, latest=latest,
            )  # fmt: skip
        return self._slots[key]

    def taken(self, activity: Activity, slots: Slots, venue: Venue) -> BoolArray:
        """Return on which days somebody of an activity cannot meet in a slot, shape (num_slots, num_days).

        Who is away and which days are closed is told by :meth:`open_days`.
        """
        everybody = [self.free.of_person(id_, self.places.home(id_)) for id_ in self.people_of(activity)]
        visited = set(activity.mentees) if activity.purpose is ActivityPurpose.LESSON_VISIT else set()
        first, kind = _joint([times.kind for times in everybody])
        found = np.zeros((len(slots), len(first)), dtype=bool)
        for id_, times in zip(self.people_of(activity), everybody, strict=True):
            mine = times.taken(slots, venue.site, self.places.travel, lessons=id_ not in visited)
            found |= mine[:, times.kind[first]]
        by_day: BoolArray = found[:, kind]
        return by_day

    def unknown_pupils(self, activity: Activity) -> tuple[str, ...]:
        """Return pupils (and classes) of an activity whose lessons are not known."""
        return tuple(
            id_
            for id_ in self.people_of(activity)
            if not self.free.is_known(id_)
            and (id_ not in self.calendar.people or self.calendar.people[id_].person_kind is PersonKind.PUPIL)
        )

    def hours_of(self, activity: Activity) -> tuple[int, int]:
        """Return the hours of the day that all organisations share, in the common clock."""
        earliest, latest = 0, 24 * 60 if activity.latest_minute is None else activity.latest_minute
        for organisation in {self.calendar.organisation_of(id_) for id_ in self.people_of(activity)}:
            year, ahead = self.calendar.year_of(organisation), self.calendar.ahead_of(organisation)
            earliest = max(earliest, year.day_start_minute + ahead)
            latest = min(latest, year.day_end_minute + ahead)
        for id_ in self.unknown_pupils(activity):
            organisation = self.calendar.organisation_of(id_)
            lessons = [bell.end_minute for bell in self.timetables.bells_of(organisation) if bell.shift == 1]
            earliest = max([earliest, *lessons])
        return earliest, latest

    def _starts_of(self, organisation: str) -> tuple[Start, ...]:
        if organisation not in self._starts:
            bells = self.timetables.bells_of(organisation)
            ahead = self.calendar.ahead_of(organisation)
            self._starts[organisation] = starts_of(self.calendar.year_of(organisation), bells, ahead)
        return self._starts[organisation]


def _joint(kinds: Sequence[IntArray]) -> tuple[IntArray, IntArray]:
    """Return the kinds of days of several people taken together: a day of each, and the kind of every day."""
    code = np.zeros_like(kinds[0])
    for kind in kinds:
        code = code * (int(kind.max(initial=0)) + 1) + kind
        code = np.unique(code, return_inverse=True)[1].reshape(-1)
    _, first, joint = np.unique(code, return_index=True, return_inverse=True)
    return first.astype(np.int64), joint.reshape(-1).astype(np.int64)
