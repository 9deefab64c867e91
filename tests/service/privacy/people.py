"""People for tests: rows with keys and names."""

from __future__ import annotations

from datetime import date

from service.rounds.people import PersonWords, seal_person
from service.tables.areas import Person
from tests.service.conftest import House


def add_person(house: House, area: str = "s11", code: str = "P-1", name: str = "", born: date | None = None) -> str:
    """Add a person with a name and a birthday under his key; return his id."""
    with house.core.database.writing() as session:
        person = Person(area_id=house.areas[area], code=code)
        session.add(person)
        session.flush()
        seal_person(session, house.core.vault, person, PersonWords(name=name, birth_date=born))
        return person.id
