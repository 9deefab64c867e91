"""Plans as they are kept: plan.json sealed for its row."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from matcher.io.plan_json import read_plan_json
from matcher.plan import Plan
from service.tables.rounds import PlanFileRow
from service.vault import Vault


def seal_plan(vault: Vault, plan_id: str, content: bytes) -> bytes:
    """Return the bytes of a plan file sealed for the row ``plan_id``; sealing compresses them."""
    return vault.seal(content, f"plan:{plan_id}")


def open_plan_bytes(vault: Vault, row: PlanFileRow) -> bytes:
    """Return the plan file of a row."""
    return vault.open(row.sealed, f"plan:{row.id}")


def open_plan(vault: Vault, row: PlanFileRow) -> Plan:
    """Return the plan of a row."""
    with TemporaryDirectory(prefix="matcher-") as folder:
        file = Path(folder) / "plan.json"
        file.write_bytes(open_plan_bytes(vault, row))
        return read_plan_json(file)
