"""Russian surnames in the cases papers need, by their endings; None wherever a reader might object.

References
----------
Д. Э. Розенталь, «Справочник по правописанию и литературной правке», §§ 149-152 (surnames).
"""

from __future__ import annotations

from collections.abc import Mapping

CASES = ("gent", "datv", "accs")
"""Genitive, dative, accusative."""
Forms = Mapping[str, str]

_VOWELS = "аеёиоуыэюя"
_NO_CHANGE = tuple("оеёиыуюэ")
_HUSHING = "гкхжшчщ"


def surname_forms(surname: str, gender: str) -> Forms | None:
    """Return a surname by case; ``gender`` is "masc", "femn" or "" (unknown). None: better not declined.

    >>> surname_forms("Иванова", "femn")["accs"], surname_forms("Черных", "masc")["gent"]
    ('Иванову', 'Черных')
    >>> surname_forms("Кравец", "masc") is None
    True
    """
    parts = surname.split("-")
    found = [_forms(part, gender, is_first=number < len(parts) - 1) for number, part in enumerate(parts)]
    if any(one is None for one in found):
        return None
    return {case: "-".join(one[case] for one in found if one is not None) for case in CASES}


def gender_of_surname(surname: str) -> str:
    """Return the gender a surname in the nominative shows by itself, "" where it shows none."""
    low = surname.casefold().rpartition("-")[2]
    if low.endswith(("ова", "ева", "ёва", "ина", "ына", "ская", "цкая")):
        return "femn"
    return "masc" if low.endswith(("ов", "ев", "ёв", "ин", "ын", "ский", "цкий")) else ""


def _forms(word: str, gender: str, *, is_first: bool) -> Forms | None:
    low = word.casefold()
    if len(low) < 2:
        return None
    if low.endswith(("ых", "гих", "ких", "хих", *_NO_CHANGE)):
        return _same(word)
    if gender == "femn":
        return _womans(word, low)
    if gender == "masc":
        return None if is_first and len(low) < 5 else _mans(word, low)
    return None


def _womans(word: str, low: str) -> Forms | None:
    if low.endswith(("ова", "ева", "ёва", "ина", "ына")):
        return _with(word[:-1], "ой", "ой", "у")
    if low.endswith("ая"):
        return None if low[-3:-2] in "жшчщ" else _with(word[:-2], "ой", "ой", "ую")
    if low.endswith("яя"):
        return _with(word[:-2], "ей", "ей", "юю")
    return _vowel(word, low) if low[-1] in "ая" else _same(word)


def _mans(word: str, low: str) -> Forms | None:
    if low.endswith(("ова", "ева", "ёва")) or low in ("лев", "цой"):
        return None
    if low.endswith(("ов", "ев", "ёв", "ин", "ын")):
        return _with(word, "а", "у", "а")
    if low.endswith(("кий", "гий", "хий", "ый")) or (low.endswith("ой") and len(low) > 4):
        return _with(word[:-2], "ого", "ому", "ого")
    if low.endswith(("ий", "ой", "ей", "их", "ень", "овь", "ец", "яц", "ок", "ек", "ёк", "ел", "ёл", "ёр")):
        return None
    if low[-1] in "ая":
        return _vowel(word, low)
    if low[-1] in "йь":
        return _with(word[:-1], "я", "ю", "я")
    return _with(word, "а", "у", "а")


def _vowel(word: str, low: str) -> Forms | None:
    stem, before = word[:-1], low[-2]
    if low[-1] == "я":
        return _with(stem, "и", "и" if before == "и" else "е", "ю")
    if before in _VOWELS:
        return None
    return _with(stem, "и" if before in _HUSHING else "ы", "е", "у")


def _with(stem: str, *endings: str) -> Forms:
    upper = stem.isupper() and len(stem) > 1
    return {case: stem + (ending.upper() if upper else ending) for case, ending in zip(CASES, endings, strict=True)}


def _same(word: str) -> Forms:
    return dict.fromkeys(CASES, word)
