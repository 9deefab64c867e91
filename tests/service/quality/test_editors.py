"""Many who edit one round at once, small: the trial of the benchmark, and that it notices what is lost or doubled."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from benchmarks.service.board import serving
from benchmarks.service.editors import build_editors, edit, judge
from tests.service.conftest import House


def test_every_edit_that_was_acknowledged_is_kept_once(sqlite_house: House) -> None:
    core = sqlite_house.core
    editors = build_editors(core, users=6, rounds=1, mentees=20, mentors=14)
    with serving(core) as address, ThreadPoolExecutor(1) as apart:  # a browser of another test may keep its loop here
        port = int(address.rpartition(":")[2])
        edited = apart.submit(asyncio.run, edit(port, editors, seconds=3.0, think=(0.0, 0.2))).result()
    assert not edited.errors
    assert edited.stale.total() > 0
    assert len(edited.done) > 3
    judged = judge(core, edited)
    assert (judged.lost, judged.doubled, judged.faults) == (0, 0, [])

    first, *others = edited.done
    assert judge(core, replace(edited, done=others)).doubled == 1
    assert judge(core, replace(edited, done=[*edited.done, replace(first, upon="nothing")])).lost == 1
    assert judge(core, replace(edited, done=[first, *edited.done])).faults != []
