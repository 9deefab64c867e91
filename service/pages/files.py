"""Styles, scripts and pictures of the page."""

from __future__ import annotations

from functools import cache
from importlib import resources

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.errors import not_found
from service.pages.shell import LANGUAGE_COOKIE, go, own_address

router = APIRouter(tags=["page"], include_in_schema=False)

_KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@cache
def _files() -> dict[str, bytes]:
    folder = resources.files("service.pages") / "static"
    return {
        file.name: file.read_bytes()
        for file in folder.iterdir()
        if file.is_file() and file.name.rpartition(".")[2] in _KINDS
    }


@router.get("/static/{name}")
def static_file(name: str) -> Response:
    """Return a file of the page; its address names its content, so it may be kept for good."""
    content = _files().get(name)
    if content is None:
        raise not_found()
    kind = _KINDS[name.rpartition(".")[2]]
    return Response(content, media_type=kind, headers={"Cache-Control": "public, max-age=31536000, immutable"})


@router.get("/favicon.ico")
def icon() -> Response:
    """Return the picture of the tab."""
    content = _files()["icon.svg"]
    return Response(content, media_type=_KINDS["svg"], headers={"Cache-Control": "public, max-age=86400"})


@router.get("/language/{lang}")
def choose_language(request: Request, lang: str, back: str = "/") -> Response:
    """Remember the language and go back."""
    if lang not in ("ru", "en"):
        raise not_found()
    answer = go(own_address(back))
    is_secure = request.url.scheme == "https"
    answer.set_cookie(
        LANGUAGE_COOKIE, lang, max_age=31536000, httponly=True, samesite="lax", secure=is_secure, path="/"
    )
    return answer
