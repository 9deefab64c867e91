"""Why a mentee has nobody: which rules stand between him and the mentors, and how many are only full."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from matcher.judge.cases import refusals
from matcher.judge.facts import Facts
from matcher.texts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """A rule with its clause, in words, and how many mentors it alone or first keeps away."""

    rule: str
    clause: str
    message: Text
    mentors: int


def obstacles(facts: Facts, mentee: str) -> tuple[list[Obstacle], int]:
    """Return what keeps mentors from a mentee, the most frequent first, and how many nothing but room keeps away."""
    counted: Counter[str] = Counter()
    words: dict[str, Text] = {}
    fitting = 0
    for mentor in sorted(facts.mentors):
        broken = refusals(facts, mentor, mentee)
        fitting += not broken
        if broken:
            counted[broken[0].rule] += 1
            words.setdefault(broken[0].rule, broken[0].message)
    rules = facts.policy.rules
    return [
        Obstacle(rule=rule, clause=rules[rule].clause if rule in rules else "", message=words[rule], mentors=count)
        for rule, count in counted.most_common()
    ], fitting
