"""Makes the attempts of one sort after the other and says what was wrong with the answers."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from service.rights.rules import Rule, read_rules
from service.tables.access import Role
from service.web.protection import HEADERS
from tests.service.quality.attempts import MALFORMED, MISSING, Operation, Place, operations, texts_of
from tests.service.quality.world import Tenant, World

_HEX = re.compile(rb"[0-9a-f]{32}")
SLOW = ("exports/", "explanations/")
"""Routes that start a process when they are allowed: tried with their own ids once a role of theirs, not more."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request of somebody, with an id of another school at one place (``what`` says of which sort it is)."""

    operation: Operation
    viewer: str
    role: Role
    headers: Mapping[str, str]
    what: str
    foreign: tuple[Tenant, ...]
    place: Place | None = None
    value: str | None = None


@dataclass(slots=True)
class Tally:
    """What came of the attempts."""

    made: Counter[str] = field(default_factory=Counter)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    sharp: dict[tuple[str, Place], set[int]] = field(default_factory=lambda: defaultdict(set))
    """Operation and place of its path → statuses of those whose role has the route."""
    told: dict[tuple[str, Place, str], dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """Operation, place, viewer → sort of attempt → the answer: what is others' and what is not look the same."""


def attempts_of(world: World, *, seed: int = 0) -> list[Attempt]:
    """Return every attempt there is, in an order that a seed decides."""
    document = world.house.client.app.openapi()  # type: ignore[attr-defined]
    viewers = list(world.viewers())
    found = [
        attempt
        for operation in operations(document)
        for name, role, area, headers in viewers
        for attempt in _of_operation(world, operation, name, role, area, headers)
    ]
    for name, role, headers in world.others():
        for operation in operations(document):
            found += _of_beside(world, operation, name, role, headers)
    random.Random(seed).shuffle(found)
    return found


def _of_beside(
    world: World, operation: Operation, name: str, role: Role, headers: Mapping[str, str]
) -> Iterator[Attempt]:
    """Yield attempts of people of the same school to see what another pair has for itself."""
    rule, strangers = _rule(operation), (world.beside,)
    if rule is None or role not in rule.roles:
        return
    personal = {place: kind for place, kind in operation.places.items() if kind in world.beside.ids}
    if not any(place[0] == "path" for place in personal) and operation.method == "GET":
        yield Attempt(operation, name, role, headers, "list", strangers)
    for place, kind in personal.items():
        yield Attempt(operation, name, role, headers, f"beside {place[0]}", strangers, place, world.beside.one(kind))


def _of_operation(
    world: World, operation: Operation, name: str, role: Role, area: str, headers: Mapping[str, str]
) -> Iterator[Attempt]:
    rule = _rule(operation)
    strangers = tuple(world.foreign_to(area))
    if rule is None:
        return
    allowed = rule.public or rule.signed_in or role in rule.roles
    if allowed and not (any(word in operation.path for word in SLOW) and role is not Role.CURATOR):
        yield Attempt(operation, name, role, headers, "own", strangers)
    for place, kind in operation.places.items():
        for stranger in strangers:
            for value in stranger.ids[kind][:2]:
                yield Attempt(operation, name, role, headers, f"foreign {place[0]}", strangers, place, value)
        if allowed:
            yield Attempt(operation, name, role, headers, f"missing {place[0]}", strangers, place, MISSING)
            word = MALFORMED[len(operation.name) % len(MALFORMED)]
            yield Attempt(operation, name, role, headers, f"malformed {place[0]}", strangers, place, word)


def _rule(operation: Operation) -> Rule | None:
    """Return the rule of an operation; of samples in its path ("/registers/mentors/xlsx") too."""
    return _rule_of(operation.method, operation.path)


@cache
def _rule_of(asked_method: str, asked_path: str) -> Rule | None:
    rules = read_rules()
    if (asked_method, asked_path) in rules:
        return rules[asked_method, asked_path]
    for (method, path), rule in rules.items():
        pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path))
        if method == asked_method and re.fullmatch(pattern, asked_path):
            return rule
    return None


