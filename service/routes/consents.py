"""Consents: given, refused, withdrawn; and what has to be done after a withdrawal."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, cast
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict
from sqlmodel import col, select

from matcher.errors import Fault
from matcher.texts import Lang, text
from service.audit import append_audit
from service.errors import not_found, refused, wrong_input
from service.privacy.consent_rows import record, withdraw
from service.privacy.consents import State, state_of
from service.privacy.known import is_employee, is_minor
from service.privacy.purposes import digest, purposes
from service.privacy.shapes import Id, Line
from service.routes.answers import READ, WRITE, Limit
from service.tables.access import Role
from service.tables.areas import Area, Person
from service.tables.columns import now
from service.tables.privacy import Consent, PrivacyTask
from service.tables.rounds import Round
from service.viewer import PERSONAL_ROLES, in_scope
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["consents"])

PurposeId = Literal["duties", "personal_data", "agreement", "dissemination", "health"]
After = Annotated[Id | None, Query(description="the `next` of the page before")]

_EXAMPLE: JsonDict = {
    "person": "6c1f0f5e0c0e4b7f9a3d2b1c0d9e8f7a",
    "purpose": "personal_data",
    "given_day": "2026-09-01",
    "expires_day": "2027-08-31",
    "scan_reference": "папка 3, лист 12",
}


class PurposeItem(BaseModel):
    """A purpose people consent to, with the sentences they sign when no paper is used."""

    id: PurposeId
    title: str
    document: str
    wording: str
    text_digest: str
    electronic: bool
    in_place_of: PurposeId | None


class NewConsent(BaseModel):
    """A consent or a refusal. A refusal needs no reason, and there is no field for one."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    person: Id
    purpose: PurposeId
    refused: bool = False
    paper: bool = True
    given_by: Literal["person", "legal_representative"] = "person"
    given_day: date
    expires_day: date | None = None
    round: Id | None = None
    text_digest: Annotated[str, Field(max_length=64, pattern="^([0-9a-f]{64})?$")] = ""
    scan_reference: Annotated[Line, Field(max_length=60)] = ""


class ConsentItem(BaseModel):
    """A consent as it is kept, and how it stands today."""

    id: str
    person: str
    area: str
    round: str | None
    purpose: str
    state: State
    paper: bool
    given_by: str
    given_day: date
    expires_day: date | None
    withdrawn_at: datetime | None
    text_digest: str
    scan_reference: str
    recorded_by: str
    recorded_at: datetime


class ConsentPage(BaseModel):
    """A page of consents."""

    items: list[ConsentItem]
    next: str | None


class TaskItem(BaseModel):
    """Something to be done until a day, because a consent was withdrawn or refused."""

    id: str
    person: str
    area: str
    kind: str
    due_day: date
    overdue: bool
    done_at: datetime | None


class TaskPage(BaseModel):
    """A page of tasks, those due first at the top."""

    items: list[TaskItem]
    next: str | None


class Recorded(BaseModel):
    """A consent, and what has to be done now."""

    consent: ConsentItem
    tasks: list[TaskItem]


@router.get("/api/v1/consent-purposes", responses=READ)
def list_purposes(work: Reading, person: Id) -> list[PurposeItem]:
    """Show what a person is asked to consent to, in the words of his organisation."""
    asked = _person(work, person)
    place = work.session.get_one(Area, asked.area_id)
    minor = is_minor(work.session, work.core.vault, asked, _today(work))
    employee = is_employee(work.session, work.core.vault, asked)
    found = []
    for purpose in purposes().values():
        if not purpose.is_asked(is_minor=minor, is_employee=employee):
            continue
        wording = purpose.wording(place.name, work.lang, is_minor=minor)
        found.append(
            PurposeItem(
                id=cast(PurposeId, purpose.id),
                title=purpose.title(work.lang, is_minor=minor),
                document=purpose.document,
                wording=wording,
                text_digest=digest(wording),
                electronic=purpose.electronic,
                in_place_of=cast(PurposeId | None, purpose.in_place_of),
            )
        )
    return found


@router.post("/api/v1/consents", status_code=201, responses=WRITE)
def give_consent(work: Writing, body: NewConsent, response: Response) -> Recorded:
    """Record a consent or a refusal: the curator from paper, a participant for himself."""
    person = _person(work, body.person)
    given_by = _given_by(work, body)
    today = _today(work)
    _check(work, body, person, given_by, today)
    consent = Consent(
        person_id=person.id,
        area_id=person.area_id,
        round_id=_round(work, body),
        purpose=body.purpose,
        text_digest=body.text_digest,
        paper=body.paper,
        scan_reference=body.scan_reference,
        given_by=given_by,
        given_day=body.given_day,
        expires_day=None if body.refused else body.expires_day,
        refused=body.refused,
        recorded_by=work.viewer.actor,
    )
    tasks = record(work.session, work.core, consent, today=today)
    response.headers["Location"] = f"/api/v1/consents/{consent.id}"
    return Recorded(consent=_item(consent, today), tasks=[_task(one, today) for one in tasks])


