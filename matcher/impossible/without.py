"""Inputs without a fact: what they would be if nobody taught then, were away, or the rule did not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from matcher.impossible.element import Element, ElementKind
from matcher.impossible.world import World, people_of
from matcher.roster import AvailabilityState, Mentee, Mentor, SessionMode
from matcher.school_year import SchoolYear, Span
from matcher.timegrid import BusyState
from matcher.timetables import TakenTime

SHORTEST = 15
"""Minutes of a session where its least length is thought away."""

_DAY = (7 * 60, 22 * 60)
_WHOLE_WEEK_HOURS = 7.0 * 24
_STATES = {
    ElementKind.LESSONS: BusyState.LESSON,
    ElementKind.BUILDING: BusyState.NOT_IN_BUILDING,
    ElementKind.REACH: BusyState.NOT_REACHABLE,
}


def without(world: World, elements: Iterable[Element]) -> World:
    """Return the inputs without some facts. Sessions of other pairs are not inputs: who asks leaves them out."""
    for element in elements:
        change = _CHANGES.get(element.kind)
        if change is not None:
            world = change(world, element)
    return world


def without_times(world: World, person: str, is_gone: Callable[[TakenTime], bool]) -> World:
    """Return the inputs in which a person's (and his class's) times are free where ``is_gone`` says so."""
    subjects = subjects_of(world, person)
    people = tuple(e for e in world.timetables.people if not (e.subject in subjects and is_gone(e)))
    known = tuple(sorted({*world.timetables.known, *(e.subject for e in world.timetables.people)}))
    return replace(world, timetables=replace(world.timetables, people=people, known=known))


def subjects_of(world: World, person: str) -> set[str]:
    """Return under which names a person's times stand: a pupil has those of his class too."""
    classes = {row.school_class for row in world.roster.people if row.id == person and row.school_class is not None}
    return {person, *classes}


def with_week_hours(world: World, person: str, more: float) -> World:
    """Return the inputs in which a person has so many hours a week more."""
    load, roster = world.policy.load, world.roster
    mentor = next((row for row in roster.mentors if row.person == person), Mentor(person=person))
    mentee = next((row for row in roster.mentees if row.person == person), Mentee(person=person))
    leads = load.mentor_hours_per_week if mentor.hours_per_week is None else mentor.hours_per_week
    led = load.mentee_hours_per_week if mentee.hours_per_week is None else mentee.hours_per_week
    mentors = (*(r for r in roster.mentors if r.person != person), replace(mentor, hours_per_week=leads + more))
    mentees = (*(r for r in roster.mentees if r.person != person), replace(mentee, hours_per_week=led + more))
    return replace(world, roster=replace(roster, mentors=mentors, mentees=mentees))


def with_year(world: World, organisation: str, change: Callable[[SchoolYear], SchoolYear]) -> World:
    """Return the inputs with another school year of an organisation."""
    year = change(world.timetables.year_of(organisation))
    return replace(
        world, timetables=replace(world.timetables, years={**world.timetables.years, organisation: year})
    )  # fmt: skip


def _without_busy(world: World, element: Element) -> World:
    state = _STATES[element.kind]
    world = without_times(world, element.subject, lambda e: e.state is state and e.weekday == element.weekday)
    said = AvailabilityState(state.value) if state is not BusyState.LESSON else None
    rows = tuple(
        row
        for row in world.roster.availability
        if not (row.person == element.subject and row.state == said and row.weekday == element.weekday)
    )
    return replace(world, roster=replace(world.roster, availability=rows))


def _without_absence(world: World, element: Element) -> World:
    rows = tuple(
        row
        for row in world.roster.absences
        if (row.person, row.start_day, row.end_day) != (element.subject, element.first_day, element.last_day)
    )
    return replace(world, roster=replace(world.roster, absences=rows))


def _without_exam(world: World, element: Element) -> World:
    def change(year: SchoolYear) -> SchoolYear:
        return replace(year, exams=tuple(e for e in year.exams if not _is(element, e.name, e.first_day)))

    return with_year(world, element.subject, change)


