"""The folder of results: one Parquet file and one folder a run, each whole or not there at all.

``rows/`` has a table of one row for each run, ``files/`` a folder with what it keeps. The row is written last: where it
stands, the run is finished, and its digest says of which inputs.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import polars as pl

from matcher.io.writing import make_folder, writing
from scenarios.outcome import Outcome
from scenarios.rows import SCHEMA, Row, as_rows, as_table
from scenarios.runs import file_stem
from scenarios.scenario import Run

_ROWS, _FILES, _PART = "rows", "files", ".part"


class Store:
    """The results in a folder.

    Raises
    ------
    InputError
        When the folder cannot be made or written to.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in (_ROWS, _FILES):
            make_folder(folder / name)

    def finished(self, run: Run) -> Row | None:
        """Return the row of a run that was finished with the same inputs by the same program; None else."""
        row = _read(self._row_file(run))
        return row if row is not None and row.digest == run.digest and row.error is None else None

    def keep(self, run: Run, outcome: Outcome) -> None:
        """Keep an outcome in the place of an older one; what is interrupted leaves the older row or none."""
        target = self.files_of(run)
        part = target.with_name(f"{target.name}.{os.getpid()}{_PART}")
        row_file = self._row_file(run)
        with writing(self.folder):
            row_file.unlink(missing_ok=True)
            shutil.rmtree(target, ignore_errors=True)
            if outcome.files:
                part.mkdir()
                for name, content in outcome.files.items():
                    (part / name).write_bytes(content)
                part.replace(target)
            write_table(as_table([outcome.row]), row_file)

    def files_of(self, run: Run) -> Path:
        """Return the folder of what a run keeps."""
        return self.folder / _FILES / file_stem(run.name)

    def tidy(self) -> None:
        """Remove what an interrupted run has left under other names."""
        for path in (self.folder / _FILES).glob(f"*{_PART}"):
            shutil.rmtree(path, ignore_errors=True)
        for path in (self.folder / _ROWS).glob(f"*{_PART}"):
            with suppress(OSError):
                path.unlink()

    def _row_file(self, run: Run) -> Path:
        return self.folder / _ROWS / f"{file_stem(run.name)}.parquet"


def read_rows(folder: Path) -> tuple[Row, ...]:
    """Return the rows of all runs finished in a folder, by name of run."""
    found = (_read(file) for file in (folder / _ROWS).glob("*.parquet"))
    return tuple(sorted((row for row in found if row is not None), key=lambda row: row.run))


def kept_files(folder: Path, run: str) -> tuple[str, ...]:
    """Return what the run of this name keeps in a folder of results: paths in it, with "/" between."""
    found = (folder / _FILES / file_stem(run)).glob("*")
    return tuple(sorted(path.relative_to(folder).as_posix() for path in found))


def write_rows(rows: Iterable[Row], path: Path) -> None:
    """Write one table of many rows."""
    with writing(path):
        write_table(as_table(tuple(rows)), path)


def write_table(table: pl.DataFrame, path: Path) -> None:
    """Write a table under another name first, so that no half file is ever seen."""
    part = path.with_name(f"{path.name}.{os.getpid()}{_PART}")
    try:
        table.write_parquet(part)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _read(path: Path) -> Row | None:
    """Return the row of a file; None where there is none, or it is none of ours."""
    try:
        table = pl.read_parquet(path, schema=SCHEMA)
    except (OSError, pl.exceptions.PolarsError):
        return None
    rows = as_rows(table)
    return rows[0] if len(rows) == 1 else None
