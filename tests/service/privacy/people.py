"""People for tests: rows with keys and names."""

from __future__ import annotations

import uuid
from datetime import date

import psycopg
from sqlalchemy.engine import make_url

from matcher.roster import Person, Roster
from service.rounds.people import keep_people
from service.tables.areas import Area
from tests.service.conftest import House


def add_person(house: House, area: str = "s11", code: str = "P-1", name: str = "", born: date | None = None) -> str:
    """Add a person with a name and a birthday under his key; return his id."""
    with house.core.database.writing() as session:
        place = session.get_one(Area, house.areas[area])
        person = Person(id=code, organisation=place.code, name=name, birth_date=born)
        return keep_people(session, house.core.vault, place, Roster(people=(person,)))[code]


def empty_postgres(template: str) -> str:
    """Return the address of a new PostgreSQL database without any table."""
    url = make_url(template)
    name = f"e_{uuid.uuid4().hex}"
    plain = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    return url.set(database=name).render_as_string(hide_password=False)
