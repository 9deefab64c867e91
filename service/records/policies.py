"""The regulation a round follows, read once for each text."""

from __future__ import annotations

from functools import lru_cache

from matcher.io.policy_toml import parse_policy
from matcher.policy import Policy
from service.tables.rounds import Round


def policy_of(round_: Round) -> Policy:
    """Return the regulation a round was opened under."""
    return _parsed(round_.policy_toml, round_.policy_id)


@lru_cache(maxsize=64)
def _parsed(content: str, name: str) -> Policy:
    return parse_policy(content, f"{name}.toml")
