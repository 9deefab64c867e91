"""Functions that worker processes of tests compute."""

from __future__ import annotations

import os
import time
from pathlib import Path


def square(number: int, added: int = 0) -> int:
    """Return a square and something added; seven fails."""
    if number == 7:
        raise ValueError("seven is refused")
    return number * number + added


def die_once(folder: str) -> str:
    """Kill the process that computes this for the first time."""
    mark = Path(folder) / "died"
    if not mark.exists():
        mark.touch()
        os._exit(9)
    return "alive"


def die(_: object) -> None:
    """Kill every process that computes this."""
    os._exit(9)


def wait(seconds: float) -> float:
    """Return after some time."""
    time.sleep(seconds)
    return seconds
