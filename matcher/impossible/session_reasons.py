"""What is told of one session: why it is when it is, what else there is, and what stands against other times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matcher.roster import SessionMode
from matcher.sessions.schedule import PlannedSession, Unplaced, Window
from matcher.texts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualTime:
    """The time at which an activity meets most: ``num_sessions`` of ``num_placed``. Weekday 1 is Monday."""

    weekday: int
    start_minute: int
    num_sessions: int
    num_placed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTime:
    """Another time for a session while all others stay, and what it would cost.

    ``more_times`` is how many different weekdays and hours the activity would have more (rhythm), ``more_points`` how
    many points of preferences it would cost more (SO-11); both may be negative.
    """

    day: date
    start_minute: int
    end_minute: int
    mode: SessionMode
    site: str | None
    more_times: int
    more_points: int
    costs: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedTime:
    """A time of the week on some days of the session's window, and what stands against it (nothing: it is free)."""

    weekday: int
    start_minute: int
    end_minute: int
    days: tuple[date, ...]
    blocks: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionReasons:
    """The reasons of one session, placed (``session``) or not (``unplaced``).

    ``num_free`` of the ``num_times`` dated times in its window are free for everybody with all others staying.
    """

    id: str
    activity: str
    number: int
    window: Window
    session: PlannedSession | None
    usual: UsualTime | None
    why: tuple[Text, ...]
    num_times: int
    num_free: int
    next_best: OtherTime | None
    times: tuple[BlockedTime, ...]
    unplaced: Unplaced | None = None
