"""Server-sent events of a run: its state whenever it changes, until it ends.

A stream holds no connection of the database: it looks now and then, and all streams of a run share one look. Each
event has the number of the state as its id, so that a stream taken up again (``Last-Event-ID``) tells only what is new.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from fastapi.concurrency import run_in_threadpool
from fastapi.sse import format_sse_event

LOOK_SECONDS = 0.5
BEAT_SECONDS = 15.0
STREAM_SECONDS = 300.0
"""A stream ends after so long: whoever still may see the run comes again."""
_MOST_KEPT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """A run at a moment: the number of its state, what is to be told of it, whether it has ended."""

    number: int
    body: str
    is_over: bool


Look = Callable[[str], Glance | None]


class Lookout:
    """Looks at runs for all streams of this process, at each run at most twice a second."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._seen: dict[str, tuple[float, Glance | None]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def at(self, run_id: str) -> Glance | None:
        """Return how a run stands, as seen within the last half second."""
        lock = self._locks.setdefault(run_id, asyncio.Lock())
        async with lock:
            seen = self._seen.get(run_id)
            if seen is not None and time.monotonic() - seen[0] < LOOK_SECONDS:
                return seen[1]
            found = await run_in_threadpool(self._look, run_id)
            self._forget()
            self._seen[run_id] = time.monotonic(), found
            return found

    def _forget(self) -> None:
        if len(self._seen) > _MOST_KEPT:
            self._seen.clear()
            self._locks = {run_id: lock for run_id, lock in self._locks.items() if lock.locked()}


async def events(lookout: Lookout, run_id: str, last: int, is_ending: Callable[[], bool]) -> AsyncIterator[bytes]:
    """Yield the events of a run that come after the one numbered ``last``."""
    ends = time.monotonic() + STREAM_SECONDS
    beat = time.monotonic()
    yield format_sse_event(retry=1000)
    while time.monotonic() < ends and not is_ending():
        glance = await lookout.at(run_id)
        if glance is None:
            return
        if glance.number > last or glance.is_over:
            last, beat = glance.number, time.monotonic()
            event = "end" if glance.is_over else "progress"
            yield format_sse_event(data_str=glance.body, event=event, id=str(glance.number))
            if glance.is_over:
                return
        elif time.monotonic() - beat > BEAT_SECONDS:
            beat = time.monotonic()
            yield format_sse_event(comment="still here")
        await asyncio.sleep(LOOK_SECONDS)
