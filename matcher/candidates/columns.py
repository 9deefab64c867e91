"""From people to columns: identifiers end here and come back in the plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from matcher.candidates.codes import BoolArray, IntArray
from matcher.candidates.marks import PairMarks, build_marks
from matcher.candidates.mentees import MenteeColumns, build_mentees
from matcher.candidates.mentors import MentorColumns, build_mentors
from matcher.candidates.needs import Covers, Needs, build_needs
from matcher.candidates.people import is_doubtful
from matcher.candidates.places import PlaceColumns, build_places, contour_steps
from matcher.candidates.sides import build_vocabulary
from matcher.policy import Policy
from matcher.roster import Mentee, Mentor, Roster


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """A round as columns, under one policy, on one day.

    ``mentor_id`` and ``mentee_id`` (a class has the id of the class) are in ascending order: index → id.
    ``class_teacher`` (n, 2) lists (mentor, school class), the classes numbered as in ``mentees.school_class``.
    ``contour_step``, ``contour_listed`` (num_contours, 2) are as in :func:`matcher.candidates.places.contour_steps`.
    ``num_doubtful`` counts declared categories that contradict the stated experience.
    """

    policy: Policy
    reference_day: date
    mentor_id: tuple[str, ...]
    mentee_id: tuple[str, ...]
    mentor_of: dict[str, int]
    mentee_of: dict[str, int]
    mentors: MentorColumns
    mentees: MenteeColumns
    places: PlaceColumns
    needs: Needs
    marks: PairMarks
    positions: tuple[str, ...]
    class_teacher: IntArray
    contour_step: IntArray
    contour_listed: IntArray
    num_doubtful: int

    @property
    def num_mentors(self) -> int:
        """Return the number of mentors."""
        return len(self.mentor_id)

    @property
    def num_mentees(self) -> int:
        """Return the number of mentees."""
        return len(self.mentee_id)

    def key(self, mentor: IntArray, mentee: IntArray) -> IntArray:
        """Return the keys of pairs, as in :mod:`matcher.candidates.marks`."""
        return mentor * self.num_mentees + mentee

    def holds_position(self, names: tuple[str, ...]) -> BoolArray:
        """Return per mentor whether his position is one of ``names``."""
        wanted = [at for at, name in enumerate(self.positions) if name in names]
        return np.isin(self.mentors.position, wanted)


def build_columns(
    roster: Roster, policy: Policy, reference_day: date, apart: Iterable[tuple[str, str]] = ()
) -> Columns:
    """Return the columns of a round; the order of the roster's rows does not matter.

    ``apart`` are pairs (mentor, mentee) found to have no time in common.

    Raises
    ------
    InputError
        When a mentee has more requests and deficits than the bit sets hold.
    """
    people = {person.id: person for person in roster.people}
    mentors = sorted(roster.mentors, key=lambda mentor: mentor.person)
    mentees = sorted(roster.mentees, key=lambda mentee: mentee.person)
    places = build_places(roster)
    words = build_vocabulary(roster, mentors, mentees, policy)
    mentor_of = {mentor.person: at for at, mentor in enumerate(mentors)}
    mentee_of = {mentee.person: at for at, mentee in enumerate(mentees)}
    sides = build_mentors(mentors, people, roster, policy, places, words, reference_day)
    main = policy.subjects.main
    covers = Covers(
        topics=sides.topics,
        levels=sides.levels,
        subjects=[frozenset(main(s) for s in people[mentor.person].subjects) for mentor in mentors],
    )
    steps, listed = contour_steps(policy)
    declared = [(people[m.person], category) for m in mentees if not m.is_class for category in m.categories]
    return Columns(
        policy=policy,
        reference_day=reference_day,
        mentor_id=tuple(mentor_of),
        mentee_id=tuple(mentee_of),
        mentor_of=mentor_of,
        mentee_of=mentee_of,
        mentors=sides,
        mentees=build_mentees(mentees, people, roster, policy, places, words, reference_day),
        places=places,
        needs=build_needs(mentees, policy, covers),
        marks=build_marks(roster, mentor_of, mentee_of, places.index(), reference_day, apart),
        positions=tuple(sorted(words.position)),
        class_teacher=_class_teachers(roster, mentors, words.school_class),
        contour_step=steps,
        contour_listed=listed,
        num_doubtful=sum(is_doubtful(person, category, policy) for person, category in declared),
    )


def mentee_rows(roster: Roster) -> list[Mentee]:
    """Return the mentees in the order of the columns."""
    return sorted(roster.mentees, key=lambda mentee: mentee.person)


def mentor_rows(roster: Roster) -> list[Mentor]:
    """Return the mentors in the order of the columns."""
    return sorted(roster.mentors, key=lambda mentor: mentor.person)


def _class_teachers(roster: Roster, mentors: list[Mentor], school_class: dict[str, int]) -> IntArray:
    """Return (mentor, class) from both places where it is written: the mentor's row and the class's row."""
    led: dict[str, set[str]] = {}
    for found in roster.classes:
        led.setdefault(found.class_teacher or "", set()).add(found.id)
    pairs = [
        (at, school_class[class_])
        for at, mentor in enumerate(mentors)
        for class_ in {*mentor.class_teacher_of, *led.get(mentor.person, ())}
        if class_ in school_class
    ]
    return np.array(sorted(pairs), dtype=np.int64).reshape(len(pairs), 2)
