"""Accounts of others: nobody gives more than he has, nobody takes over those above or beside him."""

from __future__ import annotations

import itertools

import pytest
from sqlmodel import select

from service.access.granting import read_granting
from service.tables.access import Account, Grant, Role
from service.tables.privacy import AuditEntry
from service.viewer import PERSONAL_ROLES
from tests.service.access.people import LOGIN, PASSWORD, Clock, account, new_account, new_browser, signed_in
from tests.service.conftest import House

GIVERS = (Role.ADMINISTRATOR, Role.MUNICIPAL_OPERATOR, Role.HEAD, Role.CURATOR)


def ask(house: House, headers: dict[str, str], **more: object) -> dict[str, object]:
    said = {"login": "new@school.example", "name": "New", "role": "psychologist", "area": house.areas["s11"], **more}
    answer = house.client.post("/api/v1/accounts", json=said, headers=headers)
    return {"status": answer.status_code, **answer.json()}


def test_the_invited_sets_his_own_password(house: House, clock: Clock) -> None:
    made = ask(house, house.headers(Role.CURATOR))
    assert made["status"] == 201
    secret = str(made["link"]).rpartition("/")[2]
    browser = new_browser(house)
    weak = browser.client.post("/api/v1/invitation", json={"secret": secret, "password": "password"})
    assert weak.status_code == 422
    done = browser.client.post("/api/v1/invitation", json={"secret": secret, "password": PASSWORD})
    assert done.json() == {"state": "enrolment_needed"}
    browser.enrol()
    assert browser.status() == 200
    again = browser.client.post("/api/v1/invitation", json={"secret": secret, "password": PASSWORD + "!"})
    assert again.status_code == 404


def test_an_invitation_ends_and_a_new_one_replaces_it(sqlite_house: House, clock: Clock) -> None:
    headers = sqlite_house.headers(Role.CURATOR)
    made = ask(sqlite_house, headers)
    again = sqlite_house.client.post(f"/api/v1/accounts/{made['account']}/invitation", headers=headers).json()
    browser = new_browser(sqlite_house)
    for link in (made["link"], again["link"]):
        clock.move(days=7 if link is again["link"] else 0)
        said = {"secret": str(link).rpartition("/")[2], "password": PASSWORD}
        assert browser.client.post("/api/v1/invitation", json=said).status_code == 404


@pytest.mark.parametrize(("giver", "role"), list(itertools.product(GIVERS, Role)), ids=str)
def test_only_roles_of_the_table_are_given(sqlite_house: House, giver: Role, role: Role) -> None:
    if role in PERSONAL_ROLES:
        return
    allowed = role in read_granting()[giver]
    assert ask(sqlite_house, sqlite_house.headers(giver, "m1"), role=role)["status"] == (201 if allowed else 403)


@pytest.mark.parametrize("area", ["s12", "s21", "m1", "m2", "r"])
@pytest.mark.parametrize("giver", [Role.CURATOR, Role.HEAD, Role.ADMINISTRATOR])
def test_no_role_is_given_outside_the_own_area(sqlite_house: House, giver: Role, area: str) -> None:
    headers = sqlite_house.headers(giver, "s11")
    assert ask(sqlite_house, headers, area=sqlite_house.areas[area])["status"] == 404


@pytest.mark.parametrize("role", [role for role in Role if role not in GIVERS])
def test_other_roles_keep_no_accounts(sqlite_house: House, role: Role) -> None:
    headers = sqlite_house.headers(role)
    assert ask(sqlite_house, headers)["status"] == 403
    assert sqlite_house.client.get("/api/v1/accounts", headers=headers).status_code == 403


def test_nobody_gives_himself_a_role(sqlite_house: House, clock: Clock) -> None:
    browser = signed_in(sqlite_house)
    mine = account(sqlite_house).id
    said = {"role": "psychologist", "area": sqlite_house.areas["s11"]}
    assert browser.client.post(f"/api/v1/accounts/{mine}/roles", json=said).status_code == 403


