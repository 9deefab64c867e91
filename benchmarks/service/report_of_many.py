"""Writes the register of many people as the service does (L6): how long it takes, and how much memory.

python -m benchmarks.service.report_of_many --people 200000
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from service.privacy.cells import write_xlsx
from service.records.register_files import sheet_of
from service.records.registers import MenteeEntry


def main() -> int:
    """Write the workbook and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200_000)
    asked = parser.parse_args()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, worked = time.monotonic(), time.process_time()
    entries = (
        MenteeEntry(
            id=f"{number:032x}", area="0" * 32, organisation=f"Школа № {number % 400}", code=f"P-{number}",
            name=f"Петрова Анна Ивановна {number}", position="teacher", primary_category="novice",
            categories=["novice", "deficit"], topics=["digital", "teaching_methods"], mentors_now=1,
        )
        for number in range(asked.people)
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.xlsx"
        write_xlsx(path, [sheet_of("mentees", entries, "ru")])
        size = path.stat().st_size
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{asked.people:,} people: {time.monotonic() - began:.1f} s ({time.process_time() - worked:.1f} s of work), "
        f"{(peak - before) / 1024:.0f} MB more than before, {size / 2**20:.1f} MB of file"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
