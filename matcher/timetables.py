"""When people and rooms are taken in the cycle of one or two weeks, to the minute: what sessions are planned on.

:class:`matcher.timegrid.Busy` is the same knowledge on a common grid of the week, as pairing needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from matcher.school_year import Bell, SchoolYear
from matcher.timegrid import BusyState


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenTime:
    """A time of the cycle at which a person (or a room) is taken, or which a person prefers.

    ``week`` 0 or 1, None for every week; weekday 1 is Monday; minutes in the common clock of the timetables, where
    a time may run past midnight. ``site`` is the building of a lesson. It counts from ``first_day`` to ``last_day``
    (None: always), so that a timetable may change at the half-year. A lesson of pupils has ``state`` LESSON too.
    """

    subject: str
    week: int | None
    weekday: int
    start_minute: int
    end_minute: int
    state: BusyState
    site: str | None = None
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetables:
    """All timetables of a round in one clock.

    ``people`` and ``rooms`` are sorted by (subject, week, weekday, start). ``known`` lists the people whose week is
    known: of others nothing is assumed but the hours of the day. ``bells`` and ``years`` are by organisation; an
    organisation that is missing has the year under the key "" and its bells. ``ahead`` says by how many minutes the
    common clock is ahead of an organisation's own (0 where it is missing).
    """

    time_zone: str = "Europe/Moscow"
    people: tuple[TakenTime, ...] = ()
    rooms: tuple[TakenTime, ...] = ()
    known: tuple[str, ...] = ()
    bells: Mapping[str, tuple[Bell, ...]] = field(default_factory=dict)
    years: Mapping[str, SchoolYear] = field(default_factory=dict)
    ahead: Mapping[str, int] = field(default_factory=dict)

    def year_of(self, organisation: str) -> SchoolYear:
        """Return the school year of an organisation.

        Raises
        ------
        KeyError
            When neither the organisation nor all ("") have one.
        """
        return self.years[organisation] if organisation in self.years else self.years[""]

    def bells_of(self, organisation: str) -> tuple[Bell, ...]:
        """Return the bells of an organisation in the common clock: its timetable's, else those of its year."""
        if organisation in self.bells:
            return self.bells[organisation]
        ahead = self.ahead.get(organisation, 0)
        return tuple(
            Bell(
                name=bell.name,
                start_minute=bell.start_minute + ahead,
                end_minute=bell.end_minute + ahead,
                shift=bell.shift,
            )
            for bell in self.year_of(organisation).bells
        )
