"""Uploads: taken whole or not at all, every fault said, hostile files refused by a process that may die (S5, S7)."""

from __future__ import annotations

import io
import random
import tempfile
import unicodedata
import zipfile
from pathlib import Path

import openpyxl
import pytest
from sqlmodel import select

from matcher.io.write_roster import write_roster
from service.rounds.uploads import clean_name
from service.tables.areas import Person
from service.tables.rounds import RosterFile
from tests.service.conftest import House
from tests.service.rounds.conftest import small_roster
from tests.service.rounds.hostile import bomb, doctype, duplicate_members, far_cell, mutated, overlapping_members

HOSTILE = {
    "far cell": far_cell,
    "bomb": bomb,
    "doctype": doctype,
    "duplicates": duplicate_members,
    "overlap": overlapping_members,
}


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("roster") / "roster.xlsx"
    write_roster(small_roster(), path)
    return path.read_bytes()


def send(house: House, content: bytes, name: str = "реестр.xlsx", where: str = "rosters", **query: str):  # type: ignore[no-untyped-def]
    headers = {**house.headers("curator"), "Accept-Language": "en"}
    files = {"file": (name, content, "application/octet-stream")}
    return house.client.post(f"/api/v1/{where}", files=files, headers=headers, params=query)


def test_a_roster_is_taken_whole(house: House, workbook: bytes) -> None:
    answer = send(house, workbook)
    assert answer.status_code == 201, answer.text
    assert answer.json()["num_people"] == len(small_roster().people)
    headers = house.headers("curator")
    shown = house.client.get(answer.headers["location"], headers=headers, params={"limit": 3}).json()
    assert [person["code"] for person in shown["people"]] == sorted(p.id for p in small_roster().people)[:3]
    assert shown["next"] is not None
    assert house.client.get(answer.headers["location"], headers=house.headers("curator", "s12")).status_code == 404


def test_one_fault_keeps_everything_out_and_is_marked_in_the_file(sqlite_house: House, workbook: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    page = book["Наставники"]
    page.cell(2, 1).value = "никто"
    page.cell(3, 1).value = "тоже никто"
    changed = io.BytesIO()
    book.save(changed)
    refused = send(sqlite_house, changed.getvalue())
    assert refused.status_code == 422
    places = [fault["place"] for fault in refused.json()["faults"]]
    assert "Наставники!A2" in places
    assert "Наставники!A3" in places
    assert all(fault["message"] for fault in refused.json()["faults"])
    with sqlite_house.core.database.reading() as session:
        assert session.exec(select(RosterFile)).first() is None
        assert session.exec(select(Person)).first() is None
    checked = send(sqlite_house, changed.getvalue(), where="rosters/check").json()
    assert not checked["ok"]
    assert checked["num_faults"] == len(places)
    marked = send(sqlite_house, changed.getvalue(), where="rosters/check", marked="true")
    copy = openpyxl.load_workbook(io.BytesIO(marked.content))
    assert copy["Наставники"]["A2"].comment is not None


def test_an_archive_of_tables_is_a_roster_too(sqlite_house: House, tmp_path: Path) -> None:
    write_roster(small_roster(), tmp_path / "tables", form="csv")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in (tmp_path / "tables").iterdir():
            archive.write(file, f"../../{file.name}")
    answer = send(sqlite_house, packed.getvalue(), "реестр.zip")
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("name", ["roster.xlsx", "roster.zip"])
def test_hostile_files_are_refused(
    sqlite_house: House, workbook: bytes, kind: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    answer = send(sqlite_house, HOSTILE[kind](workbook), name)
    assert answer.status_code == 422, answer.text
    assert answer.json()["faults"]
    assert list(tmp_path.glob("matcher-*")) == []


def test_damaged_and_strange_files_are_refused_or_taken_never_a_fault_of_the_program(
    sqlite_house: House, workbook: bytes
) -> None:
    chance = random.Random(7)
    statuses = {send(sqlite_house, *mutated(workbook, chance), where="rosters/check").status_code for _ in range(12)}
    assert statuses <= {200, 422}


NAMES = [
    "../../etc/passwd",
    "..\\..\\boot.ini",
    "/etc/cron.d/x.xlsx",
    "a\r\nSet-Cookie: x=1.xlsx",
    "\u202excod.xlsx",
    "я" * 300 + ".xlsx",
    "реестр наставников.xlsx",
    "",
    ".",
    "..",
    ".xlsx",
    "con:aux|nul?.xlsx",
    "\x00.xlsx",
    "a\u2028b.xlsx",
    "%2e%2e%2fx.xlsx",
]


@pytest.mark.parametrize("seed", range(20))
def test_names_become_harmless(seed: int) -> None:
    chance = random.Random(seed)
    for name in [
        *NAMES,
        *("".join(chance.choices("./\\\u202e\r\n:а%x\x00 ", k=chance.randint(1, 40))) for _ in range(25)),
    ]:
        cleaned = clean_name(name)
        assert 0 < len(cleaned) <= 120
        assert not set(cleaned) & set('/\\:*?"<>|')
        assert cleaned not in (".", "..")
        assert all(unicodedata.category(c)[0] != "C" for c in cleaned)
        assert (Path("/folder") / cleaned).parent == Path("/folder")


@pytest.mark.parametrize("name", ["../../etc/x.xlsx", "я" * 300 + ".xlsx", "a\u202eb.xlsx"])
def test_the_name_comes_back_in_a_header_that_parses(sqlite_house: House, workbook: bytes, name: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    book["Наставники"].cell(2, 1).value = "никто"
    changed = io.BytesIO()
    book.save(changed)
    answer = send(sqlite_house, changed.getvalue(), name, where="rosters/check", marked="true")
    assert answer.headers["content-disposition"].isascii()
    assert "\n" not in answer.headers["content-disposition"]
