"""Consents as they are given, refused and withdrawn, with what has to follow."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session, col, select

from service.audit import append_audit
from service.core import Core
from service.privacy.grounds import Ground, due_day, stop_day
from service.privacy.purposes import purposes, task_days
from service.rounds.working_days import working_day_after
from service.tables.columns import now
from service.tables.privacy import Consent, Erasure, PrivacyTask


def record(session: Session, core: Core, consent: Consent, *, today: date) -> list[PrivacyTask]:
    """Keep a consent or a refusal; return what has to be done after a refusal."""
    session.add(consent)
    session.flush()
    _audit(session, core, consent, "consent.refuse" if consent.refused else "consent.give")
    return _follow(session, core, consent, today=today) if consent.refused else []


def withdraw(session: Session, core: Core, consent: Consent, *, actor: str, today: date) -> list[PrivacyTask]:
    """Withdraw a consent, and with it every other one of the person to the same purpose; return what has to be done."""
    rows = session.exec(
        select(Consent).where(Consent.person_id == consent.person_id, Consent.purpose == consent.purpose)
    )
    moment = now()
    for row in rows:
        if row.withdrawn_at is None and not row.refused and row.round_id in (None, consent.round_id):
            row.withdrawn_at = moment
            session.add(row)
    session.flush()
    _audit(session, core, consent, "consent.withdraw", actor=actor)
    return _follow(session, core, consent, today=today, actor=actor)


def _follow(
    session: Session, core: Core, consent: Consent, *, today: date, actor: str | None = None
) -> list[PrivacyTask]:
    purpose = purposes()[consent.purpose]
    due = working_day_after(today, task_days())
    open_tasks = select(PrivacyTask).where(
        PrivacyTask.person_id == consent.person_id,
        PrivacyTask.kind == purpose.task,
        col(PrivacyTask.done_at).is_(None),
    )
    task = session.exec(open_tasks).first()
    if task is None:
        task = PrivacyTask(
            person_id=consent.person_id,
            area_id=consent.area_id,
            consent_id=consent.id,
            kind=purpose.task,
            due_day=due,
        )
        session.add(task)
    if purpose.erases and not consent.refused:
        ask_erasure(
            session, core, consent.person_id, consent.area_id, Ground.WITHDRAWN, actor or consent.recorded_by, today
        )
    session.flush()
    return [task]


def ask_erasure(
    session: Session, core: Core, person_id: str, area_id: str, ground: Ground, actor: str, today: date
) -> Erasure:
    """Queue a person to be erased, or return the erasure that is queued already where it is due no later."""
    waiting = session.exec(
        select(Erasure)
        .where(Erasure.person_id == person_id, col(Erasure.done_at).is_(None))
        .order_by(col(Erasure.due_day))
    ).first()
    due = due_day(ground, today)
    if waiting is not None and waiting.due_day <= due:
        return waiting
    found = Erasure(
        person_id=person_id,
        area_id=area_id,
        ground=ground,
        stop_day=stop_day(ground, today),
        due_day=due,
        asked_by=actor,
        hold_reason=None if waiting is None else waiting.hold_reason,
    )
    session.add(found)
    session.flush()
    append_audit(
        session,
        core.vault,
        actor=actor,
        action="erasure.ask",
        area_id=area_id,
        subjects=[person_id, found.id],
        details={"ground": ground, "due_day": due.isoformat()},
    )
    return found


def _audit(session: Session, core: Core, consent: Consent, action: str, *, actor: str | None = None) -> None:
    append_audit(
        session,
        core.vault,
        actor=actor or consent.recorded_by,
        action=action,
        area_id=consent.area_id,
        subjects=[consent.person_id, consent.id],
        details={"purpose": consent.purpose, "paper": consent.paper, "given_by": consent.given_by},
    )
