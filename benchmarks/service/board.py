"""How fast the review board of a city answers: opening it, a filter, a lock, the price of a move, over real HTTP.

``python -m benchmarks.service.board [--mentees 800] [--mentors 500] [--times 10] [--write FILE.md]``
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import uvicorn
from sqlmodel import Session, col, select

from benchmarks.service.bases import fresh_database
from benchmarks.service.city_base import give_plan
from matcher.generate.roster import generate_roster
from matcher.io.policy_toml import read_policy, read_policy_text
from matcher.plan import Plan
from matcher.planning import make_plan
from service.access.secrets import hash_of, new_secret
from service.app import build_app
from service.core import Core, open_core
from service.jobs.none import RememberedJobs
from service.rounds.rosters import keep_roster
from service.serving import open_socket
from service.settings import Settings
from service.tables.access import Account, ApiToken, Grant, Role
from service.tables.areas import Area, AreaKind
from service.tables.rounds import Pair, Round

TARGETS = {"board": 1.0, "filter": 0.2, "lock": 0.2, "undo": 0.2, "mentors": 1.0, "price": 1.0, "sharper": 2.0}
"""Seconds each answer may take (the last is asked for in the background)."""


@dataclass(frozen=True)
class Base:
    """A round of a city, and who runs it."""

    round_id: str
    headers: dict[str, str]


def build_base(core: Core, *, mentees: int, mentors: int, policy: str) -> Base:
    """Fill a service with one round of a city whose plan was found."""
    plan = plan_of_city(mentees, mentors, policy)
    with core.database.writing() as session:
        round_ = add_round(session, core, plan, policy, "M")
        return Base(round_.id, add_operator(session, round_.area_id, "curator@example.org")[1])


def plan_of_city(mentees: int, mentors: int, policy: str) -> Plan:
    """Return a plan of a made-up city in which nobody has decided anything yet."""
    roster = generate_roster(
        num_mentees=mentees, num_mentors=mentors, num_organisations=30, num_municipalities=1, seed=2, policy_id=policy
    )
    return make_plan(replace(roster, locks=(), consents=()), read_policy(policy), work_limit=2, seed=0)


def add_round(session: Session, core: Core, plan: Plan, policy: str, code: str) -> Round:
    """Add a city of this code with its schools and a round that has this plan."""
    areas = _areas(session, code, {one.id for one in plan.roster.organisations})
    kept = keep_roster(session, core.vault, areas[""], plan.roster, name="city.xlsx", remarks=[], by="trial")
    round_ = Round(
        area_id=areas[""].id, name="City", roster_id=kept.id, policy_id=policy,
        policy_toml=read_policy_text(policy)[0], state="matching", reference_day=plan.reference_day,
        created_by="trial",
    )  # fmt: skip
    session.add(round_)
    session.flush()
    give_plan(session, core, round_, plan)
    return round_


def add_operator(session: Session, area_id: str, login: str) -> tuple[str, dict[str, str]]:
    """Add somebody who runs the rounds of a city; return under which word he decides, and what he shows."""
    secret = new_secret()
    account = Account(login=login, name="Trial")
    session.add(account)
    session.flush()
    token = ApiToken(token_hash=hash_of(secret), account_id=account.id, name="trial")
    session.add(Grant(account_id=account.id, role=Role.MUNICIPAL_OPERATOR, area_id=area_id))
    session.add(token)
    session.flush()
    return f"token:{token.id}", {"Authorization": f"Bearer {secret}"}


def _areas(session: Session, top_code: str, codes: set[str]) -> dict[str, Area]:
    """Return a municipality ("") and its schools, by code."""
    top = Area(kind=AreaKind.MUNICIPALITY, code=top_code, name="Город", path="")
    top.path = f"/{top.id}/"
    session.add(top)
    session.flush()
    found = {"": top}
    for code in sorted(codes):
        area = Area(kind=AreaKind.ORGANISATION, code=code, name=f"Школа {code}", path="", parent_id=top.id)
        area.path = f"{top.path}{area.id}/"
        session.add(area)
        found[code] = area
    session.flush()
    return found


@contextmanager
def serving(core: Core) -> Iterator[str]:
    """Serve on a free port; give the address."""
    listening = open_socket("127.0.0.1", 0)
    server = uvicorn.Server(
        uvicorn.Config(build_app(core), log_config=None, access_log=False, lifespan="off", ws="none")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


class Board:
    """Asks the board of one round the way a browser does."""

    def __init__(self, core: Core, client: httpx.Client, base: Base) -> None:
        self._client, self._base = client, base
        self._url = f"/rounds/{base.round_id}"
        with core.database.reading() as session:
            asked = select(Pair.id, Pair.mentor_id).where(Pair.round_id == base.round_id, Pair.state == "proposed")
            self.pairs = sorted(session.exec(asked.where(col(Pair.group_code).is_(None))).all())
            self._version = session.get_one(Round, base.round_id).version
        self._count = 0
        self._size = 0

    def open(self) -> None:
        """Open the whole board."""
        self._size = len(self._get(self._url))

    def filter(self) -> None:
        """Ask for some pairs, as typing into the search does."""
        self._count += 1
        words = ("ов", "ина", "Школа", "ев", "ко")[self._count % 5]
        self._get(f"{self._url}?q={words}&sort=mentor", part="pairs-table")

    def lock(self) -> None:
        """Lock a pair."""
        self._count += 1
        self._post("decisions", kind="lock", pair=self.pairs[self._count % len(self.pairs)][0])

    def undo(self) -> None:
        """Undo the last decision."""
        self._post("undo")

    def get_ready(self) -> None:
        """Have the plan opened, as the page does once it is there."""
        self._get(f"{self._url}/targets", part="none")

    def mentors(self) -> None:
        """Open the mentors one could move a mentee to."""
        self._count += 1
        self._get(f"{self._url}/moves/{self.pairs[self._count % len(self.pairs)][0]}", part="move")

    def price(self, *, sharper: bool = False) -> None:
        """Ask what a move costs."""
        self._count += not sharper
        at = self._count % len(self.pairs)
        pair, mentor = self.pairs[at][0], self.pairs[(at * 7 + 3) % len(self.pairs)][1]
        more = "&sharper=true" if sharper else ""
        self._get(f"{self._url}/moves/{pair}/price?mentor={mentor}{more}", part="price")

    def _get(self, url: str, *, part: str = "") -> str:
        headers = self._base.headers | ({"HX-Request": "true", "HX-Target": part} if part else {})
        answer = self._client.get(url, headers=headers)
        answer.raise_for_status()
        return answer.text

    def _post(self, what: str, **words: str) -> None:
        headers = self._base.headers | {"HX-Request": "true"}
        answer = self._client.post(
            f"{self._url}/{what}", data={"version": str(self._version), **words}, headers=headers
        )
        if answer.status_code not in (200, 303):
            answer.raise_for_status()
        self._version += 1

    @property
    def size(self) -> int:
        """Return how many characters the whole board has."""
        return self._size


def measure(times: int, work: Callable[[], None]) -> list[float]:
    """Return the seconds of so many calls."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return found


