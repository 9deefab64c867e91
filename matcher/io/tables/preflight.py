"""Look at a workbook from outside before anything is unpacked.

Only the list of members of the archive is read here, never their contents, so a hostile file costs nothing.

References
----------
OWASP ASVS 5.0, 5.2.1–5.2.3 (types, sizes, unpacked sizes of uploads).
"""

from __future__ import annotations

import zipfile
from itertools import pairwise
from pathlib import Path

from matcher.errors import InputError
from matcher.io.tables.table import file_error
from matcher.texts import Text, text

MAX_FILE_BYTES = 64 * 2**20
MAX_UNPACKED_BYTES = 512 * 2**20
MAX_MEMBERS = 2_000
MAX_RATIO = 250
"""Unpacked to packed size; spreadsheets of repeated rows reach 60."""
_RATIO_COUNTS_FROM_BYTES = 4 * 2**20

_OLE_MAGIC = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_SAVE_AS_XLSX = text("open the file in a spreadsheet program and save it as an Excel workbook (.xlsx)")
_OTHER_SPREADSHEETS = (".xls", ".xlsb", ".xlsm", ".xltx", ".ods", ".fods", ".xods", ".uos", ".numbers", ".gsheet")


def other_format(path: Path, kinds: Text) -> InputError:
    """Return the error of a roster in a format that is not read; ``kinds`` are those that are.

    Somebody who saved the sheets in the own format of his program is told how to save them anew instead.
    """
    suffix = path.suffix.casefold()
    if suffix in _OTHER_SPREADSHEETS:
        message = text("this is a spreadsheet of another format ({suffix})", suffix=suffix)
        kinds = text("open it in the program it was made in and choose File, Save as, Excel workbook (.xlsx)")
    else:
        message = text("a roster of this format cannot be read")
    return file_error(path.name, "unknown_format", message, kinds)


def check_container(path: Path) -> None:
    """Check that ``path`` is an ordinary .xlsx archive of reasonable size.

    Raises
    ------
    InputError
        When it is empty, too large, another format under this name, encrypted, damaged, or a zip bomb.
    """
    size = path.stat().st_size
    if size == 0:
        raise file_error(path.name, "empty_file", text("the file is empty"), _SAVE_AS_XLSX)
    if size > MAX_FILE_BYTES:
        raise _too_large(path, size)
    with path.open("rb") as stream:
        head = stream.read(8)
        if head == _OLE_MAGIC:
            stream.seek(0)
            raise _old_format(path, is_encrypted=_ENCRYPTED_STREAM in stream.read())
    if head[:2] != b"PK":
        raise _not_a_workbook(path)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, UnicodeDecodeError) as error:
        raise _damaged(path) from error
    _check_members(path, members, size)


def _check_members(path: Path, members: list[zipfile.ZipInfo], size: int) -> None:
    names = [member.filename for member in members]
    if len(members) > MAX_MEMBERS:
        raise _suspicious(path, "zip_bomb", text("the archive holds {count} parts", count=len(members)))
    if len({name.casefold() for name in names}) < len(names):
        raise _suspicious(path, "duplicate_members", text("the archive holds two parts of the same name"))
    if any(member.flag_bits & 1 for member in members):
        raise _old_format(path, is_encrypted=True)
    unpacked = sum(member.file_size for member in members)
    for member in members:
        ratio = member.file_size / max(1, member.compress_size)
        if member.file_size > _RATIO_COUNTS_FROM_BYTES and ratio > MAX_RATIO:
            raise _suspicious(path, "zip_bomb", text("one part unpacks to {ratio} times its size", ratio=round(ratio)))
    if unpacked > MAX_UNPACKED_BYTES:
        raise _too_large(path, unpacked)
    ends = sorted((member.header_offset, member.header_offset + member.compress_size) for member in members)
    if any(end > after for (_, end), (after, _) in pairwise(ends)) or (ends and ends[-1][1] > size):
        raise _suspicious(path, "overlapping_members", text("parts of the archive overlap"))
    if "xl/vbaProject.bin" in names:
        raise file_error(
            path.name, "macros", text("the workbook holds macros"), text("save it as an Excel workbook without macros")
        )
    if "xl/workbook.xml" not in names:
        raise _not_a_workbook(path)


def _too_large(path: Path, size: int) -> Exception:
    return file_error(
        path.name,
        "too_large",
        text("the file is too large: {megabytes} MB", megabytes=round(size / 2**20)),
        text("keep the data only, or use a folder of CSV or Parquet files for a large roster"),
    )


def _old_format(path: Path, *, is_encrypted: bool) -> Exception:
    if is_encrypted:
        cure = text("remove the password (File, Info, Protect workbook) and save again")
        return file_error(path.name, "encrypted", text("the workbook is protected by a password"), cure)
    return file_error(
        path.name, "old_xls", text("this is a workbook of the old .xls format under another name"), _SAVE_AS_XLSX
    )


def _not_a_workbook(path: Path) -> Exception:
    return file_error(path.name, "not_a_workbook", text("this is not an Excel workbook (.xlsx)"), _SAVE_AS_XLSX)


def _damaged(path: Path) -> Exception:
    return file_error(path.name, "damaged", text("the workbook is damaged and cannot be opened"), _SAVE_AS_XLSX)


def _suspicious(path: Path, kind: str, message: Text) -> Exception:
    cure = text("no spreadsheet program writes such a file; make it anew from the template")
    return file_error(path.name, kind, message, cure)
