"""Runs over HTTP: asked for once, followed, stopped, limited, and what they leave."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from httpx import Response
from sqlmodel import select

from service.jobs.port import Outcome, RunStatus
from service.tables.access import Role
from service.tables.areas import Person
from service.tables.rounds import Meeting, MeetingPerson, Run
from tests.service.conftest import House
from tests.service.jobs.conftest import ended, working
from tests.service.jobs.made import house_round, new_run

QUICK = {"what": "plan", "time_limit": 1, "seed": 1}


def ask(house: House, round_id: str, headers: dict[str, str], asked: dict[str, Any] | None = None) -> Response:
    answer: Response = house.client.post(f"/api/v1/rounds/{round_id}/runs", json=asked or QUICK, headers=headers)
    return answer


def events_of(answer: Response) -> list[dict[str, str]]:
    """Return the events of a stream."""
    found = []
    for block in answer.text.split("\n\n"):
        lines = [line.partition(": ") for line in block.splitlines()]
        event = {name: value for name, _, value in lines}
        if "data" in event:
            found.append(event)
    return found


def test_the_way_of_a_run(busy_house: House) -> None:
    round_id = house_round(busy_house)
    curator = busy_house.headers(Role.CURATOR)
    asked = ask(busy_house, round_id, curator)
    assert asked.status_code == 202, asked.text
    address = asked.headers["location"]
    assert asked.json()["status"] == "queued"
    with working(busy_house.core):
        stream = busy_house.client.get(f"{address}/events", headers=curator)
    told = events_of(stream)
    assert [event["event"] for event in told][-1] == "end"
    numbers = [int(event["id"]) for event in told]
    assert numbers == sorted(set(numbers))
    last = json.loads(told[-1]["data"])
    shown = busy_house.client.get(address, headers=curator).json()
    assert last == shown
    assert (shown["status"], shown["outcome"]) == ("succeeded", "planned")
    again = busy_house.client.get(f"{address}/events", headers={**curator, "Last-Event-ID": told[0]["id"]})
    assert all(int(event["id"]) > numbers[0] for event in events_of(again))
    plan = busy_house.client.get(f"{address}/plan", headers=curator)
    assert len(plan.json()["pairs"]) == shown["summary"]["pairs"]
    listed = busy_house.client.get(f"/api/v1/rounds/{round_id}/runs", headers=curator).json()
    assert [run["id"] for run in listed["items"]] == [shown["id"]]
    files_and_reasons(busy_house, round_id, address, curator)


def files_and_reasons(house: House, round_id: str, address: str, curator: dict[str, str]) -> None:
    exports = {
        name: house.client.get(f"/api/v1/rounds/{round_id}/exports/{name}", headers=curator)
        for name in ("plan.xlsx", "order.docx", "report.html", "calendars.zip")
    }
    assert {name: answer.status_code for name, answer in exports.items()} == dict.fromkeys(exports, 200)
    assert exports["plan.xlsx"].content[:2] == exports["order.docx"].content[:2] == b"PK"
    assert b"<html" in exports["report.html"].content
    with zipfile.ZipFile(io.BytesIO(exports["calendars.zip"].content)) as archive:
        assert all(name.endswith(".ics") for name in archive.namelist())
        assert archive.namelist()
    with house.core.database.reading() as session:
        people = {person.code: person.id for person in session.exec(select(Person))}
    plan = house.client.get(f"{address}/plan", headers=curator).json()
    pair = plan["pairs"][0]
    why = house.client.get(f"{address}/explanations/{people[pair['mentee']]}", headers=curator)
    assert why.status_code == 200, why.text
    assert people[pair["mentor"]] in [one["mentor"] for one in why.json()["pairs"]]
    assert why.json()["pairs"][0]["lines"]
    missing = house.client.get(f"{address}/explanations/{'0' * 32}", headers=curator)
    assert missing.status_code == 404


def test_the_same_key_asks_once(busy_house: House) -> None:
    round_id = house_round(busy_house)
    curator = {**busy_house.headers(Role.CURATOR), "Idempotency-Key": "key-1"}
    first, second = ask(busy_house, round_id, curator), ask(busy_house, round_id, curator)
    assert (first.status_code, first.json(), first.headers["location"]) == (
        second.status_code,
        second.json(),
        second.headers["location"],
    )
    other = ask(busy_house, round_id, curator, {**QUICK, "seed": 2})
    assert other.status_code == 422
    with busy_house.core.database.reading() as session:
        assert len(session.exec(select(Run)).all()) == 1


def test_others_see_nothing_of_a_run(busy_sqlite_house: House) -> None:
    house = busy_sqlite_house
    round_id = house_round(house)
    run_id = new_run(house.core, round_id, queue=False)
    stranger = house.headers(Role.CURATOR, "s12")
    for path in ("", "/events", "/plan", "/explanations/x"):
        assert house.client.get(f"/api/v1/runs/{run_id}{path}", headers=stranger).status_code == 404
    assert house.client.delete(f"/api/v1/runs/{run_id}", headers=stranger).status_code == 404
    assert ask(house, round_id, stranger).status_code == 404
    assert house.client.get(f"/api/v1/rounds/{round_id}/exports/plan.xlsx", headers=stranger).status_code == 404
    assert ask(house, round_id, house.headers(Role.HEAD)).status_code == 403
    assert house.client.get(f"/api/v1/runs/{run_id}", headers=house.headers(Role.HEAD)).status_code == 200


def test_a_waiting_run_that_is_stopped_never_starts(busy_sqlite_house: House) -> None:
    house = busy_sqlite_house
    curator = house.headers(Role.CURATOR)
    address = ask(house, house_round(house), curator).headers["location"]
    stopped = house.client.delete(address, headers=curator)
    assert (stopped.status_code, stopped.json()["status"]) == (202, "cancelled")
    run_id = stopped.json()["id"]
    assert house.core.jobs.result(run_id, 1).status == RunStatus.CANCELLED
    assert house.client.delete(address, headers=curator).json()["status"] == "cancelled"


def test_an_area_may_have_so_many_runs_waiting(busy_sqlite_house: House) -> None:
    house = busy_sqlite_house
    round_id, other = house_round(house), house_round(house, "s12")
    curator = house.headers(Role.CURATOR)
    settings = house.core.settings
    most = settings.runs_per_area + settings.queued_per_area
    answers = [ask(house, round_id, curator).status_code for _ in range(most + 3)]
    assert answers == [202] * most + [429] * 3
    assert ask(house, other, house.headers(Role.CURATOR, "s12")).status_code == 202


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ({"what": "repair"}, "changes"),
        ({"what": "pair", "changes": {"today": "2026-11-09"}}, "changes"),
        ({"what": "pair", "time_limit": 3000}, "time_limit"),
        ({"what": "guess"}, "body.what"),
        ({"what": "pair", "name": "x"}, "body.name"),
    ],
)
def test_wrong_requests_are_told(busy_sqlite_house: House, asked: dict[str, Any], place: str) -> None:
    house = busy_sqlite_house
    answer = ask(house, house_round(house), house.headers(Role.CURATOR), asked)
    assert answer.status_code == 422
    assert place in [fault["place"] for fault in answer.json()["faults"]]


def test_exports_are_limited(busy_sqlite_house: House) -> None:
    house = busy_sqlite_house
    settings = house.core.settings.model_copy(update={"exports_per_hour": 3})
    house.core = house.client.app.state.core = replace(house.core, settings=settings)  # type: ignore[attr-defined]
    round_id = house_round(house)
    with working(house.core):
        ended(house.core, new_run(house.core, round_id, what="pair"))
    curator = house.headers(Role.CURATOR)
    no_meetings = house.client.get(f"/api/v1/rounds/{round_id}/exports/report.html", headers=curator)
    assert no_meetings.status_code == 422
    path = f"/api/v1/rounds/{round_id}/exports/calendars.zip"
    answers = [house.client.get(path, headers=curator).status_code for _ in range(3)]
    assert answers == [422, 422, 429]


def test_wrong_input_is_told_as_faults(busy_sqlite_house: House) -> None:
    house = busy_sqlite_house
    core = house.core
    round_id = house_round(house)
    with working(core):
        ended(core, new_run(core, round_id, what="pair"))
        run = ended(core, new_run(core, round_id, what="repair", changes={"today": "2026-11-09"}))
    assert (run.status, run.outcome) == (RunStatus.FAILED, Outcome.WRONG_INPUT)
    shown = house.client.get(f"/api/v1/runs/{run.id}", headers=house.headers(Role.CURATOR)).json()
    assert [fault["place"] for fault in shown["faults"]] == ["plan"]


def test_the_limit_holds_for_many_who_ask_at_once(busy_house: House) -> None:
    house = busy_house
    settings = house.core.settings.model_copy(update={"runs_per_area": 2, "queued_per_area": 5})
    house.core = house.client.app.state.core = replace(house.core, settings=settings)  # type: ignore[attr-defined]
    round_id = house_round(house)
    curator = house.headers(Role.CURATOR)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask(house, round_id, curator).status_code, range(60)))
    assert Counter(answers) == {202: 7, 429: 53}


def test_the_same_key_asked_at_once_asks_once(busy_house: House) -> None:
    round_id = house_round(busy_house)
    curator = {**busy_house.headers(Role.CURATOR), "Idempotency-Key": "key-1"}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask(busy_house, round_id, curator), range(16)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_files_have_the_meetings_where_they_are_now(busy_sqlite_house: House) -> None:
    house = busy_sqlite_house
    round_id = house_round(house)
    with working(house.core):
        assert ended(house.core, new_run(house.core, round_id, what="plan")).outcome == Outcome.PLANNED
    with house.core.database.writing() as session:
        for meeting in session.exec(select(Meeting)):
            meeting.day, meeting.start_minute, meeting.end_minute = date(2027, 3, 31), 1_000, 1_045
    answer = house.client.get(
        f"/api/v1/rounds/{round_id}/exports/calendars.zip", headers=house.headers(Role.COUNCIL_MEMBER)
    )
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        calendars = [archive.read(name).decode() for name in archive.namelist()]
    assert calendars
    starts = {line for calendar in calendars for line in calendar.splitlines() if line.startswith("DTSTART;TZID")}
    assert {line.partition(":")[2] for line in starts if "1970" not in line} == {"20270331T164000"}
    with house.core.database.writing() as session:
        for meeting in session.exec(select(Meeting)):
            meeting.state = "published"
        person = session.exec(select(MeetingPerson.person_id)).first()
    assert person is not None
    asked = {"person": person}
    made = house.client.post("/api/v1/calendars", json=asked, headers=house.headers(Role.CURATOR)).json()
    subscribed = house.client.get(made["path"]).text
    uids = {line for line in subscribed.splitlines() if line.startswith("UID:")}
    assert uids
    assert uids <= {line for calendar in calendars for line in calendar.splitlines() if line.startswith("UID:")}
