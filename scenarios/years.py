"""The second part of a round of a country: the year's meetings, municipality by municipality, over the same workers.

The row of a run is kept once when its pairs are there and again with the figures of all municipalities, so a stopped
batch goes on with the municipalities that are left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from distributed import Client

from matcher.io.policy_toml import build_policy
from scenarios.country_round import country_people, proof_from_json
from scenarios.materials import DEFAULT_YEAR
from scenarios.outcome import Outcome
from scenarios.rows import Row
from scenarios.scenario import Files, Run
from scenarios.store import Store
from scenarios.towns import Effort, TownRow, plan_towns

PROOF, YEAR = "proof.json", "towns"
_MARK = "towns"

OnTown = Callable[[TownRow, int, int], None]
"""Called with every municipality that is planned or was already, how many are, and how many there will be."""


def lacks_year(run: Run, row: Row) -> bool:
    """Say whether the meetings of a run are still to be planned: it is a country's, wants them, and has its pairs."""
    settings = run.settings
    return settings.what == "country" and bool(settings.timetables) and row.error is None and _MARK not in row.figures


def plan_country_year(
    client: Client, run: Run, row: Row, files: Files, store: Store, *, resume: bool, on_town: OnTown | None = None
) -> Row:
    """Plan the year of every municipality of a run whose pairs are kept, keep the row with its figures, and return it.

    Municipalities stand in ``towns/RUN`` of the folder of results.

    Raises
    ------
    InputError
        When the folder cannot be written to, or the roster has faults.
    """
    settings, folder = run.settings, store.files_of(run)
    kept = {file.name: file.read_bytes() for file in sorted(folder.iterdir())}
    policy, roster = build_policy(run.policy, settings.policy), country_people(settings.roster, files)
    effort = Effort(
        time_limit=settings.time_limit,
        work_limit=settings.work_limit,
        seed=settings.seed,
        year=settings.year or DEFAULT_YEAR,
        calendar=settings.calendar,
    )
    towns: list[TownRow] = []
    pairs, place = proof_from_json(kept[PROOF]).pairs, year_folder(store, run)
    # Closed at once where a person stops it, while there still is a cluster to call off.
    with closing(plan_towns(client, roster, policy, pairs, place, effort=effort, resume=resume)) as found:
        for town in found:
            towns.append(town)
            if on_town is not None:
                on_town(town, sum(one.pairs for one in towns), int(row.figures["pairs"]))
    whole = with_year(row, towns)
    store.keep(run, Outcome(row=whole, files=kept))
    return whole


def with_year(row: Row, towns: Sequence[TownRow]) -> Row:
    """Return the row with the meetings of all municipalities; their seconds are those of the workers, added up."""
    figures = {
        _MARK: float(len(towns)),
        "sessions": float(sum(town.sessions for town in towns)),
        "sessions.wanted": float(sum(town.wanted for town in towns)),
        "sessions.missing": float(sum(town.wanted - town.sessions for town in towns)),
    }
    seconds = sum(town.seconds for town in towns)
    return replace(
        row,
        figures={**row.figures, **figures},
        violations=row.violations + sum(town.violations for town in towns),
        seconds={**row.seconds, "towns": seconds, "whole": row.seconds.get("whole", 0.0) + seconds},
    )


def year_folder(store: Store, run: Run) -> Path:
    """Return the folder of the municipalities of a run."""
    return store.folder / YEAR / store.files_of(run).name
