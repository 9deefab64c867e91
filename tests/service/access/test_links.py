"""Personal links: hashed, ending, revocable; looking changes nothing, the button opens a short session."""

from __future__ import annotations

import pytest
from sqlmodel import select

from service.access.cookies import COOKIE
from service.access.sessions import LINK_HOURS
from service.tables.access import PersonalLink, Role, WebSession
from service.tables.privacy import AuditEntry
from tests.service.access.people import Browser, Clock, digest, new_browser
from tests.service.conftest import House
from tests.service.test_foundation import new_person


def person(house: House, area: str = "s11") -> str:
    with house.core.database.writing() as session:
        return new_person(house, session, area).id


def make(house: House, person_id: str, **more: object) -> dict[str, str]:
    headers = house.headers(Role.CURATOR)
    answer = house.client.post("/api/v1/links", json={"person": person_id, "role": "mentor", **more}, headers=headers)
    assert answer.status_code == 201, answer.text
    found: dict[str, str] = answer.json()
    return found


def open_it(browser: Browser, link: dict[str, str]) -> int:
    return browser.client.post(way(link), follow_redirects=False).status_code


def way(link: dict[str, str]) -> str:
    return "/p/" + link["link"].rpartition("/p/")[2]


def test_looking_changes_nothing_and_the_button_opens(house: House, clock: Clock) -> None:
    link = make(house, person(house))
    browser = new_browser(house)
    for _ in range(3):
        looked = browser.client.get(way(link))
        assert looked.status_code == 200
        assert 'method="post"' in looked.text
    with house.core.database.reading() as session:
        assert session.exec(select(WebSession)).all() == []
        assert session.exec(select(PersonalLink)).one().used_at is None
    assert COOKIE not in browser.client.cookies
    assert open_it(browser, link) == 303
    me = browser.client.get("/api/v1/me").json()
    assert [(one["role"], one["person"]) for one in me["roles"]] == [("mentor", link["person"])]


def test_the_page_keeps_the_strict_policy(sqlite_house: House) -> None:
    link = make(sqlite_house, person(sqlite_house))
    looked = new_browser(sqlite_house).client.get(way(link), headers={"Accept-Language": "ru"})
    assert "<script" not in looked.text
    assert "style=" not in looked.text
    assert "http" not in looked.text.replace("https://testserver", "")
    assert 'lang="ru"' in looked.text
    assert "Mentoring" not in looked.text
    assert looked.headers["cache-control"] == "no-store"
    assert looked.headers["referrer-policy"] == "same-origin"


def test_people_come_back_and_each_opening_is_written_down(sqlite_house: House) -> None:
    link = make(sqlite_house, person(sqlite_house))
    for _ in range(3):
        assert open_it(new_browser(sqlite_house), link) == 303
    with sqlite_house.core.database.reading() as session:
        opened = session.exec(select(AuditEntry).where(AuditEntry.action == "link.open")).all()
        assert [one.actor for one in opened] == [f"link:{link['id']}"] * 3


def test_only_the_hash_is_kept(sqlite_house: House) -> None:
    link = make(sqlite_house, person(sqlite_house))
    with sqlite_house.core.database.reading() as session:
        row = session.exec(select(PersonalLink)).one()
        assert row.token_hash == digest(way(link).removeprefix("/p/"))


def test_a_link_ends(house: House, clock: Clock) -> None:
    link = make(house, person(house), days=2)
    browser = new_browser(house)
    clock.move(days=2, seconds=-1)
    assert open_it(browser, link) == 303
    clock.move(seconds=1)
    assert browser.client.get(way(link)).status_code == 404
    assert browser.client.post(way(link)).status_code == 404
    assert browser.client.get("/api/v1/me").status_code == 401


def test_a_session_of_a_link_is_short(sqlite_house: House, clock: Clock) -> None:
    link = make(sqlite_house, person(sqlite_house))
    browser = new_browser(sqlite_house)
    assert open_it(browser, link) == 303
    for _ in range(LINK_HOURS * 2 - 1):
        clock.move(minutes=30)
        assert browser.client.get("/api/v1/me").status_code == 200
    clock.move(minutes=30)
    assert browser.client.get("/api/v1/me").status_code == 401


def test_a_revoked_link_ends_its_sessions_at_once(house: House) -> None:
    link = make(house, person(house))
    browser = new_browser(house)
    assert open_it(browser, link) == 303
    headers = house.headers(Role.CURATOR)
    assert house.client.delete(f"/api/v1/links/{link['id']}", headers=headers).status_code == 204
    assert browser.client.get("/api/v1/me").status_code == 401
    assert browser.client.post(way(link)).status_code == 404


def test_a_lost_link_is_replaced(house: House) -> None:
    link = make(house, person(house))
    answer = house.client.post(f"/api/v1/links/{link['id']}/again", headers=house.headers(Role.CURATOR))
    assert answer.status_code == 201
    assert answer.json()["person"] == link["person"]
    assert new_browser(house).client.post(way(link)).status_code == 404
    assert open_it(new_browser(house), answer.json()) == 303


@pytest.mark.parametrize("area", ["s12", "s21", "m2"])
def test_links_of_other_schools_are_not_there(sqlite_house: House, area: str) -> None:
    link = make(sqlite_house, person(sqlite_house))
    headers = sqlite_house.headers(Role.CURATOR, area)
    client = sqlite_house.client
    said = {"person": link["person"], "role": "mentor"}
    assert client.post("/api/v1/links", json=said, headers=headers).status_code == 404
    assert client.delete(f"/api/v1/links/{link['id']}", headers=headers).status_code == 404
    assert client.post(f"/api/v1/links/{link['id']}/again", headers=headers).status_code == 404
    assert client.get("/api/v1/links", headers=headers).json()["items"] == []


def test_a_link_opens_no_role_that_sees_others(sqlite_house: House) -> None:
    said = {"person": person(sqlite_house), "role": "curator"}
    headers = sqlite_house.headers(Role.CURATOR)
    assert sqlite_house.client.post("/api/v1/links", json=said, headers=headers).status_code == 422


def test_links_are_listed_by_pages(sqlite_house: House) -> None:
    one = person(sqlite_house)
    made = {make(sqlite_house, one)["id"] for _ in range(5)}
    headers = sqlite_house.headers(Role.CURATOR)
    seen, after = set(), None
    while True:
        query = {"limit": 2} | ({"after": after} if after else {})
        page = sqlite_house.client.get("/api/v1/links", params=query, headers=headers).json()
        seen |= {link["id"] for link in page["items"]}
        assert all("link" not in link for link in page["items"])
        after = page["next"]
        if after is None:
            break
    assert seen == made


def test_the_picture_holds_the_address(sqlite_house: House) -> None:
    link = make(sqlite_house, person(sqlite_house))
    assert link["qr_svg"].startswith("<svg")
    assert "style=" not in link["qr_svg"]
