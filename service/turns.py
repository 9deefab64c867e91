"""Whose turn it is: requests queue up here for the database, in order and without holding a thread.

Were requests to wait for connections in threads, nobody else would have a thread: so no more are let in than there
are connections, and on SQLite one writer after the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from anyio import CancelScope, from_thread

from service.database import Database

READERS = 4
"""Requests at work at once. Python works on one at a time, and each more at work makes all the others slower; fewer
would let some slow ones hold up everybody. Connections are left over for routes outside this queue and for helpers."""
AWAY = 20
"""Requests that may wait for another process at once, outside the queue: each holds a thread, of which there are 40."""


@dataclass
class _Queue:
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(READERS))
    writer: asyncio.Lock = field(default_factory=asyncio.Lock)
    num_away: int = 0


class Turns:
    """The queue of one application, one for each event loop that serves it."""

    def __init__(self, database: Database) -> None:
        self._one_writer = database.is_sqlite
        self._queues: WeakKeyDictionary[asyncio.AbstractEventLoop, _Queue] = WeakKeyDictionary()

    @asynccontextmanager
    async def turn(self, *, writes: bool) -> AsyncIterator[None]:
        """Wait for a turn and hold it."""
        queue = self._queue()
        if writes and self._one_writer:
            async with queue.writer, queue.places:
                yield
        else:
            async with queue.places:
                yield

    @contextmanager
    def left(self) -> Iterator[None]:
        """Let others have the turn of the reader this thread works for; where too many have, he keeps it."""
        is_away = from_thread.run(self._leave)
        try:
            yield
        finally:
            if is_away:
                from_thread.run(self._come_back)

    async def _leave(self) -> bool:
        queue = self._queue()
        if queue.num_away >= AWAY:
            return False
        queue.num_away += 1
        queue.places.release()
        return True

    async def _come_back(self) -> None:
        queue = self._queue()
        with CancelScope(shield=True):  # whoever held the turn gives it back: he has to have it again
            await queue.places.acquire()
        queue.num_away -= 1

    def _queue(self) -> _Queue:
        return self._queues.setdefault(asyncio.get_running_loop(), _Queue())
