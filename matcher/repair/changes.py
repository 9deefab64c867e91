"""What happened in the middle of a year: absences, lost rooms, ended pairs, new timetables and terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matcher.roster import Absence, MentoringKind
from matcher.timetables import Timetables


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomLoss:
    """A room that cannot be used on some days, both included."""

    room: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A pair ("M:N") or group that works together until ``day``, this day included."""

    activity: str
    day: date
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPair:
    """Two people who begin to work together on ``day``; ``place`` is where that was written."""

    mentor: str
    mentee: str
    kind: MentoringKind
    day: date
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTerm:
    """A pair or group whose programme ends on another day: prolonged or shortened."""

    activity: str
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTimetable:
    """A timetable of an organisation that counts from ``day`` on; ``timetables`` holds only what is new."""

    organisation: str
    day: date
    timetables: Timetables


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much may be moved at most for the sake of what was lost; None is no limit."""

    people: int | None = None
    dates: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Everything that changed. Sessions before ``today`` took place and stay."""

    today: date
    absences: tuple[Absence, ...] = ()
    rooms: tuple[RoomLoss, ...] = ()
    ends: tuple[Ending, ...] = ()
    pairs: tuple[NewPair, ...] = ()
    terms: tuple[NewTerm, ...] = ()
    timetables: tuple[NewTimetable, ...] = ()
    budget: Budget = Budget()
