"""People for tests: rows with keys and names."""

from __future__ import annotations

import uuid
from datetime import date

import psycopg
from sqlalchemy.engine import make_url

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


def empty_postgres(template: str) -> str:
    """Return the address of a new PostgreSQL database without any table."""
    url = make_url(template)
    name = f"e_{uuid.uuid4().hex}"
    plain = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    return url.set(database=name).render_as_string(hide_password=False)
