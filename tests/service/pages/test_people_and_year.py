"""Pages of accounts, of people and of the year, asked for without a browser: who sees what, and what is kept."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from matcher.io.policy_toml import read_policy_text
from service.tables.access import Account, Grant, WebSession
from service.tables.areas import Person
from service.tables.columns import now
from service.tables.privacy import Erasure
from service.tables.records import Record
from service.tables.rounds import Round
from tests.service.conftest import House
from tests.service.rounds.conftest import build_case


def headers(house: House, role: str, area: str = "s11") -> dict[str, str]:
    """Return the headers of somebody who looks at pages in English."""
    return {**house.headers(role, area), "Accept": "text/html", "Accept-Language": "en"}


def invite(house: House, by: str, role: str) -> Any:
    said = {"name": "Olga", "login": f"{role}@school.example", "role": role, "area": house.areas["s11"]}
    return house.client.post("/people", data=said, headers=headers(house, by))


def test_an_invitation_is_shown_once_and_works(sqlite_house: House) -> None:
    made = invite(sqlite_house, "administrator", "head")
    assert made.status_code == 200
    link = re.search(r'id="link">https?://[^/]+(/invitation/[^<]+)<', made.text)
    assert link is not None
    assert sqlite_house.client.get(link.group(1)).status_code == 200
    assert "/invitation/" not in sqlite_house.client.get("/people", headers=headers(sqlite_house, "head")).text
    again = invite(sqlite_house, "administrator", "head")
    assert again.status_code == 409
    assert "this login is taken" in again.text
    assert invite(sqlite_house, "curator", "administrator").status_code == 403
    assert sqlite_house.client.get("/people", headers=headers(sqlite_house, "council_member")).status_code == 403


def test_sessions_end_rights_go_and_an_account_is_stopped(sqlite_house: House) -> None:
    invite(sqlite_house, "administrator", "psychologist")
    with sqlite_house.core.database.writing() as session:
        account = session.exec(select(Account).where(Account.login == "psychologist@school.example")).one().id
        session.add(WebSession(token_hash="1" * 64, account_id=account, expires_at=now() + timedelta(hours=1)))
        grant = session.exec(select(Grant.id).where(Grant.account_id == account)).one()
    head, base = headers(sqlite_house, "head"), f"/people/accounts/{account}"

    def act(what: str, who: dict[str, str] = head, **fields: str) -> int:
        return sqlite_house.client.post(f"{base}/{what}", data=fields, headers=who, follow_redirects=False).status_code

    assert "1 browser is signed in" in sqlite_house.client.get(base, headers=head).text
    assert act("sessions-end") == 303
    assert "0 browsers" in sqlite_house.client.get(base, headers=head).text
    assert act("stop", disabled="1") == 303
    assert "stopped" in sqlite_house.client.get(base, headers=head).text
    assert act("role-end", grant=grant) == 303
    assert act("second-factor-end") == 303
    assert act("no-such-thing") == 404
    assert act("stop", headers(sqlite_house, "head", "s12"), disabled="1") == 404


def test_the_card_of_a_person_is_for_his_own_school(sqlite_house: House) -> None:
    build_case(sqlite_house)
    with sqlite_house.core.database.reading() as session:
        person = session.exec(select(Person.id).where(Person.area_id == sqlite_house.areas["s11"])).first()
    own, foreign = headers(sqlite_house, "curator"), headers(sqlite_house, "curator", "s12")
    listed = sqlite_house.client.get("/people/list", headers=own).text
    assert f"/people/list/{person}" in listed
    assert f"/people/list/{person}" not in sqlite_house.client.get("/people/list", headers=foreign).text
    assert sqlite_house.client.get(f"/people/list/{person}", headers=foreign).status_code == 404
    said = {"ground": "purpose_reached"}
    put = sqlite_house.client.post(f"/people/list/{person}/erasure", data=said, headers=own, follow_redirects=False)
    assert put.status_code == 303
    assert "Is to be erased until" in sqlite_house.client.get(f"/people/list/{person}", headers=own).text
    with sqlite_house.core.database.reading() as session:
        erasure = session.exec(select(Erasure.id)).one()
    assert sqlite_house.client.post(f"/people/erasures/{erasure}", headers=own).status_code == 403
    done = sqlite_house.client.post(f"/people/erasures/{erasure}", headers=headers(sqlite_house, "head"))
    assert "Act of destruction" in done.text
    assert f"/people/list/{person}" not in sqlite_house.client.get("/people/list", headers=own).text


def test_the_year_tells_names_to_those_who_run_rounds_only(sqlite_house: House) -> None:
    case = build_case(sqlite_house, "dalnerechensk")
    case.edit(state="draft")
    with sqlite_house.core.database.writing() as session:
        session.get_one(Round, case.round_id).policy_toml = read_policy_text("dalnerechensk")[0]
    shown = sqlite_house.client.get("/year", headers=headers(sqlite_house, "curator")).text
    assert f"/rounds/{case.round_id}/preparation#gate-regulation" in shown
    assert "Plan for" in shown
    watching = sqlite_house.client.get("/year", headers=headers(sqlite_house, "municipal_authority", "m1"))
    assert watching.status_code == 200
    assert "Requests still open" not in watching.text or "Without a mentor" not in watching.text
    assert sqlite_house.client.get("/year", headers=headers(sqlite_house, "mentor")).status_code == 403
    foreign = headers(sqlite_house, "curator", "s21")
    assert sqlite_house.client.get(f"/year?area={sqlite_house.areas['s11']}", headers=foreign).status_code == 404


def test_a_date_is_marked_as_kept(sqlite_house: House) -> None:
    build_case(sqlite_house, "dalnerechensk")
    curator = headers(sqlite_house, "curator")
    said = {"area": sqlite_house.areas["s11"], "deadline": "school_monitoring", "day": f"{now():%Y-%m-%d}"}
    assert (
        sqlite_house.client.post("/year/marks", data=said, headers=curator, follow_redirects=False).status_code == 303
    )
    late = {**said, "day": "2100-01-01"}
    assert "this day has not come yet" in sqlite_house.client.post("/year/marks", data=late, headers=curator).text
    with sqlite_house.core.database.reading() as session:
        (one,) = session.exec(select(Record).where(col(Record.kind) == "deadline_mark"))
        assert one.figures["deadline"] == "school_monitoring"


def test_the_guide_is_for_everybody(sqlite_house: House) -> None:
    assert sqlite_house.client.get("/help?lang=en").status_code == 200


def test_the_other_language_shows_the_same_view(sqlite_house: House) -> None:
    who = headers(sqlite_house, "head")
    page = sqlite_house.client.get("/people?who=a%26b&page=2", headers=who).text
    link = re.search(r'href="(/language/ru\?back=[^"]+)"', page)
    assert link is not None
    answer = sqlite_house.client.get(link.group(1), headers=who, follow_redirects=False)
    assert answer.headers["location"] == "/people?who=a%26b&page=2"
