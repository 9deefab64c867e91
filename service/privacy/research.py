"""Pairs of rounds for research, without anybody in them: k people at least share every combination that describes one.

Ids are random for each export; which row is whom is written into a file apart, where it is asked for. What describes
a person is coarse from the start (bands of age and experience, kind, role, pairs); where fewer than ``k`` people share
a combination it is made coarser step by step, and where that is not enough the export is refused.

References
----------
Sweeney: k-anonymity: a model for protecting privacy. IJUFKS 10(5), 2002.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from matcher.errors import Fault, InputError
from matcher.roster import Person, Roster
from matcher.texts import text

LEAST = 5
HIDDEN = "*"
QUASI = ("kind", "age", "experience", "role", "pairs")
"""What describes a person; the later ones are hidden first where too few share a combination."""
_MANY = 3
_ORDER = ("pairs", "experience", "age", "kind")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResearchRow:
    """One person under a random id: coarse words and figures that lead to nobody."""

    id: str
    kind: str
    age: str
    experience: str
    role: str
    pairs: str

    @property
    def described(self) -> tuple[str, ...]:
        """Return the combination that could be looked for in other tables."""
        return (self.kind, self.age, self.experience, self.role, self.pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Research:
    """The rows, which row is whom (kept apart), how many share the rarest combination, and what was hidden."""

    rows: tuple[ResearchRow, ...]
    mapping: dict[str, str]
    k: int
    hidden: tuple[str, ...]


def build_research(
    roster: Roster,
    pairs: Sequence[tuple[str, str]],
    day: date,
    *,
    k: int = LEAST,
    left_out: frozenset[str] = frozenset(),
) -> Research:
    """Return the people of a round for research; ``pairs`` are (mentor, mentee), ``left_out`` those who do not agree.

    Raises
    ------
    InputError
        When fewer than ``k`` people share some combination, however coarse.
    """
    mentors = {one.person for one in roster.mentors}
    mentees = {one.person for one in roster.mentees}
    counts = Counter(id_ for pair in pairs for id_ in pair)
    people = [one for one in roster.people if one.id not in left_out and one.id in mentors | mentees]
    secrets.SystemRandom().shuffle(people)
    plain = [_row(one, one.id in mentors, one.id in mentees, counts[one.id], day) for one in people]
    mapping = {row.id: person.id for row, person in zip(plain, people, strict=True)}
    for hidden in ((), *(_ORDER[:number] for number in range(1, len(_ORDER) + 1))):
        rows = tuple(_coarse(row, hidden) for row in plain)
        smallest = min(Counter(row.described for row in rows).values(), default=0)
        if smallest >= k:
            return Research(rows=rows, mapping=mapping, k=smallest, hidden=hidden)
    cure = text("take more people together: several schools or several rounds")
    raise InputError(
        [Fault("people", text("fewer than {count} people are alike; somebody could be recognised", count=k), cure)]
    )


def _row(person: Person, is_mentor: bool, is_mentee: bool, num_pairs: int, day: date) -> ResearchRow:
    role = "both" if is_mentor and is_mentee else "mentor" if is_mentor else "mentee"
    return ResearchRow(
        id=secrets.token_hex(8),
        kind=str(person.person_kind),
        age=_band(None if person.birth_date is None else (day - person.birth_date).days / 365.25, (18, 35, 50)),
        experience=_band(person.pedagogical_experience_years, (3, 10, 20)),
        role=role,
        pairs=str(num_pairs) if num_pairs < _MANY else f">={_MANY}",
    )


def _band(value: float | None, limits: Sequence[int]) -> str:
    if value is None:
        return "unknown"
    below = [limit for limit in limits if value < limit]
    return f"<{below[0]}" if below else f">={limits[-1]}"


def _coarse(row: ResearchRow, hidden: Sequence[str]) -> ResearchRow:
    words = {name: HIDDEN if name in hidden else getattr(row, name) for name in QUASI if name != "role"}
    return ResearchRow(id=row.id, role=row.role, **words)
