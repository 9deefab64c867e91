"""What a schedule reaches, and how far it is proved, in words."""

from __future__ import annotations

from matcher.outcome import Proof
from matcher.sessions.schedule import ScheduleLevel
from matcher.texts import Text, text

_LEVELS = {
    "missing": text("meetings without a place"),
    "moved": text("published meetings moved"),
    "rhythm": text("different days and hours, summed over pairs"),
    "cost": text("evenings, journeys and unwelcome hours"),
}


def level_words(name: str) -> Text:
    """Return the title of a level of session planning."""
    return _LEVELS.get(name, text("{name}", name=name))


def proof_of_level(level: ScheduleLevel) -> Text:
    """Return how far a level is proved."""
    if level.proof is Proof.CERTIFICATE:
        return text("best possible: a bound proves it")
    if level.proof is Proof.SOLVER:
        return text("best possible by exhaustive search")
    if level.bound is None:
        return text("no bound computed")
    gap = level.gap or 0.0
    return text("at most {percent} % from the best possible", percent=f"{100 * gap:.1f}")
