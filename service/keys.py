"""Keys of people: made when a person first appears, used to seal what concerns him, destroyed when he is erased."""

from __future__ import annotations

from sqlmodel import Session

from service.tables.areas import PersonKey
from service.vault import PersonVault, Vault


class Erased(Exception):
    """The key of this person is destroyed: what was sealed with it can never be read again."""


def person_vault(session: Session, vault: Vault, person_id: str) -> PersonVault:
    """Return what opens the data of a person.

    Raises
    ------
    Erased
        When the person has been erased.
    """
    key = session.get(PersonKey, person_id)
    if key is None:
        raise Erased(person_id)
    return vault.for_person(key.wrapped, person_id)


def seal_for(session: Session, vault: Vault, person_id: str | None, content: bytes, context: str) -> bytes:
    """Return ``content`` sealed for a person, or for the installation where nobody is named."""
    if person_id is None:
        return vault.seal(content, context)
    return person_vault(session, vault, person_id).seal(content, context)


def open_for(session: Session, vault: Vault, person_id: str | None, sealed: bytes, context: str) -> bytes:
    """Return what was sealed by :func:`seal_for`; raises :class:`Erased` like :func:`person_vault`."""
    if person_id is None:
        return vault.open(sealed, context)
    return person_vault(session, vault, person_id).open(sealed, context)
