"""Elements: facts of a school's life that stand in the way of sessions, each with its object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ElementKind(StrEnum):
    """What an element is. In this order the deletion filter tries to do without them, the strongest facts last."""

    LENGTH = "length"
    TRAVEL = "travel"
    UNKNOWN = "lessons_unknown"
    DAY_LIMIT = "day_limit"
    MODE = "mode"
    PAIR = "sessions"
    SESSION = "session"
    HOLIDAY = "holiday"
    REACH = "not_reachable"
    BUILDING = "not_in_building"
    LESSONS = "lessons"
    WEEK = "week_limit"
    LICENCES = "licences"
    ROOMS = "rooms"
    VACATION = "vacation"
    EXAM = "exam"
    ABSENCE = "absence"
    GAP = "gap"
    WINDOW = "window"
    DAYS_OFF = "days_off"
    HOURS = "hours"
    VISITED = "no_lesson_to_visit"


RULES = {
    ElementKind.LENGTH: "9.6",
    ElementKind.TRAVEL: "HR-19",
    ElementKind.UNKNOWN: "HR-18",
    ElementKind.DAY_LIMIT: "HR-18",
    ElementKind.MODE: "9.6",
    ElementKind.WEEK: "HR-06",
    ElementKind.LICENCES: "HR-19",
    ElementKind.ROOMS: "HR-19",
    ElementKind.GAP: "HR-21",
    ElementKind.SESSION: "HR-21",
    ElementKind.WINDOW: "HR-16",
}
"""The rule an element comes from; all others from HR-17."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A fact: its kind, whom or what it is about, on which day of the week (from 1) or from when to when.

    ``subject`` is a person, an organisation (vacation, holiday, exam, days off, hours), an activity (gap, length,
    window, mode, sessions of another pair) or a site; ``number`` the number of a session beside.
    """

    kind: ElementKind
    subject: str
    weekday: int | None = None
    number: int | None = None
    name: str = ""
    first_day: date | None = None
    last_day: date | None = None

    @property
    def rule(self) -> str:
        """Return the rule behind it."""
        return RULES.get(self.kind, "HR-17")

    @property
    def key(self) -> str:
        """Return rule, object and kind: "HR-17 P-8 absence 2026-02-02"."""
        parts = (self.rule, self.subject, self.kind, self.weekday, self.number, self.name, self.first_day)
        return " ".join(str(part) for part in parts if part not in (None, ""))
