"""The session-planning problem in arrays: activities, times of the cycle, places, and on which days each will do."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
NO_LIMIT = -1


def _none() -> IntArray:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SessionProblem:
    """Sessions of activities are to be placed on days and slots, each in one of its venues.

    A *choice* is an activity in a slot (a time of day in a day of the cycle) at a venue; a *session* is a choice on a
    day. Days are numbered from 0.

    Hard
        1. A session lies on a day its choice allows.
        2. Sessions of one activity lie apart: after one on day d the next is on ``next_day[activity, d]`` or later.
           This one array says windows (at most one session in each) and least gaps at once.
        3. At most ``wanted`` sessions of an activity.
        4. Two sessions of activities that share a person do not overlap on a day; at two different sites there lie
           ``travel[site, other]`` minutes between them.
        5. A person's sessions of one week last at most ``week_minutes`` together (counted in ``choice_minutes``).
        6. Cells (a room class or a licence pool at a time of the cycle) are used by at most ``cell_size[cell, day]``
           sessions on a day; a session uses all cells of its choice.
        7. Sessions ``fixed`` are there.

    Wanted, in this order: few sessions missing (each counts ``weight``); few moved away from ``hint`` (``move_price``
    each); a stable rhythm, that is few different rhythm keys (weekday and time) for each activity, summed; little
    ``choice_cost``, evening and spacing costs.

    Attributes
    ----------
    num_days, num_people, num_sites : int
    wanted, weight, lead : (num_activities,)
        ``lead`` is the person whose activities form a family: the mentor.
    next_day : (num_activities, num_days)
        Greater than the day and never falling with it; ``num_days`` where none may follow.
    member_activity, member_person : (num_members,)
        Who must be at the sessions of an activity, the lead too.
    slot_start, slot_end, slot_rhythm : (num_slots,)
        Minutes after midnight, and the key of rhythm. Slots of the same day of the cycle with the same start share it.
    slot_weekday : (num_slots,)
        Day of the cycle; only slots of the same one can fall on the same day.
    venue_site : (num_venues,)
        Site index, −1 online.
    choice_activity, choice_slot, choice_venue, choice_cost, choice_minutes : (num_choices,)
        Costs are at least 0, ordered preferences of time and mode; minutes count in week limits.
    choice_days : (num_choices, num_days) bool
    choice_cell_start : (num_choices + 1,), choice_cell : (num_entries,)
        The cells that each choice uses (compressed rows).
    cell_size : (num_cells, num_days)
    cell_pool : (num_cells,)
        The pool a cell belongs to (a room class of a site, a licence pool), for prices.
    travel : (num_sites, num_sites) minutes
    week : (num_days,), week_minutes : (num_people,)
        The week of every day; ``NO_LIMIT`` where there is none.
    fixed_choice, fixed_day : (num_fixed,)
    hint_choice, hint_day, move_price : (num_hints,)
        A session published before: the price of not having exactly this one.
    """

    num_days: int
    num_people: int
    num_sites: int
    wanted: IntArray
    weight: IntArray
    lead: IntArray
    next_day: IntArray
    member_activity: IntArray
    member_person: IntArray
    slot_weekday: IntArray
    slot_start: IntArray
    slot_end: IntArray
    slot_rhythm: IntArray
    venue_site: IntArray
    choice_activity: IntArray
    choice_slot: IntArray
    choice_venue: IntArray
    choice_cost: IntArray
    choice_minutes: IntArray
    choice_days: BoolArray
    choice_cell_start: IntArray
    choice_cell: IntArray
    cell_size: IntArray
    cell_pool: IntArray
    travel: IntArray
    week: IntArray
    week_minutes: IntArray
    fixed_choice: IntArray = field(default_factory=_none)
    fixed_day: IntArray = field(default_factory=_none)
    hint_choice: IntArray = field(default_factory=_none)
    hint_day: IntArray = field(default_factory=_none)
    move_price: IntArray = field(default_factory=_none)

    def __post_init__(self) -> None:
        """Check shapes and the laws the solver relies on.

        Raises
        ------
        ValueError
            When shapes differ or a law (next_day rising, indices in range, cell sizes not negative) is broken.
        """
        faults = [message for is_broken, message in self._laws() if is_broken]
        if faults:
            raise ValueError("; ".join(faults))

    def _laws(self) -> list[tuple[bool, str]]:
        a, c, days = self.num_activities, self.num_choices, self.num_days
        shapes = [
            (self.next_day.shape != (a, days), "next_day must be (num_activities, num_days)"),
            (self.choice_days.shape != (c, days), "choice_days must be (num_choices, num_days)"),
            (self.cell_size.shape != (len(self.cell_pool), days), "cell_size must be (num_cells, num_days)"),
            (len(self.choice_cell_start) != c + 1, "choice_cell_start must have num_choices + 1 entries"),
            (self.travel.shape != (self.num_sites, self.num_sites), "travel must be (num_sites, num_sites)"),
            (self.week.shape != (days,), "week must be (num_days,)"),
            (self.week_minutes.shape != (self.num_people,), "week_minutes must be (num_people,)"),
        ]
        if any(is_broken for is_broken, _ in shapes):
            return shapes
        following = np.arange(1, days + 1)
        return [
            (bool((self.next_day < following).any()), "next_day must be later than its day"),
            (bool((np.diff(self.next_day, axis=1) < 0).any()), "next_day must not fall"),
            (bool((self.cell_size < 0).any()), "cell_size must not be negative"),
            (bool((self.choice_cost < 0).any()), "choice_cost must not be negative"),
            (_is_outside(self.choice_activity, a), "choice_activity out of range"),
            (_is_outside(self.choice_slot, len(self.slot_start)), "choice_slot out of range"),
            (_is_outside(self.choice_venue, len(self.venue_site)), "choice_venue out of range"),
            (_is_outside(self.choice_cell, len(self.cell_pool)), "choice_cell out of range"),
            (_is_outside(self.member_person, self.num_people), "member_person out of range"),
            (_is_outside(self.fixed_choice, c) or _is_outside(self.fixed_day, days), "fixed sessions out of range"),
            (_is_outside(self.hint_choice, c) or _is_outside(self.hint_day, days), "hint sessions out of range"),
        ]

    @property
    def num_activities(self) -> int:
        """Return the number of activities."""
        return len(self.wanted)

    @property
    def num_choices(self) -> int:
        """Return the number of choices."""
        return len(self.choice_activity)


def _is_outside(index: IntArray, size: int) -> bool:
    return bool(len(index)) and bool(index.min() < 0 or index.max() >= size)
