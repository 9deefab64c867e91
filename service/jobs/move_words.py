"""Prices of moves and the mentors one may move to, in words for who reads; what single people said stays with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from matcher.explain.again.move_price import MovePrice, Moving, Target
from matcher.explain.audience import Audience, rule_for
from matcher.explain.findings import RuleRef
from matcher.io.sentences.effects import move_line
from matcher.io.sentences.moves import price_lines, sureness, why_not
from matcher.io.speaker import Speaker
from matcher.texts import text

_MOST_MOVES = 12


def target_words(
    moving: Moving, mentee: str, targets: Iterable[Target], speaker: Speaker, audience: str
) -> list[dict[str, Any]]:
    """Return the mentors a mentee could have, in the order of the roster; the page orders and searches them."""
    covers = _covers(moving, mentee)
    roster = speaker.plan.roster
    schools = {person.id: person.organisation for person in roster.people}
    found = []
    for one in targets:
        why = _why(one, speaker, Audience(audience))
        school = schools.get(one.mentor)
        named = speaker.organisations.get(school or "")
        found.append(
            {
                "mentor": one.mentor,
                "name": speaker.person(one.mentor),
                "school": named.name if named is not None and named.name else school or "",
                "pairs": one.pairs,
                "most": one.most,
                "has_place": one.has_place,
                "may": not why,
                "why": why,
                "covers": covers.get(one.mentor, 0),
                "is_present": one.is_present,
            }
        )
    return found


def _covers(moving: Moving, mentee: str) -> dict[str, int]:
    """Return for each mentor how many needs of the mentee he would cover at most."""
    case = moving.case
    options = case.state.options_of(case.mentee_of(mentee))
    cover = np.bincount(
        case.problem.cover_option[np.isin(case.problem.cover_option, options)], minlength=case.problem.num_options
    )
    found: dict[str, int] = {}
    for option in options.tolist():
        mentor = case.mentor_id(int(case.problem.mentor[option]))
        found[mentor] = max(found.get(mentor, 0), int(cover[option]))
    return found


def _why(one: Target, speaker: Speaker, audience: Audience) -> str:
    if one.is_present:
        return speaker.say(text("The two are a pair already."))
    if one.is_forbidden:
        return speaker.say(text("This pair was forbidden or declined."))
    if one.refused:
        return " ".join(_sentence(rule_for(audience, rule), speaker) for rule in one.refused)
    if not one.has_way:
        return speaker.say(text("The two find no way of working together: kind, hours or places do not allow it."))
    return ""


def _sentence(rule: RuleRef, speaker: Speaker) -> str:
    said = speaker.say(rule.sentence)
    return said if not rule.clause else f"{said} ({speaker.say(text('clause {clause}', clause=rule.clause))})"


def price_words(price: MovePrice, speaker: Speaker, audience: str) -> dict[str, Any]:
    """Return the price of a move: its lines, whom it moves, how sure it is; or why there is none."""
    shown = replace(price, refused=tuple(rule_for(Audience(audience), rule) for rule in price.refused))
    effect = price.effect
    moves = () if effect is None else effect.moves
    return {
        "why": why_not(shown, speaker),
        "lines": price_lines(price, speaker),
        "sure": "" if effect is None else speaker.say(sureness(price)),
        "is_exact": price.is_exact,
        "details": [move_line(move, speaker) for move in moves[:_MOST_MOVES]],
        "moves": [{"mentee": one.mentee, "before": list(one.before), "after": list(one.after)} for one in moves],
    }
