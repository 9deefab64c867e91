"""What the planning of meetings is asked: people, durations, rooms and one time axis as frozen arrays; no names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from matcher.errors import Fault, InputError
from matcher.texts import Text, text

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
MOST_WEIGHT = 2**20


class Level(StrEnum):
    """The three levels; a lower one never counts against a higher one."""

    HARD = "hard"
    MEDIUM = "medium"
    SOFT = "soft"


class Rule(StrEnum):
    """The twelve rules a plan of meetings is judged by."""

    ROOM_CONFLICT = "room_conflict"
    OVERTIME = "overtime"
    REQUIRED_CONFLICT = "required_conflict"
    ROOM_CAPACITY = "room_capacity"
    SAME_DAY = "same_day"
    REQUIRED_PREFERRED_CONFLICT = "required_preferred_conflict"
    PREFERRED_CONFLICT = "preferred_conflict"
    AS_SOON_AS_POSSIBLE = "as_soon_as_possible"
    BREAK = "break"
    OVERLAP = "overlap"
    LARGER_ROOMS = "larger_rooms"
    ROOM_STABILITY = "room_stability"

    @property
    def level(self) -> Level:
        """Return the level the rule counts on."""
        return _LEVEL[self]


_MEDIUM = (Rule.REQUIRED_PREFERRED_CONFLICT, Rule.PREFERRED_CONFLICT)
_SOFT = (Rule.AS_SOON_AS_POSSIBLE, Rule.BREAK, Rule.OVERLAP, Rule.LARGER_ROOMS, Rule.ROOM_STABILITY)
_LEVEL = {rule: Level.MEDIUM if rule in _MEDIUM else Level.SOFT if rule in _SOFT else Level.HARD for rule in Rule}


def default_weights() -> dict[Rule, int]:
    """Return the usual weights: 100 for a meeting right after another, 10 for overlapping, 1 for the rest."""
    return {rule: {Rule.BREAK: 100, Rule.OVERLAP: 10}.get(rule, 1) for rule in Rule}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeetingsProblem:
    """Meetings to be given a start and a room.

    The time axis is cut into *grains* of equal length, numbered through all days; what is no working time (a lunch
    hour) has no grain. ``grain_day`` (num_grains,) is the day of each, never falling. ``duration`` (num_meetings,)
    counts grains. ``required`` and ``preferred`` (num_meetings, num_people) say who has to come and who should.
    ``room_capacity`` (num_rooms,). ``busy`` (num_people, num_grains), where given, are grains at which a person is
    engaged elsewhere, which counts as a required meeting that cannot be moved. ``weights`` of the rules multiply
    what they count; 0 switches a rule off.
    """

    grain_day: IntArray
    duration: IntArray
    required: BoolArray
    preferred: BoolArray
    room_capacity: IntArray
    busy: BoolArray | None = None
    weights: Mapping[Rule, int] = field(default_factory=default_weights)

    def __post_init__(self) -> None:
        """Check shapes and ranges; all faults at once."""
        for f in fields(self):
            array = getattr(self, f.name)
            if isinstance(array, np.ndarray) and array.dtype.kind in "iu" and array.dtype != np.int64:
                object.__setattr__(self, f.name, array.astype(np.int64))
        if faults := _shape_faults(self) or _meaning_faults(self):
            raise InputError(faults)

    @property
    def num_meetings(self) -> int:
        """Return the number of meetings."""
        return len(self.duration)

    @property
    def num_people(self) -> int:
        """Return the number of people."""
        return int(self.required.shape[1])

    @property
    def num_grains(self) -> int:
        """Return the length of the time axis."""
        return len(self.grain_day)

    @property
    def num_rooms(self) -> int:
        """Return the number of rooms."""
        return len(self.room_capacity)

    @property
    def attendance(self) -> IntArray:
        """Return how many people come to each meeting if all do."""
        people: IntArray = (self.required | self.preferred).sum(axis=1, dtype=np.int64)
        return people


def _shape_faults(p: MeetingsProblem) -> list[Fault]:
    people = p.required.shape[1] if p.required.ndim == 2 else 0
    expected: dict[str, tuple[int, ...]] = {
        "grain_day": p.grain_day.shape[:1],
        "duration": p.duration.shape[:1],
        "required": (*p.duration.shape[:1], people),
        "preferred": (*p.duration.shape[:1], people),
        "room_capacity": p.room_capacity.shape[:1],
    }
    if p.busy is not None:
        expected["busy"] = (people, *p.grain_day.shape[:1])
    faults = []
    for name, shape in expected.items():
        array = getattr(p, name)
        is_mask = name in ("required", "preferred", "busy")
        if array.shape != shape:
            faults.append(Fault(name, text("shape {found}, expected {expected}", found=array.shape, expected=shape)))
        if array.dtype.kind not in ("b" if is_mask else "iu"):
            faults.append(Fault(name, text("yes or no is needed") if is_mask else text("whole numbers are needed")))
    return faults


def _meaning_faults(p: MeetingsProblem) -> list[Fault]:
    faults = []

    def note(place: str, message: Text, cure: Text | None = None) -> None:
        faults.append(Fault(place, message, cure))

    if not p.num_grains:
        note("grain_day", text("the time axis is empty"), text("give at least one day with working time"))
    if not p.num_rooms:
        note("room_capacity", text("there is no room"), text("give at least one room"))
    if (np.diff(p.grain_day) < 0).any():
        note("grain_day", text("days are out of order"), text("list the time in the order of the calendar"))
    for meeting in np.flatnonzero(p.duration < 1).tolist():
        note(f"duration[{meeting}]", text("a meeting lasts at least one step of the time axis"))
    for meeting in np.flatnonzero(p.duration > p.num_grains).tolist():
        note(
            f"duration[{meeting}]",
            text("the meeting is longer than the whole time axis"),
            text("shorten the meeting or add days"),
        )
    for room in np.flatnonzero(p.room_capacity < 1).tolist():
        note(f"room_capacity[{room}]", text("a room holds at least one person"))
    for meeting, person in np.argwhere(p.required & p.preferred).tolist():
        note(
            f"preferred[{meeting}, {person}]",
            text("the person is among those who have to come already"),
            text("leave the person on one of the two lists"),
        )
    for rule in Rule:
        if not 0 <= p.weights.get(rule, -1) <= MOST_WEIGHT:
            note(
                f"weights[{rule}]",
                text("a weight from 0 to {most} is needed for every rule", most=MOST_WEIGHT),
            )
    return faults
