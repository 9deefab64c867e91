"""What is removed in time: jobs of runs that ended long ago, and their plans nobody uses."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from sqlmodel import Session, col, delete, select
from sqlmodel.sql.expression import SelectOfScalar

from service.core import Core
from service.jobs.port import UNFINISHED
from service.jobs.queue import QueuedJobs
from service.tables.columns import now
from service.tables.privacy import StoredAnswer
from service.tables.rounds import Meeting, PlanFileRow, Round, Run

_LOG = logging.getLogger("service.jobs")
_MOST = 200
_ANSWERS_KEPT = timedelta(days=7)
"""A request may be repeated under its key for so long."""


def remove_old(core: Core, jobs: QueuedJobs) -> int:
    """Remove runs that ended longer ago than the settings say, but those whose plan a round has; return how many.

    Their jobs go in any case: what is true stands in the rows of the runs.
    """
    before = now() - timedelta(days=core.settings.keep_finished_runs_days)
    _remove_jobs(jobs, before)
    with core.database.writing() as session:
        session.exec(delete(StoredAnswer).where(col(StoredAnswer.at) < now() - _ANSWERS_KEPT))
        old = list(session.exec(_old_runs(before)))
        _remove_runs(session, old)
    if old:
        _LOG.info("%s old runs removed", len(old))
    return len(old)


def _old_runs(before: datetime) -> SelectOfScalar[str]:
    in_use = select(PlanFileRow.run_id).where(
        col(PlanFileRow.id).in_(select(Round.plan_id).where(col(Round.plan_id).is_not(None)))
        | col(PlanFileRow.id).in_(select(Meeting.plan_id))
    )
    return (
        select(Run.id)
        .where(col(Run.status).not_in(UNFINISHED), col(Run.ended_at) < before, col(Run.id).not_in(in_use))
        .order_by(col(Run.ended_at))
        .limit(_MOST)
    )


def _remove_runs(session: Session, ids: list[str]) -> None:
    if ids:
        session.exec(delete(PlanFileRow).where(col(PlanFileRow.run_id).in_(ids)))
        session.exec(delete(Run).where(col(Run.id).in_(ids)))


def _remove_jobs(jobs: QueuedJobs, before: datetime) -> None:
    moment = before.astimezone(UTC).isoformat()
    while True:
        old = jobs.client.list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"],
            completed_before=moment,
            limit=_MOST,
            load_input=False,
            load_output=False,
        )
        if not old:
            return
        jobs.client.delete_workflows([one.workflow_id for one in old])
