"""The year's sessions of a large round, municipality by municipality, over the workers of a cluster.

Everybody has one mentor, so a mentor's pairs share nobody with those of others: the municipalities of the mentors can
be planned apart. Rooms belong to organisations; the video licences of the country are shared out by pairs.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from distributed import Client

from matcher.generate.timetables import generate_busy
from matcher.io.plan_json import plan_lines
from matcher.io.read_timetables import read_weeks
from matcher.io.write_timetables import write_timetables
from matcher.io.writing import make_folder, writing
from matcher.judge.verify_plan import verify_plan
from matcher.plan import Plan
from matcher.planning import make_plan, usual_term
from matcher.policy import Policy
from matcher.roster import Lock, LockStatus, Roster
from scenarios.cluster import Finished, Job, run_all
from scenarios.materials import DEFAULT_YEAR
from scenarios.program import program_hash

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much is done for one municipality: seconds at most, units of work at most, the seed of made-up timetables.

    ``year`` is that in which the school year begins, ``calendar`` that of the terms.
    """

    time_limit: float = 60.0
    work_limit: int | None = None
    seed: int = 1
    year: int = DEFAULT_YEAR
    calendar: str = "quarters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A municipality with the pairs of its mentors (mentor, mentee)."""

    name: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TownRow:
    """What became of one municipality. ``sessions`` of ``wanted`` were placed; ``violations`` found the judge."""

    name: str
    digest: str
    pairs: int
    sessions: int
    wanted: int
    violations: int
    seconds: float


def towns_of(roster: Roster, pairs: Sequence[tuple[str, str]]) -> list[Town]:
    """Return the municipalities that have pairs, the largest first: the long work begins early."""
    place = {found.id: (found.region, found.municipality) for found in roster.organisations}
    home = {person.id: place.get(person.organisation, ("", "")) for person in roster.people}
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for mentor, mentee in pairs:
        found.setdefault(home[mentor], []).append((mentor, mentee))
    order = sorted(found, key=lambda key: (-len(found[key]), key))
    return [Town(name=" · ".join(filter(None, key)), pairs=tuple(sorted(found[key]))) for key in order]


class TownRosters:
    """The rosters of municipalities, cut out of that of the country."""

    def __init__(self, roster: Roster, towns: Sequence[Town]) -> None:
        self._roster = roster
        self._licences = {pool.id: shares_of(pool.count, towns) for pool in roster.licences}
        self._people = {person.id: person for person in roster.people}
        self._mentors = {mentor.person: mentor for mentor in roster.mentors}
        self._mentees = {mentee.person: mentee for mentee in roster.mentees}
        self._organisations = {found.id: found for found in roster.organisations}
        self._sites = _by(roster.sites, lambda site: site.organisation)
        self._rooms = _by(roster.rooms, lambda room: room.site)
        self._consents = _by(roster.consents, lambda row: row.person)
        self._absences = _by(roster.absences, lambda row: row.person)
        self._availability = _by(roster.availability, lambda row: row.person)

    def of(self, town: Town) -> Roster:
        """Return the people of a town's pairs and all they need, the pairs agreed on."""
        mentors = list(dict.fromkeys(mentor for mentor, _ in town.pairs))
        mentees = [mentee for _, mentee in town.pairs]
        people = [self._people[id_] for id_ in (*mentors, *mentees)]
        organisations = sorted({person.organisation for person in people} & self._organisations.keys())
        sites = [site for id_ in organisations for site in self._sites.get(id_, ())]
        known = {site.id for site in sites}
        return Roster(
            organisations=tuple(self._organisations[id_] for id_ in organisations),
            sites=tuple(sites),
            travel=tuple(t for t in self._roster.travel if {t.from_site, t.to_site} <= known),
            people=tuple(people),
            mentors=tuple(self._mentors[id_] for id_ in mentors),
            mentees=tuple(self._mentees[id_] for id_ in mentees),
            locks=tuple(Lock(mentor=m, mentee=n, status=LockStatus.AGREED) for m, n in town.pairs),
            rooms=tuple(room for site in sites for room in self._rooms.get(site.id, ())),
            licences=tuple(replace(pool, count=self._licences[pool.id][town.name]) for pool in self._roster.licences),
            contracts=tuple(c for c in self._roster.contracts if {c.organisation, c.partner} <= set(organisations)),
            consents=tuple(row for person in people for row in self._consents.get(person.id, ())),
            absences=tuple(row for person in people for row in self._absences.get(person.id, ())),
            availability=tuple(row for person in people for row in self._availability.get(person.id, ())),
        )


