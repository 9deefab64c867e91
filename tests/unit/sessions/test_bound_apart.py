"""Bounds from a process of their own."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from matcher.sessions.bound.apart import ApartBounds, Stopped
from matcher.sessions.bound.solve import SessionBounds
from tests.session_problems import problem_of
from tests.unit.sessions.test_certificate import one_slot_for_two


def test_another_process_finds_the_same_bounds() -> None:
    here = SessionBounds(one_slot_for_two())
    with ApartBounds(one_slot_for_two()) as apart:
        found = apart.missing(20.0)
        assert found.value == here.missing(20.0).value == 2
        assert found.certificate.proves(one_slot_for_two(), 2)
        rhythms = [apart.rhythm(missing, 20.0).value for missing in (2, 3, 4)]
    assert rhythms == [here.rhythm(missing, 20.0).value for missing in (2, 3, 4)]
    assert rhythms[0] == 1


def test_a_process_told_to_stop_says_what_it_has_or_that_it_has_nothing() -> None:
    calls = count()
    with ApartBounds(problem_of()) as apart:
        try:
            assert apart.rhythm(0, 600.0, lambda: next(calls) > 0).value <= 2
        except Stopped:
            assert next(calls) > 1


def test_a_closed_process_answers_no_more() -> None:
    apart = ApartBounds(problem_of())
    apart.close()
    with pytest.raises(Stopped):
        apart.missing(1.0)


def test_trouble_in_the_process_is_trouble_here() -> None:
    nothing: Any = None
    with ApartBounds(nothing) as apart, pytest.raises(RuntimeError, match="AttributeError"):
        apart.missing(1.0)
