"""What could be given way on: small changes that touch the facts of a finding, each with its weight."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from matcher.impossible.element import Element, ElementKind
from matcher.impossible.without import subjects_of, with_week_hours, with_year, without
from matcher.impossible.words import ON_WEEKDAYS, Words, clock, days_words, listed
from matcher.impossible.world import Scene, World
from matcher.roster import Licence, Room, SessionMode
from matcher.sessions.schedule import Activity, ActivityPurpose, Window
from matcher.texts import Text, text, text_n
from matcher.timegrid import BusyState
from matcher.timetables import TakenTime

SHORTER_MINUTES = 15
GAP_DAYS_LESS = 3
MORE_HOURS = 1.0
_LEAST_MINUTES = 20
_LATER_MINUTES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A change of the inputs. ``element`` is the key of the fact it touches.

    ``leave_out`` are sessions (activity, number) that would not be held for it.

    ``time`` is the (weekday, start, end) of a lesson that moves: two lessons at the same time may have to move both.
    """

    key: str
    weight: int
    message: Text
    change: Callable[[World], World]
    element: str = ""
    leave_out: tuple[tuple[str, int], ...] = ()
    time: tuple[int, int, int] | None = None


def offers_for(scene: Scene, id_: str, elements: Iterable[Element], numbers: Sequence[int]) -> list[Offer]:
    """Return what could be given way on so that an activity places these missing sessions, the lightest first."""
    words = Words(scene.world)
    found: dict[str, Offer] = {}
    for element in dict.fromkeys(elements):
        maker = _MAKERS.get(element.kind)
        for offer in maker(scene, id_, element, words) if maker is not None else ():
            found.setdefault(offer.key, replace(offer, element=element.key))
    for offer in (*_longer_days(scene, id_, words), *_least_length(scene, id_)):
        found.setdefault(offer.key, offer)
    return sorted(found.values(), key=lambda offer: offer.weight)


def both(first: Offer, second: Offer) -> Offer:
    """Return two offers as one."""
    return Offer(
        key=f"{first.key} + {second.key}",
        weight=first.weight + second.weight,
        message=text("{first} and {second}", first=first.message, second=second.message),
        change=lambda world: second.change(first.change(world)),
        leave_out=(*first.leave_out, *second.leave_out),
    )


def _move_lesson(scene: Scene, id_: str, element: Element, words: Words) -> Iterator[Offer]:
    world = scene.world
    subjects = subjects_of(world, element.subject)
    times = {
        (e.start_minute, e.end_minute)
        for e in world.timetables.people
        if e.subject in subjects and e.state is BusyState.LESSON and e.weekday == element.weekday
    }
    for start, end in sorted(times):
        weekday = element.weekday or 0
        if _is_visited(scene, element.subject, weekday, start, end):
            continue
        yield Offer(
            key=f"{element.key} {clock(start)}",
            weight=3,
            message=text(
                "move the lesson of {who} {day} at {time}",
                who=words.person(element.subject),
                day=ON_WEEKDAYS[weekday - 1],
                time=f"{clock(start)}–{clock(end)}",
            ),
            change=_free_at(subjects, weekday, start, end),
            time=(weekday, start, end),
        )


def _is_visited(scene: Scene, person: str, weekday: int, start: int, end: int) -> bool:
    """Return whether lessons at a time are visited by plan: such a lesson is not free to move."""
    return any(
        session.day.isoweekday() == weekday and start <= session.start_minute < end
        for id_ in scene.by_person.get(person, ())
        if scene.world.activities[id_].purpose is ActivityPurpose.LESSON_VISIT
        and person in scene.world.activities[id_].mentees
        for session in scene.sessions[id_]
    )


def _free_at(subjects: set[str], weekday: int, start: int, end: int) -> Callable[[World], World]:
    def is_moved(entry: TakenTime) -> bool:
        is_there = (entry.weekday, entry.start_minute, entry.end_minute) == (weekday, start, end)
        return is_there and entry.state is BusyState.LESSON and entry.subject in subjects

    def change(world: World) -> World:
        people = tuple(entry for entry in world.timetables.people if not is_moved(entry))
        known = tuple(sorted({*world.timetables.known, *subjects}))
        return replace(world, timetables=replace(world.timetables, people=people, known=known))

    return change


