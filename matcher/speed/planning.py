"""From a roster to a planned speed event: the whole path."""

from __future__ import annotations

from datetime import date

from matcher.policy import Policy
from matcher.roster import Roster
from matcher.speed.event import EventSettings, build_event
from matcher.speed.plan import SpeedPlan, build_meetings
from matcher.speed.solve import solve_speed


def make_speed_plan(
    roster: Roster, settings: EventSettings, policy: Policy | None = None, *, reference_day: date | None = None
) -> SpeedPlan:
    """Return the best speed event, or round of acquaintance, for a roster; the order of its rows does not matter.

    Raises
    ------
    InputError
        When the settings contradict each other, name nobody of the roster, or the policy has no speed meetings.
    """
    event = build_event(roster, settings, policy, reference_day=reference_day)
    result = solve_speed(event.problem)
    mentors = {mentor.person: mentor for mentor in roster.mentors}
    mentees = {mentee.person: mentee for mentee in roster.mentees}
    return SpeedPlan(event=event, result=result, meetings=build_meetings(event, result, mentors, mentees))
