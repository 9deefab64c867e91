"""What is done before the service starts: the database is reached, made and brought to this version."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import URL, make_url
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
        When the folder cannot be made, or the database does not answer or is of a newer version.
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
    _check_not_newer(settings, _revision(settings))
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
        found = _revision(settings)
        if found == wanted:
            return
        _check_not_newer(settings, found)
    cure = text("start matcher serve of this version first: it brings the tables up to date")
    raise InputError([Fault(shown(settings), text("the database is not of this version"), cure)])


def _check_not_newer(settings: Settings, found: str | None) -> None:
    scripts = ScriptDirectory.from_config(config_of(settings.database_url))
    known = {script.revision for script in scripts.walk_revisions()}
    if found is not None and found not in known:
        cure = text("put the newer version back, or restore the backup from before the upgrade into an empty place")
        raise InputError([Fault(shown(settings), text("a newer version of the program has made these tables"), cure)])


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
        raise InputError([_unreached(settings, error)]) from None


def _unreached(settings: Settings, error: Exception) -> Fault:
    """Say why a database cannot be used: nobody answers there, or the server answers and lets nobody in."""
    words = str(getattr(error, "orig", None) or error).rpartition(" failed: ")[2].partition("\n")[0].strip()
    url = make_url(settings.database_url)
    if url.get_backend_name() == "postgresql" and _server_answers(url):
        cure = text("check user, password and name of the database, and pg_hba.conf of the server")
        return Fault(shown(settings), text("the database server lets nobody in: {words}", words=words), cure)
    cure = text("see that it runs, and that the address is right: database, MATCHER_DATABASE")
    return Fault(shown(settings), text("the database does not answer: {words}", words=words), cure)


def _server_answers(url: URL) -> bool:
    """Ask the server without signing in; its answer is the same in every language."""
    from psycopg.conninfo import make_conninfo
    from psycopg.pq import PGconn, Ping

    _, words = url.get_dialect()().create_connect_args(url)
    where = make_conninfo(host=words.get("host"), port=words.get("port"), connect_timeout=5)
    return PGconn.ping(where.encode()) == Ping.OK
