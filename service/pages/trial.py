"""A round on made-up people goes at a click as it came."""

from __future__ import annotations

from fastapi import APIRouter, Response

from service.errors import not_found
from service.pages.shell import go
from service.records.shapes import Id
from service.rounds.desk import RUNNERS, roles_over, visible_round
from service.rounds.made_up_removal import remove_made_up
from service.work import WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)


@router.post("/rounds/{round_id}/made-up/removal")
def remove_trial(work: Writing, round_id: Id) -> Response:
    """Remove a round on made-up people with everything in it."""
    round_ = visible_round(work.session, work.viewer, round_id, hold=True)
    if not roles_over(work.session, work.viewer, round_.area_id) & RUNNERS:
        raise not_found()
    remove_made_up(work.session, work.core, round_, actor=work.viewer.actor)
    return go("/rounds")
