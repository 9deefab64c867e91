"""A speed event decided, in ids: who meets whom, when and where, what nobody can better, and the proof."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from matcher.outcome import Violation
from matcher.roster import Mentee, Mentor
from matcher.speed.certificate import SpeedPrices, level_bounds
from matcher.speed.event import SpeedEvent
from matcher.speed.result import SpeedResult
from matcher.speed.verify import level_values, violations
from matcher.texts import text


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One meeting; round and table count from 1. ``topic`` names a need of the mentee ("request:0"), or is empty."""

    round: int
    table: int
    mentor: str
    mentee: str
    want: int
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpeedPlan:
    """An event with its meetings, by round and table."""

    event: SpeedEvent
    result: SpeedResult
    meetings: tuple[Meeting, ...]

    @property
    def prices(self) -> SpeedPrices:
        """Return the prices that prove the levels."""
        return self.result.prices

    @property
    def mentees_without(self) -> tuple[str, ...]:
        """Return the mentees who meet nobody."""
        met = {meeting.mentee for meeting in self.meetings}
        return tuple(id_ for id_ in self.event.mentee_id if id_ not in met)

    @property
    def mentors_without(self) -> tuple[str, ...]:
        """Return the mentors who meet nobody."""
        met = {meeting.mentor for meeting in self.meetings}
        return tuple(id_ for id_ in self.event.mentor_id if id_ not in met)

    def num_possible(self) -> tuple[Counter[str], Counter[str]]:
        """Return with how many people each mentor, and each mentee, may meet at all."""
        event, problem = self.event, self.event.problem
        return (
            Counter(event.mentor_id[at] for at in problem.mentor.tolist()),
            Counter(event.mentee_id[at] for at in problem.mentee.tolist()),
        )


def build_meetings(
    event: SpeedEvent, result: SpeedResult, mentors: dict[str, Mentor], mentees: dict[str, Mentee]
) -> tuple[Meeting, ...]:
    """Return the meetings of a result in ids."""
    schedule, problem = result.schedule, event.problem
    found = []
    for pair, round_, table in zip(
        schedule.pair.tolist(), schedule.round.tolist(), schedule.table.tolist(), strict=True
    ):
        mentor, mentee = event.mentor_id[problem.mentor[pair]], event.mentee_id[problem.mentee[pair]]
        found.append(
            Meeting(
                round=round_ + 1,
                table=table + 1,
                mentor=mentor,
                mentee=mentee,
                want=int(problem.want[pair]),
                topic=topic_of(mentors[mentor], mentees[mentee]),
            )
        )
    return tuple(found)


def topic_of(mentor: Mentor, mentee: Mentee) -> str:
    """Return what the two may talk about: the most urgent request the mentor helps with, else the most urgent need."""
    requests = sorted(range(len(mentee.requests)), key=lambda at: (mentee.requests[at].priority, at))
    for at in requests:
        if mentee.requests[at].topic in mentor.topics:
            return f"request:{at}"
    if requests:
        return f"request:{requests[0]}"
    gaps = [deficit for deficit in mentee.deficits if deficit.gap]
    return f"deficit:{max(gaps, key=lambda deficit: deficit.gap).competence}" if gaps else ""


def recheck(plan: SpeedPlan) -> tuple[Violation, ...]:
    """Return what is wrong with a plan: broken rules, and values or bounds that are not as it states them.

    No solver is used: rules and values are counted from the meetings, bounds from the prices.
    """
    problem, result = plan.event.problem, plan.result
    broken = violations(problem, result.schedule)
    if broken:
        return broken
    found = []
    values = level_values(problem, result.schedule)
    names = problem.level_names
    if tuple(level.name for level in result.levels) != names:
        return (Violation("levels", (), text("the levels are not those of this event")),)
    for level, value in zip(result.levels, values, strict=True):
        if level.value != value:
            found.append(Violation("value", (level.name,), text("the value is {value}", value=value)))
    if result.prices.faults(problem):
        return (*found, Violation("certificate", (), text("the prices do not fit this event")))
    for level, bound in zip(result.levels, level_bounds(problem, result.prices, values), strict=True):
        if level.bound != bound:
            found.append(Violation("bound", (level.name,), text("the bound is {bound}", bound=bound)))
        if level.proof is not None and bound != level.value:
            found.append(Violation("proof", (level.name,), text("the prices do not prove the value")))
    return tuple(found)
