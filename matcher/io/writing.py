"""Where results are written: what a disk refuses is told like any other fault."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from matcher.errors import Fault, InputError
from matcher.texts import text


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the disk refuses while ``path`` is written into a fault with its cure.

    Raises
    ------
    InputError
        When the place cannot be written to: no such folder, no right, a file open elsewhere, a full disk.
    """
    from xlsxwriter.exceptions import XlsxFileError

    try:
        yield
    except (OSError, XlsxFileError) as error:
        cause = error if isinstance(error, OSError) else error.args[0]
        raise InputError([_fault(path, getattr(cause, "errno", None))]) from error


def make_folder(path: Path) -> None:
    """Make a folder for results, unless it is there.

    Raises
    ------
    InputError
        When it cannot be made.
    """
    with writing(path):
        path.mkdir(parents=True, exist_ok=True)


def _fault(path: Path, number: int | None) -> Fault:
    another = text("choose another folder")
    if number in (errno.EACCES, errno.EPERM, errno.EROFS):
        cure = text("close the file where it is open, or choose another folder")
        return Fault(str(path), text("writing is not allowed here"), cure)
    if number == errno.ENOSPC:
        return Fault(str(path), text("the disk is full"), text("make room or choose another folder"))
    if number in (errno.EEXIST, errno.ENOTDIR):
        return Fault(str(path), text("a file stands where a folder is needed"), another)
    if number == errno.EISDIR:
        return Fault(str(path), text("a folder stands where a file is needed"), text("choose another name"))
    if number == errno.ENOENT:
        return Fault(str(path), text("there is no such folder, and it cannot be made"), another)
    return Fault(str(path), text("it could not be written"), another)
