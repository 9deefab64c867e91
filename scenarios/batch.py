"""Many runs at once: each is kept as soon as it is finished, and finished ones are skipped on request."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from distributed import Client

from matcher.errors import InputError
from matcher.texts import Lang, say, text
from scenarios.cluster import Finished, Job, open_cluster, run_all
from scenarios.compute import compute_run
from scenarios.outcome import Outcome
from scenarios.rows import Row
from scenarios.runs import files_digest, unique
from scenarios.scenario import Files, Run
from scenarios.store import Store
from scenarios.years import OnTown, lacks_year, plan_country_year

_log = logging.getLogger(__name__)

OnRow = Callable[[Row, int, int], None]
"""Called with every row that is new or was there already, how many are there now, and how many there will be."""
OnStart = Callable[[Client], None]


def run_batch(
    runs: Sequence[Run],
    files: Sequence[Files],
    out: Path,
    *,
    address: str | None = None,
    jobs: int | None = None,
    resume: bool = False,
    on_start: OnStart | None = None,
    on_row: OnRow | None = None,
    on_town: OnTown | None = None,
) -> tuple[Row, ...]:
    """Compute all runs, keep each outcome in ``out``, and return the rows in the order of the runs.

    A run of a country that has timetables is finished when the year of each of its municipalities is planned as well.

    Parameters
    ----------
    files
        The files the runs name by their digest (those of their scenarios).
    address, jobs
        A Dask cluster, or so many processes of this machine: see :func:`scenarios.cluster.open_cluster`.
    resume
        Skip runs that are finished in ``out`` with the same inputs by the same program.
    on_start
        Called when the cluster is there; not at all where nothing is left to do.
    on_town
        Called with every municipality of a run of a country.

    Raises
    ------
    InputError
        When two runs have one name, ``out`` cannot be written to, or there is no such cluster.
    """
    faults = list(unique(runs))
    if faults:
        raise InputError(faults)
    store = Store(out)
    store.tidy()
    rows: dict[str, Row] = {}

    def add(row: Row) -> None:
        rows[row.run] = row
        if on_row is not None:
            on_row(row, len(rows), len(runs))

    left: list[Run] = []
    paired: list[tuple[Run, Row]] = []
    for run in runs:
        done = store.finished(run) if resume else None
        if done is None:
            left.append(run)
        elif lacks_year(run, done):
            paired.append((run, done))
        else:
            add(done)
    if left or paired:
        by_digest = {files_digest(one): one for one in files}
        with open_cluster(address, jobs) as client:
            if on_start is not None:
                on_start(client)
            # Closed at once where a person stops it, while there still is a cluster to call off.
            with closing(_computed(client, left, by_digest)) as found:
                for run, outcome in found:
                    store.keep(run, outcome)
                    if lacks_year(run, outcome.row):
                        paired.append((run, outcome.row))
                    else:
                        add(outcome.row)
            for run, row in paired:
                try:
                    whole = plan_country_year(
                        client, run, row, by_digest[run.files], store, resume=resume, on_town=on_town
                    )
                except RuntimeError as error:
                    # One municipality that cannot be planned fails its run, not the runs beside it.
                    failed = _outcome(run, Finished(key=run.name, error=error))
                    store.keep(run, failed)
                    whole = failed.row
                add(whole)
    return tuple(rows[run.name] for run in runs)


def _computed(
    client: Client, runs: Sequence[Run], files: Mapping[str, Files]
) -> Generator[tuple[Run, Outcome], None, None]:
    """Yield the outcome of every run as it is finished."""
    by_name = {run.name: run for run in runs}
    work = [Job(key=run.name, argument=run, shared=(run.files,)) for run in runs]
    with closing(run_all(client, compute_run, work, shared=_needed(runs, files))) as found:
        for finished in found:
            run = by_name[finished.key]
            yield run, _outcome(run, finished)


def _needed(runs: Sequence[Run], by_digest: Mapping[str, Files]) -> dict[str, Files]:
    return {digest: by_digest[digest] for digest in sorted({run.files for run in runs})}


def _outcome(run: Run, finished: Finished[Outcome]) -> Outcome:
    """Return the outcome of a run; what failed is a row too, which says why."""
    if finished.value is not None:
        return finished.value
    error = finished.error
    _log.error("run %s failed: %s", run.name, type(error).__name__)
    row = Row(run=run.name, scenario=run.scenario, digest=run.digest, axes=run.axes, error=_told(error, "en"))
    return Outcome(row=row)


def _told(error: BaseException | None, lang: Lang) -> str:
    if isinstance(error, InputError):
        return "; ".join(f"{fault.place}: {say(fault.message, lang)}" for fault in error.faults)
    if type(error).__name__ == "KilledWorker":
        return say(text("every process that computed it died, perhaps for want of memory"), lang)
    return f"{type(error).__name__}: {error}"
