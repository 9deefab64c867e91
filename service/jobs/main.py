"""A worker process: ``python -m service.jobs.main [PARENT]``; its settings come from the environment."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from types import FrameType

from service.jobs.queue import open_working_core
from service.jobs.worker import run_until
from service.settings import PREFIX, Settings, read_settings
from service.web.logs import set_up_logs


def environment_of(settings: Settings) -> dict[str, str]:
    """Return an environment in which a process reads these very settings."""
    found = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    for name, value in settings.model_dump(mode="json").items():
        if value is not None:
            found[PREFIX + name.upper()] = str(value)
    return found


def main(arguments: list[str]) -> None:
    """Be a worker until told to end (SIGTERM, SIGINT), or until the parent is gone."""
    settings = read_settings()
    set_up_logs(settings.log_level)
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    core = open_working_core(settings, create_key=False)
    run_until(stop, core, parent=int(arguments[0]) if arguments else None)
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)  # nothing is left to be done, whatever thread of a library still waits


if __name__ == "__main__":
    main(sys.argv[1:])
