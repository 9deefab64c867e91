"""A day of acquaintance from roster to pairs, and a speed event, by the commands a curator gives."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from matcher.cli import language, start
from matcher.io.plan_json import read_plan_json
from matcher.io.read_roster import read_roster
from matcher.io.speed_json import read_speed_json
from matcher.io.write_roster import write_roster
from matcher.roster import Wish
from tests.rosters import Round

LIKED = {"N-1": "M-2", "N-2": "M-3", "N-3": "M-1"}


def command(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[object, str]:
    language.choose("ru")
    with pytest.raises(SystemExit) as end:
        start._run("ru", [str(word) for word in words])
    found = capsys.readouterr()
    return end.value.code, found.out + found.err


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """Return a roster in which all three mentors fit all three mentees alike, one mentee each."""
    here = Round("kalmykia")
    for number in (1, 2, 3):
        here.mentor(f"M-{number}", max_individual=1, max_groups=0).mentee(f"N-{number}", max_mentors=1)
    path = tmp_path / "roster.xlsx"
    write_roster(here.roster, path)
    return path


def fill_in(path: Path) -> None:
    """Let everybody like one other; N-1 likes M-1 as much as M-2, but M-1 refuses him."""
    book = openpyxl.load_workbook(path)
    for row in book["Оценки"].iter_rows(min_row=5):
        one, other = row[5].value, row[6].value
        row[3].value = 9 if (one, other) in LIKED.items() or (other, one) in LIKED.items() else 4
        if (one, other) == ("N-1", "M-1"):
            row[3].value = 10
        if (one, other) == ("M-1", "N-1"):
            row[3].value, row[4].value = 10, "да"
    book.save(path)


def test_acquaintance_ratings_and_pairing(roster: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # 1. Each mentee meets three candidates.
    words = ("speed", roster, "--policy", "kalmykia", "--rounds", 3, "--tables", 3, "--candidates", 3)
    code, said = command(capsys, *words, "-o", tmp_path / "day")
    assert code == start.FINE
    assert "с 3 встречами: 3 наставляемых" in said
    assert "более высокий уровень наставника (HR-09) здесь не требуется" in said
    met = {(m.mentor, m.mentee) for m in read_speed_json(tmp_path / "day" / "speed.json").meetings}
    assert met == {(f"M-{m}", f"N-{n}") for m in (1, 2, 3) for n in (1, 2, 3)}
    code, said = command(capsys, "verify", tmp_path / "day" / "speed.json")
    assert code == start.FINE
    assert "соблюдает все правила" in said

    # 2. What both sides thought of each other becomes wishes of a new roster.
    fill_in(tmp_path / "day" / "speed.xlsx")
    after = tmp_path / "after.xlsx"
    code, said = command(capsys, "ratings", tmp_path / "day" / "speed.xlsx", roster, "-o", after)
    assert code == start.FINE
    assert "Перенесено 18 оценок" in said
    assert "среди них 1 отказ" in said
    wishes = {(wish.from_person, wish.to_person): wish for wish in read_roster(after).wishes}
    assert len(wishes) == 18
    assert wishes["M-1", "N-1"] == Wish(from_person="M-1", to_person="N-1", score=10, veto=True)

    # 3. The pairing follows them.
    code, _ = command(capsys, "pair", after, "--policy", "kalmykia", "-o", tmp_path / "round")
    assert code == start.FINE
    pairs = {pair.mentee: pair.mentor for pair in read_plan_json(tmp_path / "round" / "plan.json").pairs}
    assert pairs == LIKED


def test_faults_of_the_ratings_leave_no_new_roster(
    roster: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command(capsys, "speed", roster, "--rounds", 2, "--tables", 3, "--fill", "-o", tmp_path)
    code, said = command(capsys, "ratings", tmp_path / "speed.xlsx", roster, "-o", tmp_path / "after.xlsx")
    assert code == start.WRONG_INPUT
    assert "Оценки: не заполнено ни одной оценки → сначала заполните оценки и сохраните книгу" in said
    assert not (tmp_path / "after.xlsx").exists()
    code, said = command(capsys, "ratings", tmp_path / "speed.xlsx", roster, "-o", roster)
    assert code == start.WRONG_INPUT
    assert "выберите другое имя" in said


def test_an_event_nobody_wished_for_has_no_meetings(
    roster: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = command(capsys, "speed", roster, "--rounds", 2, "--tables", 3, "-o", tmp_path / "out")
    assert code == start.NEGATIVE
    assert "никто не сказал, с кем хочет встретиться: заполните пожелания или добавьте --fill" in said


def test_on_the_day_the_event_is_planned_again_without_the_absent(
    roster: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("speed", roster, "--rounds", 3, "--tables", 2, "--fill", "--start", "14:00", "--absent", "M-2")
    assert command(capsys, *words, "-o", tmp_path / "out")[0] == start.FINE
    plan = read_speed_json(tmp_path / "out" / "speed.json")
    assert len(plan.meetings) == 6
    assert {meeting.mentor for meeting in plan.meetings} == {"M-1", "M-3"}
    code, said = command(capsys, *words, "--absent", "M-9", "-o", tmp_path / "out")
    assert code == start.WRONG_INPUT
    assert "--absent: код M-9 никому не принадлежит → проверьте код на листе людей" in said
    code, said = command(capsys, *words[:-4], "--start", "25:00", "-o", tmp_path / "out")
    assert code == start.WRONG_INPUT
    assert "--start: «25:00» – не время суток" in said
