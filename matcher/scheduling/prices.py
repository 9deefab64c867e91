"""The certificate of a schedule by id, and back to the indices of its problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from matcher.scheduling.build import SessionCase
from matcher.scheduling.slots import DAY_MINUTES
from matcher.sessions.certificate import SessionCertificate, SessionPrices
from matcher.sessions.problem import IntArray
from matcher.sessions.schedule import ScheduleCertificate

LARGEST = 2**62


def named_certificate(case: SessionCase, found: SessionCertificate) -> ScheduleCertificate:
    """Return a certificate that speaks of people, pools and activities by id, rows in the order of their ids."""
    prices, person, pool = found.prices, case.person_id, _pool_names(case.pools)
    weekday = case.case.calendar.weekday
    of_cell = [
        (pool[int(case.problem.cell_pool[cell])], day, int(case.cell_minute[cell] - weekday[day] * DAY_MINUTES), price)
        for cell, day, price in prices.cell.tolist()
    ]
    return ScheduleCertificate(
        level=found.level,
        scale=prices.scale,
        people=tuple(sorted((person[row[0]], *row[1:]) for row in prices.meeting.tolist())),
        weeks=tuple(sorted((person[row[0]], *row[1:]) for row in prices.week.tolist())),
        pools=tuple(sorted(of_cell)),
        activities=tuple(sorted((case.activities[at].id, price) for at, price in prices.wanted.tolist())),
        missed=prices.missed,
        allowed=found.allowed,
    )


def certificate_of(case: SessionCase, named: ScheduleCertificate) -> SessionCertificate:
    """Return a certificate in the indices of the problem of ``case``.

    Raises
    ------
    ValueError
        When it speaks of what the problem does not have, or has numbers too large.
    """
    person = {id_: at for at, id_ in enumerate(case.person_id)}
    activity = {found.id: at for at, found in enumerate(case.activities)}
    try:
        prices = SessionPrices(
            scale=named.scale,
            meeting=_table(((person[row[0]], *row[1:]) for row in named.people), 4),
            week=_table(((person[row[0]], *row[1:]) for row in named.weeks), 3),
            cell=_table(_cells(case, named.pools), 3),
            wanted=_table(((activity[id_], price) for id_, price in named.activities), 2),
            missed=named.missed,
        )
    except KeyError as error:
        raise ValueError(f"prices of {error}: not of this problem") from None
    return SessionCertificate(level=named.level, prices=prices, allowed=named.allowed)


def _cells(case: SessionCase, pools: Sequence[tuple[str, int, int, int]]) -> Iterable[tuple[int, int, int]]:
    name = _pool_names(case.pools)
    minute, pool = case.cell_minute.tolist(), case.problem.cell_pool.tolist()
    cell: Mapping[tuple[str, int], int] = {(name[pool[at]], minute[at]): at for at in range(len(minute))}
    weekday = case.case.calendar.weekday.tolist()
    for id_, day, at, price in pools:
        if not 0 <= day < len(weekday):
            raise KeyError(id_)
        yield cell[id_, weekday[day] * DAY_MINUTES + at], day, price


def _pool_names(pools: Sequence[str]) -> list[str]:
    """Return the names of pools, a second of one name (a site may be called like the licences) with a number."""
    seen: Counter[str] = Counter()
    names = []
    for pool in pools:
        seen[pool] += 1
        names.append(pool if seen[pool] == 1 else f"{pool} #{seen[pool]}")
    return names


def _table(rows: Iterable[tuple[int, ...]], width: int) -> IntArray:
    found = list(rows)
    if any(not -LARGEST < number < LARGEST for row in found for number in row):
        raise ValueError("prices too large for exact arithmetic")
    return np.array(found, dtype=np.int64).reshape(-1, width)
