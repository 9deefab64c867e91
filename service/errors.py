"""What a request gets that cannot be answered: problem details (RFC 9457) with a stable type, every fault at once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from matcher.errors import Fault, InputError
from matcher.texts import Lang, Text, say, text

_LOG = logging.getLogger("service")
MEDIA_TYPE = "application/problem+json"


class FaultBody(BaseModel):
    """One thing wrong: where, what, and what would be right."""

    place: str
    message: str
    cure: str | None = None


class ProblemBody(BaseModel):
    """Problem details, RFC 9457."""

    type: str
    title: str
    status: int
    detail: str | None = None
    faults: list[FaultBody] = []


class Problem(Exception):
    """A request that is answered by a problem: ``kind`` is its stable name (the end of ``type``)."""

    def __init__(
        self,
        status: int,
        kind: str,
        title: Text,
        *,
        detail: Text | None = None,
        faults: Sequence[Fault] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        self.status, self.kind, self.title = status, kind, title
        self.detail, self.faults, self.headers = detail, tuple(faults), headers
        super().__init__(kind)


def not_found() -> Problem:
    """Return the problem of a thing that is not there, or that the asker may not know of."""
    return Problem(404, "not-found", text("There is no such thing here."))


def stale() -> Problem:
    """Return the problem of an edit that rests on an older state."""
    cure = text("Somebody has changed this meanwhile. Load it again and look at what has changed.")
    return Problem(409, "stale", text("Changed by somebody else."), detail=cure)


def refused(faults: Sequence[Fault], *, kind: str = "refused") -> Problem:
    """Return the problem of a step that rules do not allow now, with every reason."""
    return Problem(409, kind, text("The rules do not allow this now."), faults=faults)


def wrong_input(faults: Sequence[Fault]) -> Problem:
    """Return the problem of wrong input."""
    return Problem(422, "wrong-input", text("The input is wrong."), faults=faults)


def language_of(request: Request) -> Lang:
    """Return the language of the asker: ``lang`` of the address, a cookie, Accept-Language, else that of the house."""
    asked = request.query_params.get("lang") or request.cookies.get("lang")
    if asked is None:
        first = request.headers.get("accept-language", "").partition(",")[0].partition(";")[0].strip().lower()[:2]
        asked = first if first in ("ru", "en") else None
    if asked in ("ru", "en"):
        return "ru" if asked == "ru" else "en"
    language: Lang = request.app.state.core.settings.language
    return language


def answer(request: Request, problem: Problem) -> Response:
    """Return the answer a problem gives, in the language of the asker: a page to a browser that looks at pages."""
    if _wants_page(request):
        shown: Response = request.app.state.problem_page(request, problem)
        return shown
    lang = language_of(request)
    body: dict[str, Any] = {
        "type": f"/problems/{problem.kind}",
        "title": say(problem.title, lang),
        "status": problem.status,
    }
    if problem.detail is not None:
        body["detail"] = say(problem.detail, lang)
    if problem.faults:
        body["faults"] = [fault_body(fault, lang).model_dump(exclude_none=True) for fault in problem.faults]
    return JSONResponse(body, problem.status, headers=problem.headers, media_type=MEDIA_TYPE)


def _wants_page(request: Request) -> bool:
    """Say whether a browser asks for a page: programs and scripts of pages get problem details."""
    is_page = not request.url.path.startswith(("/api/", "/static/", "/calendars/", "/openapi"))
    return is_page and "text/html" in request.headers.get("accept", "") and hasattr(request.app.state, "problem_page")


def fault_body(fault: Fault, lang: Lang) -> FaultBody:
    """Return a fault as it is sent."""
    cure = None if fault.cure is None else say(fault.cure, lang)
    return FaultBody(place=fault.place, message=say(fault.message, lang), cure=cure)


def add_error_answers(app: FastAPI) -> None:
    """Make every error of the application a problem."""

    @app.exception_handler(Problem)
    def on_problem(request: Request, error: Problem) -> Response:
        return answer(request, error)

    @app.exception_handler(InputError)
    def on_input(request: Request, error: InputError) -> Response:
        return answer(request, wrong_input(error.faults))

    @app.exception_handler(RequestValidationError)
    def on_shape(request: Request, error: RequestValidationError) -> Response:
        faults = [Fault(".".join(map(str, one["loc"])), _shape_text(one)) for one in error.errors()]
        return answer(request, wrong_input(faults))

    @app.exception_handler(DataError)
    def on_value(request: Request, error: DataError) -> Response:
        return answer(request, wrong_input([Fault("request", text("this value does not fit"))]))  # such as a NUL

    @app.exception_handler(HTTPException)
    def on_http(request: Request, error: HTTPException) -> Response:
        kind = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-").replace("'", "")
        headers = dict(error.headers) if error.headers else None
        return answer(request, Problem(error.status_code, kind, _http_text(error.status_code), headers=headers))

    @app.exception_handler(DBAPIError)
    @app.exception_handler(PoolTimeout)
    def on_database(request: Request, error: DBAPIError | PoolTimeout) -> Response:
        found = _of_database(error)
        if found is None:
            return on_fault(request, error)
        _LOG.error("the database refuses: %s (%s)", found.kind, type(error).__name__)
        return answer(request, found)

    @app.exception_handler(Exception)
    def on_fault(request: Request, error: Exception) -> Response:
        _LOG.error("internal error", exc_info=error)
        detail = text("This is a fault of the program. It has been written down; please try again later.")
        return answer(request, Problem(500, "internal", text("Something went wrong."), detail=detail))


def _of_database(error: DBAPIError | PoolTimeout) -> Problem | None:
    """Return what is told where the database is away, busy or full; None where the fault is that of the program."""
    said = str(getattr(error, "orig", "")).lower()
    if "disk is full" in said or "no space left" in said:
        return Problem(507, "disk-full", text("There is no room left on the disk of the service."))
    passing = isinstance(error, PoolTimeout) or error.connection_invalidated or isinstance(error, _PASSING)
    if not passing and "read-only transaction" not in said:
        return None
    title = text("The database does not answer at the moment. Please try again shortly.")
    return Problem(503, "database-away", title, headers={"Retry-After": "5"})


_PASSING = (OperationalError, InterfaceError)
_SHAPES = {
    "missing": text("this has to be given"),
    "extra_forbidden": text("there is no such field"),
    "json_invalid": text("this is not JSON"),
}


def _shape_text(error: Any) -> Text:
    return _SHAPES.get(error["type"], text("this value does not fit"))


_HTTP = {
    401: text("Please sign in."),
    403: text("You may not do this."),
    404: text("There is no such thing here."),
    405: text("This cannot be done here."),
    413: text("This is too big."),
    415: text("This kind of content is not understood."),
    429: text("Too many requests. Please wait a little."),
}


def _http_text(status: int) -> Text:
    return _HTTP.get(status, text("The request cannot be answered."))
