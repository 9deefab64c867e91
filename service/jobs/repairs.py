"""The ways to make good what an absence takes away, side by side, and the plan of the one that is taken.

They are worked out by a process of its own while somebody waits; the plan of the way he takes is worked out again, and
taken only where it comes to the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matcher.texts import Lang
from service.core import Core
from service.jobs.names import PLAN
from service.jobs.offering import Offer
from service.jobs.rendering import rendered


def offer_repairs(core: Core, plan: bytes, changes_toml: str, lang: Lang) -> Offer:
    """Return the ways to repair the meetings of a plan after changes.

    Raises
    ------
    Problem
        422 where a change names what the plan does not have; 503 where too much is under way.
    """
    with rendered(core, plan, _task(changes_toml, lang)) as (result, _):
        return Offer.model_validate(result["offer"])


def repaired_plan(
    core: Core, plan: bytes, changes_toml: str, lang: Lang, digest: str
) -> tuple[bytes, Mapping[str, Any]]:
    """Return the plan of the way that was shown with a digest, and its figures; no bytes where it is not there now."""
    with rendered(core, plan, {**_task(changes_toml, lang), "digest": digest}) as (result, folder):
        file = folder / PLAN
        return (file.read_bytes() if file.exists() else b""), result.get("summary", {})


def _task(changes_toml: str, lang: Lang) -> dict[str, Any]:
    return {"what": "offer", "changes": changes_toml, "lang": lang}
