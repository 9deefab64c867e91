"""Makes a backup: one file with everything the service holds, sealed under a key of its own.

Inside the seal is an ordinary ZIP archive: the tables, the master key, the heads of the audit trail, and a manifest
with a checksum of every table. The master key lies there because without it the tables cannot be read; it is never
written anywhere in plain, and the key of backups is never inside. The tables of the job library are left out: their
queue is made again from the rows of the runs.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path

from matcher.errors import Fault, InputError
from matcher.texts import text
from service.audit import append_audit
from service.core import Core
from service.privacy.backup.sealed_file import SealedWriter, derive_key, sealing_header
from service.privacy.backup.tables import (
    TableSum,
    columns_of,
    copy_out,
    copy_sqlite,
    postgres_snapshot,
    postgres_tables,
    revision_of_sqlite,
    sqlite_path,
    sums_of_sqlite,
)
from service.privacy.heads import FOLDER, export_head
from service.tables.columns import now

SUFFIX = ".backup"
DATABASE, MANIFEST, KEY, TABLES = "database.sqlite3", "manifest.json", "matcher.key", "tables"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds: when it was made, of which kind of database in which state, and the sum of every table."""

    made_at: str
    kind: str
    revision: str
    tables: dict[str, TableSum]
    columns: dict[str, list[str]]

    def as_json(self) -> str:
        """Return the manifest as it stands in the file."""
        return json.dumps(asdict(self), indent=1, sort_keys=True)

    @classmethod
    def of_json(cls, content: bytes) -> Manifest:
        """Return the manifest of a file."""
        said = json.loads(content)
        tables = {name: TableSum(**one) for name, one in said.pop("tables").items()}
        return cls(tables=tables, **said)


def make_backup(core: Core, path: Path, *, actor: str = "command") -> Manifest:
    """Write everything into one sealed file, which appears whole or not; the running service goes on writing.

    Raises
    ------
    InputError
        When the key or the passphrase of backups is not there, or nothing may be written to the place.
    """
    export_head(core)
    header = sealing_header(core.settings)
    key = derive_key(header, core.settings, create=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    handle = _open_new(part)
    try:
        with os.fdopen(handle, "wb") as file:
            sealed = SealedWriter(file, header, key)
            with zipfile.ZipFile(sealed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                manifest = _write(core, archive)
            sealed.finish()
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    with core.database.writing() as session:
        said = {"rows": sum(one.rows for one in manifest.tables.values()), "revision": manifest.revision}
        append_audit(session, core.vault, actor=actor, action="backup.make", area_id=None, details=said)
    return manifest


def _open_new(part: Path) -> int:
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        return os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        fault = Fault(str(part.parent), text("writing is not allowed here"), text("choose another folder"))
        raise InputError([fault]) from None


def default_path(core: Core) -> Path:
    """Return where a backup goes that is given no name."""
    return core.settings.folder / "backups" / f"matcher-{now():%Y%m%dT%H%M%S}{SUFFIX}"


def rotate(core: Core, folder: Path) -> int:
    """Remove backups older than the settings say, but never the newest one; return how many."""
    found = sorted(folder.glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime)
    oldest = time.time() - core.settings.keep_backups_days * 24 * 3600
    old = [path for path in found[:-1] if path.stat().st_mtime < oldest]
    for path in old:
        path.unlink()
    return len(old)


def _write(core: Core, archive: zipfile.ZipFile) -> Manifest:
    manifest = _write_sqlite(core, archive) if core.database.is_sqlite else _write_postgres(core, archive)
    archive.writestr(KEY, core.settings.key_path.read_bytes())
    for head in sorted((core.settings.folder / FOLDER).glob("*.json")):
        archive.write(head, f"{FOLDER}/{head.name}")
    archive.writestr(MANIFEST, manifest.as_json())
    return manifest


def _write_sqlite(core: Core, archive: zipfile.ZipFile) -> Manifest:
    made_at = now().isoformat(timespec="seconds")
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=core.settings.folder) as folder:
        copy = Path(folder) / DATABASE
        copy_sqlite(sqlite_path(core.database.url), copy)
        sums = sums_of_sqlite(copy)
        revision = revision_of_sqlite(copy)
        archive.write(copy, DATABASE)
    return Manifest(made_at=made_at, kind="sqlite", revision=revision, tables=sums, columns={})


def _write_postgres(core: Core, archive: zipfile.ZipFile) -> Manifest:
    made_at = now().isoformat(timespec="seconds")
    sums: dict[str, TableSum] = {}
    columns: dict[str, list[str]] = {}
    with postgres_snapshot(core.database.url) as connection:
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
        for name in postgres_tables(connection):
            columns[name] = columns_of(connection, name)
            with archive.open(f"{TABLES}/{name}", "w", force_zip64=True) as member:
                sums[name] = copy_out(connection, name, member.write)
    return Manifest(made_at=made_at, kind="postgresql", revision=revision, tables=sums, columns=columns)
