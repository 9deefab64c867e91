"""People's names as papers need them: declined where it is sure, short, with the gender that verbs agree with.

Surnames go by their endings, given names by the dictionary of pymorphy3, patronymics by both of their two endings.
Where the dictionary knows a surname otherwise, or a name is not plainly Russian, nothing is declined: the templates
have a wording for that which keeps the nominative.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from pymorphy3 import MorphAnalyzer  # type: ignore[import-untyped]

from service.organisations.surnames import CASES, Forms, gender_of_surname, surname_forms

_INITIAL = re.compile(r"^[А-ЯЁA-Z]\.?-?(?:[А-ЯЁA-Z]\.?)?$")
_CYRILLIC = re.compile(r"^[А-ЯЁ][а-яё]+(?:-[А-ЯЁ]?[а-яё]+)*$|^[А-ЯЁ]+(?:-[А-ЯЁ]+)*$")
_HIS, _HERS = ("вич", "ьич", "мич", "кич", "тич", "лич", "нич"), ("вна", "чна", "шна")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A name. ``genitive``, ``dative`` and ``accusative`` are empty where declining it is not sure."""

    name: str = ""
    short: str = ""
    genitive: str = ""
    dative: str = ""
    accusative: str = ""
    gender: str = ""


NOBODY = Named()


@lru_cache(maxsize=4096)
def named(name: str) -> Named:
    """Return all that papers say of a name ("Иванова Анна Петровна").

    >>> one = named("Иванова Анна Петровна")
    >>> one.accusative, one.short
    ('Иванову Анну Петровну', 'Иванова А. П.')
    >>> named("Мамедов Али Гасан оглы").genitive
    ''
    """
    name = " ".join(name.split())
    words = _split_initials(name)
    gender = _gender(words)
    forms = _declined(words, gender)
    return Named(
        name=name,
        short=_short(name, words),
        gender=gender,
        genitive=forms.get("gent", ""),
        dative=forms.get("datv", ""),
        accusative=forms.get("accs", ""),
    )


def _split_initials(name: str) -> list[str]:
    return re.sub(r"(?<=\.)(?=[А-ЯЁA-Z])", " ", name).split()


def _short(name: str, words: list[str]) -> str:
    if not 2 <= len(words) <= 3 or not all(word[0].isupper() for word in words) or _is_given_first(words):
        return name
    return " ".join([words[0], *(f"{word[0]}." for word in words[1:])])


def _is_given_first(words: list[str]) -> bool:
    """Say whether a name seems to begin with the given name: then it is left as it is written."""
    if words[1].casefold().endswith((*_HIS, *_HERS)):
        return True
    return len(words) == 2 and not _INITIAL.match(words[1]) and not _gender_of_given(words[1])


def _gender(words: list[str]) -> str:
    if len(words) >= 3:
        last = words[2].casefold()
        if last.endswith(_HIS):
            return "masc"
        if last.endswith(_HERS):
            return "femn"
    if len(words) > 3:
        return {"оглы": "masc", "кызы": "femn"}.get(words[3].casefold(), "")
    if len(words) >= 2 and not _INITIAL.match(words[1]):
        return _gender_of_given(words[1])
    return gender_of_surname(words[0]) if words else ""


def _declined(words: list[str], gender: str) -> Mapping[str, str]:
    if not 2 <= len(words) <= 3 or not _CYRILLIC.match(words[0]):
        return {}
    parts = [_surname(words[0], gender)]
    for number, word in enumerate(words[1:], start=1):
        if _INITIAL.match(word):
            parts.append(dict.fromkeys(CASES, f"{word[0]}."))
        else:
            parts.append(_given(word, gender) if number == 1 else _patronymic(word, gender))
    if any(part is None for part in parts):
        return {}
    return {case: " ".join(part[case] for part in parts if part is not None) for case in CASES}


def _patronymic(word: str, gender: str) -> Forms | None:
    low = word.casefold()
    if gender == "masc" and low.endswith(_HIS):
        return _ended(word, ("а", "у", "а"))
    if gender == "femn" and low.endswith(_HERS):
        return _ended(word[:-1], ("ы", "е", "у"))
    return None


def _ended(stem: str, endings: tuple[str, str, str]) -> Forms:
    upper = stem.isupper()
    return {c: stem + (ending.upper() if upper else ending) for c, ending in zip(CASES, endings, strict=True)}


def _surname(word: str, gender: str) -> Forms | None:
    forms = surname_forms(word, gender)
    if forms is None or _doubtful(word, gender, forms):
        return None
    return forms


def _doubtful(word: str, gender: str, forms: Forms) -> bool:
    """Say whether the dictionary speaks against the endings: another form, or a common word (Малина, Долина)."""
    if "-" in word:
        return any(_doubtful(part, gender, _part(forms, number)) for number, part in enumerate(word.split("-")))
    known = [one for one in _analyser().parse(word.casefold()) if one.is_known]
    if gender == "femn" and word.casefold().endswith(("ина", "ына")):
        common = [one for one in known if "NOUN" in one.tag and "nomn" in one.tag and not _is_proper(one.tag)]
        if common:
            return True
    surnames = [one for one in known if {"Surn", "sing", "nomn"} in one.tag and gender in (one.tag.gender or gender)]
    for one in surnames:
        for case in CASES:
            other = one.inflect({case, "sing"})
            if other is not None and _plain(other.word) == _plain(forms[case]):
                continue
            return len(surnames) == 1
    return False


def _part(forms: Forms, number: int) -> Forms:
    return {case: form.split("-")[number] for case, form in forms.items()}


def _is_proper(tag: Any) -> bool:
    return any(mark in tag for mark in ("Surn", "Name", "Geox", "Patr"))


def _plain(word: str) -> str:
    return word.casefold().replace("ё", "е")


def _given(word: str, gender: str) -> Forms | None:
    if not gender or not _CYRILLIC.match(word):
        return None
    parts = [_given_part(part, gender) for part in word.split("-")]
    if any(part is None for part in parts):
        return None
    return {case: "-".join(part[case] for part in parts if part is not None) for case in CASES}


def _given_part(word: str, gender: str) -> Forms | None:
    for one in _analyser().parse(word.casefold()):
        if one.is_known and {"Name", "sing", "nomn"} in one.tag and one.tag.gender == gender:
            found = {case: one.inflect({case, "sing"}) for case in CASES}
            if any(form is None for form in found.values()):
                return None
            return {case: _as_written(word, form.word) for case, form in found.items() if form is not None}
    return None


def _as_written(model: str, word: str) -> str:
    word = word if "ё" in model.casefold() else word.replace("ё", "е")
    return word.upper() if model.isupper() else word[:1].upper() + word[1:]


def _gender_of_given(word: str) -> str:
    genders = {
        one.tag.gender
        for one in _analyser().parse(word.casefold())
        if one.is_known and {"Name", "sing", "nomn"} in one.tag
    }
    return str(genders.pop()) if len(genders) == 1 and genders <= {"masc", "femn"} else ""


@cache
def _analyser() -> MorphAnalyzer:
    return MorphAnalyzer()
