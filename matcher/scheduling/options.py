"""The times and places at which one activity could meet, and on which days: everybody is free to the minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matcher.policy import Policy
from matcher.policy_words import PatternMode
from matcher.scheduling.calendar import Calendar
from matcher.scheduling.case import Case
from matcher.scheduling.costs import slot_costs
from matcher.scheduling.free import LESSON, ONLINE
from matcher.scheduling.slots import Slots
from matcher.scheduling.venues import Venue
from matcher.sessions.problem import BoolArray, IntArray
from matcher.sessions.schedule import Activity, ActivityPurpose


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Options:
    """Choices of one activity.

    Of each: its time in ``slots``, ``site`` (−1 online), ``cost``, and ``days`` (num_choices, num_days) it is possible.
    """

    slots: Slots
    site: IntArray
    cost: IntArray
    days: BoolArray

    def __len__(self) -> int:
        """Return the number of choices."""
        return len(self.site)

    def take(self, at: BoolArray | IntArray) -> Options:
        """Return some of the choices."""
        return Options(slots=self.slots.take(at), site=self.site[at], cost=self.cost[at], days=self.days[at])


def build_options(activity: Activity, case: Case, *, absences: bool = True) -> Options:
    """Return the choices of an activity; those of no day are left out.

    Without ``absences`` everybody is taken to be there on all school days.

    Where the pattern asks people of one organisation to meet in person, online choices are kept only for windows in
    which nobody finds a time in the building.
    """
    days = case.open_days(activity) if absences else case.school_days(activity)
    days = days & window_days(activity, case.calendar)
    venues = case.places.venues_of(activity)
    if activity.purpose is ActivityPurpose.LESSON_VISIT:
        found = _visits(activity, case, days, venues)
    else:
        found = joined_options([_at_venue(activity, case, days, venue) for venue in venues], case.calendar.num_days)
    if is_in_person_first(activity, case.policy):
        found = _online_where_needed(found, activity, case.calendar)
    return found.take(np.flatnonzero(found.days.any(axis=1)))


def window_days(activity: Activity, calendar: Calendar) -> BoolArray:
    """Return the days that lie in a window of an activity; all days for a reserve."""
    if activity.purpose is ActivityPurpose.RESERVE:
        return np.ones(calendar.num_days, dtype=bool)
    found = np.zeros(calendar.num_days, dtype=bool)
    for window in activity.windows:
        found |= calendar.span(window.first_day, window.last_day)
    return found


def is_in_person_first(activity: Activity, policy: Policy) -> bool:
    """Return whether an activity meets in the building wherever it can: the pattern says so of one organisation."""
    if activity.purpose is not ActivityPurpose.MEETING or len(activity.modes) < 2 or activity.modes[0] != "in_person":
        return False
    return policy.pattern_of(activity.kind, activity.form).mode is PatternMode.INSIDE_IN_PERSON


def _at_venue(activity: Activity, case: Case, days: BoolArray, venue: Venue) -> Options:
    full, short, full_of = case.slots_at(activity, venue)
    weekday, num_full = case.calendar.weekday, len(full)
    slots = Slots(
        weekday=np.concatenate([full.weekday, short.weekday]),
        start=np.concatenate([full.start, short.start]),
        end=np.concatenate([full.end, short.end]),
    )
    open_ = np.zeros((7, len(days)), dtype=bool)
    open_[weekday, np.arange(len(days))] = days
    free = ~case.taken(activity, slots, venue) & open_[slots.weekday]
    has_full = full_of >= 0
    free[num_full:][has_full] &= ~free[full_of[has_full]]
    some = np.flatnonzero(free.any(axis=1))
    kept = slots.take(some)
    people = case.people_of(activity)
    cost = slot_costs(kept, venue, people, case.calendar, case.places, case.free, case.cost_weight)
    return Options(slots=kept, site=np.full(len(kept), venue.site, dtype=np.int64), cost=cost, days=free[some])


def _visits(activity: Activity, case: Case, days: BoolArray, venues: Sequence[Venue]) -> Options:
    """Return the lessons of the mentee during which the mentor is free, at the site of the lesson."""
    reachable = {venue.site: venue for venue in venues if venue.site != ONLINE}
    mentee = activity.mentees[0]
    times = case.free.of_person(mentee, case.places.home(mentee))
    earliest, latest = case.hours_of(activity)
    found: dict[tuple[int, int, int, int], BoolArray] = {}
    for at in np.flatnonzero((times.state == LESSON) & times.sure).tolist():
        weekday, start = divmod(int(times.start[at]), 24 * 60)
        end = min(start + int(times.end[at] - times.start[at]), start + activity.minutes)
        site = int(times.site[at])
        if site not in reachable and site == -1 and len(reachable) == 1:
            site = next(iter(reachable))
        if site not in reachable or end - start < activity.min_minutes or start < earliest or end > latest:
            continue
        key = (weekday, start, end, site)
        on_days = times.on[at][times.kind] & days & (case.calendar.weekday == weekday)
        found[key] = found[key] | on_days if key in found else on_days
    parts = [
        _visits_at(activity, case, venue, {key[:3]: mask for key, mask in sorted(found.items()) if key[3] == site})
        for site, venue in reachable.items()
    ]
    return joined_options(parts, case.calendar.num_days)


def _visits_at(
    activity: Activity, case: Case, venue: Venue, lessons: Mapping[tuple[int, int, int], BoolArray]
) -> Options:
    """Return the visits of one site; ``lessons`` tells on which days each (weekday, start, end) is taught."""
    table = np.array(list(lessons), dtype=np.int64).reshape(-1, 3)
    slots = Slots(weekday=table[:, 0], start=table[:, 1], end=table[:, 2])
    days = np.array(list(lessons.values()), dtype=bool).reshape(len(table), case.calendar.num_days)
    free = ~case.taken(activity, slots, venue) & days
    mentor = (activity.mentor,)
    cost = slot_costs(slots, venue, mentor, case.calendar, case.places, case.free, case.cost_weight)
    return Options(slots=slots, site=np.full(len(slots), venue.site, dtype=np.int64), cost=cost, days=free)


def _online_where_needed(options: Options, activity: Activity, calendar: Calendar) -> Options:
    inside = options.days[options.site != ONLINE].any(axis=0)
    needed = np.zeros(calendar.num_days, dtype=bool)
    for window in activity.windows:
        span = calendar.span(window.first_day, window.last_day)
        if not (inside & span).any():
            needed |= span
    days = options.days & (needed | (options.site != ONLINE)[:, None])
    return replace(options, days=days)


def joined_options(parts: Sequence[Options], num_days: int) -> Options:
    """Return the choices of several lists as one."""
    if not parts:
        none = np.zeros(0, dtype=np.int64)
        empty = np.zeros((0, num_days), dtype=bool)
        return Options(slots=Slots(weekday=none, start=none, end=none), site=none, cost=none, days=empty)
    return Options(
        slots=Slots(
            weekday=np.concatenate([part.slots.weekday for part in parts]),
            start=np.concatenate([part.slots.start for part in parts]),
            end=np.concatenate([part.slots.end for part in parts]),
        ),
        site=np.concatenate([part.site for part in parts]),
        cost=np.concatenate([part.cost for part in parts]),
        days=np.concatenate([part.days for part in parts]),
    )
