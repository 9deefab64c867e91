"""Papers of a round as Word and PDF, templates of an area's own, and what papers say of an organisation."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, File, Path, Query, Response, UploadFile
from pydantic import BaseModel, ConfigDict

from matcher.texts import Lang, say
from service.access.limits import spend_apart, subject_of
from service.audit import append_audit
from service.documents.catalogue import PAPERS, Need, Paper, Per
from service.documents.desk import Made, Standing, made_as_pdf, make_data, make_paper, open_material, shipped_template
from service.documents.desk import standings as standings_of
from service.documents.filling import fill_own
from service.documents.library import (
    DOCX,
    REGULATION,
    keep_file,
    mark_tested,
    open_file,
    roll_back,
    switch_on,
    version_of,
    versions_of,
)
from service.documents.material import Material
from service.errors import not_found
from service.organisations.details import Details, keep_details, open_details
from service.records.gate_ticks import DocumentCode
from service.records.shapes import Id
from service.rounds.uploads import clean_name
from service.routes.answers import EDIT, READ, WRITE, problems
from service.tables.columns import now
from service.tables.documents import DocumentFile
from service.viewer import area_of
from service.work import Reading, Work, WorkRoute, Writing, etag

router = APIRouter(route_class=WorkRoute, tags=["documents"])

_HOUR = timedelta(hours=1)
PAPERS_PER_HOUR = 600
"""Papers one asker may have made in an hour; PDF and templates of one's own take a process each."""


Format = Literal["docx", "pdf"]
Number = Annotated[int, Path(ge=1, le=10_000)]
AreaId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
RoundId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Upload = Annotated[UploadFile, File(description="a Word document (.docx); for D-02 also a PDF")]
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "the paper", "content": {DOCX: {}, "application/pdf": {}, "application/zip": {}}}
}


class PaperOut(BaseModel):
    """A paper of a round: why it is needed, how it stands, what is still blank."""

    code: DocumentCode
    title: str
    need: Need
    per: Per
    state: Literal["ready", "with_blanks", "nothing_yet"]
    missing: list[str]
    own_template: bool
    formats: list[str]


class PaperList(BaseModel):
    """The papers of a round, in the order of their codes."""

    items: list[PaperOut]


class DetailsOut(BaseModel):
    """What papers say of an organisation; ``version`` is the ETag."""

    details: Details
    version: int


class FileOut(BaseModel):
    """A version of a file of an area."""

    code: DocumentCode
    number: int
    name: str
    state: Literal["draft", "tested", "active"]
    num_bytes: int
    digest: str
    created_at: datetime
    tested_at: datetime | None
    active_at: datetime | None
    version: int


class FileList(BaseModel):
    """The versions of the files of an area, the newest of each code first."""

    items: list[FileOut]


class InUse(BaseModel):
    """Which version is in use: its number, null for the template of the package."""

    number: int | None


