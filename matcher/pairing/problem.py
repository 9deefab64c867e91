"""What pairing is asked: frozen integer arrays, no people and no names.

A mentee is served by *options*. An option is an individual pair (``group == -1``) or a seat in one possible
group of a mentor. Everything a plan gains is counted on lexicographic *levels*: level 0 decides first.

Concave gains (balance between mentors or organisations, least loads, quotas, "this mentor has somebody at all")
are *steps*: the first ``width`` units of a load earn ``points`` each, the next ones earn less, and so on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matcher.errors import Fault, InputError
from matcher.pairing.faults import arrays_of, problem_faults
from matcher.texts import text

NO_LIMIT = 2**31 - 1
"""A capacity that never binds."""

Objective = Literal["total", "worst_off_first", "cover_first"]
IntArray = NDArray[np.int64]


def _none(shape: tuple[int, ...] = (0,)) -> IntArray:
    return np.zeros(shape, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Steps:
    """Concave gains of loads.

    Shapes: ``owner``, ``width`` (num_steps,), ``points`` (num_levels, num_steps). Sorted by owner; the steps of one
    owner follow each other with non-increasing points on every level. Each of the ``width`` units of a step earns
    its points. A load never exceeds the sum of the widths of an owner that has steps.
    """

    owner: IntArray
    width: IntArray
    points: IntArray

    @classmethod
    def none(cls, num_levels: int) -> Self:
        """Return no steps at all."""
        return cls(owner=_none(), width=_none(), points=_none((num_levels, 0)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairingProblem:
    """One matching round as arrays.

    Per option: ``mentor``, ``mentee``, ``group`` (−1: individual pair), ``points`` (num_levels, num_options),
    ``mentor_minutes`` (0 for seats: the group pays), ``mentee_minutes``, ``slots`` (num_options, num_words) uint64 bit
    sets of the weekly slots free for both, or None where busy times are unknown (they matter for seats only).

    Per group: ``group_mentor``, ``group_theme`` (a mentor opens at most one group of a theme), ``group_min_size``,
    ``group_max_size``, ``group_minutes`` (of the mentor), ``group_points`` (num_levels, num_groups) for opening it.
    With ``slots``, an open group has one slot free for its mentor and all members, and the groups of one mentor have
    different slots.

    Per mentor: ``max_individual``, ``max_groups``, ``max_places`` (pairs and groups together), ``max_minutes``,
    ``load_steps`` over places. Per mentee: ``max_mentors``, ``max_mentee_minutes``, ``served_points``
    (num_levels, num_mentees), gained once where at least one option is chosen.

    Items (requests, deficits, "served from inside"): ``item_mentee``, ``item_points`` (num_levels, num_items), gained
    once where at least one chosen option covers the item; ``cover_option``, ``cover_item`` list who covers what.

    Quotas: ``quota_option``, ``quota_owner`` list the members; the number of chosen members is a load with
    ``quota_steps`` (its widths add up to the cap). Links: ``link_first``, ``link_second`` are options of a reverse pair
    that, both chosen, give back ``link_refund_minutes`` on each of the four sides and gain ``link_points``.
    Conflicts: of ``conflict_first``, ``conflict_second`` at most one is chosen. At most one option of one mentor and
    one mentee is chosen in any case. Extra options (``extra``, a mask over options) are for a second or third mentor:
    one is chosen only where an option of the same mentee that is not extra is chosen too (HR-04). An option with a
    ``companion`` (num_options,; −1: none) is chosen only together with that option (a counter-assignment, A-31).

    ``worst_off_level`` names the level whose value is the least sum of ``floor_points`` (num_options,) among the
    mentees of ``floor_mentee`` (a mask; with ``floor_served_only`` among those served). ``points`` of that level are
    zero.

    ``unit`` says how many integer points make one unit of the caller's scores.
    """

    num_mentors: int
    num_mentees: int
    level_names: tuple[str, ...] = ("points",)
    headline: int = -1
    unit: int = 1

    mentor: IntArray
    mentee: IntArray
    group: IntArray
    points: IntArray
    mentor_minutes: IntArray
    mentee_minutes: IntArray
    slots: NDArray[np.uint64] | None = None

    group_mentor: IntArray = field(default_factory=_none)
    group_theme: IntArray = field(default_factory=_none)
    group_min_size: IntArray = field(default_factory=_none)
    group_max_size: IntArray = field(default_factory=_none)
    group_minutes: IntArray = field(default_factory=_none)
    group_points: IntArray

    max_individual: IntArray
    max_groups: IntArray
    max_places: IntArray
    max_minutes: IntArray
    load_steps: Steps

    max_mentors: IntArray
    max_mentee_minutes: IntArray
    served_points: IntArray

    item_mentee: IntArray = field(default_factory=_none)
    item_points: IntArray
    cover_option: IntArray = field(default_factory=_none)
    cover_item: IntArray = field(default_factory=_none)

    quota_option: IntArray = field(default_factory=_none)
    quota_owner: IntArray = field(default_factory=_none)
    quota_steps: Steps

    link_first: IntArray = field(default_factory=_none)
    link_second: IntArray = field(default_factory=_none)
    link_refund_minutes: IntArray = field(default_factory=_none)
    link_points: IntArray

    conflict_first: IntArray = field(default_factory=_none)
    conflict_second: IntArray = field(default_factory=_none)
    extra: NDArray[np.bool_] | None = None
    companion: IntArray | None = None

    worst_off_level: int | None = None
    floor_points: IntArray | None = None
    floor_mentee: NDArray[np.bool_] | None = None
    floor_served_only: bool = False

    # A locked option earns one point on the level "locks", so that a lock never makes a problem infeasible.
    locked: NDArray[np.bool_]
    required_min_load: IntArray | None = None

    def __post_init__(self) -> None:
        """Check shapes and ranges; all faults at once. Narrow whole numbers are widened to 64 bits."""
        for name, array in arrays_of(self):
            if array.dtype.kind in "iu" and name != "slots" and array.dtype != np.int64:
                object.__setattr__(self, name, array.astype(np.int64))
        if faults := problem_faults(self):
            raise InputError(faults)

    @property
    def num_options(self) -> int:
        """Return the number of options."""
        return len(self.mentor)

    @property
    def num_groups(self) -> int:
        """Return the number of possible groups."""
        return len(self.group_mentor)

    @property
    def num_items(self) -> int:
        """Return the number of items."""
        return len(self.item_mentee)

    @property
    def num_levels(self) -> int:
        """Return the number of lexicographic levels."""
        return len(self.level_names)

    @property
    def num_quotas(self) -> int:
        """Return the number of quotas."""
        return int(self.quota_steps.owner.max()) + 1 if len(self.quota_steps.owner) else 0

    @classmethod
    def from_edges(
        cls,
        mentor: ArrayLike,
        mentee: ArrayLike,
        score: ArrayLike,
        *,
        num_mentors: int | None = None,
        num_mentees: int | None = None,
        capacity: ArrayLike | None = None,
        demand: ArrayLike | None = None,
        min_load: ArrayLike | None = None,
        locked: ArrayLike | None = None,
        hours: ArrayLike | None = None,
        hours_limit: ArrayLike | None = None,
        quotas: Sequence[tuple[ArrayLike, int]] = (),
        scale: int = 1_000_000,
    ) -> PairingProblem:
        """Return a problem of individual pairs from sparse edges.

        ``mentor``, ``mentee``, ``score``, ``locked``, ``hours`` have one entry per edge; ``capacity`` (default 1),
        ``min_load``, ``hours_limit`` one per mentor (or one for all); ``demand`` (default 1) one per mentee; ``quotas``
        are pairs (mentors, most pairs of all of them together). Float scores and hours are rounded to 1/``scale``.

        >>> p = PairingProblem.from_edges([0, 0, 1], [0, 1, 1], [5, 4, 3])
        >>> p.num_mentors, p.num_mentees, p.num_options
        (2, 2, 3)
        """
        row, col = (np.asarray(a, dtype=np.int64).ravel() for a in (mentor, mentee))
        unit, points = _to_integers(score, scale, "score")
        num_rows = int(row.max(initial=-1)) + 1 if num_mentors is None else num_mentors
        num_cols = int(col.max(initial=-1)) + 1 if num_mentees is None else num_mentees
        minutes, max_minutes = np.zeros(len(row), dtype=np.int64), np.full(num_rows, NO_LIMIT, dtype=np.int64)
        if hours is not None:
            _, both = _to_integers(
                np.concatenate([np.ravel(hours), _spread(hours_limit, num_rows, NO_LIMIT)]), scale, "hours"
            )
            minutes, max_minutes = both[: len(row)], both[len(row) :]
        is_locked = np.zeros(len(row), dtype=bool) if locked is None else np.asarray(locked, dtype=bool).ravel()
        least = None if min_load is None else _spread(min_load, num_rows, 0)
        places = _spread(capacity, num_rows, 1)
        plain = cls(
            num_mentors=num_rows,
            num_mentees=num_cols,
            unit=unit,
            mentor=row,
            mentee=col,
            group=np.full(len(row), -1, dtype=np.int64),
            points=points[None, :],
            mentor_minutes=minutes,
            mentee_minutes=np.zeros(len(row), dtype=np.int64),
            group_points=_none((1, 0)),
            max_individual=places,
            max_groups=np.zeros(num_rows, dtype=np.int64),
            max_places=places,
            max_minutes=max_minutes,
            load_steps=Steps.none(1),
            max_mentors=_spread(demand, num_cols, 1),
            max_mentee_minutes=np.full(num_cols, NO_LIMIT, dtype=np.int64),
            served_points=_none((1, num_cols)),
            item_points=_none((1, 0)),
            link_points=_none((1, 0)),
            locked=is_locked,
            required_min_load=least,
            **_quota_arrays(quotas, row, num_rows),
        )
        return _with_required(plain)

    @classmethod
    def from_scores(
        cls,
        scores: ArrayLike,
        *,
        capacity: ArrayLike | None = None,
        demand: ArrayLike | None = None,
        min_load: ArrayLike | None = None,
        forbidden: ArrayLike | None = None,
        locked: ArrayLike | None = None,
        hours: ArrayLike | None = None,
        hours_limit: ArrayLike | None = None,
        quotas: Sequence[tuple[ArrayLike, int]] = (),
        scale: int = 1_000_000,
    ) -> PairingProblem:
        """Return a problem from a full score table of shape (num_mentors, num_mentees).

        ``forbidden``, ``locked``, ``hours`` have the shape of ``scores``; the rest is as in :meth:`from_edges`.

        >>> PairingProblem.from_scores([[3, 1], [2, 4]]).num_options
        4
        """
        table = np.asarray(scores)
        if table.ndim != 2:
            raise InputError([Fault("scores", text("a table of mentors by mentees is needed"))])
        allowed = np.ones(table.shape, dtype=bool) if forbidden is None else ~np.asarray(forbidden, dtype=bool)
        row, col = np.nonzero(allowed)

        def pick(values: ArrayLike | None) -> ArrayLike | None:
            return None if values is None else np.broadcast_to(np.asarray(values), table.shape)[row, col]

        return cls.from_edges(
            row,
            col,
            table[row, col],
            num_mentors=table.shape[0],
            num_mentees=table.shape[1],
            capacity=capacity,
            demand=demand,
            min_load=min_load,
            locked=pick(locked),
            hours=pick(hours),
            hours_limit=hours_limit,
            quotas=quotas,
            scale=scale,
        )

    def with_objective(self, objective: Objective) -> PairingProblem:
        """Return the same problem with people covered first, or the worst-off first, above the points."""
        if objective not in get_args(Objective):
            known = ", ".join(get_args(Objective))
            raise InputError(
                [Fault("objective", text("unknown: {value}", value=objective), text("one of {known}", known=known))]
            )
        if objective == "total":
            return self
        top = self.level_names.index("points") if "points" in self.level_names else 0
        if objective == "worst_off_first":
            shifted = with_level(self, "worst_off", top)
            return replace(
                shifted,
                worst_off_level=top,
                floor_points=self.points[top],
                floor_mentee=np.ones(self.num_mentees, dtype=bool),
            )
        shifted = with_level(self, "cover", top)
        served = shifted.served_points.copy()
        served[top] = 1
        steps = _unit_steps(shifted.load_steps, self.max_places, top, np.minimum(1, self.max_places))
        return replace(shifted, served_points=served, load_steps=steps)


def with_level(problem: PairingProblem, name: str, at: int) -> PairingProblem:
    """Return ``problem`` with an empty level ``name`` inserted at index ``at``."""

    def wider(array: IntArray) -> IntArray:
        return np.insert(array, at, 0, axis=0)

    def wider_steps(steps: Steps) -> Steps:
        return replace(steps, points=wider(steps.points))

    names = (*problem.level_names[:at], name, *problem.level_names[at:])
    lower = problem.worst_off_level
    return replace(
        problem,
        level_names=names,
        headline=problem.headline if problem.headline < at else problem.headline + 1,
        points=wider(problem.points),
        group_points=wider(problem.group_points),
        load_steps=wider_steps(problem.load_steps),
        served_points=wider(problem.served_points),
        item_points=wider(problem.item_points),
        quota_steps=wider_steps(problem.quota_steps),
        link_points=wider(problem.link_points),
        worst_off_level=None if lower is None else lower + (lower >= at),
    )


def _with_required(plain: PairingProblem) -> PairingProblem:
    """Add the levels "locks" and "least" above the points where something is required."""
    problem = plain
    if plain.required_min_load is not None and plain.required_min_load.any():
        problem = with_level(problem, "least", 0)
        steps = _unit_steps(problem.load_steps, plain.max_places, 0, plain.required_min_load)
        problem = replace(problem, load_steps=steps)
    if plain.locked.any():
        problem = with_level(problem, "locks", 0)
        points = problem.points.copy()
        points[0, plain.locked] = 1
        problem = replace(problem, points=points)
    return problem


def _unit_steps(steps: Steps, max_places: IntArray, level: int, num_first: IntArray) -> Steps:
    """Return steps that add one point on ``level`` for each of the first ``num_first`` places of every mentor."""
    without = np.flatnonzero(np.bincount(steps.owner, minlength=len(max_places)) == 0)
    owner = np.r_[steps.owner, without]
    order = np.argsort(owner, kind="stable")
    owner, width = owner[order], np.r_[steps.width, max_places[without]][order]
    points = np.concatenate([steps.points, _none((len(steps.points), len(without)))], axis=1)[:, order]
    before = np.cumsum(width) - width
    before -= before[np.searchsorted(owner, owner)]
    # Every step is cut in two where the counted places end.
    first = np.clip(num_first[owner] - before, 0, width)
    parts = np.stack([first, width - first], axis=1).ravel()
    points = np.repeat(points, 2, axis=1)
    points[level, ::2] += 1
    kept = parts > 0
    return Steps(owner=np.repeat(owner, 2)[kept], width=parts[kept], points=points[:, kept])


def _quota_arrays(quotas: Sequence[tuple[ArrayLike, int]], row: IntArray, num_mentors: int) -> dict[str, Any]:
    options, owners = [_none()], [_none()]
    for index, (mentors, _) in enumerate(quotas):
        who = np.asarray(mentors, dtype=np.int64).ravel()
        if len(who) and (who.min() < 0 or who.max() >= num_mentors):
            raise InputError([Fault("quotas", text("index outside 0…{last}", last=num_mentors - 1))])
        is_member = np.zeros(num_mentors, dtype=bool)
        is_member[who] = True
        known = np.flatnonzero((row >= 0) & (row < num_mentors))
        members = known[is_member[row[known]]]
        options.append(members)
        owners.append(np.full(len(members), index, dtype=np.int64))
    steps = Steps(
        owner=np.arange(len(quotas), dtype=np.int64),
        width=np.array([most for _, most in quotas], dtype=np.int64),
        points=_none((1, len(quotas))),
    )
    return {"quota_option": np.concatenate(options), "quota_owner": np.concatenate(owners), "quota_steps": steps}


def _spread(values: ArrayLike | None, length: int, default: int) -> Any:
    if values is None:
        return np.full(length, default, dtype=np.int64)
    array = np.asarray(values)
    if array.ndim == 0:
        array = np.full(length, array)
    return array.astype(np.int64) if array.dtype.kind in "iub" else array


def _to_integers(values: ArrayLike, scale: int, place: str) -> tuple[int, IntArray]:
    """Return (unit, integers): integers pass unchanged, floats are rounded to 1/scale."""
    array = np.asarray(values).ravel()
    if array.dtype.kind in "iub":
        return 1, array.astype(np.int64)
    if not np.isfinite(array).all():
        raise InputError([Fault(place, text("not a finite number"), text("forbid the pair instead"))])
    if np.array_equal(array, np.rint(array)):
        return 1, np.rint(array).astype(np.int64)
    return scale, np.rint(array * scale).astype(np.int64)
