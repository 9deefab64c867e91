"""What is planned, in words of people and days: activities asked for, sessions planned, what could not be placed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from matcher.outcome import Proof, SolveStatus
from matcher.roster import MentoringForm, MentoringKind, SessionMode
from matcher.texts import Text


class ActivityPurpose(StrEnum):
    """What the meetings of an activity are for."""

    MEETING = "meeting"
    LESSON_VISIT = "lesson_visit"
    RESERVE = "reserve"


class SessionState(StrEnum):
    """How firm a session is: a draft may move, a published one moves for a price, a held one never."""

    DRAFT = "draft"
    PUBLISHED = "published"
    HELD = "held"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Days in which at most one session of an activity lies, both ends included."""

    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Everything one mentor has to plan with one mentee, or with a group: so many sessions of one kind.

    ``mentees`` are the people who must be there besides the mentor; of a class that is a mentee, ``school_class`` is
    its id and ``mentees`` is empty. One session is wanted in each of ``windows`` (ascending, apart); between two
    sessions lie at least ``gap_days`` days, in the first month of a novice ``first_gap_days``. A session lasts
    ``minutes``, or as much as a slot gives down to ``min_minutes``. ``modes`` are tried in this order. ``size`` is
    the number of people in the room. In ``both_ways`` the two directions of a reverse pair alternate.
    A reserve wants no sessions: ``reserve_minutes`` a month are kept free, ``response_days`` is how soon after a call.
    """

    id: str
    purpose: ActivityPurpose
    kind: MentoringKind
    form: MentoringForm
    mentor: str
    mentees: tuple[str, ...]
    school_class: str | None = None
    group: str | None = None
    size: int = 2
    windows: tuple[Window, ...] = ()
    gap_days: int = 1
    first_gap_days: int | None = None
    minutes: int = 60
    min_minutes: int = 45
    modes: tuple[SessionMode, ...] = (SessionMode.IN_PERSON,)
    site: str | None = None
    goal_in_each: bool = False
    both_ways: bool = False
    vacations: bool = False
    is_pupils: bool = False
    latest_minute: int | None = None
    reserve_minutes: int = 0
    response_days: int = 0

    @property
    def people(self) -> tuple[str, ...]:
        """Return everybody who must be there, the mentor first."""
        return (self.mentor, *self.mentees)

    @property
    def wanted(self) -> int:
        """Return how many sessions are wanted."""
        return len(self.windows)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSession:
    """One meeting: when, how and where. Minutes are in the clock of the schedule.

    ``number`` counts the windows of the activity from 1, so that the id "P-3:P-8/4" stays the same when a session
    moves. ``reversed`` says that the mentee leads (the counter-direction of a reverse pair). ``sequence`` counts the
    published changes (RFC 5545). At a ``checkpoint``, one and two thirds through the term, interim results are seen to.
    """

    id: str
    activity: str
    number: int
    day: date
    start_minute: int
    end_minute: int
    mode: SessionMode
    site: str | None = None
    room: str | None = None
    licence: str | None = None
    reversed: bool = False
    state: SessionState = SessionState.DRAFT
    sequence: int = 0
    checkpoint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """How ready a pair without fixed sessions is: calls on so many of its school days find a common free time.

    ``num_days`` are the school days of its term, ``num_answered`` those on which a call would be answered within the
    response days of the activity.
    """

    activity: str
    num_days: int
    num_answered: int

    @property
    def share(self) -> float:
        """Return the share of days on which a call is answered, 0 without days."""
        return self.num_answered / self.num_days if self.num_days else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Concession:
    """Something to give way on, and how many sessions more it would place: checked by planning again.

    ``element`` names the guard (rule and object, for example "HR-17 P-8 absence 2026-02-02"), ``weight`` its price in
    the order of smallest concessions.
    """

    element: str
    message: Text
    gain: int
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """Sessions of an activity that could not be placed: which, why, and what would place them.

    ``numbers`` are the windows left empty. ``is_proved`` says that nobody could place more of this activity.
    """

    activity: str
    numbers: tuple[int, ...]
    reasons: tuple[Text, ...] = ()
    concessions: tuple[Concession, ...] = ()
    is_proved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleLevel:
    """One want in its order: the value reached (less is better), the bound below it, and who says it is best."""

    name: str
    value: int
    bound: int | None
    proof: Proof | None = None

    @property
    def gap(self) -> float | None:
        """Return (value − bound) / max(1, |bound|); None without a bound."""
        return None if self.bound is None else (self.value - self.bound) / max(1, abs(self.bound))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleCertificate:
    """Prices that prove a bound of one level, by id; the proof is in ``docs/explanation/sessions-proof.md``.

    All are whole numbers, ``scale`` of them one session missing, or one time of rhythm. Days are counted from the first
    day of the schedule, weeks from its week, both from 0; minutes are those of the day. What is priced: in ``people``
    (person, day, minute, price) being in a session at a minute; in ``weeks`` (person, week, price) a unit of his
    minutes of a week; in ``pools`` (pool, day, minute, price) a room of a class or a licence that is in use; in
    ``activities`` (activity, price) each of its sessions. ``missed`` is the price of a session missing, and the bound
    of rhythm speaks of plans that miss at most ``allowed``.
    """

    level: str
    scale: int
    people: tuple[tuple[str, int, int, int], ...] = ()
    weeks: tuple[tuple[str, int, int], ...] = ()
    pools: tuple[tuple[str, int, int, int], ...] = ()
    activities: tuple[tuple[str, int], ...] = ()
    missed: int = 0
    allowed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The sessions of a programme. Minutes of all sessions are in the clock of ``time_zone``.

    ``prices`` say what one more room or licence would place (name of the pool → sessions). ``certificates`` prove the
    bounds of levels for all schedules in which the sessions ``held`` (their ids) are as they are here.
    """

    time_zone: str
    first_day: date
    last_day: date
    status: SolveStatus
    activities: tuple[Activity, ...]
    sessions: tuple[PlannedSession, ...]
    unplaced: tuple[Unplaced, ...] = ()
    reserves: tuple[Reserve, ...] = ()
    levels: tuple[ScheduleLevel, ...] = ()
    prices: tuple[tuple[str, float], ...] = ()
    certificates: tuple[ScheduleCertificate, ...] = ()
    held: tuple[str, ...] = ()
    notes: tuple[Text, ...] = ()
    engine: str = ""
    seconds: float = 0.0
