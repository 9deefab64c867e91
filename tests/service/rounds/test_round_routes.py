"""Rounds over HTTP: opened over a roster, listed, renamed, given a plan, and what each role sees of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from service.tables.rounds import PlanFileRow, RosterFile, Round
from tests.service.conftest import House
from tests.service.rounds.conftest import build_case, give_plan, small_plan
from tests.service.rounds.test_life import english, messages


def roster_of(house: House) -> str:
    build_case(house)
    with house.core.database.reading() as session:
        return session.exec(select(RosterFile.id)).one()


def test_a_round_is_opened_over_a_roster(house: House) -> None:
    roster, curator, client = roster_of(house), english(house, "curator"), house.client
    body = {"roster": roster, "policy": "kalmykia", "name": "Осень 2026", "first_day": "2026-10-01"}
    made = client.post("/api/v1/rounds", json=body, headers=curator)
    assert made.status_code == 201, made.text
    assert (made.json()["state"], made.json()["next"], made.headers["etag"]) == ("draft", ["preparatory"], '"1"')
    match = {**curator, "If-Match": '"1"'}
    edited = client.patch(made.headers["location"], json={"name": "Осень", "last_day": "2027-05-31"}, headers=match)
    assert (edited.json()["name"], edited.json()["last_day"]) == ("Осень", "2027-05-31")
    assert client.patch(made.headers["location"], json={"name": "x"}, headers=match).status_code == 409
    steps = client.get(f"{made.headers['location']}/transitions", headers=curator).json()
    assert [one["to"] for one in steps["steps"]] == ["preparatory"]
    assert client.get(made.headers["location"], headers=english(house, "curator", area="s12")).status_code == 404


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"policy": "nowhere"}, 422),
        ({"policy": None}, 422),
        ({"roster": "0f" * 16}, 404),
        ({"timetables": ["0f" * 16]}, 404),
        ({"last_day": "2026-11-01"}, 422),
        ({"surprise": 1}, 422),
        ({"name": "a\u0000b"}, 422),
        ({"policy": None, "policy_toml": "x = ["}, 422),
    ],
)
def test_a_round_that_cannot_be_is_not_opened(sqlite_house: House, change: dict[str, Any], status: int) -> None:
    body = {"roster": roster_of(sqlite_house), "policy": "kalmykia", "name": "Осень", "first_day": "2026-10-01"}
    answer = sqlite_house.client.post(
        "/api/v1/rounds", json={**body, **change}, headers=english(sqlite_house, "curator")
    )
    assert answer.status_code == status, answer.text
    with sqlite_house.core.database.reading() as session:
        assert len(session.exec(select(Round)).all()) == 1


def test_rounds_are_listed_page_by_page_to_those_who_may_know(house: House) -> None:
    ids = [build_case(house).round_id for _ in range(3)]
    far = build_case(house, area="s21").round_id
    client, curator = house.client, english(house, "curator")
    page = client.get("/api/v1/rounds", params={"limit": 2}, headers=curator).json()
    rest = client.get("/api/v1/rounds", params={"after": page["next"]}, headers=curator).json()
    assert [one["id"] for one in page["items"] + rest["items"]] == ids[::-1]
    assert rest["next"] is None
    assert client.get("/api/v1/rounds", params={"after": far}, headers=curator).status_code == 404
    assert client.get("/api/v1/rounds", params={"state": "closed"}, headers=curator).json()["items"] == []
    everything = client.get("/api/v1/rounds", headers=english(house, "municipal_operator", area="r")).json()["items"]
    assert {one["id"] for one in everything} == {*ids, far}
    person = build_case(house).pairs()[0].mentor_id
    own = client.get("/api/v1/rounds", headers=english(house, "mentor", person_id=person)).json()["items"]
    assert {one["id"] for one in own} > set()


def test_an_earlier_plan_may_be_chosen_again(house: House) -> None:
    case = build_case(house)
    curator, proposed = english(house, "curator"), {(p.mentor_id, p.mentee_id) for p in case.pairs()}
    with house.core.database.writing() as session:
        first = session.exec(select(PlanFileRow.id)).one()
        round_ = session.get_one(Round, case.round_id)
        give_plan(house, session, round_, replace(small_plan(), pairs=small_plan().pairs[:1]))
    assert len([p for p in case.pairs() if p.state == "proposed"]) == 1
    assert case.post("plan", curator, {"plan": "0f" * 16}).status_code == 404
    assert case.post("plan", curator, {"plan": first}).status_code == 200
    assert {(p.mentor_id, p.mentee_id) for p in case.pairs() if p.state == "proposed"} == proposed


def test_nothing_is_decided_in_a_closed_round(sqlite_house: House) -> None:
    case = build_case(sqlite_house)
    case.edit(state="closed")
    refused = case.act(english(sqlite_house, "curator"), kind="lock", pair=case.pairs()[0].id)
    assert "the round is closed" in messages(refused)


def test_the_regulations_can_be_read(sqlite_house: House) -> None:
    headers = english(sqlite_house, "mentor")
    found = sqlite_house.client.get("/api/v1/policies", headers=headers).json()["items"]
    assert len(found) == 5
    shown = sqlite_house.client.get("/api/v1/policies/kalmykia", headers=headers).json()
    assert shown["approvals"] == ["council", "written_consent", "head_order"]
    assert sqlite_house.client.get("/api/v1/policies/nowhere", headers=headers).status_code == 404


def test_areas_grow_downwards(house: House) -> None:
    client, operator = house.client, english(house, "municipal_operator", area="m1")
    body = {"kind": "organisation", "parent": house.areas["m1"], "code": "O-9", "name": "Школа № 9"}
    made = client.post("/api/v1/areas", json=body, headers=operator)
    assert made.status_code == 201, made.text
    assert client.post("/api/v1/areas", json=body, headers=operator).status_code == 422
    assert client.post("/api/v1/areas", json={**body, "parent": house.areas["m2"]}, headers=operator).status_code == 404
    assert (
        client.post("/api/v1/areas", json={**body, "parent": house.areas["s11"]}, headers=operator).status_code == 422
    )
    listed = {one["code"] for one in client.get("/api/v1/areas", headers=operator).json()["items"]}
    assert listed == {"R", "M1", "S11", "S12", "O-9"}
    match = {**operator, "If-Match": made.headers["etag"]}
    assert client.patch(made.headers["location"], json={"name": "Школа"}, headers=match).json()["name"] == "Школа"
    assert client.patch(made.headers["location"], json={"time_zone": "Moon"}, headers=match).status_code == 409
