"""What a schedule reaches, and how far it is proved, in words."""

from __future__ import annotations

from matcher.outcome import Proof
from matcher.sessions.schedule import ScheduleLevel
from matcher.texts import Lang, Text, text

SCHEDULE_LEVELS = {
    "missing": text("meetings without a place"),
    "moved": text("published meetings moved"),
    "rhythm": text("different days and hours, summed over pairs"),
    "cost": text("evenings, journeys and unwelcome hours"),
}


def level_words(name: str) -> Text:
    """Return the title of a level of session planning."""
    return SCHEDULE_LEVELS.get(name, text("{name}", name=name))


def proof_of_level(level: ScheduleLevel, lang: Lang) -> Text:
    """Return how far a level is proved."""
    if level.proof is Proof.CERTIFICATE:
        return text("best possible: a bound proves it")
    if level.proof is Proof.SOLVER:
        return text("best possible by exhaustive search")
    if level.bound is None:
        return text("no bound computed")
    if not level.gap:
        return text("no better unless a line above gets better")
    return text("at most {gap} from the best possible", gap=share_of(level.gap, lang))


def share_of(share: float, lang: Lang) -> str:
    """Return a share in per cent, as the language writes numbers."""
    return f"{100 * share:.1f} %".replace(".", "," if lang == "ru" else ".")
