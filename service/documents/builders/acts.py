"""The implementing act with its five blocks (D-01) and the roadmap (D-03).

References
----------
DAL 3.2.2 (DAL-11), KAL 3.8-3.9, KAL 4.2, A-10 (the curator drafts, the head approves).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matcher.indicators.catalogue import INDICATORS
from matcher.indicators.counting import asked_for
from matcher.indicators.targets import planned
from matcher.policy_parts import Deadline
from matcher.policy_words import DeadlineWhen
from matcher.texts import say
from service.documents.material import Material
from service.documents.words import day, word
from service.organisations.details import House
from service.records.gate_ticks import CouncilFields, Document
from service.records.plans_of_areas import Roadmap, RoadmapFields


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """Something to be done, and by when."""

    title: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A planned result: an indicator, and the figure it should reach where the regulation names one."""

    id: str
    title: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """A line of the roadmap."""

    number: int
    title: str
    when: str
    responsible: str
    resources: str
    result: str
    done_day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The lines of a roadmap of one sort."""

    title: str
    items: tuple[ItemRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilRow:
    """A member of the council of mentors."""

    number: int
    name: str
    duty: str


def council_rows(council: CouncilFields) -> tuple[CouncilRow, ...]:
    """Return the members of a council as a table has them."""
    return tuple(
        CouncilRow(number=number, name=one.name, duty=one.duty or "член совета")
        for number, one in enumerate(council.members, start=1)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """D-01: the order to introduce the system of mentoring."""

    house: House
    regulation: str
    number: str
    day: str
    first_day: str
    last_day: str
    stages: tuple[ItemRow, ...]
    monitoring: tuple[Dated, ...]
    results: tuple[Planned, ...]
    council: str
    members: tuple[CouncilRow, ...]
    has_roadmap: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """D-03: the roadmap (plan of activities)."""

    house: House
    regulation: str
    title: str
    first_day: str
    last_day: str
    difficulties: str
    stages: tuple[Stage, ...]
    dates: tuple[Dated, ...]
    review: str


def build_act(it: Material) -> Act:
    """Return the act: grounds, terms, who is responsible with what, monitoring, planned results."""
    roadmap = roadmap_of(it)
    said = next((f for r, f in it.records_of_areas(Document(), [it.area.id]) if f.code == "D-01"), None)
    return Act(
        house=it.house,
        regulation=it.policy.title,
        number="" if said is None else said.number or "",
        day="" if said is None else day(said.day),
        first_day=day(it.round_.first_day),
        last_day=day(it.round_.last_day),
        stages=() if roadmap is None else tuple(_rows(roadmap)),
        monitoring=dates_of(it),
        results=planned_results(it),
        council="" if it.council is None else it.council.title,
        members=() if it.council is None else council_rows(it.council),
        has_roadmap=roadmap is not None,
    )


def build_plan(it: Material) -> Plan:
    """Return the roadmap as it is written down, and the dates the regulation names besides."""
    roadmap = roadmap_of(it)
    said = roadmap or RoadmapFields(title="План мероприятий по реализации системы наставничества")
    return Plan(
        house=it.house,
        regulation=it.policy.title,
        title=said.title,
        first_day=day(said.first_day or it.round_.first_day),
        last_day=day(said.last_day or it.round_.last_day),
        difficulties=said.difficulties or "",
        stages=tuple(_stages(said)),
        dates=dates_of(it),
        review=said.review or "",
    )


def roadmap_of(it: Material) -> RoadmapFields | None:
    """Return the newest roadmap of the area, else of one it lies in."""
    line = it.area.path.strip("/").split("/")
    found = it.records_of_areas(Roadmap(), line)
    for area in reversed(line):
        own = [fields for record, fields in found if record.area_id == area and record.state != "withdrawn"]
        if own:
            return own[-1]
    return None


def _rows(roadmap: RoadmapFields) -> Iterable[ItemRow]:
    items = sorted(roadmap.items, key=lambda one: (one.last_day is None, one.last_day or "", one.title))
    for number, one in enumerate(items, start=1):
        first, last = day(one.first_day), day(one.last_day)
        yield ItemRow(
            number=number,
            title=one.title,
            when=f"{first} – {last}" if first and last else last or first,
            responsible=one.responsible or "",
            resources=one.resources or "",
            result=one.result or "",
            done_day=day(one.done_day),
        )


def _stages(roadmap: RoadmapFields) -> Iterable[Stage]:
    for sort in dict.fromkeys(one.type for one in roadmap.items):
        own = roadmap.model_copy(update={"items": tuple(one for one in roadmap.items if one.type == sort)})
        yield Stage(title=word("roadmap", sort), items=tuple(_rows(own)))


def dates_of(it: Material) -> tuple[Dated, ...]:
    """Return the dates the regulation names, in its order."""
    return tuple(Dated(title=one.title, when=_when(one)) for one in it.policy.deadlines)


_MONTHS = (
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()  # noqa: SIM905
)


def _when(rule: Deadline) -> str:
    if rule.when is DeadlineWhen.WINDOW and rule.start_day and rule.day:
        return f"с {_of_year(rule.start_day)} по {_of_year(rule.day)}"
    if rule.when is DeadlineWhen.DAY and rule.day:
        return f"не позднее {_of_year(rule.day)}"
    if rule.when is DeadlineWhen.QUARTER:
        return "ежеквартально" + (f", в течение {rule.due_days} дней после квартала" if rule.due_days else "")
    if rule.when is DeadlineWhen.TIMES_A_YEAR and rule.times:
        least, most = rule.times
        return f"не реже {least} раза в год" if most in (None, least) else f"не реже {least}–{most} раз в год"
    return {DeadlineWhen.COMPLETION: "после завершения программ", DeadlineWhen.REQUEST: "по запросу"}.get(rule.when, "")


def _of_year(month_day: str) -> str:
    month, _, number = month_day.partition("-")
    return f"{int(number)} {_MONTHS[int(month) - 1]}"


def planned_results(it: Material) -> tuple[Planned, ...]:
    """Return the indicators of the regulation, with the figure of the year the round ends in."""
    year = (it.round_.last_day or it.round_.first_day or it.today).year
    found = []
    for id_ in asked_for(it.policy):
        target = it.policy.targets.get(id_)
        value = ""
        if target is not None:
            figure = f"{planned(target, year).value:.1f}".replace(".", ",").removesuffix(",0")
            value = f"{figure} %" if target.unit == "percent" else figure
        title = say(INDICATORS[id_].title, "ru") if target is None else target.title
        found.append(Planned(id=id_, title=title, value=value))
    return tuple(found)
