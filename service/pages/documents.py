"""Papers on the page: what a round needs and how it stands, the files, an area's own templates and details."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query, Response, UploadFile
from pydantic import ValidationError
from sqlmodel import col, select

from matcher.errors import Fault, InputError
from matcher.texts import Text, text
from service.documents.catalogue import PAPERS, Need
from service.documents.desk import standings
from service.documents.library import REGULATION, keep_file, roll_back, switch_on, version_of, versions_of
from service.documents.material import Material
from service.documents.pdf import office
from service.errors import Problem, wrong_input
from service.organisations.details import Details, keep_details, open_details
from service.pages.shell import go, page
from service.records.gate_ticks import DocumentCode
from service.records.shapes import Id
from service.records.tasks import rounds_of
from service.rounds.uploads import clean_name
from service.routes.documents import (
    AreaId,
    Format,
    Number,
    RoundId,
    document_of,
    file_answer,
    material_of,
    note,
    tried,
)
from service.tables.areas import Area
from service.tables.documents import DocumentFile
from service.viewer import area_of, in_areas
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)

NEEDS = {
    Need.REGULATION: text("needed by the regulation"),
    Need.LAW: text("needed by law"),
    Need.OPTIONAL: text("if you want it"),
}
STATES = {
    "ready": text("ready"),
    "with_blanks": text("ready, with blanks to fill in"),
    "nothing_yet": text("not yet"),
}
FILE_STATES = {
    "draft": text("not tried yet"),
    "tested": text("tried, not in use"),
    "active": text("in use"),
}
FIELDS: tuple[tuple[str, Text], ...] = (
    ("full_name", text("Full name of the organisation")),
    ("city", text("Town or village")),
    ("address", text("Address with postcode")),
    ("registration", text("Tax and registration numbers")),
    ("head_position", text("Position of the head")),
    ("head", text("Head: surname, name, patronymic")),
    ("curator_position", text("Position of the curator")),
    ("curator", text("Curator: surname, name, patronymic")),
    ("payment", text("What a mentor is paid, in words")),
    ("site", text("Site")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Somebody or some pair a paper may be made for."""

    id: str
    name: str


@router.get("/rounds/{round_id}/documents")
def show_documents(work: Reading, round_id: RoundId) -> Response:
    """Show the papers of a round."""
    it = material_of(work, round_id)
    pairs = [
        Choice(id=one.id, name=f"{it.people[one.mentee_id].name.short} — {it.people[one.mentor_id].name.short}")
        for one in (*it.pairs, *(pair for pair in it.worked if pair not in it.pairs))
    ]
    people = sorted((one for one in it.people.values() if it.signs(one.id)), key=lambda one: one.name.name.casefold())
    return page(
        work,
        "documents",
        round=it.round_,
        area=it.area,
        is_own=it.is_own,
        papers=standings(it),
        places=_places(work, it),
        pairs=pairs,
        people=[Choice(id=one.id, name=one.name.short) for one in people if not one.is_class],
        needs=NEEDS,
        states=STATES,
        has_office=office() is not None,
    )


def _places(work: Work, it: Material) -> list[Choice]:
    """Return the organisations of a round whose details the viewer may write down, the one of the round first."""
    if it.is_own:
        return []
    seen = work.session.exec(select(Area).where(col(Area.id).in_(list(it.houses)), in_areas(Area.id, work.viewer)))
    areas = sorted(seen, key=lambda one: (one.id != it.area.id, one.name))
    return [Choice(id=one.id, name=one.name) for one in areas]


@router.get("/rounds/{round_id}/documents/{code}")
def get_paper(
    work: Reading,
    round_id: RoundId,
    code: DocumentCode,
    pair: Annotated[str, Query(max_length=40)] = "",
    person: Annotated[str, Query(max_length=40)] = "",
    format: Annotated[Format, Query()] = "docx",
) -> Response:
    """Send a paper; what stands in its way is told on a page."""
    return file_answer(document_of(work, round_id, code, pair or None, person or None, format))


@router.get("/areas/{area_id}/documents")
def show_area(work: Reading, area_id: AreaId, round: Annotated[Id | None, Query()] = None) -> Response:
    """Show what papers say of an organisation, and its own templates."""
    return _area_page(work, area_id, round)


