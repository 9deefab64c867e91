"""Rosters: the template to fill in, the check that marks every fault, the upload that is taken whole or not at all."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, File, Form, Query, Response, UploadFile
from pydantic import BaseModel
from sqlmodel import col, select

from matcher.errors import Fault
from matcher.io.policy_toml import SHIPPED, read_policy
from matcher.io.template import write_template
from matcher.roster import Roster
from matcher.texts import say, text
from service.errors import FaultBody, fault_body, not_found, wrong_input
from service.records.shapes import Id, Line
from service.rounds.paging import cut, in_counting_order, newest_first
from service.rounds.people import open_people, people_by_id
from service.rounds.rosters import open_nameless
from service.rounds.taking import take_checked
from service.rounds.uploads import Checked, FaultGroup, check_upload
from service.routes.answers import READ, WRITE, Limit
from service.tables.areas import Area
from service.tables.rounds import RosterFile
from service.viewer import area_of, in_areas
from service.work import Reading, Work, WorkRoute

router = APIRouter(route_class=WorkRoute, tags=["rosters"])

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Upload = Annotated[UploadFile, File(description="a workbook (.xlsx), or an archive (.zip) of tables in CSV")]


class RosterOut(BaseModel):
    """A roster: ``remarks`` say what was normalised or passed over; nobody of a ``made_up`` one is real."""

    id: str
    area: str
    name: str
    digest: str
    num_people: int
    num_mentors: int
    num_mentees: int
    remarks: list[FaultBody]
    made_up: bool
    created_at: datetime


class PersonOut(BaseModel):
    """Somebody of a roster."""

    id: str
    code: str
    name: str
    organisation: str
    kind: str
    position: str
    is_mentor: bool
    is_mentee: bool
    erased: bool


class RosterPeople(RosterOut):
    """A roster with a page of its people, by their codes."""

    people: list[PersonOut]
    next: str | None


class RosterPage(BaseModel):
    """A page of rosters, the newest first."""

    items: list[RosterOut]
    next: str | None


class GroupOut(BaseModel):
    """Faults of one kind: how many, and the first few."""

    kind: str
    sheet: str | None
    count: int
    examples: list[FaultBody]


class CheckOut(BaseModel):
    """What a check found; a roster without faults may be uploaded."""

    ok: bool
    num_people: int
    num_mentors: int
    num_mentees: int
    num_faults: int
    faults: list[FaultBody]
    groups: list[GroupOut]
    remarks: list[FaultBody]


@router.get("/api/v1/rosters/template", responses=READ, response_class=Response)
def template(work: Reading, policy: Annotated[Line | None, Query()] = None) -> Response:
    """Return an empty workbook to fill in, the sheets a regulation needs first."""
    if policy is not None and policy not in SHIPPED:
        raise not_found()
    with TemporaryDirectory(prefix="matcher-") as folder:
        path = Path(folder) / "template.xlsx"
        write_template(path, policy=None if policy is None else read_policy(policy), lang=work.lang)
        return workbook(path.read_bytes(), f"{policy or 'roster'}.xlsx")


@router.post("/api/v1/rosters/check", responses=WRITE, response_model=CheckOut)
def check(
    work: Reading,
    file: Upload,
    marked: Annotated[bool, Query(description="send the workbook back with its faults marked")] = False,
) -> CheckOut | Response:
    """Check a roster without keeping it: every fault with its cell and cure, or the workbook with the faults marked."""
    found = _check(work, file, mark=marked)
    if marked and found.marked is not None:
        return workbook(found.marked, found.name)
    roster = found.roster or Roster()
    return CheckOut(
        ok=found.roster is not None,
        num_people=len(roster.people),
        num_mentors=len(roster.mentors),
        num_mentees=len(roster.mentees),
        num_faults=found.num_faults,
        faults=[fault_body(fault, work.lang) for fault in found.faults],
        groups=[_group(group, work) for group in found.groups],
        remarks=[FaultBody(place=place, message=say(message, work.lang)) for place, message in found.remarks],
    )


@router.post("/api/v1/rosters", status_code=201, responses=WRITE)
def upload(work: Reading, file: Upload, response: Response, area: Annotated[Id | None, Form()] = None) -> RosterOut:
    """Take a roster as a whole; where anything is wrong, nothing is kept and every fault is said."""
    # The file is read before the transaction that keeps it begins: nobody waits for a slow workbook.
    place = place_of(work, area)
    found = _check(work, file)
    row = take_checked(work, place, found)
    response.headers["Location"] = f"/api/v1/rosters/{row.id}"
    return _shown(row, work)


@router.get("/api/v1/rosters", responses=READ)
def list_rosters(
    work: Reading,
    area: Annotated[Id | None, Query()] = None,
    after: Annotated[Id | None, Query()] = None,
    limit: Limit = 50,
) -> RosterPage:
    """List the rosters of one's areas."""
    wanted: list[Any] = [in_areas(RosterFile.area_id, work.viewer)]
    wanted += [] if area is None else [col(RosterFile.area_id) == area]
    rows, following = newest_first(work.session, RosterFile, wanted, limit, after)
    return RosterPage(items=[_shown(row, work) for row in rows], next=following)


