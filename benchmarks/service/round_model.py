"""A round driven at random against its model (R11), in any size: runs and steps of each.

Run it as ``python -m benchmarks.service.round_model 300 30``; where a law is broken it ends with an error that names
the shortest way there.
"""

from __future__ import annotations

import logging
import sys
import time

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.service.rounds.round_model import RoundModel


def main(runs: int, steps: int) -> None:
    """Drive rounds and print how long it took."""
    logging.disable(logging.CRITICAL)
    begun = time.perf_counter()
    sizes = settings(
        max_examples=runs,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(RoundModel, settings=sizes)
    print(f"{runs} runs of at most {steps} steps: no law broken, {time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50, int(sys.argv[2]) if len(sys.argv) > 2 else 30)
