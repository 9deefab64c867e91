"""What changed between two plans: people moved, figures in natural units, values by level; never one number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from matcher.pairing.result import LevelResult
from matcher.plan import Plan, PlannedPair
from matcher.roster import Contour, MentoringKind


class Measure(StrEnum):
    """What a plan is counted by: people, pairs, requests; each on its own."""

    SERVED = "served"
    UNMATCHED = "unmatched"
    INSIDE = "inside"
    SECOND_MENTORS = "second_mentors"
    REQUESTS = "requests"
    GAPS = "gaps"
    PAIRS = "pairs"
    SEATS = "seats"
    GROUPS = "groups"
    MENTORS = "mentors"
    MINUTES = "minutes"
    POINTS = "points"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measure before and after."""

    measure: Measure
    before: int
    after: int

    @property
    def change(self) -> int:
        """Return after − before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelChange:
    """The value of one level before and after, in points."""

    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A mentee whose mentors changed; either side may be empty."""

    mentee: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindChange:
    """A pair that stays and works in another way, or in another group."""

    mentor: str
    mentee: str
    before: MentoringKind
    after: MentoringKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed from one plan to another.

    ``levels`` has the levels both plans count in the same way, and is empty where the regulations or the rosters'
    rules differ (``same_policy``). ``people`` are all whose pairs changed, mentors and mentees.
    """

    same_policy: bool
    kept: int
    added: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]
    moves: tuple[Move, ...]
    kind_changes: tuple[KindChange, ...]
    people: tuple[str, ...]
    figures: tuple[Figure, ...]
    levels: tuple[LevelChange, ...]

    @property
    def newly_served(self) -> tuple[str, ...]:
        """Return the mentees who had no mentor and have one now."""
        return tuple(move.mentee for move in self.moves if not move.before)

    @property
    def no_longer_served(self) -> tuple[str, ...]:
        """Return the mentees who had a mentor and have none now."""
        return tuple(move.mentee for move in self.moves if not move.after)


def compare_plans(before: Plan, after: Plan) -> Comparison:
    """Return what changed from the plan ``before`` to the plan ``after``."""
    old = {(pair.mentor, pair.mentee): pair for pair in before.pairs}
    new = {(pair.mentor, pair.mentee): pair for pair in after.pairs}
    added, removed = sorted(new.keys() - old.keys()), sorted(old.keys() - new.keys())
    same_policy = before.policy.id == after.policy.id and before.policy.version == after.policy.version
    first, second = figures_of(before.pairs), figures_of(after.pairs)
    first[Measure.UNMATCHED], second[Measure.UNMATCHED] = len(before.unmatched), len(after.unmatched)
    return Comparison(
        same_policy=same_policy,
        kept=len(old.keys() & new.keys()),
        added=tuple(added),
        removed=tuple(removed),
        moves=moves_between(old, new),
        kind_changes=tuple(
            KindChange(mentor=key[0], mentee=key[1], before=old[key].kind, after=new[key].kind)
            for key in sorted(old.keys() & new.keys())
            if old[key].kind is not new[key].kind
        ),
        people=tuple(sorted({person for pair in (*added, *removed) for person in pair})),
        figures=tuple(Figure(measure=m, before=first[m], after=second[m]) for m in Measure),
        levels=level_changes(before.levels, after.levels) if same_policy else (),
    )


def figures_of(pairs: Iterable[PlannedPair]) -> dict[Measure, int]:
    """Return every measure of these pairs; those without a mentor are not seen here and count as 0."""
    listed = list(pairs)
    served = {pair.mentee for pair in listed}
    covered = {(pair.mentee, name) for pair in listed for name in pair.covers}
    return {
        Measure.SERVED: len(served),
        Measure.UNMATCHED: 0,
        Measure.INSIDE: len({pair.mentee for pair in listed if pair.contour is Contour.ORGANISATION}),
        Measure.SECOND_MENTORS: len(listed) - len(served),
        Measure.REQUESTS: sum(name.startswith("request:") for _, name in covered),
        Measure.GAPS: sum(name.startswith("deficit:") for _, name in covered),
        Measure.PAIRS: sum(pair.group is None for pair in listed),
        Measure.SEATS: sum(pair.group is not None for pair in listed),
        Measure.GROUPS: len({pair.group for pair in listed if pair.group is not None}),
        Measure.MENTORS: len({pair.mentor for pair in listed}),
        Measure.MINUTES: sum(pair.minutes for pair in listed),
        Measure.POINTS: sum(sum(pair.points.values()) for pair in listed),
    }


def moves_between(before: Iterable[tuple[str, str]], after: Iterable[tuple[str, str]]) -> tuple[Move, ...]:
    """Return the mentees whose mentors differ between two sets of (mentor, mentee), by id."""
    old, new = _by_mentee(before), _by_mentee(after)
    return tuple(
        Move(mentee=mentee, before=old.get(mentee, ()), after=new.get(mentee, ()))
        for mentee in sorted(old.keys() | new.keys())
        if old.get(mentee, ()) != new.get(mentee, ())
    )


def _by_mentee(pairs: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for mentor, mentee in sorted(pairs):
        found.setdefault(mentee, []).append(mentor)
    return {mentee: tuple(mentors) for mentee, mentors in found.items()}


def level_changes(before: Iterable[LevelResult], after: Iterable[LevelResult]) -> tuple[LevelChange, ...]:
    """Return the levels that stand under one name in both plans, in the order of the first."""
    values = {level.name: level.value for level in after}
    return tuple(
        LevelChange(name=level.name, before=level.value, after=values[level.name])
        for level in before
        if level.name in values
    )
