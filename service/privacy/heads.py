"""The head of the audit trail, written out of the database, so that cutting the trail off or rewriting it shows.

Whoever can write the whole database can also compute a new chain; he cannot change the heads that were copied away.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlmodel import Session, col, select

from matcher.errors import Fault, InputError
from matcher.texts import text
from service.audit import broken_links
from service.core import Core
from service.tables.columns import now
from service.tables.privacy import AuditEntry

FOLDER = "audit-heads"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last entry of the trail at a moment: its number and its hash."""

    seq: int
    hash: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainVerdict:
    """What a check of the trail found.

    ``broken`` is the first entry that does not follow from the one before it; ``lost`` are heads written out earlier
    whose entry is not there any more, or is another one.
    """

    num_entries: int
    head: Head | None
    broken: int | None
    lost: tuple[Head, ...]

    @property
    def holds(self) -> bool:
        """Say whether nothing has been changed, left out or cut off."""
        return self.broken is None and not self.lost


def head_of(session: Session) -> Head | None:
    """Return the last entry of the trail, None while there is none."""
    last = session.exec(select(AuditEntry).order_by(col(AuditEntry.seq).desc()).limit(1)).first()
    return None if last is None else Head(seq=last.seq, hash=last.hash, at=last.at.isoformat())


def export_head(core: Core) -> Path | None:
    """Write the head of the trail into ``audit-heads`` and return the file; None while there is no entry."""
    with core.database.reading() as session:
        head = head_of(session)
    if head is None:
        return None
    folder = core.settings.folder / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{head.seq:012d}-{head.hash[:16]}.json"
    if path.exists():
        return path
    part = folder / f".{path.name}.{os.getpid()}.part"
    with part.open("w", encoding="utf-8") as file:
        json.dump(asdict(head) | {"exported_at": now().isoformat(timespec="seconds")}, file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return path


def read_heads(folder: Path) -> tuple[Head, ...]:
    """Return the heads written into a folder, the oldest first.

    Raises
    ------
    InputError
        When a file there is damaged.
    """
    found: list[Head] = []
    for file in sorted(folder.glob("*.json")):
        try:
            said = json.loads(file.read_text(encoding="utf-8"))
            found.append(Head(seq=said["seq"], hash=said["hash"], at=said["at"]))
        except (ValueError, KeyError, TypeError):
            cure = text("put the file back as it was exported, or look for who has changed it")
            raise InputError([Fault(str(file), text("this is no head of the audit trail"), cure)]) from None
    return tuple(sorted(found, key=lambda head: head.seq))


def check_chain(session: Session, heads: Iterable[Head] = ()) -> ChainVerdict:
    """Return whether the trail holds in itself and has every head of ``heads`` in it."""
    head = head_of(session)
    known = tuple(heads)
    wanted = select(AuditEntry.seq, AuditEntry.hash).where(col(AuditEntry.seq).in_([one.seq for one in known]))
    hashes = dict(session.exec(wanted).all())
    return ChainVerdict(
        num_entries=0 if head is None else head.seq,
        head=head,
        broken=next(iter(broken_links(session)), None),
        lost=tuple(one for one in known if hashes.get(one.seq) != one.hash),
    )
