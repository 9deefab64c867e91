"""The shape of a plan file, and the way between it and a plan.

Everything in it is spoken of by id. Fields at their default are left out. Sentences stay what they are in the core,
a sentence and its blanks, so that the file knows no language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field

from matcher.io.plan_sessions import SchedulePart, TimetablesPart
from matcher.io.plan_text import Part, TextPart
from matcher.outcome import Proof, SolveStatus
from matcher.pairing.certificate import Certificate, LevelPrices
from matcher.pairing.result import LevelResult
from matcher.plan import Conflict, Plan, PlannedGroup, PlannedPair
from matcher.policy import Policy
from matcher.roster import Contour, MentoringForm, MentoringKind, RoleModel, Roster, Topic
from matcher.sessions.schedule import Activity
from matcher.timegrid import Busy, Grid, Slot

FORMAT = "matcher-plan"
VERSION = 2
"""Version 1 had no certificates of meetings; it is read like a plan without them."""

_STATES = ("lesson", "not_in_building", "not_reachable", "preferred")
_PRICED = ("mentee", "minute", "served", "item", "quota", "floor")


class PairPart(Part):
    """One mentor with one mentee."""

    mentor: str
    mentee: str
    form: MentoringForm
    model: RoleModel | None = None
    kind: MentoringKind
    contour: Contour
    group: str | None = None
    minutes: int = 0
    points: Mapping[str, int] = {}
    covers: tuple[str, ...] = ()
    common_slots: int | None = None
    locked: bool = False
    counter: bool = False
    clauses: tuple[str, ...] = ()
    warnings: tuple[TextPart, ...] = ()

    @classmethod
    def of(cls, pair: PlannedPair) -> Self:
        """Return the part that holds a pair."""
        plain = {name: getattr(pair, name) for name in cls.model_fields if name not in ("points", "warnings")}
        points = {name: pair.points[name] for name in sorted(pair.points)}
        return cls.model_construct(**plain, points=points, warnings=tuple(map(TextPart.of, pair.warnings)))

    def pair(self) -> PlannedPair:
        """Return the pair."""
        return PlannedPair(**{**dict(self), "warnings": tuple(part.text() for part in self.warnings)})


class GroupPart(Part):
    """An open group."""

    id: str
    mentor: str
    topic: Topic
    subject: str | None = None
    slot: int | None = None
    minutes: int
    members: tuple[str, ...]


class ConflictPart(Part):
    """Something the council has to settle."""

    mentor: str
    mentee: str
    message: TextPart


class LevelPart(Part):
    """One lexicographic level."""

    name: str
    value: int
    bound: int
    proof: Proof | None = None
    price: float | None = None


class PreviousPart(Part):
    """A pair of the plan before."""

    mentor: str
    mentee: str
    kind: str


Whole = Annotated[int, Field(ge=-(2**62), le=2**62)]


class PricesPart(Part):
    """The prices that bound one level, by id; what costs nothing is left out."""

    level: str
    weight: tuple[Whole, ...]
    threshold: Whole = 0
    mentee: Mapping[str, Whole] = {}
    minute: Mapping[str, Whole] = {}
    served: Mapping[str, Whole] = {}
    item: Mapping[str, Whole] = {}
    quota: Mapping[str, Whole] = {}
    floor: Mapping[str, Whole] = {}


class CertificatePart(Part):
    """The certificate: values, and the prices of every level. ``items`` and ``quotas`` name what has a price."""

    values: tuple[int, ...]
    items: tuple[str, ...] = ()
    quotas: tuple[str, ...] = ()
    prices: tuple[PricesPart, ...]


class TimesPart(Part):
    """When one person is taken, as hexadecimal bit sets over the slots of the grid: slot 0 is the lowest bit."""

    lesson: Annotated[str, Field(pattern="^[0-9a-f]+$")] = "0"
    not_in_building: Annotated[str, Field(pattern="^[0-9a-f]+$")] = "0"
    not_reachable: Annotated[str, Field(pattern="^[0-9a-f]+$")] = "0"
    preferred: Annotated[str, Field(pattern="^[0-9a-f]+$")] = "0"


class BusyPart(Part):
    """When people are taken."""

    time_zone: str
    num_weeks: int
    slots: tuple[tuple[int, int, int, int], ...]
    people: dict[str, TimesPart]

    @classmethod
    def of(cls, busy: Busy) -> Self:
        """Return the part that holds busy times."""
        grid = busy.grid
        people = {id_: _times(busy, row) for row, id_ in enumerate(busy.person_id)}
        slots = tuple((s.week, s.weekday, s.start_minute, s.end_minute) for s in grid.slots)
        return cls.model_construct(time_zone=grid.time_zone, num_weeks=grid.num_weeks, slots=slots, people=people)

    def busy(self) -> Busy:
        """Return the busy times."""
        slots = tuple(Slot(week=w, weekday=d, start_minute=start, end_minute=end) for w, d, start, end in self.slots)
        grid = Grid(slots=slots, num_weeks=self.num_weeks, time_zone=self.time_zone)
        ids = sorted(self.people)
        sets = {
            state: np.array([_words(getattr(self.people[id_], state), grid.num_words) for id_ in ids], dtype=np.uint64)
            for state in _STATES
        }
        shaped = {state: words.reshape(len(ids), grid.num_words) for state, words in sets.items()}
        return Busy(grid=grid, person_id=tuple(ids), **shaped)


def _times(busy: Busy, row: int) -> TimesPart:
    sets: dict[str, Any] = {state: _hex(getattr(busy, state)[row]) for state in _STATES}
    return TimesPart.model_construct(**sets)


def _hex(words: NDArray[np.uint64]) -> str:
    return f"{int.from_bytes(words.astype('<u8').tobytes(), 'little'):x}"


def _words(digits: str, num_words: int) -> NDArray[np.uint64]:
    """Return a bit set; what lies beyond the grid is cut off by the reader's check before."""
    raw = int(digits, 16).to_bytes(8 * num_words, "little")
    return np.frombuffer(raw, dtype="<u8").astype(np.uint64)


class TimingsPart(Part):
    """How long it took: the only part in which two runs of the same input differ."""

    seconds: float
    schedule_seconds: float = 0.0


def _known_version(value: object) -> object:
    if type(value) is not int or not 1 <= value <= VERSION:
        raise ValueError("unknown_version")
    return value


class PlanFile(Part):
    """A whole plan file."""

    format: Literal["matcher-plan"]
    version: Annotated[int, BeforeValidator(_known_version)]
    reference_day: date
    status: SolveStatus
    engine: str
    seed: int
    levels: tuple[LevelPart, ...]
    pairs: tuple[PairPart, ...]
    groups: tuple[GroupPart, ...]
    unmatched: tuple[str, ...]
    conflicts: tuple[ConflictPart, ...]
    notes: tuple[TextPart, ...]
    options: tuple[int, ...]
    open_groups: tuple[tuple[int, int], ...]
    certificate: CertificatePart
    previous: tuple[PreviousPart, ...]
    policy: Policy
    roster: Roster
    busy: BusyPart | None
    timetables: TimetablesPart | None = None
    apart: tuple[Activity, ...] = ()
    schedule: SchedulePart | None = None
    timings: TimingsPart
    explanations: Any = None

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """Return the file that holds a plan."""
        same = ("reference_day", "status", "engine", "seed", "unmatched", "options", "open_groups", "policy", "roster")
        spent = 0.0 if plan.schedule is None else plan.schedule.seconds
        return cls.model_construct(
            format=FORMAT,
            version=VERSION,
            **{name: getattr(plan, name) for name in same},
            levels=tuple(LevelPart.model_construct(**_fields(level, LevelPart)) for level in plan.levels),
            pairs=tuple(map(PairPart.of, plan.pairs)),
            groups=tuple(GroupPart.model_construct(**_fields(group, GroupPart)) for group in plan.groups),
            conflicts=tuple(
                ConflictPart.model_construct(mentor=c.mentor, mentee=c.mentee, message=TextPart.of(c.message))
                for c in plan.conflicts
            ),
            notes=tuple(map(TextPart.of, plan.notes)),
            certificate=_certificate_part(plan),
            previous=tuple(
                PreviousPart.model_construct(mentor=m, mentee=n, kind=str(plan.previous[m, n]))
                for m, n in sorted(plan.previous)
            ),
            busy=None if plan.busy is None else BusyPart.of(plan.busy),
            timetables=None if plan.timetables is None else TimetablesPart.of(plan.timetables),
            apart=plan.apart,
            schedule=None if plan.schedule is None else SchedulePart.of(plan.schedule),
            timings=TimingsPart.model_construct(seconds=plan.seconds, schedule_seconds=spent),
        )

    def plan(self) -> Plan:
        """Return the plan."""
        return Plan(
            policy=self.policy,
            roster=self.roster,
            busy=None if self.busy is None else self.busy.busy(),
            reference_day=self.reference_day,
            previous={(found.mentor, found.mentee): found.kind for found in self.previous},
            status=self.status,
            levels=tuple(LevelResult(**dict(level)) for level in self.levels),
            certificate=self._certificate(),
            items=self.certificate.items,
            quotas=self.certificate.quotas,
            engine=self.engine,
            seed=self.seed,
            seconds=self.timings.seconds,
            options=self.options,
            open_groups=self.open_groups,
            pairs=tuple(part.pair() for part in self.pairs),
            groups=tuple(PlannedGroup(**dict(group)) for group in self.groups),
            unmatched=self.unmatched,
            conflicts=tuple(
                Conflict(mentor=c.mentor, mentee=c.mentee, message=c.message.text()) for c in self.conflicts
            ),
            notes=tuple(part.text() for part in self.notes),
            timetables=None if self.timetables is None else self.timetables.timetables(),
            apart=self.apart,
            schedule=None if self.schedule is None else self.schedule.schedule(self.timings.schedule_seconds),
        )

    def _certificate(self) -> Certificate:
        part = self.certificate
        ids = _price_ids(sorted(mentee.person for mentee in self.roster.mentees), part.items, part.quotas)
        prices = tuple(
            LevelPrices(
                weight=np.array(level.weight, dtype=np.int64),
                threshold=level.threshold,
                **{name: _dense(getattr(level, name), ids[name]) for name in _PRICED},
            )
            for level in part.prices
        )
        return Certificate(values=part.values, prices=prices)

    def strange_prices(self) -> list[tuple[tuple[str | int, ...], str]]:
        """Return (place, id) of every price of something the file does not know."""
        part = self.certificate
        ids = _price_ids([mentee.person for mentee in self.roster.mentees], part.items, part.quotas)
        return [
            (("certificate", "prices", row, name), id_)
            for row, level in enumerate(part.prices)
            for name in _PRICED
            for id_ in sorted(set(getattr(level, name)) - set(ids[name]))
        ]


