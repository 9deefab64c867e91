"""Small scenarios for the tests of batch runs."""

from __future__ import annotations

from pathlib import Path

from scenarios.reading import read_scenario
from scenarios.scenario import Scenario

TINY = """\
title = "Проба"
title_en = "Trial"
policy = "kalmykia"
what = "pair"
work_limit = 20

[roster]
mentees = 5
mentors = 4
organisations = 2
seed = 1
"""


def written(folder: Path, content: str = TINY, name: str = "trial") -> Path:
    """Return the folder of a scenario with this file."""
    (folder / name).mkdir()
    (folder / name / "scenario.toml").write_text(content, encoding="utf-8")
    return folder / name


def made(folder: Path, content: str = TINY) -> Scenario:
    """Return a scenario of this content."""
    return read_scenario(written(folder, content))
