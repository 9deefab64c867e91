"""The frame of every page: templates, the two languages, and who is looking.

A template says a sentence with ``t("English sentence", blank=value)`` and counts with ``tn("{count} pair", "{count}
pairs", n)``; the Russian wording stands in the catalogues of ``matcher/locales``, and a test finds what is missing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from importlib import resources
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from matcher.errors import Fault
from matcher.texts import Lang, Text, say, text, text_n
from service.errors import language_of
from service.tables.access import Role
from service.viewer import Viewer
from service.work import Work

LANGUAGE_COOKIE = "lang"
SEES_YEAR = frozenset(
    {
        Role.CURATOR,
        Role.MUNICIPAL_OPERATOR,
        Role.HEAD,
        Role.COUNCIL_MEMBER,
        Role.PSYCHOLOGIST,
        Role.UNION,
        Role.MUNICIPAL_AUTHORITY,
        Role.METHODICAL_SERVICE,
        Role.REGIONAL_READER,
    }
)
SEES_ACCOUNTS = frozenset({Role.ADMINISTRATOR, Role.MUNICIPAL_OPERATOR, Role.HEAD, Role.CURATOR})
"""Who is led to the pages of the year and of accounts (``service/rights`` decides who may open them)."""


@cache
def environment() -> Environment:
    """Return the templates of all pages."""
    made = Environment(
        loader=PackageLoader("service.pages", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["asset"] = asset
    made.globals["sees_year"] = SEES_YEAR
    made.globals["sees_accounts"] = SEES_ACCOUNTS
    return made


@cache
def asset(name: str) -> str:
    """Return the address of a file of ours; it changes with the content, so browsers may keep it for good."""
    content = (resources.files("service.pages") / "static" / name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


def page(work: Work, template: str, *, status: int = 200, **given: Any) -> HTMLResponse:
    """Return a page for who asks; a part of one where htmx asks for a part (the template decides by ``is_part``)."""
    return bare_page(work.request, template, viewer=work.viewer, status=status, **given)


def bare_page(
    request: Request, template: str, *, viewer: Viewer | None = None, status: int = 200, **given: Any
) -> HTMLResponse:
    """Return a page outside any transaction, also for somebody who has not signed in."""
    lang = language_of(request)
    html = (
        environment()
        .get_template(f"{template}.html.j2")
        .render(
            lang=lang,
            viewer=viewer,
            roles=viewer.roles if viewer is not None else frozenset[Role](),
            path=request.url.path,
            is_part=request.headers.get("hx-request") == "true",
            other_lang_href=_in_other_language(request, lang),
            **_sayers(lang, request),
            **given,
        )
    )
    return HTMLResponse(html, status, headers={"Vary": "HX-Request, Accept-Language, Cookie"})


def _sayers(lang: Lang, request: Request) -> Mapping[str, Any]:
    zone = ZoneInfo(request.app.state.core.settings.time_zone)

    def t(message: str | Text, /, **blanks: Any) -> str:
        if isinstance(message, str) and not blanks:
            return _plain_words(message, lang)
        return say(text(message, **blanks) if isinstance(message, str) else message, lang)

    def tn(one: str, many: str, count: int, /, **blanks: Any) -> str:
        return say(text_n(one, many, count=count, **blanks), lang)

    def day(value: date | str) -> str:
        return format_date(date.fromisoformat(value) if isinstance(value, str) else value, "d MMMM y", locale=lang)

    def moment(value: datetime) -> str:
        return format_datetime(value.astimezone(zone), "d MMM y, HH:mm", locale=lang)

    return {"t": t, "tn": tn, "day": day, "moment": moment}


@lru_cache(maxsize=4096)
def _plain_words(message: str, lang: Lang) -> str:
    """Return a sentence of a template that has no blanks: there are only so many of them."""
    return say(text(message), lang)


def _in_other_language(request: Request, lang: Lang) -> str:
    back = "/"
    if request.method == "GET":
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"/language/{'en' if lang == 'ru' else 'ru'}?back={quote(back)}"


def faults_by_place(faults: tuple[Fault, ...]) -> dict[str, list[Fault]]:
    """Return the faults of a form by the last part of their place: the name of the field."""
    found: dict[str, list[Fault]] = {}
    for fault in faults:
        found.setdefault(fault.place.rpartition(".")[2], []).append(fault)
    return found


def go(address: str) -> RedirectResponse:
    """Return the way to another page after something was done; the browser asks for it with GET."""
    return RedirectResponse(address, 303)


def own_address(address: str) -> str:
    """Return an address of this service, and the first page where the address leads elsewhere."""
    is_own = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if is_own and address.isprintable() else "/"
