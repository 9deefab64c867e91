"""The figures people care for, counted anew from a plan: who is served, and what is covered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matcher.judge.categories import tier_of
from matcher.judge.choices import Case
from matcher.judge.facts import Facts
from matcher.judge.inside_first import is_inside

Rank = tuple[int, bool]
"""The tier of a mentee (0 decided first), and whether he was left without a mentor last time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount:
    """Numbers of a plan.

    ``served`` and ``served_inside`` count mentees by rank; ``requests`` counts covered requests by priority,
    ``gaps`` covered gaps by their width in levels.
    """

    pairs: int
    groups: int
    locked: int
    served: Mapping[Rank, int]
    served_inside: Mapping[Rank, int]
    requests: Mapping[int, int]
    gaps: Mapping[int, int]

    def value_of(self, level: str) -> int | None:
        """Return what the plan's level of this name must be worth, None where it is not one of these figures.

        A covered request counts 3, 2, 1 by priority, a covered gap one for each of its levels, three at most (SO-02).
        """
        name, *parts = level.split(":")
        if name == "locks":
            return self.locked
        if name == "SO-02":
            by_priority = sum(max(1, 4 - priority) * count for priority, count in self.requests.items())
            return by_priority + sum(min(3, width) * count for width, count in self.gaps.items())
        served = {"SO-01": self.served, "internal_first": self.served_inside}.get(name)
        if served is None or not parts:
            return None
        tier = int(parts[0]) - 1
        if len(parts) > 1:
            return served.get((tier, True), 0)
        return served.get((tier, False), 0)


def recount(
    facts: Facts, cases: Sequence[Case], covers: Sequence[tuple[str, ...]], *, num_groups: int, num_locked: int
) -> Recount:
    """Return the figures of a plan: ``covers`` names what each case covers."""
    served: dict[str, bool] = {}
    covered: set[tuple[str, str]] = set()
    for case, names in zip(cases, covers, strict=True):
        mentee = case.sides.mentee.person
        served[mentee] = served.get(mentee, False) or is_inside(case, names)
        covered |= {(mentee, name) for name in names}
    rank = {mentee: rank_of(facts, mentee) for mentee in served}
    requests, gaps = _needs(facts, covered)
    return Recount(
        pairs=len(cases),
        groups=num_groups,
        locked=num_locked,
        served=Counter(rank[mentee] for mentee in served),
        served_inside=Counter(rank[mentee] for mentee, inside in served.items() if inside),
        requests=requests,
        gaps=gaps,
    )


def _needs(facts: Facts, covered: set[tuple[str, str]]) -> tuple[Counter[int], Counter[int]]:
    """Return covered requests by priority and covered gaps by width; names the mentee does not have count nothing."""
    requests, gaps = Counter[int](), Counter[int]()
    for mentee_id, name in covered:
        mentee = facts.mentees[mentee_id]
        named = {f"request:{at}": request.priority for at, request in enumerate(mentee.requests)}
        if name in named:
            requests[named[name]] += 1
        gaps.update([gap.gap for gap in mentee.deficits if f"deficit:{gap.competence}" == name])
    return requests, gaps


def rank_of(facts: Facts, mentee_id: str) -> Rank:
    """Return the rank of a mentee."""
    mentee = facts.mentees[mentee_id]
    return tier_of(facts, mentee), mentee.unmatched_last_round
