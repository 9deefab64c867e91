"""Whether the term of a programme keeps its bounds (HR-16, A-06, A-07)."""

from __future__ import annotations

from collections.abc import Mapping

from matcher.candidates.refusals import Refusal
from matcher.policy import Policy
from matcher.texts import Text, text

_AGREEMENT: Mapping[str, Text] = {
    "mentor": text("a prolongation needs the agreement of the mentor"),
    "mentee": text("a prolongation needs the agreement of the mentee"),
    "curator": text("a prolongation needs the agreement of the curator"),
}


def term_refusal(policy: Policy, months: int, *, agreed_by: tuple[str, ...] | None = None) -> Refusal | None:
    """Return why a programme may not last so long, None where it may.

    Parameters
    ----------
    months
        The whole term in full months, prolongations included.
    agreed_by
        Who agreed to prolong it ("mentor", "mentee", "curator"), None where it was not prolonged.
    """
    rule, bounds = policy.rule("HR-16"), policy.programme.months
    if not rule.on:
        return None
    if months < bounds.min:
        return _refusal(policy, text("a programme lasts {least} months at least", least=bounds.min))
    if months <= bounds.max:
        return None
    missing = [who for who in policy.programme.prolongation.requires if who not in (agreed_by or ())]
    if agreed_by is None:
        return _refusal(policy, text("a programme lasts {most} months at most unless it is prolonged", most=bounds.max))
    if missing:
        return _refusal(policy, _AGREEMENT.get(missing[0], text("a prolongation needs an agreement")))
    return None


def _refusal(policy: Policy, sentence: Text) -> Refusal:
    return Refusal(rule="HR-16", clause=policy.programme.months.clause, sentence=sentence)
