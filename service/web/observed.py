"""Gives every request a number, a line in the log and a place in the measures; none of them holds a name or a secret.

The log and the measures know a request by the pattern of its route ("/api/v1/rounds/{id}"), never by its address.
"""

from __future__ import annotations

import re
import secrets
import time
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOG = structlog.get_logger("service.request")
_NUMBER = re.compile(rb"[A-Za-z0-9-]{8,64}")
NO_ROUTE = "none"


class Measures:
    """The measures of one application, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.requests = Counter("matcher_requests", "Requests answered", labels, registry=self.registry)
        self.seconds = Histogram(
            "matcher_request_seconds",
            "Seconds until the whole answer was sent",
            ("method", "route"),
            registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1, 2, 5, 10),
        )


class Observed:
    """ASGI middleware: the outermost, so that it sees what the others answer."""

    def __init__(self, app: ASGIApp, measures: Measures) -> None:
        self._app, self._measures = app, measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and write down how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        number = _number_of(scope)
        scope.setdefault("state", {})["request_id"] = number
        status = 500
        began = time.perf_counter()

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", []), (b"x-request-id", number.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_marked)
        finally:
            self._write_down(scope, number, status, time.perf_counter() - began)

    def _write_down(self, scope: Scope, number: str, status: int, seconds: float) -> None:
        route: Any = scope.get("route")
        pattern, method = getattr(route, "path", NO_ROUTE), _known(scope["method"])
        self._measures.requests.labels(method, pattern, str(status)).inc()
        self._measures.seconds.labels(method, pattern).observe(seconds)
        _LOG.info(
            "request",
            request_id=number,
            method=method,
            route=pattern,
            status=status,
            milliseconds=round(1000 * seconds, 1),
            actor=scope["state"].get("actor", "nobody"),
        )


def _number_of(scope: Scope) -> str:
    """Return the number the proxy in front has given, if it is one, else a new one."""
    given = dict(scope["headers"]).get(b"x-request-id", b"")
    return given.decode() if _NUMBER.fullmatch(given) else secrets.token_hex(8)


def _known(method: str) -> str:
    return method if method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else "other"
