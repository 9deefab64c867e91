"""Months between two days, counted in full and nothing rounded up (A-46)."""

from __future__ import annotations

from datetime import date


def full_months(since: date, day: date) -> int:
    """Return the full months from ``since`` to ``day``, negative when it lies ahead.

    >>> full_months(date(2025, 1, 31), date(2025, 2, 28)), full_months(date(2024, 9, 1), date(2025, 9, 1))
    (0, 12)
    """
    return (day.year - since.year) * 12 + day.month - since.month - (day.day < since.day)
