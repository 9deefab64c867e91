"""What the whole service shares: settings, database, vault, jobs. Made once when it starts."""

from __future__ import annotations

from dataclasses import dataclass

from service.database import Database
from service.jobs.port import Jobs
from service.settings import Settings
from service.vault import Vault, open_vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """The parts of a running service."""

    settings: Settings
    database: Database
    vault: Vault
    jobs: Jobs


def open_core(settings: Settings, jobs: Jobs, *, create_key: bool = True) -> Core:
    """Return the parts of the service; the database is expected to be migrated."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    return Core(
        settings=settings,
        database=Database(settings.database_url),
        vault=open_vault(settings.key_path, create=create_key),
        jobs=jobs,
    )
