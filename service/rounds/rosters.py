"""Rosters as they are kept: without anybody's name, birthday or code, which stand under the key of each person.

The sealed roster speaks of people by the ids of their rows. Opened, it has their codes and names again, but of those
erased since: there it says nothing but the id of a row.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Lock
from typing import Any

from sqlalchemy import select as pick
from sqlmodel import Session, col, select

from matcher.canonical import in_canonical_order
from matcher.roster import Person as RosterPerson
from matcher.roster import Roster
from service.among import among
from service.rounds.people import NAMING_FIELDS, Known, keep_people, known_people, person_of
from service.rounds.roster_json import roster_json, roster_of
from service.tables.areas import Area, Person
from service.tables.rounds import RosterFile
from service.vault import Vault

__all__ = ["digest_of", "ids_of", "keep_people", "open_roster", "person_of", "seal_roster", "without_names"]

_NAMELESS: Mapping[str, Any] = dict.fromkeys(NAMING_FIELDS) | {"name": ""}


def digest_of(roster: Roster) -> str:
    """Return a word that is the same for the same roster only."""
    return hashlib.sha256(roster_json(roster)).hexdigest()


def without_names(roster: Roster) -> Roster:
    """Return a roster with nothing in it that names anybody but the codes."""
    return replace(roster, people=tuple(replace(person, **_NAMELESS) for person in roster.people))


def seal_roster(vault: Vault, roster: Roster, ids: Mapping[str, str], row_id: str) -> bytes:
    """Return a roster sealed for the row ``row_id``; ``ids`` are those of :func:`keep_people`.

    Its rows go in canonical order: plans name requests by their place in it ("request:2").
    """
    roster = in_canonical_order(roster)
    people = {person.id: ids[person.id] for person in roster.people}
    classes = {one.person: ids[one.person] for one in roster.mentees if one.is_class}
    nameless = renamed(without_names(roster), lambda code: people.get(code, code))
    return reseal_nameless(vault, row_id, classes, nameless)


def open_roster(session: Session, vault: Vault, row: RosterFile) -> Roster:
    """Return a roster with the codes and names of its people."""
    _, nameless = open_nameless(vault, row)
    rows = known_people(session, (person.id for person in nameless.people))
    return _with_names(vault, nameless, rows, {id_: one.code for id_, one in rows.items()})


def open_sides(session: Session, vault: Vault, row: RosterFile) -> tuple[Roster, dict[str, str]]:
    """Return a roster whose people are its mentors and mentees alone, and code → id of everybody.

    It is enough to judge pairs by, and most people of a city's roster are neither.
    """
    _, roster = _KEPT.get(vault, row)
    nameless = _sides(roster)
    ids = ids_of(session, vault, row)
    rows = known_people(session, (person.id for person in nameless.people))
    return _with_names(vault, nameless, rows, {id_: code for code, id_ in ids.items()}), ids


def _with_names(vault: Vault, nameless: Roster, rows: Mapping[str, Known], codes: Mapping[str, str]) -> Roster:
    def named(person: RosterPerson) -> RosterPerson:
        one = rows.get(person.id)
        if one is None:
            return person
        if one.erased_at is not None:
            return replace(person, id=one.code)  # what figures need stands in the roster itself
        words = one.words(vault)
        given: dict[str, Any] = {name: getattr(words, name) for name in NAMING_FIELDS}
        return replace(person, id=one.code, **given)

    others = renamed(replace(nameless, people=()), lambda id_: codes.get(id_, id_))
    return replace(others, people=tuple(map(named, nameless.people)))


def ids_of(session: Session, vault: Vault, row: RosterFile) -> dict[str, str]:
    """Return the code of everybody of a roster, classes that are mentees included → id of the row."""
    classes, nameless = open_nameless(vault, row)
    asked = pick(col(Person.code), col(Person.id)).where(among(Person.id, [person.id for person in nameless.people]))
    return classes | {row.code: row.id for row in session.execute(asked)}


def keep_roster(
    session: Session, vault: Vault, area: Area, roster: Roster, *, name: str, remarks: list[dict[str, str]], by: str
) -> RosterFile:
    """Keep a roster and everybody in it; return its row, which the caller's transaction adds."""
    _one_at_a_time(session, area)
    ids = keep_people(session, vault, area, roster)
    row = RosterFile(
        area_id=area.id,
        name=name,
        sealed=b"",
        digest=digest_of(roster),
        num_people=len(roster.people),
        num_mentors=len(roster.mentors),
        num_mentees=len(roster.mentees),
        remarks=remarks,
        created_by=by,
    )
    row.sealed = seal_roster(vault, roster, ids, row.id)
    session.add(row)
    session.flush()
    return row