def shares_of(count: int, towns: Sequence[Town]) -> dict[str, int]:
    """Return what each municipality has of a pool: one each as far as it goes, the rest by pairs; together the pool.

    >>> towns = [Town(name="A", pairs=(("m", "n"),) * 3), Town(name="B", pairs=(("m", "n"),))]
    >>> shares_of(6, towns)
    {'A': 4, 'B': 2}
    """
    order = sorted(towns, key=lambda town: (-len(town.pairs), town.name))
    shares = {town.name: int(place < count) for place, town in enumerate(order)}
    rest, total = max(0, count - len(order)), max(1, sum(len(town.pairs) for town in order))
    exact = {town.name: rest * len(town.pairs) / total for town in order}
    for name, part in exact.items():
        shares[name] += int(part)
    left = rest - sum(int(part) for part in exact.values())
    for name in sorted(exact, key=lambda name: (int(exact[name]) - exact[name], name))[:left]:
        shares[name] += 1
    return shares


def _by(rows: Iterable[T], owner: Callable[[T], str]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for row in rows:
        found.setdefault(owner(row), []).append(row)
    return found


def plan_towns(
    client: Client,
    roster: Roster,
    policy: Policy,
    pairs: Sequence[tuple[str, str]],
    folder: Path,
    *,
    effort: Effort | None = None,
    resume: bool = False,
    most: int | None = None,
    on_start: Callable[[int], None] | None = None,
) -> Generator[TownRow, None, None]:
    """Plan the year of every municipality on the cluster and yield each as it is finished and kept in ``folder``.

    A municipality is kept as ``NAME.json`` (its plan) and, written last, ``NAME.row.json``; with ``resume`` those that
    are there from the same pairs and the same program are not planned again. ``most`` plans that many at most.

    Raises
    ------
    InputError
        When the folder cannot be written to, or a roster has faults.
    """
    make_folder(folder)
    effort = effort or Effort()
    everything = towns_of(roster, pairs)
    rosters = TownRosters(roster, everything)
    towns = everything[:most]
    stem = {town.name: f"{place:05d}" for place, town in enumerate(towns, start=1)}
    waiting: dict[str, Town] = {}
    for town in towns:
        row = _kept(folder / f"{stem[town.name]}.row.json") if resume else None
        if row is not None and row.digest == _digest(town, effort):
            yield row
        else:
            waiting[stem[town.name]] = town
    if on_start is not None:
        on_start(len(waiting))
    jobs = (
        Job(key=key, argument=pickle.dumps((town, rosters.of(town), effort)), shared=("policy",))
        for key, town in waiting.items()
    )
    for done in run_all(client, plan_town, jobs, shared={"policy": policy}):
        yield _keep(folder, done)


def plan_town(argument: bytes, policy: Policy) -> tuple[TownRow, bytes]:
    """Return the row and the plan of one municipality: pairs stay as agreed, their sessions are planned and judged."""
    town, roster, effort = pickle.loads(argument)
    began = time.perf_counter()
    plan = plan_year(roster, policy, effort)
    schedule = plan.schedule
    assert schedule is not None
    row = TownRow(
        name=town.name,
        digest=_digest(town, effort),
        pairs=len(plan.pairs),
        sessions=len(schedule.sessions),
        wanted=len(schedule.sessions) + sum(len(found.numbers) for found in schedule.unplaced),
        violations=len(verify_plan(plan).violations),
        seconds=time.perf_counter() - began,
    )
    return row, "".join(plan_lines(plan)).encode()


def plan_year(roster: Roster, policy: Policy, effort: Effort) -> Plan:
    """Return the plan of a roster's pairs over the school year, with made-up timetables."""
    with tempfile.TemporaryDirectory(prefix="town-") as name:
        maps = list(write_timetables(roster, generate_busy(roster, seed=effort.seed), Path(name)))
        busy, weeks, _ = read_weeks(maps, roster, calendar=effort.calendar, year=effort.year)
    return make_plan(
        roster,
        policy,
        busy=busy,
        timetables=weeks,
        term=usual_term(policy, weeks),
        time_limit=effort.time_limit,
        work_limit=effort.work_limit,
        seed=effort.seed,
    )


def _keep(folder: Path, done: Finished[tuple[TownRow, bytes]]) -> TownRow:
    if done.value is None:
        raise RuntimeError(f"municipality {done.key} could not be planned") from done.error
    row, plan = done.value
    with writing(folder):
        _write(folder / f"{done.key}.json", plan)
        _write(folder / f"{done.key}.row.json", json.dumps(asdict(row), ensure_ascii=False).encode())
    return row


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(path)


def _kept(path: Path) -> TownRow | None:
    if not path.is_file():
        return None
    values: dict[str, Any] = json.loads(path.read_bytes())
    return TownRow(**values)


def _digest(town: Town, effort: Effort) -> str:
    """Return what a kept result has to agree with: pairs, effort and program."""
    told = json.dumps([town.name, town.pairs, asdict(effort), program_hash()], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:24]