def sample_of(found: list[Attempt], number: int) -> list[Attempt]:
    """Return so many attempts, with every place of every operation tried by those whose role has the route."""
    first, rest = [], []
    chosen: dict[tuple[str, Place | None], str] = {}
    for attempt in found:
        rule = _rule(attempt.operation)
        allowed = rule is not None and (rule.signed_in or attempt.role in rule.roles)
        key = (attempt.operation.name, attempt.place)
        if allowed and chosen.setdefault(key, attempt.viewer) == attempt.viewer:
            first.append(attempt)
        else:
            rest.append(attempt)
    return [*first, *rest[: max(0, number - len(first))]]


def make_attempts(world: World, attempts: Iterable[Attempt]) -> Tally:
    """Make the attempts and return what came of them."""
    tally = Tally()
    ids = {
        tenant.area: {id_.encode() for kind, found in tenant.ids.items() if kind != "municipality" for id_ in found}
        for tenant in (*world.tenants.values(), world.beside)
    }
    for attempt in attempts:
        _make(world, attempt, tally, ids)
    for (operation, place, viewer), answers in tally.told.items():
        if len(set(answers.values())) > 1:
            tally.wrong.append(f"tells what there is: {operation} by {viewer}, {place}: {answers}")
    return tally


def _make(world: World, attempt: Attempt, tally: Tally, ids: Mapping[str, set[bytes]]) -> None:
    own = world.tenants["s11"]
    operation, place = attempt.operation, attempt.place
    given = {} if place is None or attempt.value is None else {place: attempt.value}
    asked = operation.request(own, given)
    asked["headers"] |= attempt.headers
    answer = world.house.client.request(**asked)
    tally.made[attempt.what] += 1
    tally.statuses[attempt.what, answer.status_code] += 1
    said = f"{operation.name} by {attempt.viewer}, {attempt.what} {place}: {answer.status_code} {answer.text[:200]}"
    if answer.status_code >= 500:
        tally.wrong.append(f"an error of the program: {said}")
    bare = [name for name in HEADERS if name not in answer.headers]
    if bare:
        tally.wrong.append(f"without the headers {bare}: {said}")
    rule = _rule(operation)
    assert rule is not None
    if not rule.public and "no-store" not in answer.headers.get("cache-control", ""):
        tally.wrong.append(f"may be stored: {said}")
    allowed = rule.public or rule.signed_in or attempt.role in rule.roles
    if not allowed and answer.status_code != 403:
        tally.wrong.append(f"a role without this route is not refused: {said}")
    if attempt.what == "beside path" and answer.status_code not in (403, 404):
        tally.wrong.append(f"not refused: {said}")
    if allowed and attempt.what == "foreign path":
        assert place is not None
        tally.sharp[operation.name, place].add(answer.status_code)
        if answer.status_code not in (403, 404, 422, 428):
            tally.wrong.append(f"not refused: {said}")
    if allowed and attempt.what == "foreign body" and answer.status_code < 400:
        tally.wrong.append(f"taken: {said}")
    if allowed and place is not None and attempt.value is not None and attempt.what.startswith(("foreign", "missing")):
        told = answer.text.replace(attempt.value, "ID") if answer.status_code >= 400 else "taken"
        tally.told[operation.name, place, attempt.viewer][attempt.what.partition(" ")[0]] = (
            f"{answer.status_code} {told}"
        )
    _search(attempt, asked, answer, tally, ids, said)


def _search(
    attempt: Attempt, asked: Mapping[str, Any], answer: Any, tally: Tally, ids: Mapping[str, set[bytes]], said: str
) -> None:
    """Look for words and ids of other schools in an answer, its headers included."""
    request = repr({name: value for name, value in asked.items() if name != "headers"}).encode()
    headers = repr(sorted(answer.headers.items())).encode()
    for content in (headers, *texts_of(answer.content)):
        folded = content.lower()
        for stranger in attempt.foreign:
            if stranger.word.encode() in folded:
                tally.wrong.append(f"says the word of {stranger.area}: {said}")
            leaked = (set(_HEX.findall(folded)) & ids[stranger.area]) - set(_HEX.findall(request))
            if leaked:
                kinds = {kind for kind, found in stranger.ids.items() for id_ in found if id_.encode() in leaked}
                tally.wrong.append(f"names {sorted(kinds)} of {stranger.area}: {said}")
