"""What is kept of a run: its plan, in one transaction with its end."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session

from matcher.io.plan_json import read_plan_json
from matcher.plan import Plan
from service.audit import append_audit
from service.core import Core
from service.jobs.port import UNFINISHED, Outcome, Reason, RunStatus
from service.rounds.plan_files import seal_plan
from service.rounds.publish import take_plan
from service.tables.columns import now
from service.tables.rounds import PlanFileRow, Round, Run
from service.vault import Vault

_LOG = logging.getLogger("service.jobs")
ACTOR = "worker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a solver process left: its answer, and the plan where there is one."""

    outcome: Outcome
    summary: dict[str, Any]
    faults: list[dict[str, Any]]
    content: bytes | None = None
    plan: Plan | None = None


def read_found(result: dict[str, Any], file: Path) -> Found:
    """Return what a result and the plan beside it say."""
    has_plan = file.exists()
    return Found(
        outcome=Outcome(result["outcome"]),
        summary=result.get("summary", {}),
        faults=result.get("faults", []),
        content=file.read_bytes() if has_plan else None,
        plan=read_plan_json(file) if has_plan else None,
    )


def keep_plan(session: Session, vault: Vault, run: Run, content: bytes, summary: dict[str, Any]) -> PlanFileRow:
    """Keep the plan of a run, sealed; the database refuses a second one of the same run."""
    row = PlanFileRow(
        run_id=run.id,
        round_id=run.round_id,
        area_id=run.area_id,
        sealed=b"",
        digest=hashlib.sha256(content).hexdigest(),
        summary=summary,
    )
    row.sealed = seal_plan(vault, row.id, content)
    session.add(row)
    session.flush()
    return row


def held_run(session: Session, run_id: str, attempt: int) -> Run | None:
    """Return the run for writing, where this attempt is the one that may: it has not ended, and nobody took it over."""
    run = session.get(Run, run_id, with_for_update=True, populate_existing=True)
    if run is None or run.status != RunStatus.RUNNING or run.attempts != attempt:
        return None
    return run


def end_with(core: Core, run_id: str, attempt: int, found: Found) -> bool:
    """End a run with what was found, all of it or nothing; return whether this attempt was the one to do so."""
    with core.database.writing() as session:
        run = held_run(session, run_id, attempt)
        if run is None:
            return False
        # The round before the audit trail, like everybody who decides in it: else two could wait for each other.
        round_ = session.get_one(Round, run.round_id, with_for_update=True, populate_existing=True)
        run.outcome = found.outcome
        if found.faults:
            run.sealed_faults = core.vault.seal(json.dumps(found.faults).encode(), faults_context(run.id))
        if found.content is not None and found.plan is not None:
            row = keep_plan(session, core.vault, run, found.content, found.summary)
            _take(session, core, run, round_, found.plan, row)
        end(session, core, run, _status_of(run))
        return True


def _status_of(run: Run) -> RunStatus:
    if run.outcome == Outcome.WRONG_INPUT:
        return RunStatus.FAILED
    return RunStatus.SUCCEEDED if run.stop_asked_at is None else RunStatus.CANCELLED


def _take(session: Session, core: Core, run: Run, round_: Round, plan: Plan, row: PlanFileRow) -> None:
    """Make the plan that of its round, where the state of the round allows it."""
    if run.outcome != Outcome.PLANNED:
        return
    asked = bool(run.options.get("take"))
    keeps = run.what == "sessions"
    if not take_plan(session, core, round_, plan, row, actor=run.created_by, asked=asked, keeps_pairs=keeps):
        run.reason = Reason.NOT_TAKEN


def end(session: Session, core: Core, run: Run, status: RunStatus, reason: Reason | None = None) -> None:
    """End a run, whatever came of it."""
    if run.status not in UNFINISHED:
        raise ValueError("a run ends once")
    run.status, run.ended_at = status, now()
    run.reason = reason or run.reason
    run.number += 1
    session.add(run)
    append_audit(
        session,
        core.vault,
        actor=ACTOR,
        action="run.end",
        area_id=run.area_id,
        subjects=[run.id, run.round_id],
        details={"status": run.status, "outcome": run.outcome, "reason": run.reason, "attempts": run.attempts},
    )


def give_up(session: Session, core: Core, run: Run, reason: Reason) -> None:
    """End a run of which nothing came however often it was tried."""
    run.outcome = Outcome.GAVE_UP
    end(session, core, run, RunStatus.FAILED, reason)
    _LOG.error("run %s was given up after %s attempts: %s", run.id, run.attempts, reason)


def faults_context(run_id: str) -> str:
    """Return what the faults of a run are sealed for."""
    return f"run-faults:{run_id}"
