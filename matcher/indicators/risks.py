"""Signals of risk (SMO 8.3, requirements 9.4): whom each concerns, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from matcher.indicators.case import Case, build_cases
from matcher.indicators.facts import Facts, Participant, Programme, RefusalOf, Side
from matcher.indicators.period import Period
from matcher.indicators.words import decimal
from matcher.policy import Policy
from matcher.roster import MentoringKind
from matcher.texts import Text, text, text_n

#: Minutes in four weeks of one hour a week.
_WEEKLY_HOUR = 240
_PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A sign of a risk: its sort, the organisation, the people and programmes concerned by id, and the sentence.

    The sentence names nobody; whoever shows it puts the names beside it.
    """

    risk: str
    organisation: str
    message: Text
    people: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()


def find_signals(facts: Facts, policy: Policy, period: Period) -> tuple[Signal, ...]:
    """Return every signal of risk in the period, organisation by organisation.

    Examples
    --------
    >>> from matcher.io.policy_toml import read_policy
    >>> from matcher.indicators.period import school_year_period
    >>> find_signals(Facts(), read_policy("smolensk_school_23"), school_year_period(2026))
    ()
    """
    return tuple(signal for case in build_cases(facts, policy, period).values() for signal in signals_of(case))


def signals_of(case: Case) -> Iterator[Signal]:
    """Yield the signals of one organisation: of the risks the regulation watches, of all six where it names none."""
    for risk, find in _RISKS.items():
        if not case.policy.risks or risk in case.policy.risks:
            yield from find(case)


def _high_load(case: Case) -> Iterator[Signal]:
    """Mentoring and teaching hours over ``load.warn_hours``; a mentor with as many mentees as allowed."""
    sides: Mapping[Side, dict[str, list[Programme]]] = {side: defaultdict(list) for side in Side}
    for one in case.programmes:
        sides[Side.MENTOR][one.mentor].append(one)
        sides[Side.MENTEE][one.mentee].append(one)
    for id_, person in case.people.items():
        led, joined = sides[Side.MENTOR].get(id_, []), sides[Side.MENTEE].get(id_, [])
        if not (led or joined):
            continue
        peak = max(_minutes_on(day, led, joined) for day in _starts([*led, *joined], case.period)) / _WEEKLY_HOUR
        hours, limit = (person.teaching_hours or 0) + peak, case.policy.load.warn_hours
        if hours > limit:
            words = text(
                "teaching and mentoring take {hours} hours a week, more than {limit}",
                hours=decimal(hours),
                limit=decimal(limit),
            )
            yield _about(case, "high_load", words, [id_], [*led, *joined])
        yield from _at_cap(case, person, led)


def _at_cap(case: Case, person: Participant, led: list[Programme]) -> Iterator[Signal]:
    cap = case.policy.load.max_individual_mentees if person.max_mentees is None else person.max_mentees
    alone = [one for one in led if one.group is None and not _is_single_meeting(one)]
    most = max((len(_on(day, alone)) for day in _starts(alone, case.period)), default=0)
    if most and most >= cap:
        words = text_n("has {count} mentee, as many as allowed", "has {count} mentees, as many as allowed", count=most)
        yield _about(case, "high_load", words, [person.id], alone)


def _low_motivation(case: Case) -> Iterator[Signal]:
    """A low wish of one side, proposals declined, meetings missed."""
    rule = case.policy.monitoring
    for one in case.own_programmes:
        for side, wish in ((one.mentor, one.mentor_wish), (one.mentee, one.mentee_wish)):
            if wish is not None and wish <= rule.low_wish:
                words = text("rates the wish to work together {score} of 10", score=decimal(wish))
                yield _about(case, "low_motivation", words, [side], [one])
        held, missed = one.sessions_held or 0, one.sessions_missed or 0
        if missed and missed * _PERCENT >= rule.missed_percent * (held + missed):
            words = text("{missed} of {all} meetings were missed", missed=missed, all=held + missed)
            yield _about(case, "low_motivation", words, [one.mentor, one.mentee], [one])
    declined = Counter(one.person for one in case.refusals if one.of is RefusalOf.PROPOSAL)
    for id_, times in sorted(declined.items()):
        if times >= rule.declined:
            words = text_n("declined {count} proposed pair", "declined {count} proposed pairs", count=times)
            yield _about(case, "low_motivation", words, [id_])


