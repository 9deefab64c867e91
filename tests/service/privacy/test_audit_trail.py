"""The trail is checked from outside, read by those who may, and tells who looked at what."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import openpyxl
from sqlalchemy import text as sql
from sqlmodel import select

from service.audit import append_audit
from service.privacy.heads import FOLDER, check_chain, export_head, read_heads
from service.tables.access import Role
from service.tables.areas import Person, PersonKey
from service.tables.columns import now
from service.tables.privacy import AccessEntry
from tests.service.conftest import House


def keep(house: House, *actions: str, area: str | None = "s11") -> None:
    with house.core.database.writing() as session:
        for action in actions:
            place = None if area is None else house.areas[area]
            append_audit(session, house.core.vault, actor="a", action=action, area_id=place, details={"said": action})


def forge(house: House, *statements: str) -> None:
    """Change the trail as somebody with all rights on the database file would."""
    with house.core.database.writing() as session:
        for name in ("update", "delete", "insert"):
            session.execute(sql(f"DROP TRIGGER IF EXISTS audit_keeps_{name}"))
        for statement in statements:
            session.execute(sql(statement))


def test_a_trail_and_its_heads_hold(house: House) -> None:
    assert export_head(house.core) is None
    keep(house, "one", "two")
    path = export_head(house.core)
    assert path is not None
    assert json.loads(path.read_text())["seq"] == 2
    assert export_head(house.core) == path
    keep(house, "three")
    with house.core.database.reading() as session:
        verdict = check_chain(session, read_heads(house.core.settings.folder / FOLDER))
    assert verdict.holds
    assert verdict.num_entries == 3


def test_a_changed_entry_is_named(sqlite_house: House) -> None:
    keep(sqlite_house, "one", "two", "three")
    forge(sqlite_house, "UPDATE audit SET actor = 'b' WHERE seq = 2")
    with sqlite_house.core.database.reading() as session:
        assert check_chain(session).broken == 2


def test_a_tail_cut_off_shows_in_the_heads(sqlite_house: House) -> None:
    keep(sqlite_house, "one", "two", "three")
    export_head(sqlite_house.core)
    forge(sqlite_house, "DELETE FROM audit WHERE seq = 3")
    with sqlite_house.core.database.reading() as session:
        verdict = check_chain(session, read_heads(sqlite_house.core.settings.folder / FOLDER))
    assert verdict.broken is None
    assert [head.seq for head in verdict.lost] == [3]
    assert not verdict.holds


def test_readers_see_the_trail_of_their_areas(house: House) -> None:
    keep(house, "one", area="s11")
    keep(house, "two", area="s21")
    keep(house, "three", area=None)

    def seen(role: Role, area: str) -> list[str]:
        answer = house.client.get("/api/v1/audit", headers=house.headers(role, area))
        assert answer.status_code == 200
        return [item["action"] for item in answer.json()["items"] if item["actor"] == "a"]

    assert seen(Role.HEAD, "s11") == ["one"]
    assert seen(Role.MUNICIPAL_OPERATOR, "m2") == ["two"]
    assert seen(Role.ADMINISTRATOR, "r") == ["three", "two", "one"]
    assert seen(Role.ADMINISTRATOR, "m1") == ["one"]
    assert house.client.get("/api/v1/audit", headers=house.headers(Role.CURATOR, "s11")).status_code == 403


def test_pages_and_filters(sqlite_house: House) -> None:
    keep(sqlite_house, *(f"act.{number}" for number in range(5)))
    headers = sqlite_house.headers(Role.HEAD, "s11")
    first = sqlite_house.client.get("/api/v1/audit?limit=3&action=act.", headers=headers).json()
    second = sqlite_house.client.get(f"/api/v1/audit?limit=3&action=act.&after={first['next']}", headers=headers).json()
    assert [item["action"] for item in first["items"] + second["items"]] == [f"act.{n}" for n in (4, 3, 2, 1, 0)]
    assert second["next"] is None
    assert first["items"][0]["details"] == {"said": "act.4"}
    found = sqlite_house.client.get("/api/v1/audit?since=2001-01-01&until=2001-01-02", headers=headers).json()
    assert found["items"] == []
    wrong = sqlite_house.client.get("/api/v1/audit?since=2001-01-03&until=2001-01-02", headers=headers)
    assert wrong.status_code == 422


def test_details_of_the_erased_and_of_wishes_stay_closed(sqlite_house: House) -> None:
    with sqlite_house.core.database.writing() as session:
        person = Person(area_id=sqlite_house.areas["s11"], code="P")
        session.add(person)
        session.flush()
        session.add(PersonKey(person_id=person.id, wrapped=sqlite_house.core.vault.new_person_key(person.id)))
        session.flush()
        for action in ("wish.say", "pair.lock"):
            said = {"said": "secret"}
            append_audit(
                session, sqlite_house.core.vault, actor="a", action=action, area_id=person.area_id,
                subjects=[person.id], details=said, person_id=person.id,
            )  # fmt: skip
        id_ = person.id
    headers = sqlite_house.headers(Role.HEAD, "s11")
    address = f"/api/v1/audit?subject={id_}"
    items = sqlite_house.client.get(address, headers=headers).json()["items"]
    assert [(item["action"], item["details"]) for item in items] == [
        ("pair.lock", {"said": "secret"}),
        ("wish.say", None),
    ]
    with sqlite_house.core.database.writing() as session:
        session.delete(session.get_one(PersonKey, id_))
    items = sqlite_house.client.get(address, headers=headers).json()["items"]
    assert [(item["details"], item["erased"]) for item in items] == [(None, True), (None, False)]


def test_who_looked_at_what_as_a_file(house: House) -> None:
    with house.core.database.writing() as session:
        for area, what in (("s11", "=1+1"), ("s21", "GET /other")):
            session.add(AccessEntry(at=now(), actor="a", area_id=house.areas[area], what=what, why="test"))
        session.add(AccessEntry(at=now() - timedelta(days=9), actor="a", area_id=house.areas["s11"], what="x", why="y"))
    headers = house.headers(Role.HEAD, "s11") | {"Accept-Language": "ru"}
    day = now().date()
    span = f"first_day={day - timedelta(days=1)}&last_day={day + timedelta(days=1)}"
    answer = house.client.get(f"/api/v1/access-log/export?{span}&kind=csv", headers=headers)
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][0] == "когда"
    assert [row[3] for row in rows[1:] if row[2] == "a"] == ["'=1+1"]
    answer = house.client.get(f"/api/v1/access-log/export?{span}", headers=headers)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    assert [row[3].value for row in sheet.iter_rows(min_row=2) if row[2].value == "a"] == ["'=1+1"]
    assert not list((Path(house.core.settings.folder) / "exports").iterdir())
    with house.core.database.reading() as session:
        assert "inquiry into access" in session.exec(select(AccessEntry.why)).all()
