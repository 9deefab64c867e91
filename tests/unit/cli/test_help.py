"""Help pages speak one language throughout."""

from __future__ import annotations

import re

import pytest

from matcher.cli import language, start
from matcher.texts import Lang

_ENGLISH = r"Usage|OPTIONS|COMMAND|Options|Arguments|Commands|required|default|Show this|<\w+>"


def page(capsys: pytest.CaptureFixture[str], lang: Lang, *words: str) -> str:
    language.choose(lang)
    with pytest.raises(SystemExit) as end:
        start._run(lang, [*words, "--help"])
    assert end.value.code == start.FINE
    return capsys.readouterr().out


@pytest.mark.parametrize(
    "words", [[], ["plan"], ["verify"], ["generate"], ["explain"], ["policy"], ["policy", "show"], ["calendar"]]
)
def test_a_russian_page_has_no_english_words(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    found = page(capsys, "ru", *words)
    assert re.findall(_ENGLISH, found) == []
    assert "Как вызвать: matcher" in found
    assert "Показать эту справку." in found


def test_an_english_page_follows_a_russian_one(capsys: pytest.CaptureFixture[str]) -> None:
    page(capsys, "ru", "plan")
    found = page(capsys, "en", "plan")
    for word in ("Usage: matcher plan [OPTIONS]", "Arguments", "Options", "[required]", "[default: 60.0]", "this page"):
        assert word in found


def test_verify_names_every_command_whose_plans_it_reads(capsys: pytest.CaptureFixture[str]) -> None:
    found = page(capsys, "ru", "verify")
    assert all(f"`{name}`" in found for name in ("matcher pair", "plan", "demo", "repair", "matcher speed"))
