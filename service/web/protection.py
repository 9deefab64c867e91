"""What protects the browsers of people: where a change may come from, and the headers of every answer.

Both are small on purpose. Browsers say where a request comes from (``Sec-Fetch-Site``, ``Origin``), and no page can
forge that: a change asked for by the page of somebody else is refused, whatever cookies came with it.

References
----------
W3C Fetch Metadata Request Headers; OWASP ASVS 5.0, 3.4 and 3.5.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from matcher.texts import text
from service.errors import Problem, answer
from service.settings import Settings

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITE = frozenset({"same-origin", "none"})
_FORM = "application/x-www-form-urlencoded"
_DEFAULT_PORTS = {"http": 80, "https": 443, "": None}

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
"""What a page of the service may load and where its forms may go: only the service itself, nothing inline."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
"""Headers of every answer that does not set them itself.

The referrer stays on this site (some addresses are secrets), and is not "no-referrer": browsers would then hide the
origin of our own forms too.
"""

_HSTS = "max-age=63072000; includeSubDomains"


def headers_of_answer(*, over_tls: bool) -> dict[str, str]:
    """Return the headers every answer has that does not set them itself."""
    return HEADERS | ({"Strict-Transport-Security": _HSTS} if over_tls else {})


def is_over_tls(scope: Scope, settings: Settings) -> bool:
    """Say whether people reach the service over TLS: by its public address, or as the proxy tells."""
    return settings.public_url.startswith("https:") or scope["scheme"] == "https"


def add_web_protection(app: FastAPI, settings: Settings) -> None:
    """Check where changes come from, and put the headers on every answer, also on those of errors."""
    app.add_middleware(OwnPagesOnly, public_url=settings.public_url)
    build = app.build_middleware_stack

    def build_protected() -> ASGIApp:
        return ProtectingHeaders(build(), settings)

    app.build_middleware_stack = build_protected  # type: ignore[method-assign]


class ProtectingHeaders:
    """ASGI middleware around all others: an answer to an error of the program has the headers too."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and add the headers to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        wanted = headers_of_answer(over_tls=is_over_tls(scope, self._settings))

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in wanted.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_protected)


class OwnPagesOnly:
    """ASGI middleware that refuses changes asked for by pages of others (CSRF)."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        self._public = _place(public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "http" and scope["method"] not in _SAFE:
            problem = self._problem(scope)
            if problem is not None:
                await answer(Request(scope), problem)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _problem(self, scope: Scope) -> Problem | None:
        headers = Headers(scope=scope)
        if not self._is_own(scope, headers):
            detail = text("The request did not come from a page of this service.")
            return Problem(403, "foreign-page", text("You may not do this."), detail=detail)
        if not _has_known_content(scope, headers):
            return Problem(415, "unsupported-media-type", text("This kind of content is not understood."))
        return None

    def _is_own(self, scope: Scope, headers: Headers) -> bool:
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None and site not in _OWN_SITE:
            return False
        # A form of a page that tells no referrer has the origin "null"; that it is ours the browser says all the same.
        if origin is not None and not (origin == "null" and site == "same-origin"):
            host = _place(f"{urlsplit(origin).scheme}://{headers.get('host', '')}")
            return _place(origin) is not None and _place(origin) in (host, self._public)
        # A program says neither; a browser that sends a cookie with a change says at least one of them.
        return site is not None or "cookie" not in headers


def _place(address: str) -> tuple[str, int | None] | None:
    """Return host and port of an address, None where it has none."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    return None if not host else (host, port or _DEFAULT_PORTS.get(parts.scheme))


def _has_known_content(scope: Scope, headers: Headers) -> bool:
    """Say whether content is of a kind that only a page of the service, or a program, can send unasked.

    Text and forms are what pages of others can send without asking; forms are read only by the small pages outside
    the interface for programs.
    """
    if headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers:
        return True
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == _FORM:
        return not scope["path"].startswith("/api/")
    return kind not in ("", "text/plain")
