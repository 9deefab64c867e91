"""Regulations on the console."""

from __future__ import annotations

from collections.abc import Iterable

from matcher.io.console.paper import Paper
from matcher.io.policy_summary import policy_summary
from matcher.policy import Policy
from matcher.texts import Lang, text


def print_policy_list(policies: Iterable[Policy], lang: Lang) -> None:
    """Print id, version and title of every policy."""
    rows = ((p.id, str(p.version), p.title if lang == "ru" else p.title_en) for p in policies)
    Paper(lang).table((text("id"), text("version"), text("regulation")), rows, styles=("cyan", "", ""))


def print_policy(policy: Policy, lang: Lang) -> None:
    """Print one policy as a methodist reads it."""
    Paper(lang).table((text("what"), text("as the regulation has it")), policy_summary(policy, lang), styles=("bold",))
