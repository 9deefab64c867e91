"""The first plan: published sessions kept, then one activity after another, those with the fewest times first."""

from __future__ import annotations

from matcher.sessions.count import walk
from matcher.sessions.result import Sessions
from matcher.sessions.search import Search


def first_plan(search: Search, hint: Sessions | None = None) -> None:
    """Place every activity once.

    Sessions published before (or those of ``hint``, which cost nothing to move) are placed first as far as they can
    be; an activity that falls short is then planned anew and keeps the better of the two.
    """
    place_known(search, hint)
    order = sorted(range(len(search.scores)), key=lambda a: (len(search.layout.activities[a].keys), a))
    for a in order:
        if search.effort.is_over():
            return
        if search.is_short(a):
            before = search.scores[a]
            had = search.take([a])
            if search.plan(a) > before:
                search.restore(had)


def place_known(search: Search, hint: Sessions | None) -> None:
    """Place the sessions known from before, as many as fit."""
    known: dict[int, dict[int, int]] = {}
    for a, activity in enumerate(search.layout.activities):
        if activity.hints:
            known[a] = {day: i for day, (i, _) in activity.hints.items()}
    if hint is not None:
        activity_of = search.layout.problem.choice_activity
        for choice, day in zip(hint.choice.tolist(), hint.day.tolist(), strict=True):
            a = int(activity_of[choice])
            known.setdefault(a, {}).setdefault(day, search.layout.activities[a].choices.index(choice))
    for a, days in known.items():
        activity = search.layout.activities[a]
        usable = search.state.usable(a)
        mask = sum(1 << day for day, i in days.items() if usable[i] >> day & 1)
        placing: dict[int, int] = {}
        for day in walk(mask, activity, search.state.weeks(a) if activity.is_weekly else None):
            placing[days[day]] = placing.get(days[day], 0) | 1 << day
        search.put(a, placing)
