"""Sentences for people: written in English in the code, shown in Russian or English.

A :class:`Text` is a sentence with its blanks kept apart, so that the core can speak without knowing the
reader's language. The Russian wording stands in ``locales/ru/*.po`` (one file per room, all of them read).
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Literal

Lang = Literal["ru", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence: ``msgid`` with blanks in braces, their values, and the plural form where it counts something.

    Values may be sentences themselves. ``count`` is the number that chooses the plural form.
    """

    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)
    plural: str | None = None
    count: int = 1

    def __str__(self) -> str:
        """Return the English sentence."""
        return say(self, "en")


def text(msgid: str, /, **params: object) -> Text:
    """Return the sentence ``msgid`` with its blanks filled.

    >>> str(text("{name} has no mentor", name="N-7"))
    'N-7 has no mentor'
    """
    return Text(msgid, params)


def text_n(singular: str, plural: str, /, *, count: int, **params: object) -> Text:
    """Return a sentence that counts something; ``{count}`` is filled in.

    >>> str(text_n("{count} place", "{count} places", count=5))
    '5 places'
    """
    return Text(singular, {"count": count, **params}, plural, count)


def say(message: Text | str, lang: Lang) -> str:
    """Return ``message`` in the language ``lang``; a plain string passes unchanged."""
    if isinstance(message, str):
        return message
    params = {name: say(value, lang) if isinstance(value, Text) else value for name, value in message.params.items()}
    return _wording(message, lang).format_map(params)


def _wording(message: Text, lang: Lang) -> str:
    if lang == "en":
        return message.msgid if message.plural is None or message.count == 1 else message.plural
    forms = _catalogue(lang).get(message.msgid)
    if forms is None:
        return _wording(message, "en")
    return forms[min(_plural_form(message.count), len(forms) - 1)]


# Russian: 1 пара, 2 пары, 5 пар (Unicode CLDR plural rules).
_plural_form = gettext.c2py("n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2")


@cache
def _catalogue(lang: Lang) -> dict[str, tuple[str, ...]]:
    """Return msgid → wording, one entry a plural form."""
    from babel.messages.pofile import read_po  # read here: English needs no catalogue

    found: dict[str, tuple[str, ...]] = {}
    for file in sorted(resources.files("matcher").joinpath("locales", lang).iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".po"):
            continue
        with file.open("rb") as stream:
            for entry in read_po(stream, locale=lang):
                key = entry.id if isinstance(entry.id, str) else entry.id[0]
                wording = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
                if key and wording and all(wording):
                    found[key] = wording
    return found
