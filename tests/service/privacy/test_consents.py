"""Consents over HTTP: given on paper or through a personal link, refused without a reason, withdrawn with effects."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlmodel import col, select

from matcher.roster import Mentee, MenteeCategory, Mentor, MentorStatus, Organisation, Roster, Wish
from matcher.roster import Person as RosterPerson
from service.privacy.lawful import lawful_roster
from service.rounds.working_days import working_day_after
from service.tables.access import Role
from service.tables.columns import now
from service.tables.privacy import AuditEntry, Erasure
from tests.service.conftest import House
from tests.service.privacy.people import add_person

CHILD = date(2014, 5, 5)
ADULT = date(1980, 5, 5)


def today() -> date:
    return (now() + timedelta(hours=3)).date()


def body(person: str, purpose: str = "personal_data", **changes: Any) -> dict[str, Any]:
    return {"person": person, "purpose": purpose, "given_day": str(today()), **changes}


def faults(answer: Any) -> set[str]:
    return {fault["place"] for fault in answer.json()["faults"]}


def test_a_curator_records_papers_and_sees_them(house: House) -> None:
    person = add_person(house, born=ADULT)
    curator = house.headers(Role.CURATOR, "s11")
    answer = house.client.post("/api/v1/consents", json=body(person, scan_reference="3/12"), headers=curator)
    assert answer.status_code == 201
    consent = answer.json()["consent"]
    assert answer.json()["tasks"] == []
    assert consent["state"] == "valid"
    assert house.client.get(answer.headers["location"], headers=curator).json() == consent
    listed = house.client.get(f"/api/v1/consents?person={person}&limit=1", headers=curator).json()
    assert listed == {"items": [consent], "next": None}
    for role, area in ((Role.CURATOR, "s12"), (Role.HEAD, "s21")):
        stranger = house.headers(role, area)
        assert house.client.get(answer.headers["location"], headers=stranger).status_code == 404
        assert house.client.post("/api/v1/consents", json=body(person), headers=stranger).status_code == 404
        assert house.client.get("/api/v1/consents", headers=stranger).json()["items"] == []


def test_a_participant_speaks_for_himself_only(sqlite_house: House) -> None:
    client = sqlite_house.client
    own, other = add_person(sqlite_house, born=ADULT), add_person(sqlite_house, code="P-2", born=ADULT)
    headers = sqlite_house.headers(Role.MENTEE, "s11", person_id=own)
    asked = {one["id"]: one for one in client.get(f"/api/v1/consent-purposes?person={own}", headers=headers).json()}
    assert set(asked) == {"duties", "personal_data", "dissemination", "health"}
    assert "Area s11" in asked["duties"]["wording"]
    signed = body(own, "duties", paper=False, text_digest=asked["duties"]["text_digest"])
    assert client.post("/api/v1/consents", json=signed, headers=headers).status_code == 201
    assert client.post("/api/v1/consents", json=body(other, paper=False), headers=headers).status_code == 404
    assert faults(client.post("/api/v1/consents", json=body(own), headers=headers)) == {"paper"}
    stale = body(own, "duties", paper=False, text_digest="0" * 64)
    assert faults(client.post("/api/v1/consents", json=stale, headers=headers)) == {"text_digest"}
    assert faults(client.post("/api/v1/consents", json=body(own, "health", paper=False), headers=headers)) == {
        "paper",
        "text_digest",
    }
    yesterday = {**signed, "given_day": str(today() - timedelta(days=1))}
    assert faults(client.post("/api/v1/consents", json=yesterday, headers=headers)) == {"given_day"}
    refusal = body(own, "dissemination", paper=False, refused=True)
    answer = client.post("/api/v1/consents", json=refusal, headers=headers)
    assert answer.json()["consent"]["state"] == "refused"
    assert client.post("/api/v1/consents", json={**refusal, "reason": "x"}, headers=headers).status_code == 422
    assert len(client.get("/api/v1/consents", headers=headers).json()["items"]) == 2


def test_all_faults_at_once(sqlite_house: House) -> None:
    person = add_person(sqlite_house, born=ADULT)
    wrong = body(person, "agreement", given_day="2999-01-01", expires_day="2998-01-01")
    answer = sqlite_house.client.post("/api/v1/consents", json=wrong, headers=sqlite_house.headers(Role.CURATOR))
    assert faults(answer) == {"given_day", "expires_day", "purpose"}


def test_children_are_represented(sqlite_house: House) -> None:
    child = add_person(sqlite_house, born=CHILD)
    curator = sqlite_house.headers(Role.CURATOR)
    assert faults(sqlite_house.client.post("/api/v1/consents", json=body(child), headers=curator)) == {"given_by"}
    for purpose in ("personal_data", "agreement"):
        signed = body(child, purpose, given_by="legal_representative")
        assert sqlite_house.client.post("/api/v1/consents", json=signed, headers=curator).status_code == 201
    parent = sqlite_house.headers(Role.LEGAL_REPRESENTATIVE, "s11", person_id=child)
    address = f"/api/v1/consent-purposes?person={child}"
    asked = {one["id"]: one for one in sqlite_house.client.get(address, headers=parent).json()}
    signed = body(child, "duties", paper=False, text_digest=asked["duties"]["text_digest"])
    answer = sqlite_house.client.post("/api/v1/consents", json=signed, headers=parent)
    assert answer.json()["consent"]["given_by"] == "legal_representative"
    pupil = sqlite_house.headers(Role.MENTEE, "s11", person_id=child)
    assert faults(sqlite_house.client.post("/api/v1/consents", json=signed, headers=pupil)) == {"given_by"}
    refusal = body(child, "duties", paper=False, refused=True)
    assert sqlite_house.client.post("/api/v1/consents", json=refusal, headers=pupil).status_code == 201


def test_a_withdrawal_gives_tasks_and_begins_the_time_of_erasure(house: House) -> None:
    person = add_person(house, born=ADULT)
    curator = house.headers(Role.CURATOR)
    place = house.client.post("/api/v1/consents", json=body(person), headers=curator).headers["location"]
    answer = house.client.post(f"{place}/withdrawal", headers=curator)
    assert answer.status_code == 200
    assert answer.json()["consent"]["state"] == "withdrawn"
    (task,) = answer.json()["tasks"]
    assert (task["kind"], task["due_day"]) == ("stop_processing", str(working_day_after(today(), 3)))
    assert house.client.post(f"{place}/withdrawal", headers=curator).status_code == 409
    with house.core.database.reading() as session:
        erasure = session.exec(select(Erasure)).one()
        assert erasure.due_day == today() + timedelta(days=30)
        assert erasure.stop_day == working_day_after(today(), 3)
        actions = session.exec(select(AuditEntry.action).order_by(col(AuditEntry.seq))).all()
        assert actions == ["consent.give", "consent.withdraw", "erasure.ask"]
    assert house.client.get("/api/v1/privacy-tasks", headers=curator).json()["items"] == [task]
    done = house.client.post(f"/api/v1/privacy-tasks/{task['id']}/done", headers=curator)
    assert done.json()["done_at"] is not None
    assert house.client.get("/api/v1/privacy-tasks", headers=curator).json()["items"] == []
    assert house.client.post(f"/api/v1/privacy-tasks/{task['id']}/done", headers=curator).status_code == 409
    stranger = house.headers(Role.CURATOR, "s12")
    assert house.client.post(f"/api/v1/privacy-tasks/{task['id']}/done", headers=stranger).status_code == 404


def test_the_next_solve_goes_without_those_who_withdrew(house: House) -> None:
    ids = {code: add_person(house, code=code, born=ADULT) for code in ("M-1", "M-2", "N-1", "N-2", "N-3")}
    curator = house.headers(Role.CURATOR)

    def sign(code: str, purpose: str, **changes: Any) -> str:
        answer = house.client.post("/api/v1/consents", json=body(ids[code], purpose, **changes), headers=curator)
        assert answer.status_code == 201
        location: str = answer.headers["location"]
        return location

    roster = Roster(
        organisations=(Organisation(id="S11"),),
        people=tuple(RosterPerson(id=code, name=f"Name {code}", organisation="S11") for code in ids),
        mentors=(Mentor(person="M-1"), Mentor(person="M-2")),
        mentees=(
            Mentee(person="N-1", categories=(MenteeCategory.PUPIL_OVZ, MenteeCategory.DEFICIT)),
            Mentee(person="N-2", categories=(MenteeCategory.PUPIL_OVZ,), primary_category=MenteeCategory.PUPIL_OVZ),
            Mentee(person="N-3"),
        ),
        wishes=(Wish(from_person="M-2", to_person="N-1", score=5),),
    )

    def lawful(*, strict: bool = False) -> Roster:
        with house.core.database.reading() as session:
            return lawful_roster(session, roster, ids, round_id="r", today=today(), strict=strict)

    sign("N-2", "health")
    assert [one.categories for one in lawful().mentees] == [
        (MenteeCategory.DEFICIT,),
        (MenteeCategory.PUPIL_OVZ,),
        (),
    ]
    assert [one.status for one in lawful().mentors] == [MentorStatus.AVAILABLE, MentorStatus.AVAILABLE]
    place = sign("M-2", "personal_data")
    house.client.post(f"{place}/withdrawal", headers=curator)
    sign("N-3", "duties", refused=True)
    after = lawful()
    assert [one.status for one in after.mentors] == [MentorStatus.AVAILABLE, MentorStatus.LEFT]
    assert [one.person for one in after.mentees] == ["N-1", "N-2"]
    assert [one.name for one in after.people] == ["Name M-1", "", "Name N-1", "Name N-2", ""]
    assert after.wishes == ()
    for code in ("M-1", "N-1"):
        for purpose in ("personal_data", "duties"):
            sign(code, purpose)
    strict = lawful(strict=True)
    assert [one.status for one in strict.mentors] == [MentorStatus.AVAILABLE, MentorStatus.LEFT]
    assert [one.person for one in strict.mentees] == ["N-1"]
