"""Reliability S6: no text people write becomes a formula in a file somebody opens (OWASP ASVS 5.0, 1.2.10)."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.explain.report import explain_plan
from matcher.io.read_roster import read_roster
from matcher.io.write_calendars import write_calendars
from matcher.io.write_order import write_order
from matcher.io.write_plan_xlsx import write_plan_xlsx
from matcher.io.write_roster import write_roster
from matcher.plan import Plan
from matcher.roster import Roster
from service.privacy.cells import safe, write_csv, write_xlsx
from tests.schedules import scheduled_plan
from tests.service.rounds.conftest import small_roster

BEGINNINGS = (
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "\0=",
    " =",
    "\n=",
    "'=",
    "''+",
    "＝",
    "＋",
    "－",
    "＠",
    "=cmd|' /C calc'!A0",
)
ENDS = (
    "1+1", "HYPERLINK(\"http://x\",\"y\")", "SUM(A1:A9)", "Иванова", "", " ", "x\r\nBEGIN:VEVENT\r\nUID:1", "{{ 7*7 }}",
    "{% for x in y %}", "<w:p/>", "&amp;", "\u202etxt", "a\tb", ";DROP", '"quoted"', "\ud800"[:0],
)  # fmt: skip
DANGEROUS = tuple(begin + end for begin in BEGINNINGS for end in ENDS)
CELLS = 10_000
STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")
_texts = st.builds(lambda begin, end: begin + end, st.sampled_from(BEGINNINGS), st.text(max_size=20))


def many(count: int) -> list[list[str]]:
    draw = random.Random(7)
    return [[draw.choice(DANGEROUS) + str(draw.random()) for _ in range(10)] for _ in range(count // 10)]


def formulas(path: Path) -> list[str]:
    """Return the cells of a workbook a spreadsheet would compute, by the reader and by the XML itself."""
    found = [
        f"{sheet.title}!{cell.coordinate}"
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        found += [name for name in names if b"<f>" in archive.read(name) or b"<f " in archive.read(name)]
    return found


def test_ten_thousand_cells_are_no_formulas(tmp_path: Path) -> None:
    rows = many(CELLS)
    write_xlsx(tmp_path / "x.xlsx", [("1", ["=heading"] * 10, rows)])
    assert formulas(tmp_path / "x.xlsx") == []
    stream = io.StringIO()
    write_csv(stream, ["=heading"] * 10, rows)
    read = list(csv.reader(io.StringIO(stream.getvalue().removeprefix("\ufeff")), delimiter=";"))
    cells = [cell for row in read for cell in row]
    assert len(cells) == CELLS + 10
    assert not [cell for cell in cells if cell.lstrip(" \n").startswith(STARTS)]


@given(st.lists(_texts, min_size=1, max_size=30))
@settings(max_examples=60)
def test_whatever_people_write_is_text(said: list[str]) -> None:
    stream = io.StringIO()
    write_csv(stream, ["a"], [[one] for one in said])
    read = list(csv.reader(io.StringIO(stream.getvalue().removeprefix("\ufeff")), delimiter=";"))[1:]
    for line in read:
        for cell in line:
            assert not cell.lstrip(" \n").startswith(STARTS)
    for one in said:
        written = safe(one)
        assert isinstance(written, str)
        assert not written.lstrip(" \n").startswith(STARTS)


def named(roster: Roster, words: Iterator[str]) -> Roster:
    return replace(roster, people=tuple(replace(one, name=next(words)) for one in roster.people))


def names(*, plain: bool = False) -> Iterator[str]:
    """Yield dangerous names for ever; ``plain`` ones are as a roster may hold them."""
    while True:
        for one in DANGEROUS:
            if not plain or (one.isprintable() and one == one.strip()):
                yield one


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_rosters_come_back_without_the_apostrophe(tmp_path: Path, kind: str) -> None:
    roster = named(small_roster(), names(plain=True))
    path = tmp_path / ("r.xlsx" if kind == "xlsx" else "folder")
    write_roster(roster, path)
    for file in [path] if kind == "xlsx" else path.glob("*.csv"):
        if kind == "xlsx":
            assert formulas(file) == []
        else:
            cells = [cell for row in csv.reader(file.open(encoding="utf-8-sig")) for cell in row]
            assert not [cell for cell in cells if cell.startswith(STARTS) and not _is_number(cell)]
    again = read_roster(path)
    assert sorted(one.name for one in again.people) == sorted(one.name for one in roster.people)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


@pytest.fixture(scope="module")
def plan() -> Plan:
    found = scheduled_plan()
    return replace(found, roster=named(found.roster, names()))


def test_the_workbook_of_a_plan_has_no_formulas(plan: Plan, tmp_path: Path) -> None:
    words = iter(DANGEROUS)
    for number in range(4):  # the school is small: other names each time
        named_plan = replace(plan, roster=named(plan.roster, words))
        path = tmp_path / f"{number}.xlsx"
        write_plan_xlsx(named_plan, explain_plan(named_plan), path, "ru")
        own = [place for place in formulas(path) if _of_people(path, place)]
        assert own == []


def _of_people(path: Path, place: str) -> bool:
    """Say whether a formula was written by a person: sums of the workbook itself are its own."""
    if "!" not in place:
        return False
    sheet, cell = place.split("!")
    value = str(openpyxl.load_workbook(path)[sheet][cell].value)
    return any(value.startswith(one) for one in DANGEROUS if len(one) > 2)


def test_calendars_hold_the_events_of_the_plan_and_no_other(plan: Plan, tmp_path: Path) -> None:
    plain = scheduled_plan()
    write_calendars(plain, tmp_path / "plain", "ru")
    words = iter([f"=1\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:x{number}" for number in range(99)])
    write_calendars(replace(plain, roster=named(plain.roster, words)), tmp_path / "harmed", "ru")
    for file in (tmp_path / "plain").iterdir():
        expected = [event.uid.value for event in _events(file)]
        assert [event.uid.value for event in _events(tmp_path / "harmed" / file.name)] == expected


def _events(path: Path) -> list[Any]:
    return list(vobject.readOne(path.read_text(encoding="utf-8")).vevent_list)


def test_orders_evaluate_nothing_and_hold_no_fields(plan: Plan, tmp_path: Path) -> None:
    words = iter(['{{ 7*7 }}{% raw %}="x"', "<w:instrText>=1+1</w:instrText>", "=SUM(ABOVE)", *["+1"] * 99])
    harmed = replace(plan, roster=named(plan.roster, words))
    write_order(harmed, tmp_path / "order.docx", "ru")
    text = "\n".join(
        [paragraph.text for paragraph in docx.Document(str(tmp_path / "order.docx")).paragraphs]
        + [c.text for t in docx.Document(str(tmp_path / "order.docx")).tables for r in t.rows for c in r.cells]
    )
    assert "{{ 7*7 }}" in text
    assert "49" not in text.replace("1949", "")
    with zipfile.ZipFile(tmp_path / "order.docx") as archive:
        document = archive.read("word/document.xml")
    packaged = docx.Document(str(tmp_path / "order.docx"))
    assert b"<w:instrText>=1+1" not in document
    assert len(packaged.element.xpath("//w:instrText[contains(., '1+1')]")) == 0
