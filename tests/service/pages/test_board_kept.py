"""What a board keeps between two looks: nothing that has changed since, and no more than it may."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import col, select

from service.pages import board_kept
from service.pages.board_kept import Kept
from service.rounds.people import keep_people
from service.rounds.rosters import open_roster
from service.tables.areas import Area, Person
from service.tables.columns import now
from service.tables.rounds import Pair, RosterFile
from tests.service.conftest import House
from tests.service.rounds.conftest import Case, build_case


@pytest.fixture
def case(house: House) -> Case:
    """A round with a plan."""
    return build_case(house)


def shown(case: Case, role: str = "curator", area: str = "s11", query: str = "") -> str:
    """Return the table as it is found by typing."""
    headers = {**case.house.headers(role, area), "Accept-Language": "en", "HX-Request": "true"}
    return str(case.house.client.get(f"/rounds/{case.round_id}?{query}", headers=headers).text)


def test_a_second_look_shows_the_same_and_what_others_changed_since(case: Case) -> None:
    first = shown(case)
    assert shown(case) == first
    pair = next(one for one in case.pairs() if one.state == "proposed" and not one.locked)
    with case.house.core.database.writing() as session:
        row = session.get_one(Pair, pair.id)
        row.locked, row.version = True, row.version + 1
        session.add(row)
    assert shown(case).count('class="locked"') == first.count('class="locked"') + 1


def test_a_new_name_an_erased_person_and_a_renamed_school_are_seen_at_once(case: Case) -> None:
    core, area_id = case.house.core, case.house.areas["s11"]
    with core.database.writing() as session:
        roster = open_roster(session, core.vault, session.exec(select(RosterFile)).one())
        first = next(one for one in roster.people if one.id == roster.mentees[0].person)
        person = session.exec(select(Person).where(col(Person.code) == first.id)).one()
        person_id = person.id
    assert first.name in shown(case)
    with core.database.writing() as session:
        people = tuple(replace(one, name="Somebody Else") if one is first else one for one in roster.people)
        keep_people(session, core.vault, session.get_one(Area, area_id), replace(roster, people=people))
    after = shown(case)
    assert first.name not in after
    assert "Somebody Else" in after
    with core.database.writing() as session:
        school = session.get_one(Area, area_id)
        school.name = "The Renamed School"
        session.add(school)
    assert "The Renamed School" in shown(case)
    with core.database.writing() as session:
        person = session.get_one(Person, person_id)
        person.sealed, person.erased_at = None, now()
        session.add(person)
    assert "Somebody Else" not in shown(case)


def test_nobody_sees_what_was_kept_for_others(case: Case) -> None:
    assert 'id="pair-' in shown(case)
    assert "Unlock" in shown(case) or "Lock" in shown(case)
    council = shown(case, "council_member")
    assert 'name="kind" value="lock"' not in council
    assert 'id="pair-' not in shown(case, "curator", "s12")


def test_what_is_kept_has_a_limit_and_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(board_kept.time, "monotonic", lambda: clock[0])
    kept = Kept(most_rows=5, seconds=60)
    built: list[str] = []

    def look(key: str, stamp: int, size: int) -> list[int]:
        def build() -> list[int]:
            built.append(f"{key}{stamp}")
            return [0] * size

        return kept.get(key, (stamp,), build)

    look("a", 1, 3)
    look("a", 1, 3)
    assert built == ["a1"]
    look("a", 2, 3)
    assert built == ["a1", "a2"], "another stamp"
    look("b", 1, 3)
    look("a", 2, 3)
    assert built == ["a1", "a2", "b1", "a2"], "six rows are more than five"
    clock[0] = 61.0
    look("a", 2, 3)
    assert built[-1] == "a2"
    assert len(built) == 5, "nobody asked for a minute"
