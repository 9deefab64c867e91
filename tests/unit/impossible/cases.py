"""Small towns in which a session is impossible for one reason, and the tools to look at what is found."""

from __future__ import annotations

from dataclasses import replace

from matcher.impossible.finding import Finding
from matcher.impossible.question import Deadline, Question
from matcher.impossible.why import find_reasons, question_of
from matcher.impossible.world import Scene
from matcher.outcome import SolveStatus
from matcher.sessions.schedule import Activity, PlannedSession, Schedule
from tests.unit.scheduling.world import EVERY_DAY, World, taken

DAY = (480, 1140)
SECONDS = 60.0


def scene_of(world: World, *activities: Activity, sessions: tuple[PlannedSession, ...] = ()) -> Scene:
    """Return the scene of a few activities made by hand."""
    schedule = Schedule(
        time_zone="Europe/Moscow",
        first_day=world.first_day,
        last_day=world.last_day,
        status=SolveStatus.FEASIBLE,
        activities=activities,
        sessions=sessions,
    )
    return Scene.from_schedule(schedule, world.roster, world.policy, world.timetables)


def planned_scene(world: World) -> Scene:
    """Return the scene of everything a world plans."""
    return Scene.from_schedule(world.plan(), world.roster, world.policy, world.timetables)


def reasons(scene: Scene, id_: str) -> tuple[Finding, ...]:
    """Return the findings of an activity, time not counting."""
    found, untold = find_reasons(scene, id_, Deadline.after(SECONDS))
    assert not untold
    return found


def kinds(finding: Finding) -> set[str]:
    """Return the kinds of a finding's elements."""
    return {str(element.kind) for element in finding.elements}


def questions(scene: Scene, finding: Finding) -> list[Question]:
    """Return the questions that a finding answers, one for each session."""
    made = [question_of(scene, finding, number, Deadline.after(SECONDS)) for number in finding.numbers]
    return [replace(one, elements=tuple({*one.elements, *finding.elements}), known={}) for one in made]


def busy_but(world: World, person: str, *free: tuple[int, int, int]) -> World:
    """Fill the days of a person with lessons but for some times (weekday, start, end)."""
    for day in EVERY_DAY:
        at = DAY[0]
        for _, start, end in sorted(one for one in free if one[0] == day):
            if at < start:
                world.busy(taken(person, day, at, start))
            at = end
        if at < DAY[1]:
            world.busy(taken(person, day, at, DAY[1]))
    return world