def _without_vacation(world: World, element: Element) -> World:
    return with_year(
        world, element.subject, lambda year: replace(year, vacations=_others(year.vacations, element))
    )  # fmt: skip


def _without_holiday(world: World, element: Element) -> World:
    return with_year(
        world, element.subject, lambda year: replace(year, holidays=_others(year.holidays, element))
    )  # fmt: skip


def _others(spans: tuple[Span, ...], element: Element) -> tuple[Span, ...]:
    return tuple(span for span in spans if not _is(element, span.name, span.first_day))


def _is(element: Element, name: str, first_day: date) -> bool:
    return (element.name, element.first_day) == (name, first_day)


def _without_days_off(world: World, element: Element) -> World:
    return with_year(world, element.subject, lambda year: replace(year, weekdays=7))


def _without_hours(world: World, element: Element) -> World:
    def change(year: SchoolYear) -> SchoolYear:
        first, last = min(_DAY[0], year.day_start_minute), max(_DAY[1], year.day_end_minute)
        return replace(year, day_start_minute=first, day_end_minute=last)

    return with_year(world, element.subject, change)


def _without_week_limit(world: World, element: Element) -> World:
    return with_week_hours(world, element.subject, _WHOLE_WEEK_HOURS)


def _without_rooms(world: World, element: Element) -> World:
    rooms = tuple(room for room in world.roster.rooms if room.site != element.subject)
    return replace(world, roster=replace(world.roster, rooms=rooms))


def _without_licences(world: World, element: Element) -> World:
    return replace(world, roster=replace(world.roster, licences=()))


def _without_travel(world: World, element: Element) -> World:
    return replace(
        world, roster=replace(world.roster, travel=tuple(replace(way, minutes=0) for way in world.roster.travel))
    )  # fmt: skip


def _without_gap(world: World, element: Element) -> World:
    activity = world.activities[element.subject]
    return world.change(element.subject, replace(activity, gap_days=1, first_gap_days=None))


def _without_length(world: World, element: Element) -> World:
    activity = world.activities[element.subject]
    shortest = min(SHORTEST, activity.min_minutes)
    return world.change(element.subject, replace(activity, minutes=shortest, min_minutes=shortest))


def _without_mode(world: World, element: Element) -> World:
    activity = world.activities[element.subject]
    return world.change(element.subject, replace(activity, modes=(SessionMode.ONLINE, SessionMode.IN_PERSON)))


def _without_day_limit(world: World, element: Element) -> World:
    return world.change(element.subject, replace(world.activities[element.subject], latest_minute=None))


def _without_unknown(world: World, element: Element) -> World:
    known = tuple(sorted({*world.timetables.known, *people_of(world.activities[element.subject])}))
    return replace(world, timetables=replace(world.timetables, known=known))


def _without_window(world: World, element: Element) -> World:
    return replace(world, loose=world.loose | {element.subject})


_CHANGES: dict[ElementKind, Callable[[World, Element], World]] = {
    ElementKind.LESSONS: _without_busy,
    ElementKind.BUILDING: _without_busy,
    ElementKind.REACH: _without_busy,
    ElementKind.ABSENCE: _without_absence,
    ElementKind.EXAM: _without_exam,
    ElementKind.VACATION: _without_vacation,
    ElementKind.HOLIDAY: _without_holiday,
    ElementKind.DAYS_OFF: _without_days_off,
    ElementKind.HOURS: _without_hours,
    ElementKind.WEEK: _without_week_limit,
    ElementKind.ROOMS: _without_rooms,
    ElementKind.LICENCES: _without_licences,
    ElementKind.TRAVEL: _without_travel,
    ElementKind.GAP: _without_gap,
    ElementKind.LENGTH: _without_length,
    ElementKind.MODE: _without_mode,
    ElementKind.DAY_LIMIT: _without_day_limit,
    ElementKind.UNKNOWN: _without_unknown,
    ElementKind.WINDOW: _without_window,
}
