"""What is done every day is done once, and no part keeps another from being done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from service.audit import append_audit
from service.privacy import daily
from service.privacy.daily import run_daily
from service.privacy.erasure.queue import ERASED_LIST, today_of
from service.privacy.heads import FOLDER
from service.tables.access import Account, PersonalLink
from service.tables.areas import Person
from service.tables.columns import now
from service.tables.privacy import AccessEntry, Erasure, PrivacyTask
from service.tables.rounds import Meeting
from tests.service.conftest import House
from tests.service.privacy.canary import EMAIL, build_cage


def test_the_work_of_a_day_is_done_once(house: House) -> None:
    cage = build_cage(house)
    core = house.core
    with core.database.writing() as session:
        session.add(AccessEntry(at=now() - timedelta(days=4 * 365), actor="x", what="old", why="test"))
        area_id = session.get_one(Person, cage.person_id).area_id
        session.add(
            Erasure(person_id=cage.person_id, area_id=area_id, ground="withdrawn", asked_by="x", due_day=today_of(core))
        )
    assert run_daily(core)
    assert not run_daily(core)
    with core.database.reading() as session:
        assert session.get_one(Person, cage.person_id).erased_at is not None
        assert session.exec(select(AccessEntry).where(AccessEntry.what == "old")).first() is None
    assert (core.settings.folder / ERASED_LIST).read_text() == f"{cage.person_id}\n"
    assert len(list((core.settings.folder / FOLDER).iterdir())) == 1


def test_processing_stops_by_itself_when_its_days_are_over(house: House) -> None:
    cage = build_cage(house)
    core = house.core
    with core.database.writing() as session:
        area_id = session.get_one(Person, cage.person_id).area_id
        for kind, shift in (("stop_processing", 0), ("unpublish", -1)):
            day = today_of(core) + timedelta(days=shift)
            session.add(PrivacyTask(person_id=cage.person_id, area_id=area_id, kind=kind, due_day=day))
    run_daily(core)
    with core.database.reading() as session:
        done = {task.kind: task.done_by for task in session.exec(select(PrivacyTask))}
        assert done == {"stop_processing": "daily", "unpublish": None}
        assert session.exec(select(PersonalLink)).one().revoked_at is not None
        states = sorted(meeting.state for meeting in session.exec(select(Meeting)))
        assert states == ["cancelled", "published", "published"]
        assert session.exec(select(Account)).one().login == EMAIL
        assert session.get_one(Person, cage.person_id).sealed is not None


def test_a_broken_part_keeps_nothing_from_being_done(
    sqlite_house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: object, **named: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(daily, "export_head", broken)
    with sqlite_house.core.database.writing() as session:
        append_audit(session, sqlite_house.core.vault, actor="x", action="one", area_id=None)
        session.add(AccessEntry(at=now() - timedelta(days=4 * 365), actor="x", what="old", why="test"))
    assert run_daily(sqlite_house.core)
    assert "broke" in caplog.text
    with sqlite_house.core.database.reading() as session:
        assert session.exec(select(AccessEntry)).first() is None
