"""Sealing of personal data: a master key of the installation, and a key of each person wrapped by it.

Sealed bytes are AES-256-GCM with a fresh nonce; ``context`` is bound to them, so that a sealed value moved to another
row does not open there.

References
----------
NIST SP 800-38D (GCM).
"""

from __future__ import annotations

import base64
import os
import secrets
import zlib
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from matcher.errors import Fault, InputError
from matcher.texts import text

_NONCE = 12


class BrokenSeal(Exception):
    """Sealed bytes do not open: another key, another context, or damaged. Restore the key that belongs to the data."""


class Vault:
    """Seals and opens bytes with the master key, and with keys of people that it wraps."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, content: bytes, context: str) -> bytes:
        """Return ``content`` compressed and sealed for ``context``."""
        return _seal(self._cipher, content, context)

    def open(self, sealed: bytes, context: str) -> bytes:
        """Return what was sealed for ``context``.

        Raises
        ------
        BrokenSeal
            When it was sealed with another key or for another context, or was damaged.
        """
        return _open(self._cipher, sealed, context)

    def new_person_key(self, person_id: str) -> bytes:
        """Return a new key for a person, wrapped."""
        return self.seal(AESGCM.generate_key(256), f"person:{person_id}")

    def for_person(self, wrapped: bytes, person_id: str) -> PersonVault:
        """Return what seals and opens the data of one person."""
        return PersonVault(self.open(wrapped, f"person:{person_id}"))


class PersonVault:
    """Seals and opens the data of one person."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, content: bytes, context: str) -> bytes:
        """Return ``content`` compressed and sealed for ``context``."""
        return _seal(self._cipher, content, context)

    def open(self, sealed: bytes, context: str) -> bytes:
        """Return what was sealed for ``context``; raises like :meth:`Vault.open`."""
        return _open(self._cipher, sealed, context)


def _seal(cipher: AESGCM, content: bytes, context: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + cipher.encrypt(nonce, zlib.compress(content, 6), context.encode())


def _open(cipher: AESGCM, sealed: bytes, context: str) -> bytes:
    try:
        return zlib.decompress(cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], context.encode()))
    except InvalidTag:
        raise BrokenSeal(context.partition(":")[0]) from None


def open_vault(path: Path, *, create: bool) -> Vault:
    """Return the vault of a key file; make the file, readable by its owner only, where ``create`` allows it.

    Raises
    ------
    InputError
        When there is no key file and none may be made, or it holds no key, or this user may not read or write it.
    """
    if not path.exists():
        if not create:
            cure = text("restore the key file from where you keep it: without it sealed data cannot be read")
            raise InputError([Fault(str(path), text("there is no key file"), cure)])
        _make_key(path)
    try:
        return Vault(_key(path))
    except OSError:
        cure = text("let the user of the service read it")
        raise InputError([Fault(str(path), text("the key file cannot be read"), cure)]) from None
    except ValueError:
        cure = text("restore the key file from where you keep it: without it sealed data cannot be read")
        raise InputError([Fault(str(path), text("the file holds no key"), cure)]) from None


def _make_key(path: Path) -> None:
    content = base64.b64encode(AESGCM.generate_key(256)) + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        cure = text("let the user of the service write there for the first start, or name another place: key_file")
        raise InputError([Fault(str(path), text("the key file cannot be made here"), cure)]) from None


def _key(path: Path) -> bytes:
    key = base64.b64decode(path.read_bytes().strip(), validate=True)
    if len(key) != 32:
        raise ValueError("a key has 32 bytes")
    return key
