"""The whole decision of a round: what went in, who works with whom, and the proof.

Identifiers come back here: a plan speaks of people and organisations by id, in canonical order. It keeps its inputs, so
that anyone can re-check it (``matcher verify``) and explain it later without the files it was made from.

:func:`matcher.planning.make_plan` is loaded from here when first used, so that plans are read and judged where no
solver is installed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any

from matcher.outcome import SolveStatus
from matcher.pairing.certificate import Certificate
from matcher.pairing.result import LevelResult
from matcher.policy import Policy
from matcher.roster import Contour, MentoringForm, MentoringKind, RoleModel, Roster, Topic
from matcher.sessions.schedule import Activity, Schedule
from matcher.texts import Text
from matcher.timegrid import Busy
from matcher.timetables import Timetables

if TYPE_CHECKING:
    from matcher.planning import make_plan as make_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPair:
    """One mentor with one mentee: an individual pair, or a seat in a group (``group`` names it).

    ``points`` are the weighted points by criterion (SO-03 …); ``covers`` names requests ("request:2") and deficits
    ("deficit:digital") of the mentee; ``minutes`` is the mentee's load in four weeks; ``common_slots`` the number of
    free weekly slots of both, None where busy times are unknown; ``counter`` says that the two also work in the
    opposite direction as one reverse pair (A-31).
    """

    mentor: str
    mentee: str
    form: MentoringForm
    model: RoleModel | None = None
    kind: MentoringKind
    contour: Contour
    group: str | None = None
    minutes: int = 0
    points: Mapping[str, int] = field(default_factory=dict)
    covers: tuple[str, ...] = ()
    common_slots: int | None = None
    locked: bool = False
    counter: bool = False
    clauses: tuple[str, ...] = ()
    warnings: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedGroup:
    """An open group: its mentor, theme, weekly slot (None: time to be agreed) and members."""

    id: str
    mentor: str
    topic: Topic
    subject: str | None
    slot: int | None
    minutes: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Something the council has to settle: a lock that meets a veto or breaks a rule (HR-22)."""

    mentor: str
    mentee: str
    message: Text


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """A round decided. ``options`` and ``open_groups`` index the pairing problem rebuilt from the inputs.

    ``open_groups`` are pairs (group, slot; −1: to be agreed). ``items`` and ``quotas`` name, in order, what the
    certificate has prices of besides mentees (who are in ascending order of their ids).
    ``previous`` maps (mentor, mentee) of the plan before to its kind: what SO-09 compares with.
    ``schedule`` has the sessions, planned on ``timetables``; ``apart`` the activities of pairs that were found unable
    to meet, and that pairing therefore refuses (HR-17).
    """

    policy: Policy
    roster: Roster
    busy: Busy | None
    reference_day: date
    previous: Mapping[tuple[str, str], str]
    status: SolveStatus
    levels: tuple[LevelResult, ...]
    certificate: Certificate
    items: tuple[str, ...] = ()
    quotas: tuple[str, ...] = ()
    engine: str
    seed: int
    seconds: float
    options: tuple[int, ...]
    open_groups: tuple[tuple[int, int], ...]
    pairs: tuple[PlannedPair, ...]
    groups: tuple[PlannedGroup, ...]
    unmatched: tuple[str, ...]
    conflicts: tuple[Conflict, ...] = ()
    notes: tuple[Text, ...] = ()
    timetables: Timetables | None = None
    schedule: Schedule | None = None
    apart: tuple[Activity, ...] = ()


def pairs_of(plan: Plan) -> dict[tuple[str, str], str]:
    """Return the pairs of a plan and their kinds: the ``previous`` of the next one."""
    return {(pair.mentor, pair.mentee): str(pair.kind) for pair in plan.pairs}


def sides_of(apart: Iterable[Activity]) -> frozenset[tuple[str, str]]:
    """Return the pairs (mentor, mentee) that activities without a common time stand for."""
    return frozenset((activity.mentor, activity.mentees[0]) for activity in apart)


def __getattr__(name: str) -> Any:
    if name != "make_plan":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module("matcher.planning").make_plan
