"""What was found out about sessions without a place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from matcher.impossible.element import Element, ElementKind
from matcher.sessions.schedule import Concession


class Grounds(StrEnum):
    """How far a reason goes.

    ``OWN``: no plan whatsoever holds the session; ``TOGETHER``: none that holds those of the pairs named too, wherever
    they are put; ``AS_PLANNED``: none in which the others stay as they are planned; ``OPEN``: there is a place.
    """

    OWN = "own"
    TOGETHER = "together"
    AS_PLANNED = "as_planned"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Why sessions of an activity, by their numbers, have no place.

    ``elements`` are irreducible: together they make each of these sessions impossible, and without any one of them
    each would find a place.
    """

    activity: str
    numbers: tuple[int, ...]
    grounds: Grounds
    elements: tuple[Element, ...]

    @property
    def is_absolute(self) -> bool:
        """Return whether no plan at all holds these sessions: they are impossible by facts alone."""
        is_alone = all(one.kind not in (ElementKind.SESSION, ElementKind.PAIR) for one in self.elements)
        return self.grounds is Grounds.OWN and is_alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Impossible:
    """All that is known of an activity's missing sessions; ``untold`` are those for which the time was too short."""

    activity: str
    findings: tuple[Finding, ...]
    concessions: tuple[Concession, ...] = ()
    untold: tuple[int, ...] = ()
