"""Who reads: the curator sees everything; prints for the council leave out what single people said of each other.

Wishes, vetoes, and the marks of psychologist and questionnaires belong to their author and the curator. A print says
at most that one side declined, never who or how much.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from matcher.candidates.requirements import REQUIREMENTS
from matcher.explain.findings import NobodyReasons, PairReasons, PlanReport, RefusedGroup, RuleRef
from matcher.texts import Text, text


class Audience(StrEnum):
    """Who reads an explanation."""

    CURATOR = "curator"
    COUNCIL = "council"


#: Criteria that stand on what people said of each other.
PRIVATE_CRITERIA = frozenset({"SO-04", "SO-05"})

#: Rules whose refusal would tell what somebody said; a print has this sentence instead.
PRIVATE_RULES = {
    "HR-12": text("The mentor lacks the training this pupil needs."),
    "HR-14": text("The mentor lacks the training this pupil needs."),
    "HR-24": text("One side declined, or the pair was not recommended."),
}
_PRIVATE_SENTENCES = frozenset(rule.sentence.msgid for rule in REQUIREMENTS if rule.rule in PRIVATE_RULES)


def reasons_for(audience: Audience, reasons: PairReasons) -> PairReasons:
    """Return the reasons of a pair as this audience may read them."""
    if audience is Audience.CURATOR:
        return reasons
    points = {rule: value for rule, value in reasons.points.items() if rule not in PRIVATE_CRITERIA}
    ideal = {rule: value for rule, value in reasons.ideal.items() if rule not in PRIVATE_CRITERIA}
    fit = share_of(points.values(), ideal.values())
    warnings = tuple(_discreet(warning) for warning in reasons.warnings)
    return replace(reasons, points=points, ideal=ideal, fit=fit, warnings=warnings)


def _discreet(warning: Text) -> Text:
    """Return a warning without the sentence of a private rule in it."""
    told = any(isinstance(value, Text) and value.msgid in _PRIVATE_SENTENCES for value in warning.params.values())
    return text("the curator has lifted a rule for this pair") if told else warning


def report_for(audience: Audience, report: PlanReport) -> PlanReport:
    """Return the report as this audience may read it."""
    if audience is Audience.CURATOR:
        return report
    nobody = tuple(nobody_for(audience, reasons) for reasons in report.nobody)
    return replace(report, pairs=tuple(reasons_for(audience, pair) for pair in report.pairs), nobody=nobody)


def nobody_for(audience: Audience, reasons: NobodyReasons) -> NobodyReasons:
    """Return why somebody has nobody as this audience may read it; lifting a private rule is the curator's business."""
    if audience is Audience.CURATOR:
        return reasons
    cures = tuple(cure for cure in reasons.cures if not any(rule.rule in PRIVATE_RULES for rule in cure.rules))
    return replace(reasons, refused=tuple(refused_for(audience, group) for group in reasons.refused), cures=cures)


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
