"""The commands of the README work as written, in the order written."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from matcher.io.policy_toml import read_policy
from matcher.io.school_year_toml import read_school_year
from matcher.planning import is_nearly_over, usual_term
from matcher.timetables import Timetables
from tests.unit.io.timetable.files import FET

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.ru.md")


def commands_of(readme: str) -> list[str]:
    """Return the lines that begin with `$ matcher` in the console blocks of a README."""
    blocks = re.findall(r"```console\n(.*?)```", (ROOT / readme).read_text(encoding="utf-8"), flags=re.DOTALL)
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ matcher ")]


def write_what_the_reader_has(folder: Path) -> None:
    """Write the files that the README takes for granted: a school's timetable and a list of changes."""
    (folder / "school.fet").write_text(FET, encoding="utf-8")
    today, year = date.today(), Timetables(years={"": read_school_year("quarters")})
    first, _ = usual_term(read_policy("anuchino"), year)
    begins = first.replace(year=first.year + 1) if is_nearly_over(year, today) else max(first, today)
    begins += timedelta(days=14)
    changes = f'[[absence]]\nperson = "P-022"\nfrom = {begins}\nto = {begins + timedelta(days=2)}\n'
    (folder / "CHANGES.toml").write_text(changes, encoding="utf-8")


@pytest.mark.parametrize("readme", READMES)
def test_commands_of_the_readme_work(readme: str, tmp_path: Path) -> None:
    commands = commands_of(readme)
    assert len(commands) >= 5
    write_what_the_reader_has(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"}
    for command in commands:
        words = [sys.executable, "-m", "matcher.cli.start", *shlex.split(command)[1:]]
        done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


def test_both_readmes_show_the_same_commands() -> None:
    first, second = ([c.replace("--lang en ", "") for c in commands_of(readme)] for readme in READMES)
    assert first == second


def test_links_of_the_documents_lead_somewhere() -> None:
    broken = []
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text(encoding="utf-8")):
            if "://" not in target and not (document.parent / target).exists():
                broken.append(f"{document.relative_to(ROOT)} → {target}")
    assert broken == []
