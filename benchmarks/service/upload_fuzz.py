"""Uploads that are broken in every way (S5): nothing but 200 and 422, no file left, memory and time of the reader.

Run it as ``python -m benchmarks.service.upload_fuzz 5000`` with the number of files; the seed may follow.
"""

from __future__ import annotations

import io
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from matcher.generate.roster import PRESETS, generate_roster
from matcher.io.write_roster import write_roster
from service.rounds.uploads import check_upload
from tests.service.rounds.hostile import bomb, doctype, duplicate_members, far_cell, mutated, overlapping_members

HOSTILE = (far_cell, bomb, doctype, duplicate_members, overlapping_members)
MAX_UNPACKED = 400 * 2**20


def main(count: int, seed: int) -> None:
    """Check files made by chance, and print what became of them."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "roster.xlsx"
        write_roster(generate_roster(seed=1, policy_id=None, **PRESETS["school"]), path)
        workbook = path.read_bytes()
    before = set(Path(tempfile.gettempdir()).glob("matcher-upload-*"))
    outcomes: Counter[str] = Counter()
    slowest, begun = 0.0, time.perf_counter()
    files = [(make(workbook), name) for make in HOSTILE for name in ("roster.xlsx", "roster.zip")]
    for number in range(count):
        content, name = files[number] if number < len(files) else mutated(workbook, chance)
        start = time.perf_counter()
        found = check_upload(io.BytesIO(content), name, max_unpacked=MAX_UNPACKED, lang="en")
        slowest = max(slowest, time.perf_counter() - start)
        outcomes["taken" if found.roster is not None else str(found.faults[0].message)[:70]] += 1
    left = set(Path(tempfile.gettempdir()).glob("matcher-upload-*")) - before
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{count} files, seed {seed}: {time.perf_counter() - begun:.0f} s, slowest {slowest:.2f} s")
    print(f"most memory of a reader {memory:.0f} MB, files left {len(left)}, errors of the program 0")
    for outcome, times in outcomes.most_common(25):
        print(f"{times:7}  {outcome}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
