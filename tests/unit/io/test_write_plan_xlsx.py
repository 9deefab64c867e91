"""The workbook of a plan: what is on it, how it prints, what must never be in it."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.explain.audience import Audience
from matcher.explain.report import explain_plan
from matcher.io.plan_book.sheet import row_height
from matcher.io.speaker import lowered
from matcher.io.write_plan_xlsx import write_plan_xlsx
from matcher.plan import Plan
from matcher.roster import Compatibility, Recommendation, Topic, Wish
from matcher.texts import Lang
from tests.rosters import MATHS, Round, request
from tests.unit.explain.plans import plan_of, short_of_maths

# The reader does not know the bars of newer spreadsheets.
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")

SHEETS = (
    "Итог",
    "Пары",
    "Группы",
    "Без наставника",
    "Нагрузка",
    "По организациям",
    "Кого привлечь",
    "Почему так",
    "Проверка",
)


def written(plan: Plan, path: Path, lang: Lang = "ru", audience: Audience = Audience.COUNCIL) -> openpyxl.Workbook:
    write_plan_xlsx(plan, explain_plan(plan), path, lang, audience=audience)
    return openpyxl.load_workbook(path)


def words(book: openpyxl.Workbook, sheet: str | None = None) -> list[str]:
    sheets = book.worksheets if sheet is None else [book[sheet]]
    return [str(cell.value) for page in sheets for row in page.iter_rows() for cell in row if cell.value is not None]


def group_round() -> Round:
    here = Round().mentor("M-1", name="Иванова Анна Петровна", max_individual=0)
    for number in range(1, 4):
        here.mentee(f"N-{number}", name=f"Молодой Специалист {number}", requests=(request(Topic.UPBRINGING),))
    return here


def test_all_sheets_are_there_in_reading_order(tmp_path: Path) -> None:
    book = written(plan_of(short_of_maths()), tmp_path / "plan.xlsx")
    assert tuple(book.sheetnames) == SHEETS


def test_every_sheet_prints_on_landscape_a4_with_headings_on_every_page(tmp_path: Path) -> None:
    book = written(plan_of(short_of_maths()), tmp_path / "plan.xlsx")
    for page in book.worksheets:
        assert page.page_setup.orientation == "landscape", page.title
        assert str(page.page_setup.paperSize) == "9", page.title
        fit = page.sheet_properties.pageSetUpPr
        assert fit is not None, page.title
        assert fit.fitToPage, page.title
        assert (page.page_setup.fitToWidth or 1, str(page.page_setup.fitToHeight)) == (1, "0"), page.title
        assert page.print_title_rows, page.title
    for name in ("Пары", "Без наставника", "Нагрузка", "По организациям"):
        assert book[name].freeze_panes is not None
        assert book[name].auto_filter.ref is not None


def test_names_stand_where_there_are_names_and_codes_stand_apart(tmp_path: Path) -> None:
    book = written(plan_of(group_round()), tmp_path / "plan.xlsx")
    row = [cell.value for cell in book["Группы"][5]]
    assert row[0] == "G-1"
    assert row[1] == "Иванова Анна Петровна"
    assert "Молодой Специалист 2" in str(row[-1])
    heading = [cell.value for cell in book["Пары"][4]]
    first = [cell.value for cell in book["Пары"][5]]
    assert heading[:3] == ["№", "Наставляемый", "Организация наставляемого"]
    assert dict(zip(heading, first, strict=True))["Код наставляемого"] == "N-1"
    assert dict(zip(heading, first, strict=True))["Наставляемый"] == "Молодой Специалист 1"


def test_who_has_nobody_stands_with_reason_rule_and_cure(tmp_path: Path) -> None:
    plan = plan_of(short_of_maths())
    book = written(plan, tmp_path / "plan.xlsx")
    row = [str(cell.value) for cell in book["Без наставника"][5]]
    assert row[1] == plan.unmatched[0]
    assert "4 наставляемых (математика) могут пойти только сюда: 2 наставника на всех, а у них 3 места" in row[4]
    assert "при любом плане без наставника останется не меньше 1 человека" in row[4]
    assert "M-3" in row[5]
    assert "4.5" in row[5]
    assert "добавить одно место: M-1" in row[6] or "добавить одно место: M-2" in row[6]
    assert f"получит наставника: {plan.unmatched[0]}" in row[6]


def test_the_summary_counts_and_says_where_mentors_are_short(tmp_path: Path) -> None:
    lines = words(written(plan_of(short_of_maths()), tmp_path / "plan.xlsx"), "Итог")
    assert "Где не хватает наставников" in lines
    assert any("доказано подсчётом мест" in line for line in lines)
    assert any(line.startswith("Лучшие из возможных пар") for line in lines)


def test_levels_say_in_plain_words_how_far_they_are_proved(tmp_path: Path) -> None:
    lines = words(written(plan_of(short_of_maths()), tmp_path / "plan.xlsx"), "Почему так")
    assert any(line.startswith("1. наставляемые с наставником, 1-я очередь (молодой") for line in lines)
    assert "3 · 3" in lines
    assert any(line.startswith("доказано: больше не может дать ни один план") for line in lines)


def test_an_english_workbook_has_no_russian_words_of_ours(tmp_path: Path) -> None:
    book = written(plan_of(short_of_maths()), tmp_path / "plan.xlsx", "en")
    assert book.sheetnames[:4] == ["Summary", "Pairs", "Groups", "Without a mentor"]
    ours = [line for line in words(book) if any("а" <= letter <= "я" for letter in line.lower())]
    assert ours == []


def test_the_council_reads_no_wish_and_no_mark(tmp_path: Path) -> None:
    here = Round("smolensk_school_23").mentor("M-1").mentor("M-2").mentee("N-1").mentee("N-2", requests=(MATHS,))
    here.add(
        wishes=[
            Wish(from_person="N-1", to_person="M-1", score=9.5),
            Wish(from_person="M-2", to_person="N-1", veto=True),
        ],
        compatibility=[
            Compatibility(mentor="M-1", mentee="N-2", recommendation=Recommendation.NOT_RECOMMENDED, psychologist=-2),
            Compatibility(mentor="M-2", mentee="N-2", recommendation=Recommendation.NOT_RECOMMENDED, psychologist=-2),
        ],
    )
    plan = plan_of(here)
    assert plan.unmatched
    council = "\n".join(words(written(plan, tmp_path / "council.xlsx"))).lower()
    curator = "\n".join(words(written(plan, tmp_path / "curator.xlsx", audience=Audience.CURATOR))).lower()
    for told in ("психолог не рекоменд", "взаимное желание", "совместимость"):
        assert told in curator
        assert told not in council
    assert "одна из сторон отказалась" in council


@pytest.mark.parametrize("name", ["=1+1", "+7 900", "-Иванов", "@SUM(A1)", "\tтаб", "https://example.org", "{=A1}"])
def test_a_name_is_never_a_formula_or_a_link(tmp_path: Path, name: str) -> None:
    here = Round().mentor("M-1", name=name).mentee("N-1", name=name)
    book = written(plan_of(here), tmp_path / "plan.xlsx")
    cells = [cell for page in book.worksheets for row in page.iter_rows() for cell in row if cell.value is not None]
    assert any(cell.value == name for cell in cells)
    assert all(cell.data_type in ("s", "n") and cell.hyperlink is None for cell in cells)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_name_comes_back_as_text(tmp_path: Path, name: str) -> None:
    plan = plan_of(Round().mentor("M-1").mentee("N-1"))
    people = tuple(replace(person, name=name) for person in plan.roster.people)
    book = written(replace(plan, roster=replace(plan.roster, people=people)), tmp_path / "plan.xlsx")
    cell = book["Пары"]["B5"]
    assert (cell.value, cell.data_type) == (name, "s")


def test_an_empty_round_has_all_its_sheets(tmp_path: Path) -> None:
    book = written(plan_of(Round()), tmp_path / "plan.xlsx")
    assert tuple(book.sheetnames) == SHEETS
    assert "Пар нет." in words(book, "Пары")


def test_a_file_that_was_there_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_text("old")
    written(plan_of(short_of_maths()), path)
    assert zipfile.is_zipfile(path)
    assert [file.name for file in tmp_path.iterdir()] == ["plan.xlsx"]


def test_a_failure_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_text("old")
    plan = plan_of(short_of_maths())
    report = replace(explain_plan(plan), loads=None)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        write_plan_xlsx(plan, report, path)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["plan.xlsx"]


def test_a_row_is_as_high_as_its_wrapped_words() -> None:
    words = "психолого-педагогическое сопровождение; предметное содержание"
    assert row_height([18.0], [words]) > row_height([18.0], ["предмет " * 7])
    assert row_height([200.0], [words]) == row_height([200.0], [""])


@pytest.mark.parametrize(
    ("words", "inside"),
    [
        ("Основы безопасности и защиты Родины", "основы безопасности и защиты Родины"),
        ("ИЗО", "ИЗО"),
        ("", ""),
    ],
)
def test_inside_a_sentence_only_the_first_letter_gives_up_its_capital(words: str, inside: str) -> None:
    assert lowered(words) == inside
