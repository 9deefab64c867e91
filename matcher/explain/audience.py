"""Who reads: the curator sees everything; prints for the council leave out what single people said of each other.

Wishes, vetoes, and the marks of psychologist and questionnaires belong to their author and the curator. A print says
at most that one side declined, never who or how much.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from matcher.explain.findings import PairReasons, RefusedGroup, RuleRef
from matcher.texts import text


class Audience(StrEnum):
    """Who reads an explanation."""

    CURATOR = "curator"
    COUNCIL = "council"


#: Criteria that stand on what people said of each other.
PRIVATE_CRITERIA = frozenset({"SO-04", "SO-05"})

#: Rules whose refusal would tell what somebody said; a print has this sentence instead.
PRIVATE_RULES = {"HR-24": text("One side declined, or the pair was not recommended.")}


def reasons_for(audience: Audience, reasons: PairReasons) -> PairReasons:
    """Return the reasons of a pair as this audience may read them."""
    if audience is Audience.CURATOR:
        return reasons
    points = {rule: value for rule, value in reasons.points.items() if rule not in PRIVATE_CRITERIA}
    ideal = {rule: value for rule, value in reasons.ideal.items() if rule not in PRIVATE_CRITERIA}
    return replace(reasons, points=points, ideal=ideal, fit=share_of(points.values(), ideal.values()))


def refused_for(audience: Audience, group: RefusedGroup) -> RefusedGroup:
    """Return a refusal as this audience may read it."""
    if audience is Audience.CURATOR:
        return group
    return replace(group, rules=tuple(rule_for(audience, rule) for rule in group.rules))


def rule_for(audience: Audience, rule: RuleRef) -> RuleRef:
    """Return a rule with a sentence this audience may read."""
    if audience is Audience.CURATOR or rule.rule not in PRIVATE_RULES:
        return rule
    return replace(rule, rule="", clause="", sentence=PRIVATE_RULES[rule.rule])


def share_of(points: object, ideal: object) -> int:
    """Return the sum of points as per cent of the sum of ideals, 100 where nothing counts."""
    reached, most = sum(points), sum(ideal)  # type: ignore[call-overload]
    return 100 if most <= 0 else max(0, round(100 * reached / most))
