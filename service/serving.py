"""Runs the web server with its workers until it is told to end, and ends both without losing anything."""

from __future__ import annotations

import errno
import gc
import json
import logging
import signal
import socket
import threading
from types import FrameType

import uvicorn
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from matcher.errors import Fault, InputError
from matcher.texts import say, text
from service.core import Core
from service.errors import MEDIA_TYPE
from service.jobs.supervisor import Supervisor
from service.web.protection import headers_of_answer, is_over_tls

_LOG = logging.getLogger("service")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_RETRY_SECONDS = 30
_CLOSE_SECONDS = 3
_KEEP_ALIVE_SECONDS = 75
"""How long an idle connection stays open: longer than a reverse proxy keeps its own, or it would use a dead one."""
_BACKLOG = 2048


def open_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address.

    Raises
    ------
    InputError
        When the port is taken, or the address is none of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, so that the event loop sends small answers at once: it goes by the protocol, and 0 is none.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
        found.listen(_BACKLOG)
    except (OSError, OverflowError) as error:
        found.close()
        raise InputError([_fault(host, port, error)]) from None
    found.setblocking(False)
    return found


def _fault(host: str, port: int, error: Exception) -> Fault:
    place = f"{host}:{port}"
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        cure = text("end the program that uses it, or choose another port: --port")
        return Fault(place, text("another program uses this port"), cure)
    if number == errno.EACCES:
        return Fault(place, text("this port needs the rights of an administrator"), text("choose a port from 1024 on"))
    return Fault(place, text("this is no address of this machine"), text("give one with --host, for example 127.0.0.1"))


class Draining:
    """ASGI application: passes everything on until the server ends; then it takes no new work (503, Retry-After)."""

    def __init__(self, app: FastAPI, core: Core) -> None:
        self._app, self._core = app, core
        self.is_ending = False

    def end(self) -> None:
        """Take no new work from now on; streams of events end too."""
        self.is_ending = self._app.state.is_ending = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        is_new_work = scope["type"] == "http" and (
            scope["method"] not in _SAFE or scope["path"].startswith("/health/ready")
        )
        if not (self.is_ending and is_new_work):
            await self._app(scope, receive, send)
            return
        title = text("The service is ending; it will be back in a moment.")
        body = {"type": "/problems/ending", "title": say(title, self._core.settings.language), "status": 503}
        over_tls = is_over_tls(scope, self._core.settings)
        headers = [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"retry-after", str(_RETRY_SECONDS).encode()),
            *((name.lower().encode(), value.encode()) for name, value in headers_of_answer(over_tls=over_tls).items()),
        ]
        await send({"type": "http.response.start", "status": 503, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(body, ensure_ascii=False).encode()})


class _Server(uvicorn.Server):
    """A server that, told to end, first lets the workers hand back what they do."""

    def __init__(self, config: uvicorn.Config, drain: Draining, supervisor: Supervisor) -> None:
        super().__init__(config)
        self._drain, self._supervisor = drain, supervisor

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end; a second Ctrl-C ends at once."""
        if self._drain.is_ending:
            self.force_exit = self.should_exit = sig == signal.SIGINT or self.should_exit
            return
        self._drain.end()
        threading.Thread(target=self._end, name="ending").start()

    def _end(self) -> None:
        _LOG.info("ending: no new work is taken")
        self._supervisor.end()
        self.should_exit = True


def _settle_memory() -> None:
    """Leave what is there at the start out of garbage collection: it stays, and each look through it is a pause."""
    gc.collect()
    gc.freeze()


def serve(core: Core, app: FastAPI, sockets: list[socket.socket]) -> None:
    """Serve until told to end (SIGTERM, Ctrl-C); workers run beside as many as the settings say."""
    settings = core.settings
    _settle_memory()
    drain = Draining(app, core)
    config = uvicorn.Config(
        drain,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=settings.behind_proxy,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        timeout_graceful_shutdown=_CLOSE_SECONDS,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        lifespan="off",
        ws="none",
    )
    supervisor = Supervisor(settings, settings.workers)
    supervisor.start()
    try:
        _Server(config, drain, supervisor).run(sockets=sockets)
    finally:
        supervisor.end()
