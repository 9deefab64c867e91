"""The example in the document of speed events gives what it shows."""

from __future__ import annotations

import doctest
from pathlib import Path


def test_the_example_of_the_document() -> None:
    found = doctest.testfile(str(Path(__file__).parents[3] / "docs/explanation/speed.md"), module_relative=False)
    assert found.attempted > 0
    assert found.failed == 0