class TestIn(BaseModel):
    """With the data of which round a template is tried."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"round": "0f" * 16}]})

    round: Id


@router.get("/api/v1/rounds/{round_id}/documents", responses=READ)
def list_documents(work: Reading, round_id: RoundId) -> PaperList:
    """Say which papers a round needs, how each stands and what it still lacks."""
    return PaperList(items=[_paper_out(one, work.lang) for one in standings_of(material_of(work, round_id))])


@router.get(
    "/api/v1/rounds/{round_id}/documents/{code}",
    responses={**problems(404, 409, 429, 503), **_FILE},
    response_class=Response,
)
def get_document(
    work: Reading,
    round_id: RoundId,
    code: DocumentCode,
    pair: Annotated[Id | None, Query(description="the paper of one pair")] = None,
    person: Annotated[Id | None, Query(description="the paper of one person (D-05, D-06, D-10)")] = None,
    format: Annotated[Format, Query(description="docx, or pdf where LibreOffice is installed")] = "docx",
) -> Response:
    """Make a paper; of papers for pairs or people all of them in one file, each on pages of its own."""
    return file_answer(document_of(work, round_id, code, pair, person, format))


@router.get("/api/v1/areas/{area_id}/document-details", responses=READ)
def show_details(work: Reading, area_id: AreaId, response: Response) -> DetailsOut:
    """Return what the papers of an organisation say of it."""
    area = area_of(work.session, work.viewer, area_id)
    said, version = open_details(work.session, work.core.vault, area.id)
    response.headers.update(etag(version))
    return DetailsOut(details=said, version=version)


@router.put("/api/v1/areas/{area_id}/document-details", responses=EDIT)
def change_details(work: Writing, area_id: AreaId, body: Details, response: Response) -> DetailsOut:
    """Write down what the papers of an organisation say of it."""
    area = area_of(work.session, work.viewer, area_id)
    _, version = open_details(work.session, work.core.vault, area.id)
    work.expect(version)
    row = keep_details(work.session, work.core.vault, area, body, work.viewer.actor)
    note(work, "document.details", area.id, [area.id])
    response.headers.update(etag(row.version))
    return DetailsOut(details=body, version=row.version)


@router.get(
    "/api/v1/document-templates/{code}", responses={**READ, 200: {"content": {DOCX: {}}}}, response_class=Response
)
def get_shipped(work: Reading, code: DocumentCode) -> Response:
    """Return the template of the package, to be changed in Word."""
    paper = _with_template(code)
    return file_answer(Made(name=f"{code}-{paper.file_name}.docx", media_type=DOCX, content=shipped_template(paper)))


@router.get("/api/v1/areas/{area_id}/document-files", responses=READ)
def list_files(work: Reading, area_id: AreaId) -> FileList:
    """List the templates and the regulation an area keeps, all versions."""
    area = area_of(work.session, work.viewer, area_id)
    return FileList(items=[_file_out(one) for code in PAPERS for one in versions_of(work.session, area, code)])


@router.post("/api/v1/areas/{area_id}/document-files/{code}", status_code=201, responses=WRITE)
def add_file(work: Writing, area_id: AreaId, code: DocumentCode, file: Upload) -> FileOut:
    """Keep a template of one's own as a new version, or the regulation (D-02), which counts at once."""
    area = area_of(work.session, work.viewer, area_id)
    name, content = clean_name(file.filename, default=f"{code}.docx"), file.file.read(21 * 2**20)
    row = keep_file(work.session, work.core.vault, area, code, name, content, work.viewer.actor)
    note(work, "document.upload", area.id, [row.id])
    return _file_out(row)


@router.get(
    "/api/v1/areas/{area_id}/document-files/{code}/{number}", responses={**READ, **_FILE}, response_class=Response
)
def get_file(work: Reading, area_id: AreaId, code: DocumentCode, number: Number) -> Response:
    """Return a version of a file as it was uploaded."""
    row = _version(work, area_id, code, number)
    return file_answer(Made(name=row.name, media_type=row.media_type, content=open_file(work.core.vault, row)))


@router.post(
    "/api/v1/areas/{area_id}/document-files/{code}/{number}/test",
    responses={**problems(400, 404, 409, 413, 415, 429), **_FILE},
    response_class=Response,
)
def try_file(work: Reading, area_id: AreaId, code: DocumentCode, number: Number, body: TestIn) -> Response:
    """Fill a template in with the data of a round and send what comes out; it may be switched on after that."""
    return file_answer(tried(work, area_id, code, number, body.round))


@router.post("/api/v1/areas/{area_id}/document-files/{code}/{number}/activate", responses=EDIT)
def activate_file(work: Writing, area_id: AreaId, code: DocumentCode, number: Number) -> FileOut:
    """Use a version from now on; templates have to be tried first."""
    row = _version(work, area_id, code, number)
    work.expect(row.version)
    switch_on(work.session, row)
    note(work, "document.activate", row.area_id, [row.id])
    return _file_out(row)


