"""Long work: a line that shows value, bound and gap, and Ctrl-C that stops and keeps the best answer."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from rich.console import Console
from rich.status import Status

from matcher.cli.language import t
from matcher.outcome import OnProgress, Progress, Stop
from matcher.texts import text


@contextmanager
def watched(title: str) -> Iterator[tuple[OnProgress, Stop]]:
    """Show progress on standard error; the first Ctrl-C asks the work to stop, the second breaks it off."""
    console = Console(stderr=True)
    asked = False

    def on_interrupt(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        console.print(t(text("Stopping; the best plan so far is kept. Ctrl-C again breaks off.")))

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        with console.status(title) as status:
            yield _shower(status, title), lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)


def _shower(status: Status, title: str) -> OnProgress:
    def show(progress: Progress) -> None:
        from matcher.io.console import progress_line

        status.update(f"{title} · {t(progress_line(progress))}")

    return show
