"""People, topics, times and figures of a speed event as people say them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from matcher.io.choices import BLOCKS, SUBJECTS, TOPICS
from matcher.io.speaker import lowered
from matcher.roster import Roster
from matcher.speed.event import EventSettings
from matcher.speed.pairs import TENTHS
from matcher.speed.plan import SpeedPlan
from matcher.texts import Lang, Text, say, text, text_n


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """When rounds begin and end: the first at ``start``, each ``minutes`` long, ``pause`` minutes between two."""

    start: time
    minutes: int
    pause: int = 0

    def of(self, round_: int) -> str:
        """Return the time of a round, counted from 1.

        >>> Clock(start=time(14), minutes=10, pause=2).of(2)
        '14:12–14:22'
        """
        begins = datetime.combine(datetime.min, self.start) + (round_ - 1) * timedelta(
            minutes=self.minutes + self.pause
        )
        ends = begins + timedelta(minutes=self.minutes)
        return f"{begins:%H:%M}–{ends:%H:%M}"


class EventSpeaker:
    """Says what concerns one event in one language. People are called by name, by id where they have none."""

    def __init__(self, plan: SpeedPlan, roster: Roster, lang: Lang, clock: Clock | None = None) -> None:
        self.plan, self.lang, self.clock = plan, lang, clock
        self._people = {person.id: person for person in roster.people}
        self._organisations = {found.id: found.name or found.id for found in roster.organisations}
        self._mentees = {mentee.person: mentee for mentee in roster.mentees}
        self._topic = {choice.id: choice.label(lang) for choice in TOPICS}
        self._block = {choice.id: choice.label(lang) for choice in BLOCKS}
        self._subject = {choice.id: choice.label(lang) for choice in SUBJECTS}

    def say(self, message: Text | str) -> str:
        """Return a sentence in the language of this speaker."""
        return say(message, self.lang)

    def person(self, id_: str) -> str:
        """Return the name of a person, the id where there is none."""
        found = self._people.get(id_)
        return found.name if found is not None and found.name else id_

    def organisation_of(self, id_: str) -> str:
        """Return the name of the organisation of a person."""
        found = self._people.get(id_)
        return "" if found is None else self._organisations.get(found.organisation, found.organisation)

    def topic(self, mentee: str, name: str) -> str:
        """Return what a need ("request:0", "deficit:digital") of a mentee is about."""
        what, _, which = name.partition(":")
        if what == "deficit":
            return self.say(text("gap: {block} competences", block=self._block.get(which, which)))
        if what != "request":
            return ""
        request = self._mentees[mentee].requests[int(which)]
        topic = self._topic.get(request.topic, request.topic)
        if not request.subject:
            return topic
        subject = self._subject.get(request.subject, request.subject)
        return f"{topic} ({lowered(subject) if self.lang == 'ru' else subject})"

    def round(self, number: int) -> str:
        """Return the name of a round."""
        return self.say(text("Round {number}", number=number))

    def time(self, number: int) -> str:
        """Return the time of a round, empty where no clock is set."""
        return "" if self.clock is None else self.clock.of(number)


def title_of(settings: EventSettings) -> Text:
    """Return what the event is called."""
    return text("Speed meetings") if settings.candidates is None else text("Round of acquaintance")


def level_line(plan: SpeedPlan, name: str) -> Text:
    """Return what a level of an event counts."""
    settings = plan.event.settings
    if name == "wants":
        return (
            text("sum of the wishes of both sides") if settings.candidates is None else text("points of the criteria")
        )
    if name == "fill":
        return text("free places filled evenly")
    depth = plan.event.problem.least
    if depth == 1:
        return text("mentees with a meeting")
    return text("the first {depth} meetings of each mentee, a count of how even they are", depth=depth)


def figure(plan: SpeedPlan, name: str, value: int, lang: Lang) -> str:
    """Return the value of a level as people count it: wishes as they were written."""
    if name != "wants" or plan.event.settings.candidates is not None:
        return str(value)
    shown = f"{value / TENTHS:.1f}".removesuffix(".0")
    return shown.replace(".", ",") if lang == "ru" else shown


def mentees_by_meetings(plan: SpeedPlan) -> list[Text]:
    """Return how many mentees have how many meetings, most first."""
    loads = Counter(Counter(meeting.mentee for meeting in plan.meetings).values())
    return [
        text(
            "{what}: {mentees}",
            what=text_n("with {count} meeting", "with {count} meetings", count=load),
            mentees=text_n("{count} mentee", "{count} mentees", count=loads[load]),
        )
        for load in sorted(loads, reverse=True)
    ]


def without_reason(plan: SpeedPlan, id_: str, *, is_mentor: bool) -> Text:
    """Return why somebody meets nobody."""
    settings = plan.event.settings
    mentors, mentees = plan.num_possible()
    if (mentors if is_mentor else mentees)[id_]:
        if len(plan.meetings) < plan.event.problem.num_places:
            return text("all whom they could meet have enough other meetings")
        return text("the places went to meetings that count more")
    if plan.event.policy_id is not None and (settings.fill or settings.candidates is not None):
        return text("there is nobody the regulation allows")
    if settings.fill:
        return text("there is nobody who may be met")
    return text("has asked for nobody who may be met, and nobody has asked for them")
