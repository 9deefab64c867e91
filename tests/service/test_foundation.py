"""The ground everything else stands on: sealed data, the audit chain, rights of routes, transactions."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from service.access.identify import held_by
from service.audit import append_audit, broken_links
from service.keys import Erased, open_for, seal_for
from service.rights.rules import check_rules
from service.tables.access import Grant, Role
from service.tables.areas import Area, Person, PersonKey
from service.tables.columns import now
from service.vault import BrokenSeal
from service.viewer import Viewer, in_scope
from tests.service.conftest import House


def new_person(house: House, session: Session, area: str = "s11", code: str = "P-1") -> Person:
    person = Person(area_id=house.areas[area], code=code)
    session.add(person)
    session.flush()
    session.add(PersonKey(person_id=person.id, wrapped=house.core.vault.new_person_key(person.id)))
    session.flush()
    return person


def test_health_answers(house: House) -> None:
    assert house.client.get("/health/live").json() == {"status": "live"}
    assert house.client.get("/health/ready").json() == {"status": "ready"}


def test_unknown_address_is_a_problem(sqlite_house: House) -> None:
    answer = sqlite_house.client.get("/api/v1/nothing", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "There is no such thing here."


def test_a_route_without_a_rule_stops_the_program(sqlite_house: House) -> None:
    app = sqlite_house.client.app
    app.add_api_route("/api/v1/forgotten", lambda: None)  # type: ignore[attr-defined]
    with pytest.raises(RuntimeError, match="forgotten"):
        check_rules(app)  # type: ignore[arg-type]


def test_sealed_values_open_in_their_place_only(sqlite_house: House) -> None:
    vault = sqlite_house.core.vault
    sealed = vault.seal(b"secret", "row:1")
    assert vault.open(sealed, "row:1") == b"secret"
    with pytest.raises(BrokenSeal):
        vault.open(sealed, "row:2")


def test_destroying_a_key_leaves_the_chain_whole(house: House) -> None:
    vault = house.core.vault
    with house.core.database.writing() as session:
        person = new_person(house, session)
        sealed = seal_for(session, vault, person.id, b"name", "x")
        append_audit(session, vault, actor="a", action="one", area_id=None, details={"name": "N"}, person_id=person.id)
        append_audit(session, vault, actor="a", action="two", area_id=None, subjects=[person.id])
    with house.core.database.writing() as session:
        assert open_for(session, vault, person.id, sealed, "x") == b"name"
        session.delete(session.get(PersonKey, person.id))
    with house.core.database.reading() as session:
        assert list(broken_links(session)) == []
        with pytest.raises(Erased):
            open_for(session, vault, person.id, sealed, "x")


def test_nothing_is_kept_of_work_that_failed(house: House) -> None:
    def work() -> None:
        with house.core.database.writing() as session:
            new_person(house, session)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        work()
    with house.core.database.reading() as session:
        assert session.exec(select(Person)).all() == []


def test_rights_reach_down_the_tree_and_not_sideways(house: House) -> None:
    house.headers(Role.MUNICIPAL_OPERATOR, "m1")
    with house.core.database.writing() as session:
        for school in ("s11", "s12", "s21"):
            new_person(house, session, school)
        account = session.exec(select(Grant.account_id)).one()
        viewer = Viewer(actor="x", account_id=account, held=held_by(session, account, now()))
        seen = session.exec(
            select(Area.code).join(Person, Person.area_id == Area.id).where(in_scope(viewer, Person.area_id))
        )
        assert sorted(seen) == ["S11", "S12"]
