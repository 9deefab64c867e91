"""The rules of the judge are a second reading: they share no code with the rooms they judge."""

from __future__ import annotations

import subprocess
import sys

LOADED = """
import sys
import matcher.judge.verdict
strange = ("matcher.candidates", "matcher.pairing.solve", "matcher.pairing.flow", "matcher.pairing.integer",
           "ortools", "scipy", "networkx")
print([name for name in sys.modules if name.startswith(strange)])
"""


RULES_OF_MEETINGS = """
import sys
import matcher.judge.schedule.verdict
strange = ("matcher.scheduling", "matcher.sessions.problem", "matcher.sessions.solve", "matcher.candidates",
           "ortools", "scipy", "networkx")
print([name for name in sys.modules if name.startswith(strange)])
"""


def test_the_rules_load_neither_candidates_nor_solvers() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_rules_of_meetings_load_nothing_that_plans_them() -> None:
    done = subprocess.run([sys.executable, "-c", RULES_OF_MEETINGS], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
