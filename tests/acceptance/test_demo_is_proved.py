"""`matcher demo`, then `matcher verify`: the meetings of the made-up municipality are proved, in both languages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = "from matcher.cli.start import main; main()"
LEVELS = {
    "en": ("meetings without a place", "different days and hours, summed over pairs"),
    "ru": ("встречи, которым не нашлось времени", "разных дней и часов, в сумме по парам"),
}
PROOF = {"en": "certificate: bound and value meet", "ru": "расчёт: граница и значение совпали"}


def matcher(*words: str) -> str:
    done = subprocess.run([sys.executable, "-c", COMMAND, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_meetings_of_the_demo_are_proved_by_certificate(tmp_path: Path) -> None:
    matcher("demo", "-o", str(tmp_path))
    for lang, levels in LEVELS.items():
        rows = [
            line.split("\t") for line in matcher("--lang", lang, "verify", str(tmp_path / "plan.json")).splitlines()
        ]
        proved = {row[0]: row for row in rows if len(row) == 4}
        for level in levels:
            assert proved[level][1] == proved[level][2]
            assert proved[level][3] == PROOF[lang]
