"""Passwords: how they are kept, which are refused, and how a storm of sign-ins is kept from eating the machine.

References
----------
RFC 9106 (Argon2id); OWASP ASVS 5.0, 6.2 (eight characters or more, sixty-four allowed, no rules of composition, the
three thousand most common ones refused).
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from importlib import resources

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from matcher.errors import Fault
from matcher.texts import text
from service.errors import Problem

MIN_LENGTH, MAX_LENGTH = 8, 128
_MEMORY_KIB = 19 * 1024
_AT_ONCE = 2
"""Hashes made at once: each takes 19 MiB and one core for some 30 ms."""
_PLACES = 6
"""Who may wait for his turn: more would wait longer than anybody waits for a page."""

_hasher = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=_MEMORY_KIB, parallelism=1),))
# Threads of their own: the memory of a hash stays with the thread that made it, and must not stay with all of them.
_turns = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="argon2")
_places = threading.BoundedSemaphore(_PLACES)
_reserved = threading.BoundedSemaphore(_PLACES)


class Busy(Problem):
    """Too many people sign in at this moment."""

    def __init__(self) -> None:
        super().__init__(
            429,
            "too-many-requests",
            text("Too many requests. Please wait a little."),
            headers={"Retry-After": "2"},
        )


def hash_password(password: str) -> str:
    """Return what is kept of a password.

    Raises
    ------
    Busy
        When too many hashes are being made already.
    """
    with place(reserved=True):
        return _turns.submit(_hasher.hash, _same(password)).result()


def fits(password: str, kept: str | None) -> bool:
    """Say whether a password is the one that is kept; where none is kept it takes as long, and is never the one.

    The caller holds a :func:`place`.
    """
    against = kept if kept is not None else _nobodys()
    found = _turns.submit(_hasher.verify, _same(password), against).result()
    return found and kept is not None


@contextmanager
def place(*, reserved: bool) -> Iterator[None]:
    """Hold a place among those whose password is looked at; ``reserved`` ones are for people we know.

    Raises
    ------
    Busy
        When all places are taken.
    """
    places = _reserved if reserved else _places
    if not places.acquire(blocking=False):
        raise Busy
    try:
        yield
    finally:
        places.release()


@cache
def _nobodys() -> str:
    return _hasher.hash("the password of nobody")


def _same(password: str) -> str:
    """Return one form of what looks the same on different keyboards."""
    return unicodedata.normalize("NFC", password)


def faults_of(password: str, login: str, place: str = "password") -> list[Fault]:
    """Return everything wrong with a password somebody wants."""
    found: list[Fault] = []
    known = _same(password)
    cure = text("several words in a row are easy to remember and hard to guess")
    if len(known) < MIN_LENGTH:
        found.append(Fault(place, text("a password has at least {count} characters", count=MIN_LENGTH), cure))
    if len(known) > MAX_LENGTH:
        found.append(Fault(place, text("a password has at most {count} characters", count=MAX_LENGTH)))
    if _common(known.casefold()) or known.casefold() == login.casefold():
        found.append(Fault(place, text("this password is among the first anybody would try"), cure))
    return found


_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбюё"
_TYPED = str.maketrans(_CYRILLIC, _LATIN)


def _common(password: str) -> bool:
    """Say whether a password is common as it stands, or typed with the other layout of the keyboard."""
    return password in _list() or password.translate(_TYPED) in _list()


@cache
def _list() -> frozenset[str]:
    file = resources.files("service.access") / "common_passwords.txt"
    _, _, words = file.read_text(encoding="utf-8").partition("\n\n")
    return frozenset(words.split("\n")) - {""}
