"""Word files as PDF by LibreOffice, where it is installed: one at a time, in a limited process with its own profile."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

from matcher.texts import text
from service.errors import Problem

WALL_SECONDS = 90.0
_PROGRAM = Path(__file__).with_name("office_child.py")
_ONE_AT_A_TIME = threading.BoundedSemaphore(1)
_NAMES = ("soffice", "libreoffice")


def office() -> str | None:
    """Return where LibreOffice is, None where it is not installed."""
    return next((found for found in map(shutil.which, _NAMES) if found is not None), None)


def as_pdf(docx: bytes) -> bytes:
    """Return a Word file as PDF.

    Raises
    ------
    Problem
        503 where LibreOffice is not installed, is busy for long, or does not manage the file.
    """
    program = office()
    if program is None:
        detail = text("LibreOffice is not installed on this computer. Take the Word file, or ask the administrator.")
        raise Problem(503, "no-pdf", text("There is no PDF here."), detail=detail)
    if not _ONE_AT_A_TIME.acquire(timeout=WALL_SECONDS):
        raise _too_slow()
    try:
        with TemporaryDirectory(prefix="matcher-pdf-") as place:
            return _converted(program, Path(place), docx)
    finally:
        _ONE_AT_A_TIME.release()


def _converted(program: str, folder: Path, docx: bytes) -> bytes:
    (folder / "paper.docx").write_bytes(docx)
    command = [
        sys.executable,
        "-I",
        str(_PROGRAM),
        program,
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nologo",
        "--nodefault",
    ]
    command += [f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", "pdf:writer_pdf_Export"]
    command += ["--outdir", str(folder), str(folder / "paper.docx")]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={"HOME": str(folder), "TMPDIR": str(folder), "PATH": "/usr/bin:/bin", "LANG": "ru_RU.UTF-8"},
        start_new_session=True,
    )
    try:
        process.wait(timeout=WALL_SECONDS)
    except subprocess.TimeoutExpired:
        raise _too_slow() from None
    finally:
        _end(process)
    made = folder / "paper.pdf"
    if not made.exists():
        raise _too_slow()
    return made.read_bytes()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End LibreOffice with everything it has started: they are one group of processes."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _too_slow() -> Problem:
    detail = text("Take the Word file, or try again later.")
    return Problem(503, "no-pdf", text("The PDF could not be made."), detail=detail)
