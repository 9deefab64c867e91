"""Small parts of the plan taken out at random and planned anew: cheap steps that also cross level ground."""

from __future__ import annotations

from collections.abc import Sequence

from matcher.sessions.search import Search

MOST_TAKEN = 5
STEPS_A_LOOK = 64


def renew(search: Search, *, until: float, steps: int) -> bool:
    """Take small groups out and plan them anew in random order with random preferences; return whether it helped.

    A group is an activity that falls short and some that stand in its way. Plans of equal worth are accepted, so
    that the search can cross level ground. Ends after ``steps`` groups or at ``until`` (on the clock of the effort).
    """
    began = search.total
    short: list[int] = []
    for step in range(steps):
        if step % STEPS_A_LOOK == 0:
            short = [a for a in range(len(search.scores)) if search.is_short(a)]
            if not short or search.effort.clock() > until or search.is_done():
                break
        if search.effort.is_over():
            break
        _step(search, short)
    return search.total < began


def _step(search: Search, short: Sequence[int]) -> None:
    random = search.random
    first = short[random.randrange(len(short))]
    rivals = search.rivals(first)
    number = min(len(rivals), random.randint(1, MOST_TAKEN))
    family = [first, *random.sample(rivals, number)]
    before = search.sum_of(family)
    had = search.take(family)
    random.shuffle(family)
    for a in family:
        load = [value * random.random() for value in search.load[a]]
        search.plan(a, load)
    if search.sum_of(family) > before:
        search.restore(had)
