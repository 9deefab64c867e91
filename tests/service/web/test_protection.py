"""Changes come from own pages only (S3); every answer carries the protecting headers (S11)."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from matcher.errors import InputError
from service.app import build_app
from service.rights.rules import routes_of
from service.settings import read_settings
from service.tables.access import Role
from service.web.protection import HEADERS
from tests.service.access.people import new_account, new_browser
from tests.service.conftest import House

FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://testserver.evil.example"},
    {"Origin": "https://testserver:8443"},
    {"Origin": "null"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "null", "Sec-Fetch-Site": "none"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    {"Cookie": "__Host-matcher=x"},
)


def unsafe_routes(app: FastAPI) -> list[tuple[str, str]]:
    found = [(method, re.sub(r"\{[^}]*\}", "x", route.path)) for route in routes_of(app) for method in route.methods]
    return sorted(one for one in found if one[0] not in ("GET", "HEAD"))


@pytest.mark.parametrize("said", FOREIGN, ids=str)
def test_changes_asked_for_by_other_pages_are_refused(sqlite_house: House, said: dict[str, str]) -> None:
    client = sqlite_house.client
    tried = unsafe_routes(client.app)  # type: ignore[arg-type]
    assert len(tried) >= 10
    headers = sqlite_house.headers(Role.ADMINISTRATOR, "r") | said
    for method, path in tried:
        answer = client.request(method, path, headers=headers, json={})
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/foreign-page"), (method, path)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "text/plain; charset=utf-8"])
def test_content_other_pages_can_send_is_refused(sqlite_house: House, kind: str) -> None:
    client = sqlite_house.client
    headers = sqlite_house.headers(Role.ADMINISTRATOR, "r") | {"Content-Type": kind}
    for method, path in unsafe_routes(client.app):  # type: ignore[arg-type]
        if path.startswith("/api/"):
            assert client.request(method, path, headers=headers, content=b"{}").status_code == 415, (method, path)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://testserver"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    ],
    ids=str,
)
def test_own_pages_and_programs_get_through(sqlite_house: House, said: dict[str, str]) -> None:
    answer = sqlite_house.client.post("/api/v1/sign-in", json={"login": "abc", "password": "x"}, headers=said)
    assert answer.json()["type"] == "/problems/wrong-credentials"


def test_the_public_address_counts_behind_a_proxy(sqlite_house: House) -> None:
    core = sqlite_house.core
    settings = core.settings.model_copy(update={"public_url": "https://mentoring.example"})
    app = build_app(type(core)(settings=settings, database=core.database, vault=core.vault, jobs=core.jobs))
    client = TestClient(app, base_url="http://127.0.0.1:8000")
    said = {"login": "abc", "password": "x"}
    answer = client.post("/api/v1/sign-in", json=said, headers={"Origin": "https://mentoring.example"})
    assert answer.status_code == 401
    assert "strict-transport-security" in answer.headers


def test_nothing_changes_by_get(sqlite_house: House) -> None:
    """No address that changes something answers to GET, nor to a method put into a header or the address."""
    client = sqlite_house.client
    paths = {path for method, path in unsafe_routes(client.app)}  # type: ignore[arg-type]
    read = {re.sub(r"\{[^}]*\}", "x", route.path) for route in routes_of(client.app) if "GET" in route.methods}  # type: ignore[arg-type, operator]
    for path in paths - read:
        for query, headers in (("", {}), ("?_method=POST", {}), ("", {"X-HTTP-Method-Override": "POST"})):
            answer = client.get(path + query, headers=headers)  # 401: another route that reads, such as /rosters/{id}
            assert answer.status_code in (401, 404, 405), path


def all_routes(app: FastAPI) -> list[tuple[str, str]]:
    found = [(method, re.sub(r"\{[^}]*\}", "x", route.path)) for route in routes_of(app) for method in route.methods]
    return [*found, ("GET", "/openapi.json"), ("GET", "/nothing"), ("POST", "/health/live"), ("TRACE", "/")]


def test_every_answer_has_the_headers(sqlite_house: House) -> None:
    """Of every route: without signing in, refused, with wrong input, missing, with the wrong method."""
    client = sqlite_house.client
    administrator = sqlite_house.headers(Role.ADMINISTRATOR, "r")
    for method, path in all_routes(client.app):  # type: ignore[arg-type]
        for headers in ({}, administrator, administrator | {"Sec-Fetch-Site": "cross-site"}):
            answer = client.request(method, path, headers=headers)
            for name in HEADERS:
                assert name in answer.headers, (method, path, name)
            assert answer.headers["strict-transport-security"].startswith("max-age=63072000")
            policy = answer.headers["content-security-policy"]
            assert "unsafe" not in policy
            assert "http" not in policy


def test_an_error_of_the_program_has_the_headers(sqlite_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.routes.sign_in.sign_in", lambda *given: 1 / 0)
    answer = sqlite_house.client.post("/api/v1/sign-in", json={"login": "abc", "password": "x"})
    assert answer.status_code == 500
    assert answer.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]
    assert answer.json()["type"] == "/problems/internal"


def test_no_promise_of_tls_without_it(sqlite_house: House) -> None:
    answer = sqlite_house.client.get("http://127.0.0.1:8000/health/live")
    assert "strict-transport-security" not in answer.headers


def test_personal_answers_are_not_stored(sqlite_house: House) -> None:
    new_account(sqlite_house)
    browser = new_browser(sqlite_house)
    browser.sign_in()
    assert browser.client.get("/api/v1/me").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("proxy", "believed"), [("10.0.0.5", True), ("10.0.1.5", True), ("192.0.2.1", False)])
def test_only_the_named_proxy_is_believed(proxy: str, believed: bool) -> None:
    """What the server takes from the settings decides whose word on addresses counts."""
    settings = read_settings(forwarded_allow_ips="10.0.0.5, 10.0.1.0/24")
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(f"{scope['scheme']} {scope['client'][0]}")
        await PlainTextResponse("ok")(scope, receive, send)

    told = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    trusting = ProxyHeadersMiddleware(app, trusted_hosts=settings.forwarded_allow_ips)
    TestClient(trusting, base_url="http://testserver", client=(proxy, 50000)).get("/", headers=told)
    assert seen == ["https 203.0.113.9" if believed else f"http {proxy}"]


@pytest.mark.parametrize("word", ["*", "proxy.example.org", "10.0.0.1/24", ""])
def test_a_proxy_is_named_by_its_address(word: str) -> None:
    with pytest.raises(InputError, match="forwarded_allow_ips"):
        read_settings(forwarded_allow_ips=word)
