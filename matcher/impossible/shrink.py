"""The deletion filter: from everything that stands in the way to a set of which nothing can be left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from matcher.impossible.element import Element

Possible = Callable[[frozenset[Element]], bool]
"""Whether the sessions find a place when only these elements hold."""


def shrink(elements: Sequence[Element], is_possible: Possible) -> tuple[Element, ...]:
    """Return an irreducible part of ``elements``, with which it is impossible while without any one it is possible.

    Elements are left out in their order, first all of a kind at once. The result is tested in full at the end: rules
    of planning that prefer one way of meeting to another may make something possible by forbidding more.

    Raises
    ------
    ValueError
        When it is possible with all of them.
    """
    if is_possible(frozenset(elements)):
        raise ValueError("the sessions find a place")
    kept = list(elements)
    for kind, group in [(kind, list(group)) for kind, group in groupby(elements, key=lambda one: one.kind)]:
        others = [one for one in kept if one.kind is not kind]
        if not is_possible(frozenset(others)):
            kept = others
        elif len(group) > 1:
            kept = _without_each(kept, group, is_possible)
    while True:
        fewer = _without_each(kept, kept, is_possible)
        if len(fewer) == len(kept):
            return tuple(kept)
        kept = fewer


def is_irreducible(elements: Sequence[Element], is_possible: Possible) -> bool:
    """Return whether it is impossible with all of them, and possible without any one."""
    every = frozenset(elements)
    return not is_possible(every) and all(is_possible(every - {one}) for one in elements)


def _without_each(kept: Sequence[Element], tried: Sequence[Element], is_possible: Possible) -> list[Element]:
    found = list(kept)
    for one in tried:
        others = [other for other in found if other != one]
        if not is_possible(frozenset(others)):
            found = others
    return found
