"""The examples in documents and docstrings give what they show."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import matcher

ROOT = Path(__file__).parents[2]
DOCUMENTS = ["README.md", "docs/explanation/proof.md"]
MODULES = sorted(m.name for m in pkgutil.walk_packages(matcher.__path__, "matcher."))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_examples_of_a_document(document: str) -> None:
    found = doctest.testfile(str(ROOT / document), module_relative=False)
    assert found.attempted > 0
    assert found.failed == 0


def test_examples_of_docstrings() -> None:
    attempted = 0
    for name in MODULES:
        found = doctest.testmod(importlib.import_module(name))
        assert found.failed == 0, name
        attempted += found.attempted
    assert attempted > 10


def test_every_module_says_what_it_is() -> None:
    silent = [name for name in MODULES if not (importlib.import_module(name).__doc__ or "").strip()]
    assert silent == []
