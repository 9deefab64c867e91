"""What a run gives: its row, the files to keep, and how long each step took."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from scenarios.rows import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run gives: its row, and the files to keep by name."""

    row: Row
    files: Mapping[str, bytes] = field(default_factory=dict)


class Watch:
    """Seconds of each step."""

    def __init__(self) -> None:
        self._began, self._seconds = time.perf_counter(), dict[str, float]()

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        """Measure a step."""
        began = time.perf_counter()
        yield
        self._seconds[step] = self._seconds.get(step, 0.0) + time.perf_counter() - began

    def seconds(self) -> dict[str, float]:
        """Return the seconds of the steps, and of the whole."""
        return self._seconds | {"whole": time.perf_counter() - self._began}
