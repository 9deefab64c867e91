"""Sessions (S2): a new cookie at each step, ends the server decides, a second factor that counts once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from service.access.cookies import COOKIE, LOCAL_COOKIE
from service.app import build_app
from service.core import Core
from service.tables.access import Role, WebSession
from tests.service.access.people import LOGIN, PASSWORD, Browser, Clock, account, new_account, new_browser, signed_in
from tests.service.conftest import House


def test_whoever_sees_others_sets_up_a_second_factor_first(house: House, clock: Clock) -> None:
    new_account(house)
    browser = new_browser(house)
    assert browser.sign_in() == "enrolment_needed"
    assert browser.status() == 403
    assert browser.client.get("/api/v1/me").json()["half"] is True
    totp, codes = browser.enrol()
    assert len(set(codes)) == 10
    assert browser.status() == 200

    clock.move(minutes=1)
    other = new_browser(house)
    assert other.sign_in() == "code_needed"
    assert other.status() == 403
    assert other.show(totp.at(clock.moment)) == 200
    assert other.status() == 200


def test_a_code_counts_once(house: House, clock: Clock) -> None:
    new_account(house)
    browser = new_browser(house)
    browser.sign_in()
    totp, _ = browser.enrol()
    clock.move(seconds=30)
    code = totp.at(clock.moment)
    first, second = new_browser(house), new_browser(house)
    first.sign_in()
    second.sign_in()
    assert first.show(code) == 200
    assert second.show(code) == 401


def test_the_code_that_set_the_factor_up_is_used_up(sqlite_house: House, clock: Clock) -> None:
    new_account(sqlite_house)
    browser = new_browser(sqlite_house)
    browser.sign_in()
    totp, _ = browser.enrol()
    other = new_browser(sqlite_house)
    other.sign_in()
    assert other.show(totp.at(clock.moment)) == 401


@pytest.mark.parametrize(("seconds", "status"), [(-60, 401), (-30, 200), (0, 200), (30, 200), (60, 401)])
def test_one_step_early_or_late_is_let_through(sqlite_house: House, clock: Clock, seconds: int, status: int) -> None:
    new_account(sqlite_house)
    browser = new_browser(sqlite_house)
    browser.sign_in()
    totp, _ = browser.enrol()
    clock.move(minutes=5)
    other = new_browser(sqlite_house)
    other.sign_in()
    assert other.show(totp.at(int(clock.moment.timestamp()) + seconds)) == status


def test_a_recovery_code_works_once(house: House, clock: Clock) -> None:
    new_account(house)
    browser = new_browser(house)
    browser.sign_in()
    _, codes = browser.enrol()
    first, second = new_browser(house), new_browser(house)
    first.sign_in()
    assert first.show(codes[0].upper()) == 200
    assert first.client.get("/api/v1/me").json()["recovery_codes_left"] == 9
    second.sign_in()
    assert second.show(codes[0]) == 401
    assert second.show(codes[1]) == 200


def test_the_cookie_changes_at_each_step(sqlite_house: House, clock: Clock) -> None:
    new_account(sqlite_house)
    browser = new_browser(sqlite_house)
    seen = []
    browser.sign_in()
    seen.append(browser.client.cookies[COOKIE])
    totp, _ = browser.enrol()
    seen.append(browser.client.cookies[COOKIE])
    clock.move(minutes=1)
    browser.sign_in()
    seen.append(browser.client.cookies[COOKIE])
    browser.show(totp.at(clock.moment))
    seen.append(browser.client.cookies[COOKIE])
    assert len(set(seen)) == 4
    for old in seen[:-1]:
        late = new_browser(sqlite_house)
        late.client.cookies.set(COOKIE, old)
        assert late.client.get("/api/v1/me").status_code == 401


def test_flags_of_the_cookie(sqlite_house: House) -> None:
    new_account(sqlite_house)
    browser = new_browser(sqlite_house)
    answer = browser.client.post("/api/v1/sign-in", json={"login": LOGIN, "password": PASSWORD})
    name, _, rest = answer.headers["set-cookie"].partition("=")
    flags = {part.strip().lower() for part in rest.split(";")[1:]}
    assert name == "__Host-matcher"
    assert flags == {"httponly", "path=/", "samesite=lax", "secure"}


def test_plain_http_on_the_machine_itself_and_nowhere_else(sqlite_house: House) -> None:
    new_account(sqlite_house)
    browser = new_browser(sqlite_house)
    said = {"login": LOGIN, "password": PASSWORD}
    answer = browser.client.post("http://127.0.0.1:8000/api/v1/sign-in", json=said)
    assert answer.headers["set-cookie"].startswith(f"{LOCAL_COOKIE}=")
    assert "secure" not in answer.headers["set-cookie"].lower()
    far = browser.client.post("http://school.example/api/v1/sign-in", json=said)
    assert far.status_code == 403
    assert far.json()["type"] == "/problems/needs-tls"


def test_the_local_cookie_is_worth_nothing_over_tls(sqlite_house: House, clock: Clock) -> None:
    browser = signed_in(sqlite_house)
    word = browser.client.cookies[COOKIE]
    other = new_browser(sqlite_house)
    other.client.cookies.set(LOCAL_COOKIE, word)
    assert other.status() == 401


def test_sign_out_ends_the_session_on_the_server(house: House, clock: Clock) -> None:
    browser = signed_in(house)
    word = browser.client.cookies[COOKIE]
    assert browser.client.post("/api/v1/sign-out").status_code == 204
    assert COOKIE not in browser.client.cookies
    browser.client.cookies.set(COOKIE, word)
    assert browser.status() == 401


def test_sign_out_everywhere(sqlite_house: House, clock: Clock) -> None:
    browser = signed_in(sqlite_house)
    other = new_browser(sqlite_house)
    other.sign_in()
    assert browser.client.post("/api/v1/sign-out-everywhere").status_code == 204
    assert other.client.get("/api/v1/me").status_code == 401


def test_own_sessions_are_listed_and_ended(sqlite_house: House, clock: Clock) -> None:
    browser = signed_in(sqlite_house)
    other = new_browser(sqlite_house)
    clock.move(seconds=30)
    other.sign_in()
    found = browser.client.get("/api/v1/me/sessions").json()["items"]
    assert [one["this"] for one in found] == [False, True]
    assert browser.client.delete(f"/api/v1/me/sessions/{found[0]['id']}").status_code == 204
    assert other.client.get("/api/v1/me").status_code == 401
    assert browser.client.delete(f"/api/v1/me/sessions/{found[0]['id']}").status_code == 404


def test_sessions_of_others_cannot_be_ended(sqlite_house: House, clock: Clock) -> None:
    mine = signed_in(sqlite_house)
    theirs = signed_in(sqlite_house, login="other@school.example")
    (found,) = mine.client.get("/api/v1/me/sessions").json()["items"]
    assert theirs.client.delete(f"/api/v1/me/sessions/{found['id']}").status_code == 404
    assert mine.status() == 200


def test_a_session_ends_when_it_lies_idle(house: House, clock: Clock) -> None:
    browser = signed_in(house)
    for _ in range(3):
        clock.move(minutes=house.core.settings.idle_minutes - 1)
        assert browser.status() == 200
    clock.move(minutes=house.core.settings.idle_minutes)
    assert browser.status() == 401


def test_a_session_ends_however_busy(sqlite_house: House, clock: Clock) -> None:
    browser = signed_in(sqlite_house)
    for _ in range(int(sqlite_house.core.settings.session_hours * 2) - 1):
        clock.move(minutes=30)
        assert browser.status() == 200
    clock.move(minutes=30)
    assert browser.status() == 401


def test_half_a_sign_in_lasts_a_quarter_of_an_hour(sqlite_house: House, clock: Clock) -> None:
    new_account(sqlite_house)
    browser = new_browser(sqlite_house)
    browser.sign_in()
    clock.move(minutes=15)
    assert browser.client.get("/api/v1/me").status_code == 401


def test_a_new_password_ends_all_other_sessions(house: House, clock: Clock) -> None:
    browser = signed_in(house)
    other = new_browser(house)
    other.sign_in()
    old = browser.client.cookies[COOKIE]
    new = "summer road nine clouds"
    answer = browser.client.post("/api/v1/me/password", json={"password": PASSWORD, "new_password": new})
    assert answer.status_code == 204
    assert browser.status() == 200
    assert browser.client.cookies[COOKIE] != old
    assert other.client.get("/api/v1/me").status_code == 401
    late = new_browser(house)
    assert late.client.post("/api/v1/sign-in", json={"login": LOGIN, "password": PASSWORD}).status_code == 401
    assert late.sign_in(password=new) == "code_needed"


def test_a_new_password_needs_the_present_one(sqlite_house: House, clock: Clock) -> None:
    browser = signed_in(sqlite_house)
    said = {"password": "something else", "new_password": "summer road nine clouds"}
    assert browser.client.post("/api/v1/me/password", json=said).status_code == 401
    said = {"password": PASSWORD, "new_password": PASSWORD}
    assert browser.client.post("/api/v1/me/password", json=said).status_code == 422


def test_a_new_second_factor_needs_the_present_one(sqlite_house: House, clock: Clock) -> None:
    new_account(sqlite_house)
    browser = new_browser(sqlite_house)
    browser.sign_in()
    totp, _ = browser.enrol()
    assert browser.client.post("/api/v1/me/second-factor", json={"password": PASSWORD}).status_code == 401
    clock.move(seconds=30)
    said = {"password": PASSWORD, "code": totp.at(clock.moment)}
    assert browser.client.post("/api/v1/me/second-factor", json=said).status_code == 200
    clock.move(seconds=30)  # until it is confirmed the present one counts
    other = new_browser(sqlite_house)
    other.sign_in()
    assert other.show(totp.at(clock.moment)) == 200


def test_whoever_has_only_the_password_cannot_replace_the_second_factor(sqlite_house: House, clock: Clock) -> None:
    signed_in(sqlite_house)
    thief = new_browser(sqlite_house)
    assert thief.sign_in() == "code_needed"
    assert thief.client.post("/api/v1/me/second-factor", json={"password": PASSWORD}).status_code == 401
    assert thief.client.post("/api/v1/me/second-factor/confirm", json={"code": "123456"}).status_code == 409
    assert thief.client.post("/api/v1/me/recovery-codes", json={"password": PASSWORD}).status_code == 403
    assert (
        thief.client.post("/api/v1/me/password", json={"password": PASSWORD, "new_password": "x" * 9}).status_code
        == 403
    )


def test_a_participant_needs_no_second_factor(sqlite_house: House, clock: Clock) -> None:
    new_account(sqlite_house, Role.MENTOR)
    browser = new_browser(sqlite_house)
    assert browser.sign_in() == "signed_in"
    assert browser.status() == 200


def test_wrong_login_and_wrong_password_get_one_answer(sqlite_house: House) -> None:
    new_account(sqlite_house)
    browser = new_browser(sqlite_house)
    said = [
        browser.client.post("/api/v1/sign-in", json={"login": login, "password": "wrong wrong wrong"})
        for login in (LOGIN, "nobody@school.example")
    ]
    assert [one.status_code for one in said] == [401, 401]
    assert said[0].json() == said[1].json()


def test_a_login_nobody_has_costs_a_hash_too(sqlite_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from service.access import passwords

    verified = []
    real = passwords._hasher.verify
    monkeypatch.setattr(passwords._hasher, "verify", lambda *given: verified.append(given) or real(*given))
    new_account(sqlite_house)
    browser = new_browser(sqlite_house)
    for login in (LOGIN, "nobody@school.example"):
        browser.client.post("/api/v1/sign-in", json={"login": login, "password": "wrong wrong wrong"})
    assert len(verified) == 2


def test_a_token_cannot_change_how_people_come_in(sqlite_house: House) -> None:
    headers = sqlite_house.headers(Role.ADMINISTRATOR, "r")
    for path, said in (
        ("/api/v1/me/password", {"password": "x", "new_password": PASSWORD}),
        ("/api/v1/me/second-factor", {"password": "x"}),
        ("/api/v1/sign-out-everywhere", None),
    ):
        assert sqlite_house.client.post(path, json=said, headers=headers).status_code == 403


def test_logins_are_the_same_however_typed(sqlite_house: House) -> None:
    new_account(sqlite_house)
    assert new_browser(sqlite_house).sign_in(f"  {LOGIN.upper()} ") == "enrolment_needed"
    assert account(sqlite_house).password_hash is not None


def test_without_the_setting_a_password_is_enough(sqlite_house: House) -> None:
    core = sqlite_house.core
    settings = core.settings.model_copy(update={"second_factor": False})
    app = build_app(Core(settings=settings, database=core.database, vault=core.vault, jobs=core.jobs))
    new_account(sqlite_house)
    browser = Browser(TestClient(app, base_url="https://testserver", headers={"Sec-Fetch-Site": "same-origin"}))
    assert browser.sign_in() == "signed_in"
    assert browser.status() == 200


def test_a_session_is_seen_once_a_minute(house: House, clock: Clock) -> None:
    """Written down often enough for the idle timeout, and not with each request."""
    browser = signed_in(house)
    seen = []
    for _ in range(4):
        clock.move(seconds=20)
        browser.client.get("/api/v1/me")
        with house.core.database.reading() as session:
            seen.append(session.exec(select(WebSession.seen_at)).one())
    start = clock.moment - timedelta(seconds=80)
    assert [(moment - start).total_seconds() for moment in seen] == [0, 0, 60, 60]