@router.get("/api/v1/consents", responses=READ)
def list_consents(
    work: Reading,
    limit: Limit = 50,
    after: After = None,
    person: Id | None = None,
    round_id: Annotated[Id | None, Query(alias="round")] = None,
    purpose: PurposeId | None = None,
    area: Id | None = None,
) -> ConsentPage:
    """Show consents of the areas of the asker, or his own."""
    wanted = select(Consent).where(in_scope(work.viewer, Consent.area_id, person_ids=[Consent.person_id]))
    for column, value in (
        (Consent.person_id, person),
        (Consent.round_id, round_id),
        (Consent.purpose, purpose),
        (Consent.area_id, area),
    ):
        if value is not None:
            wanted = wanted.where(col(column) == value)
    if after is not None:
        wanted = wanted.where(col(Consent.id) > after)
    found = work.session.exec(wanted.order_by(col(Consent.id)).limit(limit + 1)).all()
    today = _today(work)
    items = [_item(one, today) for one in found[:limit]]
    return ConsentPage(items=items, next=items[-1].id if len(found) > limit else None)


@router.get("/api/v1/consents/{consent_id}", responses=READ)
def show_consent(work: Reading, consent_id: Id) -> ConsentItem:
    """Show one consent."""
    return _item(_consent(work, consent_id), _today(work))


@router.post("/api/v1/consents/{consent_id}/withdrawal", responses=WRITE)
def withdraw_consent(work: Writing, consent_id: Id) -> Recorded:
    """Withdraw a consent; the next solve leaves the person out, and what else has to stop is told with its day."""
    consent = _consent(work, consent_id)
    today = _today(work)
    if consent.refused or consent.withdrawn_at is not None:
        raise refused([Fault("consent", text("this consent is not in force any more"))])
    tasks = withdraw(work.session, work.core, consent, actor=work.viewer.actor, today=today)
    return Recorded(consent=_item(consent, today), tasks=[_task(one, today) for one in tasks])


@router.get("/api/v1/privacy-tasks", responses=READ)
def list_tasks(work: Reading, limit: Limit = 50, after: After = None, done: bool = False) -> TaskPage:
    """Show what has to be done because consents were withdrawn or refused."""
    wanted = select(PrivacyTask).where(in_scope(work.viewer, PrivacyTask.area_id))
    wanted = wanted.where(col(PrivacyTask.done_at).is_not(None) if done else col(PrivacyTask.done_at).is_(None))
    if after is not None:
        word, _, id_ = after.partition("_")
        day = _day(word)
        same = (col(PrivacyTask.due_day) == day) & (col(PrivacyTask.id) > id_)
        wanted = wanted.where((col(PrivacyTask.due_day) > day) | same)
    ordered = wanted.order_by(col(PrivacyTask.due_day), col(PrivacyTask.id))
    found = work.session.exec(ordered.limit(limit + 1)).all()
    today = _today(work)
    items = [_task(one, today) for one in found[:limit]]
    return TaskPage(items=items, next=f"{items[-1].due_day}_{items[-1].id}" if len(found) > limit else None)


@router.post("/api/v1/privacy-tasks/{task_id}/done", responses=WRITE)
def finish_task(work: Writing, task_id: Id) -> TaskItem:
    """Say that a task has been done."""
    wanted = select(PrivacyTask).where(PrivacyTask.id == task_id, in_scope(work.viewer, PrivacyTask.area_id))
    task = work.session.exec(wanted).first()
    if task is None:
        raise not_found()
    if task.done_at is not None:
        raise refused([Fault("task", text("this has been done already"))])
    task.done_at, task.done_by = now(), work.viewer.actor
    work.session.add(task)
    append_audit(
        work.session,
        work.core.vault,
        actor=work.viewer.actor,
        action="privacy_task.done",
        area_id=task.area_id,
        subjects=[task.person_id, task.id],
        details={"kind": task.kind},
    )
    return _task(task, _today(work))


def _person(work: Work, person_id: str) -> Person:
    wanted = select(Person).where(
        Person.id == person_id,
        in_scope(work.viewer, Person.area_id, person_ids=[Person.id]),
        col(Person.erased_at).is_(None),
    )
    person = work.session.exec(wanted).first()
    if person is None:
        raise not_found()
    return person


