"""``matcher serve``: the whole service on this machine, or its web server where workers run elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matcher.cli.language import t, tell
from matcher.errors import Fault, InputError
from matcher.texts import text

if TYPE_CHECKING:
    from service.settings import Settings

ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", "--settings", metavar="FILE", help=t(text("Settings of the service, a TOML file."))),
]
DatabaseAddress = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help=t(text("postgresql+psycopg://… or sqlite:///FILE, the default.")),
    ),
]
DataFolder = Annotated[
    Path | None, typer.Option("--folder", metavar="FOLDER", help=t(text("Where the database file and the key lie.")))
]
WorkerCount = Annotated[
    int | None, typer.Option("--workers", metavar="N", help=t(text("How many worker processes to run here.")))
]
ShowSettings = Annotated[
    bool, typer.Option("--show-settings", help=t(text("Print the settings in force, secrets hidden, and end.")))
]


def build_app() -> typer.Typer:
    """Return the command."""
    app = typer.Typer(help=t(text("Run the service and its page.")))
    app.callback(invoke_without_command=True)(serve)
    return app


def serve(
    config: ConfigFile = None,
    host: Annotated[str | None, typer.Option(metavar="HOST", help=t(text("Address to listen on.")))] = None,
    port: Annotated[int | None, typer.Option(metavar="PORT", help=t(text("Port to listen on.")))] = None,
    database: DatabaseAddress = None,
    folder: DataFolder = None,
    workers: WorkerCount = None,
    show_settings: ShowSettings = False,
) -> None:
    """Serve until told to end; the first start makes the database and prints a set-up link that works once."""
    from service.settings import read_settings

    settings = read_settings(config, host=host, port=port, database=database, folder=folder, workers=workers)
    if show_settings:
        print_settings(settings)
        return
    from service.access.set_up import set_up_link
    from service.app import build_app as build_web
    from service.database import Database
    from service.jobs.queue import open_working_core
    from service.key_check import check_key, may_make_key, remember_key
    from service.privacy.heads import export_head
    from service.serving import open_socket, serve
    from service.starting import prepare
    from service.web.logs import set_up_logs

    set_up_logs(settings.log_level)
    listening = open_socket(settings.host, settings.port)
    settings = settings.model_copy(update={"port": listening.getsockname()[1]})
    prepare(settings)
    core = open_working_core(settings, create_key=may_make_key(Database(settings.database_url)))
    check_key(core.database, core.vault, settings.key_path)
    remember_key(core.database, core.vault)
    link = set_up_link(core)
    if link is not None:
        tell(text("Nobody is known yet. Open this link to set the service up; it works once:"))
        sys.stdout.write(f"{link}\n")
        sys.stdout.flush()
    tell(text("The service runs at {address}. Ctrl-C ends it.", address=address_of(settings)), style="green")
    serve(core, build_web(core), [listening])
    export_head(core)
    tell(text("The service has ended."))


def address_of(settings: Settings) -> str:
    """Return where people open the service."""
    from service.access.set_up import public_address

    return public_address(settings)


def print_settings(settings: Settings) -> None:
    """Print every setting with its name in the environment."""
    from service.settings import PREFIX

    for name, value in settings.shown().items():
        sys.stdout.write(f"{PREFIX}{name.upper()} = {value}\n")


def check_workers(count: int) -> int:
    """Return a number of workers that makes sense.

    Raises
    ------
    InputError
        When it is none.
    """
    if count < 1:
        raise InputError([Fault("--workers", text("at least one worker is needed"), text("for example --workers 2"))])
    return count
