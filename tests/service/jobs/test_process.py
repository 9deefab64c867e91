"""A solver process finds its work folder however the service was told of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.jobs.child import CRASHED
from service.jobs.names import TASK
from service.jobs.process import COMMAND, GO_ON, run_child

AUTOGROUP = Path("/proc/self/autogroup")
WRITES = "import pathlib, sys; (pathlib.Path(sys.argv[1]) / 'done').write_text('yes')"


def test_a_folder_named_from_here_is_the_same_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path("data") / "work"
    folder.mkdir(parents=True)
    ended = run_child(folder, seconds=60, look=lambda _: GO_ON, command=(sys.executable, "-c", WRITES))
    assert ended.reason is None
    assert (tmp_path / "data" / "work" / "done").read_text() == "yes"


def test_a_task_that_cannot_be_read_is_a_crash_with_its_place(tmp_path: Path) -> None:
    (tmp_path / TASK).write_text("no JSON")
    with subprocess.Popen(
        [*COMMAND, str(tmp_path), str(os.getpid())], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        assert process.wait(60) == CRASHED
    assert said["crash"] == "JSONDecodeError"


@pytest.mark.skipif(not AUTOGROUP.exists(), reason="no groups of processes by session here")
def test_a_solver_gives_way_beyond_its_own_session() -> None:
    code = (
        "import os; os.setsid(); from service.jobs.child import give_way; before = os.nice(0); give_way(7); "
        f"print(before, os.nice(0), open('{AUTOGROUP}').read())"
    )
    said = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True).stdout.split()
    assert int(said[1]) == min(19, int(said[0]) + 7)
    assert said[-2:] == ["nice", "7"]
