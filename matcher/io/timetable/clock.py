"""Clock times as timetables write them."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

_TIME = re.compile(r"(?<!\d)([01]?\d|2[0-4])\s*[:.]\s*([0-5]\d)(?!\d)")


def clock_minute(value: object) -> int | None:
    """Return the minute of the day of the one time that ``value`` holds, None where it is no time.

    >>> clock_minute("8:30"), clock_minute("08.30"), clock_minute("later")
    (510, 510, None)
    """
    found = clock_minutes(value)
    return found[0] if len(found) == 1 else None


def clock_minutes(value: object) -> list[int]:
    """Return all times that stand in ``value``, as minutes after midnight.

    >>> clock_minutes("1 урок (8:30–9.15)")
    [510, 555]
    """
    if isinstance(value, (datetime, time)):
        return [value.hour * 60 + value.minute]
    if isinstance(value, timedelta):
        return [int(value.total_seconds()) // 60 % (24 * 60)]
    if not isinstance(value, str):
        return []
    minutes = [int(hour) * 60 + int(minute) for hour, minute in _TIME.findall(value)]
    return [minute for minute in minutes if minute <= 24 * 60]


def clock_name(minute: int) -> str:
    """Return a minute of the day as people write it.

    >>> clock_name(510)
    '08:30'
    """
    return f"{minute // 60:02d}:{minute % 60:02d}"
