"""What has to be done every day, by whichever process comes to it first."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date

from sqlmodel import col, select

from service.audit import append_audit
from service.core import Core
from service.privacy.erasure.queue import perform_due, remember_erased, today_of
from service.privacy.erasure.rows import close_ways_in, end_pairs
from service.privacy.heads import export_head
from service.privacy.retention import prune_access_log, prune_passing
from service.tables.areas import Person
from service.tables.columns import now
from service.tables.privacy import PrivacyTask, Setting

_LOG = logging.getLogger("service.privacy")
ACTOR = "daily"
DONE_ON = "daily_done_on"
"""The setting that says on which day all this was begun last."""


def run_daily(core: Core) -> bool:
    """Do the work of the day unless it has been begun already; say whether it was done here.

    Each part stands for itself: one that breaks is written down and keeps none of the others from being done.
    """
    today = today_of(core)
    if not _is_first(core, today):
        return False
    parts: tuple[Callable[[], object], ...] = (
        lambda: export_head(core),
        lambda: stop_overdue(core, today),
        lambda: perform_due(core, actor=ACTOR),
        lambda: prune_access_log(core, actor=ACTOR),
        lambda: prune_passing(core),
        lambda: _list_erased(core),
    )
    for part in parts:
        try:
            part()
        except Exception:
            _LOG.exception("a part of the work of the day broke")
    return True


def stop_overdue(core: Core, today: date) -> int:
    """Stop the processing of those whose days for that are over, where nobody has done it; return of how many."""
    with core.database.writing() as session:
        due = select(PrivacyTask).where(
            PrivacyTask.kind == "stop_processing", col(PrivacyTask.done_at).is_(None), PrivacyTask.due_day <= today
        )
        tasks = list(session.exec(due))
        for task in tasks:
            person = session.get_one(Person, task.person_id)
            counts = end_pairs(session, person, today) | close_ways_in(session, person, empty=False)[0]
            task.done_at, task.done_by = now(), ACTOR
            session.add(task)
            append_audit(
                session,
                core.vault,
                actor=ACTOR,
                action="privacy_task.done",
                area_id=task.area_id,
                subjects=[person.id, task.id],
                details={"kind": task.kind, **counts},
            )
    return len(tasks)


def _is_first(core: Core, today: date) -> bool:
    with core.database.writing() as session:
        done = session.get(Setting, DONE_ON, with_for_update=True)
        if done is not None and done.value >= today.isoformat():
            return False
        done = done or Setting(name=DONE_ON, value="")
        done.value, done.at = today.isoformat(), now()
        session.add(done)
    return True


def _list_erased(core: Core) -> None:
    """Complete the list of erased people, should a process have died between an erasure and its line."""
    with core.database.reading() as session:
        ids = session.exec(select(Person.id).where(col(Person.erased_at).is_not(None))).all()
    remember_erased(core, ids)
