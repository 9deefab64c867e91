"""The people of rosters: one row each under a random id, and what names them sealed under their own key."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from matcher.roster import Person as RosterPerson
from matcher.roster import Roster
from service.keys import Erased, open_for, seal_for
from service.tables.areas import Area, Person, PersonKey
from service.vault import Vault

_CHUNK = 500
"""Ids in one question to the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonWords:
    """What names a person or leads to him; all of it empty once he is erased."""

    name: str = ""
    timetable_name: str | None = None
    birth_date: date | None = None
    legal_representative: str | None = None
    email: str | None = None
    phone: str | None = None


NOBODY = PersonWords()
NAMING_FIELDS = ("name", "timetable_name", "birth_date", "legal_representative")
"""Fields of a roster's person that name him: kept under his key, nowhere else."""


def open_person(session: Session, vault: Vault, person: Person) -> PersonWords:
    """Return what names a person; nothing once he is erased."""
    if person.sealed is None:
        return NOBODY
    try:
        found = json.loads(open_for(session, vault, person.id, person.sealed, _context(person.id)))
    except Erased:
        return NOBODY
    if found.get("birth_date"):
        found["birth_date"] = date.fromisoformat(found["birth_date"])
    return PersonWords(**found)


def seal_person(session: Session, vault: Vault, person: Person, words: PersonWords) -> None:
    """Keep what names a person, under his key, which is made where he has none yet."""
    if session.get(PersonKey, person.id) is None:
        session.add(PersonKey(person_id=person.id, wrapped=vault.new_person_key(person.id)))
        session.flush()
    plain: dict[str, Any] = {name: value for name, value in asdict(words).items() if value}
    if words.birth_date is not None:
        plain["birth_date"] = words.birth_date.isoformat()
    content = json.dumps(plain, ensure_ascii=False).encode()
    person.sealed = seal_for(session, vault, person.id, content, _context(person.id))
    session.add(person)


def open_people(session: Session, vault: Vault, people: Iterable[Person]) -> dict[str, PersonWords]:
    """Return what names each of many people, by id; their keys are read together."""
    rows = list(people)
    keys = [
        key
        for part in chunks([person.id for person in rows])
        for key in session.exec(select(PersonKey).where(col(PersonKey.person_id).in_(part)))
    ]
    words = {person.id: open_person(session, vault, person) for person in rows}
    del keys  # held until here, so that each is found in the session
    return words


def person_of(session: Session, area_id: str, code: str) -> Person | None:
    """Return the person that the rosters of an area call ``code``."""
    return session.exec(select(Person).where(Person.area_id == area_id, Person.code == code)).first()


def people_by_id(session: Session, ids: Iterable[str]) -> dict[str, Person]:
    """Return the people of these ids."""
    found: dict[str, Person] = {}
    for part in chunks(sorted(set(ids))):
        found |= {person.id: person for person in session.exec(select(Person).where(col(Person.id).in_(part)))}
    return found


def keep_people(session: Session, vault: Vault, area: Area, roster: Roster) -> dict[str, str]:
    """Make a row for everybody of a roster who has none yet; return code → id, classes that are mentees included.

    People belong to the organisation of ``area`` or below it that their roster names by its code, else to ``area``
    itself. What the roster says of names replaces what was known; where it says nothing, that stays.
    """
    places = _places(session, area)
    classes = {found.id: found.organisation for found in roster.classes}
    wanted: dict[str, str] = {one.person: classes[one.person] for one in roster.mentees if one.is_class}
    wanted |= {person.id: person.organisation for person in roster.people}
    known = _known(session, area, wanted)
    ids: dict[str, str] = {}
    for code, organisation in wanted.items():
        place = places.get(organisation, area.id)
        person = known.get((place, code)) or known.get((area.id, code))
        if person is None:
            person = Person(area_id=place, code=code)
        person.area_id = place
        session.add(person)
        ids[code] = person.id
    session.flush()
    rows = people_by_id(session, ids.values())
    before = open_people(session, vault, rows.values())
    for said in roster.people:
        _keep_words(session, vault, rows[ids[said.id]], said, before[ids[said.id]])
    for id_ in ids.values():
        if rows[id_].sealed is None and rows[id_].erased_at is None:  # a class: its key seals what is decided on it
            seal_person(session, vault, rows[id_], NOBODY)
    session.flush()
    return ids


def _places(session: Session, area: Area) -> dict[str, str]:
    below = session.exec(select(Area).where(col(Area.path).startswith(area.path, autoescape=True)))
    return {found.code: found.id for found in below if found.kind == "organisation" or found.id == area.id}


def _known(session: Session, area: Area, codes: Iterable[str]) -> dict[tuple[str, str], Person]:
    found: dict[tuple[str, str], Person] = {}
    inside = select(Area.id).where(col(Area.path).startswith(area.path, autoescape=True))
    for part in chunks(list(codes)):
        rows = session.exec(select(Person).where(col(Person.area_id).in_(inside), col(Person.code).in_(part)))
        found |= {(person.area_id, person.code): person for person in rows}
    return found


def _keep_words(session: Session, vault: Vault, person: Person, said: RosterPerson, before: PersonWords) -> None:
    if person.erased_at is not None:
        return
    given = {name: getattr(said, name) for name in NAMING_FIELDS if getattr(said, name)}
    after = PersonWords(**{**{part.name: getattr(before, part.name) for part in fields(before)}, **given})
    if after != before or person.sealed is None:
        seal_person(session, vault, person, after)


def _context(person_id: str) -> str:
    return f"person-words:{person_id}"


def chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the values in parts that fit one question to the database."""
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
