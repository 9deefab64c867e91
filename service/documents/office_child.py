"""The program that becomes LibreOffice: it sets limits on itself first. Its arguments are the command."""

from __future__ import annotations

import os
import resource
import sys

CPU_SECONDS, FILE_BYTES, MEMORY_BYTES = 60, 200 * 2**20, 4 * 2**30


def main() -> None:
    """Set the limits and become the command."""
    for kind, amount in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (amount, amount))
    os.execv(sys.argv[1], sys.argv[1:])


if __name__ == "__main__":
    main()
