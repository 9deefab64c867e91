"""Rosters are kept without names, and plans become rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import inspect
from sqlmodel import select

from service.audit import broken_links
from service.privacy.erasure.blobs import rewrite_roster
from service.privacy.erasure.forget import Forgotten
from service.rounds.inputs import build_inputs
from service.rounds.plan_files import open_plan
from service.rounds.rosters import Kept, ids_of, open_nameless, open_roster
from service.tables.areas import Person, PersonKey
from service.tables.rounds import Pair, PlanFileRow, RosterFile, Round
from tests.service.conftest import House
from tests.service.rounds.conftest import build_case, give_plan, small_plan, small_roster


def test_a_roster_opens_as_it_was_read(house: House) -> None:
    case = build_case(house)
    with house.core.database.reading() as session:
        row = session.exec(select(RosterFile)).one()
        assert open_roster(session, house.core.vault, row) == small_plan().roster
        assert build_inputs(session, house.core.vault, session.get_one(Round, case.round_id)).reference_day


def test_only_so_many_people_of_opened_rosters_stay_in_memory(sqlite_house: House) -> None:
    for seed in (1, 2):
        build_case(sqlite_house, area=f"s1{seed}", plan=small_plan(seed=seed))
    vault = sqlite_house.core.vault
    kept = Kept(most_people=len(small_roster().people))
    with sqlite_house.core.database.reading() as session:
        one, other = session.exec(select(RosterFile)).all()
        first = kept.get(vault, one)
        assert kept.get(vault, one) is first
        kept.get(vault, other)
        again = kept.get(vault, one)
    assert again == first
    assert again is not first


def test_a_roster_sealed_anew_is_opened_anew(sqlite_house: House) -> None:
    build_case(sqlite_house)
    core = sqlite_house.core
    with core.database.writing() as session:
        row = session.exec(select(RosterFile)).one()
        assert "sealed" in inspect(row).unloaded
        gone = open_nameless(core.vault, row)[1].people[0]
        assert gone.birth_date is None
        rewrite_roster(session, core.vault, row, gone.id, Forgotten([], "…"), date(2000, 1, 1))
        session.flush()
        assert open_nameless(core.vault, row)[1].people[0].birth_date == date(2000, 1, 1)


def test_nothing_is_known_of_a_person_whose_key_is_destroyed(sqlite_house: House) -> None:
    build_case(sqlite_house)
    core = sqlite_house.core
    gone = small_roster().people[0]
    with core.database.writing() as session:
        row = session.exec(select(RosterFile)).one()
        person = session.get_one(Person, ids_of(session, core.vault, row)[gone.id])
        session.delete(session.get(PersonKey, person.id))
        person.code = "erased-1"
        session.add(person)
    with core.database.reading() as session:
        row = session.exec(select(RosterFile)).one()
        opened = open_roster(session, core.vault, row)
        left = next(person for person in opened.people if person.id == "erased-1")
        assert left.name == ""
        assert left.birth_date is None
        assert not any(person.id == gone.id or (gone.name and person.name == gone.name) for person in opened.people)


def test_the_same_roster_twice_makes_nobody_twice(sqlite_house: House) -> None:
    build_case(sqlite_house)
    build_case(sqlite_house)
    with sqlite_house.core.database.reading() as session:
        assert len(session.exec(select(Person)).all()) == len(small_roster().people)


def test_people_of_a_municipal_roster_belong_to_their_schools(sqlite_house: House) -> None:
    roster = small_roster()
    school = roster.people[0].organisation
    moved = replace(
        roster,
        organisations=tuple(replace(o, id="S12") if o.id == school else o for o in roster.organisations),
        sites=tuple(replace(o, organisation="S12") if o.organisation == school else o for o in roster.sites),
        people=tuple(replace(p, organisation="S12") if p.organisation == school else p for p in roster.people),
    )
    build_case(sqlite_house, area="m1", plan=replace(small_plan(), roster=moved))
    with sqlite_house.core.database.reading() as session:
        areas = {person.code: person.area_id for person in session.exec(select(Person))}
    for person in moved.people:
        assert areas[person.id] == sqlite_house.areas["s12" if person.organisation == "S12" else "m1"]


def test_a_plan_becomes_pairs_and_the_next_one_changes_only_proposals(house: House) -> None:
    case = build_case(house)
    plan = small_plan()
    assert len(case.pairs()) == len(plan.pairs) > 2
    assert case.row().state == "proposed"
    with house.core.database.writing() as session:
        agreed = session.exec(select(Pair)).first()
        assert agreed is not None
        agreed.state = "agreed"
        session.add(agreed)
        session.flush()
        give_plan(house, session, session.get_one(Round, case.round_id), replace(plan, pairs=()))
    rows = {pair.id: pair for pair in case.pairs()}
    assert rows.pop(agreed.id).state == "agreed"
    assert {pair.state for pair in rows.values() if not pair.locked} == {"dropped"}
    assert {pair.state for pair in rows.values() if pair.locked} <= {"proposed"}
    with house.core.database.reading() as session:
        assert open_plan(house.core.vault, session.exec(select(PlanFileRow)).first()).pairs == plan.pairs  # type: ignore[arg-type]
        assert list(broken_links(session)) == []
