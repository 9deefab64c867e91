"""Who did what, and who looked at what."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse
from pydantic import BaseModel
from sqlalchemy import ColumnElement, String, cast, true
from sqlalchemy.orm import Mapped
from sqlmodel import col, select
from starlette.background import BackgroundTask

from matcher.errors import Fault
from matcher.texts import text
from service.errors import wrong_input
from service.keys import Erased, open_for
from service.privacy.access_report import lines_between, moments_of, write_access_report
from service.privacy.shapes import Id
from service.routes.answers import READ, Limit
from service.tables.access import Role
from service.tables.areas import Area
from service.tables.columns import new_id
from service.tables.privacy import AccessEntry, AuditEntry
from service.viewer import Viewer, in_areas
from service.work import Reading, Work, WorkRoute

router = APIRouter(route_class=WorkRoute, tags=["audit"])

CLOSED = ("wish.", "record.", "decision.psychologist")
"""Actions whose details are shown to their author and the curator only, where they belong: not here."""


class AuditItem(BaseModel):
    """One entry of the audit trail; ``details`` are null where there are none or they cannot be read."""

    seq: int
    at: datetime
    actor: str
    action: str
    area: str | None
    subjects: list[str]
    details: dict[str, Any] | None
    erased: bool
    hash: str


class AuditPage(BaseModel):
    """A page of the trail, the newest entries first."""

    items: list[AuditItem]
    next: str | None


class AccessItem(BaseModel):
    """One line of the access log."""

    at: datetime
    actor: str
    what: str
    subject: str | None
    why: str
    request: str


class AccessPage(BaseModel):
    """A page of the access log, the newest lines first."""

    items: list[AccessItem]
    next: str | None


Before = Annotated[int | None, Query(ge=1, description="the `next` of the page before", examples=[120])]
Word = Id | None
FirstDay = Annotated[date, Query(description="the first day", examples=["2026-11-01"])]
LastDay = Annotated[date, Query(description="the last day, included", examples=["2026-11-30"])]


@router.get("/api/v1/audit", responses=READ)
def list_audit(
    work: Reading,
    limit: Limit = 50,
    after: Before = None,
    action: Annotated[Id | None, Query(description="its beginning", examples=["pair."])] = None,
    actor: Word = None,
    subject: Annotated[Id | None, Query(description="id of a person or thing")] = None,
    area: Word = None,
    since: Annotated[date | None, Query(description="the first day")] = None,
    until: Annotated[date | None, Query(description="the last day, included")] = None,
) -> AuditPage:
    """Show who did what in the areas of the asker; what was done in detail where it can still be read."""
    wanted = select(AuditEntry).where(_entries_of(work))
    if after is not None:
        wanted = wanted.where(AuditEntry.seq < after)
    if action is not None:
        wanted = wanted.where(col(AuditEntry.action).startswith(action, autoescape=True))
    if actor is not None:
        wanted = wanted.where(AuditEntry.actor == actor)
    if area is not None:
        wanted = wanted.where(AuditEntry.area_id == area)
    if subject is not None:
        wanted = wanted.where(cast(col(AuditEntry.subjects), String).contains(f'"{subject}"', autoescape=True))
    if since is not None or until is not None:
        begin, end = _moments(work, since or date(2000, 1, 1), until or date(2999, 1, 1))
        wanted = wanted.where(col(AuditEntry.at) >= begin, col(AuditEntry.at) < end)
    found = work.session.exec(wanted.order_by(col(AuditEntry.seq).desc()).limit(limit + 1)).all()
    items = [_audit_item(work, entry) for entry in found[:limit]]
    return AuditPage(items=items, next=str(items[-1].seq) if len(found) > limit else None)


@router.get("/api/v1/access-log", responses=READ)
def list_access(
    work: Reading,
    limit: Limit = 50,
    after: Before = None,
    actor: Word = None,
    subject: Annotated[Id | None, Query(description="id of a person or thing")] = None,
) -> AccessPage:
    """Show who looked at personal data in the areas of the asker, at what, and why."""
    wanted = select(AccessEntry).where(_lines_of(work))
    if after is not None:
        wanted = wanted.where(col(AccessEntry.id) < after)
    if actor is not None:
        wanted = wanted.where(AccessEntry.actor == actor)
    if subject is not None:
        wanted = wanted.where(col(AccessEntry.subject).contains(subject, autoescape=True))
    found = work.session.exec(wanted.order_by(col(AccessEntry.id).desc()).limit(limit + 1)).all()
    items = [
        AccessItem(
            at=line.at, actor=line.actor, what=line.what, subject=line.subject, why=line.why, request=line.request_id
        )
        for line in found[:limit]
    ]
    return AccessPage(items=items, next=str(found[limit - 1].id) if len(found) > limit else None)


@router.get("/api/v1/access-log/export", responses=READ, response_class=FileResponse)
def export_access(
    work: Reading, first_day: FirstDay, last_day: LastDay, kind: Literal["csv", "xlsx"] = "xlsx"
) -> FileResponse:
    """Give who looked at what between two days as a file, for the inquiry after a leak."""
    begin, end = _moments(work, first_day, last_day)
    folder = work.core.settings.folder / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"access-{new_id()}.{kind}"
    condition = lines_between(begin, end) & _lines_of(work)
    time_zone = work.core.settings.time_zone
    try:
        write_access_report(work.session, path, condition, lang=work.lang, time_zone=time_zone)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return FileResponse(
        path,
        filename=f"access-{first_day}-{last_day}.{kind}",
        background=BackgroundTask(path.unlink, missing_ok=True),
    )


def _moments(work: Work, first_day: date, last_day: date) -> tuple[datetime, datetime]:
    if last_day < first_day or not 2000 <= first_day.year <= last_day.year <= 2999:
        cure = text("give two days of this century, the first one first")
        raise wrong_input([Fault("first_day", text("this is no span of days"), cure)])
    return moments_of(first_day, last_day, work.core.settings.time_zone)


def _entries_of(work: Work) -> ColumnElement[bool]:
    return _whole_house(work, col(AuditEntry.area_id)) | in_areas(AuditEntry.area_id, work.viewer)


def _lines_of(work: Work) -> ColumnElement[bool]:
    return _whole_house(work, col(AccessEntry.area_id)) | in_areas(AccessEntry.area_id, work.viewer)


def _whole_house(work: Work, column: Mapped[str | None]) -> ColumnElement[bool]:
    """Return the condition of what belongs to no area: for the administrator of the only tree there is."""
    tops = work.session.exec(select(Area.id).where(col(Area.parent_id).is_(None)).limit(2)).all()
    if len(tops) == 1 and _is_administrator_of(work.viewer, tops[0]):
        return column.is_(None)
    return ~true()


def _is_administrator_of(viewer: Viewer, top: str) -> bool:
    return any(one.role is Role.ADMINISTRATOR and one.area_id == top for one in viewer.held)


def _audit_item(work: Work, entry: AuditEntry) -> AuditItem:
    details, erased = None, False
    if entry.sealed is not None and not entry.action.startswith(CLOSED):
        try:
            opened = open_for(work.session, work.core.vault, entry.sealed_for, entry.sealed, f"audit:{entry.seq}")
            details = json.loads(opened)
        except Erased:
            erased = True
    return AuditItem(
        seq=entry.seq,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        area=entry.area_id,
        subjects=entry.subjects,
        details=details,
        erased=erased,
        hash=entry.hash,
    )
