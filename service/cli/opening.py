"""Opens the service for a command that works on it beside the running server, or without one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matcher.cli.language import t
from matcher.texts import text

if TYPE_CHECKING:
    from service.core import Core
    from service.settings import Settings

SettingsFile = Annotated[
    Path | None,
    typer.Option("--config", "--settings", metavar="FILE", help=t(text("Settings of the service, a TOML file."))),
]
DatabaseAddress = Annotated[
    str | None,
    typer.Option("--database", metavar="URL", help=t(text("Address of the database instead of the set one."))),
]


def chosen_settings(file: Path | None, database: str | None) -> Settings:
    """Return the settings of the environment, of a file and of the command line."""
    from service.settings import read_settings

    return read_settings(file, database=database)


def open_for_command(file: Path | None, database: str | None) -> Core:
    """Return the parts of a service that is set up already; no key is made and no solve runs.

    Raises
    ------
    InputError
        When a setting is wrong, the key is not there or not that of the data, or the database is of another version.
    """
    from service.core import open_core
    from service.jobs.none import RememberedJobs
    from service.key_check import check_key
    from service.starting import check_prepared

    settings = chosen_settings(file, database)
    check_prepared(settings)
    core = open_core(settings, RememberedJobs(), create_key=False)
    check_key(core.database, core.vault, settings.key_path)
    return core
