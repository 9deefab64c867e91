"""The table of the regulations is whole and true: every number once, every path there, every test in its file."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import SHARED

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/reference/regulations.md"

#: How many requirements each part of the catalogue has.
NUMBERS = {"C": 24, "BAR": 29, "ANU": 15, "KAL": 39, "DAL": 61, "SMO": 29, "HR": 24, "SO": 12}

_ROW = re.compile(r"^\| ((?:C|BAR|ANU|KAL|DAL|SMO|HR|SO)-\d\d) \|")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def rows() -> list[list[str]]:
    """Return the cells of every requirement."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if _ROW.match(line)]


@cache
def names_in(path: str) -> frozenset[str]:
    """Return the tests a file defines."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_every_requirement_has_one_row_and_every_row_four_cells() -> None:
    ids = [row[0] for row in rows()]
    assert [id_ for id_, count in Counter(ids).items() if count > 1] == []
    assert ids == [f"{part}-{number:02d}" for part, last in NUMBERS.items() for number in range(1, last + 1)]
    assert [row[0] for row in rows() if len(row) != 4 or not all(row)] == []


def test_every_path_is_there() -> None:
    for id_, _, where, _ in rows():
        if where.startswith("outside:"):
            continue
        links = _LINK.findall(where)
        assert links, id_
        for name, target in links:
            assert (ROOT / name).exists(), (id_, name)
            assert (PAGE.parent / target).resolve() == ROOT / name, (id_, target)


def test_every_test_is_there() -> None:
    for id_, _, where, shown_by in rows():
        if where.startswith("outside:"):
            continue
        tests = _TEST.findall(shown_by)
        assert shown_by == ", ".join(f"`{path}::{name}`" for path, name in tests), id_
        assert tests, id_
        for path, name in tests:
            assert name in names_in(path), (id_, path, name)


def test_what_is_missing_has_a_reason() -> None:
    for id_, _, where, shown_by in rows():
        assert (shown_by == "outside") == where.startswith("outside:"), id_
        for word in ("outside:", "part:"):
            _, found, reason = where.partition(word)
            assert not found or len(reason.split()) >= 3, id_


@pytest.mark.shared
def test_the_rows_are_those_of_the_catalogue() -> None:
    catalogue = (SHARED / "domain/requirements.md").read_text(encoding="utf-8").splitlines()
    known = [found[1] for line in catalogue if (found := _ROW.match(line)) and found[1].partition("-")[0] in NUMBERS]
    assert known == [row[0] for row in rows()]
