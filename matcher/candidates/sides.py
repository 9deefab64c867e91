"""What both sides need to become columns: words as numbers, consents, arrays from fields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np

from matcher.candidates.codes import (
    BoolArray,
    IntArray,
    Numbers,
    Words,
    every,
    mask_of,
    words_of,
)
from matcher.candidates.people import full_years
from matcher.policy import Policy
from matcher.roster import (
    Consent,
    ConsentPurpose,
    Mentee,
    Mentor,
    Person,
    Roster,
)

UNKNOWN = -1
_MINUTES_PER_WEEKLY_HOUR = 60 * 4
_Number = TypeVar("_Number", int, float)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vocabulary:
    """Words of this roster that become numbers: people and classes, positions, classes, subjects."""

    person: dict[str, int]
    school_class: dict[str, int]
    position: dict[str, int]
    subject: dict[str, int]


def build_vocabulary(roster: Roster, mentors: list[Mentor], mentees: list[Mentee], policy: Policy) -> Vocabulary:
    """Return the numbers of the words used, in alphabetical order."""
    main = policy.subjects.main
    taking_part = {mentor.person for mentor in mentors} | {mentee.person for mentee in mentees}
    subjects = {main(s) for person in roster.people if person.id in taking_part for s in person.subjects}
    subjects |= {main(request.subject) for mentee in mentees for request in mentee.requests if request.subject}
    return Vocabulary(
        person={word: at for at, word in enumerate(sorted(taking_part))},
        school_class={word: at for at, word in enumerate(sorted(found.id for found in roster.classes))},
        position={word: at for at, word in enumerate(sorted({person.position for person in roster.people}))},
        subject={word: at for at, word in enumerate(sorted(subjects))},
    )


class Consents:
    """Which consents to mentoring are signed, and which have ended without a new one."""

    def __init__(self, consents: Iterable[Consent], day: date) -> None:
        self._valid: set[str] = set()
        self._ended: set[str] = set()
        for consent in consents:
            if consent.purpose is ConsentPurpose.MENTORING:
                is_over = consent.expires is not None and consent.expires < day
                (self._ended if is_over else self._valid).add(consent.person)

    def is_signed(self, person: str) -> bool:
        """Return whether a consent holds."""
        return person in self._valid

    def has_lapsed(self, person: str) -> bool:
        """Return whether every consent there was has ended."""
        return person in self._ended and person not in self._valid


def subject_words(owner: list[Person], policy: Policy, words: Vocabulary) -> Words:
    """Return the subjects people teach as bit sets; a course counts as its subject."""
    mine = [subject_bits({policy.subjects.main(s) for s in person.subjects}, words) for person in owner]
    return words_of(mine, len(words.subject))


def subject_bits(subjects: set[str], words: Vocabulary) -> list[int]:
    """Return the numbers of subjects."""
    return [words.subject[subject] for subject in sorted(subjects)]


def masks(words: Iterable[tuple[object, ...]], order: tuple[object, ...]) -> IntArray:
    """Return masks; naming nothing means everything."""
    return ints(mask_of(mine, order) if mine else every(order) for mine in words)


def ages(owner: list[Person], day: date) -> IntArray:
    """Return ages in full years, −1 where unknown."""
    years = (full_years(person.birth_date, day) for person in owner)
    return ints(UNKNOWN if age is None else age for age in years)


def minutes(hours: float | None, default: float) -> int:
    """Return hours a week as whole minutes in four weeks."""
    return round(given_or(hours, default) * _MINUTES_PER_WEEKLY_HOUR)


def given_or(value: _Number | None, default: _Number) -> _Number:
    """Return a person's own figure, else the policy's."""
    return default if value is None else value


def ints(values: Iterable[int]) -> IntArray:
    """Return whole numbers."""
    return np.fromiter(values, dtype=np.int64)


def bools(values: Iterable[bool]) -> BoolArray:
    """Return truth values."""
    return np.fromiter(values, dtype=np.bool_)


def numbers(values: Iterable[float | None]) -> Numbers:
    """Return numbers, NaN where unknown."""
    return np.fromiter((np.nan if value is None else value for value in values), dtype=np.float64)


def table(rows: list[list[int]], width: int) -> IntArray:
    """Return a table of whole numbers that has ``width`` columns even without rows."""
    return np.array(rows, dtype=np.int64).reshape(len(rows), width)
