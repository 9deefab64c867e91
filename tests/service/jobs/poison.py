"""A solver process that goes wrong in the way the seed of its task says, and solves where it says nothing."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path

SEGV, MEMORY, ENDLESS, SLOW = 1001, 1002, 1003, 1004

if __name__ == "__main__":
    task = json.loads((Path(sys.argv[1]) / "task.json").read_bytes())
    seed = task["seed"]
    if seed == SEGV:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        ctypes.string_at(0)
    if seed == ENDLESS:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            pass
    if seed == SLOW:
        signal.signal(signal.SIGTERM, lambda *_: None)
        progress = {"stage": "s", "level": "l", "value": 1, "bound": 2, "seconds": 0.1}
        sys.stdout.write(json.dumps(progress) + "\n")
        sys.stdout.flush()
        while not signal.sigtimedwait([signal.SIGUSR1], 0.01) and not (Path(sys.argv[1]) / "go").exists():
            time.sleep(0.01)
    from service.jobs import child, tasks

    if seed == MEMORY:

        def fill(*_: object, **__: object) -> dict[str, object]:
            return {"outcome": "planned", "blocks": [bytearray(2**20) for _ in range(2**14)]}

        tasks.do = fill
    code = child.main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)
