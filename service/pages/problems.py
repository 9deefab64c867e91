"""What a browser is shown when a page cannot be: the door to those who have not come in, else the reason."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response

from service.access.identify import identify
from service.core import Core
from service.errors import Problem, not_found
from service.pages.shell import bare_page, go
from service.viewer import Viewer


def problem_page(request: Request, problem: Problem) -> Response:
    """Return the page of a problem, or the way to where it can be mended."""
    if problem.kind == "sign-in":
        return _led(request, f"/sign-in?back={quote(request.url.path)}" if request.method == "GET" else "/sign-in")
    if problem.kind == "second-factor":
        return _led(request, "/sign-in/code")
    if problem.faults and all(fault.place.startswith("path.") for fault in problem.faults):
        problem = not_found()  # an address that was cut short or mistyped
    return bare_page(request, "problem", viewer=_viewer(request, problem), status=problem.status, problem=problem)


def _viewer(request: Request, problem: Problem) -> Viewer | None:
    """Return who asks, so that the ways on stay in sight; nobody where the service itself is at fault."""
    if problem.status >= 500 or problem.status == 429:
        return None
    core: Core = request.app.state.core
    with core.database.reading() as session:
        return identify(request, session)


def _led(request: Request, address: str) -> Response:
    """Lead the whole page to an address, also where only a part of it was asked for."""
    if request.headers.get("hx-request") == "true":
        return Response(status_code=200, headers={"HX-Redirect": address})
    return go(address)
