"""Requests that stay open while somebody outside could cover them (SMO 8.3, weak interaction of contours)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from matcher.indicators.facts import OpenNeed
from matcher.judge.cases import refusals
from matcher.judge.facts import Facts as RoundFacts
from matcher.judge.facts import Sides
from matcher.plan import Plan

#: Candidates named for one mentee at most.
_MOST_CANDIDATES = 3
_FIRST = 1


def open_needs(plan: Plan, facts: RoundFacts) -> tuple[OpenNeed, ...]:
    """Return the mentees with an open need, each with mentors of other organisations who have nobody and cover it.

    A need is open when no pair of the mentee covers it: a request of the first priority or, where none is stated, a
    measured gap. Candidates are those no rule refuses, the first few by id.
    """
    return tuple(_found(plan, facts))


def _found(plan: Plan, facts: RoundFacts) -> Iterator[OpenNeed]:
    busy = {pair.mentor for pair in plan.pairs}
    unused = sorted(facts.mentors.keys() - busy)
    covered: dict[str, set[str]] = defaultdict(set)
    for pair in plan.pairs:
        covered[pair.mentee].update(pair.covers)
    for mentee in sorted(facts.mentees):
        wanted = _needs_of(facts, mentee) - covered[mentee]
        if not wanted:
            continue
        candidates: list[str] = []
        for mentor in unused:
            if mentor == mentee:
                continue
            sides = Sides.of(facts, mentor, mentee)
            is_outside = sides.mentor_organisation.id != sides.mentee_organisation.id
            if is_outside and wanted.intersection(sides.covered()) and not refusals(facts, mentor, mentee):
                candidates.append(mentor)
            if len(candidates) == _MOST_CANDIDATES:
                break
        if candidates:
            yield OpenNeed(mentee=mentee, candidates=tuple(candidates))


def _needs_of(facts: RoundFacts, mentee_id: str) -> set[str]:
    """Return the most urgent requests the regulation knows or, without any, the gaps, as a plan names them."""
    mentee = facts.mentees[mentee_id]
    urgent = {
        f"request:{index}"
        for index, request in enumerate(mentee.requests)
        if request.priority == _FIRST and facts.policy.is_topic_named(request.topic)
    }
    return urgent or {f"deficit:{deficit.competence}" for deficit in mentee.deficits if deficit.gap}
