"""Registers put together from schools, their files, the card of a school of mentoring, the statistical sheet."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl

from matcher.roster import Mentor, Organisation, Roster
from matcher.roster import Person as RosterPerson
from service.records.banks import doubles_of, folded
from service.rounds.people import PersonWords
from service.rounds.rosters import keep_roster
from service.tables.areas import Area
from tests.service.conftest import House
from tests.service.records.test_programmes import BASE, made
from tests.service.records.town import TODAY, Town, build_town

YESTERDAY = (TODAY - timedelta(days=1)).isoformat()


def add_school_roster(house: House, area: str, code: str, name: str, birth: date) -> None:
    """Keep a roster of one school with one mentor."""
    with house.core.database.writing() as session:
        place = session.get_one(Area, house.areas[area])
        roster = Roster(
            organisations=(Organisation(id=place.code),),
            people=(RosterPerson(id=code, name=name, organisation=place.code, birth_date=birth),),
            mentors=(Mentor(person=code),),
        )
        session.add(keep_roster(session, house.core.vault, place, roster, name="r", remarks=[], by="test"))


def listed(town: Town, register: str, area: str, who: dict[str, str] | None = None, more: str = "") -> list[dict]:  # type: ignore[type-arg]
    path = f"registers/{register}?area={town.house.areas[area]}{more}"
    answer = town.call("GET", path, who or town.operator())
    assert answer.status_code == 200, answer.text
    items: list[dict] = answer.json()["items"]  # type: ignore[type-arg]
    return items


def test_the_municipality_puts_the_registers_of_its_schools_together(house: House) -> None:
    town = build_town(house, "kalmykia")
    add_school_roster(house, "s11", "x1", "Зуева Зоя", date(1970, 1, 1))
    town.sign()
    names = [one["name"] for one in listed(town, "mentors", "m1")]
    assert names == ["Зуева Зоя", "Иванова Анна Петровна", "Орлова Ольга Юрьевна"]
    assert [one["name"] for one in listed(town, "mentors", "s12")] == ["Орлова Ольга Юрьевна"]
    by_code = {one["code"]: one for one in listed(town, "mentors", "m1")}
    assert by_code["mentor"]["pairs_now"] == 1
    assert by_code["mentor"]["topics"] == ["digital"]
    assert by_code["other_mentor"]["trained_on"] == "2024-08-20"


def test_one_person_of_two_schools_is_shown_twice_and_marked(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "kalmykia")
    add_school_roster(sqlite_house, "s11", "x1", "Алёнина Зоя ", date(1970, 1, 1))
    add_school_roster(sqlite_house, "s12", "x2", "аленина  ЗОЯ", date(1970, 1, 1))
    town.sign()
    found = {one["code"]: one for one in listed(town, "mentors", "m1")}
    assert found["x1"]["same_as"] == [found["x2"]["id"]]
    assert found["x2"]["same_as"] == [found["x1"]["id"]]
    assert found["mentor"]["same_as"] == []


def test_namesakes_with_other_birthdays_are_two_people() -> None:
    day = date(1970, 1, 1)
    people = {
        "a": PersonWords(name="Зоя Алёнина", birth_date=day),
        "b": PersonWords(name="зоя аленина", birth_date=day),
        "c": PersonWords(name="Зоя Аленина", birth_date=day + timedelta(days=1)),
        "d": PersonWords(name="Зоя Аленина"),
    }
    assert doubles_of(people) == {"a": ["b"], "b": ["a"]}


def test_names_are_folded_as_people_read_them() -> None:
    assert folded(" Ёлкина-Петрова  А.П.") == folded("елкина петрова а п")
    assert folded("Иванов") != folded("Иванова")


def test_mentees_are_seen_by_category(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "kalmykia")
    assert [one["code"] for one in listed(town, "mentees", "m1", more="&category=novice")] == ["mentee"]
    assert len(listed(town, "mentees", "m1")) == 2


def test_registers_keep_to_ones_own_areas(house: House) -> None:
    town = build_town(house, "kalmykia")
    for register in ("mentors", "mentees", "partners", "programmes", "practices", "school-card", "statistics"):
        path = f"registers/{register}?area={house.areas['m1']}"
        assert town.call("GET", path, house.headers("head", "s11")).status_code == 404, register
        assert town.call("GET", path, house.headers("municipal_operator", "m2")).status_code == 404, register
        assert town.call("GET", path, town.person("mentor", "mentor")).status_code == 403, register
    history = f"registers/people/{town.people['mentee']}/history"
    assert town.call("GET", history, house.headers("curator", "s11")).status_code == 404
    assert len(town.call("GET", history, town.curator()).json()["items"]) == 1


def test_a_register_is_a_workbook_without_formulas(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "kalmykia")
    area = sqlite_house.areas["m1"]
    town.make("partners", town.operator(), {"name": "=cmd|' /C calc'!A0", "type": "enterprise"}, area=area)
    answer = town.call("GET", f"registers/partners/xlsx?area={area}", town.operator())
    assert answer.headers["content-type"].startswith("application/vnd.openxmlformats")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "name"
    assert rows[1][0] == "'=cmd|' /C calc'!A0"
    town.sign()
    for register in ("mentors", "mentees", "programmes", "practices"):
        assert town.call("GET", f"registers/{register}/xlsx?area={area}", town.operator()).status_code == 200


def test_programmes_name_people_of_other_areas_by_code(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "barnaul")
    made(town, BASE)
    town.sign()
    (own,) = listed(town, "programmes", "s12", town.curator())
    assert (own["mentor"], own["mentee"], own["complete"]) == ("mentor", "Петров Пётр Ильич", True)
    (whole,) = listed(town, "programmes", "m1")
    assert whole["mentor"] == "Иванова Анна Петровна"


def test_practices_are_found_by_form_once_approved(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "dalnerechensk")
    area = sqlite_house.areas["m1"]
    fields = {"title": "Проект", "form": "pupil_pupil", "problem": "п", "description": "о", "result": "р"}
    record = town.make("practices", town.operator(), fields, area=area)
    assert listed(town, "practices", "m1") == []
    town.stepped("practices", record, "approved", town.operator())
    assert [one["title"] for one in listed(town, "practices", "m1", more="&form=pupil_pupil")] == ["Проект"]
    assert listed(town, "practices", "m1", more="&form=teacher_teacher") == []


def test_pages_of_a_register(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "kalmykia")
    path = f"registers/mentors?area={sqlite_house.areas['m1']}&limit=1"
    first = town.call("GET", path, town.operator()).json()
    assert (first["total"], len(first["items"])) == (2, 1)
    second = town.call("GET", f"{path}&after={first['next']}", town.operator()).json()
    assert second["next"] is None
    assert first["items"][0]["id"] != second["items"][0]["id"]


def test_the_card_of_the_school_of_mentoring(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "anuchino", model="competence")
    operator, area = town.operator(), sqlite_house.areas["m1"]
    curator = {"name": "Н. Н.", "position": "методист", "order_number": "3", "day": YESTERDAY}
    named = town.make("curator-appointments", operator, curator, area=area)
    town.stepped("curator-appointments", named, "in_force", operator)
    town.make("roadmaps", operator, {"title": "Дорожная карта"}, area=area)
    card = town.call("GET", f"registers/school-card?area={area}", operator).json()
    assert (card["curator"], card["roadmap"], card["roadmap_state"]) == ("Н. Н.", "Дорожная карта", "draft")
    assert (card["mentors"], card["mentees"], card["pairs_now"]) == (2, 2, 2)
    assert card["by_ground"] == {"competence": 2}
    assert card["regulations"] == ["anuchino"]


def test_the_statistical_sheet_counts_by_form_and_age(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "kalmykia")
    path = f"registers/statistics?area={sqlite_house.areas['m1']}&school_year=2026"
    sheet = town.call("GET", path, town.operator()).json()
    rows = {(one["side"], one["organisation"], one["ages"]): one["people"] for one in sheet["items"]}
    s11, s12 = sqlite_house.areas["s11"], sqlite_house.areas["s12"]
    assert rows == {("mentor", s11, "35–"): 1, ("mentor", s12, "35–"): 1, ("mentee", s12, "20–34"): 2}
