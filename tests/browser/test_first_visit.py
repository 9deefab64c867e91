"""The first visit: a list with faults, the same list mended, a round, its pairs; on wide and narrow screens."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import openpyxl
import pytest

from matcher.generate.roster import generate_roster
from matcher.io.write_roster import write_roster
from matcher.roster import Roster
from tests.browser.conftest import Open, Seat


@cache
def people() -> Roster:
    """A school of some mentors and mentees."""
    return generate_roster(
        num_mentees=6, num_mentors=6, num_organisations=1, num_municipalities=1, seed=1, policy_id="kalmykia"
    )


def write_good(path: Path) -> None:
    """Write the list as it should be."""
    write_roster(people(), path, lang="ru")


def write_broken(path: Path) -> None:
    """Write a list with a wrong date, a missing organisation, an unknown mentor, a heading of somebody's own."""
    write_good(path)
    book = openpyxl.load_workbook(path)
    page = book["Люди"]
    column = {cell.value: at for at, cell in enumerate(page[1], start=1)}
    page.cell(3, column["Дата рождения"]).value = "вчера"
    page.cell(5, column["Организация"]).value = None
    page.cell(1, column["Фамилия, имя, отчество"]).value = "ФИО сотрудника"
    book["Наставники"].cell(2, 1).value = "P-999"
    book.save(path)


def give(seat: Seat, *files: Path) -> None:
    """Choose files and have them checked."""
    seat.page.set_input_files("#files", list(files))
    seat.page.click("#upload > p button")
    name = ", ".join(file.name for file in files)
    seat.page.wait_for_selector(f".result:has-text('{name}')")


@pytest.mark.parametrize(("size", "lang"), [("wide", "ru"), ("narrow", "ru"), ("wide", "en"), ("narrow", "en")])
def test_the_first_visit(seat: Open, tmp_path: Path, size: str, lang: str) -> None:
    broken, good = tmp_path / "broken.xlsx", tmp_path / "good.xlsx"
    write_broken(broken)
    write_good(good)
    here = seat(size, lang)
    page = here.page
    here.sign_in()
    assert page.locator(".big-steps > li").count() == 3
    here.check("first-steps")

    page.click(".big-steps a.button")
    page.wait_for_url("**/rosters")
    here.check("lists")
    give(here, broken)
    assert page.locator("table.cells td.wrong").count() == 3
    assert page.locator("table.mapping th[scope=row]").all_inner_texts() == ["ФИО сотрудника"]
    here.check("faults")
    with page.expect_download() as sent:
        page.click("button[data-plain]")
    sent.value.save_as(tmp_path / "marked.xlsx")
    marked = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    assert sum(cell.comment is not None for row in marked["Люди"].iter_rows() for cell in row) == 2
    page.reload()
    assert page.locator("#kept ~ p.soft").count() == 1, "nothing may be kept of a list with faults"

    page.set_input_files("#files", good)
    page.click("#upload > p button")
    page.wait_for_url("**/rosters/*new=1")
    assert page.locator("tbody tr").count() == len(people().people)
    here.check("list")

    page.click("main a.button")
    page.wait_for_url("**/new-round*")
    page.check("#policy-kalmykia")
    here.check("new-round")
    page.click("main form button.big")
    page.wait_for_url("**/runs/*")
    page.wait_for_selector("ul.figures")
    here.check("run")
    page.click("a.button.big")
    page.wait_for_url("**/rounds/*")
    here.go("/rounds")
    assert page.locator("tbody tr").count() == 1
    here.check("rounds")


def test_a_list_of_ones_own_is_mapped(seat: Open, tmp_path: Path) -> None:
    path = tmp_path / "own.xlsx"
    write_good(path)
    book = openpyxl.load_workbook(path)
    page_of_people = book["Люди"]
    page_of_people.title = "Кадры"
    name = next(cell for cell in page_of_people[1] if cell.value == "Фамилия, имя, отчество")
    name.value = "ФИО сотрудника"
    book.save(path)
    here = seat()
    page = here.page
    here.sign_in()
    here.go("/rosters")
    give(here, path)
    assert page.locator("select[name='sheet.1.is']").input_value() == "people"
    page.click("#checked button[form=upload]:not([data-plain])")
    page.wait_for_selector(".said.good")
    page.select_option("table.mapping select", "name")
    page.click("button[value=keep]")
    page.wait_for_url("**/rosters/*new=1")
    assert people().people[0].name in page.inner_text("tbody")


def test_a_made_up_round_at_a_click(seat: Open) -> None:
    here = seat()
    page = here.page
    here.sign_in()
    page.click("form.try button")
    page.wait_for_url("**/runs/*")
    assert page.locator("h1 .badge").count() == 1
    page.wait_for_selector("main form[action$=stop] button")
    here.check("run-under-way")
    page.wait_for_selector("ul.figures", timeout=120_000)
    here.check("made-up")


def test_without_scripts_the_steps_work(seat: Open, tmp_path: Path) -> None:
    path = tmp_path / "good.xlsx"
    write_good(path)
    here = seat(scripts=False)
    page = here.page
    here.sign_in()
    here.go("/rosters")
    page.set_input_files("#files", path)
    page.click("#upload > p button")
    page.wait_for_url("**/rosters/*new=1")
    page.click("main a.button")
    page.check("#policy-kalmykia")
    page.click("main form button.big")
    page.wait_for_url("**/runs/*")
    page.wait_for_selector("ul.figures", timeout=120_000)  # the page asks again by itself
