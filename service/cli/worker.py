"""``matcher worker``: workers only, on this or another machine; the service itself runs elsewhere."""

from __future__ import annotations

import typer

from matcher.cli.language import t, tell
from matcher.texts import text, text_n
from service.cli.serve import (
    ConfigFile,
    DatabaseAddress,
    DataFolder,
    ShowSettings,
    WorkerCount,
    check_workers,
    print_settings,
)


def build_app() -> typer.Typer:
    """Return the command."""
    app = typer.Typer(help=t(text("Run solves for the service.")))
    app.callback(invoke_without_command=True)(work)
    return app


def work(
    config: ConfigFile = None,
    database: DatabaseAddress = None,
    folder: DataFolder = None,
    workers: WorkerCount = None,
    show_settings: ShowSettings = False,
) -> None:
    """Take runs from the queue and solve them until told to end; the key of the service has to be here."""
    from service.settings import read_settings

    settings = read_settings(config, database=database, folder=folder, workers=workers)
    if show_settings:
        print_settings(settings)
        return
    import signal
    import threading
    from types import FrameType

    from service.database import Database
    from service.jobs.supervisor import Supervisor
    from service.key_check import check_key
    from service.starting import check_prepared
    from service.vault import open_vault
    from service.web.logs import set_up_logs

    count = check_workers(settings.workers)
    set_up_logs(settings.log_level)
    check_prepared(settings)
    check_key(Database(settings.database_url), open_vault(settings.key_path, create=False), settings.key_path)
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    supervisor = Supervisor(settings, count)
    supervisor.start()
    tell(text_n("{count} worker runs. Ctrl-C ends it.", "{count} workers run. Ctrl-C ends them.", count=count))
    stop.wait()
    supervisor.end()
    tell(text("The workers have ended."))
