"""`matcher indicators`: the whole way from a plan and a file to the report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from matcher.cli import language, start
from matcher.io.indicators_example import indicators_example
from matcher.io.plan_json import write_plan_json
from matcher.plan import make_plan
from matcher.roster import MentoringForm, Organisation
from matcher.texts import Lang
from tests.rosters import Round

STATED = """
[[organisation]]
id = "S-1"
year = 2025
pupils = 4
pupils_15_19 = 2
staff_under_35_first_three_years = 1
staff_under_35 = 1
methodologies = 2
projects = { planned = 4, done = 3 }
enterprise_projects = { planned = 1, done = 1 }
tests = { sat = 4, passed = 3 }
employment = { planning = 1, working = 0 }
swot = { strengths = ["дружный коллектив"] }
[[programme]]
pair = "M-1:N-1"
form = "teacher_pupil"
kind = "traditional"
started = 2025-10-01
ended = 2026-05-25
reason = "completed"
full_cycle = 2026-05-26
[[survey]]
person = "N-1"
side = "mentee"
question = "satisfaction"
year = 2025
end = 9
[[done]]
deadline = "school_monitoring"
subject = "S-1"
day = 2026-10-15
"""


def answer(capsys: pytest.CaptureFixture[str], *words: str, lang: Lang = "ru") -> tuple[object, str]:
    language.choose(lang)
    with pytest.raises(SystemExit) as end:
        start._run(lang, list(words))
    found = capsys.readouterr()
    return end.value.code, found.out + found.err


@pytest.fixture(name="plan", scope="module")
def _plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Round("dalnerechensk").mentor(tutor_role=True, forms=(MentoringForm.TEACHER_PUPIL,)).pupil()
    made.roster = replace(
        made.roster, organisations=(Organisation(id="S-1", name="Школа № 1", municipality="Town", region="Region"),)
    )
    found = make_plan(made.roster, made.policy, reference_day=date(2026, 9, 1), time_limit=5)
    file = tmp_path_factory.mktemp("plan") / "plan.json"
    write_plan_json(found, file)
    return file


def lines_of(printed: str, start_of_line: str) -> list[str]:
    return [line for line in printed.splitlines() if line.startswith(start_of_line)]


def test_figures_dates_and_risks(plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One of four pupils with a full cycle: 25 % against 55 %, and the target year has passed."""
    stated = tmp_path / "indicators.toml"
    stated.write_text(STATED, encoding="utf-8")
    code, printed = answer(
        capsys, "indicators", str(plan), "--inputs", str(stated), "--year", "2026", "--today", "2026-11-21"
    )
    assert code == start.FINE
    assert "Показатели наставничества, 2025/26 учебный год" in printed
    involved = lines_of(printed, "I-02\t")[0].split("\t")
    assert involved[2:6] == ["25 %", "55*", "нет", "1 / 4"]
    assert lines_of(printed, "I-02 ·\tвсе участники программ")[0].split("\t")[2] == "50 %"
    assert lines_of(printed, "I-05\t")[0].split("\t")[2:6] == ["100 %", "85*", "да", "1 / 1"]
    assert lines_of(printed, "I-01\t")[0].split("\t")[2:5] == ["2", "60*", "не оценивается"]
    assert lines_of(printed, "I-22\t")[0].split("\t")[2] == "75 %"
    assert "* Год целевого значения прошёл" in printed
    assert "План не достигнут" in printed
    assert "ответы об удовлетворённости\tI-06\tШкола № 1" in printed
    assert "20.10.2026\tМониторинг на уровне организации\tорганизация\tвыполнено\t5.2.1" in printed
    assert "01.11.2026\tМониторинг на муниципальном уровне\tмуниципалитет\tпросрочено\t5.2.2" in printed
    assert "признаков риска" in printed
    assert "учитель – ученик\tнаставники\t\t1\t1" in printed  # 48 years old; the pupil is 12
    assert "учитель – ученик\tнаставляемые\t1\t\t1" in printed


def test_in_english_and_by_organisation(plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stated = tmp_path / "indicators.toml"
    stated.write_text(STATED, encoding="utf-8")
    words = ("indicators", str(plan), "--inputs", str(stated), "--by", "organisation", "--today", "2026-11-21")
    _, printed = answer(capsys, *words, lang="en")
    assert "Figures of mentoring, school year 2025/26" in printed
    assert "Школа № 1\t2\t25 %" in printed
    assert "01.12.2026\tPart in the monitoring of target indicators\tmunicipality\tahead\troadmap 8" in printed
    assert "The plan is missed" in printed


def test_another_year_may_be_asked_for(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, printed = answer(capsys, "indicators", str(plan), "--year", "2028", "--today", "2026-11-21")
    assert "20.10.2028\t" in printed
    assert "2027/28 учебный год" in printed


def test_the_example_is_written_in_the_readers_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for lang in ("ru", "en"):
        file = tmp_path / f"{lang}.toml"
        code, printed = answer(capsys, "indicators", "--template", str(file), lang=lang)  # type: ignore[arg-type]
        assert code == start.FINE
        assert str(file) in printed
        assert file.read_text(encoding="utf-8") == indicators_example(lang)  # type: ignore[arg-type]
    assert "что организация подсчитала за учебный год" in indicators_example("ru")


def test_wrong_input_is_refused_with_all_faults(plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stated = tmp_path / "wrong.toml"
    stated.write_text('[[left]]\nperson = "N-9"\nday = 2026-01-01\n[[organisation]]\nid = "S-9"\nyear = 2025\n')
    code, printed = answer(capsys, "indicators", str(plan), "--inputs", str(stated))
    assert code == start.WRONG_INPUT
    assert "wrong.toml:2: left.0.person" in printed
    assert "wrong.toml:5: organisation.0.id" in printed
    code, printed = answer(capsys, "indicators")
    assert code == start.WRONG_INPUT
    assert "--template" in printed


def test_a_workbook_sets_fact_against_plan_for_towns_and_regions(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stated = tmp_path / "indicators.toml"
    stated.write_text(STATED, encoding="utf-8")
    sheets = {}
    for lang in ("ru", "en"):
        file = tmp_path / f"{lang}.xlsx"
        words = ("indicators", str(plan), "--inputs", str(stated), "--today", "2026-11-21", "--xlsx", str(file))
        code, _ = answer(capsys, *words, lang=lang)  # type: ignore[arg-type]
        assert code == start.FINE
        book = openpyxl.load_workbook(file, read_only=True)
        sheets[lang] = {sheet.title: list(sheet.values) for sheet in book}
        book.close()
    areas = ["Сравнение", "Муниципалитеты", "Регионы"]
    assert list(sheets["ru"]) == ["Всего", *areas, "Не указано", "Сроки", "Признаки рисков"]
    areas = ["Side by side", "Municipalities", "Regions"]
    assert list(sheets["en"]) == ["Together", *areas, "Not given", "Dates", "Signs of risk"]
    for title, area in (("Municipalities", "Town"), ("Regions", "Region")):
        involved = next(row for row in sheets["en"][title] if row[:2] == (area, "I-02"))
        assert involved[3:10] == ("per cent", 25, 55, -30, "no", 1, 4)
    monitoring = next(row for row in sheets["ru"]["Сроки"] if row[1] == "Мониторинг на уровне организации")
    due, done = datetime(2026, 10, 20), datetime(2026, 10, 15)
    assert monitoring[0] == due
    assert monitoring[3:] == ("Школа № 1", "выполнено", None, due, done, "п. 5.2.1")
    assert len(sheets["ru"]["Признаки рисков"]) > 4
