"""Forty days in eleven time zones (Q4): a calendar read back says the same instants, in every zone of the country."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import vobject

from matcher.io.write_calendars import uid_of, write_calendars
from tests.schedules import scheduled_plan

STAMP = datetime(2026, 9, 1, 12, tzinfo=UTC)
HOURS = {
    "Europe/Kaliningrad": 2,
    "Europe/Moscow": 3,
    "Europe/Samara": 4,
    "Asia/Yekaterinburg": 5,
    "Asia/Omsk": 6,
    "Asia/Krasnoyarsk": 7,
    "Asia/Irkutsk": 8,
    "Asia/Yakutsk": 9,
    "Asia/Vladivostok": 10,
    "Asia/Magadan": 11,
    "Asia/Kamchatka": 12,
}
"""Hours ahead of UTC by law (107-FZ), the whole year round since 2014: no summer time."""
DAYS = (
    # first and last days of terms, months and years
    date(2026, 9, 1), date(2026, 10, 30), date(2026, 10, 31), date(2026, 11, 2), date(2026, 11, 30),
    date(2026, 12, 1), date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 11), date(2027, 1, 31),
    # Saturdays, among them working ones that holidays were moved from
    date(2026, 9, 5), date(2026, 10, 3), date(2026, 11, 7), date(2026, 12, 26), date(2027, 2, 20),
    date(2027, 3, 6), date(2027, 4, 24), date(2027, 5, 15), date(2028, 2, 26), date(2028, 5, 6),
    # days on which other countries change their clocks, and the days beside
    date(2026, 10, 24), date(2026, 10, 25), date(2026, 10, 26), date(2027, 3, 13), date(2027, 3, 14),
    date(2027, 3, 27), date(2027, 3, 28), date(2027, 3, 29), date(2026, 11, 1), date(2027, 10, 31),
    # days around holidays, and the leap day
    date(2026, 11, 3), date(2026, 11, 5), date(2027, 2, 22), date(2027, 2, 24), date(2027, 3, 7),
    date(2027, 3, 9), date(2027, 4, 30), date(2027, 5, 10), date(2028, 2, 28), date(2028, 2, 29),
)  # fmt: skip


@pytest.mark.parametrize("zone", sorted(HOURS))
def test_every_day_is_read_back_as_it_was_meant(tmp_path: Path, zone: str) -> None:
    assert len(set(DAYS)) == 40
    plan = scheduled_plan()
    assert plan.schedule is not None
    model = plan.schedule.sessions[0]
    # the first and the last minutes of a day show a wrong zone as a wrong day
    starts = [(5 * number, 840, 1430 - 45 - 5 * number)[number % 3] for number in range(40)]
    sessions = tuple(
        replace(
            model, id=f"{model.activity}/{number}", number=number, day=day, start_minute=start, end_minute=start + 45
        )
        for number, (day, start) in enumerate(zip(DAYS, starts, strict=True))
    )
    schedule = replace(
        plan.schedule, sessions=sessions, time_zone=zone, first_day=min(DAYS), last_day=max(DAYS), unplaced=()
    )
    files = write_calendars(replace(plan, schedule=schedule), tmp_path, "ru", stamp=STAMP)
    assert files
    for file in files:
        calendar = vobject.readOne(file.read_text(encoding="utf-8"))
        found = {event.uid.value: event for event in calendar.vevent_list}
        assert len(found) == 40
        for session in sessions:
            event = found[uid_of(schedule, session)]
            midnight = datetime(session.day.year, session.day.month, session.day.day, tzinfo=UTC)
            instant = midnight + timedelta(minutes=session.start_minute) - timedelta(hours=HOURS[zone])
            assert event.dtstart.value == instant, (zone, session.day)
            assert event.dtend.value == instant + timedelta(minutes=45), (zone, session.day)
            assert event.dtstart.value.date() == session.day
