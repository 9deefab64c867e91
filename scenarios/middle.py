"""The middle of a year: pairs that end are matched anew, others are prolonged, people are ill (KAL 4.9, 4.11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from matcher.plan import Plan, PlannedPair, pairs_of
from matcher.planning import make_plan
from matcher.repair.changes import Changes, Ending, NewPair, NewTerm
from matcher.repair.repair import repair_plan
from matcher.roster import Absence, Lock, LockStatus, Roster, Wish
from matcher.sessions.schedule import ActivityPurpose, Schedule
from scenarios.document import ChangesPart

_REMATCH_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MiddleOfYear:
    """The plan after the changes, and their figures."""

    plan: Plan
    figures: Mapping[str, float] = field(default_factory=dict)


def live_through(plan: Plan, part: ChangesPart, *, seed: int, work_limit: int | None) -> MiddleOfYear:
    """Return the plan after what happened: with the least movement, and the recommended way of repairing it.

    The pairs concerned are the first, in the order of their ids, that have sessions after ``part.today``. The mentees
    of ended pairs are matched anew: all other pairs stay, and the two who parted are not brought together again.
    """
    schedule = plan.schedule
    assert schedule is not None
    pairs = _running(plan, schedule, part)
    ending = _only_mentors(plan, pairs)[: part.end]
    others = [one for one in pairs if one not in ending]
    prolonged, absent = others[: part.prolong], others[part.prolong : part.prolong + part.absent]
    again = _matched_anew(plan, ending, seed=seed, work_limit=work_limit) if ending else []
    changes = Changes(
        today=part.today,
        absences=tuple(
            Absence(person=one.mentor, start_day=part.today, end_day=part.today + timedelta(days=part.absent_days - 1))
            for one in absent
        ),
        ends=tuple(Ending(activity=_id(one), day=part.today, reason=part.reason) for one in ending),
        pairs=tuple(
            NewPair(
                mentor=one.mentor, mentee=one.mentee, kind=one.kind, day=part.today + timedelta(days=1), place="changes"
            )
            for one in again
        ),
        terms=tuple(
            NewTerm(activity=_id(one), last_day=_last_day(schedule, one) + timedelta(days=part.prolong_days))
            for one in prolonged
        ),
    )
    repaired = repair_plan(plan, changes, seed=seed)
    best = repaired.options[0] if repaired.options else None
    figures = {
        "changes.ended": len(ending),
        "changes.rematched": len(again),
        "changes.prolonged": len(prolonged),
        "changes.absent": len(absent),
        "changes.lost": len(repaired.lost),
        "changes.replaced": 0 if best is None else len(best.replaced),
        "changes.moved": 0 if best is None else len(best.moved),
        "changes.left_out": 0 if best is None else len(best.left_out),
    }
    return MiddleOfYear(plan=plan if best is None else best.plan, figures=figures)


def _running(plan: Plan, schedule: Schedule, part: ChangesPart) -> list[PlannedPair]:
    """Return the individual pairs with sessions still to come, those of one direction alone."""
    coming = {one.activity for one in schedule.sessions if one.day > part.today}
    meeting = {one.id for one in schedule.activities if one.purpose is ActivityPurpose.MEETING and not one.both_ways}
    found = [one for one in plan.pairs if one.group is None and not one.counter and _id(one) in coming & meeting]
    return sorted(found, key=_id)


def _only_mentors(plan: Plan, pairs: list[PlannedPair]) -> list[PlannedPair]:
    """Return the pairs whose mentee has no other mentor."""
    counts = Counter(one.mentee for one in plan.pairs)
    return [one for one in pairs if counts[one.mentee] == 1]


def _id(pair: PlannedPair) -> str:
    return f"{pair.mentor}:{pair.mentee}"


def _matched_anew(plan: Plan, ending: list[PlannedPair], *, seed: int, work_limit: int | None) -> list[PlannedPair]:
    """Return new individual pairs of the mentees whose pair ends; nobody else changes."""
    parted = {(one.mentor, one.mentee) for one in ending}
    locks = tuple(
        Lock(mentor=one.mentor, mentee=one.mentee, form=one.form, kind=one.kind, status=LockStatus.ACTIVE)
        for one in plan.pairs
        if one.group is None and (one.mentor, one.mentee) not in parted
    )
    vetoes = tuple(Wish(from_person=mentee, to_person=mentor, veto=True) for mentor, mentee in sorted(parted))
    others = tuple(one for one in plan.roster.wishes if (one.to_person, one.from_person) not in parted)
    # One mentor each: a second one may cover what the first leaves open, which no pair on its own may.
    mentees = {mentee for _, mentee in parted}
    rows = tuple(replace(one, max_mentors=1) if one.person in mentees else one for one in plan.roster.mentees)
    roster: Roster = replace(plan.roster, mentees=rows, locks=locks, wishes=(*others, *vetoes))
    found = make_plan(
        roster,
        plan.policy,
        busy=plan.busy,
        time_limit=_REMATCH_SECONDS,
        work_limit=work_limit,
        seed=seed,
        previous=pairs_of(plan),
        reference_day=plan.reference_day,
    )
    had = {(one.mentor, one.mentee) for one in plan.pairs}
    return [
        one
        for one in found.pairs
        if one.mentee in mentees and one.group is None and not one.counter and (one.mentor, one.mentee) not in had
    ]


def _last_day(schedule: Schedule, pair: PlannedPair) -> date:
    return max(window.last_day for one in schedule.activities if one.id == _id(pair) for window in one.windows)
