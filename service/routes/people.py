"""Everything about one person: handed out, and erased."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal, cast
from zoneinfo import ZoneInfo

from fastapi import APIRouter, BackgroundTasks, Query, Response
from fastapi.responses import FileResponse, HTMLResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select
from starlette.background import BackgroundTask

from matcher.errors import Fault, InputError
from matcher.texts import text
from service.audit import append_audit
from service.core import Core
from service.errors import not_found, refused, wrong_input
from service.privacy.consent_rows import ask_erasure
from service.privacy.dossier import build_dossier, dossier_json, dossier_page
from service.privacy.erasure.act import Act, write_act, write_log_extract
from service.privacy.erasure.execute import execute
from service.privacy.erasure.queue import clean_up, entry_of
from service.privacy.grounds import Ground
from service.privacy.shapes import Id, Line
from service.routes.answers import READ, WRITE, Limit
from service.tables.areas import Person
from service.tables.columns import new_id, now
from service.tables.privacy import Erasure
from service.viewer import in_scope
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["people"])

GroundWord = Literal["purpose_reached", "withdrawn", "not_needed", "unlawful", "stop_asked"]
After = Annotated[Id | None, Query(description="the `next` of the page before")]


class ErasureAsked(BaseModel):
    """Why somebody is to be erased; the law gives the days."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"ground": "purpose_reached"}]})

    ground: GroundWord


