"""The cookie of a signed-in browser: Secure, HttpOnly, of this host alone.

Browsers keep a ``__Host-`` cookie only over TLS. On the machine itself (``http://127.0.0.1``) a cookie of another name
without ``Secure`` stands in for it; from elsewhere nobody signs in over plain http.
"""

from __future__ import annotations

from fastapi import Request, Response

from matcher.texts import text
from service.errors import Problem
from service.settings import Settings

COOKIE = "__Host-matcher"
LOCAL_COOKIE = "matcher"
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


def is_protected(request: Request, settings: Settings) -> bool:
    """Say whether the browser reaches the service over TLS."""
    return request.url.scheme == "https" or settings.public_url.startswith("https:")


def check_protected(request: Request, settings: Settings) -> None:
    """Check that a secret may be sent: over TLS, or within this machine.

    Raises
    ------
    Problem
        403 when the request came over plain http from elsewhere.
    """
    if not is_protected(request, settings) and request.url.hostname not in _THIS_MACHINE:
        cure = text("Reach the service through https, or at http://127.0.0.1 on the machine itself.")
        raise Problem(403, "needs-tls", text("Nobody signs in over an unprotected connection."), detail=cure)


def cookie_of(request: Request, settings: Settings) -> str | None:
    """Return the word of the cookie the browser has sent."""
    return request.cookies.get(_name(request, settings))


def set_cookie(request: Request, response: Response, settings: Settings, word: str) -> None:
    """Hand the browser its cookie, until it is closed; the server ends the session earlier where it has to."""
    response.set_cookie(
        _name(request, settings),
        word,
        path="/",
        secure=is_protected(request, settings),
        httponly=True,
        samesite="lax",
    )


def drop_cookie(request: Request, response: Response, settings: Settings) -> None:
    """Take the cookie back."""
    response.delete_cookie(
        _name(request, settings), path="/", secure=is_protected(request, settings), httponly=True, samesite="lax"
    )


def _name(request: Request, settings: Settings) -> str:
    return COOKIE if is_protected(request, settings) else LOCAL_COOKIE
