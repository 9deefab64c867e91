"""What is due in a school year, for whom and by when (requirements 7.9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from matcher.errors import Fault, InputError
from matcher.indicators.counting import area_of
from matcher.indicators.due import Due, DueState, Records, done_by, state_of
from matcher.indicators.events import dates_of_events
from matcher.indicators.facts import Facts
from matcher.indicators.period import Period, in_school_year, on, school_year_period
from matcher.indicators.workdays import IsWorkingDay, last_working_day
from matcher.policy import Policy
from matcher.policy_parts import Deadline
from matcher.policy_words import DeadlineWhen, Quarters, ScopeLevel
from matcher.texts import text

_ONE_DAY = timedelta(days=1)
_QUARTER_ENDS = ("03-31", "06-30", "09-30", "12-31")


def due_dates(
    policy: Policy,
    school_year: int,
    facts: Facts,
    today: date,
    *,
    is_working_day: IsWorkingDay | None = None,
    school_quarters: Sequence[date] = (),
) -> tuple[Due, ...]:
    """Return everything due in a school year, the earliest first and what has no date last.

    Parameters
    ----------
    school_year
        The calendar year in which it begins.
    is_working_day
        Says whether people work on a day; without it replacements and notices are left out, since the law counts
        them in working days.
    school_quarters
        Last days of the quarters of the school year, asked for where the policy counts by them (A-34).

    Raises
    ------
    InputError
        When the policy counts by the quarters of the school year and they are not given.
    """
    year = school_year_period(school_year)
    done = done_by(facts.done)
    found: list[Due] = []
    for rule in policy.deadlines:
        if rule.when is DeadlineWhen.QUARTER and rule.quarters is Quarters.SCHOOL and not school_quarters:
            cure = text('give the last days of the quarters, or write quarters = "calendar"')
            message = text("the reports are due by quarters of the school year, and these are not known")
            raise InputError([Fault(f"deadlines.{rule.id}", message, cure)])
        found += _of_rule(_Rule(rule=rule, year=year, today=today, done=done), facts, school_quarters)
    if is_working_day is not None:
        found = [
            one if one.day is None else replace(one, working_day=last_working_day(one.day, is_working_day))
            for one in found
        ]
        found += dates_of_events(policy, facts, year, today, done, is_working_day)
    return tuple(sorted(found, key=lambda one: (one.day or one.first_day or date.max, one.id, one.subject)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """A deadline of the policy in one school year."""

    rule: Deadline
    year: Period
    today: date
    done: Records

    def due(
        self,
        subject: str,
        *,
        first_day: date | None = None,
        day: date | None = None,
        covers: date | None = None,
        settles: Period | None = None,
    ) -> Due:
        """Return the entry of one subject; what was done in the time that ``settles`` it (about ``covers``) counts."""
        time = settles or self.year
        records = [
            one
            for one in self.done.get((self.rule.id, subject), ())
            if (one.covers == covers if covers is not None else one.day in time)
        ]
        settled = min((one.day for one in records), default=None)
        return Due(
            id=self.rule.id,
            title=self.rule.title,
            title_en=self.rule.title_en,
            level=self.rule.level,
            subject=subject,
            clause=self.rule.clause,
            state=state_of(self.today, first_day, day, settled),
            first_day=first_day,
            day=day,
            covers=covers,
            num_done=len(records),
            done_day=settled,
        )


def _of_rule(rule: _Rule, facts: Facts, school_quarters: Sequence[date]) -> Iterator[Due]:
    if rule.rule.when is DeadlineWhen.QUARTER:
        yield from _reports(rule, facts, school_quarters)
    elif rule.rule.when is DeadlineWhen.COMPLETION:
        yield from _completions(rule, facts)
    else:
        for subject in _subjects(rule.rule.level, facts):
            yield from _of_subject(rule, subject)


def _of_subject(rule: _Rule, subject: str) -> Iterator[Due]:
    match rule.rule.when:
        case DeadlineWhen.DAY | DeadlineWhen.WINDOW:
            yield from _dated(rule, subject)
        case DeadlineWhen.TIMES_A_YEAR:
            yield _repeated(rule, subject)
        case DeadlineWhen.REQUEST:
            yield rule.due(subject)
        case _:
            raise ValueError(rule.rule.when)


def _dated(rule: _Rule, subject: str) -> Iterator[Due]:
    """Yield a day or window, placed by its last day, in the calendar years it is limited to."""
    assert rule.rule.day is not None
    day = in_school_year(rule.year.first_day.year, rule.rule.day)
    if rule.rule.years is not None and not rule.rule.years[0] <= day.year <= rule.rule.years[1]:
        return
    first_day = None
    if rule.rule.start_day is not None:
        first_day = on(day.year, rule.rule.start_day)
        if first_day > day:
            first_day = on(day.year - 1, rule.rule.start_day)
    since = min(first_day, rule.year.first_day) if first_day is not None else rule.year.first_day
    time = Period(first_day=since, last_day=rule.year.last_day)
    yield rule.due(subject, first_day=first_day, day=day, settles=time)


def _repeated(rule: _Rule, subject: str) -> Due:
    """Return what is due so many times a year: by the end of the school year, or within a year of the last time."""
    assert rule.rule.times is not None
    records = [one.day for one in rule.done.get((rule.rule.id, subject), ())]
    times = sum(day in rule.year for day in records)
    day = rule.year.last_day
    earlier = max((one for one in records if one < rule.year.first_day), default=None)
    if rule.rule.rolling and earlier is not None:
        day = min(day, on(earlier.year + 1, f"{earlier:%m-%d}"))
    due = rule.due(subject, first_day=rule.year.first_day, day=day)
    is_done = times >= rule.rule.times[0]
    state = DueState.DONE if is_done else state_of(rule.today, rule.year.first_day, day, None)
    last = max((one for one in records if one in rule.year), default=None)
    return replace(due, state=state, times=rule.rule.times, num_done=times, done_day=last if is_done else None)


def _reports(rule: _Rule, facts: Facts, school_quarters: Sequence[date]) -> Iterator[Due]:
    """Yield a report of every programme for every quarter it ran in, due so many days after its end."""
    ends = sorted(school_quarters) if rule.rule.quarters is Quarters.SCHOOL else _calendar_quarters(rule.year)
    after = timedelta(days=rule.rule.due_days or 0)
    home = {person.id: person.organisation for person in facts.people}
    reporting = {one.id for one in facts.organisations}
    starts = [_quarter_start(end, ends, at, rule.rule.quarters) for at, end in enumerate(ends)]
    for one in facts.programmes:
        if one.first_day is None or home.get(one.mentee) not in reporting:
            continue
        for start, end in zip(starts, ends, strict=True):
            runs = Period(first_day=start, last_day=end).overlaps(one.first_day, one.final_day)
            if runs and end + after in rule.year:
                yield rule.due(one.id, first_day=end + _ONE_DAY, day=end + after, covers=end)


def _calendar_quarters(year: Period) -> list[date]:
    """Return the last days of calendar quarters whose reports may fall due in a school year."""
    years = range(year.first_day.year, year.last_day.year + 1)
    return sorted(on(one, end) for one in years for end in _QUARTER_ENDS)


def _quarter_start(end: date, ends: Sequence[date], at: int, quarters: Quarters) -> date:
    if at:
        return ends[at - 1] + _ONE_DAY
    if quarters is Quarters.CALENDAR:
        return date(end.year, end.month - 2, 1)
    return school_year_period(end.year if end.month >= 9 else end.year - 1).first_day


def _completions(rule: _Rule, facts: Facts) -> Iterator[Due]:
    """Yield what may be done once a programme is over: the regulation opens it and sets no last day (KAL 4.12)."""
    home = {person.id: person.organisation for person in facts.people}
    reporting = {one.id for one in facts.organisations}
    for one in facts.programmes:
        opens, is_over = one.final_day, one.end_day is not None
        if opens is None or one.first_day is None or home.get(one.mentee) not in reporting:
            continue
        due = rule.due(one.id, first_day=opens, settles=Period(first_day=opens, last_day=date.max))
        is_left = is_over and opens < rule.year.first_day and due.state is not DueState.DONE
        if opens in rule.year or is_left:
            # A programme that goes on beyond its planned end is not published.
            state = due.state if is_over or due.state is DueState.DONE else DueState.AHEAD
            yield replace(due, state=state)


def _subjects(level: ScopeLevel, facts: Facts) -> list[str]:
    """Return the programmes, organisations, municipalities or regions that a deadline binds."""
    if level is ScopeLevel.PAIR:
        home = {person.id: person.organisation for person in facts.people}
        reporting = {one.id for one in facts.organisations}
        return [one.id for one in facts.programmes if home.get(one.mentee) in reporting]
    return list(dict.fromkeys(area_of(one, level) for one in facts.organisations))
