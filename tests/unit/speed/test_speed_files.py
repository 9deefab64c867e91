"""The files of an event: the workbook people print, the ratings filled into it, the file that can be re-checked."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from matcher.errors import InputError
from matcher.io.report import CellFault
from matcher.io.speed_book import write_speed_book
from matcher.io.speed_json import is_speed_file, read_speed_json, write_speed_json
from matcher.io.speed_ratings import read_ratings
from matcher.io.speed_words import Clock
from matcher.roster import Roster, Wish
from matcher.speed.event import EventSettings
from matcher.speed.plan import SpeedPlan, recheck
from matcher.speed.planning import make_speed_plan
from matcher.speed.ratings import Rating, with_ratings
from matcher.texts import Lang
from tests.rosters import Round

# Columns of the ratings: D score, E veto, F who, G about whom; the first row of data is the fifth.
FIRST = 5


@pytest.fixture(scope="module")
def roster() -> Roster:
    here = Round()
    for number in (1, 2, 3):
        here.mentor(f"M-{number}", name=f"Наставник {number}").mentee(f"N-{number}", name=f"Молодой {number}")
    return here.add(
        wishes=[
            Wish(from_person="N-1", to_person="M-1", score=9),
            Wish(from_person="N-1", to_person="M-2", score=7),
            Wish(from_person="N-2", to_person="M-1", score=5.5),
        ]
    ).roster


@pytest.fixture(scope="module")
def plan(roster: Roster) -> SpeedPlan:
    return make_speed_plan(roster, EventSettings(num_rounds=2, num_tables=2))


def written(plan: SpeedPlan, roster: Roster, path: Path, lang: Lang = "ru", **more: Any) -> openpyxl.Workbook:
    write_speed_book(plan, roster, path, lang, **more)
    return openpyxl.load_workbook(path)


def words(page: Any) -> list[str]:
    return [str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None]


def test_sheets_stand_in_reading_order(plan: SpeedPlan, roster: Roster, tmp_path: Path) -> None:
    book = written(plan, roster, tmp_path / "speed.xlsx")
    expected = ["Итог", "Раунд 1", "Раунд 2", "Листы наставляемых", "Листы наставников", "Оценки"]
    assert book.sheetnames == expected
    english = written(plan, roster, tmp_path / "en.xlsx", "en")
    assert english.sheetnames[:2] == ["Summary", "Round 1"]


def test_a_round_lists_its_meetings(plan: SpeedPlan, roster: Roster, tmp_path: Path) -> None:
    book = written(plan, roster, tmp_path / "speed.xlsx", clock=Clock(start=time(14), minutes=10, pause=5))
    for number in (1, 2):
        page = book[f"Раунд {number}"]
        listed = {(row[0].value, row[1].value, row[3].value) for row in page.iter_rows(min_row=5)}
        assert listed == {
            (m.table, f"Наставник {m.mentor[-1]}", f"Молодой {m.mentee[-1]}")
            for m in plan.meetings
            if m.round == number
        }
    assert book["Раунд 2"]["A1"].value == "Раунд 2 · 14:15–14:25"


def test_everybody_who_meets_somebody_has_a_page(plan: SpeedPlan, roster: Roster, tmp_path: Path) -> None:
    book = written(plan, roster, tmp_path / "speed.xlsx")
    page = book["Листы наставляемых"]
    assert [word for word in words(page) if word.startswith("Молодой")] == ["Молодой 1", "Молодой 2"]
    assert len(page.row_breaks.brk) == 1
    own = [word for word in words(page) if word.startswith("Наставник ")]
    assert sorted(own) == ["Наставник 1", "Наставник 1", "Наставник 2"]
    assert words(page).count("свободно") == 1


def test_the_summary_says_what_is_proved_and_who_meets_nobody(plan: SpeedPlan, roster: Roster, tmp_path: Path) -> None:
    found = words(written(plan, roster, tmp_path / "speed.xlsx")["Итог"])
    assert found[found.index("сумма пожеланий обеих сторон") :][:3] == ["сумма пожеланий обеих сторон", "21,5", "21,5"]
    assert any(word.startswith("Молодой 3: о встрече") for word in found)
    assert any(word.startswith("Наставник 3: о встрече") for word in found)


def test_ratings_have_drop_downs_for_both_sides(plan: SpeedPlan, roster: Roster, tmp_path: Path) -> None:
    page = written(plan, roster, tmp_path / "speed.xlsx")["Оценки"]
    listed = {(row[5].value, row[6].value) for row in page.iter_rows(min_row=FIRST)}
    both = {(m.mentor, m.mentee) for m in plan.meetings}
    assert listed == both | {(mentee, mentor) for mentor, mentee in both}
    rules = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    assert rules == {"D5:D10": '"0,1,2,3,4,5,6,7,8,9,10"', "E5:E10": '"да,нет"'}


def test_what_people_wrote_is_never_a_formula(tmp_path: Path) -> None:
    here = (
        Round()
        .mentor("M-1", name="=1+1")
        .mentee("N-1", name="+7")
        .add(wishes=[Wish(from_person="N-1", to_person="M-1", score=1)])
    )
    plan = make_speed_plan(here.roster, EventSettings(num_rounds=1, num_tables=1))
    book = written(plan, here.roster, tmp_path / "speed.xlsx")
    assert {cell.data_type for page in book for row in page.iter_rows() for cell in row} <= {"s", "n"}
    assert "=1+1" in words(book["Раунд 1"])


def filled(plan: SpeedPlan, roster: Roster, path: Path, cells: dict[str, object], lang: Lang = "ru") -> Path:
    book = written(plan, roster, path, lang)
    for cell, value in cells.items():
        book["Оценки" if lang == "ru" else "Ratings"][cell] = value
    book.save(path)
    return path


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_ratings_are_read_back(plan: SpeedPlan, roster: Roster, tmp_path: Path, lang: Lang) -> None:
    yes = "да" if lang == "ru" else "yes"
    path = filled(plan, roster, tmp_path / "speed.xlsx", {"D5": 8, "E6": yes, "D7": "7,5", "E7": "нет"}, lang)
    found, remarks = read_ratings(path, roster)
    given = [rating for rating in found if rating.is_given]
    assert [(rating.score, rating.veto) for rating in given] == [(8.0, None), (None, True), (7.5, False)]
    assert len(found) == 2 * len(plan.meetings)
    assert {remark.kind for remark in remarks} == {"text_as_number", "decimal_comma"}


# fault: what is written where, the kind of the fault, its cell
FAULTS: dict[str, tuple[dict[str, object], str, str]] = {
    "score_too_large": ({"D5": 11}, "out_of_range", "D5"),
    "score_negative": ({"D6": -1}, "out_of_range", "D6"),
    "score_in_words": ({"D6": "хорошо"}, "not_number", "D6"),
    "formula": ({"D7": "=5+3"}, "formula", "D7"),
    "veto_in_other_words": ({"E5": "может быть"}, "not_yes_or_no", "E5"),
    "unknown_person": ({"F5": "N-9", "D5": 3}, "unknown_id", "F5"),
    "unknown_other": ({"G8": "X"}, "unknown_id", "G8"),
    "two_mentees": ({"F5": "N-1", "G5": "N-2"}, "no_pair", "G5"),
    "no_code": ({"F6": None, "D6": 4}, "missing_value", "F6"),
    "twice": ({"F11": "N-1", "G11": "M-1", "D11": 4}, "duplicate", "F11"),
    "heading_gone": ({"G4": "кто-то"}, "missing_column", "4:4"),
    "nothing_filled_in": ({}, "nobody", ""),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_of_the_ratings_is_told_with_its_cell(
    fault: str, plan: SpeedPlan, roster: Roster, tmp_path: Path
) -> None:
    cells, kind, place = FAULTS[fault]
    path = filled(plan, roster, tmp_path / "speed.xlsx", cells)
    with pytest.raises(InputError) as error:
        read_ratings(path, roster)
    found = [(f.kind, f.place) for f in error.value.faults if isinstance(f, CellFault)]
    assert found == [(kind, f"Оценки!{place}".removesuffix("!"))]
    assert all(f.cure is not None for f in error.value.faults)


def test_all_faults_are_told_at_once(plan: SpeedPlan, roster: Roster, tmp_path: Path) -> None:
    path = filled(plan, roster, tmp_path / "speed.xlsx", {"D5": 11, "E6": "?", "F7": "X"})
    with pytest.raises(InputError) as error:
        read_ratings(path, roster)
    assert [fault.place for fault in error.value.faults] == ["Оценки!D5", "Оценки!E6", "Оценки!F7"]


def test_another_workbook_and_no_workbook_are_told(tmp_path: Path, roster: Roster) -> None:
    other = openpyxl.Workbook()
    other.save(tmp_path / "other.xlsx")
    with pytest.raises(InputError, match="is missing"):
        read_ratings(tmp_path / "other.xlsx", roster)
    with pytest.raises(InputError, match="there is no such file"):
        read_ratings(tmp_path / "none.xlsx", roster)


def test_ratings_take_the_place_of_wishes_and_leave_the_rest(roster: Roster) -> None:
    ratings = [
        Rating(from_person="N-1", to_person="M-1", score=2),
        Rating(from_person="N-1", to_person="M-2", veto=True),
        Rating(from_person="M-1", to_person="N-1", score=10, veto=False),
        Rating(from_person="M-2", to_person="N-1"),
    ]
    assert with_ratings(roster, ratings).wishes == (
        Wish(from_person="N-1", to_person="M-1", score=2),
        Wish(from_person="N-1", to_person="M-2", score=7, veto=True),
        Wish(from_person="N-2", to_person="M-1", score=5.5),
        Wish(from_person="M-1", to_person="N-1", score=10),
    )


def test_a_speed_file_gives_the_event_back_and_the_same_bytes(plan: SpeedPlan, tmp_path: Path) -> None:
    write_speed_json(plan, tmp_path / "a.json")
    found = read_speed_json(tmp_path / "a.json")
    write_speed_json(found, tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert found.meetings == plan.meetings
    assert found.event.settings == plan.event.settings
    assert found.result.levels == plan.result.levels
    assert recheck(found) == ()
    assert is_speed_file(tmp_path / "a.json")
    assert not is_speed_file(tmp_path / "none.json")


def seat_moved(document: Any) -> None:
    document["meetings"][0]["table"] = 3


def met_twice(document: Any) -> None:
    document["meetings"].append(document["meetings"][0] | {"round": 2})


def value_raised(document: Any) -> None:
    document["levels"][0]["value"] += 1


def bound_raised(document: Any) -> None:
    document["levels"][0]["bound"] += 1


def meeting_dropped(document: Any) -> None:
    document["meetings"].pop()


def meeting_dropped_everywhere(document: Any) -> None:
    dropped = document["meetings"].pop()
    document["levels"][0]["value"] -= dropped["want"]
    document["levels"][0]["bound"] -= dropped["want"]


def price_below_nothing(document: Any) -> None:
    document["prices"]["place"] = -1


def level_renamed(document: Any) -> None:
    document["levels"][0]["name"] = "cover"


LIES: dict[Callable[[Any], None], set[str]] = {
    seat_moved: {"form"},
    met_twice: {"twice", "clash", "most", "tables"},
    value_raised: {"value", "proof"},
    bound_raised: {"bound"},
    meeting_dropped: {"value"},
    meeting_dropped_everywhere: {"bound", "proof"},
    price_below_nothing: {"certificate"},
    level_renamed: {"levels"},
}


def changed(plan: SpeedPlan, path: Path, change: Callable[[Any], object]) -> Path:
    write_speed_json(plan, path)
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_a_lie_is_caught(lie: Callable[[Any], None], plan: SpeedPlan, tmp_path: Path) -> None:
    found = recheck(read_speed_json(changed(plan, tmp_path / "speed.json", lie)))
    assert {violation.rule for violation in found} == LIES[lie]


BROKEN: dict[str, tuple[Callable[[Any], object], str]] = {
    "unknown_key": (lambda d: d.update(extra=1), "$.extra"),
    "missing_key": (lambda d: d.pop("meetings"), "$.meetings"),
    "wrong_version": (lambda d: d.update(version=2), "$.version"),
    "wrong_type": (lambda d: d["settings"].update(num_rounds="2"), "$.settings.num_rounds"),
    "stranger_meets": (lambda d: d["meetings"][0].update(mentee="X"), "$.meetings[0]"),
    "stranger_may_meet": (lambda d: d["pairs"].append(["X", "N-1", 1]), "$.pairs[3]"),
    "stranger_has_a_price": (lambda d: d["prices"]["mentor"].update(X=1), "$.prices.mentor.X"),
    "other_want": (lambda d: d["meetings"][0].update(want=1), "$.meetings[0].want"),
    "no_tables": (lambda d: d["settings"].update(num_tables=0), "num_tables"),
    "endless_rounds": (lambda d: d["settings"].update(num_rounds=10**9), "num_rounds"),
    "enormous_price": (lambda d: d["prices"]["mentor"].update({"M-1": 10**30}), ""),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_damaged_file_is_told_with_the_place(name: str, plan: SpeedPlan, tmp_path: Path) -> None:
    change, place = BROKEN[name]
    path = changed(plan, tmp_path / "speed.json", lambda document: change(document))
    with pytest.raises(InputError) as error:
        read_speed_json(path)
    assert [fault.place for fault in error.value.faults] == [f"{path}: {place}".removesuffix(": ")]


def test_what_is_no_file_of_ours_is_told(tmp_path: Path) -> None:
    (tmp_path / "speed.json").write_text("{", encoding="utf-8")
    for name, said in (("speed.json", "damaged"), ("none.json", "cannot be read")):
        with pytest.raises(InputError, match=said):
            read_speed_json(tmp_path / name)


BLOCKED = """
import sys

class NoSolver:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("ortools", "scipy", "networkx", "highspy"):
            raise ImportError(f"{name} is not installed here")

sys.meta_path.insert(0, NoSolver())
from matcher.io.speed_json import read_speed_json
from matcher.speed.plan import recheck

print([v.rule for v in recheck(read_speed_json(sys.argv[1]))])
"""


def test_no_solver_is_needed_to_recheck(plan: SpeedPlan, tmp_path: Path) -> None:
    write_speed_json(plan, tmp_path / "speed.json")
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED, tmp_path / "speed.json"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
