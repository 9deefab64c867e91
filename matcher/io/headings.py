"""Recognising sheets and columns by whatever a user calls them."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from matcher.io.columns import Column, Sheet
from matcher.io.sheets import SHEETS

_DASHES = re.compile(r"\s*[-‐‑‒–—−]\s*")
_SPACES = re.compile(r"\s+")
# Letters that look the same in both alphabets; folded only to find what a user may have meant.
_LOOKALIKES = str.maketrans("авекмнорстухіѕј", "abekmhopctyxisj")


def fold(label: str) -> str:
    """Return a spelling without the differences that do not matter: case, ё, dashes, spaces, a required mark.

    >>> fold(" Педагог —  УЧЁНЫЙ* ")
    'педагог-ученый'
    """
    folded = unicodedata.normalize("NFKC", label).casefold().replace("ё", "е")
    folded = _DASHES.sub("-", _SPACES.sub(" ", folded)).strip(" *:.")
    return folded.strip()


def near(wanted: str, known: Iterable[str], *, num: int = 3) -> tuple[str, ...]:
    """Return the known spellings nearest to ``wanted``, lookalike letters of the two alphabets counting as equal."""
    by_fold: dict[str, str] = {}
    for name in known:
        by_fold.setdefault(_look(name), name)
    found = difflib.get_close_matches(_look(wanted), by_fold, n=num, cutoff=0.7)
    return tuple(by_fold[name] for name in found)


def _look(name: str) -> str:
    return fold(name).translate(_LOOKALIKES)


@cache
def _sheets_by_name() -> dict[str, Sheet]:
    return {fold(name): sheet for sheet in SHEETS for name in (sheet.id, sheet.ru, sheet.en)}


def sheet_named(name: str) -> Sheet | None:
    """Return the sheet a user calls ``name``."""
    return _sheets_by_name().get(fold(name))


@cache
def columns_by_name(sheet_id: str) -> dict[str, Column]:
    """Return folded heading → column of a sheet."""
    (sheet,) = (sheet for sheet in SHEETS if sheet.id == sheet_id)
    return {fold(name): column for column in sheet.columns for name in column.names()}
