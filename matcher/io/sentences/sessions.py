"""Sessions in words: what a meeting is called, when it is, where it is."""

from __future__ import annotations

import re
from datetime import date

from matcher.io.speaker import Speaker, lowered
from matcher.roster import Room, Roster, SessionMode, Site
from matcher.scheduling.cells import LICENCES
from matcher.sessions.schedule import Activity, ActivityPurpose, PlannedSession
from matcher.texts import Text, text

_PAIR_CODE = re.compile(r"[^\s,;()«»„“]*[^\s,;:()«»„“]")  # a colon inside, none behind
_CODE = re.compile(r"[^\s,;:()«»„“]+")
_WEEKDAYS = (text("Mon"), text("Tue"), text("Wed"), text("Thu"), text("Fri"), text("Sat"), text("Sun"))


def clock(minute: int) -> str:
    """Return minutes after midnight as a time of day.

    >>> clock(545)
    '09:05'
    """
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def weekday(day: date) -> Text:
    """Return the short name of the day of the week."""
    return _WEEKDAYS[day.weekday()]


class SessionWords:
    """Says what concerns the sessions of one plan."""

    def __init__(self, speaker: Speaker) -> None:
        self.speaker = speaker
        roster: Roster = speaker.plan.roster
        self.rooms: dict[str, Room] = {room.id: room for room in roster.rooms}
        self.sites: dict[str, Site] = {site.id: site for site in roster.sites}
        self.licences = {licence.id: licence for licence in roster.licences}
        schedule = speaker.plan.schedule
        self.activities = {} if schedule is None else {activity.id: activity for activity in schedule.activities}

    def who(self, activity: Activity) -> str:
        """Return the two sides: mentor – mentees."""
        mentees = [activity.school_class] if activity.school_class is not None else list(activity.mentees)
        return f"{self.speaker.person(activity.mentor)} – {self.speaker.persons(mentees, most=3)}"

    def label(self, activity: Activity) -> str:
        """Return the two sides, and what they meet for where it is no ordinary meeting."""
        if activity.purpose is ActivityPurpose.LESSON_VISIT:
            return self.speaker.say(text("{who} (lesson visits)", who=self.who(activity)))
        return self.who(activity)

    def told(self, sentence: Text) -> str:
        """Return a sentence in which pairs, people and places stand by name instead of by code."""
        with_pairs = _PAIR_CODE.sub(lambda found: self._meeting(found[0]), self.speaker.say(sentence))
        return _CODE.sub(lambda found: self._named(found[0]), with_pairs)

    def subject(self, code: str) -> str:
        """Return whom a code stands for: a session, a pair or group, a person; any other code as it is."""
        met = self._meeting(code)
        return self._named(code) if met == code else met

    def _meeting(self, code: str) -> str:
        activity, _, number = code.rpartition("/")
        if activity in self.activities and number.isdigit():
            label = self.label(self.activities[activity])
            return self.speaker.say(text("{who}, meeting {number}", who=label, number=number))
        return self.label(self.activities[code]) if code in self.activities else code

    def _named(self, code: str) -> str:
        if code in self.speaker.people:
            return self.speaker.person(code)
        if code in self.rooms:
            room = self.rooms[code]
            return ", ".join(part for part in (self.site(room.site), self.room(code)) if part)
        if code in self.sites:
            return self.site(code)
        return self.licences[code].name or code if code in self.licences else code

    def what(self, activity: Activity, session: PlannedSession) -> str:
        """Return what the meeting is: its kind, its number, its direction."""
        say = self.speaker.say
        told = {"number": session.number, "wanted": activity.wanted}
        if activity.purpose is ActivityPurpose.LESSON_VISIT:
            return say(text("lesson visit {number} of {wanted}", **told))
        kind = lowered(self.speaker.word("kind", activity.kind))
        if activity.wanted == 1:
            return say(text("{kind}: one meeting", kind=kind))
        if session.reversed:
            return say(text("{kind}: meeting {number} of {wanted}, the other way round", kind=kind, **told))
        return say(text("{kind}: meeting {number} of {wanted}", kind=kind, **told))

    def when(self, session: PlannedSession) -> str:
        """Return day and hours: «пн 07.09.2026, 14:00–15:00»."""
        day = f"{self.speaker.say(weekday(session.day))} {session.day:%d.%m.%Y}"
        return f"{day}, {clock(session.start_minute)}–{clock(session.end_minute)}"

    def where(self, session: PlannedSession) -> str:
        """Return the place: building and room, or that it is online."""
        if session.mode is SessionMode.ONLINE:
            licence = self.licences.get(session.licence or "")
            name = "" if licence is None else licence.name or licence.id
            say = self.speaker.say
            return say(text("online ({licence})", licence=name)) if name else say(text("online"))
        return ", ".join(part for part in (self.site(session.site), self.room(session.room)) if part)

    def site(self, id_: str | None) -> str:
        """Return the organisation and the building."""
        site = self.sites.get(id_ or "")
        if site is None:
            return id_ or ""
        return ", ".join(part for part in (self.speaker.organisation(site.organisation), site.name) if part)

    def pool(self, name: str) -> str:
        """Return what a counted pool is: the licences, or the rooms of a building, perhaps only the large ones."""
        say = self.speaker.say
        if name == LICENCES:
            return say(text("video licences"))
        site, _, least = name.partition(" (")
        rooms = say(text("rooms, {site}", site=self.site(site)))
        return say(text("{rooms}, for {least} people", rooms=rooms, least=least.rstrip(")+"))) if least else rooms

    def room(self, id_: str | None) -> str:
        """Return the name of a room."""
        room = self.rooms.get(id_ or "")
        return (id_ or "") if room is None or not room.name else room.name
