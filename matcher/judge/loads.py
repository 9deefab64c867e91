"""Loads in heads and hours, counted person by person (HR-06), and quotas over many pairs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from matcher.judge.choices import Case, choose_form, minutes_of, own_minutes, pattern_minutes
from matcher.judge.facts import Facts, Sides
from matcher.outcome import Violation
from matcher.plan import PlannedGroup
from matcher.policy_parts import Quota
from matcher.roster import LockStatus, Mentee, Mentor, MentoringKind
from matcher.texts import Text, text

MENTEES = text("individual mentees")
GROUPS = text("groups")
MENTORS = text("mentors")
MINUTES = text("minutes in four weeks")


def max_individual(facts: Facts, mentor: Mentor) -> int:
    """Return the most individual mentees of a mentor: his own figure, else the policy's."""
    return facts.policy.load.max_individual_mentees if mentor.max_individual is None else mentor.max_individual


def max_groups(facts: Facts, mentor: Mentor) -> int:
    """Return the most groups of a mentor."""
    return facts.policy.load.max_groups_per_mentor if mentor.max_groups is None else mentor.max_groups


def max_mentors(facts: Facts, mentee: Mentee) -> int:
    """Return the most mentors of a mentee."""
    return facts.policy.load.max_mentors_per_mentee if mentee.max_mentors is None else mentee.max_mentors


def mentor_room(facts: Facts, mentor: Mentor) -> int:
    """Return the minutes a mentor may give in four weeks; whoever he still is on call for takes a part of them."""
    hours = facts.policy.load.mentor_hours_per_week if mentor.hours_per_week is None else mentor.hours_per_week
    on_call = (_on_call_minutes(facts, pair) for pair in facts.locks if pair[0] == mentor.person)
    return max(0, round(hours * 60 * 4) - sum(on_call))


def mentee_room(facts: Facts, mentee: Mentee) -> int:
    """Return the minutes a mentee may give in four weeks; a mentor still on call takes a part of them."""
    hours = facts.policy.load.mentee_hours_per_week if mentee.hours_per_week is None else mentee.hours_per_week
    on_call = (_on_call_minutes(facts, pair) for pair in facts.locks if pair[1] == mentee.person)
    return max(0, round(hours * 60 * 4) - sum(on_call))


def _on_call_minutes(facts: Facts, pair: tuple[str, str]) -> int:
    """Return what aftercare takes of both: a quarter of a pair (DAL 3.3.6, 9.7), 0 where there is none."""
    lock = next((found for found in facts.locks[pair] if found.status is LockStatus.AFTERCARE), None)
    if lock is None or pair[0] not in facts.mentors or pair[1] not in facts.mentees:
        return 0
    sides = Sides.of(facts, *pair)
    kind = lock.kind or facts.policy.kind_prefer[0]
    own, form = own_minutes(lock), lock.form or choose_form(sides)
    minutes = pattern_minutes(sides, kind, form) if own is None else own
    return -(-minutes // 4)


def group_minutes(facts: Facts, group: PlannedGroup, seats: Sequence[Case]) -> int:
    """Return what a group costs its mentor: the pattern once, however many sit in it (9.7).

    A running group costs the longest hours its members have agreed on. ``seats`` are those of the mentor.
    """
    mine = [case for case in seats if case.sides.mentee.person in group.members]
    form = next((case.form for case in mine), None)
    running = [minutes_of(case) for case in mine if case.is_locked]
    return max(running, default=facts.policy.pattern_minutes_per_four_weeks(MentoringKind.GROUP, form))


def mentor_loads(facts: Facts, cases: Sequence[Case], groups: Sequence[PlannedGroup]) -> Iterator[Violation]:
    """HR-06: no mentor has more individual mentees, groups or hours than he or the policy allows."""
    own: dict[str, list[Case]] = defaultdict(list)
    seats: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        (seats if case.is_seat else own)[case.sides.mentor.person].append(case)
    opened: dict[str, list[PlannedGroup]] = defaultdict(list)
    for group in groups:
        opened[group.mentor].append(group)
    for mentor_id, mentor in facts.mentors.items():
        pairs, mine = own[mentor_id], opened[mentor_id]
        minutes = [minutes_of(case) for case in pairs]
        shared = sum(group_minutes(facts, group, seats[mentor_id]) for group in mine)
        if (mentor_id, None) in _lifted_sides(facts):
            continue
        yield from _over(facts, mentor_id, pairs, [1] * len(pairs), max_individual(facts, mentor), MENTEES)
        yield from _over(facts, mentor_id, pairs, minutes, mentor_room(facts, mentor) - shared, MINUTES)
        if len(mine) > max_groups(facts, mentor):
            yield _too_much(mentor_id, len(mine), max_groups(facts, mentor), GROUPS)


def mentee_loads(facts: Facts, cases: Sequence[Case]) -> Iterator[Violation]:
    """HR-06: no mentee has more mentors or hours than he or the policy allows."""
    own: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        own[case.sides.mentee.person].append(case)
    for mentee_id, pairs in own.items():
        if (None, mentee_id) in _lifted_sides(facts):
            continue
        mentee = facts.mentees[mentee_id]
        minutes = [minutes_of(case) for case in pairs]
        yield from _over(facts, mentee_id, pairs, [1] * len(pairs), max_mentors(facts, mentee), MENTORS)
        yield from _over(facts, mentee_id, pairs, minutes, mentee_room(facts, mentee), MINUTES)


def _lifted_sides(facts: Facts) -> set[tuple[str | None, str | None]]:
    return {(mentor, mentee) for rule, mentor, mentee in facts.overrides if rule == "HR-06"}


def _over(
    facts: Facts, person: str, cases: Sequence[Case], amounts: Sequence[int], most: int, what: Text
) -> Iterator[Violation]:
    """Yield a breach where the amounts exceed ``most``.

    Locks may exceed it where the curator has lifted the rule for enough of them and nothing new is added (HR-22).
    """
    total = sum(amounts)
    if total <= most or not facts.policy.rule("HR-06").on:
        return
    excused = sum(
        amount
        for case, amount in zip(cases, amounts, strict=True)
        if case.is_locked and facts.is_lifted("HR-06", *case.sides.ids)
    )
    if total - excused > most or not all(case.is_locked for case in cases):
        yield _too_much(person, total, most, what)


def _too_much(person: str, total: int, most: int, what: Text) -> Violation:
    return Violation("HR-06", (person,), text("{what}: {total}, allowed are {most}", what=what, total=total, most=most))


def quotas(facts: Facts, cases: Sequence[Case]) -> Iterator[Violation]:
    """Quotas over organisations and municipalities of the mentees and over forms: no more pairs than allowed."""
    count = count_by_quota(cases)
    for key, quota in quotas_of(facts):
        if quota.max is not None and count[key] > quota.max:
            message = text("{count} pairs, the quota allows {most}", count=count[key], most=quota.max)
            yield Violation("quota", (quota.id,), message)


def quotas_of(facts: Facts) -> list[tuple[tuple[str, str], Quota]]:
    """Return the quotas of the policy by (what they bound, whom)."""
    scopes = ("organisation", "municipality", "form")
    return [((scope, str(quota.id)), quota) for scope in scopes for quota in getattr(facts.policy.quotas, scope)]


def count_by_quota(cases: Sequence[Case]) -> Counter[tuple[str, str]]:
    """Return how many pairs and seats count in each quota; an organisation is that of the mentee."""
    count: Counter[tuple[str, str]] = Counter()
    for case in cases:
        home = case.sides.mentee_organisation
        count.update({("organisation", home.id), ("municipality", home.municipality), ("form", str(case.form))})
    return count
