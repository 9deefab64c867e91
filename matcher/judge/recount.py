"""The figures people care for, counted anew from a plan: who is served, and what is covered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matcher.judge.choices import Case
from matcher.judge.facts import Facts
from matcher.policy import Policy
from matcher.roster import Contour, Mentee


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount:
    """Numbers of a plan.

    ``served`` and ``served_inside`` count mentees by (tier, 0 where they were left out last time, else 1);
    ``requests`` counts covered requests by priority, ``deficits`` covered gaps.
    """

    pairs: int
    groups: int
    served: Mapping[tuple[int, int], int]
    served_inside: Mapping[tuple[int, int], int]
    requests: Mapping[int, int]
    deficits: int


def recount(facts: Facts, cases: Sequence[Case], covers: Sequence[tuple[str, ...]], num_groups: int) -> Recount:
    """Return the figures of a plan: ``covers`` names what each case covers."""
    served: dict[str, bool] = {}
    covered: set[tuple[str, str]] = set()
    for case, names in zip(cases, covers, strict=True):
        mentee = case.sides.mentee.person
        inside = case.sides.contour is Contour.ORGANISATION
        served[mentee] = served.get(mentee, False) or inside
        covered |= {(mentee, name) for name in names}
    rank = {mentee: rank_of(facts.policy, facts.mentees[mentee]) for mentee in served}
    requests: Counter[int] = Counter()
    for mentee, name in covered:
        what, _, which = name.partition(":")
        if what == "request":
            requests[facts.mentees[mentee].requests[int(which)].priority] += 1
    return Recount(
        pairs=len(cases),
        groups=num_groups,
        served=Counter(rank[mentee] for mentee in served),
        served_inside=Counter(rank[mentee] for mentee, inside in served.items() if inside),
        requests=requests,
        deficits=sum(name.startswith("deficit:") for _, name in covered),
    )


def rank_of(policy: Policy, mentee: Mentee) -> tuple[int, int]:
    """Return the tier of a mentee, and 0 where he was left without a mentor last time."""
    return policy.tier_of(mentee.primary_category), 0 if mentee.unmatched_last_round else 1
