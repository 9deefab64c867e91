"""The few pages that work before anybody has signed in: no script, no inline style, texts in two languages."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from matcher.texts import Lang, Text, say


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("service.web", "pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


def plain_page(
    name: str, lang: Lang, title: Text, *, words: dict[str, Text] | None = None, status: int = 200, **given: Any
) -> HTMLResponse:
    """Return a page; ``words`` are said in the language of the asker."""
    said = {key: say(word, lang) for key, word in (words or {}).items()}
    template = _environment().get_template(f"{name}.html.j2")
    return HTMLResponse(template.render(lang=lang, title=say(title, lang), words=said, **given), status)


@cache
def plain_style() -> str:
    """Return the style sheet of these pages."""
    return (resources.files("service.web") / "pages" / "plain.css").read_text(encoding="utf-8")
