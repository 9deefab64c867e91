"""People and programs at work on a service that breaks: they ask again until they know what became of it."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import create_engine
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from benchmarks.service.living import House, School, is_alive
from service.jobs.library import system_url
from service.jobs.port import UNFINISHED
from service.tables.rounds import Run

MOST_OPEN = 8
"""Runs that have not ended at a time."""
_WAIT_SECONDS = 0.2


@dataclass
class Told:
    """What was acknowledged, and what answers there were."""

    runs: dict[str, str] = field(default_factory=dict)
    decisions: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    unreached: int = 0
    taken_over: list[float] = field(default_factory=list)
    most_running: int = 0


class Load:
    """Asks for a run of every round, decides in rounds, and watches how long runs of dead workers lie."""

    def __init__(
        self, house: House, rounds: list[tuple[str, School]], *, seed: int, most_open: int = MOST_OPEN
    ) -> None:
        self.house, self.told = house, Told()
        self._waiting, self._asked = list(rounds), [*rounds[:1]]
        self._queue = create_engine(system_url(house.core.database.url))
        self._rng, self._most_open = random.Random(seed), most_open
        self._stop, self._enough = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        work: list[Callable[[], None]] = [self._ask_all, self._decide, self._decide, self._watch]
        self._threads = [threading.Thread(target=one, daemon=True) for one in work]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Ask for nothing more, and wait until everything asked for has an answer."""
        self._enough.set()
        self._threads[0].join()
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._queue.dispose()

    def open_runs(self) -> int:
        """Return how many runs have not ended."""
        with self.house.core.database.reading() as session:
            return len(session.exec(select(Run.id).where(col(Run.status).in_(UNFINISHED))).all())

    def wait_for_work(self, seconds: float) -> None:
        """Wait until a living worker has a run, at most so long."""
        last = time.monotonic() + seconds
        while time.monotonic() < last:
            if any(is_alive(pid_of(worker)) for _, _, _, worker in self._patiently(self._running)):
                return
            time.sleep(_WAIT_SECONDS)

    def _ask_all(self) -> None:
        number = 0
        while self._waiting and not self._enough.is_set():
            if len(self.told.runs) and self._patiently(self.open_runs) >= self._most_open:
                time.sleep(_WAIT_SECONDS)
                continue
            round_id, school = self._waiting.pop(0)
            body = {"what": ("pair", "plan")[number % 2], "time_limit": 1, "seed": number}
            headers = {**school.headers, "Idempotency-Key": f"ask-{round_id}"}
            answer = self._until(lambda: self._send("POST", f"/rounds/{round_id}/runs", headers, body), (202,))  # noqa: B023
            with self._lock:
                self.told.runs[round_id] = answer.json()["id"]
                self._asked.append((round_id, school))
            number += 1

    def _decide(self) -> None:
        while not self._stop.is_set():
            with self._lock:
                round_id, school = self._rng.choice(self._asked)
                words = f"note {self._rng.getrandbits(64):016x}"
            self._note(round_id, school, words)
            time.sleep(_WAIT_SECONDS)

    def _note(self, round_id: str, school: School, words: str) -> None:
        """Write a note into a round, like somebody who looks whether it is there before he tries again."""
        while True:
            shown = self._until(lambda: self._send("GET", f"/rounds/{round_id}", school.headers), (200,))
            headers = {**school.headers, "If-Match": shown.headers["etag"]}
            body = {"kind": "comment", "reason": words}
            answer = self._send("POST", f"/rounds/{round_id}/decisions", headers, body)
            if answer is not None and answer.status_code == 201:
                break
            if answer is not None and answer.status_code in (409, 503):
                continue
            if answer is not None:
                raise RuntimeError(f"a decision was answered with {answer.status_code}: {answer.text[:300]}")
            listed = self._until(
                lambda: self._send("GET", f"/rounds/{round_id}/decisions?limit=200", school.headers), (200,)
            )
            if any(one["reason"] == words for one in listed.json()["items"]):
                break
        with self._lock:
            self.told.decisions.add(words)

    def _watch(self) -> None:
        """Measure how long a job stays with a worker that is dead."""
        since: dict[tuple[str, str], float] = {}
        while not self._stop.is_set():
            dead = {(job, worker) for job, worker in self._patiently(self._held) if not is_alive(pid_of(worker))}
            moment = time.monotonic()
            for key in dead:
                since.setdefault(key, moment)
            areas = Counter(area for _, _, area, worker in self._patiently(self._running) if is_alive(pid_of(worker)))
            self.told.most_running = max([self.told.most_running, *areas.values()])
            self.told.taken_over += [moment - since.pop(key) for key in list(since) if key not in dead]
            time.sleep(_WAIT_SECONDS)

    def _held(self) -> list[tuple[str, str]]:
        """Return the jobs that workers have, and the names of these."""
        engine = self._queue
        schema = "dbos." if engine.dialect.name == "postgresql" else ""
        query = f"SELECT workflow_uuid, executor_id FROM {schema}workflow_status WHERE status = 'PENDING'"
        with engine.connect() as connection:
            return [(job, worker) for job, worker in connection.execute(sql(query)) if worker]

    def _running(self) -> list[tuple[str, int, str, str]]:
        """Return the runs under way: id, attempt, area, worker."""
        with self.house.core.database.reading() as session:
            found = select(Run.id, Run.attempts, Run.area_id, Run.executor).where(Run.status == "running")
            return [(id_, attempts, area, worker) for id_, attempts, area, worker in session.exec(found) if worker]

    def _patiently(self, look: Callable[[], Any]) -> Any:
        """Look at the database, again where it is away."""
        while True:
            try:
                return look()
            except DBAPIError:
                if self._stop.is_set():
                    raise
                time.sleep(_WAIT_SECONDS)

    def _until(self, send: Callable[[], httpx.Response | None], wanted: tuple[int, ...]) -> httpx.Response:
        while True:
            answer = send()
            if answer is not None and answer.status_code in wanted:
                return answer
            if answer is not None and answer.status_code not in (429, 503):
                raise RuntimeError(f"answered with {answer.status_code}: {answer.text[:300]}")
            time.sleep(_WAIT_SECONDS)

    def _send(
        self, method: str, path: str, headers: dict[str, str], body: dict[str, Any] | None = None
    ) -> httpx.Response | None:
        """Send a request; None where no answer came, so that nobody knows what became of it."""
        try:
            answer = httpx.request(method, f"{self.house.address}/api/v1{path}", headers=headers, json=body, timeout=30)
        except httpx.TransportError:
            self.told.unreached += 1
            return None
        self.told.statuses[answer.status_code] += 1
        return answer


def pid_of(executor_id: str) -> int:
    """Return the process of a worker."""
    return int(executor_id.partition("-")[0])
