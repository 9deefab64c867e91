"""Timetables of organisations: when their teachers are taken."""

from __future__ import annotations

import tomllib
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Query, Response, UploadFile
from pydantic import BaseModel
from sqlmodel import col, select

from matcher.errors import Fault
from matcher.texts import say, text
from service.audit import append_audit
from service.errors import FaultBody, not_found, refused
from service.records.shapes import Code, Day, Id, Line
from service.rounds.inputs import open_timetable, seal_timetable
from service.rounds.paging import newest_first
from service.rounds.rosters import open_roster
from service.rounds.uploads import ReadTimetable, clean_name, read_timetable_upload
from service.routes.answers import READ, WRITE, Limit
from service.tables.areas import Area
from service.tables.rounds import RosterFile, RoundTimetable, TimetableFile
from service.viewer import in_areas
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["timetables"])

Table = Annotated[UploadFile, File(description="busy rows (.csv) with a map, or a FET, aSc, Excel or iCalendar file")]


class TimetableOut(BaseModel):
    """A timetable of an organisation. Teachers nobody of the roster stands for are named once, when it is read."""

    id: str
    area: str
    name: str
    organisation: str
    valid_from: Day | None
    created_at: datetime
    num_rows: int
    strangers: list[str] = []
    remarks: list[FaultBody] = []


class TimetablePage(BaseModel):
    """A page of timetables, the newest first."""

    items: list[TimetableOut]
    next: str | None


class TimetableWhole(TimetableOut):
    """A timetable with its map and its rows."""

    map_toml: str
    rows: str


@router.post("/api/v1/timetables", status_code=201, responses=WRITE)
def upload_timetable(
    work: Reading,
    response: Response,
    file: Table,
    roster: Annotated[Id, Form(description="in whose people the teachers are looked up")],
    map: Annotated[UploadFile | None, File(description="MAP.toml; without it a draft is made")] = None,
    organisation: Annotated[Code | None, Form()] = None,
    teacher: Annotated[Line | None, Form(description="whose calendar it is (.ics)")] = None,
    valid_from: Annotated[Day | None, Form()] = None,
) -> TimetableOut:
    """Take a timetable as a whole: every fault is said, or who of it could be found among the people."""
    # As with rosters, the file is read before the transaction that keeps it begins.
    row = _roster(work, roster)
    found = read_timetable_upload(
        file.file.read(),
        file.filename,
        open_roster(work.session, work.core.vault, row),
        map_toml=None if map is None else map.file.read(),
        organisation=organisation,
        teacher=teacher,
        lang=work.lang,
    )
    with work.core.database.writing() as session:
        kept = TimetableFile(
            area_id=_area(work, row, found),
            name=clean_name(file.filename, default="timetable"),
            sealed_map=b"",
            sealed_rows=b"",
            valid_from=valid_from,
            created_by=work.viewer.actor,
        )
        kept.sealed_map, kept.sealed_rows = seal_timetable(work.core.vault, kept.id, found.map_toml, found.rows)
        session.add(kept)
        session.flush()
        _note(work, session, "timetable.upload", kept)
    response.headers["Location"] = f"/api/v1/timetables/{kept.id}"
    shown = _shown(work, kept)
    shown.strangers = list(found.strangers)
    shown.remarks = [FaultBody(place=place, message=say(said, work.lang)) for place, said in found.remarks]
    return shown


@router.get("/api/v1/timetables", responses=READ)
def list_timetables(
    work: Reading,
    area: Annotated[Id | None, Query()] = None,
    after: Annotated[Id | None, Query()] = None,
    limit: Limit = 50,
) -> TimetablePage:
    """List the timetables of one's areas."""
    wanted: list[Any] = [in_areas(TimetableFile.area_id, work.viewer)]
    wanted += [] if area is None else [col(TimetableFile.area_id) == area]
    rows, following = newest_first(work.session, TimetableFile, wanted, limit, after)
    return TimetablePage(items=[_shown(work, row) for row in rows], next=following)


@router.get("/api/v1/timetables/{timetable_id}", responses=READ)
def show_timetable(work: Reading, timetable_id: Id) -> TimetableWhole:
    """Return a timetable with its map, to look it through, and its rows."""
    row = _timetable(work, timetable_id)
    _, map_toml, rows = open_timetable(work.core.vault, row)
    return TimetableWhole(**_shown(work, row).model_dump(), map_toml=map_toml, rows=rows)


@router.delete("/api/v1/timetables/{timetable_id}", status_code=204, responses=WRITE)
def remove_timetable(work: Writing, timetable_id: Id) -> None:
    """Remove a timetable no round uses."""
    row = _timetable(work, timetable_id)
    used = select(RoundTimetable).where(RoundTimetable.timetable_id == row.id).limit(1)
    if work.session.exec(used).first() is not None:
        cure = text("take it out of the round first")
        raise refused([Fault("timetable", text("a round uses the timetable"), cure)])
    _note(work, work.session, "timetable.remove", row)
    work.session.delete(row)


def _roster(work: Work, roster_id: str) -> RosterFile:
    asked = select(RosterFile).where(RosterFile.id == roster_id, in_areas(RosterFile.area_id, work.viewer))
    found = work.session.exec(asked).first()
    if found is None:
        raise not_found()
    return found


def _timetable(work: Work, timetable_id: str) -> TimetableFile:
    asked = select(TimetableFile).where(TimetableFile.id == timetable_id, in_areas(TimetableFile.area_id, work.viewer))
    found = work.session.exec(asked).first()
    if found is None:
        raise not_found()
    return found


def _area(work: Work, roster: RosterFile, found: ReadTimetable) -> str:
    """Return the organisation of a timetable where it is an area below that of the roster, else that of the roster."""
    above = work.session.get_one(Area, roster.area_id)
    inside = col(Area.path).startswith(above.path, autoescape=True) & in_areas(Area.id, work.viewer)
    named = select(Area.id).where(Area.code == _organisation(found.map_toml), inside)
    return work.session.exec(named).first() or roster.area_id


def _organisation(map_toml: str) -> str:
    return str(tomllib.loads(map_toml).get("organisation", ""))


def _shown(work: Work, row: TimetableFile) -> TimetableOut:
    _, map_toml, rows = open_timetable(work.core.vault, row)
    return TimetableOut(
        id=row.id,
        area=row.area_id,
        name=row.name,
        organisation=_organisation(map_toml),
        valid_from=row.valid_from,
        created_at=row.created_at,
        num_rows=max(0, rows.count("\n") - 1),
    )


def _note(work: Work, session: Any, action: str, row: TimetableFile) -> None:
    append_audit(
        session, work.core.vault, actor=work.viewer.actor, action=action, area_id=row.area_id, subjects=[row.id]
    )
