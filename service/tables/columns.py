"""Columns that many tables share: identifiers, moments in UTC, sealed bytes."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator


class UtcMoment(TypeDecorator[datetime]):
    """A moment, kept in UTC on every database and always given back with its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC; a moment without a zone is a fault of the program."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the moment with its zone, which SQLite forgets."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def new_id() -> str:
    """Return a new identifier: 128 random bits that tell nothing of person, order or number."""
    return secrets.token_hex(16)


def _real_clock() -> datetime:
    return datetime.now(UTC)


clock: Callable[[], datetime] = _real_clock
"""Where :func:`now` reads the time. Tests replace it (``monkeypatch.setattr(columns, "clock", …)``), nothing else."""


def now() -> datetime:
    """Return the present moment in UTC."""
    return clock()
