"""Why a pair stands: its points, what it covers, what else each side might have had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.explain.audience import share_of
from matcher.explain.case import Case, ideal_points
from matcher.explain.findings import NextBest, PairReasons
from matcher.explain.search.gains import best_first, option_gains
from matcher.plan import PlannedPair
from matcher.plan_ids import need_name, weighted_points

IntArray = NDArray[np.int64]


def why_pairs(case: Case, pairs: Iterable[PlannedPair] | None = None) -> tuple[PairReasons, ...]:
    """Return the reasons of these pairs of the plan, by default of all of them."""
    ranking = Ranking.of(case)
    ideal = ideal_points(case.candidates)
    open_needs = _open_needs(case)
    option_of = dict(zip(((p.mentor, p.mentee) for p in case.plan.pairs), case.pairing.option.tolist(), strict=True))
    listed = case.plan.pairs if pairs is None else pairs
    return tuple(
        _reasons(case, pair, option_of[pair.mentor, pair.mentee], ranking, ideal, open_needs) for pair in listed
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ranking:
    """The options that can stand alone, the best first, once by mentee and once by mentor."""

    by_mentee: IntArray
    mentee_start: IntArray
    by_mentor: IntArray
    mentor_start: IntArray

    @classmethod
    def of(cls, case: Case) -> Ranking:
        """Return the ranking by what an option alone brings: served, covered, points, level by level."""
        p, state = case.problem, case.state
        able = ~state.impossible(np.arange(p.num_options))
        if p.extra is not None:
            able &= ~p.extra
        if p.companion is not None:
            able &= p.companion < 0
        options = np.flatnonzero(able)
        options = options[best_first(option_gains(p, options))]
        by_mentee = options[np.argsort(p.mentee[options], kind="stable")]
        by_mentor = options[np.argsort(p.mentor[options], kind="stable")]
        return cls(
            by_mentee=by_mentee,
            mentee_start=np.searchsorted(p.mentee[by_mentee], np.arange(p.num_mentees + 1)),
            by_mentor=by_mentor,
            mentor_start=np.searchsorted(p.mentor[by_mentor], np.arange(p.num_mentors + 1)),
        )

    def of_mentee(self, mentee: int) -> IntArray:
        """Return the options of a mentee, the best first."""
        found: IntArray = self.by_mentee[self.mentee_start[mentee] : self.mentee_start[mentee + 1]]
        return found

    def of_mentor(self, mentor: int) -> IntArray:
        """Return the options of a mentor, the best first."""
        found: IntArray = self.by_mentor[self.mentor_start[mentor] : self.mentor_start[mentor + 1]]
        return found


def _reasons(
    case: Case,
    pair: PlannedPair,
    option: int,
    ranking: Ranking,
    ideal: Mapping[str, int],
    open_needs: Mapping[str, tuple[str, ...]],
) -> PairReasons:
    mentor, mentee = int(case.problem.mentor[option]), int(case.problem.mentee[option])
    return PairReasons(
        mentor=pair.mentor,
        mentee=pair.mentee,
        form=pair.form,
        model=pair.model,
        kind=pair.kind,
        contour=pair.contour,
        group=pair.group,
        locked=pair.locked,
        fit=share_of(pair.points.values(), ideal.values()),
        points=pair.points,
        ideal=ideal,
        covers=pair.covers,
        open_needs=open_needs.get(pair.mentee, ()),
        common_slots=pair.common_slots,
        clauses=pair.clauses,
        warnings=pair.warnings,
        next_for_mentee=_next(case, ranking.of_mentee(mentee), ideal),
        next_for_mentor=_next(case, ranking.of_mentor(mentor), ideal),
    )


def _next(case: Case, options: IntArray, ideal: Mapping[str, int]) -> NextBest | None:
    """Return the best option that brings together two who are not together now."""
    for option in options.tolist():
        ids = case.ids_of(option)
        if ids in case.couples:
            continue
        points = weighted_points(case.candidates, option)
        mentee = int(case.problem.mentee[option])
        return NextBest(
            mentor=ids[0],
            mentee=ids[1],
            fit=share_of(points.values(), ideal.values()),
            covers=tuple(need_name(case.candidates, mentee, at) for at in case.candidates.needs_of(option)),
        )
    return None


def _open_needs(case: Case) -> dict[str, tuple[str, ...]]:
    """Return per served mentee the requests and gaps that none of his mentors covers."""
    needs = case.candidates.columns.needs
    covered: dict[str, set[str]] = {}
    for pair in case.plan.pairs:
        covered.setdefault(pair.mentee, set()).update(pair.covers)
    found = {}
    for mentee, names in covered.items():
        row = case.candidates.columns.mentee_of[mentee]
        mine = [need_name(case.candidates, row, at) for at in range(needs.width) if needs.need[row, at] >= 0]
        found[mentee] = tuple(name for name in mine if name not in names)
    return found
