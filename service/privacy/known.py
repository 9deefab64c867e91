"""What rosters say of one person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlmodel import Session, col, select

from matcher.roster import Person as RosterPerson
from matcher.roster import PersonKind, Roster
from service.rounds.people import open_person
from service.rounds.rosters import ids_of, open_roster
from service.tables.areas import Area, Person
from service.tables.rounds import RosterFile
from service.vault import Vault

ADULT_YEARS = 18


def rosters_near(session: Session, person: Person) -> list[RosterFile]:
    """Return the rosters a person may stand in, the newest first: those of his area and of the areas above it."""
    area = session.get_one(Area, person.area_id)
    above = area.path.strip("/").split("/")
    wanted = select(RosterFile).where(col(RosterFile.area_id).in_(above))
    return list(session.exec(wanted.order_by(col(RosterFile.created_at).desc())))


def rosters_of(session: Session, vault: Vault, person: Person) -> Iterator[tuple[RosterFile, Roster, str]]:
    """Yield (row, roster, code of the person there) of every roster that speaks of a person, the newest first."""
    for row in rosters_near(session, person):
        code = next((code for code, id_ in ids_of(session, vault, row).items() if id_ == person.id), None)
        if code is not None:
            yield row, open_roster(session, vault, row), code


def roster_entry(session: Session, vault: Vault, person: Person) -> RosterPerson | None:
    """Return what the newest roster says of a person, None where none speaks of him."""
    for _, roster, code in rosters_of(session, vault, person):
        return next((one for one in roster.people if one.id == code), None)
    return None


def is_minor(session: Session, vault: Vault, person: Person, day: date) -> bool:
    """Say whether a person is under age; a pupil whose birthday is unknown is taken for it."""
    born = open_person(session, vault, person).birth_date
    if born is not None:
        return _years(born, day) < ADULT_YEARS
    said = roster_entry(session, vault, person)
    return said is not None and said.person_kind is PersonKind.PUPIL


def is_employee(session: Session, vault: Vault, person: Person) -> bool:
    """Say whether labour law speaks of a person (A-42); one no roster speaks of any more is taken for an employee."""
    said = roster_entry(session, vault, person)
    return said is None or said.person_kind is PersonKind.STAFF


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
