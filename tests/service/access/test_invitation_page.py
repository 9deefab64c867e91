"""The page of an invitation, in a browser without script."""

from __future__ import annotations

import re

import pytest

from service.tables.access import Role
from tests.service.access.people import PASSWORD, Clock, new_browser
from tests.service.conftest import House


def invitation(house: House) -> str:
    said = {"login": "new@school.example", "name": "New", "role": "psychologist", "area": house.areas["s11"]}
    link = house.client.post("/api/v1/accounts", json=said, headers=house.headers(Role.CURATOR)).json()["link"]
    return "/" + str(link).split("/", 3)[3]


def test_the_receiver_sets_his_password(house: House, clock: Clock) -> None:
    way = invitation(house)
    browser = new_browser(house)
    assert "new@school.example" in browser.client.get(way).text
    wrong = browser.client.post(way, data={"password": "password"})
    assert wrong.status_code == 422
    assert 'role="alert"' in wrong.text
    done = browser.client.post(way, data={"password": PASSWORD}, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/second-factor")
    browser.enrol()
    assert browser.status() == 200
    assert browser.client.get(way).status_code == 404
    assert browser.client.post(way, data={"password": PASSWORD}).status_code == 404


def test_whoever_had_a_second_factor_shows_it(sqlite_house: House, clock: Clock) -> None:
    browser = new_browser(sqlite_house)
    browser.client.post(invitation(sqlite_house), data={"password": PASSWORD}, follow_redirects=False)
    browser.enrol()
    headers = sqlite_house.headers(Role.CURATOR)
    (found,) = sqlite_house.client.get("/api/v1/accounts?role=psychologist", headers=headers).json()["items"]
    made = sqlite_house.client.post(f"/api/v1/accounts/{found['id']}/invitation", headers=headers).json()
    again = new_browser(sqlite_house)
    way = "/" + made["link"].split("/", 3)[3]
    done = again.client.post(way, data={"password": PASSWORD + "!"}, follow_redirects=False)
    assert done.headers["location"] == "/sign-in/code"
    assert again.status() == 403


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_page_keeps_the_strict_policy(sqlite_house: House, language: str) -> None:
    page = new_browser(sqlite_house).client.get(invitation(sqlite_house), headers={"Accept-Language": language})
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert not re.search(r'(src|href|action)="(?!/)', page.text)
    assert f'lang="{language}"' in page.text
    assert bool(re.search("[а-я]", page.text)) == (language == "ru")
