"""The personalised programme with its note and plan (D-08), and the schedule of meetings (D-09).

References
----------
KAL 4.9 (KAL-31, KAL-32), DAL 2 (DAL-02).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from service.documents.builders.consents import programmes_of
from service.documents.material import Material, Two
from service.documents.words import clock, day, small, word
from service.organisations.details import House
from service.records.programme_fields import ProgrammeFields, Result
from service.records.words import Direction
from service.tables.rounds import Meeting, Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRow:
    """A line of the plan of activities."""

    number: int
    title: str
    type: str
    day: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectionPart:
    """The activities of one direction."""

    title: str
    activities: tuple[ActivityRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRow:
    """A line of the schedule."""

    number: int
    day: str
    weekday: str
    time: str
    mode: str
    place: str
    goal: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammePaper:
    """The programme of one pair; what nobody has written yet is empty."""

    house: House
    pair: Two
    first_day: str
    last_day: str
    mode: str
    problem: str
    relevance: str
    goals: tuple[str, ...]
    tasks: tuple[str, ...]
    mentor_content: str
    mentee_content: str
    target_audience: str
    mentor_requirements: str
    work_plan: str
    interim_results: tuple[str, ...]
    planned_results: tuple[str, ...]
    result_measures: str
    conditions: str
    directions: tuple[DirectionPart, ...]
    meetings: tuple[MeetingRow, ...]
    has_all_blocks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Programmes:
    """D-08: the programmes of all pairs chosen."""

    regulation: str
    papers: tuple[ProgrammePaper, ...]


NOTHING = ProgrammeFields()


def build_programmes(it: Material) -> Programmes:
    """Return the programmes, with blanks where a pair has none yet."""
    said = programmes_of(it)
    whole = "relevance" in it.policy.programme.required_fields
    pairs = it.in_order({pair.id: pair for pair in (*it.pairs, *it.worked)}.values())
    return Programmes(
        regulation=it.policy.title,
        papers=tuple(_programme(it, pair, said.get(pair.id, NOTHING), whole) for pair in pairs),
    )


def _programme(it: Material, pair: Pair, said: ProgrammeFields, whole: bool) -> ProgrammePaper:
    two = it.two(pair)
    content = said.content
    return ProgrammePaper(
        house=it.houses[pair.mentee_area_id],
        pair=two,
        first_day=two.first_day if said.term is None else day(said.term.first_day),
        last_day=two.last_day if said.term is None else day(said.term.last_day),
        mode=small("mode", said.mode),
        problem=said.problem or "",
        relevance=said.relevance or "",
        goals=said.goals,
        tasks=said.tasks,
        mentor_content="" if content is None else content.mentor or "",
        mentee_content="" if content is None else content.mentee or "",
        target_audience=said.target_audience or "",
        mentor_requirements=said.mentor_requirements or "",
        work_plan=said.work_plan or "",
        interim_results=tuple(_results(said.interim_results)),
        planned_results=tuple(_results(said.planned_results)),
        result_measures=said.result_measures or "",
        conditions=said.conditions or "",
        directions=tuple(_directions(said)),
        meetings=schedule_of(it, pair, said),
        has_all_blocks=whole,
    )


def _results(results: Iterable[Result]) -> Iterable[str]:
    for one in results:
        yield one.result if one.day is None else f"{one.result} — к {day(one.day)}"


def _directions(said: ProgrammeFields) -> Iterable[DirectionPart]:
    named = [*said.directions, *(one.direction for one in said.activities)]
    for direction in Direction:
        if direction not in named:
            continue
        rows = sorted(
            (one for one in said.activities if one.direction is direction),
            key=lambda one: (one.day is None, one.day or "", one.title),
        )
        yield DirectionPart(
            title=word("direction", direction),
            activities=tuple(
                ActivityRow(
                    number=number,
                    title=one.title,
                    type=word("activity", one.type),
                    day=day(one.day),
                    result=one.result or "",
                )
                for number, one in enumerate(rows, start=1)
            ),
        )


def schedule_of(it: Material, pair: Pair, said: ProgrammeFields) -> tuple[MeetingRow, ...]:
    """Return the meetings of a pair as they stand now; before a plan is taken, those its programme has written down."""
    goals = {(one.day, clock(one.start)): one.goal for one in said.schedule}
    meetings = it.meetings[pair.id]
    if meetings:
        return tuple(_meeting(number, one, goals) for number, one in enumerate(meetings, start=1))
    return tuple(
        MeetingRow(
            number=number,
            day=day(one.day),
            weekday=_weekday(one.day),
            time=f"{clock(one.start)}–{clock(one.end)}",
            mode=small("mode", one.mode),
            place=one.place or "",
            goal=one.goal or "",
            minutes=(one.end.hour - one.start.hour) * 60 + one.end.minute - one.start.minute,
        )
        for number, one in enumerate(said.schedule, start=1)
    )


def _meeting(number: int, one: Meeting, goals: dict[tuple[date, str], str | None]) -> MeetingRow:
    start = clock(one.start_minute)
    return MeetingRow(
        number=number,
        day=day(one.day),
        weekday=_weekday(one.day),
        time=f"{start}–{clock(one.end_minute)}",
        mode=small("mode", one.mode),
        place=one.room or one.site or "",
        goal=goals.get((one.day, start)) or "",
        minutes=one.end_minute - one.start_minute,
    )


def _weekday(value: date) -> str:
    return str(format_date(value, "EE", locale="ru"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulePaper:
    """The schedule of one pair."""

    house: House
    pair: Two
    meetings: tuple[MeetingRow, ...]
    hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedules:
    """D-09: the schedules of all pairs chosen."""

    regulation: str
    papers: tuple[SchedulePaper, ...]


def build_schedules(it: Material) -> Schedules:
    """Return the schedules of the pairs."""
    said = programmes_of(it)
    papers = []
    for pair in it.pairs:
        meetings = schedule_of(it, pair, said.get(pair.id, NOTHING))
        hours = sum(one.minutes for one in meetings) / 60
        papers.append(
            SchedulePaper(
                house=it.houses[pair.mentee_area_id],
                pair=it.two(pair),
                meetings=meetings,
                hours=f"{hours:.1f}".replace(".", ",").removesuffix(",0") if hours else "",
            )
        )
    return Schedules(regulation=it.policy.title, papers=tuple(papers))
