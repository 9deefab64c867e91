"""Programmes: fields each regulation demands, versions, both acknowledgements, terms."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from service.tables.rounds import Pair
from tests.service.conftest import House
from tests.service.records.town import Town, build_town

POLICIES = ("barnaul", "anuchino", "kalmykia", "dalnerechensk", "smolensk_school_23")

BASE: dict[str, Any] = {
    "directions": ["methodical", "subject_professional"],
    "activities": [{"title": "Посещение урока", "direction": "methodical", "type": "lesson_visit"}],
}
NOTE = BASE | {
    "problem": "Нет опыта",
    "goals": ["Вести уроки"],
    "tasks": ["Изучить методику"],
    "content": {"mentor": "показывает", "mentee": "пробует"},
    "interim_results": [{"result": "Первый урок"}],
    "planned_results": [{"result": "Аттестация"}],
    "schedule": [{"day": "2026-10-14", "start": "14:00", "end": "15:00", "mode": "in_person"}],
    "mode": "in_person",
    "conditions": "Кабинет",
}
BLOCKS = BASE | {
    "relevance": "Молодой педагог",
    "goals": ["Вести уроки"],
    "tasks": ["Изучить методику"],
    "content": {"mentor": "показывает"},
    "target_audience": "Педагоги до трёх лет стажа",
    "mentor_requirements": "Стаж от пяти лет",
    "work_plan": "По месяцам",
    "planned_results": [{"result": "Аттестация"}],
    "result_measures": "Анкета",
    "conditions": "Кабинет",
}
COMPLETE = {
    "barnaul": BASE,
    "anuchino": BASE,
    "kalmykia": NOTE,
    "dalnerechensk": BLOCKS,
    "smolensk_school_23": BASE,
}


def made(town: Town, fields: dict[str, Any], who: dict[str, str] | None = None) -> dict[str, Any]:
    return town.make("programmes", who or town.curator(), fields, pair=town.pairs["pair"])


def acknowledged(town: Town, record: dict[str, Any], *sides: str) -> dict[str, Any]:
    for side in sides:
        answer = town.call(
            "POST",
            f"programmes/{record['id']}/acknowledge",
            town.person(side, side) if side != "curator" else town.curator(),
            {"side": side},
            version=record["version"],
        )
        assert answer.status_code == 200, answer.text
        record = answer.json()
    return record


def changed(town: Town, record: dict[str, Any], fields: dict[str, Any], who: dict[str, str] | None = None) -> Any:
    return town.call("PATCH", f"programmes/{record['id']}", who or town.curator(), fields, version=record["version"])


@pytest.mark.parametrize("policy", POLICIES)
def test_a_programme_is_agreed_when_it_has_all_its_policy_asks_for(sqlite_house: House, policy: str) -> None:
    town = build_town(sqlite_house, policy)
    record = made(town, {})
    refused = town.step("programmes", acknowledged(town, record, "mentor", "mentee"), "agreed", town.curator())
    assert refused.status_code == 409
    lacking = {fault["place"].removeprefix("fields.") for fault in refused.json()["faults"]}
    assert lacking == set(COMPLETE[policy])
    record = changed(town, town.call("GET", f"programmes/{record['id']}", town.curator()).json(), COMPLETE[policy])
    record = acknowledged(town, record.json(), "mentor", "mentee")
    assert town.stepped("programmes", record, "agreed", town.curator())["state"] == "agreed"


def test_what_is_known_is_filled_in(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "kalmykia")
    fields = made(town, {})["fields"]
    assert fields["forms"] == ["teacher_teacher"]
    assert fields["kinds"] == ["traditional"]
    assert fields["term"] == {"first_day": "2026-10-01", "last_day": "2027-05-31"}
    assert {one["person"] for one in fields["participants"]} == {town.people["mentor"], town.people["mentee"]}


def test_every_change_is_a_version_and_is_acknowledged_anew(house: House) -> None:
    town = build_town(house, "barnaul")
    record = acknowledged(town, made(town, BASE), "mentor", "mentee")
    refused = town.step("programmes", changed(town, record, {"goals": ["Иная"]}).json(), "agreed", town.curator())
    assert {fault["place"] for fault in refused.json()["faults"]} == {"acknowledged.mentor", "acknowledged.mentee"}
    history = town.call("GET", f"programmes/{record['id']}/versions", town.curator()).json()["items"]
    assert [one["number"] for one in history] == [2, 1]
    assert {one["side"] for one in history[1]["acknowledged"]} == {"mentor", "mentee"}
    assert history[0]["acknowledged"] == []


def test_noting_what_is_done_keeps_what_was_agreed(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "barnaul")
    record = acknowledged(town, made(town, BASE), "mentor", "mentee")
    record = town.stepped("programmes", record, "agreed", town.curator())
    done = [{**BASE["activities"][0], "done_day": "2026-10-20"}]
    record = changed(town, record, {"activities": done}).json()
    assert (record["state"], record["number"], len(record["acknowledged"])) == ("agreed", 2, 2)


def test_nobody_overwrites_what_he_has_not_seen(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "barnaul")
    record = made(town, BASE)
    assert changed(town, record, {"goals": ["Одна"]}).status_code == 200
    assert changed(town, record, {"goals": ["Другая"]}).status_code == 409
    path = f"programmes/{record['id']}"
    assert town.call("PATCH", path, town.curator(), {"goals": ["Другая"]}).status_code == 428


@pytest.mark.parametrize(
    ("last_day", "status"),
    [("2026-11-30", 422), ("2026-12-31", 201), ("2027-09-30", 201), ("2027-11-30", 422)],
)
def test_a_programme_lasts_three_to_twelve_months(sqlite_house: House, last_day: str, status: int) -> None:
    town = build_town(sqlite_house, "kalmykia")
    fields = {"term": {"first_day": "2026-10-01", "last_day": last_day}}
    answer = town.call("POST", "programmes", town.curator(), {"pair": town.pairs["pair"], "fields": fields})
    assert answer.status_code == status, answer.text


def test_a_longer_term_needs_all_the_policy_names_and_a_note_beyond_the_longest(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "dalnerechensk")
    record = acknowledged(town, made(town, BLOCKS), "mentor", "mentee")
    record = town.stepped("programmes", record, "agreed", town.curator())
    longer = {"term": {"first_day": "2026-10-01", "last_day": "2027-11-30"}}
    refused = changed(town, record, longer)
    assert refused.status_code == 422
    assert refused.json()["faults"][0]["place"] == "fields.curator_note"
    record = changed(town, record, longer | {"curator_note": "По просьбе обеих сторон"}).json()
    assert "In all the programme lasts longer than 12 months." in record["remarks"]
    record = acknowledged(town, record, "mentor", "mentee")
    refused = town.step("programmes", record, "agreed", town.curator())
    assert [fault["place"] for fault in refused.json()["faults"]] == ["acknowledged.curator"]
    record = acknowledged(town, record, "curator")
    assert town.stepped("programmes", record, "agreed", town.curator())["number"] == 2


@pytest.mark.parametrize(
    ("model", "word", "activity"),
    [
        ("leader_communication", "activities_of_both_directions", ("psychological_pedagogical", "support")),
        ("subject_expert_novice", "activity_in_the_subject", ("subject_professional", "conference")),
    ],
)
def test_models_oblige_to_activities(sqlite_house: House, model: str, word: str, activity: tuple[str, str]) -> None:
    town = build_town(sqlite_house, "smolensk_school_23", model=model)
    record = acknowledged(town, made(town, BASE), "mentor", "mentee")
    refused = town.step("programmes", record, "agreed", town.curator())
    assert [fault["place"] for fault in refused.json()["faults"]] == [f"fields.{word}"]
    more = [*BASE["activities"], {"title": "Ещё", "direction": activity[0], "type": activity[1]}]
    directions = [*BASE["directions"], "psychological_pedagogical"]
    record = changed(town, record, {"activities": more, "directions": directions}).json()
    assert town.stepped("programmes", acknowledged(town, record, "mentor", "mentee"), "agreed", town.curator())


def test_a_pair_has_one_programme(house: House) -> None:
    town = build_town(house, "barnaul")
    made(town, {})
    again = town.call("POST", "programmes", town.curator(), {"pair": town.pairs["pair"], "fields": {}})
    assert again.status_code == 409
    assert again.json()["type"] == "/problems/exists"


def test_faults_name_the_place(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "barnaul")
    fields = {"directions": ["methodical"], "activities": [{"title": "x", "direction": "normative_legal"}]}
    answer = town.call("POST", "programmes", town.curator(), {"pair": town.pairs["pair"], "fields": fields})
    assert [fault["place"] for fault in answer.json()["faults"]] == ["fields.activities.0.direction"]
    answer = town.call(
        "POST", "programmes", town.curator(), {"pair": town.pairs["pair"], "fields": {"goal": "misspelt"}}
    )
    assert answer.status_code == 422


def test_a_group_writes_its_programme_once(house: House) -> None:
    town = build_town(house, "barnaul")
    record = made(town, BASE | {"goals": ["Общая"]}, town.operator())
    path = f"programmes/{record['id']}/copies"
    copied = town.call("POST", path, town.operator(), {"pairs": [town.pairs["other_pair"]]})
    assert copied.status_code == 201, copied.text
    (other,) = copied.json()["items"]
    assert (other["pair"], other["number"], other["fields"]["goals"]) == (town.pairs["other_pair"], 1, ["Общая"])
    assert {one["person"] for one in other["fields"]["participants"]} == {
        town.people["other_mentor"],
        town.people["other_mentee"],
    }
    (again,) = town.call("POST", path, town.operator(), {"pairs": [town.pairs["other_pair"]]}).json()["items"]
    assert again["number"] == 2
    school = house.headers("curator", "s11")
    assert town.call("POST", path, school, {"pairs": [town.pairs["other_pair"]]}).status_code == 404


def test_all_of_a_group_take_part_in_its_programme(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "barnaul")
    with sqlite_house.core.database.writing() as session:
        other = session.get_one(Pair, town.pairs["other_pair"])
        other.mentor_id, other.group_code = town.people["mentor"], "G-1"
        session.get_one(Pair, town.pairs["pair"]).group_code = "G-1"
    people = {one["person"] for one in made(town, BASE)["fields"]["participants"]}
    assert people == {town.people[name] for name in ("mentor", "mentee", "other_mentee")}
    foreign = [{"person": town.people["far_mentee"], "side": "mentee"}]
    body = {"pair": town.pairs["other_pair"], "fields": {"participants": foreign}}
    answer = town.call("POST", "programmes", town.operator(), body)
    assert [fault["place"] for fault in answer.json()["faults"]] == ["fields.participants"]


def test_of_many_at_once_one_changes_and_the_others_are_told(house: House) -> None:
    town = build_town(house, "barnaul")
    record, curator = made(town, BASE), town.curator()
    path = f"programmes/{record['id']}"

    def change(number: int) -> int:
        status: int = town.call("PATCH", path, curator, {"goals": [str(number)]}, version=1).status_code
        return status

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(change, range(6)))
    assert statuses == [200, 409, 409, 409, 409, 409]
    assert len(town.call("GET", f"{path}/versions", curator).json()["items"]) == 2


def test_of_many_programmes_at_once_a_pair_gets_one(house: House) -> None:
    town = build_town(house, "barnaul")
    curator, body = town.curator(), {"pair": town.pairs["pair"], "fields": {}}

    def make(_: int) -> int:
        status: int = town.call("POST", "programmes", curator, body).status_code
        return status

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(make, range(5))) == [201, 409, 409, 409, 409]
