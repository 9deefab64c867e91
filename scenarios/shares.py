"""Figures by part, for plots: load of mentors before and after, coverage by school and subject, contours by place.

Their names are "MEASURE/PART"; the parts are ids, words of the glossary or names of places, never of people.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from matcher.judge.facts import FIXED
from matcher.plan import Plan
from matcher.roster import Roster

MARK = "/"


def share_figures(plan: Plan) -> dict[str, float]:
    """Return the figures of a plan by part."""
    roster = plan.roster
    school_of = names_of(roster)
    municipality = {one.id: one.municipality for one in roster.organisations}
    home = {one.id: one.organisation for one in roster.people} | {one.id: one.organisation for one in roster.classes}
    served = {pair.mentee for pair in plan.pairs}
    subjects = _subjects(plan)
    schools = {one.person: [school_of.get(home.get(one.person, ""), "")] for one in roster.mentees}
    found: dict[str, float] = {}
    for name, parts in (("school", schools), ("subject", subjects)):
        found |= counted(f"{name}.mentees", (part for one in parts.values() for part in one))
        found |= counted(f"{name}.served", (part for id_, one in parts.items() if id_ in served for part in one))
    for pair in plan.pairs:
        place = home.get(pair.mentee, "")
        for part in (
            f"municipality.{pair.contour}/{municipality.get(place, '')}",
            f"at.{pair.contour}/{school_of.get(place, '')}",
        ):
            found[f"contour.{part}"] = found.get(f"contour.{part}", 0.0) + 1
    return found | _loads(plan)


def parts_of(figures: Mapping[str, float], measure: str) -> dict[str, float]:
    """Return a measure by part.

    >>> parts_of({"school.served/№ 1": 3.0, "served": 3.0}, "school.served")
    {'№ 1': 3.0}
    """
    prefix = f"{measure}{MARK}"
    return {name.removeprefix(prefix): value for name, value in figures.items() if name.startswith(prefix)}


def _loads(plan: Plan) -> dict[str, float]:
    """Return how many mentors have how many mentees: by pairs fixed before the round, and after it."""
    before: dict[str, set[str]] = defaultdict(set)
    after: dict[str, set[str]] = defaultdict(set)
    for lock in plan.roster.locks:
        if lock.status in FIXED:
            before[lock.mentor].add(lock.mentee)
    for pair in plan.pairs:
        after[pair.mentor].add(pair.mentee)
    mentors = [one.person for one in plan.roster.mentors]
    return {
        **counted("load.before", (str(len(before.get(one, ()))) for one in mentors)),
        **counted("load.after", (str(len(after.get(one, ()))) for one in mentors)),
    }


def _subjects(plan: Plan) -> dict[str, list[str]]:
    """Return the subjects of each mentee, those taught and those asked for; an empty word where there is none."""
    taught = {one.id: one.subjects for one in plan.roster.people}
    return {
        one.person: sorted(
            {*taught.get(one.person, ()), *(asked.subject for asked in one.requests if asked.subject is not None)}
        )
        or [""]
        for one in plan.roster.mentees
    }


def names_of(roster: Roster) -> dict[str, str]:
    """Return what each organisation is called: its name, with its id where another has the same."""
    listed = roster.organisations
    count = Counter(one.name for one in listed)
    return {
        one.id: one.id if not one.name else one.name if count[one.name] == 1 else f"{one.name} ({one.id})"
        for one in listed
    }


def counted(name: str, parts: Iterable[str]) -> dict[str, float]:
    """Return how often each part is there, as figures.

    >>> counted("school.mentees", ["№ 1", "№ 2", "№ 1"])
    {'school.mentees/№ 1': 2.0, 'school.mentees/№ 2': 1.0}
    """
    return {f"{name}{MARK}{part}": float(count) for part, count in sorted(Counter(parts).items())}
