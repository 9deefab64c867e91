"""Many people edit the same rounds at once (L2): how long each waits, and whether every decision is kept.

    python -m benchmarks.service.editors --users 50 --rounds 5 --minutes 5 --database postgresql

Each looks at the review board of his round, thinks half a second to five seconds, and locks a pair or releases it,
forbids one, gives a mentee another mentor at the price he was shown, or undoes what was decided last, at the addresses
of the page itself. He tells the version he has seen; where somebody was faster ("stale"), he reads anew and tries again
at once, ten times at most. At the end the decisions in the database have to be those that were acknowledged: none lost,
none doubled, no two upon the same version, and what is locked is what the decisions say. Everything runs on this
machine: server, database, and the users themselves.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from sqlmodel import Session, col, select

from benchmarks.service.bases import fresh_database
from benchmarks.service.board import add_operator, add_round, plan_of_city
from benchmarks.service.living import House, new_house
from benchmarks.service.users import PATIENCE, Answer, Line, Waited, add_page, quantile, without_ids
from matcher.texts import say
from service.audit import broken_links
from service.core import Core
from service.errors import stale
from service.rounds.decided import read_decided
from service.rounds.desk import standing_pairs
from service.rounds.life import LIVE, OPEN
from service.tables.rounds import Decision, Round

RESULTS = Path(__file__).parents[1] / "results" / "service_editors.md"
POLICY = "kalmykia"
TARGET = 800.0
"""Milliseconds within which 99 of 100 edits are to be answered."""
MOST_TRIES = 10
THINK = (0.5, 5.0)
"""Seconds somebody thinks between two edits, at least and at most."""
_WISHES = {"lock": 50, "undo": 25, "move": 15, "forbid": 10}
_STALE = say(stale().title, "en").encode()
_VERSION = re.compile(rb'name="version" value="(\d+)"')
_SEEN = re.compile(rb'name="seen" value="(\d+)"')
_PLAN = re.compile(rb'name="plan" value="([^"]*)"')
_ROW = b'<tr id="pair-'
_HTMX = {"HX-Request": "true"}


@dataclass(frozen=True, slots=True)
class Editor:
    """Somebody who edits a round; ``actor`` is the word under which his decisions are kept."""

    actor: str
    headers: dict[str, str]
    round_id: str


@dataclass(frozen=True, slots=True)
class Row:
    """A pair as the board shows it, with what it offers to do."""

    pair_id: str
    seen: str
    is_locked: bool
    may_lock: bool
    may_move: bool
    may_forbid: bool


@dataclass(slots=True)
class View:
    """What somebody has before his eyes."""

    version: int
    rows: list[Row]
    may_undo: bool


@dataclass(frozen=True, slots=True)
class Done:
    """An edit that was acknowledged, and the version it rested on: of the round, or of the pair it was about."""

    round_id: str
    actor: str
    kind: str
    pair_id: str
    upon: str


@dataclass
class Edited:
    """What the editors were told.

    ``edits`` and ``reads`` are the times of the answers, by kind and by address; ``server_seconds`` what of a processor
    the server took, which hardly depends on what else the machine does.
    """

    edits: Waited = field(default_factory=Waited)
    reads: Waited = field(default_factory=Waited)
    done: list[Done] = field(default_factory=list)
    stale: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    given_up: Counter[str] = field(default_factory=Counter)
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    server_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Judged:
    """What is not as it must be in the database."""

    lost: int
    doubled: int
    faults: list[str]


def view_of(page: bytes) -> View:
    """Return what a board shows."""
    version = _VERSION.search(page)
    rows = []
    for part in page.split(_ROW)[1:]:
        head, _, rest = part.partition(b">")
        rest = rest.partition(b"</tr>")[0]
        rows.append(
            Row(
                pair_id=head[:32].decode(),
                seen=seen[1].decode() if (seen := _SEEN.search(rest)) else "",
                is_locked=b'class="locked"' in head,
                may_lock=b'value="lock"' in rest or b'value="unlock"' in rest,
                may_move=b"data-open-move=" in rest,
                may_forbid=b'value="forbid"' in rest,
            )
        )
    return View(0 if version is None else int(version[1]), rows, b'id="undo" disabled' not in page)


class Hands:
    """One editor at his browser."""

    def __init__(self, port: int, editor: Editor, edited: Edited, rng: random.Random) -> None:
        self._line = Line(port, {"Accept": "text/html", "Accept-Language": "en", **editor.headers})
        self._editor, self._edited, self._rng = editor, edited, rng
        self._url = f"/rounds/{editor.round_id}"
        self._start = 0
        self._view = View(0, [], False)

    async def work(self, ends: float, think: tuple[float, float]) -> None:
        """Edit until it ends, and think between two edits."""
        await asyncio.sleep(self._rng.uniform(0, think[1]))
        self._start = 50 * self._rng.randrange(3)
        await self._look()
        await self._read(f"{self._url}/targets")
        while time.monotonic() < ends:
            await asyncio.sleep(self._rng.uniform(*think))
            (wish,) = self._rng.choices(list(_WISHES), list(_WISHES.values()))
            for _ in range(MOST_TRIES):
                if await self._try(wish):
                    break
            else:
                self._edited.given_up[wish] += 1
        self._line.close()

    async def _try(self, wish: str) -> bool:
        """Do one thing that the board offers; say whether that is settled, one way or the other."""
        view = self._view
        if wish == "undo":
            if not view.may_undo:
                return True
            return await self._send("undo", f"{self._url}/undo", {}, "")
        rows = [one for one in view.rows if getattr(one, f"may_{wish}") and not (wish == "forbid" and one.is_locked)]
        if not rows:
            self._start = 0
            await self._look()
            return True
        row = self._rng.choice(rows)
        if wish == "move":
            return await self._move(row)
        kind = wish if wish == "forbid" else "unlock" if row.is_locked else "lock"
        return await self._send(
            kind, f"{self._url}/decisions", {"kind": kind, "pair": row.pair_id, "seen": row.seen}, row.pair_id
        )

    async def _move(self, row: Row) -> bool:
        """Drag a mentee, drop him on a mentor who may, look at the price, and do it."""
        found = await self._read(f"{self._url}/targets/{row.pair_id}")
        if found.status != 200:
            await self._look()
            return True
        free = re.findall(rb'"([0-9a-f]{32})":\{[^{}]*"may":true,"place":true', found.body)
        if not free:
            return True
        mentor = self._rng.choice(free).decode()
        price = await self._read(f"{self._url}/moves/{row.pair_id}/price?mentor={mentor}", _HTMX)
        version, plan = _VERSION.search(price.body), _PLAN.search(price.body)
        if version is None or plan is None:
            return True
        self._view.version = int(version[1])
        form = {"mentor": mentor, "plan": html.unescape(plan[1].decode())}
        return await self._send("move", f"{self._url}/moves/{row.pair_id}", form, "")

    async def _send(self, kind: str, address: str, form: dict[str, str], pair_id: str) -> bool:
        """Send an edit, note what came of it, and look again; say whether it is settled."""
        edited, version = self._edited, self._view.version
        is_part = kind in ("lock", "unlock")
        began = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self._line.post(address, {"version": str(version), **form}, _HTMX if is_part else {})
        except (OSError, EOFError, TimeoutError) as error:
            edited.errors[f"{type(error).__name__} {kind}"] += 1
            edited.unknown[self._editor.actor, kind] += 1
            self._line.close()
            return True
        edited.edits.note(kind, answer, time.perf_counter() - began)
        is_stale = _STALE in answer.body
        if is_stale:
            edited.stale[kind] += 1
        elif answer.status == 303 or (answer.status == 200 and b'role="alert"' not in answer.body):
            pair_id = answer.place.rpartition("#pair-")[2] if answer.status == 303 and kind != "forbid" else pair_id
            upon = f"version {form['seen']} of pair {pair_id}" if "seen" in form else f"version {version}"
            edited.done.append(Done(self._editor.round_id, self._editor.actor, kind, pair_id, upon))
        elif answer.status in (200, 409):
            edited.refused[kind] += 1
        else:
            edited.errors[f"{answer.status} {kind}: {answer.body[:160].decode(errors='replace')}"] += 1
        if is_part and answer.status == 200:
            self._take_row(answer.body)
        elif _ROW in answer.body:
            self._view = view_of(answer.body)  # a board that says why not is read anew already
        else:
            await self._look()
        return not is_stale

    def _take_row(self, part: bytes) -> None:
        """Put the row that came into the board; its version is that of every form of the page."""
        found = view_of(part)
        rows = {one.pair_id: one for one in (*self._view.rows, *found.rows)}
        self._view = View(max(found.version, self._view.version), list(rows.values()), True)

    async def _look(self) -> None:
        """Read the board anew."""
        answer = await self._read(f"{self._url}?start={self._start}" if self._start else self._url)
        if answer.status == 200:
            self._view = view_of(answer.body)

    async def _read(self, address: str, headers: dict[str, str] | None = None) -> Answer:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self._line.get(address, headers or {})
        except (OSError, EOFError, TimeoutError) as error:
            self._edited.errors[f"{type(error).__name__} {without_ids(address)}"] += 1
            self._line.close()
            return Answer(0, b"")
        self._edited.reads.note(without_ids(address), answer, time.perf_counter() - began)
        if answer.status >= 400 and answer.status != 404:  # a pair that is gone meanwhile is none
            self._edited.errors[f"{answer.status} {without_ids(address)}"] += 1
        return answer


def build_editors(core: Core, *, users: int, rounds: int, mentees: int, mentors: int) -> list[Editor]:
    """Fill a service with rounds of cities and with those who edit them, each one of the rounds."""
    plan = plan_of_city(mentees, mentors, POLICY)
    editors = []
    with core.database.writing() as session:
        made = [add_round(session, core, plan, POLICY, f"M-{number}") for number in range(rounds)]
        for number in range(users):
            round_ = made[number % rounds]
            actor, headers = add_operator(session, round_.area_id, f"editor-{number}@example.org")
            editors.append(Editor(actor, headers, round_.id))
    return editors


async def edit(port: int, editors: list[Editor], seconds: float, think: tuple[float, float] = THINK) -> Edited:
    """Let everybody edit for so long; return what they were told."""
    edited, ends = Edited(), time.monotonic() + seconds
    hands = [Hands(port, one, edited, random.Random(number)) for number, one in enumerate(editors)]
    await asyncio.gather(*(one.work(ends, think) for one in hands))
    return edited


def judge(core: Core, edited: Edited) -> Judged:
    """Compare what is kept with what was acknowledged."""
    told = Counter((one.round_id, one.actor, one.kind, one.pair_id) for one in edited.done)
    upon = Counter((one.round_id, one.upon) for one in edited.done)
    faults = [f"{count} edits upon {what} in a round" for (_, what), count in upon.items() if count > 1]
    with core.database.reading() as session:
        rows = session.exec(select(Decision).order_by(col(Decision.number))).all()
        kept = Counter((one.round_id, one.made_by, one.kind, one.pair_id or "") for one in rows)
        numbers: dict[str, list[int]] = defaultdict(list)
        for one in rows:
            numbers[one.round_id].append(one.number)
        faults += [f"numbers of round {id_}: {ns}" for id_, ns in numbers.items() if ns != list(range(1, len(ns) + 1))]
        for round_ in session.exec(select(Round)):
            faults += _against_locks(session, core, round_)
        faults += [f"audit trail broken at {number}" for number in broken_links(session)]
    extra: Counter[tuple[str, str]] = Counter()
    for (_, actor, kind, _), count in (kept - told).items():
        extra[actor, kind] += count
    return Judged((told - kept).total(), (extra - edited.unknown).total(), faults)


def _against_locks(session: Session, core: Core, round_: Round) -> list[str]:
    """Return where what is locked is not what the decisions that stand say."""
    pairs = standing_pairs(session, round_.id, (*OPEN, *LIVE))
    decided = read_decided(session, core.vault, round_.id)
    standing = {(one.mentor_id, one.mentee_id) for one in pairs}
    locked = {(one.mentor_id, one.mentee_id) for one in pairs if one.locked}
    found = []
    if locked != decided.locked & standing:
        found.append(f"round {round_.id}: {len(locked)} pairs locked, {len(decided.locked & standing)} by decisions")
    if standing & decided.forbidden:
        found.append(f"round {round_.id}: {len(standing & decided.forbidden)} pairs stand that are forbidden")
    return found


def tried(kind: str, *, users: int, rounds: int, mentees: int, mentors: int, seconds: float) -> tuple[Edited, Judged]:
    """Build the rounds, start the service on them, let everybody edit, and judge what is kept."""
    folder = Path(tempfile.mkdtemp(prefix="matcher-trial-"))
    folder.chmod(0o755)
    with fresh_database(kind, folder) as url, new_house(folder / "house", url, schools=0, workers=0) as house:
        began = time.monotonic()
        editors = build_editors(house.core, users=users, rounds=rounds, mentees=mentees, mentors=mentors)
        print(f"{kind}: {rounds} rounds in {time.monotonic() - began:.0f} s", flush=True)
        return _edited(house, editors, seconds)


def _edited(house: House, editors: list[Editor], seconds: float) -> tuple[Edited, Judged]:
    house.start_server()
    assert house.server is not None
    before = processor_seconds(house.server.pid)
    edited = asyncio.run(edit(house.core.settings.port, editors, seconds))
    edited.server_seconds = processor_seconds(house.server.pid) - before
    return edited, judge(house.core, edited)


def processor_seconds(pid: int) -> float:
    """Return how many seconds of a processor a process has taken."""
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def table_of(title: str, edited: Edited, judged: Judged, seconds: float) -> str:
    """Return what came of it as a page."""
    times = edited.edits.all_seconds
    most = 1000 * times[-1] if times else 0
    lines = [
        f"## {title}",
        "",
        f"{len(times):,} edits asked for ({len(times) / seconds:.1f} a second), {len(edited.done):,} acknowledged: "
        f"p50 {quantile(times, 0.5):.0f} ms, p95 {quantile(times, 0.95):.0f} ms, "
        f"**p99 {quantile(times, 0.99):.0f} ms** (target {TARGET:.0f}), worst {most:.0f} ms. "
        f"Stale {edited.stale.total():,}, refused by rules {edited.refused.total():,}, given up after {MOST_TRIES} "
        f"tries {edited.given_up.total():,}; **lost {judged.lost}, doubled {judged.doubled}, "
        f"errors {edited.errors.total()}**. The server took {edited.server_seconds:.0f} s of a processor for "
        f"{len(times) + len(edited.reads.all_seconds):,} answers.",
        "",
        *(f"* {fault}" for fault in judged.faults),
        *(f"* {count} × {words}" for words, count in edited.errors.most_common(10)),
        "",
        "| what | answers | p50, ms | p95, ms | p99, ms | worst, ms | acknowledged | stale | given up |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    done = Counter(one.kind for one in edited.done)
    for waited, is_edit in ((edited.edits, True), (edited.reads, False)):
        for name, found in sorted(waited.seconds.items()):
            found.sort()
            cells = [f"{quantile(found, share):.0f}" for share in (0.5, 0.95, 0.99)] + [f"{1000 * found[-1]:.0f}"]
            more = [f"{one[name]:,}" for one in (done, edited.stale, edited.given_up)] if is_edit else ["", "", ""]
            lines.append(f"| {name if is_edit else f'`{name}`'} | {len(found):,} | {' | '.join((*cells, *more))} |")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def main() -> int:
    """Try one database and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--mentees", type=int, default=160, help="of each round")
    parser.add_argument("--mentors", type=int, default=100, help="of each round")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--write", action="store_true", help=f"add it to {RESULTS.name}")
    asked = parser.parse_args()
    seconds = 60 * asked.minutes
    sizes = {"users": asked.users, "rounds": asked.rounds, "mentees": asked.mentees, "mentors": asked.mentors}
    edited, judged = tried(asked.database, seconds=seconds, **sizes)
    title = (
        f"{asked.database}: {asked.users} users, {asked.rounds} rounds of {asked.mentees} + {asked.mentors} people, "
        f"{asked.minutes:g} minutes"
    )
    page = table_of(title, edited, judged, seconds)
    print(page)
    if asked.write:
        add_page(RESULTS, "Many people edit at once", __doc__, page)
    return 1 if judged.lost or judged.doubled or judged.faults or edited.errors else 0


if __name__ == "__main__":
    sys.exit(main())