def test_a_disabled_account_is_out_with_its_next_request(house: House, clock: Clock) -> None:
    browser = signed_in(house)
    found = account(house)
    headers = house.headers(Role.ADMINISTRATOR, "r") | {"If-Match": f'"{found.version}"'}
    answer = house.client.patch(f"/api/v1/accounts/{found.id}", json={"disabled": True}, headers=headers)
    assert answer.status_code == 200
    assert answer.json()["disabled"] is True
    assert browser.client.get("/api/v1/me").status_code == 401
    said = {"login": LOGIN, "password": PASSWORD}
    assert new_browser(house).client.post("/api/v1/sign-in", json=said).status_code == 401
    headers["If-Match"] = answer.headers["etag"]
    house.client.patch(f"/api/v1/accounts/{found.id}", json={"disabled": False}, headers=headers)
    assert new_browser(house).sign_in() == "code_needed"


def test_two_changes_at_once_do_not_overwrite_each_other(sqlite_house: House) -> None:
    found = new_account(sqlite_house)
    headers = sqlite_house.headers(Role.ADMINISTRATOR, "r")
    path = f"/api/v1/accounts/{found}"
    assert sqlite_house.client.patch(path, json={"name": "A"}, headers=headers).status_code == 428
    headers["If-Match"] = sqlite_house.client.get(path, headers=headers).headers["etag"]
    assert sqlite_house.client.patch(path, json={"name": "A"}, headers=headers).status_code == 200
    assert sqlite_house.client.patch(path, json={"name": "B"}, headers=headers).status_code == 409


def test_a_lost_second_factor_is_reset_by_somebody_else(house: House, clock: Clock) -> None:
    browser = signed_in(house)
    found = account(house).id
    assert browser.client.delete(f"/api/v1/accounts/{found}/second-factor").status_code == 403
    headers = house.headers(Role.ADMINISTRATOR, "r")
    assert house.client.delete(f"/api/v1/accounts/{found}/second-factor", headers=headers).status_code == 204
    assert browser.client.get("/api/v1/me").status_code == 401
    assert new_browser(house).sign_in() == "enrolment_needed"


@pytest.mark.parametrize("target", [Role.ADMINISTRATOR, Role.MUNICIPAL_OPERATOR, Role.HEAD, Role.CURATOR])
def test_nobody_takes_over_those_above_or_beside_him(sqlite_house: House, target: Role) -> None:
    found = new_account(sqlite_house, target)
    headers = sqlite_house.headers(Role.CURATOR) | {"If-Match": '"1"'}
    client, path = sqlite_house.client, f"/api/v1/accounts/{found}"
    assert client.post(f"{path}/invitation", headers=headers).status_code == 403
    assert client.delete(f"{path}/second-factor", headers=headers).status_code == 403
    assert client.patch(path, json={"disabled": True}, headers=headers).status_code == 403


def test_a_role_elsewhere_keeps_an_account_from_being_taken_over(sqlite_house: House) -> None:
    found = new_account(sqlite_house, Role.PSYCHOLOGIST)
    with sqlite_house.core.database.writing() as session:
        session.add(Grant(account_id=found, role=Role.PSYCHOLOGIST, area_id=sqlite_house.areas["s12"]))
    headers = sqlite_house.headers(Role.CURATOR)
    client, path = sqlite_house.client, f"/api/v1/accounts/{found}"
    assert client.post(f"{path}/invitation", headers=headers).status_code == 403
    assert len(client.get(path, headers=headers).json()["roles"]) == 1


def test_accounts_of_others_are_not_there(sqlite_house: House) -> None:
    found = new_account(sqlite_house, Role.PSYCHOLOGIST, "s21")
    headers = sqlite_house.headers(Role.ADMINISTRATOR, "m1") | {"If-Match": '"1"'}
    client, path = sqlite_house.client, f"/api/v1/accounts/{found}"
    assert client.get(path, headers=headers).status_code == 404
    assert client.patch(path, json={"name": "A"}, headers=headers).status_code == 404
    assert client.post(f"{path}/invitation", headers=headers).status_code == 404
    assert client.delete(f"{path}/second-factor", headers=headers).status_code == 404
    said = {"role": "tutor", "area": sqlite_house.areas["s11"]}
    assert client.post(f"{path}/roles", json=said, headers=headers).status_code == 404
    listed = client.get("/api/v1/accounts", headers=headers).json()["items"]
    assert found not in [one["id"] for one in listed]


