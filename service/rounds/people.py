"""The people of rosters: one row each under a random id, and what names them sealed under their own key."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select as pick
from sqlmodel import Session, col, select

from matcher.roster import Person as RosterPerson
from matcher.roster import Roster
from service.among import among
from service.keys import Erased, open_for
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
        return _words(open_for(session, vault, person.id, person.sealed, _context(person.id)))
    except Erased:
        return NOBODY


def _words(content: bytes) -> PersonWords:
    found = json.loads(content)
    if found.get("birth_date"):
        found["birth_date"] = date.fromisoformat(found["birth_date"])
    return PersonWords(**found)


def _plain(words: PersonWords) -> bytes:
    plain: dict[str, Any] = {name: value for name, value in asdict(words).items() if value}
    if words.birth_date is not None:
        plain["birth_date"] = words.birth_date.isoformat()
    return json.dumps(plain, ensure_ascii=False).encode()


def open_people(session: Session, vault: Vault, people: Iterable[Person]) -> dict[str, PersonWords]:
    """Return what names each of many people, by id; their keys are read together."""
    sealed = {person.id: person.sealed for person in people}
    keys = _keys(session, sealed)
    return {id_: _opened(vault, id_, content, keys.get(id_)) for id_, content in sealed.items()}


class Known(NamedTuple):
    """A person as lists need him: no row that could be changed, and his words opened only when asked for."""

    id: str
    area_id: str
    code: str
    erased_at: datetime | None
    sealed: bytes | None
    wrapped: bytes | None

    def words(self, vault: Vault) -> PersonWords:
        """Return what names him; nothing once he is erased."""
        return _opened(vault, self.id, self.sealed, self.wrapped)


def known_people(session: Session, ids: Iterable[str]) -> dict[str, Known]:
    """Return the people of these ids, each with his key where he has one: one question for all of them."""
    asked = (
        pick(*(col(getattr(Person, name)) for name in Known._fields[:-1]), col(PersonKey.wrapped))
        .outerjoin(PersonKey, col(PersonKey.person_id) == col(Person.id))
        .where(among(Person.id, set(ids)))
    )
    return {row[0]: Known._make(row) for row in session.execute(asked)}


def _opened(vault: Vault, person_id: str, sealed: bytes | None, wrapped: bytes | None) -> PersonWords:
    if sealed is None or wrapped is None:
        return NOBODY
    return _words(vault.for_person(wrapped, person_id).open(sealed, _context(person_id)))


def _keys(session: Session, ids: Iterable[str]) -> dict[str, bytes]:
    asked = pick(col(PersonKey.person_id), col(PersonKey.wrapped)).where(among(PersonKey.person_id, ids))
    return {row.person_id: row.wrapped for row in session.execute(asked)}


def _keys_for_all(session: Session, vault: Vault, ids: Iterable[str]) -> dict[str, bytes]:
    """Return the key of everybody; who has none yet gets one."""
    wanted = list(ids)
    found = _keys(session, wanted)
    new = [PersonKey(person_id=id_, wrapped=vault.new_person_key(id_)) for id_ in wanted if id_ not in found]
    session.add_all(new)
    session.flush()
    return found | {key.person_id: key.wrapped for key in new}


def person_of(session: Session, area_id: str, code: str) -> Person | None:
    """Return the person that the rosters of an area call ``code``."""
    return session.exec(select(Person).where(Person.area_id == area_id, Person.code == code)).first()


def people_by_id(session: Session, ids: Iterable[str]) -> dict[str, Person]:
    """Return the people of these ids."""
    return {person.id: person for person in session.exec(select(Person).where(among(Person.id, set(ids))))}


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
    keys = _keys_for_all(session, vault, (id_ for id_, person in rows.items() if person.erased_at is None))
    said = {ids[person.id]: person for person in roster.people}
    for id_, wrapped in keys.items():  # a class has a key too: it seals what is decided on it
        after = _with(before[id_], said.get(id_))
        if after != before[id_] or rows[id_].sealed is None:
            rows[id_].version += rows[id_].sealed is not None
            rows[id_].sealed = vault.for_person(wrapped, id_).seal(_plain(after), _context(id_))
            session.add(rows[id_])
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


def _with(before: PersonWords, said: RosterPerson | None) -> PersonWords:
    given: dict[str, Any] = {name: getattr(said, name) for name in NAMING_FIELDS if getattr(said, name, None)}
    return replace(before, **given)


def _context(person_id: str) -> str:
    return f"person-words:{person_id}"


def chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the values in parts that fit one question to the database."""
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
