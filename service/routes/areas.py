"""The tree of areas: regions, municipalities, organisations."""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import available_timezones

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, or_, select

from matcher.errors import Fault
from matcher.roster import OrganisationType
from matcher.texts import text
from service.audit import append_audit
from service.errors import Problem, not_found, wrong_input
from service.records.shapes import Code, Id, Line
from service.rounds.paging import cut, in_counting_order
from service.routes.answers import EDIT, READ, WRITE, Limit
from service.tables.access import Role
from service.tables.areas import Area, AreaKind
from service.viewer import area_of
from service.work import Reading, Work, WorkRoute, Writing, etag

router = APIRouter(route_class=WorkRoute, tags=["areas"])

_ABOVE = {AreaKind.REGION: None, AreaKind.MUNICIPALITY: AreaKind.REGION, AreaKind.ORGANISATION: AreaKind.MUNICIPALITY}


class AreaIn(BaseModel):
    """An area to be made below another; its code is the one rosters use for it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"kind": "organisation", "parent": "0f" * 16, "code": "O-1", "name": "Школа № 1"}]
        },
    )

    kind: Literal["region", "municipality", "organisation"]
    parent: Id | None = None
    code: Code
    name: Line
    organisation_type: OrganisationType | None = None
    time_zone: Line = "Europe/Moscow"


class AreaEdit(BaseModel):
    """What may be changed of an area."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "Школа № 1 им. Ушинского"}]})

    name: Line | None = None
    organisation_type: OrganisationType | None = None
    time_zone: Line | None = None


class AreaOut(BaseModel):
    """An area."""

    id: str
    kind: str
    parent: str | None
    code: str
    name: str
    organisation_type: str | None
    time_zone: str
    version: int


class AreaPage(BaseModel):
    """A page of areas, from the top of the tree down."""

    items: list[AreaOut]
    next: str | None


@router.get("/api/v1/areas", responses=READ)
def list_areas(
    work: Reading,
    kind: Annotated[AreaKind | None, Query()] = None,
    after: Annotated[Id | None, Query()] = None,
    limit: Limit = 100,
) -> AreaPage:
    """List the areas one holds a role in, those below them, and those they lie in."""
    paths = {held.path for held in work.viewer.held}
    above = {part for path in paths for part in path.strip("/").split("/")}
    below = or_(
        col(Area.id).in_(above), *(col(Area.path).startswith(path, autoescape=True) for path in work.viewer.paths)
    )
    asked = select(Area).where(below)
    if kind is not None:
        asked = asked.where(Area.kind == kind)
    rows = sorted(
        work.session.exec(asked), key=lambda area: (area.path.count("/"), in_counting_order(area.code), area.id)
    )
    kept, following = cut(rows, limit, after)
    return AreaPage(items=list(map(_shown, kept)), next=following)


@router.post("/api/v1/areas", status_code=201, responses=WRITE)
def make_area(work: Writing, body: AreaIn, response: Response) -> AreaOut:
    """Make an area: an organisation in a municipality, a municipality in a region; a region is the administrator's."""
    _check_zone(body.time_zone)
    parent = None if body.parent is None else area_of(work.session, work.viewer, body.parent)
    kind = AreaKind(body.kind)
    if kind is not AreaKind.ORGANISATION and Role.ADMINISTRATOR not in work.viewer.roles:
        raise Problem(403, "forbidden", text("You may not do this."))
    if (None if parent is None else parent.kind) != _ABOVE[kind]:
        cure = text("an organisation lies in a municipality, a municipality in a region")
        raise wrong_input([Fault("body.parent", text("this area cannot lie there"), cure)])
    same = select(Area.id).where(Area.code == body.code, Area.parent_id == body.parent)
    if work.session.exec(same).first() is not None:
        raise wrong_input(
            [Fault("body.code", text("there is an area of this code already"), text("choose another code"))]
        )
    area = Area(
        kind=kind,
        parent_id=body.parent,
        path="",
        code=body.code,
        name=body.name,
        organisation_type=None if body.organisation_type is None else str(body.organisation_type),
        time_zone=body.time_zone,
    )
    area.path = ("/" if parent is None else parent.path) + f"{area.id}/"
    work.session.add(area)
    try:
        work.session.flush()
    except IntegrityError:  # made by somebody else at the same moment
        raise _taken() from None
    _note(work, area, "area.make")
    response.headers.update({**etag(area.version), "Location": f"/api/v1/areas/{area.id}"})
    return _shown(area)


@router.get("/api/v1/areas/{area_id}", responses=READ)
def show_area(work: Reading, area_id: Id, response: Response) -> AreaOut:
    """Return an area."""
    area = work.session.get(Area, area_id)
    above = {part for held in work.viewer.held for part in held.path.strip("/").split("/")}
    if area is None or not (area.id in above or any(area.path.startswith(path) for path in work.viewer.paths)):
        raise not_found()
    response.headers.update(etag(area.version))
    return _shown(area)


@router.patch("/api/v1/areas/{area_id}", responses=EDIT)
def edit_area(work: Writing, area_id: Id, body: AreaEdit, response: Response) -> AreaOut:
    """Rename an area."""
    area = area_of(work.session, work.viewer, area_id)
    work.expect(area.version)
    if body.time_zone is not None:
        _check_zone(body.time_zone)
    for name in body.model_fields_set:
        value = getattr(body, name)
        if value is not None or name == "organisation_type":
            setattr(area, name, value if value is None else str(value))
    area.version += 1
    work.session.add(area)
    work.session.flush()
    _note(work, area, "area.edit")
    response.headers.update(etag(area.version))
    return _shown(area)


def _taken() -> Problem:
    cure = text("choose another code")
    return wrong_input([Fault("body.code", text("there is an area of this code already"), cure)])


def _check_zone(zone: str) -> None:
    if zone not in available_timezones():
        message = text("the time zone “{value}” is not known", value=zone)
        raise wrong_input(
            [Fault("body.time_zone", message, text("choose a time zone from the list, for example Europe/Moscow"))]
        )


def _note(work: Work, area: Area, action: str) -> None:
    append_audit(
        work.session,
        work.core.vault,
        actor=work.viewer.actor,
        action=action,
        area_id=area.id,
        subjects=[area.id],
        details={"code": area.code, "name": area.name},
    )


def _shown(area: Area) -> AreaOut:
    return AreaOut(
        id=area.id,
        kind=area.kind,
        parent=area.parent_id,
        code=area.code,
        name=area.name,
        organisation_type=area.organisation_type,
        time_zone=area.time_zone,
        version=area.version,
    )
