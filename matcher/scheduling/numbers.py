"""Numbers of sessions as people write them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from matcher.texts import Text, text


def which_sessions(numbers: Collection[int]) -> Text:
    """Return the sessions of some numbers.

    >>> str(which_sessions([2])), str(which_sessions([1, 2, 3, 7]))
    ('session 2', 'sessions 1–3, 7')
    """
    # Not a plural form of the count: in Russian 21 sessions "1–21" are many and not one.
    sentence = text("session {numbers}") if len(numbers) == 1 else text("sessions {numbers}")
    return Text(sentence.msgid, {"numbers": numbers_words(numbers)})


def numbers_words(numbers: Iterable[int]) -> str:
    """Return numbers with runs put together.

    >>> numbers_words([1, 2, 3, 7])
    '1–3, 7'
    """
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