def table(rows: dict[str, list[float]]) -> str:
    """Return the measured seconds as a table."""
    lines = ["| what | times | median, s | worst, s | target, s |", "|---|---|---|---|---|"]
    for name, seconds in rows.items():
        target = TARGETS.get(name.partition(" ")[0], "")
        lines.append(f"| {name} | {len(seconds)} | {statistics.median(seconds):.3f} | {max(seconds):.3f} | {target} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print, or write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--mentees", type=int, default=800)
    parser.add_argument("--mentors", type=int, default=500)
    parser.add_argument("--policy", default="kalmykia")
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--look", type=float, default=2.0, help="seconds one looks at the board before one asks")
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, fresh_database("sqlite", Path(name)) as address:
        core = open_core(Settings(folder=Path(name), database=address), RememberedJobs())
        base = build_base(core, mentees=asked.mentees, mentors=asked.mentors, policy=asked.policy)
        with serving(core) as url, httpx.Client(base_url=url, timeout=120.0) as client:
            board = Board(core, client, base)
            rows = {"board, first": measure(1, board.open), "board": measure(asked.times, board.open)}
            rows["filter"] = measure(asked.times, board.filter)
            rows["lock"] = measure(asked.times, board.lock)
            rows["undo"] = measure(asked.times, board.undo)
            board.get_ready()
            time.sleep(asked.look)
            rows[f"mentors, first ({asked.look:g} s after the board)"] = measure(1, board.mentors)
            rows["mentors"] = measure(asked.times, board.mentors)
            rows["price of a move"] = measure(asked.times, board.price)
            rows["sharper price (in the background)"] = measure(asked.times, lambda: board.price(sharper=True))
            head = f"{asked.mentees} mentees, {asked.mentors} mentors, {len(board.pairs)} individual pairs"
            text = f"{head}; regulation {asked.policy}; board of {board.size // 1024} KiB\n\n{table(rows)}\n"
        core.database.close()
    print(text)
    if asked.write is not None:
        asked.write.write_text(f"# The review board of a city\n\n{text}", encoding="utf-8")


if __name__ == "__main__":
    main()
