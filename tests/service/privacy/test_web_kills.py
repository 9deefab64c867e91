"""Reliability R4: the web server dies in the middle of writes and keeps every word it gave."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_a_killed_server_keeps_every_word_it_gave(tmp_path: Path) -> None:
    out = tmp_path / "table.md"
    words = [sys.executable, "-m", "benchmarks.service.web_kills", "--kills", "6", "--out", str(out)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    cells = [cell.strip() for cell in out.read_text().splitlines()[4].strip("|").split("|")]
    kills, acknowledged, kept, lost, torn, broken = map(int, cells[:6])
    assert (kills, lost, torn, broken) == (6, 0, 0, 0)
    assert 0 < acknowledged <= kept
    assert cells[6] == "yes"
