"""Facts that must hold: a new value lies between the stored one and its bound."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from matcher.errors import InputError
from scenarios.expected import ExpectedDocument, accept, read_expected, surprises
from scenarios.rows import LevelRow
from tests.scenarios.test_store import ROW

STORED = ExpectedDocument.model_validate(
    {
        "figures": {"pairs": {"least": 1, "most": 3}},
        "levels": [{"name": "first", "value": 5, "bound": 7}, {"name": "second", "value": 10, "bound": 12}],
        "session_levels": [{"name": "missing", "value": 4, "bound": 2}],
    }
)


def told(first: int, second: int, missing: int = 4, **changes: object) -> list[str]:
    row = replace(
        ROW,
        levels=(LevelRow(name="first", value=first, bound=7), LevelRow(name="second", value=second, bound=12)),
        session_levels=(LevelRow(name="missing", value=missing, bound=2),),
        **changes,  # type: ignore[arg-type]
    )
    return [str(message) for message in surprises(row, STORED)]


def test_what_was_stored_holds() -> None:
    assert told(5, 10) == []


@pytest.mark.parametrize(
    ("first", "second", "missing"),
    [
        (5, 12, 9),  # better below: the meetings are those of another plan
        (6, 0, 4),  # better above: what stands below is free
        (7, 10, 4),
        (5, 10, 2),  # fewer missing, as far as the bound
    ],
)
def test_what_is_better_holds(first: int, second: int, missing: int) -> None:
    assert told(first, second, missing) == []


@pytest.mark.parametrize(
    ("first", "second", "missing", "message"),
    [
        (4, 12, 4, "first is 4, worse than 5 before"),
        (5, 9, 4, "second is 9, worse than 10 before"),
        (8, 0, 4, "first is 8, better than its bound 7"),
        (5, 13, 4, "second is 13, better than its bound 12"),
        (5, 10, 5, "missing is 5, worse than 4 before"),
        (5, 10, 1, "missing is 1, better than its bound 2"),
    ],
)
def test_what_is_worse_or_cannot_be_is_told(first: int, second: int, missing: int, message: str) -> None:
    assert told(first, second, missing) == [message]


def test_figures_violations_and_failures_are_told() -> None:
    assert told(5, 10, figures={"pairs": 0.0}) == ["pairs is 0, less than 1"]
    assert told(5, 10, figures={"pairs": 4.0}) == ["pairs is 4, more than 3"]
    assert told(5, 10, violations=2) == ["the judge found 2 violations"]
    assert told(5, 10, error="no memory") == ["the run failed: no memory"]


def test_accepting_keeps_what_was_written_by_hand(tmp_path: Path) -> None:
    by_hand = "# Why.\n[figures]\npairs = { least = 2 }\n"
    (tmp_path / "expected.toml").write_text(by_hand, encoding="utf-8")
    accept(tmp_path, ROW)
    accept(tmp_path, replace(ROW, levels=(LevelRow(name="SO-01:1", value=3, bound=3),)))
    content = (tmp_path / "expected.toml").read_text(encoding="utf-8")
    assert content.startswith(by_hand)
    found = read_expected(tmp_path)
    assert found is not None
    assert [(one.name, one.value, one.bound) for one in found.levels] == [("SO-01:1", 3, 3)]


def test_a_wrong_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "expected.toml").write_text("[figures]\npairs = { lest = 2 }\n", encoding="utf-8")
    with pytest.raises(InputError) as found:
        read_expected(tmp_path)
    assert "least" in str(found.value.faults[0].cure)
