"""A round and what is decided in it: rosters, timetables, runs, plans, pairs, decisions, meetings, orders."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, LargeBinary, UniqueConstraint
from sqlalchemy.orm import deferred
from sqlmodel import Field, SQLModel

from service.tables.columns import UtcMoment, new_id, now

_SEALED_ROSTER = Column("sealed", LargeBinary, nullable=False)


class RosterFile(SQLModel, table=True):
    """A roster as it was read: all its people, sealed under the master key; those of a made-up one are nobody real.

    What is sealed is a thousand times the size of the rest, and most questions are about the rest: it is read when
    asked for.
    """

    __tablename__ = "roster"
    __mapper_args__ = {"properties": {"sealed": deferred(_SEALED_ROSTER)}}

    id: str = Field(default_factory=new_id, primary_key=True)
    area_id: str = Field(foreign_key="area.id", index=True)
    name: str
    sealed: bytes = Field(sa_column=_SEALED_ROSTER)
    digest: str
    num_people: int
    num_mentors: int
    num_mentees: int
    remarks: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    is_made_up: bool = False
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=UtcMoment)
    version: int = 1


class TimetableFile(SQLModel, table=True):
    """A timetable of one organisation: its map and its busy rows, sealed (they name teachers)."""

    __tablename__ = "timetable"

    id: str = Field(default_factory=new_id, primary_key=True)
    area_id: str = Field(foreign_key="area.id", index=True)
    name: str
    sealed_map: bytes
    sealed_rows: bytes
    valid_from: date | None = None
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=UtcMoment)
    version: int = 1


class Round(SQLModel, table=True):
    """A round of one area under one regulation. ``version`` grows with every decision and is the ETag."""

    __tablename__ = "round"

    id: str = Field(default_factory=new_id, primary_key=True)
    area_id: str = Field(foreign_key="area.id", index=True)
    name: str
    roster_id: str = Field(foreign_key="roster.id")
    policy_id: str
    policy_toml: str
    state: str = "draft"
    reference_day: date
    first_day: date | None = None
    last_day: date | None = None
    plan_id: str | None = None
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=UtcMoment)
    closed_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    version: int = 1


class RoundTimetable(SQLModel, table=True):
    """A timetable used in a round."""

    __tablename__ = "round_timetable"

    round_id: str = Field(foreign_key="round.id", primary_key=True)
    timetable_id: str = Field(foreign_key="timetable.id", primary_key=True)


class Run(SQLModel, table=True):
    """A solve: asked for, running or ended. ``outcome`` says what was found, apart from how the run itself went.

    ``attempts`` counts how often a worker took it up, and whoever writes shows the number he has: one that was taken
    for dead can no longer write; ``faults`` lists the attempts whose solver broke. ``number`` counts what was told of
    its progress. ``reason`` is a word for why nothing came of it, ``sealed_faults`` what was wrong with the input: it
    may name people.
    """

    __tablename__ = "run"
    __table_args__ = (UniqueConstraint("round_id", "idempotency_key"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    area_id: str = Field(foreign_key="area.id", index=True)
    what: str
    options: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    status: str = Field(default="queued", index=True)
    outcome: str | None = None
    level: str | None = None
    value: float | None = None
    bound: float | None = None
    seconds: float = 0.0
    attempts: int = 0
    faults: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    stage: str | None = None
    number: int = 0
    reason: str | None = None
    executor: str | None = None
    sealed_faults: bytes | None = None
    stop_asked_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    idempotency_key: str | None = None
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=UtcMoment)
    started_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    ended_at: datetime | None = Field(default=None, sa_type=UtcMoment)


class PlanFileRow(SQLModel, table=True):
    """The plan a run has found: plan.json, compressed and sealed. A run has one plan, whatever dies on the way."""

    __tablename__ = "plan"

    id: str = Field(default_factory=new_id, primary_key=True)
    run_id: str = Field(foreign_key="run.id", unique=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    area_id: str = Field(foreign_key="area.id", index=True)
    sealed: bytes
    digest: str
    summary: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created_at: datetime = Field(default_factory=now, sa_type=UtcMoment)


class Pair(SQLModel, table=True):
    """A mentor with a mentee in a round; pairs of one group share ``group_code``. ``state``: requirements 7.10.

    ``mentor_area_id`` and ``mentee_area_id`` are the organisations of both: curators of either see the pair.
    """

    __tablename__ = "pair"
    __table_args__ = (UniqueConstraint("round_id", "mentor_id", "mentee_id", "kind", "since"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    area_id: str = Field(foreign_key="area.id", index=True)
    mentor_id: str = Field(foreign_key="person.id", index=True)
    mentee_id: str = Field(foreign_key="person.id", index=True)
    mentor_area_id: str = Field(foreign_key="area.id", index=True)
    mentee_area_id: str = Field(foreign_key="area.id", index=True)
    group_code: str | None = None
    form: str
    model: str | None = None
    kind: str
    contour: str
    state: str = "proposed"
    locked: bool = False
    covers: list[str] = Field(default_factory=list, sa_type=JSON)
    minutes: int = 0
    since: date
    first_day: date | None = None
    last_day: date | None = None
    end_reason: str | None = None
    replaces_id: str | None = None
    full_cycle: bool = False
    full_cycle_day: date | None = None
    full_cycle_by: str | None = None
    version: int = 1


class Decision(SQLModel, table=True):
    """What somebody decided in a round: never changed, undone only by another decision.

    ``before`` holds what the decision changed, as it was, so that it can be undone; ``sealed_reason`` the reason in
    his words, under the key of the mentee it concerns.
    """

    __tablename__ = "decision"

    id: str = Field(default_factory=new_id, primary_key=True)
    number: int = Field(index=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    area_id: str = Field(foreign_key="area.id", index=True)
    kind: str
    mentor_id: str | None = Field(default=None, foreign_key="person.id", index=True)
    mentee_id: str | None = Field(default=None, foreign_key="person.id", index=True)
    pair_id: str | None = Field(default=None, foreign_key="pair.id", index=True)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    sealed_reason: bytes | None = None
    before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    undoes_id: str | None = Field(default=None, foreign_key="decision.id")
    undone_by_id: str | None = None
    made_by: str
    made_at: datetime = Field(default_factory=now, sa_type=UtcMoment)


class Meeting(SQLModel, table=True):
    """A session of the published plan. ``code`` is its id there; minutes are in the clock of ``time_zone``."""

    __tablename__ = "meeting"
    __table_args__ = (UniqueConstraint("round_id", "code"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    area_id: str = Field(foreign_key="area.id", index=True)
    plan_id: str = Field(foreign_key="plan.id")
    code: str
    activity: str
    number: int
    day: date = Field(index=True)
    start_minute: int
    end_minute: int
    time_zone: str
    mode: str
    site: str | None = None
    room: str | None = None
    licence: str | None = None
    state: str = "draft"
    sequence: int = 0
    sealed_log: bytes | None = None
    marked_by: str | None = None
    marked_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    version: int = 1


class MeetingPerson(SQLModel, table=True):
    """Who takes part in a meeting; ``leads`` marks who mentors there."""

    __tablename__ = "meeting_person"

    meeting_id: str = Field(foreign_key="meeting.id", primary_key=True)
    person_id: str = Field(foreign_key="person.id", primary_key=True, index=True)
    leads: bool = False


class Absence(SQLModel, table=True):
    """Days on which a person cannot meet. Why is never asked and never kept."""

    __tablename__ = "absence"

    id: str = Field(default_factory=new_id, primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    area_id: str = Field(foreign_key="area.id", index=True)
    first_day: date
    last_day: date
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=UtcMoment)


class Availability(SQLModel, table=True):
    """When a person can meet in a usual week, as he said himself (``state``: the words of the roster)."""

    __tablename__ = "availability"

    id: str = Field(default_factory=new_id, primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    weekday: int
    week: str | None = None
    from_minute: int
    to_minute: int
    state: str


class Wish(SQLModel, table=True):
    """What one person says of working with another: 0 to 10, or a veto. Shown to its author and the curator only."""

    __tablename__ = "wish"
    __table_args__ = (UniqueConstraint("round_id", "from_id", "to_id"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    from_id: str = Field(foreign_key="person.id", index=True)
    to_id: str = Field(foreign_key="person.id", index=True)
    score: int | None = None
    veto: bool = False
    said_at: datetime = Field(default_factory=now, sa_type=UtcMoment)


class Order(SQLModel, table=True):
    """An order of the head (D-04, D-18), kept as signed: under archive duty, listed when a person is erased."""

    __tablename__ = "head_order"

    id: str = Field(default_factory=new_id, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    area_id: str = Field(foreign_key="area.id", index=True)
    document: str
    number: str
    day: date
    people: list[str] = Field(default_factory=list, sa_type=JSON)
    sealed: bytes | None = None
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=UtcMoment)
