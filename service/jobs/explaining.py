"""Why a mentee has whom he has, in sentences for the one who reads."""

from __future__ import annotations

from typing import Any

from matcher.explain.audience import Audience, nobody_for, reasons_for
from matcher.explain.findings import Cure, CureKind, NobodyReasons, PairReasons
from matcher.explain.questions import Questioned
from matcher.io.sentences.reasons import cure_line, nobody_line, pair_lines, refused_line
from matcher.io.speaker import Speaker
from matcher.plan import Plan
from matcher.texts import Lang

_MOST_REFUSED = 8


def explain_mentee(plan: Plan, mentee: str, lang: Lang, audience: Audience, *, time_limit: float) -> dict[str, Any]:
    """Return the reasons of a mentee's pairs, or why he has nobody and what would help."""
    answer = Questioned.of(plan, time_limit=time_limit).mentee(mentee, thorough=False).finding
    speaker = Speaker(plan, lang)
    found: dict[str, Any] = {"pairs": [_pair(reasons_for(audience, one), speaker) for one in answer.pairs]}
    if answer.nobody is not None:
        found["nobody"] = _nobody(nobody_for(audience, answer.nobody), speaker)
    return found


def _pair(reasons: PairReasons, speaker: Speaker) -> dict[str, Any]:
    return {
        "mentor": reasons.mentor,
        "name": speaker.person(reasons.mentor),
        "fit": reasons.fit,
        "lines": pair_lines(reasons, speaker),
        "warnings": [speaker.say(warning) for warning in reasons.warnings],
    }


def _nobody(reasons: NobodyReasons, speaker: Speaker) -> dict[str, Any]:
    return {
        "line": nobody_line(reasons, speaker),
        "refused": [refused_line(group, speaker) for group in reasons.refused[:_MOST_REFUSED]],
        "cures": [cure_line(cure, speaker) for cure in reasons.cures],
        "offers": [_offer(cure) for cure in reasons.cures],
    }


def _offer(cure: Cure) -> dict[str, Any]:
    """Return what lifting one rule for a pair would take; nothing where a cure asks for something else."""
    is_lift = cure.kind is CureKind.RULE and cure.mentor is not None and len(cure.rules) == 1
    return {"mentor": cure.mentor, "rule": cure.rules[0].rule} if is_lift else {"mentor": None, "rule": None}