def _fields(value: object, part: type[Part]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in part.model_fields}


def _price_ids(mentees: Sequence[str], items: Sequence[str], quotas: Sequence[str]) -> Mapping[str, Sequence[str]]:
    return {"item": items, "quota": quotas, **dict.fromkeys(("mentee", "minute", "served", "floor"), mentees)}


def _dense(prices: Mapping[str, int], ids: Sequence[str]) -> NDArray[np.int64]:
    return np.array([prices.get(id_, 0) for id_ in ids], dtype=np.int64)


def _sparse(prices: NDArray[np.int64], ids: Sequence[str]) -> dict[str, int]:
    return {ids[at]: int(prices[at]) for at in np.flatnonzero(prices).tolist()}


def _certificate_part(plan: Plan) -> CertificatePart:
    ids = _price_ids(sorted(mentee.person for mentee in plan.roster.mentees), plan.items, plan.quotas)
    prices = []
    for level, priced in zip(plan.levels, plan.certificate.prices, strict=True):
        dear: dict[str, Any] = {name: _sparse(getattr(priced, name), ids[name]) for name in _PRICED}
        weight = tuple(priced.weight.tolist())
        prices.append(PricesPart.model_construct(level=level.name, weight=weight, threshold=priced.threshold, **dear))
    return CertificatePart.model_construct(
        values=plan.certificate.values, items=plan.items, quotas=plan.quotas, prices=tuple(prices)
    )
