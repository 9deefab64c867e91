"""The review board: who works with whom, who has nobody and why; found, sorted and looked into."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from sqlmodel import col, select

from service.errors import Problem, not_found
from service.pages.board_lines import PER_PAGE, Reader, pair_in_sight, word_of
from service.pages.board_shapes import Asked, Sort
from service.pages.board_words import decision_text
from service.pages.shell import page
from service.records.policies import policy_of
from service.records.shapes import Id
from service.rounds.decide import LIFTABLE
from service.rounds.decided import open_words
from service.rounds.desk import RUNNERS, roles_over, visible_round
from service.rounds.life import next_states, state_text
from service.rounds.redo import last_standing, last_undone
from service.routes.decisions import list_decisions
from service.routes.pairs import list_unmatched
from service.routes.plans import explain
from service.tables.rounds import Decision, PlanFileRow, RosterFile, Round, Run
from service.work import Reading, Work, WorkRoute

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)

MOST_NOBODY = 50
TABLE = "pairs-table"
"""The part of the board that searching and sorting ask for."""


@router.get("/rounds/{round_id}")
def board(
    work: Reading,
    round_id: Id,
    q: Annotated[str, Query(max_length=100)] = "",
    state: Annotated[str, Query(max_length=20)] = "",
    subject: Annotated[str, Query(max_length=60)] = "",
    school: Annotated[str, Query(max_length=200)] = "",
    sort: Sort = "mentee",
    down: bool = False,
    start: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Response:
    """Show the board of a round; where htmx asks, only the table."""
    asked = Asked(q=q, state=state, subject=subject, school=school, sort=sort, down=down, start=start)
    round_ = visible_round(work.session, work.viewer, round_id)
    if work.request.headers.get("hx-request") == "true":
        reader = Reader(work, round_)
        view = reader.board(asked, with_frame=False)
        return page(work, "board_table", view=view, **given_with_rows(work, round_, reader, asked))
    return show_board(work, round_, asked)


def show_board(work: Work, round_: Round, asked: Asked, problem: Problem | None = None) -> Response:
    """Show the whole board, with what was wrong with a decision where something was."""
    reader = Reader(work, round_)
    policy, given = policy_of(round_), given_with_rows(work, round_, reader, asked)
    undo, redo = last_standing(work.session, round_.id), last_undone(work.session, round_.id)
    return page(
        work,
        "board",
        status=200 if problem is None else problem.status,
        view=reader.board(asked),
        policy_title=policy.title if work.lang == "ru" else policy.title_en,
        has_next=bool(given["roles_here"]) and bool(next_states(round_.state)),
        agreed=agreement(work, round_),
        last_run=_last_run(work, round_),
        num_plans=len(plans_of(work, round_)),
        last_decisions=list_decisions(work, round_.id, None, None, None, 10).items,
        undo=undo,
        redo=redo,
        is_made_up=work.session.get_one(RosterFile, round_.roster_id).is_made_up,
        problem=problem,
        **given,
    )


def given_with_rows(work: Work, round_: Round, reader: Reader, asked: Asked) -> dict[str, Any]:
    """Return what the table and its rows need."""
    roles = roles_over(work.session, work.viewer, round_.area_id)
    return {
        "round": round_,
        "reader": reader,
        "asked": asked,
        "per_page": PER_PAGE,
        "is_runner": bool(roles & RUNNERS),
        "roles_here": roles,
        "state_text": state_text,
        "decision_text": decision_text,
        "word": word_of(work.lang),
    }


def plans_of(work: Work, round_: Round) -> list[PlanFileRow]:
    """Return the plans of a round, the newest first, without what is sealed in them."""
    asked = select(PlanFileRow.id, PlanFileRow.run_id, PlanFileRow.summary, PlanFileRow.created_at)
    asked = asked.where(PlanFileRow.round_id == round_.id).order_by(col(PlanFileRow.created_at).desc())
    return list(work.session.exec(asked))  # type: ignore[arg-type]


def _last_run(work: Work, round_: Round) -> Run | None:
    asked = select(Run).where(Run.round_id == round_.id).order_by(col(Run.created_at).desc()).limit(1)
    return work.session.exec(asked).first()


def agreement(work: Work, round_: Round) -> tuple[Decision, str] | None:
    """Return the last agreement to the pairs that stands, with the words of its minutes."""
    asked = select(Decision).where(Decision.round_id == round_.id, Decision.kind == "agree")
    asked = asked.where(col(Decision.undone_by_id).is_(None), col(Decision.pair_id).is_(None))
    found = work.session.exec(asked.order_by(col(Decision.number).desc()).limit(1)).first()
    if found is None:
        return None
    return found, str(open_words(work.session, work.core.vault, found).get("reason") or "")


@router.get("/rounds/{round_id}/nobody")
def nobody(work: Reading, round_id: Id) -> Response:
    """Show who has nobody, and which rules keep mentors away."""
    round_ = visible_round(work.session, work.viewer, round_id)
    found = list_unmatched(work, round_.id, None, MOST_NOBODY) if round_.plan_id is not None else None
    roles = roles_over(work.session, work.viewer, round_.area_id)
    return page(
        work,
        "board_nobody",
        round=round_,
        nobody=[] if found is None else found.items,
        has_more=found is not None and found.next is not None,
        is_runner=bool(roles & RUNNERS),
    )


@router.get("/rounds/{round_id}/decisions")
def decisions_page(work: Reading, round_id: Id, after: Annotated[Id | None, Query()] = None) -> Response:
    """Show everything that was decided in a round, the newest first."""
    round_ = visible_round(work.session, work.viewer, round_id)
    found = list_decisions(work, round_id, None, None, after, 100)
    is_runner = bool(roles_over(work.session, work.viewer, round_.area_id) & RUNNERS)
    return page(
        work,
        "decisions",
        round=round_,
        decisions=found.items,
        following=found.next,
        is_runner=is_runner,
        state_text=state_text,
        decision_text=decision_text,
    )


@router.get("/rounds/{round_id}/pairs/{pair_id}/history")
def history(work: Reading, round_id: Id, pair_id: Id) -> Response:
    """Show what was said and decided of a pair."""
    round_ = visible_round(work.session, work.viewer, round_id)
    pair = pair_in_sight(work, round_, pair_id)
    if pair is None:
        raise not_found()
    found = list_decisions(work, round_id, None, pair_id, None, 50)
    return page(
        work,
        "board_history",
        round=round_,
        pair=pair,
        decisions=found.items,
        is_runner=False,
        state_text=state_text,
        decision_text=decision_text,
    )


@router.get("/rounds/{round_id}/why/{mentee_id}")
def why(work: Reading, round_id: Id, mentee_id: Id) -> Response:
    """Show why a mentee has whom he has, or why nobody and what would help."""
    round_ = visible_round(work.session, work.viewer, round_id)
    plan = None if round_.plan_id is None else work.session.get(PlanFileRow, round_.plan_id)
    if plan is None:
        raise not_found()
    found = explain(work, plan.run_id, mentee_id)
    is_runner = bool(roles_over(work.session, work.viewer, round_.area_id) & RUNNERS)
    return page(work, "why", why=found, round=round_, is_runner=is_runner, liftable=LIFTABLE)
