"""One session and several are told apart, in both languages."""

from __future__ import annotations

import pytest

from matcher.scheduling.numbers import which_sessions
from matcher.texts import say


@pytest.mark.parametrize(
    ("numbers", "russian", "english"),
    [
        ((2,), "встреча 2", "session 2"),
        ((1, 2), "встречи 1–2", "sessions 1–2"),
        ((3, 1, 7, 2), "встречи 1–3, 7", "sessions 1–3, 7"),
        (tuple(range(1, 22)), "встречи 1–21", "sessions 1–21"),
    ],
)
def test_numbers_of_sessions(numbers: tuple[int, ...], russian: str, english: str) -> None:
    assert (say(which_sessions(numbers), "ru"), say(which_sessions(numbers), "en")) == (russian, english)
