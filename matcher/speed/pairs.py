"""Who may meet whom at an event, and how much each meeting is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matcher.candidates.codes import KINDS, BoolArray, has_bit
from matcher.candidates.columns import Columns, build_columns
from matcher.candidates.criteria import CRITERIA, IDEAL
from matcher.candidates.edges import SideForms, is_higher_level
from matcher.candidates.locks import build_locks
from matcher.candidates.pairs import Pairs, build_pairs
from matcher.candidates.people import reference_day_of
from matcher.candidates.tables import GROUP, KindTables
from matcher.policy import Policy
from matcher.roster import LockStatus, MentoringKind, Roster
from matcher.texts import Text, text_n

IntArray = NDArray[np.int64]
TENTHS = 10
"""Wants are counted in tenths of a wish."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MayMeet:
    """The pairs of an event: ``mentor``, ``mentee`` (indices of the ids), ``want`` (num_pairs,)."""

    mentor_id: tuple[str, ...]
    mentee_id: tuple[str, ...]
    mentor: IntArray
    mentee: IntArray
    want: IntArray
    notes: tuple[Text, ...] = ()


def among_registers(roster: Roster, mentors: list[str], mentees: list[str], *, with_unwanted: bool) -> MayMeet:
    """Return the pairs of a speed event without a regulation.

    Left out are pairs that one of the two refuses, that are forbidden, or that work together already, and people who
    accept other kinds of mentoring only.
    """
    sides: list[dict[str, tuple[MentoringKind, ...]]] = [
        {mentor.person: mentor.kinds for mentor in roster.mentors},
        {mentee.person: mentee.kinds for mentee in roster.mentees},
    ]
    mentor_id, mentee_id = (
        tuple(id_ for id_ in ids if not kinds[id_] or MentoringKind.SPEED in kinds[id_])
        for ids, kinds in zip((mentors, mentees), sides, strict=True)
    )
    away = len(mentors) + len(mentees) - len(mentor_id) - len(mentee_id)
    table = np.ones((len(mentor_id), len(mentee_id)), dtype=bool)
    rows, columns = ({id_: at for at, id_ in enumerate(ids)} for ids in (mentor_id, mentee_id))
    for one, other in _kept_apart(roster):
        if one in rows and other in columns:
            table[rows[one], columns[other]] = False
    mentor, mentee = np.nonzero(table)
    notes = [
        text_n(
            "{count} person accepts no speed meetings and stays away",
            "{count} people accept no speed meetings and stay away",
            count=away,
        )
    ]
    return _wanted(roster, mentor_id, mentee_id, mentor, mentee, with_unwanted, tuple(notes[: min(1, away)]))


def under_regulation(
    roster: Roster,
    policy: Policy,
    mentors: list[str],
    mentees: list[str],
    *,
    with_unwanted: bool,
    reference_day: date | None,
) -> MayMeet:
    """Return the pairs of a speed event under a regulation: both accept this kind, the mentor is of a higher level."""
    columns, pairs = _pairs(roster, policy, reference_day)
    edges = pairs.edges
    allowed = has_bit(edges.kinds, KINDS.index(MentoringKind.SPEED)) & _takes_part(columns, pairs, mentors, mentees)
    if policy.rule("HR-09").on:
        lifted = columns.marks.lifted.get("HR-09")
        higher = is_higher_level(columns, edges.mentor, edges.mentee)
        allowed &= higher if lifted is None else higher | lifted.covers(edges.key, edges.mentor, edges.mentee)
    allowed &= ~_together(roster, columns, pairs)
    mentor, mentee = _indices(columns, pairs, allowed, mentors, mentees)
    return _wanted(roster, tuple(mentors), tuple(mentees), mentor, mentee, with_unwanted, ())


def candidates_of(
    roster: Roster, policy: Policy, mentors: list[str], mentees: list[str], *, reference_day: date | None
) -> MayMeet:
    """Return the pairs of a round of acquaintance, wanted as much as the criteria of the regulation find them good.

    A want is the weighted sum of criterion points, counted from its least possible value, plus 1. Left out are people
    who have no place left, and mentors who could only be a second one (HR-04).
    """
    columns, pairs = _pairs(roster, policy, reference_day)
    full_mentor, full_mentee = _without_place(roster, policy, columns)
    free_mentors = [id_ for id_ in mentors if not full_mentor[columns.mentor_of[id_]]]
    free_mentees = [id_ for id_ in mentees if not full_mentee[columns.mentee_of[id_]]]
    allowed = _takes_part(columns, pairs, free_mentors, free_mentees) & ~_together(roster, columns, pairs)
    allowed &= ~(pairs.asks_main & (pairs.edges.covered_main == 0))
    weight = np.array([policy.weights[rule.rule] for rule in CRITERIA], dtype=np.int64)
    worst = IDEAL * policy.weights["SO-05"]
    points: IntArray = weight @ pairs.points.astype(np.int64) + worst + 1
    mentor, mentee = _indices(columns, pairs, allowed, free_mentors, free_mentees)
    num_full = len(mentors) + len(mentees) - len(free_mentors) - len(free_mentees)
    note = text_n(
        "{count} person has no place left and stays away",
        "{count} people have no place left and stay away",
        count=num_full,
    )
    return MayMeet(
        mentor_id=tuple(free_mentors),
        mentee_id=tuple(free_mentees),
        mentor=mentor,
        mentee=mentee,
        want=points[allowed],
        notes=(note,) * bool(num_full),
    )


