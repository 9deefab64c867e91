"""What is fixed stays, or the council is told why it cannot (HR-22)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from matcher.judge.cases import propose
from matcher.judge.choices import Case, minutes_of
from matcher.judge.facts import FIXED, Facts
from matcher.judge.loads import max_groups, max_individual, max_mentors, mentee_room, mentor_room
from matcher.judge.pair_rules import broken_rules
from matcher.outcome import Violation
from matcher.plan import Plan
from matcher.roster import Lock, MentoringKind
from matcher.texts import text


def locks_stay(facts: Facts, plan: Plan, cases: Sequence[Case]) -> Iterator[Violation]:
    """HR-22: every lock is in the plan, or among the conflicts with a reason; nothing is called locked that is not."""
    if not facts.policy.rule("HR-22").on:
        return
    told = {(conflict.mentor, conflict.mentee) for conflict in plan.conflicts}
    planned = {case.sides.ids: pair.locked for case, pair in zip(cases, plan.pairs, strict=True)}
    for pair, locks in facts.locks.items():
        lock = next((found for found in locks if found.status in FIXED), None)
        if lock is None or pair[0] not in facts.mentors or pair[1] not in facts.mentees:
            continue
        if facts.has_left(*pair):
            if pair in planned:
                yield Violation("HR-22", pair, text("a locked pair stays although one side has left"))
        elif planned.get(pair, False):
            continue
        elif pair not in told:
            yield Violation("HR-22", pair, text("a locked pair is missing and the council is not told"))
        elif not can_conflict(facts, lock):
            yield Violation("HR-22", pair, text("a locked pair is missing without a reason"))
    for pair, is_locked in planned.items():
        if is_locked and facts.lock_of(*pair) is None:
            yield Violation("HR-22", pair, text("a pair is called locked that is not"))


def can_conflict(facts: Facts, lock: Lock) -> bool:
    """Return whether a lock may have to go to the council: it breaks a rule, or the locks of one side exceed a cap."""
    case = propose(facts, lock.mentor, lock.mentee, seat=lock.kind is MentoringKind.GROUP)
    if isinstance(case, Violation):
        return True
    if lock.kind is MentoringKind.REVERSE:
        case = replace(case, kind=lock.kind)
    if broken_rules(replace(case, is_locked=True)):
        return True
    if lock.form not in (None, case.form) or lock.kind not in (None, case.kind):
        return True
    return _crowded(facts, lock)


def _crowded(facts: Facts, lock: Lock) -> bool:
    """Return whether the locks of the mentor or of the mentee do not fit into his places and hours all together."""
    policy = facts.policy
    mentor, mentee = facts.mentors[lock.mentor], facts.mentees[lock.mentee]
    fixed = {pair: found for pair in facts.locks if (found := facts.lock_of(*pair)) is not None}
    with_mentor = [pair for pair in fixed if pair[0] == lock.mentor]
    with_mentee = [pair for pair in fixed if pair[1] == lock.mentee]
    seats = [pair for pair in with_mentor if fixed[pair].kind is MentoringKind.GROUP]
    if len(with_mentor) - len(seats) > max_individual(facts, mentor) or (seats and not max_groups(facts, mentor)):
        return True
    if len(with_mentee) > max_mentors(facts, mentee):
        return True
    minutes = {pair: _minutes(facts, pair) for pair in {*with_mentor, *with_mentee}}
    over_mentor = sum(minutes[pair] for pair in with_mentor) > mentor_room(facts, mentor)
    over_mentee = sum(minutes[pair] for pair in with_mentee) > mentee_room(facts, mentee)
    quotas = (*policy.quotas.organisation, *policy.quotas.municipality, *policy.quotas.form)
    return over_mentor or over_mentee or any(quota.max is not None for quota in quotas)


def _minutes(facts: Facts, pair: tuple[str, str]) -> int:
    case = propose(facts, *pair)
    return 0 if isinstance(case, Violation) else minutes_of(case)
