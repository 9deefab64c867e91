"""What may be asked of the solvers: the shape of a request, and whether a round may have it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func
from sqlmodel import Session, col, select

from matcher.errors import Fault
from matcher.roster import MentoringKind
from matcher.texts import text
from service.errors import Problem
from service.jobs.port import UNFINISHED
from service.jobs.repeats import lock
from service.rounds.rosters import ids_of
from service.settings import Settings
from service.tables.rounds import Pair, RosterFile, Round, Run, TimetableFile
from service.vault import Vault
from service.viewer import Viewer, in_scope

MOST_TIMES = 10
"""A run may ask for so many times the usual time limit."""
_RETRY_SECONDS = 15
_MOST_ROWS = 500

Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Code = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
EndReason = Literal["mutual", "mentor_left", "mentee_left", "goals_reached", "conflict", "other", ""]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class AwayRow(_Row):
    """Somebody is away; why is never asked."""

    person: Id
    first: date = Field(alias="from")
    last: date = Field(alias="to")


class RoomRow(_Row):
    """A room cannot be used."""

    id: Code
    first: date = Field(alias="from")
    last: date = Field(alias="to")


class EndRow(_Row):
    """A pair stops working on a day, this day included."""

    pair: Id
    day: date
    reason: EndReason = ""


class NewRow(_Row):
    """Two people begin."""

    mentor: Id
    mentee: Id
    kind: MentoringKind
    first: date | None = Field(default=None, alias="from")


class TermRow(_Row):
    """A programme is prolonged or shortened."""

    pair: Id
    last: date = Field(alias="to")


class TimetableRow(_Row):
    """A timetable that counts from a day on."""

    organisation: Code
    timetable: Id
    first: date = Field(alias="from")


class BudgetRow(_Row):
    """How much may move for the sake of what was lost."""

    people: int | None = Field(default=None, ge=0, le=1_000_000)
    dates: int | None = Field(default=None, ge=0, le=1_000_000)


class Changes(_Row):
    """What happened in the middle of a year; sessions before ``today`` took place."""

    today: date | None = None
    absence: list[AwayRow] = Field(default=[], max_length=_MOST_ROWS)
    room: list[RoomRow] = Field(default=[], max_length=_MOST_ROWS)
    end: list[EndRow] = Field(default=[], max_length=_MOST_ROWS)
    new: list[NewRow] = Field(default=[], max_length=_MOST_ROWS)
    term: list[TermRow] = Field(default=[], max_length=_MOST_ROWS)
    timetable: list[TimetableRow] = Field(default=[], max_length=50)
    budget: BudgetRow | None = None


class RunRequest(BaseModel):
    """A solve that is asked for: ``pair`` finds pairs, ``plan`` their meetings too, ``repair`` makes good what is lost.

    ``sessions`` pairs nobody anew: the pairs that stand keep, and what was held or announced stays; only meetings that
    are missing are planned, from tomorrow on, and drafts of pairs that stand no longer go.
    ``time_limit`` are seconds, ``work_limit`` a deterministic amount instead of them. ``take`` makes the plan that is
    found the plan of the round even where the round is agreed already; without it such a plan is only kept.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"what": "plan", "time_limit": 60, "seed": 1},
                {"what": "pair", "work_limit": 1000},
                {"what": "sessions", "take": True},
            ]
        },
    )

    what: Literal["pair", "plan", "sessions", "repair"]
    time_limit: float | None = Field(default=None, ge=0.1, le=36_000)
    work_limit: int | None = Field(default=None, ge=1, le=2**31 - 1)
    seed: int = Field(default=0, ge=0, le=2**31 - 1)
    take: bool = False
    changes: Changes | None = None

    def options(self) -> dict[str, Any]:
        """Return what the row of the run keeps; it holds ids of people, no names and no codes."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"what"})


def faults_of_request(
    session: Session, vault: Vault, viewer: Viewer, settings: Settings, round_: Round, asked: RunRequest
) -> list[Fault]:
    """Return everything that is wrong with a request for this round."""
    return [*_limits(settings, asked), *_needs(session, vault, viewer, round_, asked)]


def _limits(settings: Settings, asked: RunRequest) -> Iterator[Fault]:
    most = MOST_TIMES * settings.solve_seconds
    if asked.time_limit is not None and asked.time_limit > most:
        yield Fault("time_limit", text("a run may take at most {seconds} seconds here", seconds=f"{most:g}"))


def _needs(session: Session, vault: Vault, viewer: Viewer, round_: Round, asked: RunRequest) -> Iterator[Fault]:
    if asked.what != "repair":
        if asked.changes is not None:
            yield Fault("changes", text("only a repair has changes"), text("leave them out, or ask for a repair"))
        if asked.what == "sessions" and round_.plan_id is None:
            yield Fault("what", text("the round has no pairs to plan meetings for"), text("find pairs first"))
        return
    if round_.plan_id is None:
        yield Fault("what", text("the round has no plan to repair"), text("plan the round first"))
    if asked.changes is None or not asked.changes.model_dump(exclude_defaults=True):
        yield Fault("changes", text("it is not said what has changed"), text("say who is away, which pair ends, …"))
        return
    yield from _strangers(session, vault, round_, asked.changes)
    for at, row in enumerate(asked.changes.timetable):
        mine = select(TimetableFile.id).where(
            TimetableFile.id == row.timetable, in_scope(viewer, TimetableFile.area_id)
        )
        if session.exec(mine).first() is None:
            yield Fault(f"changes.timetable.{at}.timetable", text("there is no such timetable"))


def _strangers(session: Session, vault: Vault, round_: Round, changes: Changes) -> Iterator[Fault]:
    """Yield people and pairs that the round does not have."""
    people = set(ids_of(session, vault, session.get_one(RosterFile, round_.roster_id)).values())
    named = [(f"changes.absence.{at}.person", row.person) for at, row in enumerate(changes.absence)]
    for at, new in enumerate(changes.new):
        named += [(f"changes.new.{at}.mentor", new.mentor), (f"changes.new.{at}.mentee", new.mentee)]
    for place, id_ in named:
        if id_ not in people:
            yield Fault(place, text("there is no such person in this round"))
    pairs = set(session.exec(select(Pair.id).where(Pair.round_id == round_.id)))
    asked = [(f"changes.end.{at}.pair", row.pair) for at, row in enumerate(changes.end)]
    asked += [(f"changes.term.{at}.pair", row.pair) for at, row in enumerate(changes.term)]
    for place, id_ in asked:
        if id_ not in pairs:
            yield Fault(place, text("there is no such pair in this round"))


def check_room(session: Session, settings: Settings, area_id: str) -> None:
    """Check that an area may have one run more, in the caller's writing transaction.

    Raises
    ------
    Problem
        429 when as many runs are under way and waiting as the settings allow.
    """
    lock(session, f"runs:{area_id}")
    unfinished = select(func.count()).where(Run.area_id == area_id, col(Run.status).in_(UNFINISHED))
    if session.exec(unfinished).one() < settings.runs_per_area + settings.queued_per_area:
        return
    raise Problem(
        429,
        "too-many-runs",
        text("Too many runs are waiting already. Please wait until one has ended."),
        headers={"Retry-After": str(_RETRY_SECONDS)},
    )
