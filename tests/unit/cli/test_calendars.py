"""`matcher calendar`: what it prints, and what it answers to wrong files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matcher.cli import language, start
from matcher.texts import Lang


def answer(capsys: pytest.CaptureFixture[str], *words: str, lang: Lang = "ru") -> tuple[object, str]:
    language.choose(lang)
    with pytest.raises(SystemExit) as end:
        start._run(lang, list(words))
    found = capsys.readouterr()
    return end.value.code, found.out + found.err


def test_presets_are_listed_with_their_days(capsys: pytest.CaptureFixture[str]) -> None:
    code, printed = answer(capsys, "calendar", "list", "--year", "2026")
    assert code == start.FINE
    assert "quarters\tЧетверти\t01.09.2026–26.05.2027" in printed
    assert "trimesters\tТриместры" in printed


def test_a_year_is_shown_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    _, printed = answer(capsys, "calendar", "show", "quarters", "--year", "2026")
    assert "каникулы\tосенние каникулы: 24.10.2026–01.11.2026" in printed
    assert "праздник\tДень народного единства: 04.11.2026" in printed
    assert "звонки\t1: 08:30–09:15; 2: 09:25–10:10" in printed
    _, printed = answer(capsys, "calendar", "show", "quarters", "--year", "2026", lang="en")
    assert "calendar\tQuarters" in printed
    assert "school week\t5 days" in printed


def test_a_file_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "own.toml"
    bell = '[[bells]]\nname = "1"\nfrom = "08:00"\nto = "09:30"\n'
    path.write_text(f'id = "own"\ntitle = "Наш"\nbase = "quarters"\n{bell}', encoding="utf-8")
    code, printed = answer(capsys, "calendar", "check", str(path))
    assert code == start.FINE
    assert "ошибок нет" in printed
    assert "урок «1» длиннее 45 минут" in printed
    path.write_text('id = "own"\ntitle = "Наш"\nbase = "quarters"\nweekday = 6\n', encoding="utf-8")
    code, printed = answer(capsys, "calendar", "check", str(path))
    assert code == start.WRONG_INPUT
    assert "own.toml:4: weekday" in printed
    assert "weekdays" in printed


def test_the_schema_is_printed_or_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, printed = answer(capsys, "calendar", "schema")
    answer(capsys, "calendar", "schema", "-o", str(tmp_path / "s.json"))
    assert json.loads(printed) == json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))
