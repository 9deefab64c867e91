"""Pages of lists, rounds and runs, asked for without a browser: what is kept, what is refused, who may see what."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlmodel import select

from matcher.errors import Fault
from matcher.generate.timetables import generate_busy
from matcher.io.write_roster import write_roster
from matcher.io.write_timetables import write_timetables
from matcher.texts import text
from service.jobs.port import Outcome, RunStatus
from service.jobs.results import faults_context
from service.jobs.tasks import fault_part
from service.pages.runs import proof_words
from service.rounds.inputs import build_inputs
from service.rounds.pasted import pasted_rows
from service.tables.areas import Person
from service.tables.columns import now
from service.tables.rounds import RosterFile, Round, Run, TimetableFile
from tests.service.conftest import House
from tests.service.rounds.conftest import small_roster


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The list of a small school as a workbook."""
    path = tmp_path_factory.mktemp("list") / "list.xlsx"
    write_roster(small_roster(), path)
    return path.read_bytes()


def headers(house: House, role: str = "curator", area: str = "s11") -> dict[str, str]:
    """Return the headers of somebody who looks at pages in English."""
    return {**house.headers(role, area), "Accept": "text/html", "Accept-Language": "en"}


def spoilt(workbook: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    page = book["Люди"]
    column = next(cell.column for cell in page[1] if cell.value == "Дата рождения")
    page.cell(3, column).value = "вчера"
    return saved(book)


def saved(book: Any) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def give(house: House, files: list[tuple[str, bytes]], where: str = "/rosters", **fields: str) -> Any:
    parts = [("files", (name, content, "application/octet-stream")) for name, content in files]
    return house.client.post(where, files=parts, data=fields, headers=headers(house), follow_redirects=False)


def rows(house: House, table: Any) -> list[Any]:
    with house.core.database.reading() as session:
        found = list(session.exec(select(table)))
        session.expunge_all()
        return found


def test_a_new_user_sees_three_steps(sqlite_house: House) -> None:
    shown = sqlite_house.client.get("/rounds", headers=headers(sqlite_house)).text
    assert shown.count('<li class="card">') == 3
    assert "<table" not in shown
    assert "Try on made-up people" in shown
    assert "made-up" not in sqlite_house.client.get("/rounds", headers=headers(sqlite_house, "head")).text


def test_only_who_runs_rounds_gives_lists(sqlite_house: House) -> None:
    for role in ("head", "mentor", "municipal_authority"):
        assert sqlite_house.client.get("/rosters", headers=headers(sqlite_house, role)).status_code == 403
        assert sqlite_house.client.get("/new-round", headers=headers(sqlite_house, role)).status_code == 403


def test_faults_are_shown_in_their_cells_and_nothing_is_kept(sqlite_house: House, workbook: bytes) -> None:
    answer = give(sqlite_house, [("list.xlsx", spoilt(workbook))])
    assert answer.status_code == 422
    assert answer.text.count('class="wrong"') == 1
    assert "1 fault" in answer.text
    assert "Nothing was saved." in answer.text
    assert rows(sqlite_house, RosterFile) == []
    assert rows(sqlite_house, Person) == []
    marked = give(sqlite_house, [("list.xlsx", spoilt(workbook))], "/rosters/marked")
    page = openpyxl.load_workbook(io.BytesIO(marked.content))["Люди"]
    assert [cell.value for row in page.iter_rows() for cell in row if cell.comment] == ["вчера"]


def test_a_file_that_cannot_be_read_at_all_is_told_of_in_words(sqlite_house: House) -> None:
    answer = give(sqlite_house, [("list.zip", b"no archive")])
    assert answer.status_code == 422
    assert "the archive is damaged and cannot be opened" in answer.text
    assert "/rosters/marked" not in answer.text, "nothing can be marked in it"


def test_a_good_list_is_kept_at_once_and_shown(sqlite_house: House, workbook: bytes) -> None:
    answer = give(sqlite_house, [("list.xlsx", workbook)])
    assert answer.status_code == 303
    (row,) = rows(sqlite_house, RosterFile)
    assert not row.is_made_up
    shown = sqlite_house.client.get(answer.headers["location"], headers=headers(sqlite_house))
    assert small_roster().people[0].name in shown.text
    stranger = headers(sqlite_house, "curator", "s12")
    assert sqlite_house.client.get(f"/rosters/{row.id}", headers=stranger).status_code == 404


def test_unknown_columns_are_asked_about_first(sqlite_house: House, workbook: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    next(cell for cell in book["Люди"][1] if cell.value == "Фамилия, имя, отчество").value = "Работник"
    asked = give(sqlite_house, [("list.xlsx", saved(book))])
    assert asked.status_code == 200
    assert "Which column is which" in asked.text
    assert "1 column of yours is not read: “Работник”." in asked.text
    assert rows(sqlite_house, RosterFile) == []
    told = {"sheet.1": "Люди", "column.1.1": "Работник", "column.1.1.is": "name", "do": "keep"}
    kept = give(sqlite_house, [("list.xlsx", saved(book))], **told)
    assert kept.status_code == 303
    shown = sqlite_house.client.get(kept.headers["location"], headers=headers(sqlite_house)).text
    assert small_roster().people[0].name in shown


def test_tables_show_their_letters_first_and_may_be_told_their_code_page(sqlite_house: House, tmp_path: Path) -> None:
    write_roster(small_roster(), tmp_path / "tables", form="csv")
    files = []
    for file in sorted((tmp_path / "tables").iterdir()):
        content = file.read_bytes().decode("utf-8-sig").encode("cp866")
        files.append((file.name, content))
    shown = give(sqlite_house, files)
    assert "cp866" in shown.text
    without = give(sqlite_house, [file for file in files if file[0] != "people.csv"])
    assert "absences.csv, availability.csv, classes.csv …" in without.text
    assert ">tables<" not in without.text
    assert rows(sqlite_house, RosterFile) == []
    kept = give(sqlite_house, files, encoding="cp866", do="keep")
    assert kept.status_code == 303, kept.text
    page = sqlite_house.client.get(kept.headers["location"], headers=headers(sqlite_house)).text
    assert small_roster().people[0].name in page


def test_cells_pasted_from_a_spreadsheet_are_a_list(sqlite_house: House, workbook: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    pasted = {}
    for id_, title in (("people", "Люди"), ("mentors", "Наставники"), ("mentees", "Наставляемые"), ("other", "Здания")):
        lines = [[shown(cell) for cell in row] for row in book[title].iter_rows(values_only=True)]
        pasted[f"paste.{id_}"] = "\n".join("\t".join(line) for line in lines)
    body = {**pasted, "paste-other": "sites"}
    kept = sqlite_house.client.post("/rosters", data=body, headers=headers(sqlite_house), follow_redirects=False)
    assert kept.status_code == 303, kept.text
    (row,) = rows(sqlite_house, RosterFile)
    assert (row.name, row.num_people) == ("pasted from a spreadsheet", len(small_roster().people))
    empty = sqlite_house.client.post("/rosters", data={}, headers=headers(sqlite_house))
    assert "no file was chosen" in empty.text


def shown(cell: Any) -> str:
    if cell is None:
        return ""
    return f"{cell:%d.%m.%Y}" if hasattr(cell, "year") else str(cell)


def test_quotation_marks_of_pasted_cells() -> None:
    assert pasted_rows('A\t"x\ty"\n"say ""hi"""\tклуб "Рост"\n\n') == [["A", "x\ty"], ['say "hi"', 'клуб "Рост"']]
    assert pasted_rows('"Ромашка" школа\tB\r\n') == [['"Ромашка" школа', "B"]]
    assert pasted_rows("A\t\t\n") == [["A", "", ""]]


def made(house: House, workbook: bytes, **fields: str) -> Any:
    give(house, [("list.xlsx", workbook)])
    (roster,) = rows(house, RosterFile)
    body = {"name": "Autumn", "roster": roster.id, "policy": "kalmykia", **fields}
    return house.client.post("/rounds", data=body, headers=headers(house), follow_redirects=False)


def test_a_round_begins_with_a_run(house: House, workbook: bytes) -> None:
    answer = made(house, workbook)
    assert answer.status_code == 303, answer.text
    (round_,), (run,) = rows(house, Round), rows(house, Run)
    assert answer.headers["location"] == f"/runs/{run.id}"
    assert (round_.name, round_.policy_id, run.what, run.status) == ("Autumn", "kalmykia", "pair", "queued")
    listed = house.client.get("/rounds", headers=headers(house)).text
    assert "Autumn" in listed
    assert f"/runs/{run.id}" in listed
    assert house.client.get(f"/runs/{run.id}", headers=headers(house, "curator", "s12")).status_code == 404


def test_what_does_not_fit_is_said_beside_its_field(sqlite_house: House, workbook: bytes) -> None:
    answer = made(sqlite_house, workbook, name="", policy="nowhere", first_day="soon")
    assert answer.status_code == 422
    assert "“soon” is not a date" in answer.text
    assert "this has to be given" in answer.text
    assert rows(sqlite_house, Round) == []


def test_timetables_are_taken_with_the_round_or_not_at_all(
    sqlite_house: House, workbook: bytes, tmp_path: Path
) -> None:
    give(sqlite_house, [("list.xlsx", workbook)])
    (roster,) = rows(sqlite_house, RosterFile)
    (map_path,) = write_timetables(small_roster(), generate_busy(small_roster(), seed=1), tmp_path)
    table = (map_path.stem + ".csv", map_path.with_suffix(".csv").read_bytes())
    body = {"name": "Autumn", "roster": roster.id, "policy": "kalmykia", "what": "plan"}
    wrong = give(sqlite_house, [table, (map_path.name, b"[days")], "/rounds", **body)
    assert wrong.status_code == 422
    assert rows(sqlite_house, TimetableFile) == []
    right = give(sqlite_house, [table, (map_path.name, map_path.read_bytes())], "/rounds", **body)
    assert right.status_code == 303, right.text
    with sqlite_house.core.database.reading() as session:
        inputs = build_inputs(session, sqlite_house.core.vault, session.exec(select(Round)).one())
    assert len(inputs.maps) == 1


def test_a_made_up_round_takes_nobody_for_somebody_real(house: House, workbook: bytes) -> None:
    give(house, [("list.xlsx", workbook)])
    real = {person.id for person in rows(house, Person)}
    for number in (1, 2):
        answer = house.client.post("/made-up-round", headers=headers(house), follow_redirects=False)
        assert answer.status_code == 303, answer.text
        assert len(rows(house, Round)) == number
    made_up = [row for row in rows(house, RosterFile) if row.is_made_up]
    assert len(made_up) == 2
    assert {person.id for person in rows(house, Person)} > real
    assert len(rows(house, Person)) == len(real) + sum(row.num_people for row in made_up)
    assert house.client.get("/rounds", headers=headers(house)).text.count("made-up people</span>") == 2
    assert [run.what for run in rows(house, Run)] == ["plan", "plan"]


def change_run(house: House, **columns: Any) -> str:
    with house.core.database.writing() as session:
        run = session.exec(select(Run)).one()
        for name, value in columns.items():
            setattr(run, name, value)
        session.add(run)
        return run.id


def test_a_run_is_told_in_words(sqlite_house: House, workbook: bytes) -> None:
    made(sqlite_house, workbook)
    look = {**headers(sqlite_house), "HX-Request": "true"}
    run_id = change_run(sqlite_house, status="running", level="SO-01:1", value=4, bound=4, seconds=3.0, attempts=1)
    shown = sqlite_house.client.get(f"/runs/{run_id}", headers=look).text
    assert "4 so far" in shown
    assert "It is proved that no plan places more." in shown
    assert "<html" not in shown
    change_run(sqlite_house, level="SO-01:1", value=4, bound=6)
    assert "No plan places more than 6." in sqlite_house.client.get(f"/runs/{run_id}", headers=look).text
    stopped = sqlite_house.client.post(f"/runs/{run_id}/stop", headers=look, follow_redirects=False)
    assert stopped.status_code == 303
    assert rows(sqlite_house, Run)[0].stop_asked_at is not None
    assert sqlite_house.client.post(f"/runs/{run_id}/stop", headers=headers(sqlite_house, "head")).status_code == 403


def test_a_run_of_which_nothing_came_says_why(sqlite_house: House, workbook: bytes) -> None:
    made(sqlite_house, workbook)
    run_id = change_run(sqlite_house, status=RunStatus.SUCCEEDED, outcome=Outcome.NOTHING_PLACED)
    look = headers(sqlite_house)
    shown = sqlite_house.client.get(f"/runs/{run_id}", headers=look).text
    assert "No plan was found" in shown
    assert "What stands in the way" in shown
    change_run(sqlite_house, stop_asked_at=now())
    stopped = sqlite_house.client.get(f"/runs/{run_id}", headers=look).text
    assert "before it had found anything" in stopped
    assert "What stands in the way" not in stopped
    fault = Fault("MAP.toml:3", text("there is no such file"), text("one of: {names}", names="a"))
    sealed = sqlite_house.core.vault.seal(json.dumps([fault_part(fault)]).encode(), faults_context(run_id))
    change_run(sqlite_house, status=RunStatus.FAILED, outcome=Outcome.WRONG_INPUT, sealed_faults=sealed)
    shown = sqlite_house.client.get(f"/runs/{run_id}", headers=look).text
    assert "MAP.toml:3" in shown
    assert "one of: a" in shown


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        ([], None),
        ([("SO-01:1", 4, 4)], "It is proved that no plan places more."),
        ([("SO-01:1", 4, 4), ("SO-01:2", 3, 3)], "without passing over somebody"),
        ([("SO-01:1", 4, 6), ("SO-01:2", 3, 3)], "at most 2 more"),
        ([("SO-01:1", 4, None)], "is not known"),
        ([("SO-01:1:unmatched", 1, 5), ("served", 9, 9)], "It is proved that no plan places more."),
    ],
)
def test_what_is_proved_is_said_and_no_more(levels: list[tuple[str, float, float | None]], said: str | None) -> None:
    found = proof_words({"levels": [{"name": n, "value": v, "bound": b} for n, v, b in levels]})
    assert (found is None) if said is None else (said in str(found))


def test_an_address_that_leads_nowhere_leaves_the_ways_on_in_sight(sqlite_house: House) -> None:
    for address in ("/nonsense", "/rounds/abc"):
        answer = sqlite_house.client.get(address, headers={**headers(sqlite_house), "accept": "text/html"})
        assert answer.status_code == 404, address
        assert "may be mistyped" in answer.text
        assert 'href="/sign-in' in answer.text or 'href="/rounds"' in answer.text
