"""What a route works with: the rule of the route is checked, the caller known, the transaction open."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import wraps
from inspect import iscoroutinefunction, signature
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy import insert
from sqlmodel import Session

from matcher.texts import Lang, text
from service.access.identify import identify, keep_seen, was_seen
from service.core import Core
from service.errors import Problem, language_of, stale
from service.rights.rules import Rule, read_rules
from service.tables.columns import now
from service.tables.privacy import AccessEntry
from service.turns import Turns
from service.viewer import Viewer

NOBODY = Viewer(actor="nobody")
_ID = re.compile(r"[0-9A-Za-z._-]{1,64}")
"""What an address names in the log; anything else somebody has written there is not kept."""


_LINE = insert(AccessEntry)
"""Written with each look at personal data: made once, and past the session, which would ask for the row's number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Everything a route needs. ``session`` is open for reading, or in one transaction that ends with the route."""

    core: Core
    session: Session
    viewer: Viewer
    lang: Lang
    request: Request

    def expect(self, version: int) -> None:
        """Check that the caller has seen the present state of what he changes (``If-Match``).

        Raises
        ------
        Problem
            428 when the caller does not say what he has seen, 409 when it has changed since.
        """
        given = self.request.headers.get("if-match")
        if given is None:
            raise Problem(428, "version-needed", text("Say with If-Match which version you change."))
        if given.strip().removeprefix("W/").strip('"') != str(version):
            raise stale()

    @contextmanager
    def elsewhere(self) -> Iterator[None]:
        """Wait for something that is not the database; meanwhile others have the turn and the connection of a reader.

        Rows are read anew afterwards; what is needed meanwhile has to be taken out of the session before.
        """
        self.session.rollback()
        turns: Turns = self.request.app.state.turns
        with turns.left():
            yield


def etag(version: int) -> dict[str, str]:
    """Return the header that tells the version of what is sent."""
    return {"ETag": f'"{version}"'}


def rule_of(request: Request) -> Rule:
    """Return the rule of the route that is called."""
    return read_rules()[request.method, request.scope["route"].path]


def _viewer(request: Request, session: Session, rule: Rule) -> Viewer:
    if rule.public:
        return NOBODY
    found = identify(request, session)
    if found is None:
        header = {"WWW-Authenticate": "Bearer"}
        raise Problem(401, "sign-in", text("Please sign in."), headers=header)
    request.state.actor = found.actor
    if found.half and not rule.half:
        raise Problem(403, "second-factor", text("Show your second factor first, or set it up."))
    if rule.signed_in:
        return found
    viewer = found.only(rule.roles)
    if not viewer.held:
        raise Problem(403, "forbidden", text("You may not do this."))
    return viewer


def _write_down(request: Request, session: Session, viewer: Viewer, rule: Rule) -> None:
    ids = [str(value) for value in request.path_params.values()]
    line = {
        "at": now(),
        "actor": viewer.actor,
        "area_id": next((one.area_id for one in viewer.held), None),
        "what": f"{request.method} {request.scope['route'].path}",
        "subject": " ".join(one if _ID.fullmatch(one) else "?" for one in ids)[:200] or None,
        "why": rule.why or "",
        "request_id": getattr(request.state, "request_id", ""),
    }
    session.connection().execute(_LINE, line)


def _reading(request: Request) -> Iterator[Work]:
    core: Core = request.app.state.core
    rule = rule_of(request)
    with core.database.reading() as session:
        viewer = _viewer(request, session, rule)
        if rule.why is not None:
            session.rollback()  # the line of the log needs a writer's transaction, and this one has begun by reading
            with core.database.writing() as log:
                _write_down(request, log, viewer, rule)
                keep_seen(request, log)
        elif was_seen(request):
            session.rollback()
            with core.database.writing() as log:
                keep_seen(request, log)
        yield Work(core=core, session=session, viewer=viewer, lang=language_of(request), request=request)


def _writing(request: Request) -> Iterator[Work]:
    core: Core = request.app.state.core
    rule = rule_of(request)
    with core.database.writing() as session:
        viewer = _viewer(request, session, rule)
        keep_seen(request, session)
        if rule.why is not None:
            _write_down(request, session, viewer, rule)
        yield Work(core=core, session=session, viewer=viewer, lang=language_of(request), request=request)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What stands for the work of a route until its turn comes."""

    request: Request
    opened: Callable[[Request], AbstractContextManager[Work]]
    writes: bool


async def _to_read(request: Request) -> _Asked:
    return _Asked(request, contextmanager(_reading), writes=False)


async def _to_write(request: Request) -> _Asked:
    return _Asked(request, contextmanager(_writing), writes=True)


Reading = Annotated[Work, Depends(_to_read)]
Writing = Annotated[Work, Depends(_to_write)]


class WorkRoute(APIRoute):
    """A route whose whole work is done in one go by one thread: who asks, what is noted, what is answered.

    A transaction begins and ends inside: nobody is told of what is not kept.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **given: Any) -> None:
        super().__init__(path, _in_one_go(endpoint), **given)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the route's handler; what is wrong with a request is told only to who may call the route."""
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await answer(request)
            except RequestValidationError:
                turns: Turns = request.app.state.turns
                async with turns.turn(writes=False):
                    await run_in_threadpool(_check_caller, request)
                raise

        return handle


def _check_caller(request: Request) -> None:
    with request.app.state.core.database.reading() as session:
        _viewer(request, session, rule_of(request))


def _in_one_go(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    if "work" not in signature(endpoint).parameters or iscoroutinefunction(endpoint):
        return endpoint

    @wraps(endpoint)
    async def answer(**given: Any) -> Any:
        asked: _Asked = given["work"]

        def act() -> Any:
            with asked.opened(asked.request) as work:
                return endpoint(**{**given, "work": work})

        turns: Turns = asked.request.app.state.turns
        async with turns.turn(writes=asked.writes):
            return await run_in_threadpool(act)

    return answer
