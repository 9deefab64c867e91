"""The school year of an area on one page: dates, meetings, open requests, indicators against the plan, risks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlmodel import col, select

from matcher.indicators.period import school_year_of
from matcher.policy_labels import RISK_LABELS
from matcher.texts import Text, text
from service.errors import Problem, not_found
from service.pages.acting import attempt, needed_day, word
from service.pages.shell import go, page
from service.pages.upload_form import Sent
from service.records.cases import Asked
from service.records.kinds import KINDS
from service.records.shapes import Id
from service.records.store import make
from service.records.tasks import Task, rounds_of, tasks_of
from service.rounds.meetings import meetings_in_sight
from service.rounds.people import open_people, people_by_id
from service.routes.pairs import free_mentees
from service.routes.records_tasks import FigureBody, IndicatorReport, indicators_of
from service.tables.access import Role
from service.tables.areas import Area
from service.tables.columns import now
from service.tables.rounds import Meeting, MeetingPerson, Pair, Round
from service.viewer import area_of, in_areas
from service.work import Reading, Work, WorkRoute

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)

SEES_PEOPLE = frozenset({Role.CURATOR, Role.MUNICIPAL_OPERATOR, Role.HEAD, Role.COUNCIL_MEMBER})
MARKS = frozenset({Role.CURATOR, Role.MUNICIPAL_OPERATOR, Role.HEAD, Role.MUNICIPAL_AUTHORITY, Role.METHODICAL_SERVICE})
_MOST_LEADERS, _MOST_OPEN, _MOST_ROUNDS = 60, 50, 12
RISK_CURES: Mapping[str, Text] = {
    "high_load": text("Move a mentee to a mentor with a free place, or shorten the meetings."),
    "low_motivation": text("Talk to both sides; offer another mentor or other recognition."),
    "formal_performance": text(
        "Ask for the log of meetings and for goals in the programme; look at a meeting together."
    ),
    "mentor_opposed": text("Hear both sides in the council and replace the mentor if they do not come to terms."),
    "weak_contours": text("Allow mentors of other organisations and ask them for the open requests."),
    "not_seen_as_growth": text(
        "Show results of pairs at the pedagogical council; tie mentoring to attestation and pay."
    ),
}


@dataclass(slots=True, kw_only=True)
class TaskLine:
    """Something to do, of one subject or of many: ``subjects`` name the pairs or areas it is about."""

    task: Task
    subjects: list[str] = field(default_factory=list)
    address: str | None = None
    is_marked: bool = False


@dataclass(slots=True, kw_only=True)
class Led:
    """The meetings of one mentor up to now, and those ahead."""

    name: str
    held: int = 0
    missed: int = 0
    unmarked: int = 0
    ahead: int = 0

    @property
    def past(self) -> int:
        """Return how many should have taken place."""
        return self.held + self.missed + self.unmarked


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequests:
    """Who has nobody in a round."""

    round_: Round
    names: Sequence[str]
    is_more: bool


@router.get("/year")
def year(work: Reading, area: Annotated[Id | None, Query()] = None) -> Response:
    """Show the year of an area."""
    return _year(work, area)


def _year(work: Work, area_id: str | None, problem: Problem | None = None, of: str = "") -> Response:
    areas = _areas(work)
    if not areas and area_id is None:
        raise not_found()
    place = areas[0] if area_id is None else area_of(work.session, work.viewer, area_id)
    rounds = [one for one in rounds_of(work.session, place) if one.state != "closed"]
    sees = bool(work.viewer.roles & SEES_PEOPLE)
    report = _report(work, place)
    led, counted = _meetings(work, rounds)
    solved = [one for one in rounds if one.plan_id is not None]
    return page(
        work,
        "year",
        status=200 if problem is None else problem.status,
        place=place,
        areas=areas,
        school_year=school_year_of(now().date()),
        tasks=_tasks(work, place),
        led=sorted(led, key=lambda one: (-one.unmarked, -one.missed, one.name))[:_MOST_LEADERS] if sees else [],
        more_led=max(0, len(led) - _MOST_LEADERS),
        counted=counted,
        open_requests=_open(work, solved[:_MOST_ROUNDS]) if sees else [],
        unlooked=solved[_MOST_ROUNDS:],
        has_running=bool(solved),
        report=report,
        signals=_signals(work, report),
        risk_labels=RISK_LABELS,
        risk_cures=RISK_CURES,
        main_figures=[] if report is None else _main(report.together.current, report.together.before),
        other_figures=[] if report is None else _others(report.together.current, report.together.before),
        may_mark=bool(work.viewer.roles & MARKS),
        today=now().date(),
        problem=problem,
        of=of,
    )


def _areas(work: Work) -> list[Area]:
    found = work.session.exec(select(Area).where(in_areas(Area.id, work.viewer)))
    return sorted(found, key=lambda one: (one.path.count("/"), one.name))


def _report(work: Work, place: Area) -> IndicatorReport | None:
    try:
        return indicators_of(work, place.id)
    except Problem as problem:
        if problem.status != 404:
            raise
        return None


_WITHOUT_MARK = ("notice", "replacement")


def _tasks(work: Work, place: Area) -> Mapping[str, Sequence[TaskLine]]:
    """Return what there is to do by its state, what is the same of many subjects put together."""
    found = tasks_of(work.session, work.core.vault, work.viewer, work.lang, now().date(), place)
    names = _names_of_pairs(work, {one.pair for one in found if one.pair is not None})
    areas = dict(
        work.session.exec(select(Area.id, Area.name).where(col(Area.id).in_({one.area for one in found}))).all()
    )
    rounds = {one.round for one in found if one.round is not None}
    round_names = dict(work.session.exec(select(Round.id, Round.name).where(col(Round.id).in_(rounds))).all())
    lines: dict[tuple[object, ...], TaskLine] = {}
    for one in found:
        key = (one.id, one.state, one.title, one.day, one.covers, None if one.pair else (one.area, one.round))
        line = lines.setdefault(key, TaskLine(task=one))
        if one.pair is not None:
            line.subjects.append(names.get(one.pair, ""))
        elif one.round is not None:
            line.subjects.append(round_names.get(one.round, ""))
        elif one.area is not None and one.area != place.id:
            line.subjects.append(areas.get(one.area, ""))
        if one.id.startswith("gate.") and one.round is not None:
            line.address = f"/rounds/{one.round}/preparation#gate-{one.id.removeprefix('gate.')}"
        line.is_marked = one.record is None and one.pair is None and one.round is None and one.id not in _WITHOUT_MARK
    grouped: dict[str, list[TaskLine]] = defaultdict(list)
    for line in lines.values():
        line.subjects = sorted({name for name in line.subjects if name})
        grouped[line.task.state].append(line)
    return {state: grouped[state] for state in ("overdue", "open", "ahead") if grouped[state]}


def _names_of_pairs(work: Work, ids: Iterable[str]) -> dict[str, str]:
    pairs = list(work.session.exec(select(Pair).where(col(Pair.id).in_(set(ids)))))
    names = _names(work, {one for pair in pairs for one in (pair.mentor_id, pair.mentee_id)})
    return {pair.id: f"{names[pair.mentee_id]} — {names[pair.mentor_id]}" for pair in pairs}


def _names(work: Work, ids: Iterable[str]) -> dict[str, str]:
    if not work.viewer.roles & SEES_PEOPLE:
        return defaultdict(str)
    people = people_by_id(work.session, ids)
    said = open_people(work.session, work.core.vault, people.values())
    return {id_: said[id_].name or one.code for id_, one in people.items()}


def _meetings(work: Work, rounds: Sequence[Round]) -> tuple[list[Led], Counter[str]]:
    """Return the meetings of each mentor, and of all together."""
    today = now().date()
    rows = work.session.exec(
        select(col(Meeting.state), col(Meeting.day), col(MeetingPerson.person_id))
        .join(MeetingPerson, col(MeetingPerson.meeting_id) == Meeting.id)
        .where(col(MeetingPerson.leads), meetings_in_sight(work.viewer))
        .where(
            col(Meeting.round_id).in_([one.id for one in rounds]),
            col(Meeting.state).in_(("held", "missed", "published")),
        )
    ).all()
    names = _names(work, {person for _, _, person in rows})
    led: dict[str, Led] = {}
    counted: Counter[str] = Counter()
    for state, day, person in rows:
        what = _standing(state, day, today)
        counted[what] += 1
        one = led.setdefault(person, Led(name=names[person]))
        setattr(one, what, getattr(one, what) + 1)
    return list(led.values()), counted


def _standing(state: str, day: date, today: date) -> str:
    if state == "published":
        return "unmarked" if day < today else "ahead"
    return state


def _open(work: Work, rounds: Sequence[Round]) -> list[OpenRequests]:
    found = []
    for one in rounds:
        _, free = free_mentees(work, one)
        names = [person.words(work.core.vault).name or person.code for person in free[:_MOST_OPEN]]
        if names:
            found.append(OpenRequests(round_=one, names=names, is_more=len(free) > _MOST_OPEN))
    return found


def _signals(work: Work, report: IndicatorReport | None) -> Mapping[str, Sequence[tuple[str, Sequence[str]]]]:
    """Return the signs of each risk: the sentence, and whom it concerns."""
    if report is None:
        return {}
    names = _names(work, {id_ for one in report.signals for id_ in one.people})
    found: dict[str, list[tuple[str, Sequence[str]]]] = defaultdict(list)
    for one in report.signals:
        found[one.risk].append((one.message, sorted(names[id_] for id_ in one.people if names.get(id_))))
    return found


Two = tuple[FigureBody, FigureBody | None]
"""A figure of this year, and that of the year before."""


def _pairs_of_figures(current: Sequence[FigureBody], before: Sequence[FigureBody]) -> list[Two]:
    earlier = {(one.id, one.part): one for one in before}
    return [(one, earlier.get((one.id, one.part))) for one in current if not one.part]


def _main(current: Sequence[FigureBody], before: Sequence[FigureBody]) -> list[Two]:
    """Return the figures the regulation has a plan for."""
    return [two for two in _pairs_of_figures(current, before) if two[0].plan is not None]


def _others(current: Sequence[FigureBody], before: Sequence[FigureBody]) -> list[Two]:
    return [two for two in _pairs_of_figures(current, before) if two[0].plan is None]


@router.post("/year/marks")
def mark(work: Reading, form: Sent) -> Response:
    """Mark that something the regulation sets a date for was done."""
    area_id, deadline = word(form, "area"), word(form, "deadline")

    def act(inner: Work) -> None:
        fields = {"deadline": deadline, "day": needed_day(form, "day").isoformat()}
        if word(form, "note"):
            fields["note"] = word(form, "note")
        kind = KINDS["deadline_mark"]
        make(inner.session, inner.core.vault, inner.viewer, inner.lang, kind, Asked(area=area_id), fields)

    problem = attempt(work, act)
    shown = word(form, "place") or None
    if problem is None:
        return go("/year" if shown is None else f"/year?area={shown}")
    return _year(work, shown, problem, deadline)
