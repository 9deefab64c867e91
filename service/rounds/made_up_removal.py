"""Takes a round on made-up people away again, with everything that hangs on it and on them; nobody real is touched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Table, delete, select
from sqlmodel import Session, SQLModel, col
from sqlmodel import select as select_rows

from matcher.errors import Fault
from matcher.texts import text
from service.audit import append_audit
from service.core import Core
from service.errors import not_found, refused
from service.jobs.port import UNFINISHED
from service.rounds.people import chunks
from service.rounds.rosters import ids_of
from service.tables.rounds import RosterFile, Round, RoundTimetable, Run, TimetableFile

_MARK = "Д"
"""With this letter the codes begin that :mod:`service.rounds.made_up` gives."""


def remove_made_up(session: Session, core: Core, round_: Round, *, actor: str) -> None:
    """Remove a made-up roster, its people, timetables and rounds; the trail keeps that they were there.

    Raises
    ------
    Problem
        404 where the people of the round are real, 409 while pairs are being looked for.
    """
    roster = session.get_one(RosterFile, round_.roster_id)
    if not roster.is_made_up:
        raise not_found()
    people = set(ids_of(session, core.vault, roster).values())
    same = select_rows(RosterFile).where(RosterFile.area_id == roster.area_id, col(RosterFile.is_made_up))
    others = [one for one in session.exec(same) if people & set(ids_of(session, core.vault, one).values())]
    rosters = {roster.id, *(one.id for one in others)}  # the round that followed has the same people
    rounds = list(session.exec(select_rows(Round.id).where(col(Round.roster_id).in_(rosters))))
    running = select_rows(Run.id).where(col(Run.round_id).in_(rounds), col(Run.status).in_(UNFINISHED))
    if session.exec(running).first() is not None:
        cure = text("stop the search, or wait for its end")
        raise refused([Fault("round", text("pairs are being looked for in this round"), cure)])
    timetables = session.exec(
        select_rows(TimetableFile.id)
        .join(RoundTimetable, col(RoundTimetable.timetable_id) == TimetableFile.id)
        .where(col(RoundTimetable.round_id).in_(rounds), col(TimetableFile.name).startswith(_MARK, autoescape=True))
    )
    doomed = {
        "round": set(rounds),
        "roster": rosters,
        "person": people,
        "timetable": set(timetables),
    }
    area_id, gone = roster.area_id, [*rounds, *sorted(rosters)]
    session.expunge_all()
    _delete_all(session, doomed)
    append_audit(session, core.vault, actor=actor, action="round.remove_made_up", area_id=area_id, subjects=gone)


def _delete_all(session: Session, first: dict[str, set[str]]) -> None:
    """Delete rows by their ids, after everything that refers to them, and what refers to that."""
    tables = SQLModel.metadata.sorted_tables  # each after those it refers to
    doomed: dict[str, set[str]] = defaultdict(set, first)
    for table in tables:
        if "id" in table.c:
            for column, ids in _references(table, doomed):
                for part in chunks(sorted(ids)):
                    found = session.execute(select(table.c.id).where(column.in_(part)))
                    doomed[table.name].update(found.scalars())
    for table in reversed(tables):
        if doomed.get(table.name):
            _delete(session, table, table.c.id, doomed[table.name])
        elif "id" not in table.c:
            for column, ids in _references(table, doomed):
                _delete(session, table, column, ids)


def _references(table: Table, doomed: dict[str, set[str]]) -> list[tuple[Column[Any], set[str]]]:
    found = []
    for key in table.foreign_keys:
        ids = doomed.get(key.column.table.name)
        if ids and key.column.name == "id" and key.column.table is not table:
            found.append((key.parent, ids))
    return found


def _delete(session: Session, table: Table, column: Column[Any], ids: Iterable[str]) -> None:
    for part in chunks(sorted(ids)):
        session.execute(delete(table).where(column.in_(part)))
