"""Dates that follow from events in a pair: a mentor to replace, a notice to end (A-08, A-47)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from matcher.indicators.due import Due, Records, state_of
from matcher.indicators.facts import Facts, Programme
from matcher.indicators.period import Period
from matcher.indicators.workdays import LABOUR_LAW, IsWorkingDay, earliest_last_day, replacement_due
from matcher.policy import PUPIL_FORMS, Policy
from matcher.policy_words import ScopeLevel
from matcher.texts import Text, say, text

_REPLACE = text("Proposal of a new mentor")
_NOTICE = text("Earliest last day of the pair after the notice")


def dates_of_events(
    policy: Policy, facts: Facts, year: Period, today: date, done: Records, is_working_day: IsWorkingDay
) -> Iterator[Due]:
    """Yield the day by which a new mentor is to be proposed, and the first day on which a notice ends a pair."""
    by_id = {one.id: one for one in facts.programmes}
    for vacancy in facts.vacancies:
        day = replacement_due(vacancy.day, is_working_day)
        if day in year:
            since = [one.day for one in done.get(("replacement", vacancy.programme), ()) if one.day >= vacancy.day]
            settled = min(since, default=None)
            due = _event("replacement", _REPLACE, vacancy.programme, "A-47", today, vacancy.day, day, settled)
            yield due
    for notice in facts.notices:
        programme = by_id.get(notice.programme)
        is_employment = programme is None or _is_employment(programme)
        day = earliest_last_day(policy, notice.day, notice.by, is_working_day, is_employment=is_employment)
        if day in year:
            ended = None if programme is None else programme.end_day
            clause = LABOUR_LAW if day > notice.day else "A-08"
            yield _event("notice", _NOTICE, notice.programme, clause, today, day, None, ended)


def _event(
    id_: str,
    title: Text,
    subject: str,
    clause: str,
    today: date,
    first_day: date,
    day: date | None,
    done_day: date | None,
) -> Due:
    return Due(
        id=id_,
        title=say(title, "ru"),
        title_en=say(title, "en"),
        level=ScopeLevel.PAIR,
        subject=subject,
        clause=clause,
        state=state_of(today, first_day, day, done_day),
        first_day=first_day,
        day=day,
        working_day=day,
        num_done=int(done_day is not None),
        done_day=done_day,
    )


def _is_employment(programme: Programme) -> bool:
    """Return whether the mentoring is work for an employer: not where pupils take part (A-42)."""
    return programme.form not in PUPIL_FORMS
