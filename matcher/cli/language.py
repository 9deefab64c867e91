"""The language of this run, and how to say a sentence in it."""

from __future__ import annotations

from rich.console import Console

from matcher.texts import Lang, Text, say

_chosen: Lang = "ru"


def choose(lang: Lang) -> None:
    """Set the language of this run."""
    global _chosen
    _chosen = lang


def chosen() -> Lang:
    """Return the language of this run."""
    return _chosen


def t(message: Text) -> str:
    """Return the sentence in the language of this run."""
    return say(message, _chosen)


def tell(message: Text, style: str | None = None) -> None:
    """Print a sentence to standard output."""
    Console(highlight=False, soft_wrap=True).print(t(message), style=style, markup=False)


def complain(message: Text) -> None:
    """Print a sentence to standard error."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(t(message), style="red", markup=False)
