"""The part of a plan's inputs that a few activities depend on, and what becomes of it when a fact is thought away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from matcher.plan import Plan
from matcher.policy import Policy
from matcher.roster import Roster
from matcher.sessions.schedule import Activity, ActivityPurpose, PlannedSession, Schedule, SessionState, Window
from matcher.timetables import TakenTime, Timetables


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Inputs of session planning. Sessions of the activities in ``loose`` need not lie each in its own window."""

    roster: Roster
    policy: Policy
    timetables: Timetables
    activities: Mapping[str, Activity]
    loose: frozenset[str] = frozenset()

    def change(self, id_: str, activity: Activity) -> World:
        """Return the world with another activity in place of one."""
        return replace(self, activities={**self.activities, id_: activity})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A plan as far as its sessions go: inputs, activities with sessions, and the sessions that take place.

    ``by_person`` are the activities of everybody, those of a pupil's class among them; ``taken`` the times of every
    person, class and room.
    """

    world: World
    first_day: date
    last_day: date
    sessions: Mapping[str, tuple[PlannedSession, ...]]
    by_person: Mapping[str, tuple[str, ...]]
    taken: Mapping[str, tuple[TakenTime, ...]]

    @classmethod
    def of(cls, plan: Plan) -> Scene:
        """Return the scene of a plan.

        Raises
        ------
        ValueError
            When the plan has no schedule.
        """
        if plan.schedule is None or plan.timetables is None:
            raise ValueError("the plan has no schedule")
        return cls.from_schedule(plan.schedule, plan.roster, plan.policy, plan.timetables)

    @classmethod
    def from_schedule(cls, schedule: Schedule, roster: Roster, policy: Policy, timetables: Timetables) -> Scene:
        """Return the scene of a schedule and the inputs it was made from."""
        activities = {a.id: a for a in schedule.activities if a.purpose is not ActivityPurpose.RESERVE}
        sessions: dict[str, list[PlannedSession]] = {id_: [] for id_ in activities}
        for session in schedule.sessions:
            if session.activity in sessions and session.state is not SessionState.CANCELLED:
                sessions[session.activity].append(session)
        return cls(
            world=World(roster=roster, policy=policy, timetables=timetables, activities=activities),
            first_day=schedule.first_day,
            last_day=schedule.last_day,
            sessions={id_: tuple(mine) for id_, mine in sessions.items()},
            by_person=_by_person(activities, roster),
            taken=_by_subject(timetables),
        )

    def missing(self, id_: str) -> tuple[int, ...]:
        """Return the numbers of an activity's sessions without a place."""
        there = {session.number for session in self.sessions[id_]}
        return tuple(n for n in range(1, self.world.activities[id_].wanted + 1) if n not in there)

    def companions(self, id_: str) -> list[str]:
        """Return the other activities that share a person with one."""
        found = {other for person in people_of(self.world.activities[id_]) for other in self.by_person[person]}
        return sorted(found - {id_})

    def loose_window(self, id_: str, number: int) -> Window:
        """Return the days of a session together with those of the session before and of the one after."""
        windows = self.world.activities[id_].windows
        first, last = windows[max(0, number - 2)].first_day, windows[min(len(windows), number + 1) - 1].last_day
        return Window(first_day=first, last_day=last)


def _by_person(activities: Mapping[str, Activity], roster: Roster) -> dict[str, tuple[str, ...]]:
    """Return the activities of everybody; pupils are at those of their class, and a class cannot do without them."""
    found: dict[str, list[str]] = {}
    for activity in activities.values():
        for id_ in people_of(activity):
            found.setdefault(id_, []).append(activity.id)
    for person in roster.people:
        if person.id in found and person.school_class in found:
            joint = dict.fromkeys([*found[person.id], *found[person.school_class]])
            found[person.id], found[person.school_class] = list(joint), list(joint)
    return {id_: tuple(mine) for id_, mine in found.items()}


def _by_subject(timetables: Timetables) -> dict[str, tuple[TakenTime, ...]]:
    found: dict[str, list[TakenTime]] = {}
    for entry in (*timetables.people, *timetables.rooms):
        found.setdefault(entry.subject, []).append(entry)
    return {subject: tuple(mine) for subject, mine in found.items()}


def people_of(activity: Activity) -> tuple[str, ...]:
    """Return everybody whose time an activity takes, a class as one."""
    return activity.people if activity.school_class is None else (*activity.people, activity.school_class)


def narrowed(scene: Scene, ids: Iterable[str], moving: Sequence[str]) -> World:
    """Return the world of some activities: their people, buildings and rooms; timetables only of those that move."""
    world = scene.world
    activities = {id_: world.activities[id_] for id_ in ids}
    people = {id_ for activity in activities.values() for id_ in people_of(activity)}
    busy = {id_ for one in moving for id_ in people_of(activities[one])}
    roster = world.roster
    own = tuple(person for person in roster.people if person.id in people)
    classes = people | {person.school_class or "" for person in own}
    organisations = {person.organisation for person in own}
    organisations |= {found.organisation for found in roster.classes if found.id in classes}
    sites = tuple(site for site in roster.sites if site.organisation in organisations)
    site_ids = {site.id for site in sites}
    rooms = tuple(room for room in roster.rooms if room.site in site_ids)
    busy |= {person.school_class or "" for person in own if person.id in busy}
    taken = [entry for id_ in sorted(busy) for entry in scene.taken.get(id_, ())]
    in_rooms = [entry for room in rooms for entry in scene.taken.get(room.id, ())]
    return replace(
        world,
        activities=activities,
        roster=replace(
            roster,
            people=own,
            classes=tuple(found for found in roster.classes if found.id in classes),
            mentors=tuple(row for row in roster.mentors if row.person in people),
            mentees=tuple(row for row in roster.mentees if row.person in people),
            sites=sites,
            rooms=rooms,
            absences=tuple(row for row in roster.absences if row.person in busy),
            availability=tuple(row for row in roster.availability if row.person in busy),
        ),
        timetables=replace(
            world.timetables,
            people=tuple(taken),
            rooms=tuple(in_rooms),
            known=tuple(sorted(busy.intersection(world.timetables.known) | {entry.subject for entry in taken})),
        ),
    )
