"""Two curators at one round: nothing is lost, whoever comes late is told (R9)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from typing import Any

from tests.service.conftest import House
from tests.service.rounds.conftest import Case, build_case

STEPS = 4
SCHEDULES = list(combinations(range(2 * STEPS), STEPS))


class Curator:
    """Somebody who reads, then acts on what he has read, then reads again."""

    def __init__(self, case: Case, acts: list[tuple[str, str, dict[str, Any]]]) -> None:
        self.case, self.acts, self.seen = case, acts, 0
        self.headers = case.house.headers("curator")
        self.done: list[dict[str, Any]] = []

    def take(self, number: int) -> None:
        """Take a step: an even one reads, an odd one writes; a writer must succeed exactly when what he saw holds."""
        client, present = self.case.house.client, self.case.row().version
        if number % 2 == 0:
            self.seen = int(client.get(self.case.url, headers=self.headers).headers["etag"].strip('"'))
            assert self.seen == present
            return
        method, path, body = self.acts[number // 2]
        headers = {**self.headers, "If-Match": f'"{self.seen}"'}
        answer = client.request(method, self.case.url + path, json=body, headers=headers)
        if self.seen == present:
            assert answer.status_code in (200, 201), answer.text
            assert self.case.row().version == present + 1
            self.done.append(body)
        else:
            assert (answer.status_code, answer.json()["type"]) == (409, "/problems/stale")
            assert self.case.row().version == present


def test_every_order_of_two_times_four_steps(sqlite_house: House) -> None:
    assert len(SCHEDULES) == 70
    case = build_case(sqlite_house)
    for own in SCHEDULES:
        first, second, third, *_ = case.pairs()
        name = f"Round {own}"
        one = Curator(case, [("POST", "/decisions", {"kind": "lock", "pair": first.id}), ("PATCH", "", {"name": name})])
        other = Curator(
            case,
            [
                ("POST", "/decisions", {"kind": "lock", "pair": second.id}),
                ("POST", "/decisions", {"kind": "lock", "pair": third.id}),
            ],
        )
        taken = {id(one): 0, id(other): 0}
        for at in range(2 * STEPS):
            who = one if at in own else other
            who.take(taken[id(who)])
            taken[id(who)] += 1
        locked = {pair.id for pair in case.pairs() if pair.locked}
        assert locked == {body["pair"] for body in (*one.done, *other.done) if "pair" in body}
        assert (case.row().name == name) == ({"name": name} in one.done)
        for pair_id in locked:
            assert case.act(one.headers, kind="unlock", pair=pair_id).status_code == 201


def test_of_two_at_the_same_moment_one_is_told(house: House) -> None:
    case = build_case(house)
    curators = [house.headers("curator") for _ in range(4)]
    pairs = case.pairs()[:4]
    for _ in range(3):
        version = case.row().version

        def act(index: int, version: int = version) -> int:
            kind = "unlock" if case.pairs()[index].locked else "lock"
            body = {"kind": kind, "pair": pairs[index].id}
            status: int = case.post("decisions", curators[index], body, version=version).status_code
            return status

        with ThreadPoolExecutor(4) as pool:
            answers = sorted(pool.map(act, range(len(pairs))))
        assert answers == [201, *[409] * (len(pairs) - 1)]
        assert case.row().version == version + 1
