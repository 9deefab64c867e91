"""The same input and seed give the same plan (R12), under a limit of work instead of time."""

from __future__ import annotations

import hashlib
import json
import os

from matcher.io.plan_json import plan_lines
from matcher.io.policy_toml import read_policy
from matcher.planning import make_plan
from tests.service.rounds.conftest import small_roster

TIMES = int(os.environ.get("MATCHER_REPEATS", "50"))


def test_fifty_plans_are_one() -> None:
    roster, policy = small_roster(), read_policy("kalmykia")
    found = set()
    for _ in range(TIMES):
        plan = make_plan(roster, policy, work_limit=3, seed=7)
        said = json.loads("".join(plan_lines(plan)))
        del said["timings"]
        found.add(hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest())
    assert len(found) == 1
