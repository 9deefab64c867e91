"""Programmes: every pair and group of the plan has its activity, with the right people in it (HR-20)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matcher.outcome import Violation
from matcher.plan import PlannedGroup, PlannedPair
from matcher.sessions.schedule import ActivityPurpose, Schedule
from matcher.texts import text


def everybody_is_planned(
    schedule: Schedule, pairs: Sequence[PlannedPair], groups: Sequence[PlannedGroup]
) -> Iterator[Violation]:
    """HR-20: each pair and each group has an activity; a group's holds all its members, a counter pair's both ways."""
    own = {
        (activity.mentor, activity.mentees): activity for activity in schedule.activities if _is_main(activity.purpose)
    }
    classes = {(a.mentor, a.school_class) for a in schedule.activities if a.school_class is not None}
    for pair in pairs:
        if pair.group is not None or (pair.mentor, pair.mentee) in classes:
            continue
        found = own.get((pair.mentor, (pair.mentee,)))
        if found is None and pair.counter:
            found = own.get((pair.mentee, (pair.mentor,)))
        if found is None:
            yield Violation("plan", (pair.mentor, pair.mentee), text("the pair has no sessions and no reserve"))
        elif found.kind is not pair.kind:
            yield Violation("plan", (pair.mentor, pair.mentee), text("the sessions are of another kind than the pair"))
    by_group = {activity.group: activity for activity in schedule.activities if activity.group is not None}
    for group in groups:
        activity = by_group.get(group.id)
        if activity is None:
            yield Violation("plan", (group.id,), text("the group has no sessions"))
        elif activity.school_class is None and (activity.mentor, set(activity.mentees)) != (
            group.mentor,
            set(group.members),
        ):
            yield Violation("HR-20", (group.id,), text("not everybody of the group is asked to its sessions"))


def _is_main(purpose: ActivityPurpose) -> bool:
    return purpose is not ActivityPurpose.LESSON_VISIT
