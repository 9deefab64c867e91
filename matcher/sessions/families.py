"""Orders inside a family: activities that share people, taken out together and planned in other orders."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, permutations

from matcher.sessions.search import Search

MOST_ORDERS = 24
MOST_MEMBERS = 7
ROUNDS = 2


def permute_families(search: Search, *, until: float) -> None:
    """Plan the family of every activity that falls short in other orders: by mentor, then by any shared person.

    This finds in a second more than an exact search of neighbourhoods in a minute, since most of what is missing
    was taken by somebody who had other times. Ends at ``until`` (on the clock of the effort).
    """
    lead = search.layout.problem.lead.tolist()
    by_lead: dict[int, list[int]] = {}
    for a, person in enumerate(lead):
        by_lead.setdefault(person, []).append(a)
    for _ in range(ROUNDS):
        before = search.total
        for by_mentor in (True, False):
            for a in range(len(lead)):
                if search.effort.is_over() or search.effort.clock() > until:
                    return
                if search.is_short(a):
                    family = by_lead[lead[a]] if by_mentor else [a, *sorted(search.layout.relatives(a))]
                    try_orders(search, _nearest(search, a, family))
        search.tell("families")
        if search.total == before:
            return


def _nearest(search: Search, activity: int, family: Sequence[int]) -> list[int]:
    """Return the activity and the members of its family with the fewest times to choose from."""
    others = sorted((b for b in family if b != activity), key=lambda b: (len(search.layout.activities[b].keys), b))
    return [activity, *others[: MOST_MEMBERS - 1]]


def try_orders(search: Search, family: Sequence[int]) -> bool:
    """Plan a family in many orders and keep the best; return whether it is better than before."""
    before = search.sum_of(family)
    best, kept = before, search.take(family)
    for order in _orders(search, family):
        for a in order:
            search.plan(a)
        reached = search.sum_of(family)
        if reached < best:
            best, kept = reached, {a: search.state.plan[a] for a in family}
        search.take(family)
        if best[0] <= sum(search.least[a][0] for a in family) and best[2] <= sum(search.least[a][1] for a in family):
            break
        if search.effort.is_over():
            break
    for a in family:
        search.put(a, kept[a])
    return best < before


def _orders(search: Search, family: Sequence[int]) -> list[tuple[int, ...]]:
    if len(family) <= 4:
        return list(islice(permutations(family), MOST_ORDERS))
    # The one that falls short goes first, second and third; the rest is shuffled.
    orders: list[tuple[int, ...]] = []
    first, rest = family[0], list(family[1:])
    for number in range(MOST_ORDERS):
        at = number % 3
        orders.append((*rest[:at], first, *rest[at:]))
        search.random.shuffle(rest)
    return orders
