"""A run as it is told to people and programs: how it stands, apart from what it found."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session, select

from matcher.texts import Lang, Text, say, text, text_n
from service.errors import FaultBody, fault_body
from service.jobs.port import UNFINISHED, Outcome, Reason, RunStatus
from service.jobs.results import faults_context
from service.jobs.tasks import fault_of
from service.tables.rounds import PlanFileRow, Run
from service.vault import Vault


class ProgressBody(BaseModel):
    """How far a run is; ``number`` grows with every change, ``gap`` is (bound − value) / max(1, |value|)."""

    number: int
    stage: str | None
    level: str | None
    value: float | None
    bound: float | None
    gap: float | None
    seconds: float


class RunBody(BaseModel):
    """A run. ``status`` says how it went, ``outcome`` what it found: a run that finds no plan has succeeded.

    ``plan`` is the id of the plan it left, ``summary`` its figures, ``message`` a sentence about the outcome.
    """

    id: str
    round: str
    what: str
    status: RunStatus
    outcome: Outcome | None
    reason: Reason | None
    message: str
    progress: ProgressBody
    attempts: int
    stop_asked: bool
    plan: str | None
    summary: dict[str, Any]
    faults: list[FaultBody]
    created_by: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


_OUTCOMES = {
    Outcome.PLANNED: text("A plan was found."),
    Outcome.NOTHING_PLACED: text("No plan was found: nothing could be placed."),
    Outcome.NOTHING_LOST: text("Nothing is lost; the plan stays as it is."),
    Outcome.WRONG_INPUT: text("The round cannot be solved as it is: see the faults."),
}
_REASONS = {
    Reason.CRASHED: text("the solver broke off"),
    Reason.MEMORY: text("the solver needed more memory than it may take"),
    Reason.TIME: text("the solver did not end in its time"),
    Reason.WORKER_LOST: text("the machines that worked on it failed"),
}
_STATES = {
    RunStatus.QUEUED: text("Waiting for its turn."),
    RunStatus.RUNNING: text("Being solved."),
    RunStatus.CANCELLED: text("Stopped before a plan was found."),
}


def run_body(session: Session, vault: Vault, run: Run, lang: Lang) -> RunBody:
    """Return a run as it is sent."""
    row = session.exec(select(PlanFileRow.id, PlanFileRow.summary).where(PlanFileRow.run_id == run.id)).first()
    return RunBody(
        id=run.id,
        round=run.round_id,
        what=run.what,
        status=RunStatus(run.status),
        outcome=None if run.outcome is None else Outcome(run.outcome),
        reason=None if run.reason is None or run.status in UNFINISHED else Reason(run.reason),
        message=say(_message(run), lang),
        progress=_progress(run),
        attempts=run.attempts,
        stop_asked=run.stop_asked_at is not None,
        plan=None if row is None else row[0],
        summary={} if row is None else dict(row[1]),
        faults=_faults(vault, run, lang),
        created_by=run.created_by,
        created_at=run.created_at,
        started_at=run.started_at,
        ended_at=run.ended_at,
    )


def _progress(run: Run) -> ProgressBody:
    gap = None if run.value is None or run.bound is None else (run.bound - run.value) / max(1.0, abs(run.value))
    return ProgressBody(
        number=run.number,
        stage=run.stage,
        level=run.level,
        value=run.value,
        bound=run.bound,
        gap=gap,
        seconds=run.seconds,
    )


def _message(run: Run) -> Text:
    if run.outcome == Outcome.GAVE_UP:
        why = _REASONS.get(Reason(run.reason or Reason.CRASHED), _REASONS[Reason.CRASHED])
        return text_n(
            "Given up after {count} attempt: {why}. Tell the administrator of the service.",
            "Given up after {count} attempts: {why}. Tell the administrator of the service.",
            count=max(run.attempts, 1),
            why=why,
        )
    if run.outcome == Outcome.PLANNED and run.reason == Reason.NOT_TAKEN:
        return text("A plan was found and kept; the round is agreed already and keeps the plan it has.")
    if run.outcome is not None:
        return _OUTCOMES[Outcome(run.outcome)]
    return _STATES.get(RunStatus(run.status), _OUTCOMES[Outcome.NOTHING_PLACED])


def _faults(vault: Vault, run: Run, lang: Lang) -> list[FaultBody]:
    if run.sealed_faults is None:
        return []
    kept = json.loads(vault.open(run.sealed_faults, faults_context(run.id)))
    return [fault_body(fault_of(one), lang) for one in kept]
