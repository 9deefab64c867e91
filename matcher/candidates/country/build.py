"""From a roster and a policy to the round of a country."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from matcher.candidates.codes import FORMS, KINDS, IntArray
from matcher.candidates.columns import Columns, build_columns
from matcher.candidates.country.prices import most_of_pair
from matcher.candidates.country.profiles import UNUSUAL_KINDS, minutes_of_pair
from matcher.candidates.country.source import CountrySource, build_source
from matcher.candidates.country.special import has_double_roles
from matcher.candidates.edges import SideForms
from matcher.candidates.levels import Level, build_levels, load_costs, served_points, weight_in
from matcher.candidates.locks import KeptLock, LockConflict, Locks, build_locks
from matcher.candidates.tables import KindTables
from matcher.errors import Fault, InputError
from matcher.pairing.country.problem import CountryProblem, weigh_levels
from matcher.policy import PUPIL_FORMS, Policy
from matcher.policy_words import ContourMode, KindStanding
from matcher.roster import LockStatus, Roster
from matcher.texts import Text, text

_NEEDED = ("HR-01", "HR-02", "HR-03", "HR-04", "HR-06", "HR-15", "HR-22")
_MOST_NEEDS = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Country:
    """A round of a country, ready to be solved: ``problem`` and ``source`` go to :func:`solve_country`."""

    columns: Columns
    levels: tuple[Level, ...]
    problem: CountryProblem
    source: CountrySource
    locks: tuple[KeptLock, ...]
    conflicts: tuple[LockConflict, ...]


def build_country(roster: Roster, policy: Policy, reference_day: date) -> Country:
    """Return the round of a country.

    The same rules and points as :func:`matcher.candidates.build.build_candidates`, for rounds in which everybody has
    one mentor and pairs bind each other in nothing but places: they are never listed.

    Raises
    ------
    InputError
        When the policy or the roster asks for more: groups, several mentors, quotas, fair shares between schools.
    """
    _refuse(_policy_faults(policy))
    columns = build_columns(roster, policy, reference_day)
    sides, tables = SideForms.of(columns), KindTables.of(policy)
    locks = build_locks(roster, columns, sides, tables)
    minutes = minutes_of_pair(columns, tables)
    _refuse(_roster_faults(roster, columns, locks, minutes))
    fixed = np.sort(np.array([lock.mentor * columns.num_mentees + lock.mentee for lock in locks.kept], dtype=np.int64))
    has_least = bool(columns.mentors.min_individual.any())
    levels = build_levels(columns, has_locks=bool(len(fixed)), has_least=has_least, has_times=False)
    problem = _problem(columns, levels, tables, locks, minutes)
    weights = weigh_levels(problem)
    return Country(
        columns=columns,
        levels=levels,
        problem=problem,
        source=build_source(columns, sides, tables, levels, fixed, weights.level),
        locks=locks.kept,
        conflicts=locks.conflicts,
    )


def _problem(
    columns: Columns, levels: tuple[Level, ...], tables: KindTables, locks: Locks, minutes: int
) -> CountryProblem:
    loads, needs = locks.loads, columns.needs
    heads = np.minimum(loads.max_individual, loads.max_minutes // max(1, minutes))
    owner = np.repeat(np.arange(columns.num_mentors), heads)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(heads) - heads, heads)
    cost = load_costs(columns, owner, place)
    points = np.zeros((len(levels), len(owner)), dtype=np.int64)
    for at, level in enumerate(levels):
        if level.name == "least":
            points[at] = place < columns.mentors.min_individual[owner]
        points[at] -= weight_in(columns.policy, level, "SO-07") * cost
    people = [level.name in ("locks", "least") or level.tier is not None for level in levels]
    return CountryProblem(
        num_mentors=columns.num_mentors,
        num_mentees=columns.num_mentees,
        level_names=tuple(level.name for level in levels),
        num_people_levels=people.index(False) if False in people else len(levels),
        mentee_points=served_points(columns, levels),
        can_be_served=(loads.max_mentors > 0) & (loads.max_mentee_minutes >= minutes),
        place_owner=owner,
        place_points=points,
        pair_most=most_of_pair(
            columns.policy, levels, int(needs.weight.sum(axis=1).max(initial=0)), 1 + int(tables.preference.max())
        ),
    )


def _refuse(faults: Iterator[tuple[str, Text]]) -> None:
    cure = text("plan municipality by municipality, or change this for the round of the country")
    found = [Fault(place, message, cure) for place, message in faults]
    if found:
        raise InputError(found)


def _policy_faults(policy: Policy) -> Iterator[tuple[str, Text]]:
    """Yield what the policy asks for that binds several pairs together."""
    kinds = [
        kind for kind in KINDS if policy.kind_standing(kind) is not KindStanding.REFUSED and kind in policy.patterns
    ]
    if bound := [kind.value for kind in kinds if kind in UNUSUAL_KINDS]:
        yield "kinds", text("in a round of a country there is no {kinds}", kinds=", ".join(bound))
    forms = [form for form in FORMS if form in policy.forms]
    if pupil := [form.value for form in forms if form in PUPIL_FORMS]:
        yield "forms", text("in a round of a country there is no {kinds}", kinds=", ".join(pupil))
    minutes = {policy.pattern_minutes_per_four_weeks(kind, form) for kind in kinds for form in forms}
    if len(minutes) > 1:
        yield "patterns", text("in a round of a country all kinds take the same time")
    if policy.worst_off or policy.contours.mode is not ContourMode.WEIGHTED:
        yield "levels", text("in a round of a country distance is weighed and the worst-off are no level")
    if policy.quotas.organisation or policy.quotas.municipality or policy.quotas.form:
        yield "quotas", text("in a round of a country there are no quotas")
    if any("SO-12" in level for level in policy.levels) and policy.weights["SO-12"]:
        yield "levels", text("fair shares between schools are planned in the municipality, not in the country")
    if any("SO-01" in level and len(level) > 1 for level in policy.levels):
        yield "levels", text("in a round of a country mentees served are a level of their own")
    for rule in _NEEDED:
        if not policy.rule(rule).on:
            yield f"rules.{rule}", text("this rule cannot be off in a round of a country")
    if policy.rule("HR-05").on or policy.approvals.mentor_forms or policy.rule("HR-15").word("contract") == "hard":
        yield "rules", text("in a round of a country no rule may depend on the form or the contract of a pair")


def _roster_faults(roster: Roster, columns: Columns, locks: Locks, minutes: int) -> Iterator[tuple[str, Text]]:
    """Yield what people ask for that binds several pairs together."""
    if (several := int((columns.mentees.max_mentors > 1).sum())) > 0:
        yield "mentees", text("mentees who want several mentors: {count}", count=several)
    if columns.needs.width > _MOST_NEEDS:
        yield "mentees", text("a mentee has more than {most} requests and deficits", most=_MOST_NEEDS)
    if columns.mentees.is_pupil.any() or columns.mentees.is_class.any():
        yield "mentees", text("pupils have their mentors in their own school")
    if has_double_roles(columns):
        yield "mentors", text("somebody is a mentor and a mentee")
    if any(rule != "HR-24" or len(found.mentors) or len(found.mentees) for rule, found in columns.marks.lifted.items()):
        yield "overrides", text("rules are lifted in the municipality, not in the country")
    if any(lock.status in (LockStatus.PROPOSED, LockStatus.AFTERCARE) for lock in roster.locks):
        yield "locks", text("proposals and pairs in aftercare belong to the round of a municipality")
    if any(lock.minutes not in (None, minutes) for lock in locks.kept):
        yield "locks", text("a running pair has hours of its own")
    if _is_widened(columns.mentors.contours):
        yield "mentors", text("a mentor accepts people from afar but not from nearer")


def _is_widened(contours: IntArray) -> bool:
    """Return whether somebody accepts a distance class without all nearer ones (the classes are in that order)."""
    places = contours & 0b11111
    return bool((places & (places + 1)).any())
