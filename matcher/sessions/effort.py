"""How long planning may go on: seconds, work units, or until somebody says stop."""

from __future__ import annotations

import time

from matcher.outcome import OnProgress, Progress, Stop


class Effort:
    """Counts seconds and work and tells when to end.

    One unit of work is one activity planned anew (about a tenth of a millisecond), or as much time of an exact
    search. With a limit of work the clock decides nothing, so that the same input gives the same answer.
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

    def clock(self) -> float:
        """Return what shares of the effort are measured in: units of work where these decide, seconds elsewhere."""
        return self.work if self.is_counted else self.seconds

    def share(self, part: float) -> float:
        """Return what the clock says when this part of the effort is spent from now on."""
        whole = self.time_limit if self.work_limit is None else self.work_limit
        return self.clock() + part * whole

    def left(self) -> float:
        """Return the seconds left; without end where work decides."""
        return float("inf") if self.is_counted else self.time_limit - self.seconds

    def work_left(self) -> int:
        """Return the units of work left, a very large number where time decides."""
        return 2**31 - 1 if self.work_limit is None else self.work_limit - self.work

    def spend(self, units: int = 1) -> None:
        """Count work done."""
        self.work += units

    def is_stopped(self) -> bool:
        """Return whether somebody said stop."""
        return self._stop is not None and self._stop()

    def is_over(self) -> bool:
        """Return whether planning has to end."""
        return self.left() <= 0 or self.work_left() <= 0 or self.is_stopped()

    def tell(self, stage: str, level: str, value: float | None, bound: float | None) -> None:
        """Report progress."""
        if self._on_progress is not None:
            self._on_progress(Progress(stage, level, value, bound, self.seconds))
