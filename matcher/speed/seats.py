"""At which table each meeting takes place: mentors keep their table as far as they can, mentees walk."""

from __future__ import annotations

from collections.abc import Sequence


def seat_mentors(mentor: Sequence[int], round_: Sequence[int], num_tables: int) -> list[int]:
    """Return the table of each meeting: one meeting at a table in a round, a mentor at one table where possible.

    Mentors with most meetings choose first. A mentor takes the first table that is free in all his rounds; where there
    is none, the first free one of each round. There must be no more meetings in a round than tables.

    >>> seat_mentors([0, 1, 0], [0, 0, 1], 2)
    [0, 1, 0]
    """
    meetings: dict[int, list[int]] = {}
    for at, who in enumerate(mentor):
        meetings.setdefault(who, []).append(at)
    taken = [0] * num_tables
    table = [0] * len(mentor)
    moving: list[int] = []
    for mine in sorted(meetings.values(), key=lambda found: (-len(found), mentor[found[0]])):
        rounds = sum(1 << round_[at] for at in mine)
        home = next((t for t, busy in enumerate(taken) if not busy & rounds), None)
        if home is None:
            moving += mine
            continue
        taken[home] |= rounds
        for at in mine:
            table[at] = home
    for at in moving:
        table[at] = next(t for t, busy in enumerate(taken) if not busy >> round_[at] & 1)
        taken[table[at]] |= 1 << round_[at]
    return table
