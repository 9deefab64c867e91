"""What there is to do, and the figures of monitoring."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from matcher.indicators.facts import Quantity
from service.records.banks import open_bank
from service.records.figures_given import GivenCount
from service.records.monitoring import build_area_facts
from service.records.policies import policy_of
from service.records.tasks import dues
from service.rounds.working_days import IS_WORKING_DAY
from service.tables.areas import Area
from service.tables.rounds import Pair, Round
from tests.service.conftest import House
from tests.service.records.test_life import ANSWERS
from tests.service.records.test_programmes import BASE, made
from tests.service.records.town import TODAY, Town, build_town

YESTERDAY = (TODAY - timedelta(days=1)).isoformat()


def tasks(town: Town, who: dict[str, str], more: str = "") -> list[dict[str, Any]]:
    answer = town.call("GET", f"tasks?limit=200{more}", who)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def ids(found: list[dict[str, Any]]) -> set[str]:
    return {one["id"] for one in found}


def test_records_that_wait_are_tasks_of_whom_they_wait_for(house: House) -> None:
    town = build_town(house, "dalnerechensk")
    mentor, mentee, curator = town.person("mentor", "mentor"), town.person("mentee", "mentee"), town.curator()
    report = {"year": 2026, "quarter": 3, "done": "Шесть встреч"}
    record = town.make("quarterly-reports", mentor, report, pair=town.pairs["pair"])
    town.stepped("quarterly-reports", record, "submitted", mentor)
    town.make("conflicts", mentee, {"words": "Спор"}, pair=town.pairs["pair"])
    town.make(
        "questionnaires",
        curator,
        {"template": "interest", "side": "mentee"},
        round=town.round,
        person=town.people["mentee"],
    )
    made(town, BASE)
    office = tasks(town, curator)
    assert {"quarterly_report.submitted", "conflict.open"} <= ids(office)
    assert next(one for one in office if one["id"] == "quarterly_report.submitted")["pair"] == town.pairs["pair"]
    assert "questionnaire.open" in ids(tasks(town, mentee))
    assert "conflict.open" not in ids(tasks(town, mentor))
    assert not ids(tasks(town, house.headers("curator", "s21")))
    assert "quarterly_report.submitted" not in ids(tasks(town, mentor))


def test_a_programme_waits_for_the_side_that_has_not_acknowledged(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "barnaul")
    record = made(town, BASE)
    mentee = town.person("mentee", "mentee")
    assert ids(tasks(town, mentee)) == {"programme.draft"}
    town.call("POST", f"programmes/{record['id']}/acknowledge", mentee, {}, version=record["version"])
    assert ids(tasks(town, mentee)) == set()
    assert "programme.draft" in ids(tasks(town, town.person("mentor", "mentor")))


def test_a_decided_conflict_asks_for_another_programme(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "anuchino")
    record = made(town, BASE)
    ticket = town.make("conflicts", town.curator(), {"words": "Спор"}, pair=town.pairs["pair"])
    ticket = town.stepped("conflicts", ticket, "in_review", town.curator())
    decided = {"outcome": "change_programme", "decision": "Меньше встреч"}
    # The programme is older than the decision only while nobody has changed it.
    assert "programme.draft" not in ids(tasks(town, town.curator()))
    town.stepped("conflicts", ticket, "decided", town.curator(), decided)
    assert "programme.draft" in ids(tasks(town, town.curator()))
    changed = town.call("PATCH", f"programmes/{record['id']}", town.curator(), {"goals": ["x"]}, version=1)
    assert changed.status_code == 200
    assert "programme.draft" not in ids(tasks(town, town.curator()))


def test_the_programme_of_an_ended_pair_is_to_be_closed(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "anuchino")
    record = made(town, BASE)
    assert "programme.draft" not in ids(tasks(town, town.curator()))
    with sqlite_house.core.database.writing() as session:
        session.get_one(Pair, town.pairs["pair"]).state = "terminated"
    assert "programme.draft" in ids(tasks(town, town.curator()))
    ended = {"end_reason": "mutual", "end_day": YESTERDAY}
    town.stepped("programmes", record, "closed", town.curator(), ended)
    assert "programme.draft" not in ids(tasks(town, town.curator()))


def facts_of(house: House, town: Town, today: date) -> Any:
    with house.core.database.reading() as session:
        area = session.get_one(Area, house.areas["m1"])
        policy = policy_of(session.get_one(Round, town.round))
        facts = build_area_facts(session, house.core.vault, area, policy, today)
        return facts, dues(policy, facts, today)


@pytest.mark.parametrize(
    ("policy", "today", "expected"),
    [
        ("dalnerechensk", date(2027, 1, 5), {"quarterly_report", "federal_form", "school_coordination"}),
        ("dalnerechensk", date(2026, 11, 21), {"municipal_monitoring", "regional_monitoring", "register"}),
        ("barnaul", date(2026, 11, 21), {"yearly_review"}),
        ("smolensk_school_23", date(2026, 11, 21), {"yearly_review"}),
        ("anuchino", date(2026, 11, 21), set()),
    ],
)
def test_dates_of_the_regulation_are_due(sqlite_house: House, policy: str, today: date, expected: set[str]) -> None:
    town = build_town(sqlite_house, policy)
    _, found = facts_of(sqlite_house, town, today)
    assert expected <= {one.id for one in found}
    assert bool(found) == bool(expected)


def test_a_quarterly_report_handed_in_is_done(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "dalnerechensk")
    mentor, today = town.person("mentor", "mentor"), date(2027, 1, 5)
    report = {"year": 2026, "quarter": 4, "done": "Шесть встреч"}
    record = town.make("quarterly-reports", mentor, report, pair=town.pairs["pair"])

    def waiting() -> set[str]:
        _, found = facts_of(sqlite_house, town, today)
        return {one.subject for one in found if one.id == "quarterly_report"}

    assert waiting() == set(town.pairs.values())
    town.stepped("quarterly-reports", record, "submitted", mentor)
    assert waiting() == {town.pairs["other_pair"]}


def test_a_review_of_the_municipality_counts_for_its_schools(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "barnaul")
    operator, area = town.operator(), sqlite_house.areas["m1"]
    assert "yearly_review" in ids(tasks(town, operator))
    record = town.make("registry-reviews", operator, {"day": YESTERDAY}, area=area)
    town.stepped("registry-reviews", record, "done", operator)
    assert "yearly_review" not in ids(tasks(town, operator))


def test_a_mark_settles_a_date(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "dalnerechensk")
    operator, area = town.operator(), sqlite_house.areas["m1"]
    before = ids(tasks(town, operator))
    assert "municipal_monitoring" in before
    town.make("deadline-marks", operator, {"deadline": "municipal_monitoring", "day": YESTERDAY}, area=area)
    assert before - ids(tasks(town, operator)) == {"municipal_monitoring"}


def test_a_mentor_is_replaced_within_five_working_days(house: House) -> None:
    town = build_town(house, "kalmykia")
    ticket = town.make("conflicts", town.curator(), {"words": "Спор"}, pair=town.pairs["pair"])
    ticket = town.stepped("conflicts", ticket, "in_review", town.curator())
    decided = {"outcome": "rematch", "decision": "Другой", "protocol": "1"}
    town.stepped("conflicts", ticket, "decided", town.curator(), decided)
    (task,) = (one for one in tasks(town, town.operator()) if one["id"] == "replacement")
    day, works = TODAY, IS_WORKING_DAY
    for _ in range(5):
        day += timedelta(days=1)
        while not works(day):
            day += timedelta(days=1)
    assert (task["pair"], task["day"]) == (town.pairs["pair"], day.isoformat())


def test_open_gates_are_tasks_until_they_are_open(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "kalmykia")
    with sqlite_house.core.database.writing() as session:
        session.get_one(Round, town.round).state = "preparatory"
    found = tasks(town, town.operator())
    assert {"gate.council", "gate.council_tasks", "gate.regulation"} <= ids(found)
    record = town.make("gates", town.operator(), {"item": "council_tasks", "day": YESTERDAY}, round=town.round)
    town.stepped("gates", record, "done", town.operator())
    assert "gate.council_tasks" not in ids(tasks(town, town.operator()))
    gates = town.call("GET", f"rounds/{town.round}/gates", town.operator()).json()
    assert not gates["open"]
    assert {one["id"] for one in gates["items"] if one["done"]} == {"council_tasks"}


def test_watchers_see_dates_of_areas_and_no_pairs(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "dalnerechensk")
    found = tasks(town, sqlite_house.headers("municipal_authority", "m1"))
    assert found
    assert all(one["pair"] is None for one in found)


def test_indicators_count_what_is_on_record(house: House) -> None:
    town = build_town(house, "dalnerechensk")
    year = TODAY.year if TODAY.month >= 9 else TODAY.year - 1
    for side in ("mentor", "mentee"):
        who = town.person(side, side)
        fields = {"template": "satisfaction", "moment": "end", "side": side, "answers": ANSWERS}
        record = town.make("questionnaires", who, fields, round=town.round)
        town.stepped("questionnaires", record, "submitted", who)
    count = {"quantity": "methodologies", "value": 3}
    inputs = {"area": house.areas["s12"], "fields": {"school_year": year, "counts": [count]}}
    first = town.call("PUT", "indicators/inputs", town.curator(), inputs)
    assert first.status_code == 200, first.text
    assert town.call("PUT", "indicators/inputs", town.curator(), inputs).status_code == 428
    count["value"] = 5
    second = town.call("PUT", "indicators/inputs", town.curator(), inputs, version=first.json()["version"])
    assert second.json()["number"] == 2
    report = town.call("GET", f"indicators?area={house.areas['m1']}", town.operator()).json()
    current = {(one["id"], one["part"]): one for one in report["together"]["current"]}
    assert current["I-01", ""]["value"] == 5
    assert current["I-05", ""]["value"] == 100
    assert current["I-06", ""]["value"] == 100
    assert {one["area"] for one in report["items"]} == {house.areas["s11"], house.areas["s12"]}
    assert (report["total"], report["next"]) == (2, None)
    path = f"indicators?area={house.areas['m1']}&limit=1"
    first_page = town.call("GET", path, town.operator()).json()
    second_page = town.call("GET", f"{path}&after={first_page['next']}", town.operator()).json()
    assert first_page["items"] + second_page["items"] == report["items"]
    assert second_page["next"] is None
    assert first_page["together"] == report["together"], "a page counts everybody together"


def test_figures_are_given_by_organisations_of_ones_own(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "dalnerechensk")
    body = {"area": sqlite_house.areas["m1"], "fields": {"school_year": 2026}}
    assert town.call("PUT", "indicators/inputs", town.operator(), body).status_code == 422
    foreign = {"area": sqlite_house.areas["s21"], "fields": {"school_year": 2026}}
    assert town.call("PUT", "indicators/inputs", town.operator(), foreign).status_code == 404


def test_a_number_too_small_to_count_with_is_nothing() -> None:
    assert GivenCount(quantity=Quantity.STAFF, value=1e-320).value == 0
    assert GivenCount(quantity=Quantity.MARKS_TOTAL, value=4.35).value == 4.35


def test_signals_name_people_to_those_who_run_rounds_only(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "smolensk_school_23")
    town.make("conflicts", town.person("mentee", "mentee"), {"words": "Спор"}, pair=town.pairs["pair"])
    path = f"indicators?area={sqlite_house.areas['m1']}"
    office = town.call("GET", path, town.operator()).json()["signals"]
    assert any(one["pairs"] or one["people"] for one in office)
    watched = town.call("GET", path, sqlite_house.headers("municipal_authority", "m1")).json()["signals"]
    assert [one["risk"] for one in watched] == [one["risk"] for one in office]
    assert not any(one["pairs"] or one["people"] for one in watched)


def test_facts_follow_one_regulation_at_a_time(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "kalmykia")
    with sqlite_house.core.database.reading() as session:
        area = session.get_one(Area, sqlite_house.areas["m1"])
        bank = open_bank(session, sqlite_house.core.vault, area)
        assert len(bank.pairs) == len(session.exec(select(Pair)).all()) == 2
        policy = policy_of(session.get_one(Round, town.round))
        facts = build_area_facts(session, sqlite_house.core.vault, area, policy, TODAY, bank=bank)
        assert {one.id for one in facts.programmes} == set(town.pairs.values())
