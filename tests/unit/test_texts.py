"""Sentences: English in the code, Russian in the catalogues, and none left out."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from matcher.texts import Text, say, text, text_n

ROOT = Path(__file__).parents[2]
PACKAGES = ("matcher", "benchmarks", "scenarios", "service")


def spoken_sentences() -> dict[str, tuple[str, str | None]]:
    """Return msgid → (file:line, plural msgid) of every ``text(...)`` and ``text_n(...)`` in the code."""
    found: dict[str, tuple[str, str | None]] = {}
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                    continue
                if node.func.id not in ("text", "text_n") or file.name == "texts.py":
                    continue
                place = f"{file.relative_to(ROOT)}:{node.lineno}"
                words = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                plural = words[1] if node.func.id == "text_n" and len(words) > 1 else None
                if words:
                    found.setdefault(words[0], (place, plural))
    return found | sentences_of_pages()


def sentences_of_pages() -> dict[str, tuple[str, str | None]]:
    """Return msgid → (file:line, plural msgid) of every ``t("…")`` and ``tn("…", "…", n)`` in the templates."""
    found: dict[str, tuple[str, str | None]] = {}
    for file in sorted((ROOT / "service" / "pages" / "templates").rglob("*.j2")):
        for call in Environment().parse(file.read_text(encoding="utf-8")).find_all(nodes.Call):
            if not isinstance(call.node, nodes.Name) or call.node.name not in ("t", "tn"):
                continue
            words = [arg.value for arg in call.args if isinstance(arg, nodes.Const) and isinstance(arg.value, str)]
            plural = words[1] if call.node.name == "tn" else None
            if words:
                found.setdefault(words[0], (f"{file.relative_to(ROOT)}:{call.lineno}", plural))
    return found


def catalogues() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for file in sorted((ROOT / "matcher" / "locales" / "ru").glob("*.po")):
        with file.open("rb") as stream:
            for entry in read_po(stream, locale="ru"):
                msgid = entry.id if isinstance(entry.id, str) else entry.id[0]
                wording = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
                if msgid and wording and all(wording):
                    found[msgid] = wording
    return found


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_sentence_has_a_russian_wording() -> None:
    known = catalogues()
    missing = [f"{place}: {msgid}" for msgid, (place, _) in spoken_sentences().items() if msgid not in known]
    assert missing == []


def test_every_counted_sentence_has_three_russian_forms() -> None:
    known = catalogues()
    counted = {msgid: place for msgid, (place, plural) in spoken_sentences().items() if plural}
    short = [f"{place}: {msgid}" for msgid, place in counted.items() if len(known.get(msgid, ())) != 3]
    assert short == []


def test_russian_wordings_fill_the_same_blanks() -> None:
    known = catalogues()
    sentences = spoken_sentences()
    wrong = [
        f"{place}: {msgid!r} → {form!r}"
        for msgid, (place, plural) in sentences.items()
        for form in known.get(msgid, ())
        if not blanks(form) <= blanks(msgid) | blanks(plural or "")
        or (plural is None and blanks(form) != blanks(msgid))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("count", "expected"),
    [(1, "1 место"), (2, "2 места"), (5, "5 мест"), (11, "11 мест"), (21, "21 место"), (101, "101 место")],
)
def test_russian_plurals(count: int, expected: str) -> None:
    assert say(text_n("{count} place", "{count} places", count=count), "ru") == expected


def test_sentences_nest() -> None:
    inner = text("no limit")
    assert str(text("limit: {limit}", limit=inner)) == "limit: no limit"


def test_english_needs_no_catalogue() -> None:
    assert say(Text("{n} of {m}", {"n": 1, "m": 2}), "en") == "1 of 2"


def test_a_timetable_map_has_one_russian_name() -> None:
    maps = re.compile(r"\bкарт(а|ы|е|у|ой|ам|ах|ами)?\b", re.IGNORECASE)
    other = [f"{msgid!r} → {form!r}" for msgid, forms in catalogues().items() for form in forms if maps.search(form)]
    assert [line for line in other if "дорожная карта" not in line] == []
