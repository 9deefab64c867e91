"""Takes what names one person out of texts: his name in the ways it is written, his contacts, a code that tells of him.

Texts keep their sense: each place gets a label instead, the same everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_NEUTRAL = re.compile(r"[^\W\d_]{0,3}(?:[\d\-_./:]+[^\W\d_]{0,3})*")
_MOST_DIGITS = 6
_LEAST_SURNAME = 4


def is_neutral(code: str) -> bool:
    """Say whether a code tells nothing of its person: few letters in a row, a number, and not a long one.

    >>> is_neutral("M-17"), is_neutral("S5-N-003"), is_neutral("ivanova"), is_neutral("123-456-789 00")
    (True, True, False, False)
    """
    digits = sum(letter.isdigit() for letter in code)
    return 0 < digits <= _MOST_DIGITS and _NEUTRAL.fullmatch(code) is not None


def variants(name: str) -> list[str]:
    """Return the ways a full name is usually written, the longest first; the surname alone is none of them.

    >>> variants("Иванова Анна")
    ['Анна Иванова', 'Иванова Анна', 'А. Иванова', 'Иванова А.']
    """
    parts = name.split()
    if len(parts) < 2:
        return [name] if name else []
    surname, first, *rest = parts
    short = f"{first[0]}."
    both = "".join([short, *(f"{word[0]}." for word in rest)])
    spaced = " ".join([short, *(f"{word[0]}." for word in rest)])
    given = " ".join([first, *rest])
    found = {name, f"{given} {surname}", f"{surname} {first}", f"{first} {surname}"}
    found |= {f"{surname} {one}" for one in (both, spaced, short)} | {
        f"{one} {surname}" for one in (both, spaced, short)
    }
    found |= {f"{surname} {both.replace('.', '')}"} if rest else set()
    return sorted(found, key=lambda word: (-len(word), word))


def surname_of(name: str) -> str | None:
    """Return the surname of a full name where it is long enough to be told from other words."""
    parts = name.split()
    return parts[0] if len(parts) > 1 and len(parts[0]) >= _LEAST_SURNAME else None


class Forgotten:
    """Replaces what names one person. ``words`` get ``label``; ``code``, where it tells of him, gets ``new_code``."""

    def __init__(self, words: Iterable[str], label: str, *, code: str = "", new_code: str = "") -> None:
        self.label, self.code, self.new_code = label, code, new_code
        self.words = sorted({word.strip() for word in words if word.strip()}, key=lambda word: (-len(word), word))
        patterns = [r"(?<!\w)" + r"\s+".join(map(re.escape, word.split())) + r"(?!\w)" for word in self.words]
        self._names = re.compile("|".join(patterns)) if patterns else None
        changes = bool(code) and code != new_code
        self._code = re.compile(rf"(?<![\w-]){re.escape(code)}(?![\w-])") if changes else None

    @property
    def needles(self) -> list[str]:
        """Return the strings that must not be found any more."""
        return [*self.words, *([self.code] if self._code is not None else [])]

    def text(self, said: str) -> str:
        """Return a text without the person."""
        if self._names is not None:
            said = self._names.sub(self.label, said)
        return said if self._code is None else self._code.sub(self.new_code, said)

    def value(self, said: Any) -> Any:
        """Return a JSON value without the person, in keys and in values."""
        if isinstance(said, str):
            return self.text(said)
        if isinstance(said, dict):
            return {self.text(key): self.value(one) for key, one in said.items()}
        if isinstance(said, list):
            return [self.value(one) for one in said]
        return said


def code_between(before: str | None, random_part: str) -> str:
    """Return a code that stands right after ``before`` in order: plans keep people in the order of their codes."""
    return f"{before or ''}!{random_part}"
