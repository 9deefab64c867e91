"""The commands of a person who keeps the service: backup, restore, audit."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import text as sql
from typer.testing import CliRunner

from service.audit import append_audit
from service.cli import audit, backup, restore
from tests.service.conftest import House
from tests.service.privacy.people import add_person


@pytest.fixture
def run(sqlite_house: House) -> Callable[..., Any]:
    """Run a command on the house, or on another folder."""

    def command(app: typer.Typer, *words: str, folder: Path | None = None) -> Any:
        where = {"MATCHER_FOLDER": str(folder or sqlite_house.core.settings.folder)}
        return CliRunner(env=where).invoke(app, list(words))

    return command


def test_a_backup_goes_and_comes(sqlite_house: House, run: Callable[..., Any], tmp_path: Path) -> None:
    add_person(sqlite_house)
    done = run(backup.build_app(), "--rotate")
    assert done.exit_code == 0, done.output
    assert "backup.key" in done.output.replace("\n", "")
    (file,) = (sqlite_house.core.settings.folder / "backups").iterdir()
    place = tmp_path / "place"
    place.mkdir()
    shutil.copy(sqlite_house.core.settings.folder / "backup.key", place)
    done = run(restore.build_app(), str(file), folder=place)
    assert done.exit_code == 0, done.output
    again = run(restore.build_app(), str(file), folder=place)
    assert type(again.exception).__name__ == "InputError"
    assert run(audit.build_app(), "verify", folder=place).exit_code == 0


def test_the_trail_is_checked(sqlite_house: House, run: Callable[..., Any], tmp_path: Path) -> None:
    core = sqlite_house.core
    for action in ("one", "two"):
        with core.database.writing() as session:
            append_audit(session, core.vault, actor="x", action=action, area_id=None)
    assert run(audit.build_app(), "head").exit_code == 0
    assert run(audit.build_app(), "verify").exit_code == 0
    assert run(audit.build_app(), "prune").exit_code == 0
    out = tmp_path / "seen.csv"
    assert run(audit.build_app(), "access", "--from", "2026-01-01", "--to", "2026-12-31", "-o", str(out)).exit_code == 0
    assert out.read_text(encoding="utf-8-sig").count("\n") == 1
    with core.database.writing() as session:
        session.execute(sql("DROP TRIGGER audit_keeps_update"))
        session.execute(sql("UPDATE audit SET actor = 'y' WHERE seq = 2"))
    done = run(audit.build_app(), "verify")
    assert done.exit_code == 1
    assert "2" in done.output
