"""Which program computed something: a hash of its code, so that no result of an older one is taken for its own."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

# What stands beside the code of scenarios is an input of theirs, and has a hash of its own.
_PACKAGES = {"matcher": (".py", ".toml"), "scenarios": (".py",)}


@cache
def program_hash() -> str:
    """Return a hash of the code and the regulations of this program; wordings do not count.

    >>> len(program_hash())
    64
    """
    found = hashlib.sha256()
    for package, kinds in _PACKAGES.items():
        with resources.as_file(resources.files(package)) as folder:
            files = (file for file in folder.rglob("*") if file.suffix in kinds and file.is_file())
            for file in sorted(files, key=lambda one: one.relative_to(folder).as_posix()):
                found.update(f"{package}/{file.relative_to(folder).as_posix()}\0".encode())
                found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()
