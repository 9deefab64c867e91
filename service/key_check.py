"""Whether the key file at hand is the one the data are sealed with: asked before anything is served or solved."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path

from sqlmodel import select

from matcher.errors import Fault, InputError
from matcher.texts import text
from service.database import Database
from service.tables.access import Account
from service.tables.areas import PersonKey
from service.tables.privacy import Setting
from service.vault import BrokenSeal, Vault

SETTING = "sealed_word"
_WORD = b"sealed with the key of this service"


def may_make_key(database: Database) -> bool:
    """Say whether nothing is sealed yet; data that are there need the key they have been sealed with."""
    with database.reading() as session:
        return session.get(Setting, SETTING) is None and session.exec(select(Account.id).limit(1)).first() is None


def check_key(database: Database, vault: Vault, path: Path) -> None:
    """Check that the key opens what is in the database.

    Raises
    ------
    InputError
        When other data were sealed with it.
    """
    try:
        with database.reading() as session:
            kept = session.get(Setting, SETTING)
            person = None if kept else session.exec(select(PersonKey).limit(1)).first()
            if kept is not None:
                vault.open(base64.b64decode(kept.value, validate=True), SETTING)
            elif person is not None:
                vault.for_person(person.wrapped, person.person_id)
    except (BrokenSeal, binascii.Error):
        cure = text("name the key file that belongs to this database: key_file, MATCHER_KEY_FILE")
        raise InputError([Fault(str(path), text("this key does not open the data of the database"), cure)]) from None


def remember_key(database: Database, vault: Vault) -> None:
    """Leave a word sealed with the key, by which a wrong one is found out at the next start."""
    with database.reading() as session:
        if session.get(Setting, SETTING) is not None:
            return
    with database.writing() as session:
        session.merge(Setting(name=SETTING, value=base64.b64encode(vault.seal(_WORD, SETTING)).decode()))
