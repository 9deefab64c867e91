"""What a kind of record is: its fields, what it hangs on, its states and who may take it from one to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlmodel import Session

from matcher.errors import Fault
from matcher.policy import Policy
from matcher.texts import Lang, Text, text
from service.records.shapes import Fields
from service.tables.access import Role
from service.tables.areas import Area, Person
from service.tables.records import Record
from service.tables.rounds import Pair, Round
from service.vault import Vault
from service.viewer import Viewer

F = TypeVar("F", bound=Fields)

CURATORS = frozenset({Role.CURATOR, Role.MUNICIPAL_OPERATOR})
PARTICIPANTS = frozenset({Role.MENTOR, Role.MENTEE, Role.LEGAL_REPRESENTATIVE})
HEADS = frozenset({Role.HEAD})
AUTHORITIES = frozenset({Role.MUNICIPAL_AUTHORITY})
COUNCIL = frozenset({Role.COUNCIL_MEMBER})


class HangsOn(StrEnum):
    """What a record is about."""

    PAIR = "pair"
    PERSON = "person"
    ROUND = "round"
    AREA = "area"


class Shown(StrEnum):
    """Which records of a kind a mentor or mentee sees: none, those he wrote, those about him, those of his pair."""

    NONE = "none"
    AUTHOR = "author"
    PERSON = "person"
    PAIR = "pair"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From a state to another, and who may take it.

    ``asks`` are fields that are given with this step only, ``needs`` those of them without which it is not taken.
    """

    start: str
    to: str
    by: frozenset[Role]
    asks: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


def taken_back(start: str, by: frozenset[Role], to: str = "withdrawn") -> Step:
    """Return the step of what was recorded by mistake; why is said with it, who and when stand in the audit trail."""
    return Step(start=start, to=to, by=by, asks=("mistake",), needs=("mistake",))


@dataclass(slots=True, kw_only=True)
class Case:
    """A record with all it rests on. ``record`` is None while it is being made; ``policy`` is that of its round."""

    session: Session
    vault: Vault
    viewer: Viewer
    lang: Lang
    today: date
    area: Area
    round_: Round | None = None
    policy: Policy | None = None
    pair: Pair | None = None
    person: Person | None = None
    record: Record | None = None


class Kind(Generic[F]):
    """A kind of record. A kind of its own states its words below and overrides the questions it has an answer to.

    ``needs_round`` says that it cannot be without a round, ``versions`` that every change keeps what was there before,
    ``sides`` who acknowledges each version, ``joint`` that both sides of a pair may write, not only the author,
    ``below`` that areas below read it too (it names nobody), ``fixed`` in which states nothing can be changed,
    ``figures`` which fields statistics need, ``document`` which document of the regulations it feeds.
    """

    id: str
    path: str
    title: Text
    about: str
    on: HangsOn
    fields: type[F]
    example: Mapping[str, Any] = {}
    first: str = "draft"
    steps: tuple[Step, ...] = ()
    fixed: frozenset[str] = frozenset()
    needs_round: bool = False
    versions: bool = False
    sides: tuple[str, ...] = ()
    joint: bool = False
    shown: Shown = Shown.NONE
    below: bool = False
    figures: tuple[str, ...] = ()
    document: str | None = None

    def prefill(self, case: Case) -> Mapping[str, Any]:
        """Return fields that are known without asking anybody."""
        return {}

    def check(self, case: Case, fields: F) -> Iterable[Fault]:
        """Yield what is wrong with the fields beyond their shape."""
        return ()

    def remarks(self, case: Case, fields: F) -> Iterable[Text]:
        """Yield what people should know of it, though nothing is forbidden."""
        return ()

    def guard(self, case: Case, fields: F, to: str) -> Iterable[Fault]:
        """Yield why the step to a state may not be taken now."""
        return ()

    def effect(self, case: Case, fields: F, to: str) -> None:
        """Do what a step brings with it elsewhere."""

    def slot(self, case: Case, fields: F) -> str | None:
        """Return a name where there may be only one such record."""
        return None

    def due(self, case: Case, fields: F) -> date | None:
        """Return the day by which the record is wanted."""
        return None

    def more_figures(self, case: Case, fields: F) -> Mapping[str, Any]:
        """Return figures that are no fields."""
        return {}

    def only_progress(self, before: F, after: F) -> bool:
        """Say whether a change only notes what has been done: what was agreed and acknowledged stays so."""
        return bool(_without_progress(before.model_dump()) == _without_progress(after.model_dump()))

    @property
    def states(self) -> tuple[str, ...]:
        """Return the states, in the order in which they come."""
        return tuple(dict.fromkeys((self.first, *(word for step in self.steps for word in (step.start, step.to)))))

    @property
    def decided(self) -> frozenset[str]:
        """Return the fields that are given with a step only."""
        return frozenset(name for step in self.steps for name in step.asks)

    def step(self, start: str, to: str) -> Step | None:
        """Return the step between two states."""
        return next((one for one in self.steps if (one.start, one.to) == (start, to)), None)


def _without_progress(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_progress(one) for name, one in value.items() if name not in ("done_day", "reached")}
    if isinstance(value, (list, tuple)):
        return [_without_progress(one) for one in value]
    return value


def missing(fields: Fields, *names: str) -> list[Fault]:
    """Return a fault for each of these fields that is empty."""
    message = text("this has to be given")
    return [Fault(f"fields.{name}", message) for name in names if getattr(fields, name) in (None, (), [], "")]


def days_in_order(fields: Fields, first: str = "first_day", last: str = "last_day") -> list[Fault]:
    """Return a fault where a term ends before it begins."""
    start, end = getattr(fields, first), getattr(fields, last)
    if start is None or end is None or start <= end:
        return []
    return [Fault(f"fields.{last}", text("the last day is before the first"), text("give a later day"))]