@router.post("/areas/{area_id}/documents/details")
def take_details(
    work: Writing,
    area_id: AreaId,
    version: Annotated[int, Form(ge=0)],
    full_name: Annotated[str, Form(max_length=300)] = "",
    city: Annotated[str, Form(max_length=300)] = "",
    address: Annotated[str, Form(max_length=300)] = "",
    registration: Annotated[str, Form(max_length=300)] = "",
    head_position: Annotated[str, Form(max_length=300)] = "",
    head: Annotated[str, Form(max_length=300)] = "",
    curator_position: Annotated[str, Form(max_length=300)] = "",
    curator: Annotated[str, Form(max_length=300)] = "",
    payment: Annotated[str, Form(max_length=300)] = "",
    site: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Keep what papers say of an organisation."""
    area = area_of(work.session, work.viewer, area_id)
    given = {
        "full_name": full_name,
        "city": city,
        "address": address,
        "registration": registration,
        "head_position": head_position,
        "head": head,
        "curator_position": curator_position,
        "curator": curator,
        "payment": payment,
        "site": site,
    }
    _, present = open_details(work.session, work.core.vault, area.id)
    try:
        said = Details(**given)
        if present != version:
            raise wrong_input([Fault("version", text("Changed by somebody else."))])
    except ValidationError as error:
        faults = [Fault(str(one["loc"][0]), text("this value does not fit")) for one in error.errors()]
        return _area_page(work, area_id, None, problem=wrong_input(faults))
    except Problem as problem:
        return _area_page(work, area_id, None, problem=problem)
    keep_details(work.session, work.core.vault, area, said, work.viewer.actor)
    note(work, "document.details", area.id, [area.id])
    return go(f"/areas/{area_id}/documents?said=kept")


@router.post("/areas/{area_id}/documents/files")
def take_file(work: Writing, area_id: AreaId, code: Annotated[DocumentCode, Form()], file: UploadFile) -> Response:
    """Keep a template or the regulation."""
    area = area_of(work.session, work.viewer, area_id)
    name, content = clean_name(file.filename, default=f"{code}.docx"), file.file.read(21 * 2**20)
    try:
        row = keep_file(work.session, work.core.vault, area, code, name, content, work.viewer.actor)
    except InputError as error:
        return _area_page(work, area_id, None, problem=wrong_input(error.faults))
    except Problem as problem:
        return _area_page(work, area_id, None, problem=problem)
    note(work, "document.upload", area.id, [row.id])
    return go(f"/areas/{area_id}/documents#files")


@router.post("/areas/{area_id}/documents/{code}/{number}/test")
def try_template(
    work: Reading,
    area_id: AreaId,
    code: DocumentCode,
    number: Number,
    round: Annotated[Id, Form()],
) -> Response:
    """Fill a template in with the data of a round and send what comes out."""
    try:
        return file_answer(tried(work, area_id, code, number, round))
    except InputError as error:
        return _area_page(work, area_id, round, problem=wrong_input(error.faults))
    except Problem as problem:
        if problem.status == 404:
            raise
        return _area_page(work, area_id, round, problem=problem)


@router.post("/areas/{area_id}/documents/{code}/{number}/activate")
def use_template(work: Writing, area_id: AreaId, code: DocumentCode, number: Number) -> Response:
    """Use a version from now on."""
    row = version_of(work.session, area_of(work.session, work.viewer, area_id), code, number)
    try:
        switch_on(work.session, row)
    except Problem as problem:
        return _area_page(work, area_id, None, problem=problem)
    note(work, "document.activate", row.area_id, [row.id])
    return go(f"/areas/{area_id}/documents#files")


@router.post("/areas/{area_id}/documents/{code}/roll-back")
def use_older(work: Writing, area_id: AreaId, code: DocumentCode) -> Response:
    """Go back to the version in use before."""
    area = area_of(work.session, work.viewer, area_id)
    try:
        row = roll_back(work.session, area, code)
    except Problem as problem:
        return _area_page(work, area_id, None, problem=problem)
    note(work, "document.roll_back", area.id, [] if row is None else [row.id])
    return go(f"/areas/{area_id}/documents#files")


def _area_page(work: Work, area_id: str, round_id: str | None, *, problem: Problem | None = None) -> Response:
    area = area_of(work.session, work.viewer, area_id)
    said, version = open_details(work.session, work.core.vault, area.id)
    files: dict[str, list[DocumentFile]] = {
        code: list(rows) for code in PAPERS if (rows := versions_of(work.session, area, code))
    }
    rounds = rounds_of(work.session, area)
    return page(
        work,
        "document_files",
        status=200 if problem is None else problem.status,
        area=area,
        details=said.model_dump(),
        version=version,
        fields=FIELDS,
        files=files,
        papers=PAPERS,
        regulation=REGULATION,
        rounds=rounds,
        chosen=round_id,
        file_states=FILE_STATES,
        problem=problem,
    )