def _consent(work: Work, consent_id: Id) -> Consent:
    scope = in_scope(work.viewer, Consent.area_id, person_ids=[Consent.person_id])
    consent = work.session.exec(select(Consent).where(Consent.id == consent_id, scope)).first()
    if consent is None:
        raise not_found()
    return consent


def _round(work: Work, body: NewConsent) -> str | None:
    """Return the round a consent is for, where the asker or the person has to do with it."""
    if body.round is None:
        return None
    round_ = work.session.get(Round, body.round)
    person = work.session.get_one(Person, body.person)
    path = work.session.get_one(Area, person.area_id).path
    if round_ is None or f"/{round_.area_id}/" not in path:
        raise not_found()
    return round_.id


def _given_by(work: Work, body: NewConsent) -> str:
    """Return who signs: the participant who asks says it by his role, the curator by the paper."""
    own = [one.role for one in work.viewer.held if one.person_id == body.person and one.role in PERSONAL_ROLES]
    if not own or work.viewer.paths:
        return body.given_by
    return "legal_representative" if Role.LEGAL_REPRESENTATIVE in own else "person"


def _check(work: Work, body: NewConsent, person: Person, given_by: str, today: date) -> None:
    purpose = purposes()[body.purpose]
    faults: list[Fault] = []
    if body.given_day > today:
        faults.append(Fault("given_day", text("this day is still to come"), text("give the day of the signature")))
    if body.expires_day is not None and body.expires_day < body.given_day:
        faults.append(Fault("expires_day", text("the term ends before it begins"), text("give a later day")))
    himself = not work.viewer.paths
    if himself and body.paper:
        cure = text("leave the paper to the curator, or give the consent here")
        faults.append(Fault("paper", text("only the curator records papers"), cure))
    if himself and body.given_day != today:
        faults.append(Fault("given_day", text("a consent given here is given today"), text("give the day of today")))
    if not body.refused:
        if not body.paper and not purpose.electronic:
            cure = text("sign the paper and hand it to the curator")
            faults.append(Fault("paper", text("this consent needs a signature on paper"), cure))
        if not body.paper and body.text_digest not in _digests(work, person, body.purpose):
            cure = text("show the text of the purposes again")
            faults.append(Fault("text_digest", text("this is not the text that is signed now"), cure))
        minor = is_minor(work.session, work.core.vault, person, today)
        if given_by == "person" and minor:
            cure = text("let the legal representative sign")
            faults.append(Fault("given_by", text("somebody under age does not consent alone"), cure))
        if purpose.asked_of and not purpose.is_asked(is_minor=minor, is_employee=_employed(work, person, minor)):
            cure = text("use the consent to the duties")
            message = text("this agreement is for people under age and for those who are no employees")
            faults.append(Fault("purpose", message, cure))
    if faults:
        raise wrong_input(faults)


def _digests(work: Work, person: Person, purpose: str) -> set[str]:
    place = work.session.get_one(Area, person.area_id)
    languages: tuple[Lang, ...] = ("ru", "en")
    return {
        digest(purposes()[purpose].wording(place.name, lang, is_minor=minor))
        for lang in languages
        for minor in (True, False)
    }


def _employed(work: Work, person: Person, minor: bool) -> bool:
    return not minor and is_employee(work.session, work.core.vault, person)


def _today(work: Work) -> date:
    return now().astimezone(ZoneInfo(work.core.settings.time_zone)).date()


def _day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise wrong_input([Fault("after", text("this is no page"), text("give the next of the page before"))]) from None


def _item(consent: Consent, today: date) -> ConsentItem:
    return ConsentItem(
        id=consent.id,
        person=consent.person_id,
        area=consent.area_id,
        round=consent.round_id,
        purpose=consent.purpose,
        state=state_of(consent, today),
        paper=consent.paper,
        given_by=consent.given_by,
        given_day=consent.given_day,
        expires_day=consent.expires_day,
        withdrawn_at=consent.withdrawn_at,
        text_digest=consent.text_digest,
        scan_reference=consent.scan_reference,
        recorded_by=consent.recorded_by,
        recorded_at=consent.recorded_at,
    )


def _task(task: PrivacyTask, today: date) -> TaskItem:
    return TaskItem(
        id=task.id,
        person=task.person_id,
        area=task.area_id,
        kind=task.kind,
        due_day=task.due_day,
        overdue=task.done_at is None and task.due_day < today,
        done_at=task.done_at,
    )
