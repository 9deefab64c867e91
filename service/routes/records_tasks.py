"""What there is to do, and the figures of monitoring."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Query, Response
from pydantic import BaseModel, ConfigDict
from sqlmodel import select

from matcher.errors import Fault
from matcher.indicators.counting import Figure
from matcher.indicators.period import school_year_of
from matcher.indicators.report import advice, build_monitoring
from matcher.policy_words import ScopeLevel
from matcher.texts import Lang, say, text
from service.errors import not_found, wrong_input
from service.records.cases import Asked, build_case
from service.records.figures_given import IndicatorInputs, InputFields, slot_of_inputs
from service.records.listing import RecordView, show
from service.records.monitoring import build_area_facts
from service.records.policies import policy_of
from service.records.shapes import Id
from service.records.store import change, make
from service.records.tasks import rounds_of, tasks_of
from service.rounds.working_days import IS_WORKING_DAY
from service.routes.answers import EDIT, READ, Limit
from service.tables.access import Role
from service.tables.columns import now
from service.tables.records import Record
from service.viewer import area_of
from service.work import Reading, Work, WorkRoute, Writing, etag

router = APIRouter(route_class=WorkRoute)

AreaFilter = Annotated[str | None, Query(pattern=r"^[0-9a-f]{32}$", description="an area of one's own")]
_FIGURES_ONLY = frozenset({Role.MUNICIPAL_AUTHORITY, Role.METHODICAL_SERVICE, Role.REGIONAL_READER, Role.UNION})


class TaskBody(BaseModel):
    """Something to do. ``path`` is the record that waits, ``covers`` the last day of the quarter a report is about."""

    id: str
    title: str
    state: str
    clause: str | None
    area: str | None
    pair: str | None
    round: str | None
    record: str | None
    path: str | None
    first_day: date | None
    day: date | None
    covers: date | None


class TaskPage(BaseModel):
    """A page of tasks, the earliest day first."""

    items: list[TaskBody]
    total: int
    next: str | None


@router.get("/api/v1/tasks", responses=READ, tags=["tasks"])
def list_tasks(
    work: Reading,
    area: AreaFilter = None,
    state: Literal["ahead", "open", "overdue"] | None = None,
    limit: Limit = 50,
    after: Annotated[int | None, Query(ge=0, le=1_000_000, description="the `next` of the page before")] = None,
) -> TaskPage:
    """Return what the asker has to do: dates of the regulation, reports, replacements, records that wait for him."""
    place = None if area is None else area_of(work.session, work.viewer, area)
    found = tasks_of(work.session, work.core.vault, work.viewer, work.lang, now().date(), place)
    if state is not None:
        found = [one for one in found if one.state == state]
    start = after or 0
    items = [
        TaskBody(**{name: getattr(one, name) for name in TaskBody.model_fields}) for one in found[start : start + limit]
    ]
    following = str(start + limit) if start + limit < len(found) else None
    return TaskPage(items=items, total=len(found), next=following)


class PlanBody(BaseModel):
    """What an indicator should reach in a year; ``is_held``: the target year has passed."""

    year: int
    value: float
    is_held: bool
    source: str
    clause: str


class FigureBody(BaseModel):
    """One figure: the main one of an indicator where ``part`` is empty."""

    id: str
    part: str
    title: str
    value: float | None
    unit: str
    numerator: float
    denominator: float
    plan: PlanBody | None
    is_judged: bool
    is_met: bool | None
    missing: list[str]
    sources: list[str]


class AreaFigures(BaseModel):
    """The figures of an organisation, a municipality, a region, or of all together (``area`` is empty)."""

    area: str
    before: list[FigureBody]
    current: list[FigureBody]


class SignalBody(BaseModel):
    """A sign of a risk; whom it concerns is told to those who run rounds."""

    risk: str
    organisation: str
    message: str
    people: list[str]
    pairs: list[str]


class IndicatorReport(BaseModel):
    """The figures of a school year: those of the year before are judged, those of its own round are a snapshot.

    ``items`` are a page of the areas, of which there are ``total``; ``together`` counts all of them.
    """

    policy: str
    school_year: int
    before_first_day: date
    before_last_day: date
    together: AreaFigures
    items: list[AreaFigures]
    total: int
    next: str | None
    advice: str | None
    signals: list[SignalBody]


@router.get("/api/v1/indicators", responses=READ, tags=["indicators"])
def get_indicators(
    work: Reading,
    area: Annotated[str, Query(pattern=r"^[0-9a-f]{32}$", description="the area; all below it are counted")],
    policy: Annotated[str | None, Query(max_length=100, description="id of the regulation")] = None,
    school_year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    level: Literal["organisation", "municipality", "region"] = "organisation",
    ids: Annotated[list[str] | None, Query(max_length=21, description="numbers of indicators, I-02")] = None,
    limit: Limit = 20,
    after: Annotated[int | None, Query(ge=0, le=1_000_000, description="the `next` of the page before")] = None,
) -> IndicatorReport:
    """Return the indicators of an area by organisation, municipality or region, with plan and fact, and risks."""
    start = after or 0
    return indicators_of(work, area, policy, school_year, ids, ScopeLevel(level), start, limit)


def indicators_of(
    work: Work,
    area: str,
    policy: str | None = None,
    school_year: int | None = None,
    ids: list[str] | None = None,
    level: ScopeLevel = ScopeLevel.ORGANISATION,
    start: int = 0,
    limit: int = 0,
) -> IndicatorReport:
    """Return the figures of all together, and of ``limit`` areas of a level from the place ``start`` on."""
    place = area_of(work.session, work.viewer, area)
    chosen = next((one for one in rounds_of(work.session, place) if policy in (None, one.policy_id)), None)
    if chosen is None:
        raise not_found()
    rules, today = policy_of(chosen), now().date()
    year = school_year_of(today) if school_year is None else school_year
    facts = build_area_facts(work.session, work.core.vault, place, rules, today, with_needs=True)
    quarters = [date(year, 10, 31), date(year, 12, 31), date(year + 1, 3, 31), date(year + 1, 5, 31)]
    try:
        report = build_monitoring(
            facts, rules, year, today, ids=ids, is_working_day=IS_WORKING_DAY, school_quarters=quarters
        )
    except KeyError as error:
        raise wrong_input([Fault("ids", text("there is no indicator {number}", number=str(error.args[0])))]) from None
    word = advice(report.before.figures())
    shows_people = bool(work.viewer.roles - _FIGURES_ONLY)
    earlier, later = report.before.roll_up(level), report.current.roll_up(level)
    areas = list(dict.fromkeys((*earlier, *later)))
    return IndicatorReport(
        policy=rules.id,
        school_year=year,
        before_first_day=report.before.period.first_day,
        before_last_day=report.before.period.last_day,
        together=_figures("", report.before.figures(), report.current.figures(), work.lang),
        items=[
            _figures(one, earlier.get(one, ()), later.get(one, ()), work.lang) for one in areas[start : start + limit]
        ],
        total=len(areas),
        next=str(start + limit) if start + limit < len(areas) else None,
        advice=None if word is None else say(word, work.lang),
        signals=[
            SignalBody(
                risk=one.risk,
                organisation=one.organisation,
                message=say(one.message, work.lang),
                people=list(one.people) if shows_people else [],
                pairs=list(one.programmes) if shows_people else [],
            )
            for one in report.signals
        ],
    )


def _figures(area: str, before: tuple[Figure, ...], current: tuple[Figure, ...], lang: Lang) -> AreaFigures:
    return AreaFigures(
        area=area, before=[_figure(one, lang) for one in before], current=[_figure(one, lang) for one in current]
    )


def _figure(figure: Figure, lang: Lang) -> FigureBody:
    plan = figure.plan
    return FigureBody(
        id=figure.id,
        part=figure.part,
        title=say(figure.title, lang),
        value=figure.value,
        unit=str(figure.unit),
        numerator=figure.numerator,
        denominator=figure.denominator,
        plan=None
        if plan is None
        else PlanBody(year=plan.year, value=plan.value, is_held=plan.is_held, source=plan.source, clause=plan.clause),
        is_judged=figure.is_judged,
        is_met=figure.is_met,
        missing=sorted({say(one.what, lang) for one in figure.missing}),
        sources=list(figure.sources),
    )


class InputsBody(BaseModel):
    """The figures of an organisation for a school year."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "area": "0123456789abcdef0123456789abcdef",
                    "fields": {"school_year": 2026, "counts": [{"quantity": "pupils", "value": 420}]},
                }
            ]
        },
    )

    area: Id
    fields: InputFields


class InputsView(RecordView[InputFields]):
    """The figures as they are kept."""


@router.put("/api/v1/indicators/inputs", responses=EDIT, tags=["indicators"])
def put_inputs(work: Writing, body: Annotated[InputsBody, Body()], response: Response) -> InputsView:
    """Give the figures of an organisation for a school year; If-Match names those they replace, where there are any."""
    kind = IndicatorInputs()
    place = area_of(work.session, work.viewer, body.area)
    slot = slot_of_inputs(place.id, body.fields.school_year)
    query = select(Record).where(Record.slot == slot).with_for_update()
    before = work.session.exec(query).first()
    given = body.fields.model_dump()
    if before is None:
        asked = Asked(area=place.id)
        record, _ = make(work.session, work.core.vault, work.viewer, work.lang, kind, asked, given)
    else:
        work.expect(before.version)
        record = change(build_case(work.session, work.core.vault, work.viewer, work.lang, before), kind, given)
    response.headers.update(etag(record.version))
    return _shown(work, kind, record)


def _shown(work: Work, kind: IndicatorInputs, record: Record) -> InputsView:
    found = show(work.session, work.core.vault, work.viewer, work.lang, kind, [(record, None)])[0]
    return InputsView.model_validate(found)
