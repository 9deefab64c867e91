"""What is done before the service starts: the database is reached, made and brought to this version."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from matcher.errors import Fault, InputError
from matcher.texts import text
from service.database import build_engine
from service.jobs.library import prepare_tables
from service.migrate import config_of, upgrade
from service.settings import Settings, without_password

_LOG = logging.getLogger("service")


def prepare(settings: Settings) -> None:
    """Make the folder and the tables, or bring those that are there to this version.

    Raises
    ------
    InputError
        When the folder cannot be made or the database does not answer.
    """
    file = _file_of(settings)
    try:
        settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if file is not None and not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))  # for nobody else to read, nor what lies beside it
    except OSError:
        place = str(settings.folder if file is None else file)
        raise InputError([Fault(place, text("writing is not allowed here"), text("choose another folder"))]) from None
    _reach(settings)
    upgrade(settings.database_url)
    prepare_tables(settings.database_url)


def check_prepared(settings: Settings) -> None:
    """Check that the database has the tables of this version, without changing it.

    Raises
    ------
    InputError
        When it does not answer, or is of another version.
    """
    wanted = ScriptDirectory.from_config(config_of(settings.database_url)).get_current_head()
    file = _file_of(settings)
    if file is None or file.exists():
        _reach(settings)
        if _revision(settings) == wanted:
            return
    cure = text("start matcher serve of this version first: it brings the tables up to date")
    raise InputError([Fault(shown(settings), text("the database is not of this version"), cure)])


def _revision(settings: Settings) -> str | None:
    engine = build_engine(settings.database_url)
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    return found


def _file_of(settings: Settings) -> Path | None:
    """Return the file of a SQLite database, None for any other."""
    url = make_url(settings.database_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def shown(settings: Settings) -> str:
    """Return the address of the database as it may be printed."""
    return without_password(settings.database_url)


def _reach(settings: Settings) -> None:
    try:
        engine = build_engine(settings.database_url)
        with engine.connect():
            pass
        engine.dispose()
    except (DBAPIError, OSError) as error:
        _LOG.info("the database does not answer: %s", type(error).__name__)
        cure = text("see that it runs, and that address, name and password are right: --database")
        raise InputError([Fault(shown(settings), text("the database does not answer"), cure)]) from None
