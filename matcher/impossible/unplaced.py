"""The reasons and concessions of a plan's missing sessions, as the plan keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from matcher.impossible.concessions import find_concessions
from matcher.impossible.finding import Finding, Impossible
from matcher.impossible.question import Deadline
from matcher.impossible.why import find_reasons
from matcher.impossible.words import Words, finding_words
from matcher.impossible.world import Scene
from matcher.plan import Plan
from matcher.scheduling.numbers import which_sessions
from matcher.sessions.schedule import Unplaced
from matcher.texts import text

MOST_SECONDS = 3.0
"""The most time for one activity."""
_SHARE_FOR_REASONS = 0.5


def explain_unplaced(
    plan: Plan, activity_ids: Sequence[str], *, time_limit: float = MOST_SECONDS
) -> tuple[Unplaced, ...]:
    """Return why sessions of these activities have no place, and the smallest concessions that would place them.

    Parameters
    ----------
    time_limit
        Seconds for each activity. What it did not suffice for is told so in the reasons.

    Raises
    ------
    KeyError
        When an activity is none of the plan's.
    ValueError
        When the plan has no schedule.
    """
    scene = Scene.of(plan)
    return tuple(as_unplaced(scene, find_impossible(scene, id_, time_limit=time_limit)) for id_ in activity_ids)


def find_impossible(scene: Scene, id_: str, *, time_limit: float = MOST_SECONDS) -> Impossible:
    """Return the findings and concessions of an activity's missing sessions."""
    whole = Deadline.after(time_limit)
    findings, untold = find_reasons(scene, id_, Deadline.after(time_limit * _SHARE_FOR_REASONS))
    concessions = find_concessions(scene, id_, findings, whole) if findings else ()
    return Impossible(activity=id_, findings=findings, concessions=concessions, untold=untold)


def as_unplaced(scene: Scene, found: Impossible) -> Unplaced:
    """Return findings as the plan keeps them."""
    words = Words(scene.world)
    reasons = [finding_words(finding, words) for finding in found.findings]
    if found.untold:
        told = which_sessions(found.untold)
        reasons.append(text("{sessions}: the time did not suffice to say why", sessions=told))
    numbers = scene.missing(found.activity)
    return Unplaced(
        activity=found.activity,
        numbers=numbers,
        reasons=tuple(reasons),
        concessions=found.concessions,
        is_proved=_is_proved(found.findings, numbers),
    )


def _is_proved(findings: Sequence[Finding], numbers: Sequence[int]) -> bool:
    """Return whether every missing session is impossible by facts alone, whatever else its people meet for."""
    own = {number for finding in findings if finding.is_absolute for number in finding.numbers}
    return own.issuperset(numbers)


def with_reasons(plan: Plan, *, time_limit: float = 20.0) -> Plan:
    """Return a plan whose missing sessions have their reasons and concessions, those of most sessions first.

    Activities beyond the time keep the reasons they had, and say how to ask for more.
    """
    schedule = plan.schedule
    if schedule is None or plan.timetables is None or not schedule.unplaced:
        return plan
    scene, deadline = Scene.of(plan), Deadline.after(time_limit)
    told: dict[str, Unplaced] = {}
    for unplaced in sorted(schedule.unplaced, key=lambda one: (-len(one.numbers), one.activity)):
        if deadline.is_over:
            told[unplaced.activity] = _not_tried(unplaced)
            continue
        found = find_impossible(scene, unplaced.activity, time_limit=min(MOST_SECONDS, deadline.left))
        made = as_unplaced(scene, found)
        reasons = made.reasons if found.findings else (*unplaced.reasons, *made.reasons)
        told[unplaced.activity] = replace(made, reasons=reasons, is_proved=made.is_proved or unplaced.is_proved)
    listed = tuple(told[unplaced.activity] for unplaced in schedule.unplaced)
    return replace(plan, schedule=replace(schedule, unplaced=listed))


def _not_tried(unplaced: Unplaced) -> Unplaced:
    session = f"{unplaced.activity}/{unplaced.numbers[0]}"
    hint = text("what would help was not tried yet: ask with matcher explain --session {session}", session=session)
    return replace(unplaced, reasons=(*unplaced.reasons, hint))
