"""What is known of single pairs – wishes, vetoes, marks, contracts, overrides – as sorted keys, never as a full table.

The key of a pair is ``mentor * num_mentees + mentee``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from matcher.candidates.codes import FORMS, KINDS, BoolArray, IntArray, Numbers
from matcher.roster import LockStatus, Recommendation, Roster


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Marks:
    """Values of a few pairs: ``key`` ascending, ``value`` beside it."""

    key: IntArray
    value: Numbers

    def at(self, key: IntArray, default: float) -> Numbers:
        """Return the values of ``key``, ``default`` where nothing is known."""
        found = np.full(key.shape, default)
        if len(self.key):
            at = np.minimum(np.searchsorted(self.key, key), len(self.key) - 1)
            hit = self.key[at] == key
            found[hit] = self.value[at[hit]]
        return found

    def has(self, key: IntArray) -> BoolArray:
        """Return which keys are known."""
        if not len(self.key):
            return np.zeros(key.shape, dtype=bool)
        found: BoolArray = self.key[np.minimum(np.searchsorted(self.key, key), len(self.key) - 1)] == key
        return found


def marks_of(values: Mapping[int, float]) -> Marks:
    """Return marks from a mapping of keys."""
    keys = sorted(values)
    return Marks(key=np.array(keys, dtype=np.int64), value=np.array([values[key] for key in keys], dtype=np.float64))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lifted:
    """Whom the overrides of one rule concern: single pairs, or everybody of one mentor or one mentee."""

    pairs: Marks
    mentors: IntArray
    mentees: IntArray

    def covers(self, key: IntArray, mentor: IntArray, mentee: IntArray) -> BoolArray:
        """Return the pairs for which the rule is lifted."""
        lifted = self.pairs.has(key)
        if len(self.mentors):
            lifted = lifted | np.isin(mentor, self.mentors)
        if len(self.mentees):
            lifted = lifted | np.isin(mentee, self.mentees)
        return lifted


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairMarks:
    """Everything known of single pairs.

    ``mentor_wish``, ``mentee_wish`` 0–10; ``psychologist``, ``questionnaire`` −2…+2; the rest are sets of keys.
    ``lock_form``, ``lock_kind`` are the codes a running or agreed pair already has.
    ``contract`` holds keys ``mentee's organisation * num_organisations + mentor's organisation``.
    """

    veto: Marks
    forbidden: Marks
    apart: Marks
    mentor_wish: Marks
    mentee_wish: Marks
    psychologist: Marks
    questionnaire: Marks
    not_recommended: Marks
    aftercare: Marks
    lock_form: Marks
    lock_kind: Marks
    contract: Marks
    lifted: Mapping[str, Lifted] = field(default_factory=dict)
    num_useless_overrides: int = 0


def build_marks(
    roster: Roster,
    mentor: dict[str, int],
    mentee: dict[str, int],
    place: dict[str, int],
    day: date,
    apart: Iterable[tuple[str, str]] = (),
) -> PairMarks:
    """Return the marks of pairs of the two registers; what concerns others is left out.

    ``apart`` are pairs (mentor, mentee) found to have no time in common.
    """

    def key_of(mentor_id: str, mentee_id: str) -> int | None:
        if mentor_id not in mentor or mentee_id not in mentee:
            return None
        return mentor[mentor_id] * len(mentee) + mentee[mentee_id]

    wished: dict[str, dict[int, float]] = {"veto": {}, "mentor": {}, "mentee": {}}
    for wish in roster.wishes:
        for side, key in (
            ("mentor", key_of(wish.from_person, wish.to_person)),
            ("mentee", key_of(wish.to_person, wish.from_person)),
        ):
            if key is None:
                continue
            if wish.veto:
                wished["veto"][key] = 1
            if wish.score is not None:
                wished[side][key] = wish.score
    told: dict[str, dict[int, float]] = {"psychologist": {}, "questionnaire": {}, "not_recommended": {}, "reason": {}}
    for mark in roster.compatibility:
        key = key_of(mark.mentor, mark.mentee)
        if key is None:
            continue
        score = mark.psychologist
        if score is None and mark.recommendation is Recommendation.RECOMMENDED:
            score = 1
        if score is not None:
            told["psychologist"][key] = score
        if mark.questionnaire is not None:
            told["questionnaire"][key] = mark.questionnaire
        if mark.recommendation is Recommendation.NOT_RECOMMENDED:
            told["not_recommended"][key] = 1
        if mark.override_reason:
            told["reason"][key] = 1
    loose = (LockStatus.FORBIDDEN, LockStatus.PROPOSED, LockStatus.AFTERCARE)
    keyed = [(key_of(lock.mentor, lock.mentee), lock) for lock in roster.locks if lock.status not in loose]
    running = [(key, lock) for key, lock in keyed if key is not None]
    lifted, useless = _lifted(roster, mentor, mentee, told["reason"])
    return PairMarks(
        veto=marks_of(wished["veto"]),
        forbidden=_locks_of(roster, key_of, LockStatus.FORBIDDEN),
        apart=marks_of({key: 1.0 for key in (key_of(*pair) for pair in apart) if key is not None}),
        mentor_wish=marks_of(wished["mentor"]),
        mentee_wish=marks_of(wished["mentee"]),
        psychologist=marks_of(told["psychologist"]),
        questionnaire=marks_of(told["questionnaire"]),
        not_recommended=marks_of(told["not_recommended"]),
        aftercare=_locks_of(roster, key_of, LockStatus.AFTERCARE),
        lock_form=marks_of({k: FORMS.index(lock.form) for k, lock in running if lock.form is not None}),
        lock_kind=marks_of({k: KINDS.index(lock.kind) for k, lock in running if lock.kind is not None}),
        contract=_contracts(roster, place, day),
        lifted=lifted,
        num_useless_overrides=useless,
    )


def _locks_of(roster: Roster, key_of: object, status: LockStatus) -> Marks:
    assert callable(key_of)
    keys = (key_of(lock.mentor, lock.mentee) for lock in roster.locks if lock.status is status)
    return marks_of({key: 1.0 for key in keys if key is not None})


def _contracts(roster: Roster, place: dict[str, int], day: date) -> Marks:
    """Return the contracts that hold at some time in the year from ``day`` on."""
    year_end = day + timedelta(days=365)
    held = {}
    for contract in roster.contracts:
        is_over = contract.end_day is not None and contract.end_day < day
        is_ahead = contract.start_day is not None and contract.start_day > year_end
        if not is_over and not is_ahead and contract.organisation in place and contract.partner in place:
            held[place[contract.organisation] * len(place) + place[contract.partner]] = 1.0
    return marks_of(held)


def _lifted(
    roster: Roster, mentor: dict[str, int], mentee: dict[str, int], reasons: Iterable[int]
) -> tuple[dict[str, Lifted], int]:
    """Return per rule whom its overrides concern, and how many overrides concern nobody of the registers."""
    pairs: dict[str, dict[int, float]] = {"HR-24": dict.fromkeys(reasons, 1.0)}
    mentors: dict[str, set[int]] = {}
    mentees: dict[str, set[int]] = {}
    useless = 0
    for override in roster.overrides:
        has_mentor, has_mentee = override.mentor in mentor, override.mentee in mentee
        if has_mentor and has_mentee:
            assert override.mentor is not None
            assert override.mentee is not None
            key = mentor[override.mentor] * len(mentee) + mentee[override.mentee]
            pairs.setdefault(override.rule, {})[key] = 1.0
        elif has_mentor and override.mentee is None:
            mentors.setdefault(override.rule, set()).add(mentor[str(override.mentor)])
        elif has_mentee and override.mentor is None:
            mentees.setdefault(override.rule, set()).add(mentee[str(override.mentee)])
        else:
            useless += 1
    rules = sorted(pairs.keys() | mentors.keys() | mentees.keys())
    return {
        rule: Lifted(
            pairs=marks_of(pairs.get(rule, {})),
            mentors=np.array(sorted(mentors.get(rule, ())), dtype=np.int64),
            mentees=np.array(sorted(mentees.get(rule, ())), dtype=np.int64),
        )
        for rule in rules
    }, useless
