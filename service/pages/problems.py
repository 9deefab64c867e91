"""What a browser is shown when a page cannot be: the door to those who have not come in, else the reason."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response

from service.errors import Problem
from service.pages.shell import bare_page, go


def problem_page(request: Request, problem: Problem) -> Response:
    """Return the page of a problem, or the way to where it can be mended."""
    if problem.kind == "sign-in":
        return _led(request, f"/sign-in?back={quote(request.url.path)}" if request.method == "GET" else "/sign-in")
    if problem.kind == "second-factor":
        return _led(request, "/sign-in/code")
    return bare_page(request, "problem", status=problem.status, problem=problem)


def _led(request: Request, address: str) -> Response:
    """Lead the whole page to an address, also where only a part of it was asked for."""
    if request.headers.get("hx-request") == "true":
        return Response(status_code=200, headers={"HX-Redirect": address})
    return go(address)
