"""A service never works on data with a key they were not sealed with, nor makes a new key beside sealed data."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.errors import InputError
from matcher.texts import say
from service.key_check import check_key, may_make_key, remember_key
from service.tables.access import Account
from service.tables.areas import Person, PersonKey
from service.vault import open_vault
from tests.service.conftest import House


def fault(error: InputError) -> str:
    return say(error.faults[0].message, "en")


def test_another_key_is_refused(house: House, tmp_path: Path) -> None:
    database, vault = house.core.database, house.core.vault
    other = open_vault(tmp_path / "other.key", create=True)
    remember_key(database, vault)
    remember_key(database, other)
    check_key(database, vault, tmp_path / "right.key")
    with pytest.raises(InputError) as caught:
        check_key(database, other, tmp_path / "other.key")
    assert fault(caught.value) == "this key does not open the data of the database"


def test_a_service_from_before_is_known_by_the_key_of_a_person(sqlite_house: House, tmp_path: Path) -> None:
    database, vault = sqlite_house.core.database, sqlite_house.core.vault
    other = open_vault(tmp_path / "other.key", create=True)
    check_key(database, other, tmp_path / "other.key")  # nothing is sealed yet
    person = Person(code="P-1", area_id=sqlite_house.areas["s11"])
    with database.writing() as session:
        session.add(person)
        session.flush()
        session.add(PersonKey(person_id=person.id, wrapped=vault.new_person_key(person.id)))
    check_key(database, vault, tmp_path / "right.key")
    with pytest.raises(InputError):
        check_key(database, other, tmp_path / "other.key")


def test_a_key_is_made_for_an_empty_database_only(sqlite_house: House) -> None:
    database = sqlite_house.core.database
    assert may_make_key(database)
    with database.writing() as session:
        session.add(Account(login="first@school.example", name="First"))
    assert not may_make_key(database)


def test_a_place_that_cannot_be_written_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(InputError) as caught:
        open_vault(tmp_path / "file" / "matcher.key", create=True)
    assert fault(caught.value) == "the key file cannot be made here"
    with pytest.raises(InputError) as caught:
        open_vault(tmp_path, create=False)
    assert fault(caught.value) == "the key file cannot be read"
