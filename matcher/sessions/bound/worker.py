"""The process behind :mod:`matcher.sessions.bound.apart`: it reads a problem and commands, and answers with bounds."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import traceback
from queue import SimpleQueue
from threading import Event, Thread
from typing import IO, Any

from matcher.sessions.bound.solve import SessionBounds


def main() -> None:
    """Answer commands until there are no more."""
    # An interrupt is meant for the search: it decides what becomes of the bounds.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What a solver prints must not come between the answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    commands: SimpleQueue[tuple[Any, ...]] = SimpleQueue()
    is_stopped = Event()

    def tell(kind: str, content: object) -> None:
        pickle.dump((kind, content), answers)
        answers.flush()

    try:
        bounds = SessionBounds(pickle.load(sys.stdin.buffer))
        Thread(target=_listen, args=(sys.stdin.buffer, commands, is_stopped), daemon=True).start()
        while True:
            command, *values = commands.get()
            if command == "missing":
                tell("found", bounds.missing(values[0], is_stopped.is_set))
            else:
                missing, seconds, enough = values
                tell(
                    "found",
                    bounds.rhythm(
                        missing,
                        seconds,
                        is_stopped.is_set,
                        enough=enough,
                        on_better=lambda found: tell("better", found),
                    ),
                )
    except Exception:
        tell("trouble", traceback.format_exc())


def _listen(stream: IO[bytes], commands: SimpleQueue[tuple[Any, ...]], is_stopped: Event) -> None:
    """Take commands while others are carried out; end with the process that gave them."""
    while True:
        try:
            command = pickle.load(stream)
        except (EOFError, OSError):
            os._exit(0)
        if command[0] == "stop":
            is_stopped.set()
        else:
            is_stopped.clear()
            commands.put(command)


if __name__ == "__main__":
    main()
