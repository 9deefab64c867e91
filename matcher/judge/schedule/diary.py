"""A schedule laid open for judging: who is where, on which day, from when to when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from matcher.policy import Policy
from matcher.roster import Absence, Person, Roster, SessionMode
from matcher.school_year import SchoolYear
from matcher.sessions.schedule import Activity, PlannedSession, Schedule, SessionState
from matcher.texts import Text, text
from matcher.timegrid import BusyState
from matcher.timetables import TakenTime, Timetables


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A session that takes place, with its activity."""

    session: PlannedSession
    activity: Activity

    @property
    def when(self) -> tuple[int, int]:
        """Return its start and end in minutes."""
        return self.session.start_minute, self.session.end_minute

    @property
    def is_in_person(self) -> bool:
        """Return whether people meet at a site."""
        return self.session.mode is SessionMode.IN_PERSON

    @property
    def moment(self) -> Text:
        """Return its day and hour as words."""
        start, end = self.when
        day = self.session.day
        return text(
            "{day} {start}–{end}",
            day=f"{day:%d.%m.%Y}",
            start=f"{start // 60:02}:{start % 60:02}",
            end=f"{end // 60:02}:{end % 60:02}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Diary:
    """A schedule with the roster, regulation and timetables it must agree with, and indices to look things up."""

    schedule: Schedule
    roster: Roster
    policy: Policy
    timetables: Timetables
    activities: Mapping[str, Activity]
    people: Mapping[str, Person]
    absences: Mapping[str, Sequence[Absence]]
    taken: Mapping[tuple[str, int], Sequence[TakenTime]]
    meetings: Sequence[Meeting]

    @classmethod
    def of(cls, schedule: Schedule, roster: Roster, policy: Policy, timetables: Timetables) -> Diary:
        """Return the diary of a schedule; sessions of unknown activities and cancelled ones are left out."""
        activities = {activity.id: activity for activity in schedule.activities}
        absences: dict[str, list[Absence]] = defaultdict(list)
        for absence in roster.absences:
            absences[absence.person].append(absence)
        taken: dict[tuple[str, int], list[TakenTime]] = defaultdict(list)
        for entry in (*timetables.people, *timetables.rooms):
            taken[entry.subject, entry.weekday].append(entry)
        return cls(
            schedule=schedule,
            roster=roster,
            policy=policy,
            timetables=timetables,
            activities=activities,
            people={person.id: person for person in roster.people},
            absences=absences,
            taken=taken,
            meetings=[
                Meeting(session=session, activity=activities[session.activity])
                for session in schedule.sessions
                if session.activity in activities and session.state is not SessionState.CANCELLED
            ],
        )

    def organisation_of(self, person: str) -> str:
        """Return a person's organisation, "" for a stranger."""
        return self.people[person].organisation if person in self.people else ""

    def year_of(self, person: str) -> SchoolYear:
        """Return the school year of a person's organisation."""
        return self.timetables.year_of(self.organisation_of(person))

    def ahead_of(self, person: str) -> int:
        """Return by how many minutes the schedule's clock is ahead of a person's own."""
        return self.timetables.ahead.get(self.organisation_of(person), 0)

    def entries(self, subject: str, day: date, year: SchoolYear) -> Iterator[TakenTime]:
        """Yield what a timetable says of a person or room on a day; what runs past midnight counts on its first day."""
        week = year.week_of(day)
        for entry in self.taken.get((subject, day.isoweekday()), ()):
            begun = entry.first_day is None or entry.first_day <= day
            over = entry.last_day is not None and entry.last_day < day
            if begun and not over and entry.week in (None, week):
                yield entry

    def lessons(self, person: str, day: date) -> list[TakenTime]:
        """Return a person's lessons on a day."""
        year = self.year_of(person)
        return [entry for entry in self.entries(person, day, year) if entry.state is BusyState.LESSON]


def overlaps(first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Return whether two times of a day have a minute in common."""
    return first[0] < second[1] and second[0] < first[1]
