"""Who sees and changes which records."""

from __future__ import annotations

import base64
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import select

from service.records.kinds import KINDS
from service.records.scope import own_side
from service.rights.rules import read_rules
from service.tables.access import Role
from service.tables.areas import Person, PersonKey
from service.tables.columns import now
from service.tables.privacy import AccessEntry, AuditEntry
from service.tables.rounds import Pair
from tests.service.conftest import House
from tests.service.records.test_programmes import BASE, made
from tests.service.records.town import TODAY, build_town


def test_a_pair_is_seen_from_both_schools_and_no_third(house: House) -> None:
    town = build_town(house, "barnaul")
    record = made(town, BASE)
    seen = {
        area: town.call("GET", f"programmes/{record['id']}", house.headers("curator", area)).status_code
        for area in ("s11", "s12", "s21", "s22", "m1", "m2", "r")
    }
    assert seen == {"s11": 200, "s12": 200, "s21": 404, "s22": 404, "m1": 200, "m2": 404, "r": 200}
    listed = {
        area: len(town.call("GET", "programmes", house.headers("curator", area)).json()["items"])
        for area in ("s11", "s21")
    }
    assert listed == {"s11": 1, "s21": 0}


def test_nobody_hangs_a_record_on_what_is_not_his(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "barnaul")
    stranger = sqlite_house.headers("curator", "s21")
    pair, person = town.pairs["pair"], town.people["mentee"]
    for kind, body in (
        ("programmes", {"pair": pair, "fields": {}}),
        ("interviews", {"person": person, "round": town.round, "fields": {"side": "mentee"}}),
        ("diagnostics", {"person": person, "fields": {}}),
        ("gates", {"round": town.round, "fields": {"item": "informing"}}),
        ("roadmaps", {"area": sqlite_house.areas["m1"], "fields": {"title": "x"}}),
    ):
        assert town.call("POST", kind, stranger, body).status_code == 404, kind


def test_a_participant_sees_his_own_pair_only(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "barnaul")
    record = made(town, BASE)
    own, other = town.person("mentee", "mentee"), town.person("other_mentee", "mentee")
    assert town.call("GET", f"programmes/{record['id']}", own).status_code == 200
    assert town.call("GET", f"programmes/{record['id']}", other).status_code == 404
    assert town.call("GET", "programmes", other).json()["items"] == []


def test_a_declined_pair_is_no_pair_to_its_people(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "barnaul")
    record, mentor = made(town, BASE), town.person("mentor", "mentor")
    assert town.call("GET", f"programmes/{record['id']}", mentor).status_code == 200
    with sqlite_house.core.database.writing() as session:
        session.get_one(Pair, town.pairs["pair"]).state = "declined"
    assert town.call("GET", f"programmes/{record['id']}", mentor).status_code == 404
    body = {"pair": town.pairs["pair"], "fields": {"day": TODAY.isoformat()}}
    assert town.call("POST", "session-logs", mentor, body).status_code == 404
    assert town.call("GET", f"programmes/{record['id']}", town.curator()).status_code == 200


def test_what_one_side_writes_the_other_does_not_read(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "barnaul")
    mentor, mentee = town.person("mentor", "mentor"), town.person("mentee", "mentee")
    pair = town.pairs["pair"]
    wish = town.make("programme-wishes", mentee, {"words": "Больше практики"}, pair=pair)
    ticket = town.make("conflicts", mentee, {"words": "Спор"}, pair=pair)
    log = town.make("session-logs", mentee, {"day": TODAY.isoformat()}, pair=pair)
    asked = town.make("questionnaires", mentee, {"template": "interest", "side": "mentee"}, round=town.round)
    for kind, record, status in (
        ("programme-wishes", wish, 404),
        ("conflicts", ticket, 404),
        ("questionnaires", asked, 404),
        ("session-logs", log, 200),
    ):
        assert town.call("GET", f"{kind}/{record['id']}", mentor).status_code == status, kind
        assert town.call("GET", f"{kind}/{record['id']}", mentee).status_code == 200, kind
        assert town.call("GET", f"{kind}/{record['id']}", town.operator()).status_code == 200, kind
    path = f"session-logs/{log['id']}"
    assert town.call("PATCH", path, mentor, {"minutes": 30}, version=log["version"]).status_code == 403


def test_the_office_ticket_on_a_pair_is_not_shown_to_the_pair(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "barnaul")
    ticket = town.make("conflicts", town.curator(), {"words": "Спор"}, pair=town.pairs["pair"])
    assert town.call("GET", f"conflicts/{ticket['id']}", town.person("mentee", "mentee")).status_code == 404


def test_plans_of_the_municipality_are_read_below_but_not_written(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "dalnerechensk")
    record = town.make("roadmaps", town.operator(), {"title": "План"}, area=sqlite_house.areas["m1"])
    school, foreign = sqlite_house.headers("head", "s11"), sqlite_house.headers("head", "s21")
    path = f"roadmaps/{record['id']}"
    assert town.call("GET", path, school).status_code == 200
    assert town.call("GET", path, foreign).status_code == 404
    assert town.call("PATCH", path, school, {"title": "Иной"}, version=record["version"]).status_code == 403
    assert town.step("roadmaps", record, "agreed", school).status_code == 403


