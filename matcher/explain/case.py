"""A plan together with the round rebuilt from its inputs: what every explanation starts from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.candidates.build import Candidates, build_candidates
from matcher.candidates.criteria import CRITERIA, IDEAL
from matcher.candidates.levels import weight_in
from matcher.errors import Fault, InputError
from matcher.explain.search.occupancy import Occupancy
from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing
from matcher.pairing.verify import level_values
from matcher.plan import Plan, PlannedPair, sides_of
from matcher.plan_ids import need_name, weighted_points
from matcher.policy import Policy
from matcher.roster import Roster
from matcher.texts import text

IntArray = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """A plan, its candidates, and its pairing over the options of ``problem``."""

    plan: Plan
    candidates: Candidates
    pairing: Pairing

    @classmethod
    def of(cls, plan: Plan) -> Case:
        """Return the case of a plan; the round is rebuilt from the inputs the plan keeps.

        Raises
        ------
        InputError
            When the pairs of the plan are not those its options stand for: the file was changed by hand.
        """
        candidates = rebuilt(plan)
        problem = candidates.problem
        chosen = np.array(plan.options, dtype=np.int64)
        if len(chosen) and not 0 <= chosen.min() <= chosen.max() < problem.num_options:
            raise InputError([_changed_by_hand()])
        groups = [group for group, _ in plan.open_groups]
        pairing = Pairing.of(problem, chosen, groups, _agreed_slots(problem, chosen, plan.open_groups))
        case = cls(plan=plan, candidates=candidates, pairing=pairing)
        if [case.ids_of(option) for option in pairing.option.tolist()] != [(p.mentor, p.mentee) for p in plan.pairs]:
            raise InputError([_changed_by_hand()])
        return case

    @property
    def problem(self) -> PairingProblem:
        """Return the pairing problem of the round."""
        return self.candidates.problem

    @cached_property
    def state(self) -> Occupancy:
        """Return how full everybody is."""
        return Occupancy.of(self.problem, self.pairing)

    @cached_property
    def values(self) -> tuple[int, ...]:
        """Return the value of every level."""
        return level_values(self.problem, self.pairing)

    @cached_property
    def unmatched(self) -> tuple[int, ...]:
        """Return the mentees without a mentor, by index."""
        return tuple(np.setdiff1d(np.arange(self.problem.num_mentees), self.pairing.mentee).tolist())

    @cached_property
    def alone_by_group(self) -> IntArray:
        """Return per possible group how many of its seats are those of mentees without a mentor."""
        seats = self.state.options_of_all(np.array(self.unmatched, dtype=np.int64))
        group = self.problem.group[seats]
        return np.bincount(group[group >= 0], minlength=self.problem.num_groups)

    @cached_property
    def couples(self) -> frozenset[tuple[str, str]]:
        """Return (mentor, mentee) of all pairs of the plan."""
        return frozenset((pair.mentor, pair.mentee) for pair in self.plan.pairs)

    def mentor_id(self, mentor: int) -> str:
        """Return the id of a mentor."""
        return self.candidates.columns.mentor_id[mentor]

    def mentee_id(self, mentee: int) -> str:
        """Return the id of a mentee."""
        return self.candidates.columns.mentee_id[mentee]

    def ids_of(self, option: int) -> tuple[str, str]:
        """Return (mentor, mentee) of an option."""
        return self.mentor_id(int(self.problem.mentor[option])), self.mentee_id(int(self.problem.mentee[option]))

    def mentor_of(self, id_: str) -> int:
        """Return the index of a mentor.

        Raises
        ------
        InputError
            When nobody of the register has this id.
        """
        return _index(id_, self.candidates.columns.mentor_of, "mentor")

    def mentee_of(self, id_: str) -> int:
        """Return the index of a mentee.

        Raises
        ------
        InputError
            When nobody of the register has this id.
        """
        return _index(id_, self.candidates.columns.mentee_of, "mentee")


def rebuilt(plan: Plan, roster: Roster | None = None, policy: Policy | None = None) -> Candidates:
    """Return the candidates of a plan's inputs, or of the same round with another roster or policy."""
    return build_candidates(
        plan.roster if roster is None else roster,
        plan.policy if policy is None else policy,
        plan.busy,
        previous=plan.previous,
        reference_day=plan.reference_day,
        apart=sides_of(plan.apart),
    )


def as_planned(candidates: Candidates, options: Iterable[int]) -> list[PlannedPair]:
    """Return what options mean for people; clauses and warnings are left out."""
    columns, rows = candidates.columns, candidates.options
    found = []
    for option in options:
        mentee, group = int(rows.mentee[option]), int(rows.group[option])
        common = int(candidates.common_slots[option])
        found.append(
            PlannedPair(
                mentor=columns.mentor_id[int(rows.mentor[option])],
                mentee=columns.mentee_id[mentee],
                form=candidates.form_of(option),
                model=candidates.model_of(option),
                kind=candidates.kind_of(option),
                contour=candidates.contour_of(option),
                group=None if group < 0 else str(group),
                minutes=int(rows.mentee_minutes[option]),
                points=weighted_points(candidates, option),
                covers=tuple(need_name(candidates, mentee, at) for at in candidates.needs_of(option)),
                common_slots=None if common < 0 else common,
            )
        )
    return found


def ideal_points(candidates: Candidates) -> dict[str, int]:
    """Return the most points a pair can have by criterion, those that count in this round."""
    policy = candidates.columns.policy
    weights = {
        rule.rule: max((weight_in(policy, level, rule.rule) for level in candidates.levels), default=0)
        for rule in CRITERIA
    }
    return {rule: weight * IDEAL for rule, weight in weights.items() if weight}


def _index(id_: str, index: dict[str, int], place: str) -> int:
    if id_ not in index:
        raise InputError(
            [Fault(f"--{place}", text("{id} is not in the register", id=id_), text("give an id of the roster"))]
        )
    return index[id_]


def _changed_by_hand() -> Fault:
    return Fault(
        "plan.json",
        text("the pairs of the plan are not those its inputs stand for"),
        text("explain a plan file as the program wrote it"),
    )


def _agreed_slots(p: PairingProblem, chosen: IntArray, groups: tuple[tuple[int, int], ...]) -> list[int]:
    """Return a slot for every open group: where the plan leaves it to be agreed, the first that serves as well."""
    if p.slots is None:
        return [-1] * len(groups)
    taken = {(int(p.group_mentor[group]), slot) for group, slot in groups if slot >= 0}
    found = []
    for group, slot in groups:
        if slot < 0:
            seats = chosen[p.group[chosen] == group]
            common = np.bitwise_and.reduce(p.slots[seats], axis=0)
            mentor = int(p.group_mentor[group])
            free = (s for s in _slots(common) if (mentor, s) not in taken)
            slot = next(free, -1)
            taken.add((mentor, slot))
        found.append(slot)
    return found


def _slots(words: NDArray[np.uint64]) -> list[int]:
    return [64 * at + bit for at, word in enumerate(words.tolist()) for bit in range(64) if word >> bit & 1]
