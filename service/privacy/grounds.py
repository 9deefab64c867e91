"""Why a person is erased, and how many days the law gives for it.

References
----------
Federal law 152-FZ of 27 July 2006: article 20, part 3; article 21, parts 3, 4, 5 and 5.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from matcher.texts import Text, text
from service.rounds.working_days import working_day_after


class Ground(StrEnum):
    """Why the data of a person have to be destroyed."""

    PURPOSE_REACHED = "purpose_reached"
    WITHDRAWN = "withdrawn"
    NOT_NEEDED = "not_needed"
    UNLAWFUL = "unlawful"
    STOP_ASKED = "stop_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """The days of a ground: calendar days or working days until destruction, working days until processing stops."""

    clause: str
    title: Text
    days: int | None = None
    working_days: int | None = None
    stop_working_days: int | None = None


TERMS: dict[Ground, Term] = {
    Ground.PURPOSE_REACHED: Term(clause="21.4", title=text("the purpose of processing has been reached"), days=30),
    Ground.WITHDRAWN: Term(clause="21.5", title=text("the consent was withdrawn"), days=30, stop_working_days=3),
    Ground.NOT_NEEDED: Term(
        clause="20.3", title=text("the data are not needed for the purpose, or were got unlawfully"), working_days=7
    ),
    Ground.UNLAWFUL: Term(
        clause="21.3", title=text("the processing was unlawful"), working_days=10, stop_working_days=3
    ),
    Ground.STOP_ASKED: Term(
        clause="21.5.1", title=text("the person asked to stop the processing"), working_days=10, stop_working_days=10
    ),
}


def due_day(ground: Ground, asked: date) -> date:
    """Return the last day on which the data may still be there; the day of asking does not count."""
    term = TERMS[ground]
    if term.days is not None:
        return asked + timedelta(days=term.days)
    return working_day_after(asked, term.working_days or 0)


def stop_day(ground: Ground, asked: date) -> date | None:
    """Return the last day on which the data may still be used, None where the ground names none."""
    days = TERMS[ground].stop_working_days
    return None if days is None else working_day_after(asked, days)