def test_an_erased_person_leaves_a_record_without_words(house: House) -> None:
    town = build_town(house, "barnaul")
    record = made(town, BASE | {"problem": "Тайна"})
    with house.core.database.writing() as session:
        session.delete(session.get_one(PersonKey, town.people["mentee"]))
        session.get_one(Person, town.people["mentee"]).erased_at = now()
    shown = town.call("GET", f"programmes/{record['id']}", town.curator()).json()
    assert (shown["erased"], shown["fields"]) == (True, None)
    answer = town.call(
        "PATCH", f"programmes/{record['id']}", town.curator(), {"problem": "x"}, version=record["version"]
    )
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/erased"


def test_every_change_is_in_the_audit_trail_without_words(house: House) -> None:
    town = build_town(house, "barnaul")
    record = made(town, BASE | {"problem": "Тайна"})
    town.call("PATCH", f"programmes/{record['id']}", town.curator(), {"problem": "Иное"}, version=record["version"])
    town.call("GET", f"programmes/{record['id']}", town.curator())
    with house.core.database.reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.area_id == house.areas["s12"])).all()
        assert [one.action for one in entries] == ["record.programme.create", "record.programme.change"]
        assert all(one.sealed_for == town.people["mentee"] for one in entries)
        assert "Тайна" not in repr([one.model_dump() for one in entries])
        assert [one.subject for one in session.exec(select(AccessEntry))].count(record["id"]) == 2


def cursor(words: str) -> str:
    return base64.urlsafe_b64encode(words.encode()).decode()


def test_pages_follow_each_other_and_filters_narrow(house: House) -> None:
    town = build_town(house, "barnaul")
    curator = town.curator()
    for day in range(1, 8):
        town.make("session-logs", curator, {"day": f"2026-10-0{day}"}, pair=town.pairs["pair"])
    town.make("session-logs", curator, {"day": "2026-10-09"}, pair=town.pairs["other_pair"])
    days, after = [], ""
    while after is not None:
        page = town.call("GET", f"session-logs?limit=3&pair={town.pairs['pair']}{after and '&after=' + after}", curator)
        days += [one["fields"]["day"] for one in page.json()["items"]]
        after = page.json()["next"]
    assert days == [f"2026-10-0{day}" for day in range(7, 0, -1)]
    for word in ("nonsense", cursor("9999-12-31T23:59:59-23:59 " + "0" * 32), cursor("2026-01-01T00:00:00+00:00 \0")):
        assert town.call("GET", f"session-logs?after={word}", curator).status_code == 422
    assert town.call("GET", "session-logs?limit=201", curator).status_code == 422


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.id)
def test_roles_of_steps_stand_in_the_table_of_rights(kind) -> None:  # type: ignore[no-untyped-def]
    rules = read_rules()
    reading = rules["GET", f"/api/v1/{kind.path}"].roles
    writing = rules["PATCH", f"/api/v1/{kind.path}/{{record_id}}"].roles
    assert writing <= reading
    if kind.steps:
        stepping = rules["POST", f"/api/v1/{kind.path}/{{record_id}}/transitions"].roles
        assert stepping == frozenset(role for step in kind.steps for role in step.by)
        assert stepping <= reading
    if kind.shown.value == "none":
        assert not reading & {Role.MENTOR, Role.MENTEE, Role.LEGAL_REPRESENTATIVE}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.id)
def test_examples_of_the_document_fit_and_states_are_reached(kind) -> None:  # type: ignore[no-untyped-def]
    assert kind.fields.model_validate(dict(kind.example))
    reached, new = {kind.first}, {kind.first}
    while new:
        new = {step.to for step in kind.steps if step.start in reached} - reached
        reached |= new
    assert reached == set(kind.states)
    assert kind.fixed <= reached
    assert kind.decided <= set(kind.fields.model_fields)
    assert set(kind.figures) <= set(kind.fields.model_fields)


def test_kinds_tell_their_steps(sqlite_house: House) -> None:
    who = sqlite_house.headers("mentor", "m1")
    items = sqlite_house.client.get("/api/v1/record-kinds", headers=who | {"Accept-Language": "ru"}).json()["items"]
    found = {one["id"]: one for one in items}
    assert set(found) == set(KINDS)
    assert found["quarterly_report"]["title"] == "ежеквартальный отчёт"
    assert {
        "start": "submitted",
        "to": "checked",
        "by": ["curator", "municipal_operator"],
        "asks": ["curator_remark"],
    } in (found["quarterly_report"]["steps"])


@pytest.mark.parametrize(
    ("mine", "pair", "about", "side"),
    [
        ("mentor", True, "other", "mentor"),
        ("mentee", True, "other", "mentee"),
        ("mentor", False, "other", None),
        ("mentee", False, "mentee", "mentee"),
        ("other", True, "mentee", None),
        ("other", True, None, None),
    ],
)
def test_who_acts_does_so_on_his_own_side(mine: str, pair: bool, about: str | None, side: str | None) -> None:
    viewer: Any = SimpleNamespace(person_ids=frozenset({mine}))
    both: Any = SimpleNamespace(mentor_id="mentor", mentee_id="mentee") if pair else None
    record: Any = SimpleNamespace(person_id=about)
    assert own_side(viewer, both, record) == side
