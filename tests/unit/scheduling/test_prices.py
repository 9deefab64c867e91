"""Prices by id: back and forth without loss, whatever has a price."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from matcher.roster import Licence, Mentor, Room, Site
from matcher.scheduling.build import SessionCase
from matcher.scheduling.prices import certificate_of, named_certificate
from matcher.sessions.certificate import SessionCertificate, SessionPrices
from matcher.sessions.problem import NO_LIMIT
from tests.unit.scheduling.world import World


def case_of(*sites: Site) -> SessionCase:
    """Return three pairs of two mentors who share a room and a licence; M has an hour a week, and a mentor."""
    world = World("dalnerechensk").add(
        rooms=(Room(id="R", site="A", capacity=2),),
        licences=(Licence(id="L", count=1),),
        sites=sites,
    )
    world.change(mentors=(Mentor(person="M", hours_per_week=1), Mentor(person="Q")))
    world.last_day = date(2025, 10, 20)
    world.pair("M", "N").pair("Q", "M").pair("M", "O", "virtual").pair("Q", "N", "virtual")
    return world.sessions(*world.activities().values())


def priced(case: SessionCase) -> SessionCertificate:
    """Return prices on everything of which there is too little."""
    rng = np.random.default_rng(5)
    p = case.problem
    limited = np.flatnonzero(p.week_minutes != NO_LIMIT)

    def rows(*columns: Any) -> Any:
        picked = [rng.choice(column, 40) for column in columns]
        return np.column_stack([*picked, rng.integers(1, 99, 40)]).astype(np.int64)

    cell_days = [
        (cell, day) for cell in range(len(p.cell_pool)) for day in np.flatnonzero(p.choice_days.any(axis=0)).tolist()
    ]
    cells = np.array(cell_days)[rng.choice(len(cell_days), 40)]
    days = np.arange(p.num_days)
    prices = SessionPrices(
        scale=100,
        meeting=rows(np.arange(p.num_people), days, p.slot_start),
        week=rows(limited, np.unique(p.week)),
        cell=np.column_stack([cells, rng.integers(1, 99, 40)]),
        wanted=rows(np.arange(p.num_activities)),
        missed=123,
    )
    return SessionCertificate(level="rhythm", prices=prices, allowed=7)


def ordered(rows: Any) -> list[list[int]]:
    return sorted(rows.tolist())


@pytest.mark.parametrize("sites", [(), (Site(id="licences", organisation="S"),)])
def test_prices_come_back_from_their_names(sites: tuple[Site, ...]) -> None:
    case = case_of(*sites)
    assert len(case.pools) > 1
    found = priced(case)
    back = certificate_of(case, named_certificate(case, found))
    for name in ("meeting", "week", "cell", "wanted"):
        assert ordered(getattr(back.prices, name)) == ordered(getattr(found.prices, name))
    assert (back.level, back.allowed, back.prices.missed, back.prices.scale) == ("rhythm", 7, 123, 100)
    assert back.bound(case.problem) == found.bound(case.problem)


def test_two_pools_of_one_name_stay_apart() -> None:
    case = case_of()
    case = replace(case, pools=tuple("licences" for _ in case.pools))
    back = certificate_of(case, named_certificate(case, priced(case)))
    assert ordered(back.prices.cell) == ordered(priced(case).prices.cell)


def test_names_are_those_of_people_rooms_and_pairs() -> None:
    case = case_of()
    named = named_certificate(case, priced(case))
    assert {row[0] for row in named.people} <= {"M", "N", "O", "Q", "M mentor", "M mentee"}
    assert {row[0] for row in named.pools} <= {"A", "licences"}
    assert {row[0] for row in named.activities} <= {activity.id for activity in case.activities}
    assert named.people == tuple(sorted(named.people))
