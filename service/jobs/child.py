"""A solver in a process of its own: ``python -m service.jobs.child FOLDER PARENT``.

It reads its work folder, prints a line of JSON for every step of progress, and leaves ``result.json`` and
``plan.json``, each whole or not at all. SIGTERM or SIGINT: it stops with the best so far. It dies with its parent,
takes no more memory than it is given, and never writes what its inputs say but into its folder.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from service.jobs.names import RESULT, TASK

OUT_OF_MEMORY = 13
"""Exit code of a solver that had too little memory."""
CRASHED = 14
_NO_STACK = "can't start new thread"
"""What Python says where there is no memory left for the stack of a thread."""
_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> int:
    """Do what the folder says; return the exit code of the process."""
    folder, parent = Path(arguments[0]), int(arguments[1])
    _die_with(parent)
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        task = json.loads((folder / TASK).read_bytes())
        _limit(task)
        from service.jobs.tasks import do

        _leave(folder, do(folder, task, stop=stopped.is_set))
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception as error:
        _tell_crash(error)
        return OUT_OF_MEMORY if str(error) == _NO_STACK else CRASHED
    return 0


def _die_with(parent: int) -> None:
    """Make sure that this process ends with its parent, however that ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)

    def watch() -> None:
        sys.stdin.buffer.read()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _limit(task: dict[str, Any]) -> None:
    """Bound the memory this process may take, and let others go first."""
    memory = int(task["memory"])
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    give_way(int(task["nice"]))


def give_way(nice: int) -> None:
    """Let the processes of the others go first."""
    with suppress(OSError):
        os.nice(nice)
    # Where Linux groups processes by session, niceness counts inside the group alone, and this process leads its own.
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(nice), encoding="ascii")


def _leave(folder: Path, result: dict[str, Any]) -> None:
    part = folder / f".{RESULT}.part"
    part.write_text(json.dumps(result), encoding="utf-8")
    part.replace(folder / RESULT)


def _tell_crash(error: Exception) -> None:
    """Print where the program broke."""
    print(json.dumps(crash_of(error)), flush=True)  # noqa: T201


def crash_of(error: BaseException) -> dict[str, Any]:
    """Return where a program broke, and nothing of the data it broke on: what an error says may name people."""
    frames = traceback.extract_tb(error.__traceback__)
    return {"crash": type(error).__name__, "places": [f"{Path(one.filename).name}:{one.lineno}" for one in frames[-6:]]}


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)  # a solver thread that was given up may still run