def test_the_last_administrator_stays(sqlite_house: House, clock: Clock) -> None:
    only = new_account(sqlite_house, Role.ADMINISTRATOR, "r")
    headers = sqlite_house.headers(Role.ADMINISTRATOR, "r") | {"If-Match": '"1"'}
    client = sqlite_house.client
    assert client.patch(f"/api/v1/accounts/{only}", json={"disabled": True}, headers=headers).status_code == 200
    browser = signed_in(sqlite_house, Role.ADMINISTRATOR, "r", "second@school.example")
    with sqlite_house.core.database.reading() as session:
        (other,) = session.exec(select(Account.id).where(Account.name == "Test")).all()
        grant = session.exec(select(Grant.id).where(Grant.account_id == other)).one()
    path = f"/api/v1/accounts/{other}"
    assert browser.client.delete(f"{path}/roles/{grant}").status_code == 204
    mine = account(sqlite_house, "second@school.example").id
    with sqlite_house.core.database.reading() as session:
        grant = session.exec(select(Grant.id).where(Grant.account_id == mine)).one()
    headers = sqlite_house.headers(Role.ADMINISTRATOR, "m1")
    assert client.delete(f"/api/v1/accounts/{mine}/roles/{grant}", headers=headers).status_code == 404
    assert browser.client.delete(f"/api/v1/accounts/{mine}/roles/{grant}").status_code == 403


def test_a_role_taken_away_counts_at_once(house: House, clock: Clock) -> None:
    browser = signed_in(house)
    found = account(house).id
    headers = house.headers(Role.ADMINISTRATOR, "r")
    (role,) = house.client.get(f"/api/v1/accounts/{found}", headers=headers).json()["roles"]
    assert browser.client.get("/api/v1/accounts").status_code == 200
    path = f"/api/v1/accounts/{found}/roles/{role['id']}"
    assert house.client.delete(path, headers=headers).status_code == 204
    assert browser.client.get("/api/v1/accounts").status_code == 403
    assert house.client.delete(path, headers=headers).status_code == 404


def test_a_role_ends_when_it_was_said_to(sqlite_house: House, clock: Clock) -> None:
    found = new_account(sqlite_house, Role.PSYCHOLOGIST)
    headers = sqlite_house.headers(Role.HEAD)
    said = {"role": "curator", "area": sqlite_house.areas["s11"], "ends_at": "2026-11-21T09:10:00Z"}
    path = f"/api/v1/accounts/{found}/roles"
    assert sqlite_house.client.post(path, json=said, headers=headers).status_code == 201
    assert sqlite_house.client.post(path, json=said, headers=headers).status_code == 409
    browser = new_browser(sqlite_house)
    browser.sign_in()
    browser.enrol()
    assert browser.client.get("/api/v1/accounts").status_code == 200
    clock.move(minutes=10)
    assert browser.client.get("/api/v1/accounts").status_code == 403


def test_a_login_is_taken_once(house: House) -> None:
    headers = house.headers(Role.CURATOR)
    assert ask(house, headers)["status"] == 201
    assert ask(house, headers, login="NEW@school.example")["status"] == 409


def test_accounts_are_listed_by_pages_and_filters(sqlite_house: House) -> None:
    headers = sqlite_house.headers(Role.MUNICIPAL_OPERATOR, "m1")
    made = set()
    for number in range(3):
        for area in ("s11", "s12"):
            login = f"n{number}-{area}@school.example"
            made.add(ask(sqlite_house, headers, login=login, area=sqlite_house.areas[area])["account"])
    seen: set[object] = set()
    after = None
    while True:
        query = {"limit": 2, "role": "psychologist"} | ({"after": after} if after else {})
        page = sqlite_house.client.get("/api/v1/accounts", params=query, headers=headers).json()
        seen |= {one["id"] for one in page["items"]}
        after = page["next"]
        if after is None:
            break
    assert seen == made
    query = {"area": sqlite_house.areas["s12"]}
    page = sqlite_house.client.get("/api/v1/accounts", params=query, headers=headers).json()
    assert len(page["items"]) == 3
    query = {"area": sqlite_house.areas["s21"]}
    assert sqlite_house.client.get("/api/v1/accounts", params=query, headers=headers).status_code == 404


def test_everything_done_to_an_account_is_written_down_without_names(sqlite_house: House) -> None:
    headers = sqlite_house.headers(Role.CURATOR)
    made = ask(sqlite_house, headers)
    with sqlite_house.core.database.reading() as session:
        found = session.exec(select(AuditEntry).order_by(AuditEntry.seq)).all()  # type: ignore[arg-type]
        assert [one.action for one in found] == ["role.give.psychologist", "account.make"]
        assert all(made["account"] in one.subjects for one in found)
        assert "new@school.example" not in str([(one.actor, one.action, one.subjects) for one in found])
