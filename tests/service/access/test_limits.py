"""Limits (S4): exact at the boundary, over threads as over processes, and nobody locked out for good."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from service.access.limits import TooMany, spend_apart, subject_of
from service.access.sign_in import PER_ACCOUNT, PER_ADDRESS
from tests.service.access.people import LOGIN, PASSWORD, Browser, Clock, new_account, new_browser
from tests.service.conftest import House

MINUTE = timedelta(minutes=1)


def passes(house: House, subject: str, limit: int = 5, window: timedelta = MINUTE) -> bool:
    try:
        spend_apart(house.core.database, subject, limit, window)
    except TooMany:
        return False
    return True


def test_a_thousand_calls_pass_exactly_as_often_as_allowed(sqlite_house: House, clock: Clock) -> None:
    """Every three seconds a call: of twenty a minute five pass, those that find less than five in the minute before."""
    passed: list[int] = []
    for number in range(1000):
        allowed = sum(1 for before in passed if number - before < 20) < 5
        assert passes(sqlite_house, "a") == allowed, number
        if allowed:
            passed.append(number)
        clock.move(seconds=3)
    assert len(passed) == 250


def test_the_boundary_is_exact(house: House, clock: Clock) -> None:
    assert [passes(house, "a") for _ in range(7)] == [True] * 5 + [False] * 2
    assert passes(house, "b")
    clock.move(seconds=59, microseconds=999_999)
    assert not passes(house, "a")
    clock.move(microseconds=1)
    assert passes(house, "a")


def test_calls_at_the_same_time_are_counted_exactly(house: House, clock: Clock) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: passes(house, subject_of("same")), range(40))) == 5


def tell(browser: Browser, login: str = LOGIN, password: str = "wrong wrong wrong") -> int:
    return browser.client.post("/api/v1/sign-in", json={"login": login, "password": password}).status_code


def test_guessing_is_slowed_down_and_nobody_is_locked_out(house: House, clock: Clock) -> None:
    new_account(house)
    guesser, owner = new_browser(house, "203.0.113.9"), new_browser(house, "198.51.100.7")
    assert [tell(guesser) for _ in range(8)] == [401] * PER_ACCOUNT + [429] * 3
    assert tell(guesser, password=PASSWORD) == 429
    assert tell(owner, password=PASSWORD) == 200
    clock.move(minutes=1)
    assert tell(guesser, password=PASSWORD) == 200


def test_the_answer_says_when_to_come_back(sqlite_house: House, clock: Clock) -> None:
    browser = new_browser(sqlite_house)
    tell(browser)
    clock.move(seconds=20)
    for _ in range(4):
        tell(browser)
    answer = browser.client.post("/api/v1/sign-in", json={"login": LOGIN, "password": "x"})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "40")


def test_success_forgets_failures(sqlite_house: House, clock: Clock) -> None:
    new_account(sqlite_house)
    browser = new_browser(sqlite_house)
    for _ in range(10):
        assert [tell(browser) for _ in range(4)] == [401] * 4
        assert tell(browser, password=PASSWORD) == 200


def test_codes_are_guessed_as_slowly(house: House, clock: Clock) -> None:
    new_account(house)
    first = new_browser(house)
    first.sign_in()
    totp, _ = first.enrol()
    clock.move(minutes=1)
    guesser = new_browser(house)
    guesser.sign_in()
    assert [guesser.show("000000") for _ in range(7)] == [401] * 5 + [429] * 2
    assert guesser.show(totp.at(clock.moment)) == 429
    clock.move(minutes=1)
    assert guesser.show(totp.at(clock.moment)) == 200


def test_many_logins_from_one_address(sqlite_house: House, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has signed in from there before is let through while somebody tries all logins."""
    monkeypatch.setattr("service.access.sign_in.fits", lambda password, kept: password == PASSWORD and kept is not None)
    new_account(sqlite_house)
    new_account(sqlite_house, login="second@school.example")
    school = new_browser(sqlite_house)
    assert tell(school, password=PASSWORD) == 200
    tried = [tell(school, f"n{number}@school.example") for number in range(PER_ADDRESS + 5)]
    assert tried == [401] * PER_ADDRESS + [429] * 5
    assert tell(school, password=PASSWORD) == 200
    assert tell(school, "second@school.example", PASSWORD) == 429
    assert tell(new_browser(sqlite_house, "192.0.2.1"), "second@school.example", PASSWORD) == 200
