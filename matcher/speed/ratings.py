"""What people thought of each other after the event, taken over into the wishes of the roster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matcher.roster import Roster, Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """How much one wants the other, 0–10, and whether he refuses; None where the cell is empty."""

    from_person: str
    to_person: str
    score: float | None = None
    veto: bool | None = None

    @property
    def is_given(self) -> bool:
        """Return whether anything is filled in."""
        return self.score is not None or self.veto is not None


def with_ratings(roster: Roster, ratings: Sequence[Rating]) -> Roster:
    """Return the roster whose wishes say what the ratings say (SO-04; a veto forbids the pair).

    A rating takes the place of an earlier wish of the same person about the same person; what it leaves empty stays as
    it was. New wishes follow the earlier ones in the order of the ratings.
    """
    wishes = {(wish.from_person, wish.to_person): wish for wish in roster.wishes}
    for rating in ratings:
        if not rating.is_given:
            continue
        key = (rating.from_person, rating.to_person)
        before = wishes.get(key, Wish(from_person=rating.from_person, to_person=rating.to_person))
        wishes[key] = replace(
            before,
            score=before.score if rating.score is None else rating.score,
            veto=before.veto if rating.veto is None else rating.veto,
        )
    return replace(roster, wishes=tuple(wishes.values()))
