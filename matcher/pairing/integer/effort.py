"""How long a solve may go on: seconds, work units, or until somebody says stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Thread
from typing import TypeVar

from matcher.outcome import OnProgress, Progress, Stop

T = TypeVar("T")
PATIENCE_SECONDS = 3.0
"""How long a call is waited for before something else is done beside it."""


class Effort:
    """Counts seconds and work and tells when to end.

    One unit of work is one evaluation of the bound, one flow, or one node of a search. With a limit of work
    the clock decides nothing, so that the same input gives the same answer.
    """

    def __init__(
        self,
        time_limit: float,
        work_limit: int | None = None,
        on_progress: OnProgress | None = None,
        stop: Stop | None = None,
    ) -> None:
        self.began = time.perf_counter()
        self.time_limit = time_limit
        self.work_limit = work_limit
        self.work = 0
        self.stopped = False
        self._on_progress = on_progress
        self._stop = stop

    @property
    def seconds(self) -> float:
        """Return the seconds since the start."""
        return time.perf_counter() - self.began

    @property
    def is_counted(self) -> bool:
        """Return whether work, not time, decides."""
        return self.work_limit is not None

    def left(self) -> float:
        """Return the seconds left; without end where work decides."""
        return float("inf") if self.is_counted else self.time_limit - self.seconds

    def work_left(self) -> int:
        """Return the units of work left, a very large number where time decides."""
        return 2**31 - 1 if self.work_limit is None else self.work_limit - self.work

    def part(self, share: float, most_units: int) -> Effort:
        """Return an effort that is a share of what is left, of at most ``most_units`` where work is counted."""
        if self.is_counted:
            units = max(1, min(most_units, int(share * self.work_left())))
            return Effort(float("inf"), units, stop=self._stop)
        return Effort(share * self.left(), stop=self._stop)

    def spend(self, units: int = 1) -> None:
        """Count work done."""
        self.work += units

    def is_over(self) -> bool:
        """Return whether the solve has to end."""
        if not self.stopped and self._stop is not None and self._stop():
            self.stopped = True
        return self.stopped or self.left() <= 0 or self.work_left() <= 0

    def tell(self, stage: str, level: str, value: float | None, bound: float | None) -> None:
        """Report progress."""
        if self._on_progress is not None:
            self._on_progress(Progress(stage, level, value, bound, self.seconds))

    def wait_for(self, job: Callable[[], T], meanwhile: Callable[[], None] | None = None) -> T | None:
        """Run a long call that knows no interruption; give it up (None) when the solve is stopped meanwhile.

        What is given up ends by its own limit in the background. Where time decides, ``meanwhile`` is called over and
        over while the call goes on, after some seconds of patience.
        """
        answer: list[T] = []
        trouble: list[BaseException] = []

        def run() -> None:
            try:
                answer.append(job())
            except BaseException as error:
                trouble.append(error)

        thread = Thread(target=run, daemon=True)
        thread.start()
        began = self.seconds
        while thread.is_alive():
            thread.join(0.02)
            if meanwhile is not None and not self.is_counted and self.seconds > began + PATIENCE_SECONDS:
                meanwhile()
            if not self.stopped and self._stop is not None and self._stop():
                self.stopped = True
            if self.stopped:
                return None
        if trouble:
            raise trouble[0]
        return answer[0]
