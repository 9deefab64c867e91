"""A methodist reads a policy in plain words of either language."""

from __future__ import annotations

import re

import pytest

from matcher.io.policy_summary import policy_summary
from matcher.io.policy_toml import list_policies, read_policy
from matcher.policy import HARD_RULES, SOFT_RULES
from matcher.policy_labels import (
    DOCUMENT_LABELS,
    HARD_RULE_LABELS,
    INDICATOR_LABELS,
    PROGRAMME_FIELD_LABELS,
    RISK_LABELS,
    SOFT_RULE_LABELS,
    STAGE_LABELS,
    clause_text,
)
from matcher.policy_words import DOCUMENTS, INDICATORS, PROGRAMME_FIELDS, RISKS, STAGES
from matcher.texts import say


def rows(policy_id: str, lang: str) -> dict[str, str]:
    return dict(policy_summary(read_policy(policy_id), "ru" if lang == "ru" else "en"))


@pytest.mark.parametrize("policy_id", list_policies())
def test_russian_summary_has_no_identifiers_left(policy_id: str) -> None:
    said = " ".join(f"{label} {value}" for label, value in rows(policy_id, "ru").items())
    assert not re.search(r"[a-z]+_[a-z]+", said)
    assert not re.search(r"\b[a-z]{4,}\b", said)


def test_summary_shows_where_two_regulations_differ() -> None:
    kalmykia, dalnerechensk = rows("kalmykia", "ru"), rows("dalnerechensk", "ru")
    assert kalmykia["Наставников у наставляемого"] == "не больше 2"
    assert dalnerechensk["Наставников у наставляемого"] == "не больше 3"
    assert dalnerechensk["Кто участвует"] == "педагоги; ученики с 10 лет"
    assert kalmykia["Кто утверждает наставника"] == "руководитель (п. 3.8)"


def test_summary_in_english() -> None:
    said = rows("smolensk_school_23", "en")
    assert said["Mentors from outside"] == "only when nobody inside is left, and flagged"
    assert said["Rule HR-24: a pair the psychologist does not recommend is not made"] == "clause 4.5"


def test_rules_that_are_off_are_not_shown() -> None:
    assert not any("HR-24" in label for label in rows("kalmykia", "ru"))


def test_every_word_has_a_label() -> None:
    assert tuple(HARD_RULE_LABELS) == HARD_RULES
    assert tuple(SOFT_RULE_LABELS) == SOFT_RULES
    assert tuple(DOCUMENT_LABELS) == DOCUMENTS
    assert tuple(INDICATOR_LABELS) == INDICATORS
    assert set(PROGRAMME_FIELD_LABELS) == set(PROGRAMME_FIELDS)
    assert set(RISK_LABELS) == set(RISKS)
    assert set(STAGE_LABELS) == set(STAGES)


@pytest.mark.parametrize(
    ("clause", "ru"),
    [
        ("4.5", "п. 4.5"),
        ("4; 4.1", "пп. 4; 4.1"),
        ("A-01", "общее правило по умолчанию (A-01)"),
        ("product", "общее правило"),
        ("roadmap 5", "дорожная карта, п. 5"),
        ("ru_labour_351_8", "статья 351.8 Трудового кодекса"),
    ],
)
def test_clause_is_cited_as_people_do(clause: str, ru: str) -> None:
    assert say(clause_text(clause), "ru") == ru
