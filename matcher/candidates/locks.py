"""Running and agreed pairs: which of them stay, and which the council has to look at (HR-22)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.candidates.codes import FORMS, KINDS, IntArray
from matcher.candidates.columns import Columns
from matcher.candidates.edges import Edges, SideForms, build_edges, is_higher_level
from matcher.candidates.requirements import (
    REQUIREMENTS,
    Check,
    Requirement,
    asks_main_need,
    covers_a_need,
    is_higher_level_in_speed,
    is_not_forbidden,
    is_wanted_by_both,
    is_younger_in_reverse,
    judge,
)
from matcher.candidates.reverse import may_be_reverse
from matcher.candidates.tables import GROUP, REVERSE, KindTables
from matcher.months import full_months
from matcher.roster import Lock, LockStatus, MentoringKind, Roster
from matcher.texts import Text, text

_SENIORITY = (
    LockStatus.ACTIVE,
    LockStatus.PROLONGED,
    LockStatus.CONFIRMED,
    LockStatus.AGREED,
)
_AFTERCARE_PART = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class LockConflict:
    """A running or agreed pair that cannot simply stay: the rule it meets and what the council has to know."""

    mentor: str
    mentee: str
    rule: str
    clause: str
    message: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLock:
    """A pair that stays: indices, codes (−1: not said) and its own minutes in four weeks (None: as the kind)."""

    mentor: int
    mentee: int
    form: int
    kind: int
    minutes: int | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Loads:
    """Caps of both sides after running pairs are counted in; arrays over mentors and over mentees."""

    max_individual: IntArray
    max_groups: IntArray
    max_minutes: IntArray
    max_mentors: IntArray
    max_mentee_minutes: IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Locks:
    """What becomes of the locks: those kept, what the council has to settle, and the caps that admit those kept."""

    kept: tuple[KeptLock, ...]
    conflicts: tuple[LockConflict, ...]
    loads: Loads


def build_locks(roster: Roster, columns: Columns, sides: SideForms, tables: KindTables) -> Locks:
    """Return the locks that stay and the rest with reasons.

    A mere proposal is no lock; a pair in aftercare only takes a quarter of a pair's time (DAL 3.3.6). Older decisions
    go first where a cap is too small for all. An override of HR-06 raises a cap instead.
    """
    ledger = _Ledger(columns, tables)
    for lock in roster.locks:
        if lock.status is LockStatus.AFTERCARE:
            ledger.accompany(lock, sides)
    kept: list[KeptLock] = []
    conflicts: list[LockConflict] = []
    running = sorted((lock for lock in roster.locks if lock.status in _SENIORITY), key=_seniority)
    for lock in running:
        problem = _problem_of(lock, columns, sides) or ledger.take(lock, columns, sides, kept)
        if problem is not None:
            conflicts.append(problem)
    kept.sort(key=lambda lock: (lock.mentee, lock.mentor))
    conflicts.sort(key=lambda conflict: (conflict.mentee, conflict.mentor))
    return Locks(kept=tuple(kept), conflicts=tuple(conflicts), loads=ledger.loads())


def _seniority(lock: Lock) -> tuple[int, str, str, str]:
    since = lock.since.isoformat() if lock.since is not None else "9999"
    return _SENIORITY.index(lock.status), since, lock.mentor, lock.mentee


def _edge(lock: Lock, columns: Columns, sides: SideForms) -> Edges:
    mentor = np.array([columns.mentor_of[lock.mentor]], dtype=np.int64)
    mentee = np.array([columns.mentee_of[lock.mentee]], dtype=np.int64)
    return build_edges(columns, sides, mentor, mentee)


def _problem_of(lock: Lock, columns: Columns, sides: SideForms) -> LockConflict | None:
    """Return why the pair cannot stay as it is, None where no rule on a pair stands against it."""
    if lock.mentor not in columns.mentor_of or lock.mentee not in columns.mentee_of:
        gone = text("the pair was fixed, but one of the two is no longer in the registers")
        return _conflict(lock, "HR-22", columns, gone)
    if has_ended(columns, lock):
        ended = text("the pair ends: one of the two has left, or a consent to mentoring has ended without a new one")
        return _conflict(lock, "HR-22", columns, ended)
    edge = _edge(lock, columns, sides)
    broken = _broken(edge, lock)
    against = broken.get(is_wanted_by_both) or broken.get(is_not_forbidden)
    if against is not None:
        met = text("the pair was fixed, but now: {reason}", reason=against.sentence)
        return _conflict(lock, against.rule, columns, met)
    if broken:
        first = next(iter(broken.values()))
        alone = text("the pair was fixed but breaks a rule that nobody has lifted: {reason}", reason=first.sentence)
        return _conflict(lock, first.rule, columns, alone)
    if term := _used_up(lock, columns):
        return term
    if lock.form is not None and int(edge.form[0]) != FORMS.index(lock.form):
        form = text("the pair was fixed in a form that does not fit the two any more")
        return _conflict(lock, "HR-03", columns, form)
    if lock.kind is not None and not int(edge.kinds[0]) >> KINDS.index(lock.kind) & 1:
        kind = text("the pair was fixed in a kind that is not allowed or not accepted any more")
        return _conflict(lock, "HR-03", columns, kind)
    return None


def has_ended(columns: Columns, lock: Lock) -> bool:
    """Return whether one side has left or has no consent to mentoring any more."""
    mentor, mentee = columns.mentor_of[lock.mentor], columns.mentee_of[lock.mentee]
    gone = columns.mentors.has_left[mentor] | columns.mentors.consent_lapsed[mentor]
    return bool(gone | columns.mentees.consent_lapsed[mentee])


def _broken(edge: Edges, lock: Lock) -> dict[Check, Requirement]:
    """Return the rules that refuse the pair.

    A running pair has to be one a first mentor could have (HR-04), and to keep the rule of its own kind.
    """
    refused = int(judge(edge).refused[0])
    broken = {rule.check: rule for bit, rule in enumerate(REQUIREMENTS) if refused >> bit & 1}
    higher = is_higher_level(edge.columns, edge.mentor, edge.mentee)[0]
    for check, fails in (
        (covers_a_need, asks_main_need(edge)[0] and not edge.covered_main[0]),
        (is_younger_in_reverse, _is_reverse(edge, lock) and not may_be_reverse(edge)[0]),
        (is_higher_level_in_speed, lock.kind is MentoringKind.SPEED and not higher),
    ):
        rule = next(rule for rule in REQUIREMENTS if rule.check is check)
        if fails and edge.columns.policy.rule(rule.rule).on and not _is_lifted(edge, rule.rule):
            broken[check] = rule
    return broken


def _is_reverse(edge: Edges, lock: Lock) -> bool:
    return (KINDS.index(lock.kind) if lock.kind is not None else _usual_kind(edge)) == REVERSE


def _is_lifted(edge: Edges, rule: str) -> bool:
    overrides = edge.columns.marks.lifted.get(rule)
    return overrides is not None and bool(overrides.covers(edge.key, edge.mentor, edge.mentee)[0])


def _used_up(lock: Lock, columns: Columns) -> LockConflict | None:
    """Return a conflict where the programme has lasted as long as it may and was not prolonged (HR-16)."""
    if lock.since is None or lock.status is LockStatus.PROLONGED:
        return None
    months = 0 if lock.since is None else full_months(lock.since, columns.reference_day)
    mentor, mentee = np.array([columns.mentor_of[lock.mentor]]), np.array([columns.mentee_of[lock.mentee]])
    lifted = columns.marks.lifted.get("HR-16")
    rule, most = columns.policy.rule("HR-16"), columns.policy.programme.months.max
    if (
        not rule.on
        or months < most
        or (lifted is not None and lifted.covers(columns.key(mentor, mentee), mentor, mentee)[0])
    ):
        return None
    over = text("the programme has lasted {most} months already and was not prolonged", most=most)
    return _conflict(lock, "HR-16", columns, over)


def _conflict(lock: Lock, rule: str, columns: Columns, message: Text) -> LockConflict:
    clause = columns.policy.clause_of(rule)
    return LockConflict(mentor=lock.mentor, mentee=lock.mentee, rule=rule, clause=clause, message=message)


class _Ledger:
    """Loads of the pairs that stay, counted one by one against the caps."""

    def __init__(self, columns: Columns, tables: KindTables) -> None:
        mentors, mentees = columns.mentors, columns.mentees
        self._columns, self._tables = columns, tables
        self._caps = Loads(
            max_individual=mentors.max_individual.copy(),
            max_groups=mentors.max_groups.copy(),
            max_minutes=mentors.max_minutes.copy(),
            max_mentors=mentees.max_mentors.copy(),
            max_mentee_minutes=mentees.max_minutes.copy(),
        )
        zeros_m, zeros_n = np.zeros_like(mentors.max_minutes), np.zeros_like(mentees.max_minutes)
        self._used = Loads(
            max_individual=zeros_m.copy(),
            max_groups=zeros_m.copy(),
            max_minutes=zeros_m.copy(),
            max_mentors=zeros_n.copy(),
            max_mentee_minutes=zeros_n.copy(),
        )
        self._leads_group: set[int] = set()

    def loads(self) -> Loads:
        """Return the caps."""
        return self._caps

    def accompany(self, lock: Lock, sides: SideForms) -> None:
        """Take a quarter of a pair's time from both caps."""
        columns = self._columns
        if lock.mentor not in columns.mentor_of or lock.mentee not in columns.mentee_of:
            return
        edge = _edge(lock, columns, sides)
        kind = KINDS.index(lock.kind or columns.policy.kind_prefer[0])
        form = int(edge.form[0]) if lock.form is None else FORMS.index(lock.form)
        minutes = _own_minutes(lock)
        part = -(-(int(self._tables.minutes[kind, form]) if minutes is None else minutes) // _AFTERCARE_PART)
        for index, caps in (
            (int(edge.mentor[0]), self._caps.max_minutes),
            (int(edge.mentee[0]), self._caps.max_mentee_minutes),
        ):
            caps[index] = max(0, int(caps[index]) - part)

    def take(self, lock: Lock, columns: Columns, sides: SideForms, kept: list[KeptLock]) -> LockConflict | None:
        """Count the pair in and keep it; return a conflict where a cap is too small and nobody has raised it."""
        edge = _edge(lock, columns, sides)
        mentor, mentee = int(edge.mentor[0]), int(edge.mentee[0])
        kind = KINDS.index(lock.kind) if lock.kind is not None else _usual_kind(edge)
        own = _own_minutes(lock)
        minutes = int(self._tables.minutes[kind, edge.form[0]]) if own is None else own
        in_group = kind == GROUP
        opens = in_group and mentor not in self._leads_group
        added = (
            (self._used.max_individual, self._caps.max_individual, mentor, int(not in_group)),
            (self._used.max_groups, self._caps.max_groups, mentor, int(opens)),
            (self._used.max_minutes, self._caps.max_minutes, mentor, minutes if opens or not in_group else 0),
            (self._used.max_mentors, self._caps.max_mentors, mentee, 1),
            (self._used.max_mentee_minutes, self._caps.max_mentee_minutes, mentee, minutes),
        )
        fits = all(used[at] + more <= cap[at] for used, cap, at, more in added)
        raised = columns.marks.lifted.get("HR-06")
        if not fits and not (raised is not None and raised.covers(edge.key, edge.mentor, edge.mentee)[0]):
            full = text("the pair was fixed, but with it a cap of load is exceeded, and nobody has raised it")
            return _conflict(lock, "HR-06", columns, full)
        for used, cap, at, more in added:
            used[at] += more
            cap[at] = max(cap[at], used[at])
        if in_group:
            self._leads_group.add(mentor)
        form = int(edge.form[0])
        kept.append(KeptLock(mentor=mentor, mentee=mentee, form=form, kind=kind, minutes=own))
        return None


def _usual_kind(edge: Edges) -> int:
    """Return the kind of a fixed pair that names none: that of a new pair; a class is a group where it accepts that."""
    accepts_group = bool(int(edge.kinds[0]) >> GROUP & 1)
    if accepts_group and edge.columns.mentees.is_class[edge.mentee[0]]:
        return GROUP
    if edge.kind[0] >= 0:
        return int(edge.kind[0])
    return GROUP if accepts_group else REVERSE


def _own_minutes(lock: Lock) -> int | None:
    """Return the pair's own hours a month as minutes in four weeks that split into quarters (SMO 2.3)."""
    return None if lock.hours_per_month is None else -(-round(lock.hours_per_month * 60) // 4) * 4
