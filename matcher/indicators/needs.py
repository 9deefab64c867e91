"""Requests that stay open while somebody outside could cover them (SMO 8.3, weak interaction of contours)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

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
    return tuple(needs_beside(((pair.mentor, pair.mentee, pair.covers) for pair in plan.pairs), facts))


def needs_beside(pairs: Iterable[tuple[str, str, Collection[str]]], facts: RoundFacts) -> Iterator[OpenNeed]:
    """Yield the open needs beside pairs, each a mentor, a mentee and what is covered."""
    busy: set[str] = set()
    covered: dict[str, set[str]] = defaultdict(set)
    for mentor, mentee, covers in pairs:
        busy.add(mentor)
        covered[mentee].update(covers)
    unused = sorted(facts.mentors.keys() - busy)
    topics = {mentor: frozenset(facts.mentors[mentor].topics) for mentor in unused}
    for mentee in sorted(facts.mentees):
        wanted = _needs_of(facts, mentee) - covered[mentee]
        if not wanted:
            continue
        asked = frozenset(one.topic for one in facts.mentees[mentee].requests)
        has_gaps = any(one.startswith("deficit:") for one in wanted)
        candidates: list[str] = []
        for mentor in unused:
            if mentor == mentee or not (has_gaps or asked & topics[mentor]):
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
