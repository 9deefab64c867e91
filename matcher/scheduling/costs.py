"""What a time and place costs beside being free (SO-11): wishes, evenings, trips, windows in the day, second modes.

The costs order choices that are alike in everything wanted more; they are units of the policy's weight of SO-11.
"""

from __future__ import annotations

import numpy as np

from matcher.scheduling.calendar import Calendar
from matcher.scheduling.free import ONLINE, PREFERRED, FreeTime
from matcher.scheduling.slots import Slots
from matcher.scheduling.venues import Places, Venue
from matcher.sessions.problem import IntArray

NOT_PREFERRED, EVENING, TRIP, IDLE, LATER_MODE = 2, 4, 3, 1, 2
"""A person's wish not met; a session that ends in his evening; his way to another site; a window in his day; a mode
that is not the first one asked for."""

IDLE_MINUTES = 30
"""A lesson within so many minutes of a session means that nobody waits for it."""


def slot_costs(
    slots: Slots, venue: Venue, people: tuple[str, ...], calendar: Calendar, places: Places, free: FreeTime, weight: int
) -> IntArray:
    """Return the cost of every slot at a venue for some people, shape (num_slots,)."""
    cost = np.full(len(slots), LATER_MODE * venue.rank, dtype=np.int64)
    for id_ in people:
        organisation = calendar.organisation_of(id_)
        home = places.home(id_)
        times = free.of_person(id_, home)
        evening = calendar.year_of(organisation).evening_minute + calendar.ahead_of(organisation)
        cost += EVENING * (slots.end > evening)
        preferred = times.preferred(slots)
        if preferred.any() or _has_wishes(times.state):
            cost += NOT_PREFERRED * ~preferred
        if venue.site != ONLINE:
            cost += TRIP * (home not in (-1, venue.site))
            if free.is_known(id_):
                cost += np.ceil(IDLE * times.idle(slots, IDLE_MINUTES).mean(axis=1)).astype(np.int64)
    return cost * weight


def _has_wishes(state: IntArray) -> bool:
    return bool((state == PREFERRED).any())
