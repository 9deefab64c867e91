"""A file that can be read only with the key of backups, and whose every change, cut or reordering shows.

The content is sealed in chunks of one megabyte by AES-256-GCM in the STREAM construction: the nonce of a chunk has its
number and whether it is the last one, so that no chunk can be left out, moved or cut off. The header, in plain, says
how the key is derived; it is bound to every chunk.

References
----------
Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance. CRYPTO 2015.
RFC 7914 (scrypt), RFC 5869 (HKDF).
"""

from __future__ import annotations

import base64
import io
import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from matcher.errors import Fault, InputError
from matcher.texts import text
from service.settings import Settings

_MAGIC = b"MATCHER BACKUP 1\n"
_CHUNK = 2**20
_TAG = 16
_SCRYPT = {"n": 2**17, "r": 8, "p": 1}
_MOST_SCRYPT = 2**20
_MOST_HEADER = 4096


def sealing_header(settings: Settings) -> dict[str, Any]:
    """Return the header of a new file: how its key is derived, from the key of backups or from a passphrase."""
    header: dict[str, Any] = {"salt": _coded(secrets.token_bytes(16)), "nonce": _coded(secrets.token_bytes(7))}
    if settings.backup_passphrase_file is not None:
        return {"key": "passphrase", **_SCRYPT, **header}
    return {"key": "file", **header}


def key_path(settings: Settings) -> Path:
    """Return where the key of backups lies."""
    return settings.backup_key_file or settings.folder / "backup.key"


def derive_key(header: dict[str, Any], settings: Settings, *, create: bool = False) -> bytes:
    """Return the key of one file.

    Raises
    ------
    InputError
        When the key or the passphrase is not there.
    """
    salt = base64.b64decode(header["salt"])
    if header["key"] == "passphrase":
        if not 0 < header["n"] <= _MOST_SCRYPT or not 0 < header["r"] * header["p"] <= 64:
            raise InputError([Fault("backup", text("this is no backup of this program"))])
        return Scrypt(salt, 32, header["n"], header["r"], header["p"]).derive(_passphrase(settings))
    return HKDF(SHA256(), 32, salt, b"matcher backup").derive(_key_of_file(key_path(settings), create=create))


def _passphrase(settings: Settings) -> bytes:
    path = settings.backup_passphrase_file
    if path is None or not path.is_file():
        cure = text("name its file with the setting backup_passphrase_file")
        raise InputError([Fault("backup", text("the passphrase of the backup is needed"), cure)])
    found = path.read_bytes().strip()
    if len(found) < 16:
        cure = text("choose at least sixteen characters, for example six words drawn by dice")
        raise InputError([Fault(str(path), text("the passphrase is too short"), cure)])
    return found


def _key_of_file(path: Path, *, create: bool) -> bytes:
    if not path.exists():
        if not create:
            cure = text("put the key of backups back, or name its file with the setting backup_key_file")
            raise InputError([Fault(str(path), text("there is no key of backups"), cure)])
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(secrets.token_bytes(32)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
    try:
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise InputError([Fault(str(path), text("the file holds no key"))])
    return key


class SealedWriter(io.RawIOBase):
    """Seals what is written, chunk by chunk; :meth:`finish` writes the last chunk."""

    def __init__(self, file: BinaryIO, header: dict[str, Any], key: bytes) -> None:
        self._file, self._cipher = file, AESGCM(key)
        self._header = json.dumps(header, sort_keys=True).encode()
        self._nonce = base64.b64decode(header["nonce"])
        self._waiting = bytearray()
        self._number = self._written = 0
        file.write(_MAGIC + len(self._header).to_bytes(4, "big") + self._header)

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, content: Any) -> int:
        """Take bytes."""
        size = memoryview(content).nbytes
        self._waiting += content
        self._written += size
        while len(self._waiting) > _CHUNK:
            self._seal(bytes(self._waiting[:_CHUNK]), last=False)
            del self._waiting[:_CHUNK]
        return size

    def tell(self) -> int:
        """Return how many bytes were taken."""
        return self._written

    def finish(self) -> None:
        """Write the last chunk."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._nonce, self._number, last=last), chunk, self._header))
        self._number += 1


def read_header(file: BinaryIO, name: str) -> dict[str, Any]:
    """Return the header of a sealed file, which stands at its first chunk afterwards.

    Raises
    ------
    InputError
        When the file is no backup.
    """
    if file.read(len(_MAGIC)) != _MAGIC:
        raise _foreign(name)
    size = int.from_bytes(file.read(4), "big")
    try:
        if size > _MOST_HEADER:
            raise ValueError
        header: dict[str, Any] = json.loads(file.read(size))
        base64.b64decode(header["nonce"], validate=True)
    except (ValueError, KeyError, TypeError):
        raise _foreign(name) from None
    return header


def opened_chunks(file: BinaryIO, header: dict[str, Any], key: bytes, name: str) -> Iterator[bytes]:
    """Yield the content of a sealed file whose header has been read.

    Raises
    ------
    InputError
        When it does not open: another key, or damaged, cut off or changed.
    """
    cipher, bound = AESGCM(key), json.dumps(header, sort_keys=True).encode()
    nonce = base64.b64decode(header["nonce"])
    number = 0
    chunk = file.read(_CHUNK + _TAG)
    while True:
        following = file.read(_CHUNK + _TAG)
        try:
            yield cipher.decrypt(_nonce(nonce, number, last=not following), chunk, bound)
        except InvalidTag:
            cure = text("use the key this backup was made with, or another copy of the file")
            raise InputError([Fault(name, text("the backup does not open: another key, or damaged"), cure)]) from None
        if not following:
            return
        chunk, number = following, number + 1


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


def _coded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _foreign(name: str) -> InputError:
    return InputError([Fault(name, text("this is no backup of this program"))])
