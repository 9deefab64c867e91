"""Laws of impossible sessions: counts are exact, reasons irreducible, concessions place what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.impossible.concessions import find_concessions
from matcher.impossible.exact import can_place_all, place_most
from matcher.impossible.finding import Grounds
from matcher.impossible.offers import offers_for
from matcher.impossible.question import Deadline
from matcher.impossible.shrink import is_irreducible
from matcher.impossible.world import Scene
from matcher.roster import Absence, Licence, Mentor, Room, SessionMode
from matcher.scheduling.build import build_sessions
from matcher.sessions.problem import SessionProblem
from matcher.sessions.result import Sessions
from matcher.sessions.verify import violations
from tests.session_problems import best_levels, session_problems
from tests.unit.impossible.cases import SECONDS, planned_scene, questions, reasons
from tests.unit.scheduling.world import EVERY_DAY, World, taken


@given(session_problems())
@settings(max_examples=80, deadline=None)
def test_the_most_sessions_are_those_of_trying_every_plan(problem: SessionProblem) -> None:
    problem = replace(problem, weight=np.ones_like(problem.weight), wanted=problem.wanted + 1)
    found = place_most(problem, seconds=SECONDS)
    missing, _, _ = best_levels(problem)
    had = np.bincount(problem.choice_activity[problem.fixed_choice], minlength=problem.num_activities)
    assert found.is_proved
    assert int(np.maximum(problem.wanted - had, 0).sum()) - len(found.sessions) == missing
    assert can_place_all(problem, seconds=SECONDS) is (missing == 0)
    choice = [*problem.fixed_choice.tolist(), *(c for c, _ in found.sessions)]
    day = [*problem.fixed_day.tolist(), *(d for _, d in found.sessions)]
    sessions = Sessions(choice=np.array(choice, dtype=np.int64), day=np.array(day, dtype=np.int64))
    if not len(problem.fixed_choice):
        assert violations(problem, sessions) == ()


@st.composite
def towns(draw: st.DrawFn) -> World:
    """Return two months of three pairs whose people have few free hours, with rooms, licences, absences and limits."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    world = World().pair("M", "N").pair("M", "Q", "virtual").pair("Q", "N", "short_term")
    world.last_day = date(2025, 10, 31)
    hours = [None, 0.75, 1.0][int(rng.integers(3))]
    world.change(mentors=(Mentor(person="M", hours_per_week=hours), Mentor(person="Q")))
    world.in_year(day_end_minute=int(rng.choice([840, 960])))
    for person in ("M", "N", "Q"):
        for day in EVERY_DAY:
            begin = int(rng.integers(0, 8)) * 55 + 480
            length = int(rng.choice([65, 65, 120, 0]))
            world.busy(taken(person, day, 480, begin), taken(person, day, begin + length, 960))
    if rng.random() < 0.5:
        world.add(rooms=(Room(id="R", site="A", capacity=2),))
        for day in EVERY_DAY:
            world.room_busy(taken("R", day, 480, int(rng.choice([600, 780]))))
    if rng.random() < 0.5:
        world.add(licences=(Licence(id="L", count=int(rng.integers(0, 2))),))
    if rng.random() < 0.5:
        first = 1 + int(rng.integers(20))
        away = Absence(person="N", start_day=date(2025, 10, first), end_day=date(2025, 10, first + 10))
        world.add(absences=(away,))
    if rng.random() < 0.3:
        rows = tuple(replace(row, modes=(SessionMode.IN_PERSON,)) for row in world.roster.mentees)
        world.change(mentees=rows)
    world.people = [entry for entry in world.people if entry.start_minute < entry.end_minute]
    return world


@given(towns())
@settings(max_examples=8, deadline=None)
def test_reasons_are_irreducible_and_leave_no_session_out(world: World) -> None:
    scene = planned_scene(world)
    for id_ in scene.sessions:
        found = reasons(scene, id_)
        assert sorted(n for finding in found for n in finding.numbers) == list(scene.missing(id_))
        for finding in found:
            for question in questions(scene, finding) if finding.grounds is not Grounds.OPEN else ():
                assert is_irreducible(finding.elements, question.is_possible)


@given(towns())
@settings(max_examples=8, deadline=None)
def test_concessions_place_what_they_say(world: World) -> None:
    scene = planned_scene(world)
    for id_ in scene.sessions:
        found = reasons(scene, id_)
        given_way = find_concessions(scene, id_, found, Deadline.after(SECONDS)) if found else ()
        elements = [element for finding in found for element in finding.elements]
        offers = {offer.key: offer for offer in offers_for(scene, id_, elements, scene.missing(id_))}
        assert list(given_way) == sorted(given_way, key=lambda one: one.weight)
        for concession in given_way:
            assert concession.gain > 0
            offer = offers.get(concession.element)
            if offer is None or offer.leave_out or "window" in offer.key:
                continue
            changed = replace(scene, world=offer.change(scene.world))
            assert most_of(changed) >= sum(len(mine) for mine in scene.sessions.values()) + concession.gain


def most_of(scene: Scene) -> int:
    """Return the most sessions of a scene when everything is planned anew from its inputs."""
    world = scene.world
    case = build_sessions(
        list(world.activities.values()), world.roster, world.policy, world.timetables, first_day=scene.first_day,
        last_day=scene.last_day,
    )  # fmt: skip
    found = place_most(case.problem, seconds=SECONDS)
    assert found.is_proved
    return len(found.sessions)