class Hold(BaseModel):
    """Why the law or a court forbids to destroy data now; null lifts the hold."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "дело № 2-118/2026"}]})

    reason: Annotated[Line, Field(min_length=3)] | None


class ErasureItem(BaseModel):
    """A person to be erased, or erased: asked when, until when, on which ground, held or done."""

    id: str
    person: str
    area: str
    ground: GroundWord
    asked_at: datetime
    stop_day: date | None
    due_day: date
    days_left: int
    overdue: bool
    hold_reason: str | None
    done_at: datetime | None


class ErasurePage(BaseModel):
    """A page of erasures, those due first at the top."""

    items: list[ErasureItem]
    next: str | None


@router.get("/api/v1/people/{person_id}/export", responses=READ)
def export_person(work: Reading, person_id: Id, kind: Literal["json", "html"] = "json") -> Response:
    """Give everything the service holds about one person: as data, or as a page to read."""
    person = _person(work, person_id)
    dossier = build_dossier(work.session, work.core, person)
    name = f'attachment; filename="person-{person.id}.{kind}"'
    if kind == "html":
        return HTMLResponse(dossier_page(dossier, work.lang), headers={"Content-Disposition": name})
    return Response(dossier_json(dossier), media_type="application/json", headers={"Content-Disposition": name})


@router.post("/api/v1/people/{person_id}/erasure", status_code=202, responses=WRITE)
def ask_to_erase(work: Writing, person_id: Id, body: ErasureAsked, response: Response) -> ErasureItem:
    """Queue a person to be erased; a participant may ask for himself, and only that processing stop."""
    person = _person(work, person_id)
    if person.erased_at is not None:
        raise refused([Fault("person", text("this person is erased already"))])
    ground = Ground(body.ground)
    if not work.viewer.paths and ground is not Ground.STOP_ASKED:
        cure = text("ask with the ground stop_asked")
        raise wrong_input([Fault("ground", text("this ground is for the organisation to name"), cure)])
    today = _today(work)
    erasure = ask_erasure(work.session, work.core, person.id, person.area_id, ground, work.viewer.actor, today)
    response.headers["Location"] = f"/api/v1/erasures/{erasure.id}"
    return _item(erasure, today)


@router.get("/api/v1/erasures", responses=READ)
def list_erasures(work: Reading, limit: Limit = 50, after: After = None, done: bool = False) -> ErasurePage:
    """Show who is to be erased and until when, or who has been."""
    wanted = select(Erasure).where(in_scope(work.viewer, Erasure.area_id))
    wanted = wanted.where(col(Erasure.done_at).is_not(None) if done else col(Erasure.done_at).is_(None))
    if after is not None:
        wanted = wanted.where(col(Erasure.id) > after)
    found = work.session.exec(wanted.order_by(col(Erasure.id)).limit(limit + 1)).all()
    today = _today(work)
    items = [_item(one, today) for one in found[:limit]]
    return ErasurePage(items=items, next=items[-1].id if len(found) > limit else None)


@router.get("/api/v1/erasures/{erasure_id}", responses=READ)
def show_erasure(work: Reading, erasure_id: Id) -> ErasureItem:
    """Show how one erasure stands."""
    return _item(_erasure(work, erasure_id), _today(work))


@router.put("/api/v1/erasures/{erasure_id}/hold", responses=WRITE)
def hold_erasure(work: Writing, erasure_id: Id, body: Hold) -> ErasureItem:
    """Keep data a law or a court forbids to destroy now, or lift such a hold."""
    erasure = _erasure(work, erasure_id)
    if erasure.done_at is not None:
        raise refused([Fault("erasure", text("this person is erased already"))])
    erasure.hold_reason = body.reason
    work.session.add(erasure)
    append_audit(
        work.session,
        work.core.vault,
        actor=work.viewer.actor,
        action="erasure.hold" if body.reason else "erasure.release",
        area_id=erasure.area_id,
        subjects=[erasure.person_id, erasure.id],
        details={"reason": body.reason},
    )
    return _item(erasure, _today(work))


@router.post("/api/v1/erasures/{erasure_id}/execution", responses=WRITE)
def carry_out(work: Writing, erasure_id: Id, after: BackgroundTasks) -> ErasureItem:
    """Erase the person now; the act and the extract of the log can be fetched afterwards."""
    erasure = _erasure(work, erasure_id)
    today = _today(work)
    try:
        done = execute(work.session, work.core, erasure, actor=work.viewer.actor, today=today)
    except InputError as error:
        raise refused(error.faults) from None
    after.add_task(clean_up, work.core, done)  # once the transaction has ended
    return _item(erasure, today)


@router.get("/api/v1/erasures/{erasure_id}/act", responses=READ, response_class=FileResponse)
def give_act(work: Reading, erasure_id: Id) -> FileResponse:
    """Give the act of destruction to sign (order 179 of Roskomnadzor)."""
    erasure = _done(work, erasure_id)
    path = _new_file(work.core, "docx")
    write_act(Act(**erasure.act), path, work.lang)
    return _file(path, f"act-{erasure.id[:8]}.docx")


@router.get("/api/v1/erasures/{erasure_id}/log", responses=READ, response_class=FileResponse)
def give_log(work: Reading, erasure_id: Id) -> FileResponse:
    """Give the extract of the event log that goes with the act."""
    erasure = _done(work, erasure_id)
    path = _new_file(work.core, "csv")
    write_log_extract(Act(**erasure.act), entry_of(work.session, erasure), path, work.lang)
    return _file(path, f"log-{erasure.id[:8]}.csv")


def _person(work: Work, person_id: str) -> Person:
    scope = in_scope(work.viewer, Person.area_id, person_ids=[Person.id])
    person = work.session.exec(select(Person).where(Person.id == person_id, scope)).first()
    if person is None:
        raise not_found()
    return person


def _erasure(work: Work, erasure_id: str) -> Erasure:
    wanted = select(Erasure).where(Erasure.id == erasure_id, in_scope(work.viewer, Erasure.area_id))
    erasure = work.session.exec(wanted).first()
    if erasure is None:
        raise not_found()
    return erasure


def _done(work: Work, erasure_id: str) -> Erasure:
    erasure = _erasure(work, erasure_id)
    if erasure.done_at is None:
        raise not_found()
    return erasure


def _today(work: Work) -> date:
    return now().astimezone(ZoneInfo(work.core.settings.time_zone)).date()


def _new_file(core: Core, suffix: str) -> Path:
    folder = core.settings.folder / "exports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"{new_id()}.{suffix}"


def _file(path: Path, name: str) -> FileResponse:
    return FileResponse(path, filename=name, background=BackgroundTask(path.unlink, missing_ok=True))


def _item(erasure: Erasure, today: date) -> ErasureItem:
    return ErasureItem(
        id=erasure.id,
        person=erasure.person_id,
        area=erasure.area_id,
        ground=cast(GroundWord, erasure.ground),
        asked_at=erasure.asked_at,
        stop_day=erasure.stop_day,
        due_day=erasure.due_day,
        days_left=(erasure.due_day - today).days,
        overdue=erasure.done_at is None and erasure.due_day < today,
        hold_reason=erasure.hold_reason,
        done_at=erasure.done_at,
    )
