"""Grouping of faults for display."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matcher.errors import Fault
from matcher.io.report import CellFault, group_faults
from matcher.texts import text
from tests.unit.io.roster_files import cell_of, check, write_spoilt


def test_same_faults_of_one_column_are_one_group(tmp_path: Path) -> None:
    def spoil(book: Any) -> None:
        for row in range(2, 6):
            cell_of(book, "People", "Date of birth", row).value = "31.02.2026"
        cell_of(book, "People", "Break ended", 2).value = "31.02.2026"
        cell_of(book, "People", "Date of birth", 5).value = "soon"

    groups = group_faults(check(write_spoilt(tmp_path / "g.xlsx", spoil)).faults, num_examples=2)
    assert [(g.kind, g.sheet, g.column, g.count) for g in groups] == [
        ("impossible_date", "People", 8, 3),
        ("impossible_date", "People", 10, 1),
        ("not_date", "People", 8, 1),
    ]
    assert [fault.place for fault in groups[0].examples] == ["People!I2", "People!I3"]


def test_faults_without_a_cell_are_grouped_by_their_sentence() -> None:
    plain = [Fault("a", text("wrong")), Fault("b", text("wrong")), CellFault("c", text("wrong"), kind="k")]
    assert [(g.kind, g.count) for g in group_faults(plain)] == [("wrong", 2), ("k", 1)]
