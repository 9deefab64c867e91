"""What people say of themselves: wishes, absences, hours; and the timetables of their schools."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlmodel import select

from service.rounds.inputs import build_inputs, present_roster
from service.tables.privacy import AuditEntry
from service.tables.rounds import RosterFile, Round
from tests.service.conftest import House
from tests.service.rounds.conftest import Case, build_case, small_roster
from tests.service.rounds.test_life import english


def present(case: Case) -> Any:
    core = case.house.core
    with core.database.reading() as session:
        return present_roster(session, core.vault, session.get_one(Round, case.round_id))


def test_a_wish_is_seen_by_its_author_and_the_curator_only(house: House) -> None:
    case = build_case(house)
    pair, client = case.pairs()[0], house.client
    mentor = english(house, "mentor", person_id=pair.mentor_id)
    mentee = english(house, "mentee", person_id=pair.mentee_id)
    url = f"{case.url}/wishes"
    assert client.put(url, json={"to": pair.mentee_id, "veto": True}, headers=mentor).status_code == 200
    assert client.put(url, json={"to": pair.mentee_id, "score": 11}, headers=mentor).status_code == 422
    assert client.put(url, json={"to": pair.mentee_id}, headers=mentor).status_code == 422
    assert (
        client.put(url, json={"to": pair.mentee_id, "score": 5, "author": pair.mentor_id}, headers=mentee).status_code
        == 404
    )
    assert client.get(url, headers=mentee).json()["items"] == []
    assert len(client.get(url, headers=mentor).json()["items"]) == 1
    assert len(client.get(url, headers=english(house, "curator")).json()["items"]) == 1
    assert client.get(url, headers=english(house, "head")).status_code == 403
    assert [wish.veto for wish in present(case).wishes if wish.veto] == [True]
    assert any(
        choice["person"] == pair.mentor_id
        for choice in client.get(f"{case.url}/choices", headers=mentee).json()["items"]
    )


def test_a_wish_is_taken_back_by_its_author(house: House) -> None:
    case = build_case(house)
    pair, client = case.pairs()[0], house.client
    mentor = english(house, "mentor", person_id=pair.mentor_id)
    mentee = english(house, "mentee", person_id=pair.mentee_id)
    url = f"{case.url}/wishes"
    wish = client.put(url, json={"to": pair.mentee_id, "veto": True}, headers=mentor).json()["id"]
    assert client.delete(f"{url}/{wish}", headers=mentee).status_code == 404
    assert client.delete(f"{url}/{wish}", headers=mentor).status_code == 204
    assert client.delete(f"{url}/{wish}", headers=mentor).status_code == 404
    assert client.get(url, headers=mentor).json()["items"] == []
    assert [one.veto for one in present(case).wishes if one.veto] == []
    with house.core.database.reading() as session:
        assert session.exec(select(AuditEntry).where(AuditEntry.action == "wish.remove")).one()


def test_absences_and_hours_reach_the_solver_without_a_reason(house: House) -> None:
    case = build_case(house)
    pair, client = case.pairs()[0], house.client
    mentor = english(house, "mentor", person_id=pair.mentor_id)
    days = {"first_day": "2026-12-01", "last_day": "2026-12-04"}
    made = client.post("/api/v1/absences", json=days, headers=mentor)
    assert made.status_code == 201
    assert client.post("/api/v1/absences", json={**days, "reason": "больничный"}, headers=mentor).status_code == 422
    assert client.post("/api/v1/absences", json={**days, "person": pair.mentee_id}, headers=mentor).status_code == 404
    hours = [{"weekday": 2, "from_minute": 840, "to_minute": 900, "state": "preferred"}]
    assert client.put("/api/v1/availability", json={"hours": hours}, headers=mentor).status_code == 200
    roster = present(case)
    assert [str(one.start_day) for one in roster.absences] == ["2026-12-01"]
    assert [(one.weekday, str(one.state)) for one in roster.availability if one.weekday == 2][:1] == [(2, "preferred")]
    stranger = english(house, "curator", area="s12")
    assert client.delete(f"/api/v1/absences/{made.json()['id']}", headers=stranger).status_code == 404
    assert client.delete(f"/api/v1/absences/{made.json()['id']}", headers=mentor).status_code == 204
    assert present(case).absences == ()


def test_a_timetable_is_taken_with_its_map_and_no_path_leads_out(house: House, tmp_path: Path) -> None:
    case = build_case(house)
    curator, client = english(house, "curator"), house.client
    with house.core.database.reading() as session:
        roster = session.exec(select(RosterFile.id)).one()
    people = small_roster()
    teacher = people.people[0]
    map_toml = (
        f'organisation = "{teacher.organisation}"\nfile = "../../etc/passwd"\n'
        '[days]\n"Monday" = { week = "", weekday = 1 }\n[hours]\n"1" = { from = "08:00", to = "08:45", shift = 1 }\n'
        f'[names]\n"Teacher" = "{teacher.id}"\n'
    )
    heading = "teacher,day_index,day_name,slot_index,slot_name,kind,activity_id,room,building"
    rows = f"{heading}\nTeacher,0,Monday,0,1,lesson,a1,,\n"

    def send(map_text: str, table: str = rows) -> Any:
        files = {"file": ("busy.csv", table.encode()), "map": ("MAP.toml", map_text.encode())}
        return client.post("/api/v1/timetables", data={"roster": roster}, files=files, headers=curator)

    taken = send(map_toml)
    assert taken.status_code == 201, taken.text
    told = [one["message"] for one in taken.json()["remarks"]]
    assert told[0] == "The map names no calendar: “quarters” is taken."
    ours = {one.id for one in people.people if one.organisation == teacher.organisation} - {teacher.id}
    members = [one.person for one in (*people.mentors, *people.mentees) if one.person in ours]
    assert [one.startswith(f"the weeks of {len(members)} mentors") for one in told[1:]] == [True], told
    shown = client.get(taken.headers["location"], headers=curator).json()
    assert 'file = "rows.csv"' in shown["map_toml"]
    assert "passwd" not in shown["map_toml"]
    wrong = send(map_toml.replace("weekday = 1", "weekday = 9") + 'calendar = "/etc/passwd"\n')
    assert wrong.status_code == 422
    assert all("/tmp" not in fault["place"] for fault in wrong.json()["faults"])
    version = {"If-Match": f'"{case.row().version}"'}
    used = client.patch(case.url, json={"timetables": [shown["id"]]}, headers={**curator, **version})
    assert used.status_code == 200, used.text
    with house.core.database.reading() as session:
        inputs = build_inputs(session, house.core.vault, session.get_one(Round, case.round_id))
    assert inputs.maps[0][1:] == (shown["map_toml"], rows)
    assert client.delete(taken.headers["location"], headers=curator).status_code == 409
