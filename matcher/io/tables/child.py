"""Run a reader in a process of its own that may use only so much memory and time.

Some readers end the whole process on a hostile file; here that ends the child only.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

MEMORY_BYTES = 2**30
CPU_SECONDS = 20
WALL_SECONDS = 60.0
OUTPUT_BYTES = 512 * 2**20


class ChildError(Exception):
    """The child ended without an answer: ``reason`` is ``time``, ``memory`` or ``crash``."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def run_limited(program: Path, *arguments: str, wall_seconds: float = WALL_SECONDS) -> Any:
    """Return the JSON that ``program`` writes, run by this interpreter under limits.

    The program sets the limits given as its first three arguments (memory, CPU seconds, output bytes) on itself before
    it opens anything; where the system knows no such limits, only the wall clock holds.

    Raises
    ------
    ChildError
        When it ran out of time or memory, or ended otherwise without an answer.
    """
    limits = (str(MEMORY_BYTES), str(CPU_SECONDS), str(OUTPUT_BYTES))
    with tempfile.TemporaryFile() as output:
        command = [sys.executable, "-I", str(program), *limits, *arguments]
        try:
            ended = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.DEVNULL, timeout=wall_seconds
            )
        except subprocess.TimeoutExpired as error:
            raise ChildError("time") from error
        if ended.returncode != 0:
            raise ChildError(_reason(ended.returncode))
        output.seek(0)
        return json.load(output)


def _reason(returncode: int) -> str:
    # Killed for CPU time (SIGXCPU, or SIGKILL at the hard limit); 3 is the program's own word for "no memory";
    # an abort is how native readers answer a refused allocation.
    if returncode in (-24, -9):
        return "time"
    return "memory" if returncode in (3, -6) else "crash"
