"""What a decided conflict does to a pair, as a decision of its round like any other, which can be undone there."""

from __future__ import annotations

from matcher.policy_words import ConflictOutcome, EndReason
from service.records.kind import Case
from service.rounds.asked import DecisionIn
from service.rounds.desk import RUNNERS, Desk
from service.rounds.ending import replace, terminate
from service.tables.rounds import Round


def bring_about(case: Case, outcome: ConflictOutcome, end_reason: EndReason | None, words: str | None) -> None:
    """Look for another mentor (the pair works on until there is one), or end the pair.

    Whoever decides a conflict under the regulation decides this too: his word stands for that of the round's curator.
    """
    assert case.pair is not None
    assert case.policy is not None
    round_ = case.session.get_one(Round, case.pair.round_id, with_for_update=True)
    desk = Desk(
        session=case.session,
        vault=case.vault,
        viewer=case.viewer,
        lang=case.lang,
        today=case.today,
        round_=round_,
        policy=case.policy,
        roles=RUNNERS,
    )
    if outcome is ConflictOutcome.REMATCH:
        replace(desk, DecisionIn(kind="replace", pair=case.pair.id, trigger="council", reason=words))
    else:
        reason = EndReason.CURATOR if end_reason is None else end_reason
        terminate(
            desk,
            DecisionIn.model_validate(
                {"kind": "terminate", "pair": case.pair.id, "end_reason": str(reason), "reason": words}
            ),
        )
