"""What happens to the plain rows of a person: ways in end, opinions go, meetings to come are called off."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import JSON, Column, String, Table, cast, delete, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlmodel import Session, col
from sqlmodel import select as select_rows
from sqlmodel.sql.sqltypes import AutoString

from service.privacy.erasure.forget import Forgotten
from service.rounds.life import LIVE, OPEN
from service.tables.access import (
    Account,
    ApiToken,
    CalendarSecret,
    Grant,
    PersonalLink,
    RecoveryCode,
    SignInAttempt,
    WebSession,
)
from service.tables.all_tables import METADATA
from service.tables.areas import Person
from service.tables.columns import now
from service.tables.privacy import Consent, PrivacyTask, StoredAnswer
from service.tables.rounds import Absence, Availability, Meeting, MeetingPerson, Order, Pair, Round, Wish

NOT_SWEPT = frozenset({"audit", "access_log", "person", "head_order", "consent"})
"""Tables no text is replaced in: logs that only grow, people (each row is its own), orders under archive duty."""

Counts = dict[str, int]


def close_ways_in(session: Session, person: Person, *, empty: bool = True) -> tuple[Counts, list[str]]:
    """End links, sessions, calendars and roles of a person; return counts, and the words his accounts were known by.

    An account that holds roles of its own beside stays, with these; the act names how many such there are. Accounts
    are emptied only where ``empty`` says so.
    """
    moment = now()
    links = list(session.exec(select_rows(PersonalLink).where(PersonalLink.person_id == person.id)))
    for link in links:
        link.revoked_at = link.revoked_at or moment
        session.add(link)
    calendars = list(session.exec(select_rows(CalendarSecret).where(CalendarSecret.person_id == person.id)))
    for calendar in calendars:
        calendar.revoked_at = calendar.revoked_at or moment
        session.add(calendar)
    sessions = _delete(session, WebSession, col(WebSession.link_id).in_([link.id for link in links]))
    grants = list(session.exec(select_rows(Grant).where(Grant.person_id == person.id)))
    for grant in grants:
        grant.ends_at = grant.ends_at or moment
        session.add(grant)
    session.flush()
    words: list[str] = []
    kept = gone = 0
    for account_id in sorted({grant.account_id for grant in grants}):
        account = session.get_one(Account, account_id)
        others = select_rows(Grant.id).where(
            Grant.account_id == account_id, or_(col(Grant.person_id).is_(None), col(Grant.person_id) != person.id)
        )
        if not empty or session.exec(others).first() is not None:
            kept += 1
            continue
        words += [account.login, account.name]
        sessions += _empty_account(session, account)
        gone += 1
    found = {"links": len(links), "calendars": len(calendars), "sessions": sessions, "roles": len(grants)}
    return {**found, "accounts": gone, "accounts_kept": kept}, [word for word in words if word]


def _empty_account(session: Session, account: Account) -> int:
    _delete(session, SignInAttempt, col(SignInAttempt.subject).contains(account.login, autoescape=True))
    _delete(session, RecoveryCode, col(RecoveryCode.account_id) == account.id)
    moment = now()
    for token in session.exec(select_rows(ApiToken).where(ApiToken.account_id == account.id)):
        token.name, token.revoked_at = "", token.revoked_at or moment
        session.add(token)
    account.login, account.name = f"erased-{account.id}", ""
    account.password_hash = account.oidc_subject = account.sealed_totp = None
    account.disabled_at = account.disabled_at or moment
    account.version += 1
    session.add(account)
    return _delete(session, WebSession, col(WebSession.account_id) == account.id)


def drop_opinions(session: Session, person: Person) -> Counts:
    """Delete what a person said of others and they of him, and when he can meet; consents lose their place."""
    id_ = person.id
    session.execute(update(Consent).where(col(Consent.person_id) == id_).values(scan_reference=""))
    session.execute(
        update(PrivacyTask)
        .where(col(PrivacyTask.person_id) == id_, col(PrivacyTask.done_at).is_(None))
        .values(done_at=now(), done_by="erasure")
    )
    return {
        "wishes": _delete(session, Wish, or_(col(Wish.from_id) == id_, col(Wish.to_id) == id_)),
        "absences": _delete(session, Absence, col(Absence.person_id) == id_),
        "availability": _delete(session, Availability, col(Availability.person_id) == id_),
    }


def end_pairs(session: Session, person: Person, today: date) -> Counts:
    """End the pairs of a person and call off his meetings to come; those of a group go on without one mentee."""
    sides = or_(col(Pair.mentor_id) == person.id, col(Pair.mentee_id) == person.id)
    pairs = list(session.exec(select_rows(Pair).where(sides, col(Pair.state).in_((*OPEN, *LIVE)))))
    for pair in pairs:
        if pair.state in LIVE:
            pair.state, pair.end_reason = "terminated", "left"
            pair.last_day = min(pair.last_day or today, today)
        else:
            pair.state = "dropped"
        pair.locked = False
        pair.version += 1
        session.add(pair)
    cancelled = left = 0
    for meeting in _meetings_to_come(session, person, today):
        people = list(session.exec(select_rows(MeetingPerson).where(MeetingPerson.meeting_id == meeting.id)))
        own = next(one for one in people if one.person_id == person.id)
        if own.leads or len(people) <= 2:
            meeting.state = "cancelled"
            cancelled += 1
        else:
            session.delete(own)
            left += 1
        meeting.sequence += 1
        meeting.version += 1
        session.add(meeting)
    for round_id in {pair.round_id for pair in pairs}:
        round_ = session.get_one(Round, round_id)
        round_.version += 1
        session.add(round_)
    session.flush()
    return {"pairs_ended": len(pairs), "meetings_cancelled": cancelled, "meetings_left": left}


def _meetings_to_come(session: Session, person: Person, today: date) -> list[Meeting]:
    wanted = (
        select_rows(Meeting)
        .join(MeetingPerson, col(MeetingPerson.meeting_id) == Meeting.id)
        .where(
            MeetingPerson.person_id == person.id,
            Meeting.day >= today,
            col(Meeting.state).in_(("draft", "published")),
        )
    )
    return list(session.exec(wanted))


def orders_with(session: Session, person: Person) -> list[Order]:
    """Return the orders of the head that speak of a person: kept under archive duty, and listed in the act."""
    named = cast(col(Order.people), String).contains(f'"{person.id}"', autoescape=True)
    return list(session.exec(select_rows(Order).where(named).order_by(col(Order.day), col(Order.number))))


def sweep(session: Session, forgotten: Forgotten, area_ids: Sequence[str]) -> int:
    """Replace what names a person in the plain texts of rows of some areas; return how many values changed.

    Answers kept against repetition go altogether where they name him, as a repeated one would name him again.
    """
    if not forgotten.needles:
        return 0
    changed = _drop_answers(session, forgotten)
    for table, column in swept_columns():
        changed += _sweep_column(session, table, column, forgotten, area_ids)
    return changed


def swept_columns() -> Iterator[tuple[Table, Column[Any]]]:
    """Yield every column of rows of an area that somebody may have written a name into."""
    for table in METADATA.sorted_tables:
        if table.name in NOT_SWEPT or "area_id" not in table.columns:
            continue
        for column in table.columns:
            if (
                isinstance(column.type, JSON | String | AutoString)
                and not column.primary_key
                and not column.foreign_keys
            ):
                yield table, column


def _drop_answers(session: Session, forgotten: Forgotten) -> int:
    needles = [needle.encode() for needle in _spellings(forgotten.needles)]
    dropped = 0
    for answer in session.exec(select_rows(StoredAnswer)).all():
        if any(needle in answer.body for needle in needles):
            session.delete(answer)
            dropped += 1
    session.flush()
    return dropped


def _sweep_column(
    session: Session, table: Table, column: Column[Any], forgotten: Forgotten, area_ids: Sequence[str]
) -> int:
    plain = cast(column, String)
    named = or_(*(plain.contains(needle, autoescape=True) for needle in _spellings(forgotten.needles)))
    near = table.columns["area_id"].in_(area_ids)
    keys = list(table.primary_key.columns)
    changed = 0
    for *key, said in session.execute(select(*keys, column).where(near, named)).all():
        without = forgotten.value(said)
        if without != said:
            own = [one == value for one, value in zip(keys, key, strict=True)]
            session.execute(update(table).where(*own).values({column.name: without}))
            changed += 1
    return changed


def _spellings(needles: Sequence[str]) -> list[str]:
    """Return needles as they may stand in a column: as they are, and as JSON writes letters beyond ASCII."""
    return sorted({*needles, *(json.dumps(needle)[1:-1] for needle in needles)})


def _delete(session: Session, model: type[object], condition: object) -> int:
    result = session.execute(delete(model).where(condition))  # type: ignore[arg-type]
    return result.rowcount if isinstance(result, CursorResult) else 0
