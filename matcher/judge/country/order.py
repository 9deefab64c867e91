"""Whether weighing the levels of a round of a country together keeps their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def keeps_order(
    levels: Sequence[str],
    weights: Sequence[int],
    rules: Sequence[Mapping[str, int]],
    prices: Sequence[int],
    most_needs: int,
    most_cost: int,
) -> bool:
    """Return whether comparing weighted sums at these prices is comparing level by level.

    First, levels that count people: along one cycle of exchanges one mentee comes in and one goes out, one place is
    taken and one is left, so these levels are in order when each weighs more than such changes below it.

    Then the others: all that two net gains can differ on lower levels has to stay under one unit of a level. Prices
    are read as whole numbers of units, the nearest ones. ``most_needs`` is the most SO-02 counts for a mentee,
    ``most_cost`` the most a place costs on SO-07.
    """
    people = [at for at, rule in enumerate(rules) if not rule]
    others = [at for at, rule in enumerate(rules) if rule and weights[at] > 0]
    if any(weights[at] <= 0 for at in people) or people != list(range(len(people))):
        return False
    unit = weights[people[-1]]
    if any(weights[at] % unit for at in people):
        return False
    changes = 0
    for at in reversed(people):
        if weights[at] <= changes:
            return False
        changes = weights[at] + changes if levels[at] in ("locks", "least") else weights[at]
    units = [unit, *(weights[at] for at in others)]
    digits = _digits(prices, units)
    below = 0
    points = [0, *(_most_points(rules[at], most_needs, most_cost) for at in others)]
    for size, most, digit in reversed(list(zip(units, points, digits, strict=True))):
        if 2 * below >= size:
            return False
        below += size * (most + digit)
    return True


def _digits(prices: Sequence[int], units: Sequence[int]) -> list[int]:
    """Return the greatest absolute digit of each unit among the prices."""
    most = [0] * len(units)
    for price in prices:
        rest = price
        for at, unit in enumerate(units):
            digit = (rest + unit // 2) // unit
            rest -= digit * unit
            most[at] = max(most[at], abs(digit))
    return most


def _most_points(rules: Mapping[str, int], most_needs: int, most_cost: int) -> int:
    """Return the most points a pair and a place can have on a level, the word for the kind counted in."""
    found = 10
    for rule, weight in rules.items():
        if rule == "SO-02":
            found += weight * most_needs
        elif rule == "SO-07":
            found += weight * most_cost
        else:
            found += weight * (200 if rule == "SO-05" else 100)
    return found
