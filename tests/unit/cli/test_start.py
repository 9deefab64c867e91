"""What the command answers to wrong words and to places it may not write to: a line with place, fault and cure."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from matcher.cli import language, start
from matcher.io.policy_toml import read_policy
from matcher.io.template import write_template


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[object, str]:
    """Return the exit code and everything printed."""
    language.choose("ru")
    with pytest.raises(SystemExit) as end:
        start._run("ru", list(words))
    found = capsys.readouterr()
    return end.value.code, found.out + found.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["frob"], "frob: такой команды нет → смотрите"),
        (["pair"], "ROSTER: это нужно указать → смотрите"),
        (["pair", "r.xlsx"], "--policy: это нужно указать"),
        (["plan", "r.xlsx", "--to", "2026-13-01"], "--to: это значение не подходит → напишите день как 2026-12-31"),
        (["pair", "--polcy", "x"], "--polcy: такого параметра нет → возможно, --policy"),
        (["pair", "r.xlsx", "--policy"], "--policy: после этого параметра нужно значение"),
        (["verify", "a.json", "b.json"], "b.json: лишнее: команда этого не ждёт"),
        (["generate", "-o", "r.xlsx", "--mentees", "abc"], "--mentees: это значение не подходит → укажите целое число"),
        (["explain", "p.json", "--recruit", "0"], "--recruit: это значение не подходит → напишите число не меньше 1"),
        (["explain", "p.json", "--forbid"], "--forbid: не сказано, о какой паре речь → добавьте --pair M:N"),
        (["generate", "-o", "r.txt"], "r.txt: реестр в таком формате записать нельзя → имя должно"),
        (["generate", "-o", "r.xlsx", "--mentees", "-3"], "--mentees: -3 – меньше нуля"),
    ],
)
def test_wrong_words_are_told_in_russian(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, printed = answer(capsys, *words)
    assert code == start.WRONG_INPUT
    assert said in printed
    assert "Traceback" not in printed


def test_help_and_an_empty_line_show_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "--help")[0] == start.FINE
    code, printed = answer(capsys)
    assert code == start.WRONG_INPUT
    assert "Подобрать пары" in printed


@pytest.mark.parametrize(
    "words",
    [
        ["generate", "--mentees", "3", "--mentors", "3", "--organisations", "1", "-o"],
        ["template"],
        ["policy", "schema", "-o"],
    ],
)
def test_a_file_below_a_file_cannot_be_written(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine")
    code, printed = answer(capsys, *words, str(tmp_path / "file" / "r.xlsx"))
    assert code == start.WRONG_INPUT
    assert str(tmp_path / "file") in printed
    assert "Traceback" not in printed
    assert (tmp_path / "file").read_text() == "mine"


def test_the_folder_of_results_is_made_before_the_search(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    roster, out = tmp_path / "r.xlsx", tmp_path / "file"
    answer(capsys, "generate", "--mentees", "2", "--mentors", "2", "--organisations", "1", "-o", str(roster))
    out.write_text("mine")
    code, printed = answer(capsys, "pair", str(roster), "--policy", "kalmykia", "-o", str(out))
    assert code == start.WRONG_INPUT
    assert f"{out}: здесь нужна папка, а стоит файл → выберите другую папку" in printed
    assert out.read_text() == "mine"


def test_an_untouched_template_is_wrong_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r.xlsx"
    write_template(path, policy=read_policy("kalmykia"))
    for words in (["check", str(path)], ["pair", str(path), "--policy", "kalmykia", "-o", str(tmp_path / "out")]):
        code, printed = answer(capsys, *words)
        assert code == start.WRONG_INPUT
        assert "пока никто не вписан; пусты листы: Люди, Наставники, Наставляемые" in printed
    assert not (tmp_path / "out").exists()


def test_generate_writes_over_nothing_unless_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["generate", "--mentees", "3", "--mentors", "3", "--organisations", "1", "-o"]
    filled = tmp_path / "r.xlsx"
    filled.write_text("mine")
    code, printed = answer(capsys, *words, str(filled))
    assert code == start.WRONG_INPUT
    assert f"{filled}: такой файл уже есть → выберите другое имя или добавьте --force" in printed
    assert filled.read_text() == "mine"
    assert answer(capsys, *words, str(filled), "--force")[0] == start.FINE
    assert filled.read_bytes()[:2] == b"PK"


def test_a_folder_of_sheets_or_timetables_is_not_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["generate", "--mentees", "3", "--mentors", "3", "--organisations", "1", "--timetables", "-o"]
    (tmp_path / "r.csv").mkdir()
    assert answer(capsys, *words, str(tmp_path / "r.csv"))[0] == start.FINE
    code, printed = answer(capsys, *words, str(tmp_path / "r.csv"))
    assert code == start.WRONG_INPUT
    assert printed.count("такая папка уже есть, и она не пуста") == 2


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    code, printed = answer(capsys, "--version")
    assert code == start.FINE
    assert printed == f"matcher {version('mentor-matcher')}\n"
