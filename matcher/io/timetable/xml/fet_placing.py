"""Placing the activities of a FET file: names become indices, and what does not fit together becomes a fault."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from matcher.errors import Fault
from matcher.io.headings import near
from matcher.io.report import Remark
from matcher.io.timetable.school import NOT_AVAILABLE, BusyRow, in_order
from matcher.texts import Text, text, text_n

_MAX_SHOWN = 8
_MOST_LOOKED_FOR = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """A lesson; ``duration`` in hours of the timetable."""

    teachers: tuple[str, ...]
    duration: int
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where an activity begins, by names."""

    day: str
    hour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOff:
    """When a teacher is not there: one hour, or all hours of a day from ``hour`` to before the hour ``before``."""

    teacher: str
    day: str
    hour: str
    before: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The rows of the placed activities, how many these are, and what was passed over."""

    rows: tuple[BusyRow, ...]
    num_placed: int
    remarks: tuple[Remark, ...]


@dataclass(slots=True)
class Placing:
    """The names of a file and what stands between them; ``rooms`` gives each activity a room and its weight."""

    path: Path
    days: dict[str, int] = field(default_factory=dict)
    hours: dict[str, int] = field(default_factory=dict)
    teachers: dict[str, None] = field(default_factory=dict)
    building_of: dict[str, str] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)
    starts: dict[str, list[Start]] = field(default_factory=dict)
    rooms: dict[str, tuple[str, float]] = field(default_factory=dict)
    times_off: list[TimeOff] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    alike: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def similar(self, name: str, names: Iterable[str]) -> tuple[str, ...]:
        """Return the names like an unknown one; looked for once, and not for endlessly many."""
        if name not in self.alike:
            self.alike[name] = near(name, names) if len(self.alike) < _MOST_LOOKED_FOR else ()
        return self.alike[name]

    def fault(self, place: str, message: Text, cure: Text) -> None:
        """Note what is wrong at a place of the file."""
        self.faults.append(Fault(f"{self.path.name}: {place}", message, cure))

    def index(self, names: Mapping[str, int], name: str, place: str) -> int | None:
        """Return the index of a day or hour; None, and a fault, where its list does not have it."""
        if name in names:
            return names[name]
        maybe = self.similar(name, names)
        cure = text("perhaps {names}", names=", ".join(maybe)) if maybe else text("write a name of the file's own list")
        self.fault(place, text("the file has no day or hour “{name}”", name=name), cure)
        return None


def place_all(found: Placing) -> Placed:
    """Return the rows of all activities and of all times off; faults are noted in ``found``."""
    rows: list[BusyRow] = []
    unplaced: list[str] = []
    unknown_rooms: dict[str, None] = {}
    num_placed = 0
    for id_, activity in found.activities.items():
        if not activity.is_active:
            continue
        start = _start(found, id_)
        if start is None:
            unplaced.append(id_)
            continue
        num_placed += 1
        room = found.rooms.get(id_, ("", 0.0))[0]
        if room and room not in found.building_of:
            unknown_rooms[room] = None
        rows += _rows(found, id_, activity, start, room)
    rows += _rows_off(found)
    return Placed(rows=in_order(rows), num_placed=num_placed, remarks=_remarks(found, unplaced, list(unknown_rooms)))


def _start(found: Placing, id_: str) -> tuple[int, int] | None:
    """Return day and hour at which an activity begins; None where it has no place, or none that can be used."""
    starts = found.starts.get(id_, [])
    if not starts:
        return None
    place = f"ConstraintActivityPreferredStartingTime, Activity_Id {id_}"
    if any(start != starts[0] for start in starts):
        message = text("the activity is placed at two different times")
        found.fault(place, message, text("delete or switch off the place that does not hold"))
    day = found.index(found.days, starts[0].day, place)
    hour = found.index(found.hours, starts[0].hour, place)
    return None if day is None or hour is None else (day, hour)


def _rows(found: Placing, id_: str, activity: Activity, start: tuple[int, int], room: str) -> list[BusyRow]:
    day, hour = start
    if hour + activity.duration > len(found.hours):
        message = text_n(
            "a lesson of {count} hour begins too late: the day ends before it",
            "a lesson of {count} hours begins too late: the day ends before it",
            count=activity.duration,
        )
        found.fault(f"Activity {id_}", message, text("let it begin earlier, or add hours to the day"))
        return []
    for teacher in activity.teachers:
        _check_teacher(found, teacher, f"Activity {id_}")
    building = found.building_of.get(room, "")
    return [
        BusyRow(teacher=teacher, day=day, slot=slot, activity_id=id_, room=room, building=building)
        for teacher in activity.teachers
        for slot in range(hour, hour + activity.duration)
    ]


def _check_teacher(found: Placing, teacher: str, place: str) -> None:
    if teacher in found.teachers:
        return
    maybe = found.similar(teacher, found.teachers)
    cure = text("perhaps {names}", names=", ".join(maybe)) if maybe else text("add the teacher to the file's own list")
    found.fault(place, text("the file's list of teachers has no “{teacher}”", teacher=teacher), cure)


def _rows_off(found: Placing) -> list[BusyRow]:
    rows = []
    for off in found.times_off:
        place = f"ConstraintTeacherNotAvailableTimes, Teacher {off.teacher}"
        _check_teacher(found, off.teacher, place)
        day = found.index(found.days, off.day, place)
        first = found.index(found.hours, off.hour, place)
        last = None if first is None else first + 1
        if off.before is not None:
            # The end of the day is no hour of the list.
            last = found.index(found.hours, off.before, place) if off.before in found.hours else len(found.hours)
        if day is not None and first is not None and last is not None:
            rows += [BusyRow(teacher=off.teacher, day=day, slot=at, kind=NOT_AVAILABLE) for at in range(first, last)]
    return rows


def _remarks(found: Placing, unplaced: Sequence[str], unknown_rooms: Sequence[str]) -> tuple[Remark, ...]:
    remarks = []
    num_inactive = sum(1 for activity in found.activities.values() if not activity.is_active)
    strangers = [id_ for id_ in found.starts if id_ not in found.activities]
    if unplaced:
        message = text_n(
            "{count} activity has no place in the timetable: {ids}",
            "{count} activities have no place in the timetable: {ids}",
            count=len(unplaced),
            ids=_listed(unplaced),
        )
        remarks.append(Remark("", message, "unplaced"))
    if num_inactive:
        message = text_n(
            "{count} activity that is switched off was passed over",
            "{count} activities that are switched off were passed over",
            count=num_inactive,
        )
        remarks.append(Remark("", message, "inactive_activities"))
    if strangers:
        message = text_n(
            "{count} place belongs to no activity of the file: {ids}",
            "{count} places belong to no activity of the file: {ids}",
            count=len(strangers),
            ids=_listed(strangers),
        )
        remarks.append(Remark("", message, "places_of_nothing"))
    if unknown_rooms:
        message = text_n(
            "{count} room is not in the file's list of rooms, so its building is unknown: {rooms}",
            "{count} rooms are not in the file's list of rooms, so their buildings are unknown: {rooms}",
            count=len(unknown_rooms),
            rooms=_listed(unknown_rooms),
        )
        remarks.append(Remark("", message, "unknown_rooms"))
    return tuple(remarks)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MAX_SHOWN])
    return shown if len(names) <= _MAX_SHOWN else f"{shown} …"
