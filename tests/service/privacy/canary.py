"""A person whose name is nowhere else, everywhere the service can keep it; and the search for what is left of him."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import text as sql
from sqlmodel import Session, col, select

from matcher.io.policy_toml import read_policy
from matcher.plan import Plan
from matcher.planning import make_plan
from matcher.roster import Roster
from service.access.secrets import hash_of, new_secret
from service.audit import append_audit
from service.jobs.results import faults_context
from service.keys import Erased, open_for, seal_for
from service.organisations.details import Details, keep_details, open_details
from service.rounds.decided import open_words, seal_words
from service.rounds.inputs import open_timetable, seal_timetable
from service.rounds.people import open_person
from service.rounds.plan_files import open_plan_bytes
from service.rounds.roster_json import roster_json
from service.rounds.rosters import ids_of, open_nameless, open_roster, renamed
from service.tables.access import Account, ApiToken, CalendarSecret, Grant, PersonalLink, Role, WebSession
from service.tables.areas import Area, Person
from service.tables.columns import now
from service.tables.privacy import AuditEntry, Consent, StoredAnswer
from service.tables.records import Record
from service.tables.rounds import (
    Absence,
    Availability,
    Decision,
    Meeting,
    MeetingPerson,
    Order,
    Pair,
    PlanFileRow,
    RosterFile,
    Round,
    Run,
    TimetableFile,
    Wish,
)
from tests.service.conftest import House
from tests.service.rounds.conftest import build_case, small_roster

SURNAME = "Канарейкина"
NAME = f"{SURNAME} Ксюндра Птичевна"
TIMETABLE = f"{SURNAME} К.П."
CODE = "kanareikina"
EMAIL = "kanareikina@example.org"
PARENT = "Птицын Птиций"
BORN = date(1987, 3, 14)
DAY = date(2026, 9, 1)
CANARIES = (SURNAME, SURNAME.upper(), "Ксюндра", "Птичевна", CODE, EMAIL, PARENT, "1987-03-14")


@cache
def plan_with_canary() -> Plan:
    """A plan of a school one of whose mentees is the canary, under a code that says her name."""
    roster = small_roster()
    code = sorted(mentee.person for mentee in roster.mentees)[2]
    named = renamed(roster, lambda id_: CODE if id_ == code else id_)
    words: dict[str, Any] = {
        "name": NAME,
        "timetable_name": TIMETABLE,
        "birth_date": BORN,
        "legal_representative": PARENT,
    }
    people = tuple(replace(one, **words) if one.id == CODE else one for one in named.people)
    return make_plan(replace(named, people=people), read_policy("kalmykia"), work_limit=20, seed=0)


@dataclass
class Cage:
    """The canary with everything that hangs on her."""

    house: House
    person_id: str
    round_id: str
    other_id: str
    roster: Roster

    def row(self) -> Person:
        with self.house.core.database.reading() as session:
            found = session.get_one(Person, self.person_id)
            session.expunge(found)
            return found


def build_cage(house: House) -> Cage:
    """Put the canary wherever the service keeps anything about anybody."""
    plan = plan_with_canary()
    case = build_case(house, plan=plan)
    with house.core.database.writing() as session:
        round_ = session.get_one(Round, case.round_id)
        ids = ids_of(session, house.core.vault, session.get_one(RosterFile, round_.roster_id))
        person = session.get_one(Person, ids[CODE])
        words = open_person(session, house.core.vault, person)
        said = {**asdict(words), "birth_date": BORN.isoformat(), "email": EMAIL, "phone": "+7 900 000-00-00"}
        content = json.dumps(said, ensure_ascii=False).encode()
        person.sealed = seal_for(session, house.core.vault, person.id, content, f"person-words:{person.id}")
        session.add(person)
        mentees = sorted(mentee.person for mentee in plan.roster.mentees)
        other = ids[next(code for code in mentees if code != CODE)]
        _ways_in(session, house, person)
        _life(session, house, person, round_, other)
        _words(session, house, person, round_, other)
        return Cage(house, person.id, round_.id, other, plan.roster)


def _ways_in(session: Session, house: House, person: Person) -> None:
    account = Account(login=EMAIL, name=NAME)
    link = PersonalLink(
        token_hash=hash_of(new_secret()), person_id=person.id, role="mentee", created_by="test",
        expires_at=now() + timedelta(days=3),
    )  # fmt: skip
    session.add_all([account, link])
    session.flush()
    session.add(Grant(account_id=account.id, role=Role.MENTEE, area_id=person.area_id, person_id=person.id))
    session.add(ApiToken(token_hash="x", account_id=account.id, name=NAME))
    session.add(CalendarSecret(token_hash="y", person_id=person.id))
    ends = now() + timedelta(hours=1)
    session.add(WebSession(token_hash="a", account_id=account.id, expires_at=ends))
    session.add(WebSession(token_hash="b", link_id=link.id, expires_at=ends))


def _life(session: Session, house: House, person: Person, round_: Round, other: str) -> None:
    area = person.area_id
    session.add(Consent(person_id=person.id, area_id=area, purpose="duties", given_day=DAY, recorded_by="test"))
    session.add(Absence(person_id=person.id, area_id=area, first_day=DAY, last_day=DAY, created_by="test"))
    session.add(Availability(person_id=person.id, weekday=1, from_minute=0, to_minute=60, state="preferred"))
    session.add(Wish(round_id=round_.id, from_id=person.id, to_id=other, score=3))
    session.add(Wish(round_id=round_.id, from_id=other, to_id=person.id, veto=True))
    plan = session.exec(select(PlanFileRow).where(PlanFileRow.round_id == round_.id)).one()
    pair = session.exec(select(Pair).where(Pair.mentee_id == person.id)).first()
    assert pair is not None
    pair.state = "active"
    for number, shift in enumerate((-7, 7, 14)):
        meeting = Meeting(
            round_id=round_.id, area_id=area, plan_id=plan.id, code=f"{pair.mentor_id}:{CODE}/{number}",
            activity=f"{pair.mentor_id}:{CODE}", number=number, day=now().date() + timedelta(days=shift),
            start_minute=900, end_minute=945, time_zone="Europe/Moscow", mode="online", state="published",
        )  # fmt: skip
        session.add(meeting)
        session.flush()
        session.add(MeetingPerson(meeting_id=meeting.id, person_id=person.id))
        session.add(MeetingPerson(meeting_id=meeting.id, person_id=pair.mentor_id, leads=True))
        if number == 2:
            session.add(MeetingPerson(meeting_id=meeting.id, person_id=other))
    session.add(
        Order(round_id=round_.id, area_id=area, document="D-04", number="17", day=DAY, people=[person.id],
              created_by="test")
    )  # fmt: skip


def _words(session: Session, house: House, person: Person, round_: Round, other: str) -> None:
    vault, area = house.core.vault, person.area_id
    roster = session.get_one(RosterFile, round_.roster_id)
    roster.name, roster.remarks = f"{SURNAME}.xlsx", [{"place": CODE, "message": f"{TIMETABLE} преподаёт"}]
    map_toml = f'file = "rows.csv"\n[names]\n"{SURNAME}" = "{CODE}"\n"Другая А.А." = "{other}"\n'
    timetable = TimetableFile(area_id=area, name=f"{NAME}.csv", sealed_map=b"", sealed_rows=b"", created_by="test")
    timetable.sealed_map, timetable.sealed_rows = seal_timetable(
        vault, timetable.id, map_toml, f"teacher,day\n{SURNAME},1\nДругая А.А.,2\n"
    )
    session.add(timetable)
    for mentee_id in (person.id, other):
        decision = Decision(
            number=1, round_id=round_.id, area_id=area, kind="override", mentee_id=mentee_id, made_by="x"
        )
        decision.details = {"note": f"{NAME} просит"}
        seal_words(session, vault, decision, {"reason": f"{TIMETABLE}: «согласна», {EMAIL}"})
        session.add(decision)
    for owner in (person.id, other, None):
        record = Record(
            root_id=str(owner), kind="interview", area_id=area, round_id=round_.id, person_id=owner, created_by="x"
        )
        record.figures = {"score": 5}
        content = json.dumps({"text": f"{NAME} и {PARENT}"}, ensure_ascii=False).encode()
        record.sealed = seal_for(session, vault, owner, content, f"record:{record.id}")
        session.add(record)
    details = Details(head=NAME, address="улица, дом")
    keep_details(session, vault, session.get_one(Area, area), details, "x")
    run = Run(round_id=round_.id, area_id=area, what="plan", status="failed", created_by="x")
    run.faults = [{"place": CODE, "message": NAME}]
    run.sealed_faults = vault.seal(json.dumps([{"message": TIMETABLE}]).encode(), faults_context(run.id))
    session.add(run)
    session.add(StoredAnswer(actor="x", key="k", request_digest="", status=200, body=NAME.encode()))
    session.add(StoredAnswer(actor="x", key="l", request_digest="", status=200, body=b"{}"))
    for owner in (person.id, None):
        said = {"name": NAME} if owner else {"subject": "nobody"}
        append_audit(
            session, vault, actor="x", action="person.change", area_id=area, subjects=[person.id], details=said,
            person_id=owner,
        )  # fmt: skip
    folder = house.core.settings.folder
    for name in ("exports", "work/run.1"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "left.json").write_text(json.dumps({"name": NAME}, ensure_ascii=False), encoding="utf-8")
        (folder / name / "other.json").write_text("{}", encoding="utf-8")


def everything(house: House) -> Iterator[tuple[str, bytes]]:
    """Yield (place, content) of every column of every table, decoded from base64 and opened where a key opens it."""
    with house.core.database.reading() as session:
        for place, value in columns(session):
            content = value if isinstance(value, bytes) else str(value).encode()
            yield place, content
            text = content.decode("utf-8", "ignore")
            if isinstance(value, str) and "\\u" in text:
                yield place, text.encode().decode("unicode_escape", "ignore").encode("utf-8", "ignore")
            if re.fullmatch(r"[A-Za-z0-9+/=_\-\s]{16,}", text):
                try:
                    yield place, base64.b64decode(text, altchars=b"-_", validate=False)
                except ValueError:
                    continue
        yield from opened(session, house)
    for file in sorted(house.core.settings.folder.rglob("*")):
        if file.is_file():
            yield str(file), file.read_bytes()


def columns(session: Session) -> Iterator[tuple[str, Any]]:
    """Yield every value of every table there is, those of other libraries included."""
    if session.get_bind().dialect.name == "sqlite":
        names = session.execute(sql("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
    else:
        names = (
            session.execute(
                sql(
                    "SELECT table_schema || '.' || table_name FROM information_schema.tables "
                    "WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
                )
            )
            .scalars()
            .all()
        )
    for name in names:
        for row in session.execute(sql(f"SELECT * FROM {name}")).mappings():
            for column, value in row.items():
                if isinstance(value, memoryview):
                    value = value.tobytes()
                if isinstance(value, dict | list):
                    value = json.dumps(value, ensure_ascii=False)
                if value is not None:
                    yield f"{name}.{column}", value


def opened(session: Session, house: House) -> Iterator[tuple[str, bytes]]:
    """Yield what the keys that are left open: the search must not end at a seal."""
    vault = house.core.vault
    for roster in session.exec(select(RosterFile)):
        yield f"roster {roster.id}", roster_json(open_nameless(vault, roster)[1])
        yield f"opened roster {roster.id}", roster_json(open_roster(session, vault, roster))
    for plan in session.exec(select(PlanFileRow)):
        yield f"plan {plan.id}", open_plan_bytes(vault, plan)
    for timetable in session.exec(select(TimetableFile)):
        yield f"timetable {timetable.id}", "".join(open_timetable(vault, timetable)).encode()
    for area_id in session.exec(select(Area.id)):
        yield f"details {area_id}", repr(open_details(session, vault, area_id)).encode()
    for decision in session.exec(select(Decision)):
        yield f"decision {decision.id}", json.dumps(open_words(session, vault, decision), ensure_ascii=False).encode()
    for run in session.exec(select(Run).where(col(Run.sealed_faults).is_not(None))):
        assert run.sealed_faults is not None
        yield (
            f"faults {run.id}",
            json.dumps(json.loads(vault.open(run.sealed_faults, faults_context(run.id))), ensure_ascii=False).encode(),
        )
    for record in session.exec(select(Record).where(col(Record.sealed).is_not(None))):
        try:
            assert record.sealed is not None
            yield (
                f"record {record.id}",
                open_for(session, vault, record.person_id, record.sealed, f"record:{record.id}"),
            )
        except Erased:
            continue
    for person in session.exec(select(Person)):
        yield f"person {person.id}", repr(open_person(session, vault, person)).encode()
    for entry in session.exec(select(AuditEntry).where(col(AuditEntry.sealed).is_not(None))):
        try:
            assert entry.sealed is not None
            yield f"audit {entry.seq}", open_for(session, vault, entry.sealed_for, entry.sealed, f"audit:{entry.seq}")
        except Erased:
            continue


def hits(house: House) -> list[str]:
    """Return where the canary is still to be found."""
    found = []
    for place, content in everything(house):
        folded = content.decode("utf-8", "ignore").casefold().encode()
        if any(canary.casefold().encode() in folded for canary in CANARIES):
            found.append(place)
    return found