@router.post("/api/v1/areas/{area_id}/document-files/{code}/roll-back", responses=WRITE)
def roll_file_back(work: Writing, area_id: AreaId, code: DocumentCode) -> InUse:
    """Go back to the version that was in use before, at last to the template of the package."""
    area = area_of(work.session, work.viewer, area_id)
    row = roll_back(work.session, area, code)
    note(work, "document.roll_back", area.id, [] if row is None else [row.id])
    return InUse(number=None if row is None else row.number)


def material_of(work: Work, round_id: str, pair: str | None = None) -> Material:
    """Return what papers of a round are made of, as far as the asker sees it."""
    return open_material(work.session, work.core.vault, work.viewer, round_id, now().date(), pair=pair)


def document_of(
    work: Work,
    round_id: str,
    code: str,
    pair: str | None,
    person: str | None,
    format: Format,
) -> Made:
    """Return a paper in a format; the page calls this too."""
    it = material_of(work, round_id, pair)
    asker = work.viewer.account_id or work.viewer.actor
    made = make_paper(it, PAPERS[code], person)
    work.session.rollback()  # one connection is enough for the account of papers
    spend_apart(work.core.database, subject_of("paper", asker), PAPERS_PER_HOUR, _HOUR)
    if format != "pdf":
        return made
    with work.elsewhere():
        return made_as_pdf(made)


def tried(work: Work, area_id: str, code: str, number: int, round_id: str) -> Made:
    """Fill a template in with the data of a round, and note that it has been tried."""
    row = _version(work, area_id, code, number)
    paper = _with_template(code)
    data = make_data(material_of(work, round_id), paper)
    content, name, actor = open_file(work.core.vault, row), row.name, work.viewer.actor
    asker = work.viewer.account_id or actor
    work.session.rollback()  # no connection is held while the process works
    spend_apart(work.core.database, subject_of("paper", asker), PAPERS_PER_HOUR, _HOUR)
    made = fill_own(content, data, name)
    with work.core.database.writing() as session:
        fresh = session.get(DocumentFile, row.id)
        if fresh is None:
            raise not_found()
        mark_tested(session, fresh)
        append_audit(
            session, work.core.vault, actor=actor, action="document.test", area_id=fresh.area_id, subjects=[fresh.id]
        )
    return Made(name=f"{paper.file_name}.docx", media_type=DOCX, content=made)


def file_answer(made: Made) -> Response:
    """Return a file to be kept under its name; it is never shown as a page."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(made.name)}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return Response(made.content, media_type=made.media_type, headers=headers)


def _with_template(code: str) -> Paper:
    paper = PAPERS[code]
    if code == REGULATION:
        raise not_found()
    return paper


def _version(work: Work, area_id: str, code: str, number: int) -> DocumentFile:
    return version_of(work.session, area_of(work.session, work.viewer, area_id), code, number)


def _paper_out(one: Standing, lang: Lang) -> PaperOut:
    formats = ["zip"] if one.paper.code == "D-16" else ["docx", "pdf"]
    return PaperOut(
        code=DocumentCode(one.paper.code),
        title=say(one.paper.title, lang),
        need=one.need,
        per=one.paper.per,
        state=one.state,  # type: ignore[arg-type]
        missing=[say(message, lang) for message in one.missing],
        own_template=one.own_template,
        formats=formats,
    )


def _file_out(row: DocumentFile) -> FileOut:
    return FileOut(
        code=DocumentCode(row.code),
        number=row.number,
        name=row.name,
        state=row.state,  # type: ignore[arg-type]
        num_bytes=row.num_bytes,
        digest=row.digest,
        created_at=row.created_at,
        tested_at=row.tested_at,
        active_at=row.active_at,
        version=row.version,
    )


def note(work: Work, action: str, area_id: str, subjects: list[str]) -> None:
    """Write down what was done with the papers of an area."""
    append_audit(
        work.session,
        work.core.vault,
        actor=work.viewer.actor,
        action=action,
        area_id=area_id,
        subjects=subjects,
    )
