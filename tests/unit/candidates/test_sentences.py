"""Every rule speaks: its sentence stands in the first line of its docstring, in English and in Russian."""

from __future__ import annotations

import pytest

from matcher.candidates.criteria import CRITERIA
from matcher.candidates.refusals import explain_refusals
from matcher.candidates.requirements import REQUIREMENTS
from matcher.candidates.warnings import WARNINGS
from matcher.policy import SOFT_RULES
from matcher.roster import CompetenceBlock, Topic
from matcher.texts import Text, say
from tests.rosters import Round

SENTENCES = [*(rule.sentence for rule in REQUIREMENTS), *(rule.sentence for rule in CRITERIA)]


@pytest.mark.parametrize("sentence", [*SENTENCES, *(warn.sentence for warn in WARNINGS)], ids=str)
def test_a_sentence_is_said_in_russian(sentence: Text) -> None:
    assert say(sentence, "en")
    assert any("а" <= letter <= "я" for letter in say(sentence, "ru").lower())


def test_rules_have_names_of_the_regulation() -> None:
    regulation = Round().policy
    assert {rule.rule for rule in REQUIREMENTS} <= set(regulation.rules)
    assert {rule.rule for rule in CRITERIA} <= set(SOFT_RULES)


@pytest.mark.parametrize(
    ("mentor", "detail"),
    [
        ({"topics": (Topic.PARENTS,)}, "the mentor does not help with subject content"),
        ({"subjects": ("history",)}, "the mentor does not teach mathematics"),
        ({"levels": {CompetenceBlock.SUBJECT: 2}}, "level 2 in subject competences, 3 is asked for"),
    ],
)
def test_a_refusal_says_what_is_missing(mentor: dict[str, object], detail: str) -> None:
    columns = Round().mentor(**mentor).mentee().build().columns
    (refusal,) = explain_refusals(columns, 0, 0)
    assert str(refusal.detail) == detail
    assert "{" not in say(refusal.detail or "", "ru")
