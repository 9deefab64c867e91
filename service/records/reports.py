"""What a pair reports: the log of its meetings, every quarter, at the end; and the mark of the full cycle.

References
----------
DAL-21, DAL-40, DAL-44, DAL-52, DAL-54, DAL-55; A-34 (which quarter), A-35 (mentor writes, curator checks).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import Field, Strict

from matcher.errors import Fault
from matcher.policy import Policy
from matcher.policy_parts import Deadline
from matcher.policy_words import DeadlineWhen, Quarters
from matcher.roster import SessionMode, Topic
from matcher.texts import Text, text
from service.records.kind import CURATORS, Case, HangsOn, Kind, Shown, Step, missing
from service.records.shapes import Count, Day, Fields, Flag, Id, Line, Minutes, Part, Score, Words
from service.tables.access import Role
from service.tables.rounds import Meeting, MeetingPerson, Pair

RUNNING = ("active", "prolonged", "aftercare", "closed", "terminated")
"""States in which a pair has worked."""


class SessionLogFields(Fields):
    """What happened at a meeting, planned or not."""

    day: Day
    minutes: Minutes | None = None
    mode: SessionMode | None = None
    meeting: Id | None = None
    topics: Annotated[tuple[Topic, ...], Field(max_length=10)] = ()
    done: Words | None = None
    next_steps: Words | None = None
    goal_reached: Flag | None = None


class SessionLog(Kind[SessionLogFields]):
    """A line of the log of a pair; situational help is written down here after it was given."""

    id = "session_log"
    path = "session-logs"
    title = text("log of a meeting")
    about = "A line of a pair's log: of a planned meeting, or of help given when it was needed."
    on = HangsOn.PAIR
    fields = SessionLogFields
    example: Mapping[str, Any] = {"day": "2026-10-14", "minutes": 45, "mode": "in_person", "goal_reached": True}
    first = "kept"
    shown = Shown.PAIR
    figures = ("day", "minutes", "mode", "meeting", "goal_reached")

    def slot(self, case: Case, fields: SessionLogFields) -> str | None:
        """A meeting is logged once for each pair."""
        assert case.pair is not None
        return None if fields.meeting is None else f"session_log:{case.pair.id}:{fields.meeting}"

    def check(self, case: Case, fields: SessionLogFields) -> Iterable[Fault]:
        """Yield a day still to come, and a meeting of other people."""
        assert case.pair is not None
        if fields.day > case.today:
            yield Fault("fields.day", text("this day has not come yet"))
        if fields.meeting is None:
            return
        meeting = case.session.get(Meeting, fields.meeting)
        seat = case.session.get(MeetingPerson, (fields.meeting, case.pair.mentee_id))
        if meeting is None or meeting.round_id != case.pair.round_id or seat is None:
            yield Fault("fields.meeting", text("this is no meeting of the pair"))


class Criteria(Part):
    """How the mentor sees the mentee's progress (DAL 5.3), each 0–10."""

    project_culture: Score | None = None
    attendance: Score | None = None
    successful_projects: Score | None = None
    activity: Score | None = None


class QuarterlyFields(Fields):
    """A report on one quarter."""

    year: Annotated[int, Strict(), Field(ge=2000, le=2100)]
    quarter: Annotated[int, Strict(), Field(ge=1, le=4)]
    done: Words | None = None
    difficulties: Words | None = None
    changes: Words | None = None
    criteria: Criteria | None = None
    meetings_held: Count | None = None
    curator_remark: Words | None = None