def _by_removal(weight: int, wording: Text) -> Callable[[Scene, str, Element, Words], Iterator[Offer]]:
    """Return offers that give up an element as a whole."""

    def make(scene: Scene, id_: str, element: Element, words: Words) -> Iterator[Offer]:
        day = "" if element.weekday is None else ON_WEEKDAYS[element.weekday - 1]
        told = {"who": words.person(element.subject), "day": day, "name": element.name}
        message = text(wording.msgid, **told, span=days_words(element.first_day, element.last_day))
        yield Offer(
            key=element.key, weight=weight, message=message, change=lambda world: without(world, [element])
        )  # fmt: skip

    return make


def _activity_offer(id_: str, key: str, weight: int, message: Text, change: Callable[[Activity], Activity]) -> Offer:
    return Offer(
        key=key, weight=weight, message=message, change=lambda world: world.change(id_, change(world.activities[id_]))
    )  # fmt: skip


def _other_mode(scene: Scene, id_: str, element: Element, words: Words) -> Iterator[Offer]:
    modes = scene.world.activities[id_].modes
    if SessionMode.ONLINE not in modes or len(modes) > 1:
        yield _activity_offer(
            id_, element.key, 1 if len(modes) > 1 else 2, text("allow these people to meet online"),
            lambda a: replace(a, modes=(SessionMode.ONLINE, *(m for m in a.modes if m is not SessionMode.ONLINE))),
        )  # fmt: skip
    else:
        yield _activity_offer(
            id_, element.key, 3, text("allow these people to meet in person"),
            lambda a: replace(a, modes=(SessionMode.ONLINE, SessionMode.IN_PERSON)),
        )  # fmt: skip


def _shorter(scene: Scene, id_: str, element: Element, words: Words) -> Iterator[Offer]:
    least = scene.world.activities[id_].min_minutes
    for less in (SHORTER_MINUTES, 2 * SHORTER_MINUTES):
        if least - less >= _LEAST_MINUTES:
            yield _activity_offer(
                id_, f"{element.key} -{less}", 1 + less // SHORTER_MINUTES,
                text("let a meeting last {minutes} minutes", minutes=least - less),
                lambda a, m=least - less: replace(a, minutes=m, min_minutes=m),  # type: ignore[misc]
            )  # fmt: skip


def _least_length(scene: Scene, id_: str) -> Iterator[Offer]:
    """Yield sessions that are no longer than they must be."""
    activity = scene.world.activities[id_]
    if activity.minutes > activity.min_minutes:
        yield _activity_offer(
            id_, f"9.6 {id_} minutes {activity.min_minutes}", 1,
            text("let these meetings last {minutes} minutes", minutes=activity.min_minutes),
            lambda a: replace(a, minutes=a.min_minutes),
        )  # fmt: skip


