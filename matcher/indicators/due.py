"""A date that something is due on, and how it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from matcher.indicators.facts import Done
from matcher.policy_words import ScopeLevel

#: What was done, by the id of the deadline and its subject.
Records = Mapping[tuple[str, str], list[Done]]


class DueState(StrEnum):
    """How a date stands: done; still ahead; its window or occasion is open; missed; only when asked for."""

    DONE = "done"
    AHEAD = "ahead"
    OPEN = "open"
    OVERDUE = "overdue"
    ON_REQUEST = "on_request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something due: what, for whom, by when, by which clause, and how it stands.

    ``subject`` is the programme, organisation, municipality or region. ``first_day`` opens a window or an occasion;
    ``day`` is the last day, None where the regulation names none; ``working_day`` the last working day not after it,
    where the calendar of working days is known. ``covers`` is the last day of the quarter a report is about.
    ``times`` are the least and recommended times a year, ``num_done`` how often it was done.
    """

    id: str
    title: str
    title_en: str
    level: ScopeLevel
    subject: str
    clause: str
    state: DueState
    first_day: date | None = None
    day: date | None = None
    working_day: date | None = None
    covers: date | None = None
    times: tuple[int, int | None] | None = None
    num_done: int = 0
    done_day: date | None = None


def state_of(today: date, first_day: date | None, day: date | None, done_day: date | None) -> DueState:
    """Return how something stands today that opens on one day, is due on another, and was done or not."""
    if done_day is not None:
        return DueState.DONE
    if day is not None and today > day:
        return DueState.OVERDUE
    if first_day is not None and today >= first_day:
        return DueState.OPEN
    return DueState.AHEAD if first_day is not None or day is not None else DueState.ON_REQUEST


def done_by(records: Iterable[Done]) -> Records:
    """Return what was done, by deadline and subject."""
    found: dict[tuple[str, str], list[Done]] = defaultdict(list)
    for one in records:
        found[one.deadline, one.subject].append(one)
    return found
