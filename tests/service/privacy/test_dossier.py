"""Everything about one person, for the person: complete, readable, and without anybody else."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
from sqlmodel import select
from typer.testing import CliRunner

from service.cli.person import build_app
from service.privacy.dossier_words import SECTIONS
from service.tables.access import Role
from service.tables.areas import Person
from service.tables.privacy import AccessEntry
from tests.service.conftest import House
from tests.service.privacy.canary import EMAIL, NAME, Cage, build_cage
from tests.service.privacy.people import add_person

OTHER = "Зимородок Зоя Зиновьевна"


def names_of_others(cage: Cage) -> list[str]:
    return [person.name for person in cage.roster.people if person.name and person.name != NAME]


def test_a_person_gets_everything_about_himself(house: House) -> None:
    cage = build_cage(house)
    url = f"/api/v1/people/{cage.person_id}/export"
    own = house.headers(Role.MENTEE, person_id=cage.person_id)
    house.client.get(url, headers=house.headers(Role.CURATOR))
    answer = house.client.get(url, headers=own)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    said = answer.json()
    assert set(SECTIONS) | {"made_at"} == set(said)
    assert said["person"][0]["name"] == NAME
    assert said["person"][0]["email"] == EMAIL
    empty = {name for name, rows in said.items() if rows == []}
    assert empty == {"tasks", "erasures"}
    assert [(row["role"], row["time"]) for row in said["meetings"]] == [("mentee", "15:00–15:45")] * 3
    assert [row["score"] for row in said["wishes"]] == [3]
    assert sum(row["what"] == "GET /api/v1/people/{person_id}/export" for row in said["access_log"]) == 2
    assert {"name": NAME} in [row["details"] for row in said["audit"]]
    for name in names_of_others(cage):
        assert name not in answer.text


def test_nobody_else_gets_it(sqlite_house: House) -> None:
    cage = build_cage(sqlite_house)
    url = f"/api/v1/people/{cage.person_id}/export"
    other = sqlite_house.headers(Role.MENTEE, person_id=cage.other_id)
    assert sqlite_house.client.get(url, headers=other).status_code == 404
    assert sqlite_house.client.get(url, headers=sqlite_house.headers(Role.CURATOR, "s12")).status_code == 404
    assert sqlite_house.client.get(url, headers=sqlite_house.headers(Role.PSYCHOLOGIST)).status_code == 403
    with sqlite_house.core.database.reading() as session:
        whys = session.exec(select(AccessEntry.why).where(AccessEntry.subject == cage.person_id)).all()
    assert whys == ["everything about one person"] * 2


def test_the_page_reads_in_both_languages_and_runs_nothing(sqlite_house: House) -> None:
    person = add_person(sqlite_house, name="<script>alert(1)</script> Иванова")
    url = f"/api/v1/people/{person}/export?kind=html"
    curator = sqlite_house.headers(Role.CURATOR)
    russian = sqlite_house.client.get(url, headers=curator | {"Accept-Language": "ru"})
    english = sqlite_house.client.get(url, headers=curator | {"Accept-Language": "en"})
    assert "Кто просматривал ваши данные" in russian.text
    assert "Who looked at your data" in english.text
    assert "<script>" not in russian.text
    assert "http" not in russian.text


def test_the_command_writes_all_three_kinds(sqlite_house: House, tmp_path: Path) -> None:
    cage = build_cage(sqlite_house)
    where = ["--database", sqlite_house.core.database.url]
    runner = CliRunner(env={"MATCHER_FOLDER": str(sqlite_house.core.settings.folder)})
    for suffix in ("json", "html", "xlsx"):
        out = tmp_path / f"person.{suffix}"
        done = runner.invoke(build_app(), ["export", cage.person_id, "-o", str(out), *where], catch_exceptions=False)
        assert done.exit_code == 0
    assert json.loads((tmp_path / "person.json").read_text())["person"][0]["name"] == NAME
    assert NAME in (tmp_path / "person.html").read_text()
    book = openpyxl.load_workbook(tmp_path / "person.xlsx")
    assert len(book.sheetnames) == len(SECTIONS)
    assert NAME in [cell.value for row in book.worksheets[0].iter_rows() for cell in row]


def test_the_command_erases_and_writes_the_act(sqlite_house: House, tmp_path: Path) -> None:
    cage = build_cage(sqlite_house)
    runner = CliRunner(env={"MATCHER_FOLDER": str(sqlite_house.core.settings.folder)})
    words = ["delete", cage.person_id, "-o", str(tmp_path / "acts"), "--database", sqlite_house.core.database.url]
    assert runner.invoke(build_app(), words, catch_exceptions=False).exit_code == 0
    assert sorted(path.suffix for path in (tmp_path / "acts").iterdir()) == [".csv", ".docx"]
    with sqlite_house.core.database.reading() as session:
        assert session.get_one(Person, cage.person_id).erased_at is not None
    assert type(runner.invoke(build_app(), words).exception).__name__ == "InputError"
