"""How people stand: a mentor from nominated to left (7.10), departures, and what solves and figures make of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from matcher.indicators.period import school_year_of
from matcher.roster import Approval, CompetenceBlock, Mentee, MentorStatus, SchoolClass
from service.records.monitoring import build_area_facts
from service.records.policies import policy_of
from service.rounds.inputs import build_inputs
from service.tables.areas import Area
from service.tables.privacy import AuditEntry, Consent
from service.tables.rounds import Pair, Round
from tests.service.conftest import House
from tests.service.records import town as town_of_tests
from tests.service.records.town import TODAY, Town, build_town

YESTERDAY = (TODAY - timedelta(days=1)).isoformat()
DAY = {"day": YESTERDAY}


def faults(answer: Any) -> list[str]:
    assert answer.status_code in (409, 422), answer.text
    return [one["place"] for one in answer.json()["faults"]]


def end_pairs(town: Town) -> None:
    """Let no pair stand any more."""
    with town.house.core.database.writing() as session:
        for pair in session.exec(select(Pair)):
            pair.state = "terminated"
            session.add(pair)


def status_in_solve(town: Town, code: str) -> MentorStatus | None:
    with town.house.core.database.reading() as session:
        inputs = build_inputs(session, town.house.core.vault, session.get_one(Round, town.round))
        return next((one.status for one in inputs.roster.mentors if one.person == code), None)


def test_a_mentor_goes_from_nominated_to_available_and_solves_know_it(house: House) -> None:
    town = build_town(house, "kalmykia")
    office, council = town.curator("s11"), house.headers("council_member", "s11")
    assert status_in_solve(town, "mentor") is MentorStatus.AVAILABLE
    record = town.make("mentor-standings", office, {}, person=town.people["mentor"])
    assert status_in_solve(town, "mentor") is MentorStatus.NOMINATED
    assert faults(town.step("mentor-standings", record, "available", office, DAY)) == ["to"]
    assert faults(town.step("mentor-standings", record, "approved", council, DAY)) == ["fields.protocol"]
    record = town.stepped("mentor-standings", record, "approved", council, DAY | {"protocol": "3"})
    assert town.step("mentor-standings", record, "available", council, DAY).status_code == 403
    record = town.stepped("mentor-standings", record, "available", office, DAY)
    assert status_in_solve(town, "mentor") is MentorStatus.AVAILABLE
    register = town.call("GET", f"registers/mentors?area={house.areas['s11']}", office).json()
    assert [one["status"] for one in register["items"]] == ["available"]
    with house.core.database.reading() as session:
        done = session.exec(select(AuditEntry.action).order_by(col(AuditEntry.seq))).all()
    assert [one.rpartition(".")[2] for one in done if ".mentor_standing." in one] == ["create", "approved", "available"]


def test_nobody_becomes_available_who_has_refused_the_duties(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "kalmykia")
    office = town.curator("s11")
    record = town.make("mentor-standings", office, {}, person=town.people["mentor"])
    record = town.stepped("mentor-standings", record, "approved", office, DAY | {"protocol": "3"})
    with sqlite_house.core.database.writing() as session:
        words = {"purpose": "duties", "given_day": TODAY, "recorded_by": "test", "refused": True}
        session.add(Consent(person_id=town.people["mentor"], area_id=sqlite_house.areas["s11"], **words))
    assert faults(town.step("mentor-standings", record, "available", office, DAY)) == ["mentor"]


def test_a_mentor_pauses_himself_and_gives_no_reason(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "kalmykia")
    office, himself = town.curator("s11"), town.person("mentor", "mentor")
    record = town.make("mentor-standings", office, {}, person=town.people["mentor"])
    assert town.step("mentor-standings", record, "left", himself, DAY).status_code == 403
    for to, more in (("approved", {"protocol": "3"}), ("available", {})):
        record = town.stepped("mentor-standings", record, to, office, DAY | more)
    early = DAY | {"until": (TODAY - timedelta(days=9)).isoformat()}
    assert faults(town.step("mentor-standings", record, "paused", himself, early)) == ["fields.until"]
    record = town.stepped("mentor-standings", record, "paused", himself, DAY)
    assert "reason" not in record["fields"]
    assert status_in_solve(town, "mentor") is MentorStatus.PAUSED
    other = town.person("other_mentor", "mentor")
    assert town.step("mentor-standings", record, "available", other, DAY).status_code == 404
    town.stepped("mentor-standings", record, "available", himself, DAY)


def test_nobody_leaves_while_a_pair_stands(house: House) -> None:
    town = build_town(house, "kalmykia")
    office = town.curator("s11")
    record = town.make("mentor-standings", office, {}, person=town.people["mentor"])
    assert faults(town.step("mentor-standings", record, "left", office, DAY)) == ["mentor – mentee"]
    body = {"person": town.people["mentee"], "fields": DAY}
    leaves = town.make("departures", town.curator("s12"), DAY, person=town.people["mentee"])
    assert faults(town.step("departures", leaves, "left", town.curator("s12"))) == ["mentor – mentee"]
    end_pairs(town)
    town.stepped("mentor-standings", record, "left", office, DAY)
    assert status_in_solve(town, "mentor") is MentorStatus.LEFT
    record = town.stepped("departures", leaves, "left", town.curator("s12"))
    assert town.call("POST", "departures", town.curator("s12"), body).status_code == 409
    with house.core.database.reading() as session:
        inputs = build_inputs(session, house.core.vault, session.get_one(Round, town.round))
    assert [one.person for one in inputs.roster.mentees] == ["other_mentee"]
    town.stepped("departures", record, "withdrawn", town.curator("s12"))
    assert town.call("POST", "departures", town.curator("s12"), body).status_code == 201


def test_who_has_left_counts_for_retention_once_the_school_says_since_when_it_records(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "kalmykia")
    end_pairs(town)
    leaves = town.make("departures", town.curator("s12"), DAY, person=town.people["mentee"])
    town.stepped("departures", leaves, "left", town.curator("s12"))

    def facts() -> Any:
        with sqlite_house.core.database.reading() as session:
            round_ = session.get_one(Round, town.round)
            area = session.get_one(Area, sqlite_house.areas["s12"])
            return build_area_facts(session, sqlite_house.core.vault, area, policy_of(round_), TODAY)

    found = facts()
    assert {one.id: one.left_day for one in found.people if one.left_day} == {
        town.people["mentee"]: date.fromisoformat(YESTERDAY)
    }
    assert found.leavers_since is None
    fields = {"school_year": school_year_of(TODAY), "leavers_since": "2024-09-01"}
    town.make("indicator-inputs", town.curator("s12"), fields, area=sqlite_house.areas["s12"])
    assert facts().leavers_since == date(2024, 9, 1)


def test_a_request_nobody_covers_while_a_mentor_of_another_school_would_is_a_risk(
    sqlite_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mentee of school 12 asks for digital things, the mentor of school 11 is good at them and has nobody."""
    able, other = town_of_tests.ROSTER.mentors
    mentors = (replace(able, levels={CompetenceBlock.DIGITAL: 4}, approvals=tuple(Approval)), other)
    people = tuple(replace(one, pedagogical_experience_years=20) for one in town_of_tests.ROSTER.people[:1])
    roster = replace(town_of_tests.ROSTER, mentors=mentors, people=people + town_of_tests.ROSTER.people[1:])
    monkeypatch.setattr(town_of_tests, "ROSTER", roster)
    town = build_town(sqlite_house, "smolensk_school_23")
    path = f"indicators?area={sqlite_house.areas['m1']}"
    risks = {one["risk"] for one in town.call("GET", path, town.operator()).json()["signals"]}
    assert "weak_contours" not in risks
    with sqlite_house.core.database.writing() as session:
        pair = session.get_one(Pair, town.pairs["pair"])
        pair.state = "terminated"
        session.add(pair)
    found = town.call("GET", path, town.operator()).json()["signals"]
    (signal,) = [one for one in found if one["risk"] == "weak_contours"]
    assert signal["people"] == [town.people["mentee"], town.people["mentor"]]


def test_a_class_counts_with_its_size(sqlite_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    school_class = SchoolClass(id="5A", organisation="S12", grade=5, size=24)
    mentees = (*town_of_tests.ROSTER.mentees, Mentee(person="5A", is_class=True))
    roster = replace(town_of_tests.ROSTER, classes=(school_class,), mentees=mentees)
    monkeypatch.setattr(town_of_tests, "ROSTER", roster)
    town = build_town(sqlite_house, "dalnerechensk")
    with sqlite_house.core.database.reading() as session:
        round_, area = session.get_one(Round, town.round), session.get_one(Area, sqlite_house.areas["m1"])
        facts = build_area_facts(session, sqlite_house.core.vault, area, policy_of(round_), TODAY)
    assert [one.class_size for one in facts.people if one.is_class] == [24]
