"""The socket of the server: small answers leave at once."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

from service.serving import open_socket


async def _is_sent_at_once() -> int:
    found: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    listening = open_socket("127.0.0.1", 0)
    async with await asyncio.start_server(answer, sock=listening):
        _, writer = await asyncio.open_connection(*listening.getsockname())
        try:
            return await found
        finally:
            writer.close()


def test_small_answers_are_sent_at_once() -> None:
    with ThreadPoolExecutor(1) as apart:  # a browser driven by another test keeps its loop in this thread
        assert apart.submit(asyncio.run, _is_sent_at_once()).result() == 1
