"""Signing in through the municipality's directory, against one that lives in this process."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import RSAKey

from service.access import directory
from service.app import build_app
from service.core import Core
from service.tables.access import Account
from tests.service.access.people import LOGIN, Browser, Clock, new_account
from tests.service.conftest import House

ISSUER = "https://directory.example"
KEY = RSAKey.generate_key(2048, parameters={"kid": "one"}, private=True)


class Directory:
    """A directory that answers by the book; ``wrong`` spoils one thing of its word."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.subject = clock, "person-17"
        self.asked: dict[str, str] = {}
        self.spoil: Callable[[dict[str, Any]], None] = lambda claims: None
        self.key = KEY
        self.is_down = False

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.is_down:
            raise httpx.ConnectError("down")
        if request.url.path == "/.well-known/openid-configuration":
            names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
            return httpx.Response(200, json={"issuer": ISSUER} | {k: f"{ISSUER}/{v}" for k, v in names.items()})
        if request.url.path == "/jwks":
            return httpx.Response(200, json={"keys": [KEY.as_dict(private=False)]})
        given = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        challenge = base64.urlsafe_b64encode(hashlib.sha256(given["code_verifier"].encode()).digest()).rstrip(b"=")
        secret = base64.b64encode(b"matcher:client secret").decode()
        if (
            given["code"] != "the-code"
            or challenge.decode() != self.asked["code_challenge"]
            or given["redirect_uri"] != self.asked["redirect_uri"]
            or request.headers["authorization"] != f"Basic {secret}"
        ):
            return httpx.Response(400, json={"error": "invalid_grant"})
        moment = int(self.clock.moment.timestamp())
        claims = {
            "iss": ISSUER,
            "sub": self.subject,
            "aud": "matcher",
            "iat": moment,
            "exp": moment + 300,
            "nonce": self.asked["nonce"],
        }
        self.spoil(claims)
        word = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)
        return httpx.Response(200, json={"access_token": "x", "token_type": "Bearer", "id_token": word})

    def visit(self, browser: Browser) -> str:
        """Go to the directory and be let in; return the address that leads back."""
        answer = browser.client.get("/sign-in/directory", follow_redirects=False)
        assert answer.status_code == 303, answer.text
        address = urlsplit(answer.headers["location"])
        assert f"{address.scheme}://{address.netloc}{address.path}" == f"{ISSUER}/authorize"
        self.asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        assert self.asked["code_challenge_method"] == "S256"
        assert self.asked["response_type"] == "code"
        assert self.asked["scope"] == "openid"
        return f"/sign-in/directory/back?code=the-code&state={self.asked['state']}"


