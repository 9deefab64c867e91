"""One session with everything else standing still: the times it could have, and what they cost."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from matcher.impossible.part import build_part, sessions_in, span_of, want_of
from matcher.impossible.rivals import online_beside, with_rooms_taken
from matcher.impossible.session_reasons import OtherTime, UsualTime
from matcher.impossible.words import clock
from matcher.impossible.world import Scene, narrowed
from matcher.outcome import SolveStatus
from matcher.roster import SessionMode
from matcher.scheduling.build import SessionCase
from matcher.scheduling.free import ONLINE
from matcher.scheduling.occupation import Occupation
from matcher.sessions.layout import build_layout, days_of
from matcher.sessions.result import SessionResult, Sessions
from matcher.sessions.schedule import PlannedSession
from matcher.sessions.state import State
from matcher.texts import Text, text, text_n


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Beside:
    """The problem of one session. ``free`` are the (choice, day) at which it could be held."""

    scene: Scene
    activity: str
    number: int
    case: SessionCase
    free: tuple[tuple[int, int], ...]
    occupation: Occupation

    @classmethod
    def of(cls, scene: Scene, id_: str, number: int) -> Beside:
        """Return the problem of a session of an activity, all other sessions staying where they are."""
        alone = want_of(scene, id_, [number])
        span = span_of(scene, [alone])
        first, last = span.first_day, span.last_day
        near = {*scene.companions(id_), *online_beside(scene, id_, first, last)}
        standing = {other: sessions_in(scene, other, first, last) for other in sorted(near)}
        standing = {other: sessions for other, sessions in standing.items() if sessions}
        own = tuple(session for session in sessions_in(scene, id_, first, last) if session.number != number)
        want = want_of(scene, id_, [number, *(session.number for session in own)])
        world = narrowed(scene, [id_, *standing], [id_])
        world = with_rooms_taken(scene, world, {id_, *standing}, first, last)
        staying = type(want)(activity=id_, numbers=want.numbers, fixed=own)
        case = build_part(scene, world, [staying], standing, span)
        problem = case.problem
        layout = build_layout(problem)
        usable = State(layout).usable(0)
        window = scene.world.activities[id_].windows[number - 1]
        low, high = (case.case.calendar.number(day) for day in (window.first_day, window.last_day))
        free = tuple(
            (choice, day)
            for choice, mask in zip(layout.activities[0].choices, usable, strict=True)
            for day in days_of(mask)
            if low <= day <= high
        )
        result = SessionResult(
            status=SolveStatus.FEASIBLE,
            sessions=Sessions(choice=problem.fixed_choice, day=problem.fixed_day),
            levels=(),
            missing=np.zeros(problem.num_activities, dtype=np.int64),
            least_missing=np.zeros(problem.num_activities, dtype=np.int64),
            least_rhythm=np.zeros(problem.num_activities, dtype=np.int64),
        )
        return cls(
            scene=scene, activity=id_, number=number, case=case, free=free, occupation=Occupation(problem, result)
        )  # fmt: skip

    def next_best(self, session: PlannedSession | None) -> OtherTime | None:
        """Return the best other time: the one that keeps to the fewest hours, then the dearest wishes, then the day."""
        here = None if session is None else (session.day, session.start_minute)
        points = 0 if session is None else self._points(session)
        times = [self._time(choice, day, session, points) for choice, day in self.free]
        others = [time for time in times if (time.day, time.start_minute) != here]
        return min(others, key=lambda time: self._rank(time, session), default=None)

    def _points(self, session: PlannedSession) -> int:
        """Return the points of preferences a session costs where it is; 0 where that time is not free any more."""
        found = [
            int(self.case.problem.choice_cost[choice])
            for choice, day in self.free
            if self._where(choice, day) == (session.day, session.start_minute, session.end_minute, session.mode)
        ]
        return min(found, default=0)

    def _where(self, choice: int, day: int) -> tuple[object, ...]:
        problem = self.case.problem
        slot = problem.choice_slot[choice]
        site = int(problem.venue_site[problem.choice_venue[choice]])
        mode = SessionMode.ONLINE if site == ONLINE else SessionMode.IN_PERSON
        date = self.case.case.calendar.day[day]
        return date, int(problem.slot_start[slot]), int(problem.slot_end[slot]), mode

    @staticmethod
    def _rank(time: OtherTime, session: PlannedSession | None) -> tuple[int, int, int, int]:
        away = 0 if session is None else abs((time.day - session.day).days)
        return time.more_times, time.more_points, away, time.start_minute

    def _time(self, choice: int, day: int, session: PlannedSession | None, points: int) -> OtherTime:
        problem, calendar, places = self.case.problem, self.case.case.calendar, self.case.case.places
        slot, site = int(problem.choice_slot[choice]), int(problem.venue_site[problem.choice_venue[choice]])
        start, end = int(problem.slot_start[slot]), int(problem.slot_end[slot])
        date, mode = calendar.day[day], SessionMode.ONLINE if site == ONLINE else SessionMode.IN_PERSON
        others = [s for s in self.scene.sessions[self.activity] if s.number != self.number]
        keys = {(s.day.weekday(), s.start_minute) for s in others}
        before = len(keys | ({(session.day.weekday(), session.start_minute)} if session is not None else set()))
        more_times = len(keys | {(date.weekday(), start)}) - before
        more_points = int(problem.choice_cost[choice]) - points
        return OtherTime(
            day=date, start_minute=start, end_minute=end, mode=mode,
            site=None if site == ONLINE else places.site[site].id, more_times=more_times, more_points=more_points,
            costs=self._costs(more_times, more_points, end, mode, session),
        )  # fmt: skip

    def _costs(
        self, more_times: int, more_points: int, end: int, mode: SessionMode, session: PlannedSession | None
    ) -> tuple[Text, ...]:
        """Return what another time would cost, in words."""
        activity = self.scene.world.activities[self.activity]
        calendar = self.case.case.calendar
        organisation = calendar.organisation_of(activity.mentor)
        evening = calendar.year_of(organisation).evening_minute + calendar.ahead_of(organisation)
        found: list[Text] = []
        if more_times > 0:
            found.append(text("one more time of the week for these people to keep in mind"))
        if more_times < 0:
            found.append(text("one time of the week less for these people to keep in mind"))
        if end > evening:
            found.append(text("it would end after {time}", time=clock(evening)))
        if session is not None and mode is not session.mode:
            found.append(text("it would be online") if mode is SessionMode.ONLINE else text("it would be in person"))
        if more_points:
            count = abs(more_points)
            found.append(
                text_n("{count} point of wishes worse", "{count} points of wishes worse", count=count)
                if more_points > 0
                else text_n("{count} point of wishes better", "{count} points of wishes better", count=count)
            )
        return tuple(found) or (text("nothing"),)


def usual_time(sessions: tuple[PlannedSession, ...]) -> UsualTime | None:
    """Return the weekday and hour at which most of the sessions are; the earlier one of two alike."""
    counted = Counter((session.day.isoweekday(), session.start_minute) for session in sessions)
    if not counted:
        return None
    (weekday, start), number = min(counted.items(), key=lambda item: (-item[1], item[0]))
    return UsualTime(weekday=weekday, start_minute=start, num_sessions=number, num_placed=len(sessions))