class QuarterlyReport(Kind[QuarterlyFields]):
    """The report of a quarter: the mentor writes it, the curator checks it."""

    id = "quarterly_report"
    path = "quarterly-reports"
    title = text("quarterly report")
    about = "The report of a quarter (D-11): the mentor writes and hands it in, the curator checks or returns it."
    on = HangsOn.PAIR
    fields = QuarterlyFields
    example: Mapping[str, Any] = {"year": 2026, "quarter": 4, "done": "Проведено шесть встреч", "meetings_held": 6}
    steps = (
        Step(start="draft", to="submitted", by=CURATORS | {Role.MENTOR}),
        Step(start="submitted", to="checked", by=CURATORS, asks=("curator_remark",)),
        Step(start="submitted", to="returned", by=CURATORS, asks=("curator_remark",)),
        Step(start="returned", to="submitted", by=CURATORS | {Role.MENTOR}),
    )
    fixed = frozenset({"submitted", "checked"})
    shown = Shown.PAIR
    figures = ("year", "quarter", "meetings_held")
    document = "D-11"

    def slot(self, case: Case, fields: QuarterlyFields) -> str | None:
        """A pair reports once a quarter."""
        assert case.pair is not None
        return f"quarterly_report:{case.pair.id}:{fields.year}-{fields.quarter}"

    def due(self, case: Case, fields: QuarterlyFields) -> date | None:
        """Return the last day to hand it in."""
        assert case.policy is not None
        return report_due(case.policy, fields.year, fields.quarter)

    def guard(self, case: Case, fields: QuarterlyFields, to: str) -> Iterable[Fault]:
        """Hand in what says something; return with a reason."""
        if to == "submitted":
            yield from missing(fields, "done")
        if to == "returned":
            yield from missing(fields, "curator_remark")

    def more_figures(self, case: Case, fields: QuarterlyFields) -> Mapping[str, Any]:
        """Return the last day of the quarter, and a word by which equal reports are found."""
        assert case.policy is not None
        rule = quarterly_deadline(case.policy)
        quarters = Quarters.CALENDAR if rule is None else rule.quarters
        last = last_day_of_quarter(fields.year, fields.quarter, quarters)
        return {"covers": last.isoformat(), "digest": _digest(fields)}


def _digest(fields: QuarterlyFields) -> str:
    """Return a word that is the same for the same report: identical reports are a sign of a formality (SMO 8.3)."""
    said = " ".join((fields.done or "", fields.difficulties or "", fields.changes or "")).casefold().split()
    return hashlib.sha256(" ".join(said).encode()).hexdigest()[:16]


def quarterly_deadline(policy: Policy) -> Deadline | None:
    """Return the rule of quarterly reports, None where the regulation asks for none."""
    return next((one for one in policy.deadlines if one.when is DeadlineWhen.QUARTER), None)


def last_day_of_quarter(year: int, quarter: int, quarters: Quarters) -> date:
    """Return the last day of a quarter; those of the school year begin in September, November, January and April."""
    ends = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}
    if quarters is Quarters.SCHOOL:
        ends = {1: (10, 31), 2: (12, 31), 3: (3, 31), 4: (5, 31)}
    month, day = ends[quarter]
    return date(year, month, day)


def report_due(policy: Policy, year: int, quarter: int) -> date | None:
    """Return the day by which the report of a quarter is due (A-34)."""
    rule = quarterly_deadline(policy)
    if rule is None:
        return None
    return last_day_of_quarter(year, quarter, rule.quarters) + timedelta(days=rule.due_days or 0)


class Spheres(Part):
    """Success of a pupil with special needs by spheres, 0–10 (DAL 4.3)."""

    cognitive: Score | None = None
    communicative: Score | None = None
    emotional: Score | None = None
    independence: Score | None = None


class FinalFields(Fields):
    """The report at the end of the year's work."""

    day: Day | None = None
    process: Words | None = None
    mentee_progress: Words | None = None
    mentor_work: Words | None = None
    spheres_at_start: Spheres | None = None
    spheres_at_end: Spheres | None = None
    risks: Words | None = None
    rating: Score | None = None
    plan_reached: Flag | None = None


