"""Terms counted in working days: notice to end a pair, the proposal of a new mentor (A-08, A-47, labour law)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from matcher.policy import Policy
from matcher.policy_words import EndReason

#: Says whether people work on a day; the calendar of a country is read outside the core.
IsWorkingDay = Callable[[date], bool]

#: Working days of notice by article 351.8 of the Labour Code, in force from 1 March 2025.
NOTICE_DAYS = 3
#: Working days within which a new mentor is proposed (A-47).
REPLACEMENT_DAYS = 5
LABOUR_LAW = "ru_labour_351_8"

_ONE_DAY = timedelta(days=1)
_MOST_DAYS = 366


def add_working_days(day: date, count: int, is_working_day: IsWorkingDay) -> date:
    """Return the ``count``-th working day after ``day``, counted from the next day.

    Raises
    ------
    ValueError
        When a year holds fewer working days than that.

    Examples
    --------
    >>> from datetime import date
    >>> add_working_days(date(2026, 11, 16), 3, lambda day: day.weekday() < 5)  # a Monday
    datetime.date(2026, 11, 19)
    """
    if count < 1:
        raise ValueError(f"{count} working days: at least one is needed")
    for _ in range(_MOST_DAYS):
        day += _ONE_DAY
        count -= is_working_day(day)
        if not count:
            return day
    raise ValueError("there are too few working days in a year")


def last_working_day(day: date, is_working_day: IsWorkingDay) -> date:
    """Return the last working day not later than ``day``.

    Raises
    ------
    ValueError
        When there is none in a year.
    """
    for _ in range(_MOST_DAYS):
        if is_working_day(day):
            return day
        day -= _ONE_DAY
    raise ValueError("there is no working day in a year")


def earliest_last_day(
    policy: Policy, notice_day: date, by: EndReason, is_working_day: IsWorkingDay, *, is_employment: bool = True
) -> date:
    """Return the earliest last day of a pair after a notice (A-08).

    Notice is due where the mentor refuses or the employer cancels, among employees and under the labour law; the
    mentee's own request takes effect on the day of the order.

    Parameters
    ----------
    notice_day
        The day of the notice, or of the order where no notice is due.
    by
        Who ends the pair; ``curator`` is the employer.
    is_employment
        Whether the mentoring is work for an employer (pupils and partners are bound by agreements, A-42).
    """
    is_bound = LABOUR_LAW in policy.legal_overlay and is_employment
    if is_bound and by in (EndReason.MENTOR, EndReason.CURATOR):
        return add_working_days(notice_day, NOTICE_DAYS, is_working_day)
    return notice_day


def replacement_due(day: date, is_working_day: IsWorkingDay) -> date:
    """Return the day by which a new mentor is to be proposed (A-47)."""
    return add_working_days(day, REPLACEMENT_DAYS, is_working_day)
