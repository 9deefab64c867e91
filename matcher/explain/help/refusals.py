"""Which rules refuse whom, mentors with the same reasons together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.candidates.columns import Columns
from matcher.candidates.edges import Edges, SideForms, build_edges
from matcher.candidates.requirements import REQUIREMENTS, asks_main_need, covers_a_need, judge
from matcher.explain.findings import RefusedGroup, RuleRef

IntArray = NDArray[np.int64]
_MAIN_NEED = next(bit for bit, rule in enumerate(REQUIREMENTS) if rule.check is covers_a_need)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Refused:
    """Pairs of one person that some rule refuses, the most fitting first: who, which rules (bits), what they are.

    A pair that could only be a second one of the mentee counts as refused by HR-04. ``num_allowed`` are the others.
    """

    other: IntArray
    rules: IntArray
    edges: Edges
    num_allowed: int


def refused_to_mentee(columns: Columns, sides: SideForms, mentee: int) -> Refused:
    """Return the mentors whom the rules refuse to a mentee."""
    mentors = np.arange(columns.num_mentors)
    return _refused(build_edges(columns, sides, mentors, np.full_like(mentors, mentee)), mentors)


def refused_to_mentor(columns: Columns, sides: SideForms, mentor: int) -> Refused:
    """Return the mentees whom the rules refuse to a mentor."""
    mentees = np.arange(columns.num_mentees)
    return _refused(build_edges(columns, sides, np.full_like(mentees, mentor), mentees), mentees)


def refusing_rules(edges: Edges) -> IntArray:
    """Return which rules refuse each pair as one that stands alone (bit i: ``REQUIREMENTS[i]``)."""
    rules = judge(edges).refused
    rules |= (edges.covered_main == 0).astype(np.int64) * asks_main_need(edges) << _MAIN_NEED
    return rules & ~_lifted_main_need(edges)


def _refused(edges: Edges, other: IntArray) -> Refused:
    """Order by: the main need covered, any need covered, few rules in the way, near, then by id."""
    rules = refusing_rules(edges)
    here = np.flatnonzero(rules)
    number = np.array([int(mask).bit_count() for mask in rules[here].tolist()], dtype=np.int64)
    step = np.where(edges.step[here] < 0, 99, edges.step[here])
    order = np.lexsort((here, step, number, edges.covered[here] == 0, edges.covered_main[here] == 0))
    ordered = here[order]
    return Refused(
        other=other[ordered], rules=rules[ordered], edges=edges.take(ordered), num_allowed=len(other) - len(here)
    )


def _lifted_main_need(edges: Edges) -> IntArray:
    """Return the bit of HR-04 where a curator has lifted it."""
    overrides = edges.columns.marks.lifted.get("HR-04")
    if overrides is None:
        return np.zeros(len(edges), dtype=np.int64)
    lifted: IntArray = overrides.covers(edges.key, edges.mentor, edges.mentee).astype(np.int64) << _MAIN_NEED
    return lifted


def grouped(columns: Columns, refused: Refused, id_of: Callable[[int], str]) -> tuple[RefusedGroup, ...]:
    """Return the refused people by the rules that refuse them; a group stands where its most fitting member does."""
    members: dict[int, list[str]] = defaultdict(list)
    for other, rules in zip(refused.other.tolist(), refused.rules.tolist(), strict=True):
        members[rules].append(id_of(other))
    return tuple(
        RefusedGroup(rules=rule_refs(columns, rules), mentors=tuple(people)) for rules, people in members.items()
    )


def rule_refs(columns: Columns, mask: int) -> tuple[RuleRef, ...]:
    """Return the rules of a mask over ``REQUIREMENTS``."""
    return tuple(
        RuleRef(
            rule=requirement.rule,
            sentence=requirement.sentence,
            clause=columns.policy.clause_of(requirement.rule),
            may_be_lifted=requirement.may_be_lifted,
        )
        for bit, requirement in enumerate(REQUIREMENTS)
        if mask >> bit & 1
    )