@pytest.fixture
def municipal(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Directory:
    found = Directory(clock)
    monkeypatch.setattr(directory, "transport", httpx.MockTransport(found.answer))
    return found


@pytest.fixture
def browser(sqlite_house: House, municipal: Directory) -> Browser:
    core, folder = sqlite_house.core, sqlite_house.core.settings.folder
    (folder / "secret").write_text("client secret\n")
    settings = core.settings.model_copy(
        update={
            "oidc_issuer": ISSUER,
            "oidc_client_id": "matcher",
            "oidc_secret_file": folder / "secret",
            "public_url": "https://testserver",
        }
    )
    app = build_app(Core(settings=settings, database=core.database, vault=core.vault, jobs=core.jobs))
    client = TestClient(app, base_url="https://testserver", headers={"Sec-Fetch-Site": "same-origin"})
    account_id = new_account(sqlite_house)
    with core.database.writing() as session:
        session.get_one(Account, account_id).oidc_subject = "person-17"
    return Browser(client)


def come_back(browser: Browser, address: str) -> httpx.Response:
    headers = {"Sec-Fetch-Site": "cross-site"}
    return browser.client.get(address, headers=headers, follow_redirects=False)


def test_whoever_the_directory_names_shows_his_second_factor_here(browser: Browser, municipal: Directory) -> None:
    answer = come_back(browser, municipal.visit(browser))
    assert (answer.status_code, answer.headers["location"]) == (303, "/second-factor")
    assert browser.status() == 403
    assert browser.client.get("/api/v1/me").json()["login"] == LOGIN


def test_an_answer_counts_once_and_in_its_browser_only(browser: Browser, municipal: Directory) -> None:
    address = municipal.visit(browser)
    other = Browser(TestClient(browser.client.app, base_url="https://testserver"))
    assert come_back(other, address).status_code == 401
    assert come_back(browser, address).status_code == 303
    assert come_back(browser, address).status_code == 401


def test_nobody_is_made_by_the_directory(browser: Browser, municipal: Directory) -> None:
    municipal.subject = "person-18"
    answer = come_back(browser, municipal.visit(browser))
    assert answer.json()["type"] == "/problems/unknown-to-directory"


def test_a_disabled_account_stays_out(
    browser: Browser, municipal: Directory, sqlite_house: House, clock: Clock
) -> None:
    with sqlite_house.core.database.writing() as session:
        from sqlmodel import select

        session.exec(select(Account).where(Account.login == LOGIN)).one().disabled_at = clock.moment
    assert come_back(browser, municipal.visit(browser)).status_code == 403


def other_state(address: str) -> str:
    return address.partition("&state=")[0] + "&state=other"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda claims: claims.update(iss="https://evil.example"),
        lambda claims: claims.update(aud="somebody else"),
        lambda claims: claims.update(nonce="another"),
        lambda claims: claims.update(exp=claims["exp"] - 3600),
        lambda claims: claims.pop("sub"),
        lambda claims: claims.pop("nonce"),
        lambda claims: claims.pop("exp"),
    ],
    ids=["issuer", "audience", "nonce", "expired", "no subject", "no nonce", "no end"],
)
def test_a_word_that_is_not_meant_so_is_refused(browser: Browser, municipal: Directory, spoil: Any) -> None:
    municipal.spoil = spoil
    answer = come_back(browser, municipal.visit(browser))
    assert answer.json()["type"] == "/problems/directory-refused"
    assert browser.client.get("/api/v1/me").status_code == 401


def test_a_word_signed_by_others_is_refused(browser: Browser, municipal: Directory) -> None:
    municipal.key = RSAKey.generate_key(2048, parameters={"kid": "one"}, private=True)
    assert come_back(browser, municipal.visit(browser)).status_code == 401


def test_another_state_is_refused(browser: Browser, municipal: Directory) -> None:
    assert come_back(browser, other_state(municipal.visit(browser))).status_code == 401


def test_whoever_stays_too_long_begins_again(browser: Browser, municipal: Directory, clock: Clock) -> None:
    address = municipal.visit(browser)
    clock.move(minutes=11)
    assert come_back(browser, address).status_code == 401


def test_a_wrong_code_is_refused(browser: Browser, municipal: Directory) -> None:
    address = municipal.visit(browser)
    assert come_back(browser, address.replace("the-code", "guessed")).status_code == 401


def test_a_directory_that_is_down_is_said_to_be(browser: Browser, municipal: Directory) -> None:
    municipal.is_down = True
    assert browser.client.get("/sign-in/directory").status_code == 503


def test_without_a_directory_there_is_no_such_way(sqlite_house: House) -> None:
    assert sqlite_house.client.get("/sign-in/directory").status_code == 404
    assert sqlite_house.client.get("/sign-in/directory/back").status_code == 404


def test_the_administrator_ties_accounts_to_the_directory(house: House) -> None:
    one, two = new_account(house), new_account(house, login="two@school.example")
    headers = house.headers("administrator", "r") | {"If-Match": '"1"'}
    said = {"directory_subject": "person-17"}
    assert house.client.patch(f"/api/v1/accounts/{one}", json=said, headers=headers).status_code == 200
    assert house.client.patch(f"/api/v1/accounts/{two}", json=said, headers=headers).status_code == 409
    headers["If-Match"] = '"2"'
    assert (
        house.client.patch(f"/api/v1/accounts/{one}", json={"directory_subject": ""}, headers=headers).status_code
        == 200
    )
    headers["If-Match"] = '"1"'
    assert house.client.patch(f"/api/v1/accounts/{two}", json=said, headers=headers).status_code == 200
