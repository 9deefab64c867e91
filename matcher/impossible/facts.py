"""Everything that could stand in the way of a session, element by element, from the inputs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from matcher.impossible.element import Element, ElementKind
from matcher.impossible.without import subjects_of
from matcher.impossible.world import World, people_of
from matcher.roster import AvailabilityState, SessionMode
from matcher.school_year import Span
from matcher.sessions.schedule import Activity, ActivityPurpose, Window
from matcher.timegrid import BusyState

_KINDS = {
    BusyState.LESSON: ElementKind.LESSONS,
    BusyState.NOT_IN_BUILDING: ElementKind.BUILDING,
    BusyState.NOT_REACHABLE: ElementKind.REACH,
}
_SAID = {
    AvailabilityState.NOT_IN_BUILDING: ElementKind.BUILDING,
    AvailabilityState.NOT_REACHABLE: ElementKind.REACH,
}


def facts_of(world: World, id_: str, span: Window) -> list[Element]:
    """Return the facts that concern an activity in some days, the rules of its own among them.

    Neither the days off and the hours of the day nor sessions of others: see :func:`frame_of`.
    """
    activity = world.activities[id_]
    found = [*_of_activity(activity), *_of_places(world, activity)]
    for person in people_of(activity):
        found += _of_person(world, activity, person, span)
    for organisation in organisations_of(world, activity):
        found += _of_organisation(world, activity, organisation, span)
    return in_order(found)


def frame_of(world: World, id_: str) -> list[Element]:
    """Return what frames every plan: days off and hours of the day."""
    names = organisations_of(world, world.activities[id_])
    return [Element(kind=kind, subject=name) for kind in (ElementKind.DAYS_OFF, ElementKind.HOURS) for name in names]


def in_order(elements: list[Element]) -> list[Element]:
    """Return different elements in the order in which the deletion filter takes them."""
    order = {kind: at for at, kind in enumerate(ElementKind)}
    return sorted(dict.fromkeys(elements), key=lambda one: (order[one.kind], one.key))


def organisations_of(world: World, activity: Activity) -> tuple[str, ...]:
    """Return the organisations of everybody, each once."""
    home = {person.id: person.organisation for person in world.roster.people}
    home = {found.id: found.organisation for found in world.roster.classes} | home
    return tuple(dict.fromkeys(home[id_] for id_ in people_of(activity)))


def _of_activity(activity: Activity) -> Iterator[Element]:
    id_ = activity.id
    yield Element(kind=ElementKind.WINDOW, subject=id_)
    yield Element(kind=ElementKind.LENGTH, subject=id_)
    if activity.gap_days > 1 or (activity.first_gap_days or 0) > 1:
        yield Element(kind=ElementKind.GAP, subject=id_)
    # A lesson is visited where it is taught. Those who meet online need nothing that meeting in person would give.
    is_free_to_choose = len(activity.modes) > 1 and activity.modes[0] is SessionMode.ONLINE
    if activity.purpose is ActivityPurpose.MEETING and not is_free_to_choose:
        yield Element(kind=ElementKind.MODE, subject=id_)
    if activity.latest_minute is not None:
        yield Element(kind=ElementKind.DAY_LIMIT, subject=id_)
    if activity.is_pupils:
        yield Element(kind=ElementKind.UNKNOWN, subject=id_)


def _of_places(world: World, activity: Activity) -> Iterator[Element]:
    if not world.policy.rule("HR-19").on:
        return
    if world.roster.licences:
        yield Element(kind=ElementKind.LICENCES, subject="")
    organisations = organisations_of(world, activity)
    has_rooms = {room.site for room in world.roster.rooms}
    for site in world.roster.sites:
        if site.organisation in organisations and site.id in has_rooms:
            yield Element(kind=ElementKind.ROOMS, subject=site.id)
    if any(way.minutes for way in world.roster.travel):
        yield Element(kind=ElementKind.TRAVEL, subject="")


def _of_person(world: World, activity: Activity, person: str, span: Window) -> Iterator[Element]:
    is_visited = activity.purpose is ActivityPurpose.LESSON_VISIT and person in activity.mentees
    subjects = subjects_of(world, person)
    for entry in world.timetables.people:
        if entry.subject in subjects and entry.state in _KINDS and not (is_visited and _is_lesson(entry.state)):
            yield Element(kind=_KINDS[entry.state], subject=person, weekday=entry.weekday)
    for row in world.roster.availability:
        if row.person == person and row.state in _SAID:
            yield Element(kind=_SAID[row.state], subject=person, weekday=row.weekday)
    for absence in world.roster.absences:
        if absence.person == person and _meets(absence.start_day, absence.end_day, span):
            yield Element(
                kind=ElementKind.ABSENCE, subject=person, first_day=absence.start_day, last_day=absence.end_day
            )  # fmt: skip
    if world.policy.rule("HR-06").on:
        yield Element(kind=ElementKind.WEEK, subject=person)


def _is_lesson(state: BusyState) -> bool:
    return state is BusyState.LESSON


def _of_organisation(world: World, activity: Activity, organisation: str, span: Window) -> Iterator[Element]:
    year = world.timetables.year_of(organisation)
    for exam in year.exams:
        if _meets(exam.first_day, exam.last_day, span):
            yield _spanned(ElementKind.EXAM, organisation, Span(
                name=exam.name, first_day=exam.first_day, last_day=exam.last_day
            ))  # fmt: skip
    if not activity.vacations:
        for vacation in year.vacations:
            if _meets(vacation.first_day, vacation.last_day, span):
                yield _spanned(ElementKind.VACATION, organisation, vacation)
    for holiday in year.holidays:
        if _meets(holiday.first_day, holiday.last_day, span):
            yield _spanned(ElementKind.HOLIDAY, organisation, holiday)


def _spanned(kind: ElementKind, organisation: str, span: Span) -> Element:
    return Element(
        kind=kind, subject=organisation, name=span.name, first_day=span.first_day, last_day=span.last_day
    )  # fmt: skip


def _meets(first: date, last: date, span: Window) -> bool:
    return first <= span.last_day and span.first_day <= last
