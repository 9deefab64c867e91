"""Writes the register of many people as the service does (L6): how long it takes, and how much memory.

python -m benchmarks.service.report_of_many --people 200000
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import overload

from service.privacy.cells import write_xlsx
from service.records.register_files import sheet_of
from service.records.registers import MenteeEntry


class Many(Sequence[MenteeEntry]):
    """So many mentees, none of them kept: what is measured is the report."""

    def __init__(self, num_people: int) -> None:
        self._num_people = num_people

    def __len__(self) -> int:
        """Return how many there are."""
        return self._num_people

    @overload
    def __getitem__(self, at: int) -> MenteeEntry: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[MenteeEntry]: ...

    def __getitem__(self, at: int | slice) -> MenteeEntry | Sequence[MenteeEntry]:
        """Make one anew."""
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(self._num_people))]
        if at >= self._num_people:
            raise IndexError(at)
        return MenteeEntry(
            id=f"{at:032x}", area="0" * 32, organisation=f"Школа № {at % 400}", code=f"P-{at}",
            name=f"Петрова Анна Ивановна {at}", position="teacher", primary_category="novice",
            categories=["novice", "deficit"], topics=["digital", "teaching_methods"], mentors_now=1,
        )  # fmt: skip


def main() -> int:
    """Write the workbook and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200_000)
    asked = parser.parse_args()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, worked = time.monotonic(), time.process_time()
    entries = Many(asked.people)
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
