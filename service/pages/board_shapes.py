"""What the review board consists of: pairs as lines, loads of mentors, balances of schools, and what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

Sort = Literal["mentor", "mentee", "state", "school", "covers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """A person as the board calls him."""

    id: str
    name: str
    school: str


class PairRow(NamedTuple):
    """What the board shows of a pair: no row that could be changed, so that many are read at once."""

    id: str
    mentor_id: str
    mentee_id: str
    group_code: str | None
    form: str
    kind: str
    contour: str
    state: str
    locked: bool
    covers: list[str]
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A mentor, and how many mentees he has of how many he may have."""

    mentor: Who
    count: int
    most: int

    @property
    def is_full(self) -> bool:
        """Say whether he has no place left."""
        return self.count >= self.most


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A pair as the board shows it: ``covered`` of ``needs`` requests and gaps of the mentee are covered."""

    pair: PairRow
    mentor: Who
    mentee: Who
    covered: int
    needs: int
    subjects: frozenset[str]
    accepted: tuple[str, ...]
    load: Load

    @property
    def share(self) -> float:
        """Return which part of the needs is covered."""
        return self.covered / self.needs if self.needs else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """A school: its mentees with a mentor of all it has, the places its mentors still have."""

    name: str
    served: int
    mentees: int
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the viewer wants to see, in which order, from where."""

    q: str = ""
    state: str = ""
    subject: str = ""
    school: str = ""
    sort: Sort = "mentee"
    down: bool = False
    start: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """The board of a round. ``lines`` are those of the page asked for, of ``num_lines`` that fit what was asked."""

    lines: Sequence[Line]
    num_lines: int
    num_pairs: int
    num_groups: int
    num_mentees: int
    num_served: int
    loads: Sequence[Load]
    schools: Sequence[Balance]
    states: Sequence[str]
    subjects: Sequence[str]

    @property
    def num_places(self) -> int:
        """Return how many places mentors still have."""
        return sum(max(0, load.most - load.count) for load in self.loads)
