"""Runs: asking for a solve, seeing how it goes, stopping it with the best it has."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Header, Path, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel
from sqlmodel import col, select, tuple_

from matcher.errors import Fault
from matcher.texts import Lang, text
from service.audit import append_audit
from service.core import Core
from service.errors import not_found, refused, wrong_input
from service.jobs.asking import RunRequest, check_room, faults_of_request
from service.jobs.events import Glance, Lookout, events
from service.jobs.port import UNFINISHED, RunStatus
from service.jobs.repeats import answer_before, keep_answer
from service.jobs.showing import RunBody, run_body
from service.routes.answers import READ, Limit, problems
from service.tables.columns import now
from service.tables.rounds import Round, Run
from service.viewer import in_scope
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["runs"])

RoundId = Annotated[str, Path(min_length=1, max_length=64)]
RunId = Annotated[str, Path(min_length=1, max_length=64)]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="repeating a request with the same key does nothing twice",
        examples=["6f1c1b2e-run-1"],
    ),
]
_EVENTS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "events of the run"}
}


class RunPage(BaseModel):
    """A page of runs, the newest first."""

    items: list[RunBody]
    next: str | None


def round_of(work: Work, round_id: str) -> Round:
    """Return a round the asker may see; 404 otherwise."""
    found = work.session.exec(select(Round).where(Round.id == round_id, in_scope(work.viewer, Round.area_id))).first()
    if found is None:
        raise not_found()
    return found


def run_of(work: Work, run_id: str, *, to_write: bool = False) -> Run:
    """Return a run the asker may see; 404 otherwise."""
    query = select(Run).where(Run.id == run_id, in_scope(work.viewer, Run.area_id))
    found = work.session.exec(query.with_for_update() if to_write else query).first()
    if found is None:
        raise not_found()
    return found


@router.post(
    "/api/v1/rounds/{round_id}/runs",
    status_code=202,
    response_model=RunBody,
    responses=problems(400, 404, 409, 413, 415, 429, 503),
)
def ask_for_run(
    work: Writing, round_id: RoundId, asked: RunRequest, tasks: BackgroundTasks, key: Key = None
) -> Response:
    """Ask for a solve; the answer comes at once, the solve goes on elsewhere."""
    said = {"asked": asked.model_dump(mode="json", by_alias=True)}
    round_ = round_of(work, round_id)
    before = answer_before(work, key, said)
    if before is not None:
        return before
    if round_.closed_at is not None:
        raise refused([Fault("round", text("the round is closed"), text("open a new one"))])
    faults = faults_of_request(work.session, work.core.vault, work.viewer, work.core.settings, round_, asked)
    if faults:
        raise wrong_input(faults)
    check_room(work.session, work.core.settings, round_.area_id)
    run = Run(
        round_id=round_.id,
        area_id=round_.area_id,
        what=asked.what,
        options=asked.options(),
        created_by=work.viewer.actor,
    )
    work.session.add(run)
    work.session.flush()
    append_audit(
        work.session,
        work.core.vault,
        actor=work.viewer.actor,
        action="run.ask",
        area_id=run.area_id,
        subjects=[run.id, round_.id],
        details={"what": run.what, "options": run.options},
    )
    body = run_body(work.session, work.core.vault, run, work.lang)
    answer = JSONResponse(body.model_dump(mode="json"), 202, headers={"Location": f"/api/v1/runs/{run.id}"})
    keep_answer(work, key, said, answer)
    tasks.add_task(work.core.jobs.enqueue, run.id, run.area_id)  # should it not come to this, a worker makes it good
    return answer


@router.get("/api/v1/rounds/{round_id}/runs", responses=READ)
def list_runs(
    work: Reading,
    round_id: RoundId,
    limit: Limit = 50,
    after: Annotated[str | None, Query(max_length=64, description="the `next` of the page before")] = None,
    status: Annotated[RunStatus | None, Query()] = None,
) -> RunPage:
    """List the runs of a round, the newest first."""
    round_ = round_of(work, round_id)
    query = select(Run).where(Run.round_id == round_.id).order_by(col(Run.created_at).desc(), col(Run.id).desc())
    if status is not None:
        query = query.where(Run.status == status)
    if after is not None:
        last = work.session.exec(select(Run).where(Run.id == after, Run.round_id == round_.id)).first()
        if last is None:
            raise wrong_input([Fault("query.after", text("there is no such page"))])
        query = query.where(tuple_(col(Run.created_at), col(Run.id)) < tuple_(last.created_at, last.id))
    found = work.session.exec(query.limit(limit + 1)).all()
    items = [run_body(work.session, work.core.vault, run, work.lang) for run in found[:limit]]
    return RunPage(items=items, next=items[-1].id if len(found) > limit else None)


@router.get("/api/v1/runs/{run_id}", responses=READ)
def show_run(work: Reading, run_id: RunId) -> RunBody:
    """Say how a run stands and what it found."""
    return run_body(work.session, work.core.vault, run_of(work, run_id), work.lang)


@router.delete("/api/v1/runs/{run_id}", status_code=202, responses=problems(404))
def stop_run(work: Writing, run_id: RunId, tasks: BackgroundTasks) -> RunBody:
    """Stop a run: one that waits never starts, one that runs ends soon and keeps the best it has."""
    run = run_of(work, run_id, to_write=True)
    if run.status in UNFINISHED and run.stop_asked_at is None:
        run.stop_asked_at = now()
        run.number += 1
        if run.status == RunStatus.QUEUED:
            run.status, run.ended_at = RunStatus.CANCELLED, now()
        work.session.add(run)
        append_audit(
            work.session,
            work.core.vault,
            actor=work.viewer.actor,
            action="run.stop",
            area_id=run.area_id,
            subjects=[run.id, run.round_id],
        )
        tasks.add_task(work.core.jobs.cancel, run.id)
    return run_body(work.session, work.core.vault, run, work.lang)


@router.get("/api/v1/runs/{run_id}/events", responses={**READ, **_EVENTS}, response_class=StreamingResponse)
def follow_run(
    work: Reading,
    run_id: RunId,
    request: Request,
    last: Annotated[str | None, Header(alias="Last-Event-ID", max_length=20)] = None,
) -> StreamingResponse:
    """Follow a run: server-sent events "progress", then "end"; each holds the run as `GET /runs/{id}` sends it."""
    run = run_of(work, run_id)
    number = int(last) if last is not None and last.isdecimal() else -1
    lookout = _lookout(request, work.core, work.lang)
    stream = events(lookout, run.id, number, lambda: getattr(request.app.state, "is_ending", False))
    return StreamingResponse(
        stream, media_type="text/event-stream", headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )


def _lookout(request: Request, core: Core, lang: Lang) -> Lookout:
    """Return what looks at runs for all streams of this process in a language."""
    kept: dict[Lang, Lookout] | None = getattr(request.app.state, "lookouts", None)
    if kept is None:
        kept = request.app.state.lookouts = {}

    def look(run_id: str) -> Glance | None:
        with core.database.reading() as session:
            run = session.get(Run, run_id)
            if run is None:
                return None
            body = run_body(session, core.vault, run, lang).model_dump_json()
            return Glance(number=run.number, body=body, is_over=run.status not in UNFINISHED)

    return kept.setdefault(lang, Lookout(look))
