"""One session tried at another place: which rules it would break there and does not break where it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from matcher.judge.schedule.diary import Diary, Meeting
from matcher.judge.schedule.patterns import spaced
from matcher.judge.schedule.people import one_place_at_a_time, weeks_within_limits
from matcher.judge.schedule.places import licences_suffice, rooms_not_shared
from matcher.judge.schedule.verdict import RULES_OF_ONE
from matcher.outcome import Violation
from matcher.plan import Plan
from matcher.roster import Roster
from matcher.sessions.schedule import PlannedSession

_TOGETHER = (one_place_at_a_time, weeks_within_limits, rooms_not_shared, licences_suffice, spaced)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trials:
    """A session and what lies near it in its schedule, so that it can be tried elsewhere by few comparisons."""

    diary: Diary
    present: PlannedSession
    place: Mapping[str, int]
    by_activity: Sequence[Meeting]
    by_week: Mapping[date, Sequence[Meeting]]
    by_place: Mapping[tuple[str, date], Sequence[Meeting]]

    @classmethod
    def of(cls, plan: Plan, session_id: str) -> Trials:
        """Return the trials of one session of a plan.

        Raises
        ------
        ValueError
            When the plan has no such session, or no schedule.
        """
        if plan.schedule is None or plan.timetables is None:
            raise ValueError("the plan has no schedule")
        diary = Diary.of(plan.schedule, plan.roster, plan.policy, plan.timetables)
        present = next((session for session in plan.schedule.sessions if session.id == session_id), None)
        if present is None or present.activity not in diary.activities:
            raise ValueError("the plan has no such session")
        people = frozenset(diary.activities[present.activity].people)
        by_activity: list[Meeting] = []
        by_week: dict[date, list[Meeting]] = defaultdict(list)
        by_place: dict[tuple[str, date], list[Meeting]] = defaultdict(list)
        for meeting in diary.meetings:
            session = meeting.session
            if session.id == session_id:
                continue
            if session.activity == present.activity:
                by_activity.append(meeting)
            if not people.isdisjoint(meeting.activity.people):
                by_week[_monday(session.day)].append(meeting)
            for place in (session.room, session.licence):
                if place is not None:
                    by_place[place, session.day].append(meeting)
        return cls(
            diary=replace(diary, roster=_of(diary.roster, people, _sites(diary, people, by_week.values()))),
            present=present,
            place={session.id: at for at, session in enumerate(plan.schedule.sessions)},
            by_activity=by_activity,
            by_week=by_week,
            by_place=by_place,
        )

    def against(self, wanted: PlannedSession) -> tuple[Violation, ...]:
        """Return every rule that the session would break where it is wanted, and does not break where it is.

        The same as the verdicts on the whole schedule with the session at either place tell, compared.
        """
        near = self._near(wanted)
        before = {_key(broken) for broken in self._broken(near, self.present)}
        found = {_key(broken): broken for broken in self._broken(near, wanted)}
        return tuple(broken for key, broken in found.items() if key not in before)

    def _near(self, wanted: PlannedSession) -> list[Meeting]:
        """Return the other sessions that share a rule with one: of its activity, its people's week, its room."""
        parts = [self.by_activity, self.by_week.get(_monday(wanted.day), ())]
        parts += [self.by_place.get((place, wanted.day), ()) for place in (wanted.room, wanted.licence) if place]
        return list({meeting.session.id: meeting for part in parts for meeting in part}.values())

    def _broken(self, near: Sequence[Meeting], session: PlannedSession) -> Iterable[Violation]:
        own = Meeting(session=session, activity=self.diary.activities[session.activity])
        for rule in RULES_OF_ONE:
            yield from rule(self.diary, own)
        # Of two at one time the later in the schedule is named: the order stays.
        meetings = sorted([*near, own], key=lambda meeting: self.place[meeting.session.id])
        together = replace(self.diary, meetings=meetings)
        for whole in _TOGETHER:
            yield from whole(together)


def _sites(diary: Diary, people: frozenset[str], weeks: Iterable[Sequence[Meeting]]) -> frozenset[str]:
    """Return the sites at which some people have lessons or sessions."""
    lessons = (entry.site for id_ in people for day in range(1, 8) for entry in diary.taken.get((id_, day), ()))
    sessions = (meeting.session.site for meetings in weeks for meeting in meetings)
    return frozenset(site for site in (*lessons, *sessions) if site is not None)


def _of(roster: Roster, people: frozenset[str], sites: frozenset[str]) -> Roster:
    """Return a roster with the limits of these people and the ways to these sites alone: all that trials ask for."""
    return replace(
        roster,
        mentors=tuple(one for one in roster.mentors if one.person in people),
        mentees=tuple(one for one in roster.mentees if one.person in people),
        travel=tuple(way for way in roster.travel if way.from_site in sites or way.to_site in sites),
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _key(broken: Violation) -> tuple[str, tuple[int | str, ...], str]:
    return broken.rule, broken.subjects, str(broken.message)
