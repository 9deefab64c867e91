"""Measures for Prometheus: requests by route, and runs by how they stand."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import func
from sqlmodel import Session, col, select

from service.tables.rounds import Run
from service.web.observed import Measures
from service.work import Reading, WorkRoute

router = APIRouter(route_class=WorkRoute, tags=["health"])


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def metrics(work: Reading) -> Response:
    """Return the measures of this process and the runs of all areas, as text for Prometheus."""
    measures: Measures = work.request.app.state.measures
    lines = "".join(_runs(work.session))
    return Response(generate_latest(measures.registry) + lines.encode(), media_type=CONTENT_TYPE_LATEST)


def _runs(session: Session) -> Iterator[str]:
    yield "# HELP matcher_runs Runs by status\n# TYPE matcher_runs gauge\n"
    for status, number in session.exec(select(Run.status, func.count()).group_by(col(Run.status))):
        yield f'matcher_runs{{status="{status}"}} {number}\n'