def _one_at_a_time(session: Session, area: Area) -> None:
    """Let nobody else keep a roster of the same region meanwhile: both might make a row for the same person."""
    top = area.path.strip("/").partition("/")[0]
    session.exec(select(Area.id).where(Area.id == top).with_for_update(key_share=True)).one()


def open_nameless(vault: Vault, row: RosterFile) -> tuple[dict[str, str], Roster]:
    """Return the rows of classes that are mentees (class → id), and the roster as kept: ids instead of codes."""
    classes, roster = _KEPT.get(vault, row)
    return dict(classes), roster


class Kept:
    """The rosters opened last, of so many people together: a municipality has one of every school."""

    def __init__(self, most_people: int) -> None:
        self._most_people, self._num_people = most_people, 0
        self._kept: OrderedDict[tuple[Vault, str, int], tuple[Mapping[str, str], Roster]] = OrderedDict()
        self._lock = Lock()

    def get(self, vault: Vault, row: RosterFile) -> tuple[Mapping[str, str], Roster]:
        """Return a roster as it is sealed; a row that was sealed anew has another version."""
        key = (vault, row.id, row.version)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        head, _, body = vault.open(row.sealed, _context(row.id)).partition(b"\n")
        classes: dict[str, str] = json.loads(head)
        found = classes, roster_of(body)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = found
                self._num_people += len(found[1].people)
            while self._num_people > self._most_people and len(self._kept) > 1:
                _, (_, oldest) = self._kept.popitem(last=False)
                self._num_people -= len(oldest.people)
        return found


_KEPT = Kept(most_people=20_000)
"""What is kept names nobody and never changes; so many people take some 20 MB."""


def _sides(roster: Roster) -> Roster:
    """Return a roster of whose people only mentors and mentees are left."""
    sides = {one.person for one in roster.mentors} | {one.person for one in roster.mentees}
    return replace(roster, people=tuple(person for person in roster.people if person.id in sides))


def reseal_nameless(vault: Vault, row_id: str, classes: Mapping[str, str], roster: Roster) -> bytes:
    """Return what :func:`open_nameless` gave, sealed again for its row."""
    return vault.seal(json.dumps(dict(classes)).encode() + b"\n" + roster_json(roster), _context(row_id))


def _context(row_id: str) -> str:
    return f"roster:{row_id}"


def renamed(roster: Roster, name: Callable[[str], str]) -> Roster:
    """Return a roster in which people are called otherwise; ``name`` leaves the ids of classes as they are."""

    def optional(code: str | None) -> str | None:
        return None if code is None else name(code)

    return replace(
        roster,
        classes=tuple(replace(one, class_teacher=optional(one.class_teacher)) for one in roster.classes),
        people=tuple(replace(one, id=name(one.id)) for one in roster.people),
        mentors=tuple(replace(one, person=name(one.person)) for one in roster.mentors),
        mentees=tuple(one if one.is_class else replace(one, person=name(one.person)) for one in roster.mentees),
        wishes=tuple(replace(o, from_person=name(o.from_person), to_person=name(o.to_person)) for o in roster.wishes),
        compatibility=tuple(replace(o, mentor=name(o.mentor), mentee=name(o.mentee)) for o in roster.compatibility),
        overrides=tuple(replace(o, mentor=optional(o.mentor), mentee=optional(o.mentee)) for o in roster.overrides),
        locks=tuple(replace(one, mentor=name(one.mentor), mentee=name(one.mentee)) for one in roster.locks),
        availability=tuple(replace(one, person=name(one.person)) for one in roster.availability),
        absences=tuple(replace(one, person=name(one.person)) for one in roster.absences),
        consents=tuple(replace(one, person=name(one.person)) for one in roster.consents),
    )
