"""Rounds made for tests of the jobs: a tiny roster in the tables, a run waiting."""

from __future__ import annotations

from datetime import date
from functools import cache

from matcher.generate.roster import generate_roster
from matcher.io.policy_toml import read_policy_text
from matcher.roster import Roster
from service.core import Core
from service.rounds.rosters import keep_roster
from service.tables.areas import Area
from service.tables.rounds import Round, Run
from tests.service.conftest import House


@cache
def tiny_roster(seed: int = 1) -> Roster:
    """A school of three mentees and three mentors."""
    return generate_roster(
        num_mentees=3, num_mentors=3, num_organisations=1, num_municipalities=1, seed=seed, policy_id="anuchino"
    )


def new_round(core: Core, area_id: str, *, roster: Roster | None = None, policy_id: str = "anuchino") -> str:
    """Make a round with a tiny roster and return its id."""
    with core.database.writing() as session:
        area = session.get_one(Area, area_id)
        kept = keep_roster(session, core.vault, area, roster or tiny_roster(), name="R", remarks=[], by="test")
        made = Round(
            area_id=area_id,
            name="Round",
            roster_id=kept.id,
            policy_id=policy_id,
            policy_toml=read_policy_text(policy_id)[0],
            reference_day=date(2026, 9, 1),
            first_day=date(2026, 10, 1),
            last_day=date(2026, 12, 20),
            created_by="test",
        )
        session.add(made)
        session.flush()
        return made.id


def new_run(core: Core, round_id: str, *, what: str = "pair", queue: bool = True, **options: object) -> str:
    """Make a run of a round and queue it; return its id."""
    with core.database.writing() as session:
        round_ = session.get_one(Round, round_id)
        run = Run(
            round_id=round_id,
            area_id=round_.area_id,
            what=what,
            options={"time_limit": 1.0, "seed": 1, **options},
            created_by="test",
        )
        session.add(run)
        session.flush()
        made = run.id, run.area_id
    if queue:
        core.jobs.enqueue(*made)
    return made[0]


def run_of(core: Core, run_id: str) -> Run:
    """Return the row of a run."""
    with core.database.reading() as session:
        run = session.get_one(Run, run_id)
        session.expunge(run)
        return run


def house_round(house: House, area: str = "s11") -> str:
    """Make a round in an area of the house."""
    return new_round(house.core, house.areas[area])
