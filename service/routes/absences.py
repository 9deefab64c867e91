"""When people cannot meet, and when they can: days of absence, hours of a usual week."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, or_, select

from matcher.errors import Fault
from matcher.roster import AvailabilityState
from matcher.texts import text
from service.audit import append_audit
from service.errors import not_found, wrong_input
from service.records.shapes import Day, Id
from service.rounds.paging import cut
from service.routes.answers import READ, WRITE, Limit
from service.tables.areas import Person
from service.tables.rounds import Absence, Availability
from service.viewer import in_scope
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["absences"])

_MOST_ABSENCES, _LONGEST_DAYS = 500, 400


class AbsenceIn(BaseModel):
    """Days on which a person cannot meet. Why is never asked."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"first_day": "2026-12-01", "last_day": "2026-12-04"}]}
    )

    person: Id | None = None
    first_day: Day
    last_day: Day


class AbsenceOut(BaseModel):
    """Days on which a person cannot meet."""

    id: str
    person: str
    first_day: date
    last_day: date


class AbsencePage(BaseModel):
    """A page of absences."""

    items: list[AbsenceOut]
    next: str | None


class Hours(BaseModel):
    """A part of a usual week; weekday 1 is Monday, minutes are after midnight."""

    model_config = ConfigDict(extra="forbid")

    weekday: Annotated[int, Field(ge=1, le=7)]
    week: Literal["A", "B"] | None = None
    from_minute: Annotated[int, Field(ge=0, lt=1440)]
    to_minute: Annotated[int, Field(gt=0, le=1440)]
    state: AvailabilityState


class Week(BaseModel):
    """When a person can meet in a usual week; what is sent replaces what was there."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"hours": [{"weekday": 2, "from_minute": 840, "to_minute": 900, "state": "preferred"}]}]
        },
    )

    person: Id | None = None
    hours: Annotated[list[Hours], Field(max_length=100)]


@router.get("/api/v1/absences", responses=READ)
def list_absences(
    work: Reading,
    person: Annotated[Id | None, Query()] = None,
    after: Annotated[Id | None, Query()] = None,
    limit: Limit = 50,
) -> AbsencePage:
    """List the days on which people of one's areas, or oneself, cannot meet."""
    asked = select(Absence).where(in_scope(work.viewer, Absence.area_id, person_ids=[Absence.person_id]))
    if person is not None:
        asked = asked.where(Absence.person_id == person)
    rows = list(work.session.exec(asked.order_by(col(Absence.first_day), col(Absence.id))))
    kept, following = cut(rows, limit, after)
    return AbsencePage(items=list(map(_absence, kept)), next=following)


@router.post("/api/v1/absences", status_code=201, responses=WRITE)
def add_absence(work: Writing, body: AbsenceIn) -> AbsenceOut:
    """Say on which days a person cannot meet."""
    person = _person(work, body.person)
    if not 0 <= (body.last_day - body.first_day).days <= _LONGEST_DAYS:
        raise wrong_input([Fault("body.last_day", text("the last day does not lie behind the first, or too far"))])
    own = work.session.exec(select(Absence.id).where(Absence.person_id == person.id)).all()
    if len(own) >= _MOST_ABSENCES:
        raise wrong_input([Fault("body", text("there are too many absences of this person"))])
    row = Absence(
        person_id=person.id,
        area_id=person.area_id,
        first_day=body.first_day,
        last_day=body.last_day,
        created_by=work.viewer.actor,
    )
    work.session.add(row)
    work.session.flush()
    _note(work, "absence.add", person.area_id, [row.id, person.id])
    return _absence(row)


@router.delete("/api/v1/absences/{absence_id}", status_code=204, responses=WRITE)
def remove_absence(work: Writing, absence_id: Id) -> None:
    """Take back days of absence."""
    scope = in_scope(work.viewer, Absence.area_id, person_ids=[Absence.person_id])
    row = work.session.exec(select(Absence).where(Absence.id == absence_id, scope)).first()
    if row is None:
        raise not_found()
    _note(work, "absence.remove", row.area_id, [row.id, row.person_id])
    work.session.delete(row)


@router.get("/api/v1/availability", responses=READ)
def show_week(work: Reading, person: Annotated[Id | None, Query()] = None) -> Week:
    """Return when a person can meet in a usual week, as he said himself."""
    found = _person(work, person)
    asked = select(Availability).where(Availability.person_id == found.id)
    rows = work.session.exec(asked.order_by(col(Availability.weekday), col(Availability.from_minute)))
    hours = [
        Hours(
            weekday=row.weekday,
            week="A" if row.week == "A" else "B" if row.week == "B" else None,
            from_minute=row.from_minute,
            to_minute=row.to_minute,
            state=AvailabilityState(row.state),
        )
        for row in rows
    ]
    return Week(person=found.id, hours=hours)


@router.put("/api/v1/availability", responses=WRITE)
def say_week(work: Writing, body: Week) -> Week:
    """Say when a person can meet in a usual week."""
    person = _person(work, body.person)
    faults = [
        Fault(f"body.hours.{at}.to_minute", text("the end lies before the beginning"))
        for at, one in enumerate(body.hours)
        if one.to_minute <= one.from_minute
    ]
    if faults:
        raise wrong_input(faults)
    for row in work.session.exec(select(Availability).where(Availability.person_id == person.id)):
        work.session.delete(row)
    work.session.flush()
    for one in body.hours:
        columns: dict[str, Any] = one.model_dump() | {"state": str(one.state)}
        work.session.add(Availability(person_id=person.id, **columns))
    work.session.flush()
    _note(work, "availability.say", person.area_id, [person.id])
    return Week(person=person.id, hours=body.hours)


def _person(work: Work, person_id: str | None) -> Person:
    own = sorted(work.viewer.person_ids)
    if person_id is None and not own:
        raise wrong_input([Fault("person", text("this has to be given"))])
    wanted = person_id or own[0]
    near = or_(in_scope(work.viewer, Person.area_id), col(Person.id).in_(work.viewer.person_ids))
    found = work.session.exec(select(Person).where(Person.id == wanted, near)).first()
    if found is None or found.erased_at is not None:
        raise not_found()
    return found


def _absence(row: Absence) -> AbsenceOut:
    return AbsenceOut(id=row.id, person=row.person_id, first_day=row.first_day, last_day=row.last_day)


def _note(work: Work, action: str, area_id: str, subjects: list[str]) -> None:
    append_audit(
        work.session, work.core.vault, actor=work.viewer.actor, action=action, area_id=area_id, subjects=subjects
    )
