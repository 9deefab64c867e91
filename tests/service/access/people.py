"""Accounts, browsers and a clock for the tests of coming in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from service.access.passwords import hash_password
from service.tables import columns
from service.tables.access import Account, Grant, Role
from tests.service.conftest import House

PASSWORD = "winter river seven lamps"
LOGIN = "curator@school.example"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.moment = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
        monkeypatch.setattr(columns, "clock", lambda: self.moment)

    def move(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass
class Browser:
    """A browser of somebody."""

    client: TestClient

    def sign_in(self, login: str = LOGIN, password: str = PASSWORD) -> str:
        answer = self.client.post("/api/v1/sign-in", json={"login": login, "password": password})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["state"])

    def enrol(self, password: str = PASSWORD) -> tuple[pyotp.TOTP, list[str]]:
        """Set the second factor up with the code of the moment; return it and the recovery codes."""
        begun = self.client.post("/api/v1/me/second-factor", json={"password": password})
        assert begun.status_code == 200, begun.text
        totp = pyotp.parse_uri(begun.json()["uri"])
        assert isinstance(totp, pyotp.TOTP)
        done = self.client.post("/api/v1/me/second-factor/confirm", json={"code": totp.at(columns.now())})
        assert done.status_code == 200, done.text
        return totp, done.json()["codes"]

    def show(self, code: str) -> int:
        return self.client.post("/api/v1/sign-in/code", json={"code": code}).status_code

    def status(self) -> int:
        """Return how a route answers that needs everything shown."""
        return self.client.get("/api/v1/me/sessions").status_code


def new_browser(house: House, address: str = "198.51.100.7") -> Browser:
    client = TestClient(
        house.client.app,
        base_url="https://testserver",
        headers={"Sec-Fetch-Site": "same-origin"},
        client=(address, 50000),
        raise_server_exceptions=False,
    )
    return Browser(client)


_HASH = hash_password(PASSWORD)


def new_account(house: House, role: Role = Role.CURATOR, area: str = "s11", login: str = LOGIN) -> str:
    """Make an account with :data:`PASSWORD` and a role in an area; return its id."""
    with house.core.database.writing() as session:
        account = Account(login=login, name="Somebody", password_hash=_HASH)
        session.add(account)
        session.flush()
        session.add(Grant(account_id=account.id, role=role, area_id=house.areas[area]))
        return account.id


def signed_in(house: House, role: Role = Role.CURATOR, area: str = "s11", login: str = LOGIN) -> Browser:
    """Make an account and return a browser in which it has shown everything."""
    new_account(house, role, area, login)
    browser = new_browser(house)
    browser.sign_in(login)
    browser.enrol()
    return browser


def digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


def account(house: House, login: str = LOGIN) -> Account:
    with house.core.database.reading() as session:
        found = session.exec(select(Account).where(Account.login == login)).one()
        session.expunge(found)
        return found
