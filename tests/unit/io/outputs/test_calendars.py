"""Calendars as another program reads them: vobject, which shares nothing with the library that writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import vobject

from matcher.io.write_calendars import uid_of, write_calendars
from matcher.sessions.schedule import SessionState
from tests.schedules import scheduled_plan

STAMP = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("calendars")
    write_calendars(scheduled_plan(), found, "ru", stamp=STAMP)
    return found


def events(path: Path) -> dict[str, object]:
    calendar = vobject.readOne(path.read_text(encoding="utf-8"))
    return {event.uid.value: event for event in calendar.vevent_list}


def test_everybody_with_sessions_has_a_calendar(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == ["M-1.ics", "M-2.ics", "N-1.ics", "N-2.ics"]


def test_every_session_is_one_event_with_its_uid_times_and_sequence(folder: Path) -> None:
    schedule = scheduled_plan().schedule
    assert schedule is not None
    found = {uid: event for path in folder.iterdir() for uid, event in events(path).items()}
    assert len(found) == len(schedule.sessions)
    for session in schedule.sessions:
        event = found[uid_of(schedule, session)]
        begins = event.dtstart.value  # type: ignore[attr-defined]
        assert (begins.date(), begins.hour * 60 + begins.minute) == (session.day, session.start_minute)
        assert begins.utcoffset().total_seconds() == 3 * 3600
        assert int(event.sequence.value) == session.sequence  # type: ignore[attr-defined]
        cancelled = session.state is SessionState.CANCELLED
        assert (event.status.value == "CANCELLED") is cancelled  # type: ignore[attr-defined]


def test_a_session_that_moves_keeps_its_uid(tmp_path: Path) -> None:
    from dataclasses import replace
    from datetime import date

    plan = scheduled_plan()
    schedule = plan.schedule
    assert schedule is not None
    moved = replace(schedule.sessions[2], day=date(2026, 9, 18), sequence=1)
    assert uid_of(schedule, moved) == uid_of(schedule, schedule.sessions[2])


def test_the_time_zone_comes_with_the_file(folder: Path) -> None:
    content = (folder / "M-1.ics").read_text(encoding="utf-8")
    assert "BEGIN:VTIMEZONE" in content
    assert "TZID=Europe/Moscow" in content
    assert content.endswith(("END:VCALENDAR\n", "END:VCALENDAR\r\n"))


def test_no_id_of_a_person_stands_in_a_uid(folder: Path) -> None:
    assert not any("M-1" in uid for uid in events(folder / "M-1.ics"))


def test_lines_are_folded_and_end_as_the_standard_asks(folder: Path) -> None:
    content = (folder / "M-1.ics").read_bytes()
    assert b"\r\n" in content
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