def _closer(scene: Scene, id_: str, element: Element, words: Words) -> Iterator[Offer]:
    gap = scene.world.activities[id_].gap_days
    for less in dict.fromkeys((GAP_DAYS_LESS, 2 * GAP_DAYS_LESS, gap - 1)):
        if 1 <= gap - less < gap:
            yield _activity_offer(
                id_, f"{element.key} -{less}", max(1, less // GAP_DAYS_LESS),
                text_n(
                    "let at least {count} day lie between meetings",
                    "let at least {count} days lie between meetings",
                    count=gap - less,
                ),
                lambda a, d=gap - less: replace(  # type: ignore[misc]
                    a, gap_days=d, first_gap_days=None if a.first_gap_days is None else min(d, a.first_gap_days)
                ),
            )  # fmt: skip


def _other_days(scene: Scene, id_: str, element: Element, words: Words) -> Iterator[Offer]:
    yield Offer(
        key=element.key,
        weight=2,
        message=text("hold these meetings outside their own days"),
        change=lambda world: replace(world, loose=world.loose | {id_}),
    )


def _vacations(scene: Scene, id_: str, element: Element, words: Words) -> Iterator[Offer]:
    yield _activity_offer(
        id_, "HR-17 vacations", 4, text("allow these people to meet in vacations"),
        lambda a: replace(a, vacations=True, windows=_joined(a.windows)),
    )  # fmt: skip


def _joined(windows: Sequence[Window]) -> tuple[Window, ...]:
    """Return windows that reach up to the next one."""
    ends = [later.first_day - timedelta(days=1) for later in windows[1:]] + [window.last_day for window in windows[-1:]]
    return tuple(
        Window(first_day=window.first_day, last_day=max(window.last_day, end))
        for window, end in zip(windows, ends, strict=True)
    )


def _more_hours(scene: Scene, id_: str, element: Element, words: Words) -> Iterator[Offer]:
    yield Offer(
        key=f"{element.key} +{MORE_HOURS:g}",
        weight=3,
        message=text("let {who} spend one hour a week more", who=words.person(element.subject)),
        change=lambda world: with_week_hours(world, element.subject, MORE_HOURS),
    )


def _more_licences(scene: Scene, id_: str, element: Element, words: Words) -> Iterator[Offer]:
    def change(world: World) -> World:
        one = Licence(id="+", name="+")
        return replace(world, roster=replace(world.roster, licences=(*world.roster.licences, one)))

    yield Offer(key=f"{element.key} +1", weight=4, message=text("have one video licence more"), change=change)


def _more_rooms(scene: Scene, id_: str, element: Element, words: Words) -> Iterator[Offer]:
    size = scene.world.activities[id_].size

    def change(world: World) -> World:
        room = Room(id="+", site=element.subject, capacity=max(size, 2))
        return replace(world, roster=replace(world.roster, rooms=(*world.roster.rooms, room)))

    message = text("have one room for {size} people more in {place}", size=size, place=words.place(element.subject))
    yield Offer(key=f"{element.key} +1", weight=5, message=message, change=change)


def _longer_days(scene: Scene, id_: str, words: Words) -> Iterator[Offer]:
    """Yield an hour more in the evening: pupils do not stay longer, so not for them."""
    activity = scene.world.activities[id_]
    if activity.is_pupils or not activity.windows:
        return
    home = {person.id: person.organisation for person in scene.world.roster.people}
    organisations = tuple(dict.fromkeys(home[one] for one in activity.people if one in home))

    def change(world: World) -> World:
        for name in organisations:
            world = with_year(world, name, lambda y: replace(y, day_end_minute=y.day_end_minute + _LATER_MINUTES))
        return world

    places = listed([words.place(name) for name in organisations])
    yield Offer(
        key=f"HR-17 {' '.join(organisations)} hours +{_LATER_MINUTES}",
        weight=4,
        message=text("let the day of {places} end one hour later", places=places),
        change=change,
    )  # fmt: skip


def _leave_out(scene: Scene, id_: str, element: Element, words: Words) -> Iterator[Offer]:
    activity = scene.world.activities[id_]
    wanted = [activity.windows[number - 1] for number in scene.missing(id_)]
    for session in scene.sessions[element.subject]:
        if any(window.first_day <= session.day <= window.last_day for window in wanted):
            day = f"{session.day:%d.%m.%Y}"
            yield Offer(
                key=f"{element.key} -{session.number}",
                weight=8,
                message=text("leave out the meeting of {pair} on {day}", pair=words.pair(element.subject), day=day),
                change=lambda world: world,
                leave_out=((element.subject, session.number),),
            )


_MAKERS: dict[ElementKind, Callable[[Scene, str, Element, Words], Iterator[Offer]]] = {
    ElementKind.LESSONS: _move_lesson,
    ElementKind.BUILDING: _by_removal(4, text("ask {who} to be in the building {day}")),
    ElementKind.REACH: _by_removal(5, text("ask {who} to be reachable {day}")),
    ElementKind.ABSENCE: _by_removal(7, text("ask {who} to come for the meetings in the absence {span}")),
    ElementKind.EXAM: _by_removal(6, text("free these people for their meetings from “{name}” ({span})")),
    ElementKind.HOLIDAY: _by_removal(6, text("meet on a public holiday ({span})")),
    ElementKind.VACATION: _vacations,
    ElementKind.MODE: _other_mode,
    ElementKind.LENGTH: _shorter,
    ElementKind.GAP: _closer,
    ElementKind.WINDOW: _other_days,
    ElementKind.WEEK: _more_hours,
    ElementKind.LICENCES: _more_licences,
    ElementKind.ROOMS: _more_rooms,
    ElementKind.PAIR: _leave_out,
}
