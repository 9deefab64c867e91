"""The reference says what the program does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from matcher.indicators.catalogue import INDICATORS
from matcher.indicators.counting import asked_for
from matcher.io.indicators_document import IndicatorsDocument
from matcher.io.policy_tables import Table
from matcher.io.policy_toml import read_policy
from tests.unit.indicators.town import Town

REFERENCE = (Path(__file__).parents[3] / "docs" / "reference" / "indicators.md").read_text(encoding="utf-8")
ROWS = {
    row[1]: row
    for row in (re.split(r"\s*\|\s*", line) for line in REFERENCE.splitlines())
    if row[1:2] and row[1].startswith("I-")
}


def test_every_indicator_has_a_row_with_its_sources() -> None:
    assert sorted(ROWS) == sorted(INDICATORS)
    for id_, one in INDICATORS.items():
        told = ROWS[id_][5]
        for source in one.sources:
            regulation, _, clause = source.partition(" ")
            assert regulation in told, (id_, source)
            assert clause in told, (id_, source)


def test_every_part_is_named() -> None:
    policy = read_policy("anuchino")
    for id_ in asked_for(policy):
        for part in Town().teacher("T-1").teacher("N-1").programme("T-1", "N-1").figures(id_, policy):
            name = f"{part.partition(':')[0]}:" if ":" in part else part
            assert not part or f"`{name}" in ROWS[id_][3], (id_, part)


def test_every_table_of_the_file_is_described() -> None:
    for name, found in IndicatorsDocument.model_fields.items():
        shapes = [one for one in get_args(found.annotation) if isinstance(one, type) and issubclass(one, Table)]
        assert (f"[[{name}]]" if shapes else f"`{name}`") in REFERENCE, name
        for key in (key for shape in shapes for key in shape.model_fields):
            assert f"`{key}`" in REFERENCE, (name, key)
