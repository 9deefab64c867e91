"""The problem as the search reads it: days as bits of whole numbers, choices by activity, who stands in whose way."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matcher.sessions.problem import NO_LIMIT, SessionProblem

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


def to_mask(row: BoolArray) -> int:
    """Return the days of a boolean row as bits."""
    return int.from_bytes(np.packbits(row, bitorder="little").tobytes(), "little")


def days_of(mask: int) -> list[int]:
    """Return the days of a mask, ascending."""
    days: list[int] = []
    while mask:
        low = mask & -mask
        days.append(low.bit_length() - 1)
        mask ^= low
    return days


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ActivityLayout:
    """One activity. Its choices are numbered anew, from 0.

    ``keys`` are the local choices of each rhythm key, cheapest first (by ``rank``); ``after[d]`` are the days that may
    follow a session on day d. ``need`` is what is wanted beside fixed sessions, whose keys are ``fixed_keys``.
    ``is_weekly`` says that week limits may bind between its own sessions.
    """

    choices: tuple[int, ...]
    days: tuple[int, ...]
    keys: tuple[tuple[int, ...], ...]
    key_of: tuple[int, ...]
    rank: tuple[int, ...]
    after: list[int]
    people: tuple[int, ...]
    need: int
    fixed: int
    fixed_keys: tuple[int, ...]
    weight: int
    is_weekly: bool
    hints: dict[int, tuple[int, int]]
    """Day → local choice and price of not keeping it."""
    lost_price: int
    """The price of hints that no plan can keep."""


@dataclass(slots=True, kw_only=True, eq=False)
class Layout:
    """The whole problem; see :class:`ActivityLayout`. ``spot`` is the pair (slot, site) of a choice."""

    problem: SessionProblem
    activities: list[ActivityLayout]
    of_person: list[list[int]]
    cells: list[tuple[int, ...]]
    minutes: list[int]
    spot: list[int]
    spot_slot: list[int]
    spot_site: list[int]
    week: list[int]
    week_mask: dict[int, int]
    week_minutes: list[int]
    person_minutes: list[tuple[int, ...]]
    _clash: dict[tuple[int, int], bool] = field(default_factory=dict)
    _hit: list[dict[int, tuple[int, ...]]] = field(default_factory=list)

    def spots_clash(self, a: int, b: int) -> bool:
        """Return whether one person cannot be at both spots on a day."""
        pair = (a, b) if a <= b else (b, a)
        known = self._clash.get(pair)
        if known is None:
            known = self._clash[pair] = self._is_clash(*pair)
        return known

    def _is_clash(self, a: int, b: int) -> bool:
        p, i, j = self.problem, self.spot_slot[a], self.spot_slot[b]
        if p.slot_weekday[i] != p.slot_weekday[j]:
            return False
        if p.slot_start[j] < p.slot_start[i]:
            a, b, i, j = b, a, j, i
        if p.slot_start[j] < p.slot_end[i]:
            return True
        one, other = self.spot_site[a], self.spot_site[b]
        if one < 0 or other < 0 or one == other:
            return False
        return bool(p.slot_start[j] - p.slot_end[i] < p.travel[one, other])

    def hit(self, activity: int, spot: int) -> tuple[int, ...]:
        """Return the local choices of an activity that somebody who sits at ``spot`` cannot attend."""
        known = self._hit[activity].get(spot)
        if known is None:
            choices = self.activities[activity].choices
            known = tuple(i for i, c in enumerate(choices) if self.spots_clash(self.spot[c], spot))
            self._hit[activity][spot] = known
        return known

    def relatives(self, activity: int) -> set[int]:
        """Return the other activities that share a person with this one."""
        found = {q for person in self.activities[activity].people for q in self.of_person[person]}
        found.discard(activity)
        return found


def build_layout(problem: SessionProblem) -> Layout:
    """Return the problem as the search reads it."""
    p = problem
    site = p.venue_site[p.choice_venue]
    spots, spot = np.unique(np.stack([p.choice_slot, site], axis=1), axis=0, return_inverse=True)
    start, cell = p.choice_cell_start.tolist(), p.choice_cell.tolist()
    week = np.unique(p.week, return_inverse=True)[1].tolist()
    week_mask: dict[int, int] = {}
    for day, w in enumerate(week):
        week_mask[w] = week_mask.get(w, 0) | 1 << day
    people = _people(p)
    of_person: list[list[int]] = [[] for _ in range(p.num_people)]
    for a, members in enumerate(people):
        for person in members:
            of_person[person].append(a)
    choices = _choices(p)
    minutes = p.choice_minutes.tolist()
    after = _After(p)
    rows = np.packbits(p.choice_days, axis=1, bitorder="little")
    masks = [int.from_bytes(row.tobytes(), "little") for row in rows]
    fixed, hints = _fixed(p), _hints(p)
    return Layout(
        problem=p,
        activities=[
            _activity(p, a, choices[a], people[a], masks, after, fixed.get(a, []), hints.get(a, []))
            for a in range(p.num_activities)
        ],
        of_person=of_person,
        cells=[tuple(cell[start[c] : start[c + 1]]) for c in range(p.num_choices)],
        minutes=minutes,
        spot=spot.ravel().tolist(),
        spot_slot=spots[:, 0].tolist(),
        spot_site=spots[:, 1].tolist(),
        week=week,
        week_mask=week_mask,
        week_minutes=p.week_minutes.tolist(),
        person_minutes=[tuple(sorted({minutes[c] for a in acts for c in choices[a]})) for acts in of_person],
        _hit=[{} for _ in range(p.num_activities)],
    )


def _people(p: SessionProblem) -> list[tuple[int, ...]]:
    people: list[list[int]] = [[] for _ in range(p.num_activities)]
    for a, person in zip(p.member_activity.tolist(), p.member_person.tolist(), strict=True):
        if person not in people[a]:
            people[a].append(person)
    return [tuple(members) for members in people]


def _choices(p: SessionProblem) -> list[list[int]]:
    choices: list[list[int]] = [[] for _ in range(p.num_activities)]
    for c, a in enumerate(p.choice_activity.tolist()):
        choices[a].append(c)
    return choices


def _fixed(p: SessionProblem) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for c, day in zip(p.fixed_choice.tolist(), p.fixed_day.tolist(), strict=True):
        found.setdefault(int(p.choice_activity[c]), []).append((c, day))
    return found


def _hints(p: SessionProblem) -> dict[int, list[tuple[int, int, int]]]:
    found: dict[int, list[tuple[int, int, int]]] = {}
    for c, day, price in zip(p.hint_choice.tolist(), p.hint_day.tolist(), p.move_price.tolist(), strict=True):
        found.setdefault(int(p.choice_activity[c]), []).append((c, day, price))
    return found


class _After:
    """The days that may follow each day, shared by activities of equal rows of ``next_day``."""

    def __init__(self, problem: SessionProblem) -> None:
        self.problem = problem
        self.known: dict[bytes, tuple[list[int], bool]] = {}
        self.has_limits = bool((problem.week_minutes != NO_LIMIT).any())

    def of(self, activity: int) -> tuple[list[int], bool]:
        """Return the masks of following days, and whether two sessions may share a week."""
        p, row = self.problem, self.problem.next_day[activity]
        name = row.tobytes()
        if name not in self.known:
            every = (1 << p.num_days) - 1
            following = [every >> nd << nd for nd in row.tolist()]
            inside = np.flatnonzero(row < p.num_days)
            # Days of one week lie together, so it is enough to look at the first day that may follow.
            repeats = bool((p.week[inside] == p.week[row[inside]]).any())
            self.known[name] = following, repeats
        return self.known[name]


def _activity(
    p: SessionProblem,
    activity: int,
    choices: list[int],
    people: tuple[int, ...],
    masks: list[int],
    after: _After,
    fixed: list[tuple[int, int]],
    hints: list[tuple[int, int, int]],
) -> ActivityLayout:
    following, repeats = after.of(activity)
    allowed = (1 << p.num_days) - 1
    for _, day in fixed:
        before = sum(1 << d for d in range(day) if following[d] >> day & 1)
        allowed &= before | following[day]
    key_ids = [int(p.slot_rhythm[p.choice_slot[c]]) for c in choices]
    names = list(dict.fromkeys(key_ids))
    by_cost = sorted(range(len(choices)), key=lambda i: (int(p.choice_cost[choices[i]]), i))
    local = {c: i for i, c in enumerate(choices)}
    held = set(fixed)
    days = tuple(masks[c] & allowed for c in choices)
    kept = {day: (local[c], price) for c, day, price in hints if days[local[c]] >> day & 1}
    return ActivityLayout(
        choices=tuple(choices),
        days=days,
        keys=tuple(tuple(i for i in by_cost if key_ids[i] == name) for name in names),
        key_of=tuple(names.index(key) for key in key_ids),
        rank=tuple(sorted(range(len(choices)), key=by_cost.__getitem__)),
        after=following,
        people=people,
        need=max(0, int(p.wanted[activity]) - len(fixed)),
        fixed=len(fixed),
        fixed_keys=tuple(sorted({names.index(key_ids[local[c]]) for c, _ in fixed})),
        weight=int(p.weight[activity]),
        is_weekly=repeats and any(p.week_minutes[person] != NO_LIMIT for person in people),
        hints=kept,
        lost_price=sum(
            price for c, day, price in hints if (c, day) not in held and kept.get(day, (-1, 0))[0] != local[c]
        ),
    )
