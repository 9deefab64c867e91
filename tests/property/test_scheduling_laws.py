"""Laws of session planning: no rule is ever broken, windows share the days fairly, more free time never hurts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import cast

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.judge.schedule.levels import schedule_checks, stated_otherwise
from matcher.judge.schedule.verdict import schedule_violations
from matcher.plan import Plan
from matcher.roster import Absence, Licence, Mentee, Mentor, Person, Room, SessionMode, Site, Travel
from matcher.scheduling.patterns import cadence_of, windows_of
from matcher.scheduling.rooms import Use, assign_rooms
from matcher.timegrid import BusyState
from tests.unit.scheduling.test_patterns import pattern
from tests.unit.scheduling.world import FIRST, World, taken

_STATES = st.sampled_from([BusyState.LESSON, BusyState.LESSON, BusyState.NOT_IN_BUILDING, BusyState.NOT_REACHABLE])
_PEOPLE = ("M", "N", "O", "Q", "R")


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Return a small town of some weeks with lessons, absences, rooms, licences and pairs of all kinds."""
    world = World(draw(st.sampled_from(["kalmykia", "dalnerechensk"])))
    world.last_day = FIRST + timedelta(days=draw(st.integers(10, 80)))
    world.in_year(num_weeks=draw(st.sampled_from([1, 2])))
    rooms = draw(st.integers(0, 2))
    world.add(
        people=(Person(id="R", organisation="S", site="B", pedagogical_experience_years=1),),
        sites=(Site(id="B", organisation="S"),),
        travel=(Travel(from_site="A", to_site="B", minutes=draw(st.integers(5, 60))),
                Travel(from_site="A", to_site="C", minutes=30)),
        rooms=tuple(Room(id=f"R{n}", site="A", capacity=draw(st.sampled_from([2, 3, None]))) for n in range(rooms)),
        licences=tuple(Licence(id=f"L{n}", count=1) for n in range(draw(st.integers(0, 2)))),
        mentees=(Mentee(person="R", modes=draw(st.sampled_from([(), (SessionMode.ONLINE,)]))),),
        mentors=(Mentor(person="Q", hours_per_week=draw(st.sampled_from([None, 1, 1.5]))),),
    )  # fmt: skip
    for _ in range(draw(st.integers(0, 25))):
        start = draw(st.integers(16, 34)) * 30
        entry = taken(
            draw(st.sampled_from(_PEOPLE)), draw(st.integers(1, 5)), start, start + draw(st.sampled_from([45, 90])),
            draw(_STATES), week=draw(st.sampled_from([None, 0, 1])), site=draw(st.sampled_from([None, "A", "B"])),
        )  # fmt: skip
        world.busy(entry)
    for _ in range(draw(st.integers(0, 3))):
        day = FIRST + timedelta(days=draw(st.integers(0, 60)))
        absence = Absence(person=draw(st.sampled_from(_PEOPLE)), start_day=day, end_day=day + timedelta(days=5))
        world.add(absences=(absence,))
    kinds = st.sampled_from(["traditional", "short_term", "virtual", "reverse", "situational", "speed"])
    pairs = draw(st.sets(st.sampled_from([(a, b) for a in "MQ" for b in "NOR"]), min_size=1, max_size=4))
    for mentor, mentee in sorted(pairs):
        world.pair(mentor, mentee, draw(kinds))
    if draw(st.booleans()):
        world.group("G", "M", "N", "R")
    return world


def told(world: World, schedule: object) -> list[tuple[str, str]]:
    plan = SimpleNamespace(
        schedule=schedule, roster=world.roster, policy=world.policy, timetables=world.timetables, pairs=world.pairs,
        groups=world.groups, apart=(),
    )  # fmt: skip
    found = [*schedule_violations(cast(Plan, plan)), *stated_otherwise(schedule_checks(cast(Plan, plan)))]
    return [(broken.rule, str(broken.message)) for broken in found]


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_no_plan_breaks_a_rule(world: World) -> None:
    schedule = world.plan(work_limit=20)
    assert told(world, schedule) == []
    for missing in schedule.unplaced:
        assert missing.reasons, missing


@settings(max_examples=25, deadline=None)
@given(worlds(), st.sampled_from(_PEOPLE))
def test_more_free_time_gives_more_options(world: World, person: str) -> None:
    activities = world.activities().values()
    before = [world.times(activity) for activity in activities if activity.purpose == "meeting"]
    world.people = [entry for entry in world.people if entry.subject != person]
    after = [world.times(activity) for activity in activities if activity.purpose == "meeting"]
    for fewer, more in zip(before, after, strict=True):
        in_building = {one for one in fewer if one[3] != "online"}
        # A time that was cut short may last its whole length now.
        assert {(day, start, site) for day, start, _, site in in_building} <= {(d, s, w) for d, s, _, w in more}


@given(st.integers(1, 200), st.integers(1, 40), st.booleans())
def test_windows_share_all_days_fairly(num_days: int, every: int, is_six: bool) -> None:
    weekdays = 6 if is_six else 5
    days = [
        day for at in range(2 * num_days) if (day := date(2025, 9, 1) + timedelta(days=at)).isoweekday() <= weekdays
    ]
    days = days[:num_days]
    plain = replace(pattern(), every_days=every, first_month_every_days=None, gap_days=None)
    windows = windows_of(cadence_of(plain), days, weekdays=weekdays)
    lengths = [sum(window.first_day <= day <= window.last_day for day in days) for window in windows]
    assert sum(lengths) == len(days)
    assert max(lengths) - min(lengths) <= 1
    assert all(earlier.last_day < later.first_day for earlier, later in pairwise(windows))


@given(st.data())
def test_rooms_are_never_shared(data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2), st.integers(0, 8)), max_size=12))
    uses = [Use(activity=a, day=d, start=10 * s, end=10 * s + 20) for a, d, s in rows]
    shape = (len(uses), 3)
    fits = np.array(data.draw(st.lists(st.booleans(), min_size=3 * len(uses), max_size=3 * len(uses)))).reshape(shape)
    rooms = assign_rooms(uses, fits.astype(bool), {})
    for at, use in enumerate(uses):
        assert rooms[at] == -1 or fits[at, rooms[at]]
        assert not any(rooms[at] == rooms[b] != -1 and use.overlaps(uses[b]) for b in range(at))
