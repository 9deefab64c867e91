"""Variants of a round side by side: what each reaches level by level, in people and requests, and who changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from babel.numbers import format_decimal
from fastapi import APIRouter, Form, Query
from fastapi.responses import Response
from sqlmodel import select

from matcher.compare import Comparison, Measure, compare_plans
from matcher.errors import Fault
from matcher.explain.level_titles import level_title
from matcher.io.sentences.effects import MEASURE_TITLES
from matcher.io.speaker import Speaker
from matcher.texts import Lang, Text, text
from service.errors import not_found, refused, stale
from service.pages.board import plans_of
from service.pages.shell import go, page
from service.records.shapes import Id
from service.rounds.desk import RUNNERS, roles_over, visible_round
from service.rounds.plan_files import open_plan
from service.rounds.publish import take_plan
from service.routes.rounds import desk_of
from service.tables.rounds import PlanFileRow, Round, Run
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)

MOST_MOVES = 200
_MINUTES_OF_FOUR_HOURS = 240
"""Minutes in four weeks are so many times the hours of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Something plans are weighed by, on both sides."""

    title: Text
    left: str
    right: str
    change: str

    @classmethod
    def of(cls, title: Text, left: float, right: float, lang: Lang) -> Row:
        """Return a row; its change is by how much the right side has more."""
        sign = "+" if right > left else ""
        return cls(
            title=title, left=_said(left, lang), right=_said(right, lang), change=sign + _said(right - left, lang)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A mentee whose mentors differ."""

    name: str
    left: str
    right: str


@router.get("/rounds/{round_id}/variants")
def variants(
    work: Reading,
    round_id: Id,
    left: Annotated[Id | None, Query()] = None,
    right: Annotated[Id | None, Query()] = None,
) -> Response:
    """Show two plans of a round side by side; at first the one that stands and the one found before it."""
    round_ = visible_round(work.session, work.viewer, round_id)
    roles = roles_over(work.session, work.viewer, round_.area_id)
    if not roles:
        raise not_found()
    plans = plans_of(work, round_)
    ids = [plan.id for plan in plans]
    right = right or round_.plan_id
    left = left or _before(ids, right)
    given: Mapping[str, Any] = {}
    if left in ids and right in ids and left != right:
        given = _compared(work, left, right)
    return page(
        work,
        "board_variants",
        round=round_,
        plans=plans,
        left=left,
        right=right,
        compared=given,
        is_runner=bool(roles & RUNNERS),
    )


def _before(ids: list[str], standing: str | None) -> str | None:
    """Return the plan found before the one that stands, else any other."""
    if standing not in ids:
        return ids[0] if ids else None
    at = ids.index(standing)
    return ids[at + 1] if at + 1 < len(ids) else next((id_ for id_ in ids if id_ != standing), None)


def _compared(work: Work, left: str, right: str) -> Mapping[str, Any]:
    rows = {id_: work.session.get_one(PlanFileRow, id_) for id_ in (left, right)}
    before, after = (open_plan(work.core.vault, rows[id_]) for id_ in (left, right))
    found, speaker = compare_plans(before, after), Speaker(after, work.lang)
    nobody = speaker.say(text("nobody"))
    changes = [
        Change(
            name=speaker.person(move.mentee),
            left=speaker.persons(move.before) or nobody,
            right=speaker.persons(move.after) or nobody,
        )
        for move in found.moves
    ]
    gone = sum(not move.after for move in found.moves)
    new = sum(not move.before for move in found.moves)
    return {
        "levels": [Row.of(level_title(one.name), one.before, one.after, work.lang) for one in found.levels],
        "figures": _figures(found, work.lang),
        "changes": changes[:MOST_MOVES],
        "num_more": max(0, len(changes) - MOST_MOVES),
        "kept": found.kept,
        "gone": gone,
        "new": new,
        "moved": len(changes) - gone - new,
    }


def _figures(found: Comparison, lang: Lang) -> list[Row]:
    """Return the figures but the sum of all points, which says nothing of people."""
    return [
        Row.of(MEASURE_TITLES[one.measure], one.before / per, one.after / per, lang)
        for one in found.figures
        if one.measure is not Measure.POINTS
        for per in (_MINUTES_OF_FOUR_HOURS if one.measure is Measure.MINUTES else 1,)
    ]


def _said(value: float, lang: Lang) -> str:
    return format_decimal(round(value, 1), locale=lang).replace("-", "−")


@router.post("/rounds/{round_id}/variants")
def take_this(
    work: Writing, round_id: Id, version: Annotated[int, Form()], plan: Annotated[str, Form(max_length=64)]
) -> Response:
    """Make another plan of the round the one that stands; what is fixed or agreed stays."""
    desk = desk_of(work, round_id)
    if not desk.roles & RUNNERS:
        raise not_found()
    if desk.round_.version != version:
        raise stale()
    row = _plan(work, desk.round_, plan)
    if desk.round_.state in ("final", "closed"):
        raise refused([Fault("round", text("the round is closed"))])
    taken = open_plan(work.core.vault, row)
    take_plan(work.session, work.core, desk.round_, taken, row, actor=work.viewer.actor, asked=True)
    return go(f"/rounds/{round_id}")


def _plan(work: Work, round_: Round, plan_id: str) -> PlanFileRow:
    asked = select(PlanFileRow).join(Run).where(PlanFileRow.id == plan_id, PlanFileRow.round_id == round_.id)
    found = work.session.exec(asked).first()
    if found is None:
        raise not_found()
    return found