@router.get("/api/v1/rosters/{roster_id}", responses=READ)
def show_roster(
    work: Reading, roster_id: Id, after: Annotated[Id | None, Query()] = None, limit: Limit = 50
) -> RosterPeople:
    """Return a roster and a page of its people."""
    asked = select(RosterFile).where(RosterFile.id == roster_id, in_areas(RosterFile.area_id, work.viewer))
    row = work.session.exec(asked).first()
    if row is None:
        raise not_found()
    _, roster = open_nameless(work.core.vault, row)
    rows = people_by_id(work.session, (person.id for person in roster.people))
    kept, following = cut(
        sorted(rows.values(), key=lambda person: (in_counting_order(person.code), person.id)), limit, after
    )
    said = {person.id: person for person in roster.people}
    words = open_people(work.session, work.core.vault, kept)
    mentors, mentees = {one.person for one in roster.mentors}, {one.person for one in roster.mentees}
    people = [
        PersonOut(
            id=person.id,
            code=person.code,
            name=words[person.id].name,
            organisation=said[person.id].organisation,
            kind=str(said[person.id].person_kind),
            position=said[person.id].position,
            is_mentor=person.id in mentors,
            is_mentee=person.id in mentees,
            erased=person.erased_at is not None,
        )
        for person in kept
    ]
    return RosterPeople(**_shown(row, work).model_dump(), people=people, next=following)


def _check(work: Work, file: UploadFile, *, mark: bool = False) -> Checked:
    most = work.core.settings.unpacked_bytes
    with work.elsewhere():
        return check_upload(file.file, file.filename, max_unpacked=most, lang=work.lang, mark=mark)


def place_of(work: Work, area_id: str | None) -> Area:
    """Return the area a roster belongs to: as said, else the only one the viewer runs rounds of."""
    held = {one.area_id for one in work.viewer.held}
    if area_id is None and len(held) != 1:
        raise wrong_input([Fault("body.area", text("this has to be given"), text("say whose roster it is"))])
    return area_of(work.session, work.viewer, area_id or held.pop())


def _shown(row: RosterFile, work: Work) -> RosterOut:
    return RosterOut(
        id=row.id,
        area=row.area_id,
        name=row.name,
        digest=row.digest,
        num_people=row.num_people,
        num_mentors=row.num_mentors,
        num_mentees=row.num_mentees,
        remarks=[FaultBody(place=one["place"], message=one[work.lang]) for one in row.remarks],
        made_up=row.is_made_up,
        created_at=row.created_at,
    )


def _group(group: FaultGroup, work: Work) -> GroupOut:
    examples = [fault_body(fault, work.lang) for fault in group.examples]
    return GroupOut(kind=group.kind, sheet=group.sheet, count=group.count, examples=examples)


def workbook(content: bytes, name: str) -> Response:
    """Return a workbook to be kept under a name."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=XLSX, headers=headers)
