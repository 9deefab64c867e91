"""``matcher person``."""

from __future__ import annotations

import typer

from matcher.cli.language import t
from matcher.texts import text


def build_app() -> typer.Typer:
    """Return the command."""
    return typer.Typer(no_args_is_help=True, help=t(text("Hand out or erase all data of one person.")))
