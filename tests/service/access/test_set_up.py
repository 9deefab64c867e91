"""The first start: a link that works once, in one transaction."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from service.access.set_up import set_up_link
from service.tables.access import Account, Grant, Role
from service.tables.areas import Area
from service.tables.privacy import Setting
from tests.service.access.people import PASSWORD, Browser, Clock, new_browser
from tests.service.conftest import House


def secret(house: House) -> str:
    link = set_up_link(house.core)
    assert link is not None
    assert link.startswith("http://127.0.0.1:8000/set-up/")
    return link.rpartition("/")[2]


def say(browser: Browser, word: str, **more: object) -> int:
    said = {
        "secret": word,
        "municipality": {"code": "M", "name": "Municipality"},
        "organisation": {"code": "S-1", "name": "School"},
        "login": "first@school.example",
        "name": "First",
        "password": PASSWORD,
        **more,
    }
    return browser.client.post("/api/v1/set-up", json=said).status_code


def test_the_first_administrator_comes_in_once(house: House, clock: Clock) -> None:
    word = secret(house)
    browser = new_browser(house)
    assert say(browser, word) == 201
    assert browser.status() == 403
    browser.enrol()
    assert browser.status() == 200
    roles = {role["role"]: role["area"] for role in browser.client.get("/api/v1/me").json()["roles"]}
    assert say(browser, word, login="second@school.example") == 404
    assert set_up_link(house.core) is None
    with house.core.database.reading() as session:
        school = session.exec(select(Area).where(Area.code == "S-1")).one()
        above = session.get_one(Area, school.parent_id)
        assert school.path == f"{above.path}{school.id}/"
        assert roles == {"administrator": above.id, "curator": school.id}
        assert session.get(Setting, "set_up") is None


def test_a_later_link_replaces_the_first(sqlite_house: House) -> None:
    first, second = secret(sqlite_house), secret(sqlite_house)
    assert say(new_browser(sqlite_house), first) == 404
    assert say(new_browser(sqlite_house), second) == 201


def test_the_link_ends(sqlite_house: House, clock: Clock) -> None:
    word = secret(sqlite_house)
    clock.move(hours=48)
    assert say(new_browser(sqlite_house), word) == 404


@pytest.mark.parametrize(
    "more",
    [
        {"password": "12345678"},
        {"municipality": None, "organisation": None},
        {"time_zone": "Europe/Nowhere"},
        {"login": "with space"},
        {"unknown": 1},
    ],
    ids=str,
)
def test_wrong_words_leave_the_link_as_it_was(sqlite_house: House, more: dict[str, object]) -> None:
    word = secret(sqlite_house)
    assert say(new_browser(sqlite_house), word, **more) == 422
    assert say(new_browser(sqlite_house), word) == 201


def test_of_two_at_once_one_gets_through(house: House) -> None:
    word = secret(house)
    with ThreadPoolExecutor(2) as pool:
        logins = ("one@school.example", "two@school.example")
        tried = pool.map(lambda login: say(new_browser(house), word, login=login), logins)
        assert sorted(tried) == [201, 404]
    with house.core.database.reading() as session:
        assert len(session.exec(select(Account)).all()) == 1
        assert sorted(session.exec(select(Grant.role))) == [Role.ADMINISTRATOR, Role.CURATOR]
