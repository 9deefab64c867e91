"""The meetings of some days as the schedule shows them: only those of the scope and the window are asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlmodel import col, func, select

from matcher.canonical import in_canonical_order
from matcher.roster import Roster, SessionMode
from matcher.texts import Lang, Text, say, text
from service.among import among
from service.pages.schedule_words import MEETING_STATES, clock, kind_words, purpose_text, topic_words
from service.rounds.desk import RUNNERS, pairs_in_sight, roles_over
from service.rounds.meetings import meetings_in_sight
from service.rounds.people import open_people, people_by_id
from service.rounds.rosters import open_nameless
from service.tables.access import Role
from service.tables.areas import Area, Person
from service.tables.columns import now
from service.tables.rounds import Meeting, MeetingPerson, Pair, RosterFile, Round
from service.work import Work

View = Literal["week", "month"]
MOST_SHOWN = 1500
"""Meetings one page shows; of more the school has to be named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is looked at: the days of a week or a month, and of whom; at most one of school, person and room."""

    round_id: str
    view: View
    day: date
    school: str | None = None
    person: str | None = None
    room: str | None = None

    @property
    def first_day(self) -> date:
        """Return the first day shown: a Monday."""
        start = self.day if self.view == "week" else self.day.replace(day=1)
        return start - timedelta(days=start.weekday())

    @property
    def last_day(self) -> date:
        """Return the last day shown: a Sunday."""
        if self.view == "week":
            return self.first_day + timedelta(days=6)
        end = _next_month(self.day) - timedelta(days=1)
        return end + timedelta(days=6 - end.weekday())

    @property
    def days(self) -> list[date]:
        """Return all days shown."""
        return [self.first_day + timedelta(days=at) for at in range((self.last_day - self.first_day).days + 1)]

    def step(self, by: int) -> Scope:
        """Return the week or month before (−1) or after (1)."""
        if self.view == "week":
            return replace(self, day=self.first_day + timedelta(days=7 * by))
        first = self.day.replace(day=1)
        return replace(self, day=_next_month(first) if by > 0 else (first - timedelta(days=1)).replace(day=1))

    def address(self, **other: Any) -> str:
        """Return the address of this view, with other parts where they are given; None leaves a part out."""
        kept: dict[str, Any] = {
            "view": self.view, "day": self.day.isoformat(), "school": self.school, "person": self.person,
            "room": self.room,
        }  # fmt: skip
        asked = {name: value for name, value in (kept | other).items() if value}
        return f"/rounds/{self.round_id}/schedule?{urlencode(asked)}"


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody in a meeting."""

    id: str
    name: str
    short: str
    leads: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A meeting as it is shown."""

    id: str
    day: date
    begins: str
    ends: str
    what: str
    topics: tuple[str, ...]
    place: str
    room: str | None
    people: tuple[Named, ...]
    state: str
    state_text: Text
    version: int
    may_move: bool
    may_mark: bool
    may_unmark: bool

    @property
    def who(self) -> str:
        """Return both sides in short: the mentor, then the others."""
        leads = ", ".join(one.short for one in self.people if one.leads)
        others = ", ".join(one.short for one in self.people if not one.leads)
        return f"{leads} – {others}" if leads and others else leads or others


def in_scope_of(work: Work, scope: Scope) -> list[Any]:
    """Return the conditions on meetings of a scope that the viewer may see, apart from the days."""
    wanted = [col(Meeting.round_id) == scope.round_id, meetings_in_sight(work.viewer)]
    if scope.person is not None:
        of_person = select(MeetingPerson.meeting_id).where(MeetingPerson.person_id == scope.person)
        wanted.append(col(Meeting.id).in_(of_person))
    if scope.room is not None:
        wanted.append(col(Meeting.room) == scope.room)
    if scope.school is not None:
        of_school = select(MeetingPerson.meeting_id).join(Person, col(Person.id) == MeetingPerson.person_id)
        wanted.append(col(Meeting.id).in_(of_school.where(Person.area_id == scope.school)))
    return wanted


def read_meetings(work: Work, scope: Scope) -> list[Meeting]:
    """Return the meetings of a scope in its window, by day and hour."""
    asked = select(Meeting).where(*in_scope_of(work, scope))
    asked = asked.where(Meeting.day >= scope.first_day, Meeting.day <= scope.last_day)
    order = (col(Meeting.day), col(Meeting.start_minute), col(Meeting.code))
    return list(work.session.exec(asked.order_by(*order).limit(MOST_SHOWN)))


def today_of(work: Work, round_: Round) -> date:
    """Return the day it is where a round takes place."""
    return now().astimezone(ZoneInfo(work.session.get_one(Area, round_.area_id).time_zone)).date()


def nearest_day(work: Work, scope: Scope, day: date) -> date | None:
    """Return the first day from a day on with a meeting of the scope, else the last before it; None without any."""
    after = select(func.min(Meeting.day)).where(*in_scope_of(work, scope), Meeting.day >= day)
    before = select(func.max(Meeting.day)).where(*in_scope_of(work, scope), Meeting.day < day)
    return work.session.exec(after).one() or work.session.exec(before).one()


def show_cards(work: Work, round_: Round, meetings: Sequence[Meeting]) -> list[Card]:
    """Return meetings with names, topics and places in words."""
    parts = _people_of(work, meetings)
    people = people_by_id(work.session, {one.person_id for found in parts.values() for one in found})
    words = open_people(work.session, work.core.vault, people.values())
    classes, roster = open_nameless(work.core.vault, work.session.get_one(RosterFile, round_.roster_id))
    pairs = _pairs(work, round_, people)
    topics = _topics(pairs, classes, roster, work.lang)
    places = PlaceWords(roster, work.lang)
    kinds = {frozenset((pair.mentor_id, pair.mentee_id)): pair.kind for pair in pairs}
    today, runs = today_of(work, round_), bool(roles_over(work.session, work.viewer, round_.area_id) & RUNNERS)
    found = []
    for meeting in meetings:
        named = [
            _named(one, words[one.person_id].name or people[one.person_id].code)
            for one in sorted(parts[meeting.id], key=lambda one: (not one.leads, people[one.person_id].code))
        ]
        ids = {one.id for one in named}
        leads = {one.id for one in named if one.leads} & work.viewer.person_ids and Role.MENTOR in work.viewer.roles
        may_act = runs or bool(leads)
        is_open = meeting.state in ("draft", "published") and may_act
        found.append(
            Card(
                id=meeting.id,
                day=meeting.day,
                begins=clock(meeting.start_minute),
                ends=clock(meeting.end_minute),
                what=_what(meeting, kinds, ids, work.lang),
                topics=tuple(dict.fromkeys(word for two, mine in topics.items() if two <= ids for word in mine)),
                place=places.of(meeting.mode, meeting.site, meeting.room),
                room=meeting.room,
                people=tuple(named),
                state=meeting.state,
                state_text=MEETING_STATES[meeting.state],
                version=meeting.version,
                may_move=is_open,
                may_mark=is_open and meeting.state == "published" and meeting.day <= today,
                may_unmark=may_act and meeting.state in ("held", "missed"),
            )
        )
    return found


def _named(one: MeetingPerson, name: str) -> Named:
    return Named(id=one.person_id, name=name, short=short_name(name), leads=one.leads)


def short_name(name: str) -> str:
    """Return a name with initials, as a timetable has it.

    >>> short_name("Иванова Анна Петровна").replace(chr(160), " ")
    'Иванова А. П.'
    >>> short_name("7А")
    '7А'
    """
    first, *others = name.split()[:3] or [name]
    return "\xa0".join([first, *(f"{one[0]}." for one in others)])


def _people_of(work: Work, meetings: Sequence[Meeting]) -> dict[str, list[MeetingPerson]]:
    found: dict[str, list[MeetingPerson]] = {meeting.id: [] for meeting in meetings}
    for one in work.session.exec(select(MeetingPerson).where(among(MeetingPerson.meeting_id, found))):
        found[one.meeting_id].append(one)
    return found


def _pairs(work: Work, round_: Round, people: Iterable[str]) -> list[Pair]:
    """Return the pairs of a round among some people."""
    ids = set(people)
    asked = select(Pair).where(Pair.round_id == round_.id, col(Pair.state).not_in(("dropped", "declined")))
    return list(work.session.exec(asked.where(among(Pair.mentee_id, ids), among(Pair.mentor_id, ids))))


def _topics(
    pairs: Sequence[Pair], classes: Mapping[str, str], roster: Roster, lang: Lang
) -> dict[frozenset[str], list[str]]:
    """Return for the two of each pair the topics of the requests it covers."""
    wanted = {pair.mentee_id for pair in pairs}
    few = [one for one in roster.mentees if classes.get(one.person, one.person) in wanted]
    # Plans name a request by its place in the canonical order.
    ordered = in_canonical_order(Roster(mentees=tuple(few))).mentees
    requests = {classes.get(one.person, one.person): one.requests for one in ordered}
    labels = topic_words(lang)
    found: dict[frozenset[str], list[str]] = defaultdict(list)
    for pair in pairs:
        mine = requests.get(pair.mentee_id, ())
        for name in pair.covers:
            what, _, at = name.partition(":")
            if what == "request" and at.isdecimal() and int(at) < len(mine):
                word = labels.get(str(mine[int(at)].topic))
                if word is not None:
                    found[frozenset((pair.mentor_id, pair.mentee_id))].append(word)
    return found


def _what(meeting: Meeting, kinds: Mapping[frozenset[str], str], people: set[str], lang: Lang) -> str:
    """Return what a meeting is: its number, and the kind of mentoring where it is not one to one."""
    title = say(text("{what} {number}", what=purpose_text(meeting.activity), number=meeting.number), lang)
    kind = next((kind for two, kind in kinds.items() if two <= people), "traditional")
    return title if kind == "traditional" else f"{title}, {kind_words(lang)[kind]}"


class PlaceWords:
    """Says where people meet."""

    def __init__(self, roster: Roster, lang: Lang) -> None:
        self._lang = lang
        self._rooms = {room.id: room.name or room.id for room in roster.rooms}
        self._sites = {site.id: site.name or site.id for site in roster.sites}

    def of(self, mode: str, site: str | None, room: str | None) -> str:
        """Return a place in words."""
        if mode == SessionMode.ONLINE:
            return say(text("online"), self._lang)
        if room is not None:
            return self.room(room)
        return say(text("in person"), self._lang) if site is None else self._sites.get(site, site)

    def room(self, room: str) -> str:
        """Return what a room is called; a bare number is said to be a room."""
        name = self._rooms.get(room, room)
        return say(text("room {room}", room=name), self._lang) if name[:1].isdigit() else name


def schools_in_sight(work: Work, round_: Round) -> list[tuple[str, str]]:
    """Return (id, name) of the organisations whose people work in a round, as far as the viewer sees them."""
    ids: set[str] = set()
    for column in (Pair.mentor_area_id, Pair.mentee_area_id):
        asked = select(column).where(Pair.round_id == round_.id, pairs_in_sight(work.viewer)).distinct()
        ids |= set(work.session.exec(asked))
    found = work.session.exec(select(Area.id, Area.name).where(col(Area.id).in_(ids)))
    return sorted(found.all(), key=lambda one: one[1])


def people_to_choose(work: Work, round_: Round, school: str | None) -> list[tuple[str, str]]:
    """Return (id, name) of those who meet in a round, of one school where it is named, as the viewer sees them."""
    ids: set[str] = set()
    for one, area in ((Pair.mentor_id, Pair.mentor_area_id), (Pair.mentee_id, Pair.mentee_area_id)):
        asked = select(one).where(Pair.round_id == round_.id, pairs_in_sight(work.viewer))
        asked = asked.where(col(Pair.state).not_in(("dropped", "declined")))
        ids |= set(work.session.exec(asked if school is None else asked.where(col(area) == school)))
    people = people_by_id(work.session, ids)
    words = open_people(work.session, work.core.vault, people.values())
    return sorted(((id_, words[id_].name or person.code) for id_, person in people.items()), key=lambda one: one[1])


def rooms_to_choose(work: Work, scope: Scope) -> list[str]:
    """Return the rooms in which people of a scope meet at all."""
    asked = select(Meeting.room).where(*in_scope_of(work, replace(scope, room=None, person=None)))
    return sorted(room for room in work.session.exec(asked.where(col(Meeting.room).is_not(None)).distinct()) if room)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolWeek:
    """How many meetings a school has on each day shown, and how they stand."""

    id: str
    name: str
    by_day: Mapping[date, int]
    num: int
    held: int
    missed: int


def overview(work: Work, scope: Scope, schools: Sequence[tuple[str, str]]) -> list[SchoolWeek]:
    """Return the meetings of every school in the window, counted by the database."""
    columns: Any = (Person.area_id, Meeting.day, Meeting.state, func.count(func.distinct(Meeting.id)))
    asked = (
        select(*columns)
        .join(MeetingPerson, col(MeetingPerson.meeting_id) == Meeting.id)
        .join(Person, col(Person.id) == MeetingPerson.person_id)
        .where(*in_scope_of(work, scope), Meeting.day >= scope.first_day, Meeting.day <= scope.last_day)
        .where(Meeting.state != "cancelled")
        .group_by(Person.area_id, Meeting.day, Meeting.state)
    )
    days: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    states: dict[tuple[str, str], int] = defaultdict(int)
    for area, day, state, count in work.session.exec(asked):
        days[area][day] += count
        states[area, state] += count
    return [
        SchoolWeek(
            id=id_,
            name=name,
            by_day=dict(days[id_]),
            num=sum(days[id_].values()),
            held=states[id_, "held"],
            missed=states[id_, "missed"],
        )
        for id_, name in schools
    ]