class FinalReport(Kind[FinalFields]):
    """The report of the year, signed by curator, mentor and mentee."""

    id = "final_report"
    path = "final-reports"
    title = text("final report of a pair")
    about = "The report at the end of the year's work (D-12), with the signatures of curator, mentor and mentee."
    on = HangsOn.PAIR
    fields = FinalFields
    example: Mapping[str, Any] = {"process": "План выполнен", "mentee_progress": "Первая категория", "rating": 9}
    steps = (Step(start="draft", to="signed", by=CURATORS),)
    fixed = frozenset({"signed"})
    versions = True
    sides = ("mentor", "mentee", "curator")
    joint = True
    shown = Shown.PAIR
    figures = ("day", "rating", "plan_reached")
    document = "D-12"

    def slot(self, case: Case, fields: FinalFields) -> str | None:
        """A pair has one final report."""
        assert case.pair is not None
        return f"final_report:{case.pair.id}"

    def prefill(self, case: Case) -> Mapping[str, Any]:
        """Return the day."""
        return {"day": case.today}

    def remarks(self, case: Case, fields: FinalFields) -> Iterable[Text]:
        """Say what follows from the plan being reached or missed (DAL 5.3)."""
        if fields.plan_reached is True:
            yield text("The plan is reached: describe the programme as a best practice (DAL 5.3).")
        elif fields.plan_reached is False:
            yield text("The plan is missed: rework the roadmap and the programmes (DAL 5.3).")

    def guard(self, case: Case, fields: FinalFields, to: str) -> Iterable[Fault]:
        """Sign what has its three parts and three signatures."""
        assert case.record is not None
        yield from missing(fields, "process", "mentee_progress", "mentor_work")
        for side in self.sides:
            if side not in case.record.acknowledged:
                yield Fault(f"acknowledged.{side}", text("a signature is missing"))


class FullCycleFields(Fields):
    """The curator's mark that a participant has gone through the full cycle."""

    day: Day | None = None
    note: Line | None = None


class FullCycle(Kind[FullCycleFields]):
    """The mark of the full cycle (DAL 5.2.1); figures of involvement count it."""

    id = "full_cycle"
    path = "full-cycles"
    title = text("mark of the full cycle")
    about = "The curator's mark that a pair went through the full cycle (DAL 5.2.1); it stands in the pair too."
    on = HangsOn.PAIR
    fields = FullCycleFields
    example: Mapping[str, Any] = {"day": "2027-05-31"}
    first = "open"
    steps = (
        Step(start="open", to="marked", by=CURATORS),
        Step(start="marked", to="withdrawn", by=CURATORS),
        Step(start="withdrawn", to="marked", by=CURATORS),
    )
    fixed = frozenset({"marked"})
    shown = Shown.PAIR
    figures = ("day",)

    def slot(self, case: Case, fields: FullCycleFields) -> str | None:
        """A pair has one mark."""
        assert case.pair is not None
        return f"full_cycle:{case.pair.id}"

    def prefill(self, case: Case) -> Mapping[str, Any]:
        """Return the day."""
        return {"day": case.today}

    def guard(self, case: Case, fields: FullCycleFields, to: str) -> Iterable[Fault]:
        """Mark only a pair that has worked, on a day that has come."""
        assert case.pair is not None
        if to != "marked":
            return
        yield from missing(fields, "day")
        if fields.day is not None and fields.day > case.today:
            yield Fault("fields.day", text("this day has not come yet"))
        if case.pair.state not in RUNNING:
            yield Fault("pair", text("the pair has not begun to work"))

    def effect(self, case: Case, fields: FullCycleFields, to: str) -> None:
        """Write the mark into the pair."""
        assert case.pair is not None
        marked = to == "marked"
        pair: Pair = case.pair
        pair.full_cycle = marked
        pair.full_cycle_day = fields.day if marked else None
        pair.full_cycle_by = case.viewer.actor if marked else None
        pair.version += 1
        case.session.add(pair)


KINDS = (SessionLog(), QuarterlyReport(), FinalReport(), FullCycle())
