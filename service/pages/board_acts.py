"""What is done on the review board: decisions, undoing and doing again, steps, another search."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, BackgroundTasks, Form
from fastapi.responses import Response
from pydantic import ValidationError

from matcher.errors import Fault
from matcher.texts import text
from service.errors import Problem, not_found, refused, stale, wrong_input
from service.jobs.asking import RunRequest
from service.pages.board import given_with_rows, show_board
from service.pages.board_lines import Reader
from service.pages.board_shapes import Asked
from service.pages.shell import go, page
from service.records.shapes import Id
from service.rounds.asked import DecisionIn, StepIn
from service.rounds.desk import Desk, visible_round
from service.rounds.inputs import timetables_of
from service.rounds.redo import AGAIN, as_asked, last_standing, last_undone
from service.rounds.steps import take_step
from service.routes.decisions import decide_at
from service.routes.rounds import desk_of
from service.routes.runs import ask_for_run
from service.tables.rounds import Pair
from service.work import Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)

Word = Annotated[str, Form(max_length=2000)]
_ABOUT_ONE_PAIR = frozenset({"accept", "forbid", "lock", "unlock"})
"""What may be decided of a pair as it was seen, whatever has been decided of others since."""


@router.post("/rounds/{round_id}/decisions")
def decide_here(
    work: Writing,
    round_id: Id,
    version: Annotated[int, Form()],
    kind: Word,
    mentor: Word = "",
    mentee: Word = "",
    pair: Word = "",
    decision: Word = "",
    side: Word = "",
    paper: Word = "",
    rule: Word = "",
    reason: Word = "",
    back: Word = "",
    seen: Annotated[int | None, Form()] = None,
) -> Response:
    """Make a decision; show the board again, or where htmx asks the row of the pair as it is now.

    He has seen the round at a ``version``, the pair in question at the version ``seen``.
    """
    said = {
        "kind": kind, "mentor": mentor, "mentee": mentee, "pair": pair, "decision": decision, "side": side,
        "rule": rule, "reason": reason,
    }  # fmt: skip
    desk = desk_of(work, round_id)
    is_part = work.request.headers.get("hx-request") == "true" and bool(pair)
    try:
        if not _is_as_seen(desk, kind, version, pair, seen):
            raise stale()
        with work.session.begin_nested():
            decide_at(desk, decision_in({**said, "paper": bool(paper)}))
    except Problem as problem:
        work.session.expire_all()
        if not is_part:
            return show_board(work, visible_round(work.session, work.viewer, round_id), Asked(), problem)
        return _row(work, desk, pair, problem)
    if is_part:
        return _row(work, desk, pair)
    return go(f"/rounds/{round_id}#{back}" if back else f"/rounds/{round_id}")


def _is_as_seen(desk: Desk, kind: str, version: int, pair_id: str, seen: int | None) -> bool:
    """Say whether what is decided about is as it was seen: one pair, or the round. A remark is only added.

    Where one decides about a pair its own version counts: forms of the page rest on the newest version of the round,
    also those of rows that others have changed since they were shown.
    """
    if kind == "comment":
        return True
    if kind not in _ABOUT_ONE_PAIR or seen is None:
        return desk.round_.version == version
    pair = desk.session.get(Pair, pair_id)
    return pair is not None and pair.round_id == desk.round_.id and pair.version == seen


def decision_in(said: dict[str, Any]) -> DecisionIn:
    """Return what a form asks for.

    Raises
    ------
    Problem
        422 with every value that does not fit.
    """
    try:
        return DecisionIn.model_validate({name: value for name, value in said.items() if value})
    except ValidationError as error:
        faults = [Fault(".".join(map(str, one["loc"])), text("this value does not fit")) for one in error.errors()]
        raise wrong_input(faults) from None


def _row(work: Work, desk: Desk, pair_id: str, problem: Problem | None = None) -> Response:
    """Return the row of a pair; a browser would note another status than 200 as an error of the page."""
    work.session.expire_all()
    round_ = visible_round(work.session, work.viewer, desk.round_.id)
    reader = Reader(work, round_)
    line = reader.one(pair_id)
    if line is None:
        raise not_found()
    return page(work, "board_row", line=line, problem=problem, **given_with_rows(work, round_, reader, Asked()))


@router.post("/rounds/{round_id}/undo")
def undo_last(work: Writing, round_id: Id, version: Annotated[int, Form()]) -> Response:
    """Undo the last decision that stands."""
    desk = _desk(work, round_id, version)
    last = last_standing(work.session, round_id)
    if last is None:
        raise refused([Fault("decision", text("There is nothing to undo."))])
    decide_at(desk, DecisionIn(kind="undo", decision=last.id))
    return go(f"/rounds/{round_id}#pair-{last.pair_id}" if last.pair_id else f"/rounds/{round_id}")


@router.post("/rounds/{round_id}/redo")
def redo_last(work: Writing, round_id: Id, version: Annotated[int, Form()]) -> Response:
    """Do again what was undone last."""
    desk = _desk(work, round_id, version)
    last = last_undone(work.session, round_id)
    if last is None:
        raise refused([Fault("decision", text("There is nothing to do again."))])
    done = decide_at(desk, as_asked(work.session, work.core.vault, last))
    done.details = {**done.details, AGAIN: last.number}
    work.session.add(done)
    return go(f"/rounds/{round_id}#pair-{done.pair_id}" if done.pair_id else f"/rounds/{round_id}")


def _desk(work: Work, round_id: str, version: int) -> Desk:
    desk = desk_of(work, round_id)
    if desk.round_.version != version:
        raise stale()
    return desk


@router.post("/rounds/{round_id}/steps")
def step_here(
    work: Writing,
    round_id: Id,
    version: Annotated[int, Form()],
    to: Word,
    order_no: Word = "",
    order_date: Annotated[date | None, Form()] = None,
) -> Response:
    """Take the round to its next state and show the board again."""
    desk = desk_of(work, round_id)
    if not desk.roles:
        raise refused([Fault("to", text("You may not do this."))])
    if desk.round_.version != version:
        raise stale()
    given = {"to": to, "order_no": order_no or None, "order_date": order_date}
    take_step(desk, StepIn.model_validate({name: value for name, value in given.items() if value is not None}))
    return go(f"/rounds/{round_id}")


@router.post("/rounds/{round_id}/run")
def run_again(work: Writing, round_id: Id, tasks: BackgroundTasks) -> Response:
    """Look for pairs again, and for meetings where the round has timetables; show how it goes."""
    round_ = visible_round(work.session, work.viewer, round_id)
    what: Literal["pair", "plan"] = "plan" if timetables_of(work.session, round_.id) else "pair"
    asked = ask_for_run(work, round_id, RunRequest(what=what), tasks)
    return go(asked.headers["location"].removeprefix("/api/v1"))
