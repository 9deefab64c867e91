"""Activities whose possibilities only grow when facts are thought away.

Planning prefers long sessions to short ones and, in one organisation, the building to the screen: where everybody is
free for the longer one, or in person, the other choice is not there. A fact less may so leave fewer choices. To say
what stands in the way of a session, each is asked for in its least length, and online where it may be as things are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from matcher.impossible.part import Want
from matcher.impossible.world import World
from matcher.roster import SessionMode
from matcher.scheduling.case import Case
from matcher.scheduling.free import ONLINE
from matcher.scheduling.options import build_options, is_in_person_first
from matcher.sessions.schedule import Activity


def steady(world: World, wants: Iterable[Want], first_day: date, last_day: date) -> World:
    """Return the world in which the activities of some wants keep their choices when facts are thought away."""
    case: Case | None = None
    for want in wants:
        activity = world.activities[want.activity]
        modes = activity.modes
        if want.numbers and is_in_person_first(activity, world.policy):
            case = case or Case(world.roster, world.policy, world.timetables, first_day, last_day)
            is_needed = any(_has_online(activity, number, case) for number in want.numbers)
            modes = (SessionMode.ONLINE, SessionMode.IN_PERSON) if is_needed else (SessionMode.IN_PERSON,)
        world = world.change(activity.id, replace(activity, minutes=activity.min_minutes, modes=modes))
    return world


def _has_online(activity: Activity, number: int, case: Case) -> bool:
    """Return whether a session may be online: nobody finds a time in the building in its days."""
    window = replace(activity, windows=(activity.windows[number - 1],))
    return bool((build_options(window, case).site == ONLINE).any())
