"""Signing in through the municipality's own directory."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from service.access import directory
from service.access.cookies import check_protected
from service.access.sign_in import Arrival
from service.core import Core
from service.routes.answers import problems

router = APIRouter(tags=["signing in"])

_AFTER = {Arrival.SIGNED_IN: "/", Arrival.CODE_NEEDED: "/sign-in/code", Arrival.ENROLMENT_NEEDED: "/second-factor"}


@router.get("/sign-in/directory", response_model=None, status_code=303, responses=problems(404, 503))
def go_to_directory(request: Request) -> RedirectResponse:
    """Lead to the directory, where one is set up."""
    core: Core = request.app.state.core
    check_protected(request, core.settings)
    answer = RedirectResponse("/", 303)
    answer.headers["location"] = directory.begin(request, answer, core)
    return answer


@router.get(directory.BACK, response_model=None, status_code=303, responses=problems(404, 503))
def come_back(request: Request) -> RedirectResponse:
    """Sign in whoever comes back from the directory; its ``state`` says that the way began here."""
    core: Core = request.app.state.core
    check_protected(request, core.settings)
    answer = RedirectResponse("/", 303)
    answer.headers["location"] = _AFTER[directory.finish(request, answer, core)]
    return answer
