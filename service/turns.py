"""Whose turn it is: requests queue up here for the database, in order and without holding a thread.

Were requests to wait for connections in threads, nobody else would have a thread: so no more are let in than there
are connections, and on SQLite one writer after the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from service.database import Database

READERS = 5
"""Requests at work at once. Python works on one at a time, and each more at work makes all the others slower; fewer
would let some slow ones hold up everybody. Connections are left over for routes outside this queue and for helpers."""


@dataclass
class _Queue:
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(READERS))
    writer: asyncio.Lock = field(default_factory=asyncio.Lock)


class Turns:
    """The queue of one application, one for each event loop that serves it."""

    def __init__(self, database: Database) -> None:
        self._one_writer = database.is_sqlite
        self._queues: WeakKeyDictionary[asyncio.AbstractEventLoop, _Queue] = WeakKeyDictionary()

    @asynccontextmanager
    async def turn(self, *, writes: bool) -> AsyncIterator[None]:
        """Wait for a turn and hold it."""
        queue = self._queues.setdefault(asyncio.get_running_loop(), _Queue())
        if writes and self._one_writer:
            async with queue.writer, queue.places:
                yield
        else:
            async with queue.places:
                yield
