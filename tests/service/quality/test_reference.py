"""docs/reference/{settings,http,rights}.md say what the service says of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.make_reference import REFERENCE, pages


@pytest.mark.parametrize("name", ["settings.md", "rights.md", "http.md"])
def test_the_reference_is_up_to_date(tmp_path: Path, name: str) -> None:
    written = (REFERENCE / name).read_text(encoding="utf-8")
    assert written == pages(tmp_path)[name], "run: python tools/make_reference.py"
