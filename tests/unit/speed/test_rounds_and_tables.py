"""Meetings into rounds and onto tables."""

from __future__ import annotations

import pytest

from matcher.speed.colour import spread_rounds
from matcher.speed.seats import seat_mentors


def test_everybody_with_everybody_fills_every_round() -> None:
    left, right = zip(*((a, b) for a in range(7) for b in range(7)), strict=True)
    rounds = spread_rounds(left, right, 7)
    assert sorted(zip(left, rounds, strict=True)) == [(a, r) for a in range(7) for r in range(7)]
    assert sorted(zip(right, rounds, strict=True)) == [(b, r) for b in range(7) for r in range(7)]


def test_rounds_are_evened_out() -> None:
    # A star has to use all rounds; the loose edges must not crowd into the first.
    left, right = [0, 0, 0, 1, 2, 3], [0, 1, 2, 3, 4, 5]
    assert sorted(map(spread_rounds(left, right, 3).count, range(3))) == [2, 2, 2]


def test_more_rounds_than_meetings() -> None:
    assert sorted(spread_rounds([0, 1], [0, 1], 5)) == [0, 1]
    assert spread_rounds([], [], 3) == []


def test_too_many_meetings_of_one_person_are_refused() -> None:
    with pytest.raises(ValueError, match="more edges than there are rounds"):
        spread_rounds([0, 0, 0], [0, 1, 2], 2)


def test_a_mentor_stays_at_one_table() -> None:
    mentor, rounds = [0, 0, 1, 1, 2], [0, 1, 0, 1, 2]
    tables = seat_mentors(mentor, rounds, 2)
    assert tables[0] == tables[1]
    assert tables[2] == tables[3]
    assert tables[0] != tables[2]


def test_where_no_table_is_free_throughout_a_mentor_moves() -> None:
    # Two tables; mentors 0, 1, 2 are busy in rounds {0, 1}, {1, 2}, {0, 2}: one of them has to move.
    mentor, rounds = [0, 0, 1, 1, 2, 2], [0, 1, 1, 2, 0, 2]
    tables = seat_mentors(mentor, rounds, 2)
    assert len(set(zip(rounds, tables, strict=True))) == 6
    assert set(tables) == {0, 1}