def _formal_performance(case: Case) -> Iterator[Signal]:
    """Meetings without a log, a programme without goals, the same report twice."""
    for one in case.own_programmes:
        over = max(one.sessions_due or 0, one.sessions_held or 0)
        if one.sessions_logged == 0 and over:
            words = text_n(
                "{count} meeting is over, none is in the log",
                "{count} meetings are over, none is in the log",
                count=over,
            )
            yield _about(case, "formal_performance", words, [one.mentor, one.mentee], [one])
        if one.has_goals is False:
            words = text("the programme names no goals")
            yield _about(case, "formal_performance", words, [one.mentor, one.mentee], [one])
    of_mentor: dict[str, list[Programme]] = defaultdict(list)
    for one in case.own_programmes:
        of_mentor[one.mentor].append(one)
    for mentor, programmes in of_mentor.items():
        times = Counter(report for one in programmes for report in one.reports)
        same = {report for report, count in times.items() if count > 1}
        if same:
            concerned = [one for one in programmes if same.intersection(one.reports)]
            words = text_n(
                "{count} report is the same as another",
                "{count} reports are the same as others",
                count=sum(times[report] for report in same),
            )
            yield _about(case, "formal_performance", words, [mentor], concerned)


def _mentor_opposed(case: Case) -> Iterator[Signal]:
    """A veto after the start, a conflict brought before the council."""
    by_id = {one.id: one for one in case.own_programmes}
    for veto in case.vetoes:
        for one in by_id.values():
            is_after = one.first_day is not None and veto.day >= one.first_day
            if is_after and {veto.by, veto.against} == {one.mentor, one.mentee}:
                yield _about(
                    case, "mentor_opposed", text("refused the other after the start"), [veto.by, veto.against], [one]
                )
    for ticket in case.tickets:
        if (programme := by_id.get(ticket.programme)) is not None:
            words = text("a conflict was brought forward on {day}", day=f"{ticket.day:%d.%m.%Y}")
            yield _about(case, "mentor_opposed", words, [programme.mentor, programme.mentee], [programme])


def _weak_contours(case: Case) -> Iterator[Signal]:
    """A request nobody covers, while a mentor of another organisation would and has no mentee."""
    for need in case.open_needs:
        if need.candidates:
            words = text_n(
                "a request is open; {count} mentor of another organisation who covers it has no mentee",
                "a request is open; {count} mentors of other organisations who cover it have no mentee",
                count=len(need.candidates),
            )
            yield _about(case, "weak_contours", words, [need.mentee, *need.candidates])


def _not_seen_as_growth(case: Case) -> Iterator[Signal]:
    """Many of those who were asked refused to take part."""
    refused = sorted({one.person for one in case.refusals if one.of is RefusalOf.PARTICIPATION})
    asked = {one.id for one in case.people.values() if one.is_asked} | set(refused)
    if refused and len(refused) * _PERCENT >= case.policy.monitoring.refused_percent * len(asked):
        words = text("{refused} of {asked} people asked refused to take part", refused=len(refused), asked=len(asked))
        yield _about(case, "not_seen_as_growth", words, refused)


#: The six risks in the order of SMO 8.3 as requirements 9.4 lists them.
_RISKS: Mapping[str, Callable[[Case], Iterator[Signal]]] = {
    "high_load": _high_load,
    "low_motivation": _low_motivation,
    "formal_performance": _formal_performance,
    "mentor_opposed": _mentor_opposed,
    "weak_contours": _weak_contours,
    "not_seen_as_growth": _not_seen_as_growth,
}


def _about(case: Case, risk: str, message: Text, people: Iterable[str], programmes: Iterable[Programme] = ()) -> Signal:
    return Signal(
        risk=risk,
        organisation=case.organisation.id,
        message=message,
        people=tuple(people),
        programmes=tuple(one.id for one in programmes),
    )


def _starts(programmes: Iterable[Programme], period: Period) -> set[date]:
    """Return the days on which a load may be at its highest: when a programme begins."""
    return {max(one.first_day, period.first_day) for one in programmes if one.first_day is not None}


def _on(day: date, programmes: Iterable[Programme]) -> list[Programme]:
    today = Period(first_day=day, last_day=day)
    return [one for one in programmes if one.first_day is not None and today.overlaps(one.first_day, one.final_day)]


def _minutes_on(day: date, led: Iterable[Programme], joined: Iterable[Programme]) -> int:
    """Return the minutes in four weeks of what somebody leads and joins on a day; a group loads its mentor once."""
    by_unit = {one.group or one.id: one for one in _on(day, led)}
    given = sum(one.minutes if one.mentor_minutes is None else one.mentor_minutes for one in by_unit.values())
    return given + sum(one.minutes for one in _on(day, joined))


def _is_single_meeting(programme: Programme) -> bool:
    return programme.kind in (MentoringKind.SPEED, MentoringKind.FLASH)
