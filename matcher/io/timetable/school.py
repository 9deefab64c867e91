"""What a timetable file says, whatever program wrote it: teachers, the grid of its cycle, and who is taken when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from matcher.io.report import Remark

LESSON = "lesson"
NOT_AVAILABLE = "not_available"


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleDay:
    """A day of the cycle; ``week`` (0 = A, 1 = B) and ``weekday`` (1 = Monday) where the file itself tells them."""

    name: str
    week: int | None = None
    weekday: int | None = None
    is_afternoon: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleHour:
    """A slot of a day; minutes after midnight where the file tells them."""

    name: str
    start_minute: int | None = None
    end_minute: int | None = None
    shift: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyRow:
    """A teacher taken in one slot of the cycle; ``day`` and ``slot`` are indices."""

    teacher: str
    day: int
    slot: int
    kind: str = LESSON
    activity_id: str = ""
    room: str = ""
    building: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedRow:
    """Somebody taken on one day only, from minute to minute after midnight."""

    teacher: str
    day: date
    start_minute: int
    end_minute: int
    kind: str = LESSON


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolTimetable:
    """A timetable as it was read.

    ``num_wanted`` and ``num_placed`` count lessons as the file counts them, a double lesson once. ``remarks`` say what
    was not read or was read otherwise than it stands.
    """

    path: Path
    file_format: str
    title: str = ""
    teachers: tuple[str, ...]
    days: tuple[CycleDay, ...]
    hours: tuple[CycleHour, ...]
    rows: tuple[BusyRow, ...]
    dated: tuple[DatedRow, ...] = ()
    num_wanted: int
    num_placed: int
    num_rooms: int = 0
    num_buildings: int = 0
    knows_not_in_building: bool = True
    time_zone: str | None = None
    remarks: tuple[Remark, ...] = ()

    def count(self, kind: str) -> int:
        """Return how many rows are of a kind."""
        return Counter(row.kind for row in self.rows)[kind]

    @property
    def teachers_with_lessons(self) -> frozenset[str]:
        """Return the teachers who have a lesson."""
        return frozenset(row.teacher for row in self.rows if row.kind == LESSON)


def in_order(rows: Iterable[BusyRow]) -> tuple[BusyRow, ...]:
    """Return rows by teacher, day and slot, none of them twice."""
    return tuple(
        sorted(
            set(rows),
            key=lambda row: (row.teacher, row.day, row.slot, row.kind, row.activity_id, row.room, row.building),
        )
    )
