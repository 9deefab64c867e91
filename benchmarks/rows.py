"""One measured line of a table, how it is measured apart from others, and how tables are written."""

from __future__ import annotations

import multiprocessing
import os
import platform
import resource
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("ortools", "numpy", "scipy", "networkx", "mentor-match", "matching")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one method made of one instance. ``seconds`` is wall-clock time after reading; None where it did not run."""

    instance: str
    method: str
    value: float | None = None
    bound: float | None = None
    seconds: float | None = None
    peak_mib: int | None = None
    note: str = ""

    @property
    def gap(self) -> float | None:
        """Return (bound − value) / max(1, |value|)."""
        if self.value is None or self.bound is None:
            return None
        return max(0.0, self.bound - self.value) / max(1.0, abs(self.value))


def run_apart(measure: Callable[..., Row], *args: object) -> Row:
    """Return ``measure(*args)``, run in a fresh process so that memory and caches are its own."""
    return run_rows_apart(_one_row, measure, *args)[0]


def run_rows_apart(measure: Callable[..., list[Row]], *args: object) -> list[Row]:
    """Return the rows of ``measure(*args)``, run in a fresh process, with the peak of that process."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
        return pool.submit(_with_peak, measure, *args).result()


def _one_row(measure: Callable[..., Row], *args: object) -> list[Row]:
    return [measure(*args)]


def _with_peak(measure: Callable[..., list[Row]], *args: object) -> list[Row]:
    rows = measure(*args)
    return [replace(row, peak_mib=None if row.seconds is None else _peak_mib()) for row in rows]


def _peak_mib() -> int:
    """Return the greatest resident memory of this process alone (that of its parent is in `getrusage` too)."""
    status = [line.split()[1] for line in _read("/proc/self/status") if line.startswith("VmHWM")]
    kib = int(status[0]) if status else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kib // 1024


def as_markdown(title: str, rows: Sequence[Row]) -> str:
    """Return a table with its title."""
    head = ("instance", "method", "value", "bound", "gap", "seconds", "peak MiB", "note")
    lines = [f"## {title}", "", _line(head), _line(["---"] * len(head))]
    lines += [
        _line(
            (
                row.instance,
                row.method,
                _number(row.value),
                _number(row.bound),
                "" if row.gap is None else f"{100 * row.gap:.3f} %",
                "" if row.seconds is None else f"{row.seconds:.3f}",
                "" if row.peak_mib is None else str(row.peak_mib),
                row.note,
            )
        )
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def setting() -> str:
    """Return the machine, how busy it is, and the versions: the head of every output."""
    versions = [f"Python {platform.python_version()}", *(f"{name} {_version(name)}" for name in PACKAGES)]
    cpu = next(
        (line.split(":")[1].strip() for line in _read("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    memory = next((line.split()[1] for line in _read("/proc/meminfo") if line.startswith("MemTotal")), "0")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f"load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else "load unknown"
    machine = f"{cpu}, {cores} cores, {int(memory) // 2**20} GiB, {platform.system()}, {load}"
    return f"{machine}; {', '.join(versions)}."


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(absent)"


def _read(path: str) -> list[str]:
    file = Path(path)
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []
