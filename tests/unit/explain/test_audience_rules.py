"""What a council's print does not say of a pupil."""

from __future__ import annotations

import pytest

from matcher.explain.audience import Audience, rule_for
from matcher.explain.findings import RuleRef
from matcher.texts import text


@pytest.mark.parametrize("rule", ["HR-12", "HR-14", "HR-24"])
def test_a_print_does_not_name_health_risk_or_refusal(rule: str) -> None:
    sentence = text("A pupil of a risk group needs an experienced mentor.")
    told = RuleRef(rule=rule, clause="4.3", sentence=sentence, may_be_lifted=True)
    assert rule_for(Audience.CURATOR, told) is told
    shown = rule_for(Audience.COUNCIL, told)
    assert shown.rule == ""
    assert shown.clause == ""
    assert "risk" not in str(shown.sentence)
