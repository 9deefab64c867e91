"""Who looked at what between two days: the answer to an inquiry after a leak (152-FZ, article 21, part 3.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row
from sqlalchemy import select as pick
from sqlmodel import Session, col, select

from matcher.texts import Lang, say, text
from service.privacy.cells import Cell, write_csv, write_xlsx
from service.tables.access import Account, ApiToken, PersonalLink
from service.tables.privacy import AccessEntry

_CHUNK = 2000
_SHEET_ROWS = 1_000_000
"""Rows of one sheet; a workbook allows few more."""

HEADING = (text("when"), text("who"), text("as"), text("what was called"), text("whose"), text("why"), text("request"))


def moments_of(first_day: date, last_day: date, time_zone: str) -> tuple[datetime, datetime]:
    """Return when the first day begins and the last one ends, as moments."""
    zone = ZoneInfo(time_zone)
    begin = datetime.combine(first_day, time(), zone).astimezone(UTC)
    return begin, datetime.combine(last_day + timedelta(days=1), time(), zone).astimezone(UTC)


def lines_between(begin: datetime, end: datetime) -> ColumnElement[bool]:
    """Return the condition that a line of the log falls into a span."""
    return (col(AccessEntry.at) >= begin) & (col(AccessEntry.at) < end)


def access_lines(session: Session, condition: ColumnElement[bool]) -> Iterator[Row[Any]]:
    """Yield the lines of the log that meet a condition, in order, a few at a time."""
    columns = [col(getattr(AccessEntry, name)) for name in ("at", "actor", "what", "subject", "why", "request_id")]
    wanted = pick(*columns).where(condition).order_by(col(AccessEntry.at), col(AccessEntry.id))
    yield from session.execute(wanted.execution_options(yield_per=_CHUNK))


def actor_names(session: Session) -> dict[str, str]:
    """Return who stands behind each actor: the login of an account, also of its tokens, the person of a link."""
    logins = dict(session.exec(select(Account.id, Account.login)).all())
    found = {f"account:{id_}": login for id_, login in logins.items()}
    for id_, account_id in session.exec(select(ApiToken.id, ApiToken.account_id)):
        found[f"token:{id_}"] = logins.get(account_id, "")
    for id_, person_id in session.exec(select(PersonalLink.id, PersonalLink.person_id)):
        found[f"link:{id_}"] = f"person:{person_id}"
    return found


def write_access_report(
    session: Session, path: Path, condition: ColumnElement[bool], *, lang: Lang, time_zone: str
) -> None:
    """Write the lines of the log that meet a condition into a CSV or XLSX file, as its name ends."""
    names = actor_names(session)
    zone = ZoneInfo(time_zone)
    heading = [say(word, lang) for word in HEADING]

    def row(entry: Row[Any]) -> Sequence[Cell]:
        moment = entry.at.astimezone(zone)
        who = names.get(entry.actor, "")
        return (moment, who, entry.actor, entry.what, entry.subject, entry.why, entry.request_id)

    rows = map(row, access_lines(session, condition))
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as stream:
            write_csv(stream, heading, rows)
    else:
        write_xlsx(path, _sheets(heading, rows))


def _sheets(
    heading: Sequence[str], rows: Iterator[Sequence[Cell]]
) -> Iterator[tuple[str, Sequence[str], Iterator[Sequence[Cell]]]]:
    number = 1
    first = next(rows, None)
    if first is None:
        yield "1", heading, iter(())
    while first is not None:
        yield str(number), heading, _part(first, rows)
        number, first = number + 1, next(rows, None)


def _part(first: Sequence[Cell], rows: Iterator[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    yield first
    for _ in range(_SHEET_ROWS - 1):
        row = next(rows, None)
        if row is None:
            return
        yield row
