"""The certificates of a schedule as a plan file holds them: prices under the id of what they are paid for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Annotated, Any, Self

from pydantic import Field

from matcher.io.plan_text import Part
from matcher.sessions.schedule import ScheduleCertificate

_Whole = Annotated[int, Field(ge=-(2**62), le=2**62)]


class ScheduleCertificatePart(Part):
    """The prices of one level; what costs nothing is left out.

    Rows are day, minute and price (``people``, ``pools``), or week and price (``weeks``).
    """

    level: str
    scale: _Whole
    people: Mapping[str, tuple[tuple[_Whole, _Whole, _Whole], ...]] = {}
    weeks: Mapping[str, tuple[tuple[_Whole, _Whole], ...]] = {}
    pools: Mapping[str, tuple[tuple[_Whole, _Whole, _Whole], ...]] = {}
    activities: Mapping[str, _Whole] = {}
    missed: _Whole = 0
    allowed: _Whole = 0

    @classmethod
    def of(cls, found: ScheduleCertificate) -> Self:
        """Return the part that holds a certificate."""
        return cls.model_construct(
            level=found.level,
            scale=found.scale,
            people=_gathered(found.people),
            weeks=_gathered(found.weeks),
            pools=_gathered(found.pools),
            activities=dict(found.activities),
            missed=found.missed,
            allowed=found.allowed,
        )

    def certificate(self) -> ScheduleCertificate:
        """Return the certificate."""
        return ScheduleCertificate(
            level=self.level,
            scale=self.scale,
            people=tuple((id_, *row) for id_, rows in self.people.items() for row in rows),
            weeks=tuple((id_, *row) for id_, rows in self.weeks.items() for row in rows),
            pools=tuple((id_, *row) for id_, rows in self.pools.items() for row in rows),
            activities=tuple(self.activities.items()),
            missed=self.missed,
            allowed=self.allowed,
        )


def _gathered(rows: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    """Return rows under their ids; rows of one id follow one another."""
    return {id_: tuple(row[1:] for row in mine) for id_, mine in groupby(rows, key=lambda row: row[0])}
