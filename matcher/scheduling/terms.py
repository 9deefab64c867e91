"""From when to when a pair works: the term of its programme (HR-16, A-06, A-07)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

from matcher.policy import Policy
from matcher.policy_parts import Pattern
from matcher.roster import Lock, LockStatus, MentoringForm


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, its last day where the month is too short.

    >>> add_months(date(2025, 11, 30), 3)
    datetime.date(2026, 2, 28)
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def lock_of(locks: Iterable[Lock], mentor: str, mentee: str, form: MentoringForm) -> Lock | None:
    """Return the lock under which a pair runs or was agreed, the one of its form first."""
    mine = [
        lock
        for lock in locks
        if (lock.mentor, lock.mentee) == (mentor, mentee) and lock.status is not LockStatus.FORBIDDEN
    ]
    return min(mine, key=lambda lock: (lock.form is not form, lock.form is not None), default=None)


def term_of(policy: Policy, pattern: Pattern, lock: Lock | None, first_day: date, last_day: date) -> tuple[date, date]:
    """Return the first and the last day of a pair's programme inside those that are planned.

    A programme lasts the policy's months, a kind with months of its own the most of these; it begins when the pair
    began. A prolonged one is a new version and begins with the plan. One that would be over before the plan begins may
    last as long as HR-16 allows; where that is over too, the first day returned lies behind the last.
    """
    bounds, is_bounded = policy.programme.months, policy.rule("HR-16").on
    months = bounds.default
    if is_bounded:
        months = max(bounds.min, min(bounds.max, months))
    if pattern.term_months is not None:
        months = pattern.term_months[1]
    begins = first_day if lock is None or lock.since is None else lock.since
    if lock is not None and lock.status is LockStatus.PROLONGED:
        begins = max(begins, first_day)
    ends = add_months(begins, months) - timedelta(days=1)
    if ends < first_day and pattern.term_months is None:
        ends = add_months(begins, bounds.max) - timedelta(days=1) if is_bounded else last_day
    return max(begins, first_day), min(ends, last_day)
