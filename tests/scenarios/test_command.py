"""The command: what it prints and writes, and how it answers wrong names."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.cli import language, start
from matcher.texts import Lang
from scenarios.reading import read_scenario
from scenarios.report import write_report
from tests.scenarios.cases import TINY, written
from tests.scenarios.test_store import ROW


def answer(capsys: pytest.CaptureFixture[str], *words: str, lang: Lang = "ru") -> tuple[object, str]:
    language.choose(lang)
    with pytest.raises(SystemExit) as end:
        start._run(lang, list(words))
    found = capsys.readouterr()
    return end.value.code, found.out + found.err


def test_scenarios_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    code, printed = answer(capsys, "scenarios", "list")
    assert code == start.FINE
    assert "kalmykia\tkalmykia\t1 расчёт\tКалмыкия" in printed


def test_scenarios_are_run_and_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = written(tmp_path, TINY), tmp_path / "out"
    (folder / "expected.toml").write_text("[figures]\npairs = { least = 99 }\n", encoding="utf-8")
    code, printed = answer(capsys, "scenarios", "run", str(folder), "-o", str(out), "--jobs", "1", lang="en")
    assert code == start.NEGATIVE
    assert "less than 99" in printed
    assert "Dashboard: http" in printed
    assert (out / "results.parquet").is_file()
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Trial" in page
    assert "less than 99" in page


def test_wrong_names_are_all_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, printed = answer(capsys, "scenarios", "run", "barnaul2", "nowhere", "-o", str(tmp_path))
    assert code == start.WRONG_INPUT
    assert "barnaul2" in printed
    assert "nowhere" in printed


@pytest.mark.parametrize(("lang", "words"), [("ru", "Наставляемые с наставником"), ("en", "Mentees with a mentor")])
def test_the_report_needs_nothing_else_and_escapes_names(tmp_path: Path, lang: Lang, words: str) -> None:
    scenario = read_scenario("kalmykia")
    row = ROW.__class__(run="<script>", scenario="kalmykia", digest="", error="<b>")
    write_report([scenario], [row], {"<script>": ["<i>"]}, tmp_path / "report.html", lang)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert words in page
    assert "<script>" not in page
    assert "<i>" not in page
    assert "http" not in page
