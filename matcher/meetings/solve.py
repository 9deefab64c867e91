"""The way from meetings to a judged plan: explore, bound, settle, give rooms, judge."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from matcher.meetings.bound import price_medium
from matcher.meetings.certificate import level_bounds
from matcher.meetings.problem import Level, MeetingsProblem
from matcher.meetings.result import LevelScore, MediumCertificate, MeetingPlan, MeetingsResult
from matcher.meetings.search.rooms import Rooms
from matcher.meetings.search.stages import Found, Stage
from matcher.meetings.search.team import Team
from matcher.meetings.verify import check_form, level_values, rule_costs, violations
from matcher.outcome import OnProgress, Progress, Proof, SolveStatus, Stop

IntArray = NDArray[np.int64]
FIRST_SHARE, EARLY_BOUND_SHARE, EXPLORE_SHARE, LATE_BOUND_SHARE, SETTLE_SHARE = 0.05, 0.3, 0.75, 0.85, 0.97
"""Parts of the time by which each step ends; a bound ends earlier where it is found."""
SMALL = 300
"""Meetings up to which the bound is sought before exploring, which it can end; beyond, it may take long."""
BOUND_STEPS = 300_000


def solve_meetings(
    problem: MeetingsProblem,
    *,
    time_limit: float = 60.0,
    work_limit: int | None = None,
    workers: int = 1,
    seed: int = 0,
    hint: MeetingPlan | None = None,
    on_progress: OnProgress | None = None,
    stop: Stop | None = None,
) -> MeetingsResult:
    """Return the best plan found: as few broken hard rules as possible, then the medium, then the soft level.

    It ends with a proof of all levels, at ``time_limit`` (seconds), at ``work_limit`` (moves; the same answer every
    time for the same seed and workers, the clock decides nothing), or when ``stop()`` says so, with the best plan so
    far. ``hint`` is an earlier plan to start from; it comes back where nothing better is found. ``workers`` above 1
    start processes of their own.

    >>> problem = MeetingsProblem(
    ...     grain_day=np.zeros(8, dtype=np.int64), duration=np.array([4, 4]), room_capacity=np.array([2]),
    ...     required=np.ones((2, 2), dtype=bool), preferred=np.zeros((2, 2), dtype=bool))
    >>> result = solve_meetings(problem, work_limit=1000)
    >>> result.status.value, result.hard.value, result.medium.value, sorted(result.plan.start.tolist())
    ('feasible', 0, 0, [0, 4])
    """
    if hint is not None:
        check_form(problem, hint)
    clock = _Clock(time_limit=None if work_limit is not None else time_limit, asked=stop or (lambda: False))
    with Team(problem, seed=seed, workers=workers) as team:
        search = _Search(problem=problem, team=team, clock=clock, work_limit=work_limit, on_progress=on_progress)
        found = search.run(hint)
    plan = _with_rooms(problem, found.start, team.own.rooms)
    if hint is not None and level_values(problem, hint) >= level_values(problem, plan):
        plan = hint
    return _judged(problem, plan, search.certificate, found.moves, clock.seconds())


@dataclass(slots=True, kw_only=True)
class _Clock:
    """Time since the start, and whether to end: by the clock where it counts, or because somebody asks.

    ``reserve`` seconds are kept for rooms and judge.
    """

    time_limit: float | None
    asked: Stop
    started: float = field(default_factory=time.monotonic)
    reserve: float = 0.0

    def seconds(self) -> float:
        return time.monotonic() - self.started

    def left(self, share: float) -> float | None:
        """Return the seconds until this share of the time is over, None without a limit."""
        if self.time_limit is None:
            return None
        return max(0.0, share * (self.time_limit - self.reserve) - self.seconds())

    def over(self, share: float) -> Callable[[], bool]:
        """Return the question whether to end a task that has until this share of the time."""
        return lambda: self.asked() or (self.time_limit is not None and self.seconds() >= share * self.time_limit)


@dataclass(slots=True, kw_only=True)
class _Search:
    problem: MeetingsProblem
    team: Team
    clock: _Clock
    work_limit: int | None
    on_progress: OnProgress | None
    certificate: MediumCertificate | None = None
    _moves: int = 0
    _bounds: tuple[int, int, int] = (0, 0, 0)

    def run(self, hint: MeetingPlan | None) -> Found:
        """Return the best starts: quickly some without broken hard rules, then the bound, then both stages."""
        self._bounds = level_bounds(self.problem, None, hard_kept=True)
        hard, medium, soft = (-bound for bound in self._bounds)
        start = self._allowed(hint)
        never = self.problem.num_grains * self.problem.num_meetings**2 * 2**20
        best = self._stage(0, "explore", FIRST_SHARE, start, (hard, 0, never), alone=True)
        self.clock.reserve = self._finishing_seconds(best.start)
        is_small = self.problem.num_meetings <= SMALL
        if is_small and best.score[:2] > (hard, 0):
            medium = self._find_bound(EARLY_BOUND_SHARE)
        if best.score[:2] > (hard, medium):
            best = _better(best, self._stage(1, "explore", EXPLORE_SHARE, best.start, (hard, medium, never)))
        if not is_small and best.score[:2] > (hard, 0):
            medium = self._find_bound(LATE_BOUND_SHARE)
        settled = self._stage(2, "settle", SETTLE_SHARE, best.start, (hard, medium, soft))
        return replace(_better(best, settled), moves=self._moves)

    def _find_bound(self, share: float) -> int:
        """Return the least medium loss that prices prove, searched until this share of the time."""
        self.certificate = price_medium(self.problem, max_steps=BOUND_STEPS, stop=self.clock.over(share))
        self._bounds = level_bounds(self.problem, self.certificate, hard_kept=True)
        return -self._bounds[1]

    def _finishing_seconds(self, start: IntArray) -> float:
        """Return how long rooms and judge will take, by trying."""
        began = self.clock.seconds()
        _judged(self.problem, _with_rooms(self.problem, start, self.team.own.rooms), None, 0, 0.0)
        return 1.5 * (self.clock.seconds() - began)

    def _stage(
        self,
        number: int,
        aim: str,
        share: float,
        start: IntArray | None,
        until: tuple[int, int, int],
        *,
        alone: bool = False,
    ) -> Found:
        stage = Stage(
            aim="explore" if aim == "explore" else "settle",
            number=number,
            start=start,
            until=until,
            moves=None if self.work_limit is None else max(0, int(share * self.work_limit) - self._moves),
            seconds=self.clock.left(share),
        )
        run = self.team.own.run if alone else self.team.run
        found = run(stage, stop=self.clock.asked, on_better=lambda f: self._report(aim, f))
        self._moves += found.moves
        return found

    def _allowed(self, hint: MeetingPlan | None) -> IntArray | None:
        """Return the starts of the hint if every one is among those the search considers."""
        if hint is None:
            return None
        starts = self.team.own.tables.starts
        fits = all(np.isin(s, allowed) for s, allowed in zip(hint.start.tolist(), starts, strict=True))
        return hint.start if fits else None

    def _report(self, aim: str, found: Found) -> None:
        if self.on_progress is None:
            return
        number = 0 if found.score[0] else 1 if aim == "explore" else 2
        value, bound = -found.score[number], self._bounds[number]
        self.on_progress(Progress(aim, list(Level)[number], value, bound, self.clock.seconds()))


def _better(first: Found, second: Found) -> Found:
    return second if second.score < first.score else first


def _with_rooms(problem: MeetingsProblem, start: IntArray, rooms: Rooms) -> MeetingPlan:
    """Return the plan with the best rooms for these starts."""
    quick, _ = rooms.first_fit(start)
    best = rooms.best_rooms(start)
    walked = np.array([best[meeting] for meeting in range(problem.num_meetings)], dtype=np.int64)
    plans = [MeetingPlan(start=start, room=room) for room in (walked, quick)]
    return max(plans, key=lambda plan: level_values(problem, plan))


def _judged(
    problem: MeetingsProblem, plan: MeetingPlan, certificate: MediumCertificate | None, moves: int, seconds: float
) -> MeetingsResult:
    """Return the result with values recounted by the judge and bounds recounted from the prices."""
    values = level_values(problem, plan)
    bounds = level_bounds(problem, certificate, hard_kept=values[0] == 0)
    levels: list[LevelScore] = []
    for level, value, bound in zip(Level, values, bounds, strict=True):
        if value > bound:
            raise AssertionError(f"level {level}: the value {value} exceeds the bound {bound}")
        proved = value == bound and all(upper.proof is not None for upper in levels)
        levels.append(LevelScore(level=level, value=value, bound=bound, proof=Proof.CERTIFICATE if proved else None))
    if (values[0] == 0) is bool(violations(problem, plan)):
        raise AssertionError("the value of the hard level and the list of broken rules disagree")
    hard, medium, soft = levels
    if values[0] == 0:
        status = SolveStatus.OPTIMAL if soft.proof is not None else SolveStatus.FEASIBLE
    else:
        status = SolveStatus.INFEASIBLE if hard.proof is not None else SolveStatus.UNKNOWN
    return MeetingsResult(
        status=status,
        plan=plan,
        levels=(hard, medium, soft),
        costs=rule_costs(problem, plan),
        certificate=certificate,
        moves=moves,
        seconds=seconds,
    )
