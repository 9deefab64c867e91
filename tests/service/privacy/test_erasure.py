"""Reliability P1: nothing is left of an erased person but what counts; an act proves it; the law's days are kept."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date, timedelta
from pathlib import Path

import docx
import pytest
from sqlalchemy import LargeBinary
from sqlmodel import col, select

from matcher.errors import InputError
from matcher.io.plan_json import read_plan_json
from matcher.judge.verify_plan import verify_plan
from service.audit import broken_links
from service.privacy.consent_rows import ask_erasure
from service.privacy.erasure.queue import ERASED_LIST, perform, perform_due, today_of
from service.privacy.grounds import Ground, due_day, stop_day
from service.rounds.plan_files import open_plan_bytes
from service.rounds.rosters import open_roster
from service.tables.access import Account, CalendarSecret, Grant, PersonalLink, Role, WebSession
from service.tables.all_tables import METADATA
from service.tables.areas import Person, PersonKey
from service.tables.columns import now
from service.tables.privacy import AuditEntry, Consent, Erasure, StoredAnswer
from service.tables.records import Record
from service.tables.rounds import Meeting, Order, Pair, PlanFileRow, RosterFile, Run
from tests.service.conftest import House
from tests.service.privacy.canary import BORN, CODE, Cage, build_cage, hits
from tests.service.privacy.people import add_person


def erase(cage: Cage, ground: Ground = Ground.WITHDRAWN) -> str:
    """Ask for the erasure of the canary and carry it out; return its id."""
    core = cage.house.core
    with core.database.writing() as session:
        area_id = session.get_one(Person, cage.person_id).area_id
        id_ = ask_erasure(session, core, cage.person_id, area_id, ground, "test", today_of(core)).id
    perform(core, id_, actor="test")
    return id_


def test_nothing_is_left_of_the_canary(house: House) -> None:
    cage = build_cage(house)
    before = hits(house)
    assert {place.split(" ")[0].split("/")[-1] for place in before} >= {
        "opened", "plan", "timetable", "decision", "faults", "record", "person", "audit", "left.json"
    }  # fmt: skip
    erase(cage)
    assert hits(house) == []


def test_what_counts_stays_true(house: House) -> None:
    cage = build_cage(house)
    with house.core.database.reading() as session:
        row = session.exec(select(RosterFile)).one()
        roster = open_roster(session, house.core.vault, row)
    erase(cage)
    with house.core.database.reading() as session:
        row = session.exec(select(RosterFile)).one()
        after = open_roster(session, house.core.vault, row)
        assert [len(part) for part in (after.people, after.mentors, after.mentees)] == [
            len(part) for part in (roster.people, roster.mentors, roster.mentees)
        ]
        code = session.get_one(Person, cage.person_id).code
        kept = next(one for one in after.people if one.id == code)
        was = next(one for one in roster.people if one.id == CODE)
        assert (kept.position, kept.subjects, kept.organisation) == (was.position, was.subjects, was.organisation)
        assert kept.birth_date is not None
        assert kept.birth_date != BORN
        assert kept.birth_date.year in (1987, 1988)
        figures = session.exec(select(Record.figures).where(Record.kind == "interview")).all()
        assert figures == [{"score": 5}] * 3
        assert session.exec(select(Consent).where(Consent.person_id == cage.person_id)).all() != []
        assert list(broken_links(session)) == []


def test_a_rewritten_plan_is_still_proved(sqlite_house: House) -> None:
    cage = build_cage(sqlite_house)
    erase(cage)
    with sqlite_house.core.database.reading() as session, tempfile.TemporaryDirectory() as folder:
        row = session.exec(select(PlanFileRow)).one()
        file = Path(folder) / "plan.json"
        file.write_bytes(open_plan_bytes(sqlite_house.core.vault, row))
        plan = read_plan_json(file)
        code = session.get_one(Person, cage.person_id).code
    checked = verify_plan(plan)
    assert checked.violations == ()
    assert code in {pair.mentee for pair in plan.pairs} | set(plan.unmatched)
    assert CODE not in file.name


def test_ways_in_are_closed_and_meetings_to_come_called_off(house: House) -> None:
    cage = build_cage(house)
    erase(cage)
    with house.core.database.reading() as session:
        assert session.get(PersonKey, cage.person_id) is None
        assert session.exec(select(PersonalLink)).one().revoked_at is not None
        assert session.exec(select(CalendarSecret)).one().revoked_at is not None
        assert session.exec(select(WebSession)).all() == []
        assert session.exec(select(Grant).where(Grant.person_id == cage.person_id)).one().ends_at is not None
        account = session.exec(select(Account)).one()
        assert account.disabled_at is not None
        assert account.login == f"erased-{account.id}"
        meetings = session.exec(select(Meeting).order_by(col(Meeting.number))).all()
        assert [meeting.state for meeting in meetings] == ["published", "cancelled", "published"]
        pair = session.exec(select(Pair).where(Pair.mentee_id == cage.person_id)).first()
        assert pair is not None
        assert (pair.state, pair.end_reason) == ("terminated", "left")
        assert session.exec(select(StoredAnswer.key)).all() == ["l"]
        assert session.exec(select(Order)).one().people == [cage.person_id]
    folder = house.core.settings.folder
    assert sorted(path.name for path in folder.rglob("*.json")) == ["other.json", "other.json"]
    assert (folder / ERASED_LIST).read_text() == f"{cage.person_id}\n"


def test_the_act_and_the_extract_have_what_order_179_asks(house: House) -> None:
    cage = build_cage(house)
    id_ = erase(cage)
    headers = house.headers(Role.HEAD) | {"Accept-Language": "ru"}
    answer = house.client.get(f"/api/v1/erasures/{id_}/act", headers=headers)
    assert answer.status_code == 200
    document = docx.Document(io.BytesIO(answer.content))
    said = "\n".join([*(one.text for one in document.paragraphs), *_cells(document)])
    for wanted in (
        "АКТ №", "улица, дом",
        "Area s11", cage.person_id, "фамилия, имя, отчество", "Mentor matcher", "согласие отозвано",
        "152-FZ, 21.5", "D-04 № 17", f"{now():%d.%m.%Y}", "ключ",
    ):  # fmt: skip
        assert wanted in said, wanted
    answer = house.client.get(f"/api/v1/erasures/{id_}/log", headers=headers)
    heading, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert len(heading) == len(row) == 7
    with house.core.database.reading() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "erasure.done")).one()
        assert row[5:] == [str(entry.seq), entry.hash]
    assert row[0] == cage.person_id
    assert house.client.get(f"/api/v1/erasures/{id_}/act", headers=house.headers(Role.HEAD, "s12")).status_code == 404


def _cells(document: docx.document.Document) -> list[str]:
    return [cell.text for table in document.tables for row in table.rows for cell in row.cells]


def test_a_hold_and_a_running_solve_keep_the_data(sqlite_house: House) -> None:
    cage = build_cage(sqlite_house)
    head = sqlite_house.headers(Role.HEAD)
    url = f"/api/v1/people/{cage.person_id}/erasure"
    erasure = sqlite_house.client.post(url, json={"ground": "unlawful"}, headers=head).json()
    assert erasure["due_day"] == str(due_day(Ground.UNLAWFUL, today_of(sqlite_house.core)))
    place = f"/api/v1/erasures/{erasure['id']}"
    held = sqlite_house.client.put(f"{place}/hold", json={"reason": "дело 2-118"}, headers=head)
    assert held.json()["hold_reason"] == "дело 2-118"
    answer = sqlite_house.client.post(f"{place}/execution", headers=head)
    assert answer.status_code == 409
    assert answer.json()["faults"][0]["place"] == "erasure"
    assert sqlite_house.client.get(f"{place}/act", headers=head).status_code == 404
    sqlite_house.client.put(f"{place}/hold", json={"reason": None}, headers=head)
    with sqlite_house.core.database.writing() as session:
        run = session.exec(select(Run).where(Run.status == "failed")).one()
        run.status = "running"
        session.add(run)
    assert sqlite_house.client.post(f"{place}/execution", headers=head).status_code == 409
    with sqlite_house.core.database.writing() as session:
        run = session.exec(select(Run).where(Run.status == "running")).one()
        run.status = "failed"
        session.add(run)
    assert sqlite_house.client.post(f"{place}/execution", headers=head).json()["done_at"] is not None
    found = hits(sqlite_house)
    assert found == [], found
    assert sqlite_house.client.post(f"{place}/execution", headers=head).status_code == 409
    assert sqlite_house.client.post(url, json={"ground": "unlawful"}, headers=head).status_code == 409


def test_participants_may_ask_that_processing_stop(sqlite_house: House) -> None:
    own, other = add_person(sqlite_house), add_person(sqlite_house, code="P-2")
    mentee = sqlite_house.headers(Role.MENTEE, person_id=own)
    client = sqlite_house.client
    assert (
        client.post(f"/api/v1/people/{other}/erasure", json={"ground": "stop_asked"}, headers=mentee).status_code == 404
    )
    wrong = client.post(f"/api/v1/people/{own}/erasure", json={"ground": "unlawful"}, headers=mentee)
    assert wrong.status_code == 422
    asked = client.post(f"/api/v1/people/{own}/erasure", json={"ground": "stop_asked"}, headers=mentee)
    assert asked.status_code == 202
    again = client.post(f"/api/v1/people/{own}/erasure", json={"ground": "stop_asked"}, headers=mentee)
    assert again.json()["id"] == asked.json()["id"]
    assert client.get("/api/v1/erasures", headers=mentee).status_code == 403
    listed = client.get("/api/v1/erasures", headers=sqlite_house.headers(Role.CURATOR)).json()["items"]
    assert [one["id"] for one in listed] == [asked.json()["id"]]


def test_the_day_does_it_by_itself(sqlite_house: House) -> None:
    people = [add_person(sqlite_house, code=f"P-{number}") for number in range(3)]
    core = sqlite_house.core
    with core.database.writing() as session:
        for person_id, (shift, hold) in zip(people, ((0, None), (9, None), (0, "court")), strict=True):
            session.add(
                Erasure(person_id=person_id, area_id=sqlite_house.areas["s11"], ground="withdrawn", asked_by="x",
                        due_day=today_of(core) + timedelta(days=shift), hold_reason=hold)
            )  # fmt: skip
    assert perform_due(core) == 1
    assert perform_due(core) == 0
    with core.database.reading() as session:
        gone = session.exec(select(Person.id).where(col(Person.erased_at).is_not(None))).all()
        assert gone == [people[0]]


def test_an_erased_person_is_not_erased_twice(sqlite_house: House) -> None:
    cage = build_cage(sqlite_house)
    id_ = erase(cage)
    with pytest.raises(InputError):
        perform(sqlite_house.core, id_, actor="test")


SEALED = {
    "account.sealed_totp": "a secret of the account, emptied with it",
    "account.sealed_next_totp": "a secret of the account, emptied with it",
    "audit.sealed": "under the key of the person, or of others and without names",
    "decision.sealed_reason": "under the key of the person, or rewritten",
    "document_details.sealed": "rewritten",
    "document_file.sealed": "a paper of the organisation itself, under archive duty",
    "head_order.sealed": "under archive duty: pairs by their ids",
    "meeting.sealed_log": "under the key of the person, or rewritten",
    "person.sealed": "under the key of the person",
    "person_key.wrapped": "destroyed",
    "plan.sealed": "rewritten",
    "record.sealed": "under the key of the person, or rewritten",
    "roster.sealed": "rewritten",
    "run.sealed_faults": "rewritten",
    "stored_answer.body": "deleted where it names the person",
    "timetable.sealed_map": "rewritten",
    "timetable.sealed_rows": "rewritten",
}
"""What becomes of every column of bytes when a person is erased."""


def test_every_sealed_column_has_its_end() -> None:
    """A new column of bytes fails here until it is decided, and done, what erasing a person does to it."""
    bytes_of = {
        f"{table.name}.{column.name}"
        for table in METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert bytes_of == set(SEALED)


DAYS = {
    # asked: (10 working days, 7 working days, 3 working days), by the calendar of 2025–2026 of the government
    date(2025, 4, 29): (date(2025, 5, 19), date(2025, 5, 14), date(2025, 5, 6)),
    date(2025, 11, 1): (date(2025, 11, 18), date(2025, 11, 13), date(2025, 11, 7)),
    date(2025, 12, 29): (date(2026, 1, 22), date(2026, 1, 19), date(2026, 1, 13)),
    date(2026, 2, 20): (date(2026, 3, 10), date(2026, 3, 4), date(2026, 2, 26)),
    date(2026, 11, 3): (date(2026, 11, 18), date(2026, 11, 13), date(2026, 11, 9)),
}


@pytest.mark.parametrize("asked", DAYS)
def test_working_days_of_the_law_on_known_days(asked: date) -> None:
    ten, seven, three = DAYS[asked]
    assert due_day(Ground.UNLAWFUL, asked) == ten
    assert due_day(Ground.NOT_NEEDED, asked) == seven
    assert stop_day(Ground.UNLAWFUL, asked) == three
    assert due_day(Ground.STOP_ASKED, asked) == stop_day(Ground.STOP_ASKED, asked) == ten


# Working days of 2026 that fall on a usual day off, and days off that fall on Monday to Friday (government decree).
OFF_2026 = {
    *(date(2026, 1, day) for day in (1, 2, 5, 6, 7, 8, 9)),
    date(2026, 2, 23), date(2026, 3, 9), date(2026, 5, 1), date(2026, 5, 11), date(2026, 6, 12), date(2026, 11, 4),
    date(2026, 12, 31),
}  # fmt: skip


@pytest.mark.parametrize("asked", [date(2026, 1, 1) + timedelta(days=8 * number) for number in range(40)])
def test_days_of_the_law_on_forty_dates(asked: date) -> None:
    """Counted on the fingers, day by day, with the days off written down above."""

    def counted(days: int) -> date:
        day = asked
        while days:
            day += timedelta(days=1)
            days -= day.weekday() < 5 and day not in OFF_2026
        return day

    assert due_day(Ground.WITHDRAWN, asked) == due_day(Ground.PURPOSE_REACHED, asked) == asked + timedelta(days=30)
    assert stop_day(Ground.WITHDRAWN, asked) == stop_day(Ground.UNLAWFUL, asked) == counted(3)
    assert due_day(Ground.NOT_NEEDED, asked) == counted(7)
    assert due_day(Ground.UNLAWFUL, asked) == counted(10)
    assert stop_day(Ground.PURPOSE_REACHED, asked) is None
