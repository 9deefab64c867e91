"""Tokens for programs: shown once, no more than their account, revoked at once."""

from __future__ import annotations

from sqlmodel import select

from service.tables.access import ApiToken, Role
from tests.service.access.people import Clock, digest, signed_in
from tests.service.conftest import House


def test_a_token_is_shown_once_and_works(house: House, clock: Clock) -> None:
    browser = signed_in(house)
    made = browser.client.post("/api/v1/tokens", json={"name": "import"})
    assert made.status_code == 201
    word = made.json()["token"]
    headers = {"Authorization": f"Bearer {word}"}
    assert house.client.get("/api/v1/accounts", headers=headers).status_code == 200
    (listed,) = browser.client.get("/api/v1/tokens").json()["items"]
    assert "token" not in listed
    with house.core.database.reading() as session:
        row = session.exec(select(ApiToken)).one()
        assert row.token_hash == digest(word)
        assert row.seen_at == clock.moment
    assert browser.client.delete(f"/api/v1/tokens/{listed['id']}").status_code == 204
    assert house.client.get("/api/v1/accounts", headers=headers).status_code == 401


def test_a_token_ends(sqlite_house: House, clock: Clock) -> None:
    browser = signed_in(sqlite_house)
    word = browser.client.post("/api/v1/tokens", json={"name": "import", "days": 1}).json()["token"]
    headers = {"Authorization": f"Bearer {word}"}
    clock.move(days=1, seconds=-1)
    assert sqlite_house.client.get("/api/v1/accounts", headers=headers).status_code == 200
    clock.move(seconds=1)
    assert sqlite_house.client.get("/api/v1/accounts", headers=headers).status_code == 401


def test_a_token_has_no_more_than_its_account(sqlite_house: House, clock: Clock) -> None:
    browser = signed_in(sqlite_house, Role.CURATOR)
    said = {"name": "import", "roles": ["administrator"]}
    assert browser.client.post("/api/v1/tokens", json=said).status_code == 422


def test_a_token_makes_no_tokens(sqlite_house: House) -> None:
    headers = sqlite_house.headers(Role.CURATOR)
    assert sqlite_house.client.post("/api/v1/tokens", json={"name": "x"}, headers=headers).status_code == 403
    assert sqlite_house.client.get("/api/v1/tokens", headers=headers).status_code == 403


def test_tokens_of_others_are_not_there(sqlite_house: House, clock: Clock) -> None:
    mine = signed_in(sqlite_house)
    theirs = signed_in(sqlite_house, login="other@school.example")
    made = mine.client.post("/api/v1/tokens", json={"name": "import"}).json()
    assert theirs.client.get("/api/v1/tokens").json()["items"] == []
    assert theirs.client.delete(f"/api/v1/tokens/{made['id']}").status_code == 404


def test_a_wrong_token_beats_a_good_cookie(sqlite_house: House, clock: Clock) -> None:
    browser = signed_in(sqlite_house)
    for word in ("Bearer wrong", "Basic eDp5", "Bearer", ""):
        assert browser.client.get("/api/v1/me", headers={"Authorization": word}).status_code == 401
