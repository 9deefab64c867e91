"""Everything the service holds about one person, for the person: as data, as a page to read, as a workbook.

What others said of him stays with those who said it, and other people are not named: their data are theirs
(152-FZ, article 14, part 8, 3).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date, datetime
from enum import Enum
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment
from sqlalchemy import String, cast
from sqlmodel import Session, col, or_, select

from matcher.texts import Lang, say
from service.core import Core
from service.keys import Erased, open_for
from service.privacy.cells import write_xlsx
from service.privacy.dossier_words import COLUMNS, SECTIONS
from service.privacy.erasure.rows import orders_with
from service.privacy.known import rosters_of
from service.records.kind import Shown
from service.records.kinds import KINDS
from service.rounds.people import open_person
from service.tables.access import Account, CalendarSecret, Grant, PersonalLink
from service.tables.areas import Area, Person
from service.tables.columns import now
from service.tables.privacy import AccessEntry, AuditEntry, Consent, Erasure, PrivacyTask
from service.tables.records import Record
from service.tables.rounds import Absence, Availability, Decision, Meeting, MeetingPerson, Pair, Round, Wish

Row = dict[str, Any]
Dossier = dict[str, list[Row]]

_OWN_ACTIONS = ("decision.psychologist", "record.")
"""Actions whose details other people wrote about the person and that are shown to their author and the curator only."""


def build_dossier(session: Session, core: Core, person: Person) -> Dossier:
    """Return all sections: name of the section → rows, plain values."""
    pairs = _pairs(session, person)
    meetings = _meetings(session, person)
    links = list(session.exec(select(PersonalLink).where(PersonalLink.person_id == person.id)))
    subjects = {person.id, *(one.id for one in pairs), *(one.id for one, _ in meetings), *(one.id for one in links)}
    records = list(session.exec(select(Record).where(Record.person_id == person.id).order_by(col(Record.created_at))))
    subjects |= {one.id for one in records} | {one.root_id for one in records}
    found: Dossier = {
        "person": [_person(session, core, person)],
        "rosters": list(_roster_rows(session, core, person)),
        "pairs": [_pair(session, one, person) for one in pairs],
        "meetings": [_meeting(one, leads) for one, leads in meetings],
        "records": [_record(session, core, one) for one in records],
        "wishes": _plain(session.exec(select(Wish).where(Wish.from_id == person.id)), ("score", "veto", "said_at")),
        "availability": _plain(
            session.exec(select(Availability).where(Availability.person_id == person.id)),
            ("weekday", "week", "from_minute", "to_minute", "state"),
        ),
        "absences": _plain(
            session.exec(select(Absence).where(Absence.person_id == person.id)), ("first_day", "last_day")
        ),
        "decisions": _decisions(session, person),
        "orders": _plain(orders_with(session, person), ("document", "number", "day")),
        "consents": _consents(session, person),
        "tasks": _plain(
            session.exec(select(PrivacyTask).where(PrivacyTask.person_id == person.id)), ("kind", "due_day", "done_at")
        ),
        "erasures": _plain(
            session.exec(select(Erasure).where(Erasure.person_id == person.id)),
            ("ground", "asked_at", "due_day", "hold_reason", "done_at"),
        ),
        "links": _plain(links, ("role", "created_at", "expires_at", "used_at", "revoked_at")),
        "calendars": _plain(
            session.exec(select(CalendarSecret).where(CalendarSecret.person_id == person.id)),
            ("created_at", "revoked_at"),
        ),
        "accounts": _accounts(session, person),
        "access_log": _access(session, subjects),
        "audit": list(_audit(session, core, person)),
    }
    return found


def write_dossier(dossier: Dossier, path: Path, lang: Lang) -> None:
    """Write a dossier as JSON, HTML or XLSX, as the name of the file ends."""
    if path.suffix == ".xlsx":
        write_xlsx(path, ((str(number), *table) for number, table in enumerate(_tables(dossier, lang), start=1)))
    elif path.suffix == ".html":
        path.write_text(dossier_page(dossier, lang), encoding="utf-8")
    else:
        path.write_text(dossier_json(dossier), encoding="utf-8")


def dossier_json(dossier: Dossier) -> str:
    """Return a dossier as JSON."""
    return json.dumps({"made_at": now().isoformat(timespec="seconds"), **dossier}, ensure_ascii=False, indent=1)


def dossier_page(dossier: Dossier, lang: Lang) -> str:
    """Return a dossier as a page that can be read and printed; it loads nothing from anywhere."""
    template = resources.files("service.privacy").joinpath("dossier.html.j2").read_text(encoding="utf-8")
    sections = [
        {"title": say(SECTIONS[name], lang), "heading": _heading(rows, lang), "rows": _cells(rows)}
        for name, rows in dossier.items()
    ]
    made = now().isoformat(timespec="minutes")
    return Environment(autoescape=True).from_string(template).render(sections=sections, lang=lang, made=made)


def _tables(dossier: Dossier, lang: Lang) -> Iterator[tuple[list[str], list[list[str]]]]:
    for name, rows in dossier.items():
        title = [say(SECTIONS[name], lang)]
        yield title, [_heading(rows, lang), *_cells(rows)]


def _heading(rows: list[Row], lang: Lang) -> list[str]:
    return [say(COLUMNS[name], lang) if name in COLUMNS else name for name in _names(rows)]


def _names(rows: list[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def _cells(rows: list[Row]) -> list[list[str]]:
    names = _names(rows)
    return [[_word(row.get(name)) for name in names] for row in rows]


def _word(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _plain(rows: Iterable[Any], names: tuple[str, ...]) -> list[Row]:
    return [{name: _value(getattr(row, name)) for name in names} for row in rows]


def _value(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(_value(key)): _value(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_value(one) for one in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _person(session: Session, core: Core, person: Person) -> Row:
    said = {name: _value(value) for name, value in asdict(open_person(session, core.vault, person)).items() if value}
    place = session.get_one(Area, person.area_id)
    erased = {} if person.erased_at is None else {"erased_at": _value(person.erased_at)}
    return {"id": person.id, "code": person.code, "organisation": place.name, **said, **erased}


def _roster_rows(session: Session, core: Core, person: Person) -> Iterator[Row]:
    for row, roster, code in rosters_of(session, core.vault, person):
        parts: list[Row] = []
        parts += [_said(one) for one in roster.people if one.id == code]
        parts += [_said(one) for one in roster.mentors if one.person == code]
        parts += [_said(one) for one in roster.mentees if one.person == code]
        parts += [_said(one) for one in roster.consents if one.person == code]
        for part in parts:
            yield {"roster": row.name, "uploaded": _value(row.created_at), **part}


def _said(part: Any) -> Row:
    return {name: _value(value) for name, value in asdict(part).items() if value not in (None, "", (), {}, False)}


def _pairs(session: Session, person: Person) -> list[Pair]:
    sides = or_(col(Pair.mentor_id) == person.id, col(Pair.mentee_id) == person.id)
    return list(session.exec(select(Pair).where(sides).order_by(col(Pair.since), col(Pair.id))))


def _pair(session: Session, pair: Pair, person: Person) -> Row:
    names = ("form", "kind", "contour", "state", "first_day", "last_day", "minutes", "end_reason", "full_cycle")
    role = "mentor" if pair.mentor_id == person.id else "mentee"
    (row,) = _plain([pair], names)
    return {"round": session.get_one(Round, pair.round_id).name, "role": role, **row}


def _meetings(session: Session, person: Person) -> list[tuple[Meeting, bool]]:
    wanted = (
        select(Meeting, MeetingPerson.leads)
        .join(MeetingPerson, col(MeetingPerson.meeting_id) == Meeting.id)
        .where(MeetingPerson.person_id == person.id)
        .order_by(col(Meeting.day), col(Meeting.start_minute))
    )
    return [(meeting, leads) for meeting, leads in session.exec(wanted)]


def _meeting(meeting: Meeting, leads: bool) -> Row:
    (row,) = _plain([meeting], ("day", "time_zone", "mode", "site", "room", "state"))
    clock = f"{_clock(meeting.start_minute)}–{_clock(meeting.end_minute)}"
    return {"role": "mentor" if leads else "mentee", "time": clock, **row}


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _record(session: Session, core: Core, record: Record) -> Row:
    (row,) = _plain([record], ("kind", "number", "state", "due_day", "created_at", "figures"))
    content = None
    kind = KINDS.get(record.kind)
    if record.sealed is not None and kind is not None and kind.shown in (Shown.PERSON, Shown.PAIR):
        try:
            content = json.loads(open_for(session, core.vault, record.person_id, record.sealed, f"record:{record.id}"))
        except Erased:
            content = None
    return {**row, "content": content}


def _decisions(session: Session, person: Person) -> list[Row]:
    mine = or_(col(Decision.mentor_id) == person.id, col(Decision.mentee_id) == person.id)
    found = session.exec(select(Decision).where(mine).order_by(col(Decision.made_at)))
    return _plain((one for one in found if one.kind != "psychologist"), ("kind", "made_at", "made_by"))


def _consents(session: Session, person: Person) -> list[Row]:
    names = (
        "purpose", "refused", "paper", "given_by", "given_day", "expires_day", "withdrawn_at", "text_digest",
        "scan_reference", "recorded_at",
    )  # fmt: skip
    rows = session.exec(select(Consent).where(Consent.person_id == person.id).order_by(col(Consent.recorded_at)))
    return _plain(rows, names)


def _accounts(session: Session, person: Person) -> list[Row]:
    wanted = select(Account, Grant).join(Grant, col(Grant.account_id) == Account.id)
    return [
        {"login": account.login, "name": account.name, "role": grant.role, "since": _value(grant.created_at)}
        for account, grant in session.exec(wanted.where(Grant.person_id == person.id))
    ]


def _access(session: Session, subjects: set[str]) -> list[Row]:
    found: dict[int, AccessEntry] = {}
    for part in _parts(sorted(subjects)):
        named = or_(*(col(AccessEntry.subject).contains(id_) for id_ in part))
        found |= {one.id or 0: one for one in session.exec(select(AccessEntry).where(named))}
    return _plain((found[id_] for id_ in sorted(found)), ("at", "actor", "what", "why"))


def _audit(session: Session, core: Core, person: Person) -> Iterator[Row]:
    named = cast(col(AuditEntry.subjects), String).contains(f'"{person.id}"', autoescape=True)
    for entry in session.exec(select(AuditEntry).where(named).order_by(col(AuditEntry.seq))):
        details = None
        if entry.sealed is not None and entry.sealed_for == person.id and not entry.action.startswith(_OWN_ACTIONS):
            try:
                details = json.loads(open_for(session, core.vault, person.id, entry.sealed, f"audit:{entry.seq}"))
            except Erased:
                details = None
        yield {"at": _value(entry.at), "actor": entry.actor, "action": entry.action, "details": details}


def _parts(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), 100):
        yield ids[start : start + 100]
