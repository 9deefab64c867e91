"""Many requests at once: all are answered, none waits for a thread that waits for a connection."""

from __future__ import annotations

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from inspect import signature
from threading import Event

import httpx
import pytest
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute

from service.tables.access import Role
from service.turns import READERS, Turns
from service.work import WorkRoute
from tests.service.conftest import House


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/api/v1/me", 200), ("POST", "/api/v1/sign-out", 204)])
def test_more_requests_than_threads_and_connections(house: House, method: str, path: str, status: int) -> None:
    headers = house.headers(Role.CURATOR)
    transport = httpx.ASGITransport(house.client.app)  # type: ignore[arg-type]

    async def ask_all() -> list[int]:
        async with httpx.AsyncClient(transport=transport, base_url="https://testserver") as client:
            answers = await asyncio.gather(*(client.request(method, path, headers=headers) for _ in range(80)))
        return [answer.status_code for answer in answers]

    with ThreadPoolExecutor(1) as apart:  # a browser driven by another test keeps its loop in this thread
        answers = apart.submit(asyncio.run, ask_all()).result()
    assert Counter(answers) == {status: 80}


def test_every_route_with_work_to_do_takes_its_turn(sqlite_house: House) -> None:
    routes = [one for one in sqlite_house.client.app.routes if isinstance(one, APIRoute)]  # type: ignore[attr-defined]
    working = [one for one in routes if "work" in signature(one.endpoint).parameters]
    assert len(working) > 100
    assert [one.path for one in working if not isinstance(one, WorkRoute)] == []


def test_what_is_wrong_is_told_only_to_who_may_ask(sqlite_house: House) -> None:
    client = sqlite_house.client
    assert client.get("/api/v1/rounds?limit=never").status_code == 401
    assert client.get("/api/v1/rounds?limit=never", headers=sqlite_house.headers(Role.CURATOR)).status_code == 422


def test_who_waits_for_something_else_holds_nobody_up(sqlite_house: House) -> None:
    async def try_it() -> None:
        turns, answered = Turns(sqlite_house.core.database), Event()

        def wait() -> None:
            with turns.left():
                assert answered.wait(20)

        async def ask() -> None:
            async with turns.turn(writes=False):
                await run_in_threadpool(wait)

        waiting = [asyncio.create_task(ask()) for _ in range(READERS)]
        await asyncio.sleep(0.1)
        async with asyncio.timeout(10), turns.turn(writes=False):
            answered.set()
        await asyncio.gather(*waiting)
        async with AsyncExitStack() as held:  # all have their turns again, and there are no more of them than before
            for _ in range(READERS):
                await held.enter_async_context(turns.turn(writes=False))
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await held.enter_async_context(turns.turn(writes=False))

    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, try_it()).result()
