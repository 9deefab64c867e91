"""A round as it stands now: the plan with everything people have fixed, forbidden, dropped and moved by hand since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.explain.again.resolve import options_together
from matcher.explain.case import Case
from matcher.explain.search.gains import best_first, option_gains
from matcher.pairing.result import Pairing

IntArray = NDArray[np.int64]
Mask = NDArray[np.bool_]
Couple = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands, by id: pairs of (mentor, mentee), those of them that are fixed, those that must not come back."""

    couples: tuple[Couple, ...]
    locked: frozenset[Couple] = frozenset()
    forbidden: frozenset[Couple] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Present:
    """The round as it stands. ``case`` has the pairs of now; ``may`` says per option whether it may be chosen.

    ``unknown`` are couples that stand though the plan's inputs have no way of working together for them: a rule was
    lifted for them later. Their places are taken.
    """

    case: Case
    may: Mask
    unknown: tuple[Couple, ...]


def present_case(case: Case, standing: Standing) -> Present:
    """Return the round of a plan as it stands now."""
    chosen, unknown = _options_of(case, standing.couples)
    problem = case.problem
    locked = problem.locked.copy()
    locked[chosen[np.isin(chosen, options_together(case, set(standing.locked)))]] = True
    may = np.ones(problem.num_options, dtype=bool)
    may[options_together(case, set(standing.forbidden))] = False
    most_pairs, most_mentors = problem.max_individual.copy(), problem.max_mentors.copy()
    for mentor, mentee in unknown:
        _take_place(case, most_pairs, mentor, case.candidates.columns.mentor_of)
        _take_place(case, most_mentors, mentee, case.candidates.columns.mentee_of)
    # A lock that was taken back binds no longer.
    locked &= np.isin(np.arange(problem.num_options), chosen)
    now = replace(problem, locked=locked, max_individual=most_pairs, max_mentors=most_mentors)
    used = np.isin(case.pairing.open_group, problem.group[chosen])
    pairing = Pairing.of(now, chosen, case.pairing.open_group[used], case.pairing.slot[used])
    changed = Case(plan=case.plan, candidates=replace(case.candidates, problem=now), pairing=pairing)
    return Present(case=changed, may=may, unknown=unknown)


def _options_of(case: Case, couples: Iterable[Couple]) -> tuple[IntArray, tuple[Couple, ...]]:
    """Return the option of every couple: that of the plan, else the best on their own; and those who have none."""
    planned = {case.ids_of(option): option for option in case.pairing.option.tolist()}
    found, unknown = [], []
    for couple in couples:
        option = planned.get(couple)
        if option is None:
            ways = alone_together(case, couple)
            if not len(ways):
                unknown.append(couple)
                continue
            option = int(ways[0])
        found.append(option)
    return np.unique(np.array(found, dtype=np.int64)), tuple(unknown)


def alone_together(case: Case, couple: Couple) -> IntArray:
    """Return the ways in which two people can work as a pair of their own, the best first."""
    options = options_together(case, {couple})
    options = options[case.problem.group[options] < 0]
    ordered: IntArray = options[best_first(option_gains(case.problem, options))]
    return ordered


def _take_place(case: Case, most: IntArray, id_: str, index: dict[str, int]) -> None:
    if id_ in index:
        most[index[id_]] = max(0, most[index[id_]] - 1)
