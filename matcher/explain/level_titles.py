"""What people call the lexicographic levels, and what one unit of their value is."""

from __future__ import annotations

from matcher.outcome import Proof
from matcher.pairing.result import LevelResult
from matcher.policy_labels import SOFT_RULE_LABELS
from matcher.texts import Text, text

BELOW_ZERO = text("Points below zero are what is missing to the ideal.")

_NAMED = {
    "points": text("points"),
    "cover": text("people covered on both sides"),
    "locks": text("agreed and running pairs kept"),
    "least": text("least loads of mentors kept"),
    "quotas": text("least numbers of the quotas reached"),
    "worst_off": text("the worst-off mentee as well off as can be"),
    "wanted": text("the pair asked for"),
    "served": text("mentees with a mentor"),
}
_TIERED = {
    "internal_first": text("mentees with a mentor of their own organisation, turn {tier}"),
    "SO-01": text("mentees with a mentor, turn {tier}"),
}
_WAITING = {
    "internal_first": text("mentees with a mentor of their own organisation, turn {tier}, left out last time"),
    "SO-01": text("mentees with a mentor, turn {tier}, left out last time"),
}
_FIT = frozenset({"SO-03", "SO-04", "SO-05", "SO-06", "SO-08", "SO-10", "SO-11"})


def level_title(name: str) -> Text:
    """Return the title of a level of a plan.

    >>> str(level_title("SO-01:1"))
    'mentees with a mentor, turn 1'
    >>> str(level_title("SO-03+SO-04+SO-06"))
    'how well pairs fit'
    """
    if name in _NAMED:
        return _NAMED[name]
    rule, _, tier = name.partition(":")
    if tier and rule in _TIERED:
        turn, _, waiting = tier.partition(":")
        return Text((_WAITING if waiting else _TIERED)[rule].msgid, {"tier": turn})
    rules = name.split("+")
    if _FIT.issuperset(rules) and len(rules) > 1:
        return text("how well pairs fit")
    if set(rules) == {"SO-07", "SO-12"}:
        return text("even load of mentors and organisations")
    if all(rule in SOFT_RULE_LABELS for rule in rules):
        return _joined([SOFT_RULE_LABELS[rule] for rule in rules])
    return text("level {name}", name=name)


def _joined(labels: list[Text]) -> Text:
    whole = labels[0]
    for label in labels[1:]:
        whole = text("{first}; {second}", first=whole, second=label)
    return whole


def proof_words(level: LevelResult) -> Text:
    """Return in plain words how far the value of a level is proved."""
    if level.proof is Proof.CERTIFICATE:
        return text("proved: no plan can have more; anyone can re-check it without a solver")
    if level.proof is Proof.SOLVER:
        return text("proved by search alone: no plan has more, though the bound for re-checking is looser")
    return text("not proved: no plan can have more than the bound")


def price_words(level: LevelResult) -> Text | None:
    """Return what the next level would gain if this one gave way by one, None where that was not computed."""
    if level.price is None:
        return None
    return text("giving way by one here would gain at most {price} on the next line", price=f"{level.price:g}")
