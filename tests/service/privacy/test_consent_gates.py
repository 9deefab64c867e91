"""What is done with data asks for the consents first: a link, a calendar, files, merged registers, publication."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest

from matcher.roster import Organisation, PersonKind, Roster
from matcher.roster import Person as RosterPerson
from service.rounds.exported import named_in_files
from service.rounds.rosters import ids_of, keep_roster
from service.tables.areas import Area
from service.tables.columns import now
from service.tables.privacy import Consent
from service.tables.rounds import PlanFileRow, RosterFile, Round
from tests.service.conftest import House
from tests.service.records.test_programmes import made
from tests.service.records.town import TODAY, build_town
from tests.service.rounds.conftest import build_case

BORN = date(1955, 1, 1)
RU = {"Accept-Language": "ru"}


def today() -> date:
    return (now() + timedelta(hours=3)).date()


def say(house: House, person_id: str, purpose: str = "personal_data", **more: Any) -> None:
    """Write down what somebody says of a purpose."""
    values: dict[str, Any] = {"given_day": today(), "recorded_by": "test"} | more
    with house.core.database.writing() as session:
        session.add(Consent(person_id=person_id, area_id=house.areas["s11"], purpose=purpose, **values))


SPOILT = {
    "refused": ({"refused": True}, "отказ"),
    "withdrawn": ({"withdrawn_at": now()}, "отозва"),
    "expired": ({"given_day": date(2020, 1, 1), "expires_day": date(2021, 1, 1)}, "срок"),
}


def lacking(answer: Any) -> dict[str, str]:
    """Return who lacks what, of an answer that refuses for want of consents."""
    assert answer.status_code == 409, answer.text
    body = answer.json()
    assert body["type"] == "/problems/consent-missing"
    assert all(fault["cure"] for fault in body["faults"])
    return {fault["place"]: fault["message"] for fault in body["faults"]}


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize(("path", "body"), [("links", {"role": "mentor"}), ("calendars", {})])
def test_a_link_and_a_calendar_need_no_consent_but_no_refusal(
    sqlite_house: House, path: str, body: dict[str, str], how: str
) -> None:
    town = build_town(sqlite_house, "kalmykia")
    asked = {**body, "person": town.people["mentor"]}
    curator = town.curator("s11") | RU
    assert sqlite_house.client.post(f"/api/v1/{path}", json=asked, headers=curator).status_code == 201
    columns, word = SPOILT[how]
    say(sqlite_house, town.people["mentor"], **columns)
    found = lacking(sqlite_house.client.post(f"/api/v1/{path}", json=asked, headers=curator))
    assert list(found) == ["mentor"]
    assert word in found["mentor"]


def test_a_calendar_is_sent_no_more_once_the_consent_is_withdrawn(house: House) -> None:
    town = build_town(house, "kalmykia")
    person = town.people["mentor"]
    made = house.client.post("/api/v1/calendars", json={"person": person}, headers=town.curator("s11")).json()
    assert house.client.get(made["path"]).status_code == 200
    say(house, person, withdrawn_at=now())
    assert list(lacking(house.client.get(made["path"]))) == ["mentor"]


def test_files_of_a_plan_name_nobody_who_has_withdrawn_since(sqlite_house: House) -> None:
    """Who had withdrawn before the plan was made is not in it: only a newer word stops its files."""
    case = build_case(sqlite_house)
    curator = sqlite_house.headers("curator", "s11") | RU
    with sqlite_house.core.database.reading() as session:
        round_ = session.get_one(Round, case.round_id)
        plan = session.get_one(PlanFileRow, round_.plan_id)
        ids = ids_of(session, sqlite_house.core.vault, session.get_one(RosterFile, round_.roster_id))
        paired = {one for pair in case.pairs() for one in (pair.mentor_id, pair.mentee_id)}
        alone = next(id_ for id_ in ids.values() if id_ not in paired)
        named = next(iter(paired))
        before = plan.created_at - timedelta(days=1)
        assert named_in_files(session, sqlite_house.core.vault, round_, plan)
    say(sqlite_house, alone, given_day=date(2026, 1, 1), recorded_at=before, withdrawn_at=before)
    say(sqlite_house, named, given_day=date(2026, 1, 1), withdrawn_at=now())
    for file in ("plan.xlsx", "order.docx", "report.html", "calendars.zip"):
        found = lacking(sqlite_house.client.get(f"{case.url}/exports/{file}", headers=curator))
        assert list(found) == [code for code, id_ in ids.items() if id_ == named]


def test_a_merged_register_names_only_who_consented(house: House) -> None:
    town = build_town(house, "kalmykia")
    say(house, town.people["mentor"])
    path = f"registers/mentors?area={house.areas['m1']}"
    found = town.call("GET", path, town.operator()).json()
    assert {one["code"]: one["name"] for one in found["items"]} == {
        "mentor": "Иванова Анна Петровна",
        "other_mentor": "",
    }
    assert [one["place"] for one in found["withheld"]] == ["other_mentor"]
    own = town.call("GET", f"registers/mentors?area={house.areas['s12']}", town.operator()).json()
    assert [one["name"] for one in own["items"]] == ["Орлова Ольга Юрьевна"]
    assert own["withheld"] == []


def test_a_merged_register_is_handed_out_with_every_consent_or_by_codes(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "kalmykia")
    say(sqlite_house, town.people["mentor"])
    path = f"registers/mentors/xlsx?area={sqlite_house.areas['m1']}"
    assert list(lacking(town.call("GET", path, town.operator()))) == ["other_mentor"]
    answer = town.call("GET", f"{path}&codes=true", town.operator())
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = {row[0]: row[1] or "" for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert rows == {"mentor": "Иванова Анна Петровна", "other_mentor": ""}
    say(sqlite_house, town.people["other_mentor"])
    assert town.call("GET", path, town.operator()).status_code == 200


def test_results_are_published_by_name_with_consents_of_both(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "kalmykia")
    fields = {"block": "best_cases", "title": "Год", "naming": "names", "words": "Всё получилось"}
    over = {"end_reason": "mutual", "end_day": (TODAY - timedelta(days=1)).isoformat()}
    town.stepped("programmes", made(town, {}), "closed", town.curator(), over)
    record = town.make("publications", town.operator(), fields, pair=town.pairs["pair"])
    given = {"day": today().isoformat(), "link": "https://example.org/"}
    refused = town.step("publications", record, "published", town.operator(), given)
    assert {one["place"] for one in refused.json()["faults"]} == {"pair.mentor", "pair.mentee"}
    say(sqlite_house, town.people["mentor"], "dissemination")
    say(sqlite_house, town.people["mentee"], "dissemination", refused=True)
    refused = town.step("publications", record, "published", town.operator(), given)
    (fault,) = refused.json()["faults"]
    assert fault["place"] == "pair.mentee"
    assert "refused" in fault["message"]
    say(sqlite_house, town.people["mentee"], "dissemination", given_day=today(), recorded_at=now())
    town.stepped("publications", record, "published", town.operator(), given)


def test_the_agreement_is_asked_of_those_who_are_no_employees(sqlite_house: House) -> None:
    core = sqlite_house.core
    roster = Roster(
        organisations=(Organisation(id="S11"),),
        people=(
            RosterPerson(
                id="old", name="Х", organisation="S11", person_kind=PersonKind.RETIRED, birth_date=date(1950, 1, 1)
            ),
            RosterPerson(id="staff", name="У", organisation="S11", birth_date=date(1980, 1, 1)),
        ),
    )
    with core.database.writing() as session:
        place = session.get_one(Area, sqlite_house.areas["s11"])
        row = keep_roster(session, core.vault, place, roster, name="r", remarks=[], by="test")
        session.add(row)
        session.flush()
        ids = ids_of(session, core.vault, row)
    curator = sqlite_house.headers("curator", "s11")
    asked = {
        code: {
            one["id"]: one
            for one in sqlite_house.client.get(f"/api/v1/consent-purposes?person={id_}", headers=curator).json()
        }
        for code, id_ in ids.items()
    }
    assert "agreement" not in asked["staff"]
    assert asked["old"]["agreement"]["in_place_of"] == "duties"
    assert "не являясь её работником" in asked["old"]["agreement"]["wording"]
    signed = {"purpose": "agreement", "given_day": str(today())}
    for code, status in (("old", 201), ("staff", 422)):
        answer = sqlite_house.client.post("/api/v1/consents", json={**signed, "person": ids[code]}, headers=curator)
        assert answer.status_code == status