def _pairs(roster: Roster, policy: Policy, reference_day: date | None) -> tuple[Columns, Pairs]:
    """Return the pairs the regulation allows with the points of its criteria."""
    day = reference_day_of(policy, date.today()) if reference_day is None else reference_day
    columns = build_columns(roster, policy, day)
    return columns, build_pairs(columns, SideForms.of(columns), KindTables.of(policy), None)


def _kept_apart(roster: Roster) -> set[tuple[str, str]]:
    """Return (mentor, mentee) of those who must not meet, or work together already."""
    apart = {(lock.mentor, lock.mentee) for lock in roster.locks if lock.status is not LockStatus.PROPOSED}
    for wish in roster.wishes:
        if wish.veto:
            apart |= {(wish.from_person, wish.to_person), (wish.to_person, wish.from_person)}
    return apart | {(person.id, person.id) for person in roster.people}


def _together(roster: Roster, columns: Columns, pairs: Pairs) -> BoolArray:
    apart = [
        columns.mentor_of[one] * columns.num_mentees + columns.mentee_of[other]
        for one, other in _kept_apart(roster)
        if one in columns.mentor_of and other in columns.mentee_of
    ]
    return np.isin(pairs.edges.key, np.array(apart, dtype=np.int64))


def _without_place(roster: Roster, policy: Policy, columns: Columns) -> tuple[BoolArray, BoolArray]:
    """Return the mentors and mentees whose running pairs leave no place for another."""
    locks = build_locks(roster, columns, SideForms.of(columns), KindTables.of(policy))
    alone = np.zeros(columns.num_mentors, dtype=np.int64)
    served = np.zeros(columns.num_mentees, dtype=np.int64)
    leads: set[int] = set()
    for lock in locks.kept:
        served[lock.mentee] += 1
        if lock.kind == GROUP:
            leads.add(lock.mentor)
        else:
            alone[lock.mentor] += 1
    led = np.isin(np.arange(columns.num_mentors), sorted(leads)).astype(np.int64)
    full: BoolArray = (alone >= locks.loads.max_individual) & (led >= locks.loads.max_groups)
    done: BoolArray = served >= locks.loads.max_mentors
    return full, done


def _takes_part(columns: Columns, pairs: Pairs, mentors: list[str], mentees: list[str]) -> BoolArray:
    mentor = np.isin(np.arange(columns.num_mentors), [columns.mentor_of[id_] for id_ in mentors])
    mentee = np.isin(np.arange(columns.num_mentees), [columns.mentee_of[id_] for id_ in mentees])
    allowed: BoolArray = mentor[pairs.edges.mentor] & mentee[pairs.edges.mentee]
    return allowed


def _indices(
    columns: Columns, pairs: Pairs, allowed: BoolArray, mentors: list[str], mentees: list[str]
) -> tuple[IntArray, IntArray]:
    """Return the allowed pairs as indices of those who take part."""
    row, column = np.zeros(columns.num_mentors, dtype=np.int64), np.zeros(columns.num_mentees, dtype=np.int64)
    row[[columns.mentor_of[id_] for id_ in mentors]] = np.arange(len(mentors))
    column[[columns.mentee_of[id_] for id_ in mentees]] = np.arange(len(mentees))
    return row[pairs.edges.mentor[allowed]], column[pairs.edges.mentee[allowed]]


def _wanted(
    roster: Roster,
    mentor_id: tuple[str, ...],
    mentee_id: tuple[str, ...],
    mentor: IntArray,
    mentee: IntArray,
    with_unwanted: bool,
    notes: tuple[Text, ...],
) -> MayMeet:
    """Return the pairs with the wishes of both sides added up, those nobody asked for only ``with_unwanted``."""
    rows, columns = ({id_: at for at, id_ in enumerate(ids)} for ids in (mentor_id, mentee_id))
    table = np.zeros((len(mentor_id), len(mentee_id)), dtype=np.int64)
    for wish in roster.wishes:
        for one, other in ((wish.from_person, wish.to_person), (wish.to_person, wish.from_person)):
            if one in rows and other in columns and wish.score is not None:
                table[rows[one], columns[other]] += round(TENTHS * wish.score)
    want = table[mentor, mentee]
    kept = np.ones(len(want), dtype=bool) if with_unwanted else want > 0
    return MayMeet(
        mentor_id=mentor_id,
        mentee_id=mentee_id,
        mentor=mentor[kept].astype(np.int64),
        mentee=mentee[kept].astype(np.int64),
        want=want[kept],
        notes=notes,
    )
