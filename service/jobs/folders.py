"""Work folders: what a solver process is given and what it leaves, readable by nobody else, gone when it ends."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from service.jobs.changes import ChangeFiles
from service.jobs.lease import Lease
from service.jobs.names import CHANGES, MAPS, POLICY, PREVIOUS, RESULT, ROSTER, TASK
from service.rounds.inputs import SolveInputs, table_named_in
from service.rounds.roster_json import roster_json

_BETWEEN = "."


def place_of_work(folder: Path) -> Path:
    """Return where the work folders of a service lie."""
    return folder / "work"


@contextmanager
def work_folder(place: Path, run_id: str, executor_id: str) -> Iterator[Path]:
    """Give an empty folder of this run, and remove it with all it holds however the block ends."""
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = place / f"{run_id}{_BETWEEN}{executor_id}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_orphans(place: Path, lease: Lease) -> int:
    """Remove the folders whose workers died; return how many."""
    removed = 0
    for folder in place.iterdir() if place.is_dir() else ():
        executor_id = folder.name.partition(_BETWEEN)[2]
        with lease.dead(executor_id) as is_dead:
            if is_dead:
                shutil.rmtree(folder, ignore_errors=True)
                removed += 1
    return removed


def write_inputs(folder: Path, inputs: SolveInputs, task: Mapping[str, Any], changes: ChangeFiles | None) -> None:
    """Write what a solver needs into its folder."""
    _write(folder / ROSTER, roster_json(inputs.roster))
    _write(folder / POLICY, inputs.policy_toml.encode())
    for number, (_, map_toml, rows) in enumerate(inputs.maps):
        _write_map(folder / MAPS / f"{number:04}", map_toml, rows)
    if inputs.previous_plan is not None:
        _write(folder / PREVIOUS, inputs.previous_plan)
    if changes is not None:
        _write(folder / CHANGES, changes.toml.encode())
        for name, map_toml, rows in changes.maps:
            _write_map(folder / name, map_toml, rows)
    write_task(folder, task)


def write_task(folder: Path, task: Mapping[str, Any]) -> None:
    """Write what is to be done."""
    _write(folder / TASK, json.dumps(task).encode())


def write_plan(folder: Path, content: bytes) -> None:
    """Write the plan a file or an explanation is to be made of."""
    _write(folder / PREVIOUS, content)


def read_result(folder: Path) -> dict[str, Any] | None:
    """Return what a solver says it found, None where it left nothing."""
    try:
        found: dict[str, Any] = json.loads((folder / RESULT).read_bytes())
    except (OSError, ValueError):
        return None
    return found


def _write_map(place: Path, map_toml: str, rows: str) -> None:
    place.mkdir(parents=True, mode=0o700)
    _write(place / "MAP.toml", map_toml.encode())
    _write(place / table_named_in(map_toml), rows.encode())


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
