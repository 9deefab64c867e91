"""Files an area keeps for its papers: templates of its own in versions, and its regulation (D-02)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlmodel import Session, col, func, select

from matcher.errors import Fault
from matcher.texts import text
from service.documents.catalogue import PAPERS
from service.documents.preflight import MAX_BYTES, check_docx
from service.errors import not_found, refused, wrong_input
from service.tables.areas import Area
from service.tables.columns import now
from service.tables.documents import DocumentFile
from service.vault import Vault

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
ZIP = "application/zip"
REGULATION = "D-02"
_MOST_VERSIONS = 50


def keep_file(
    session: Session, vault: Vault, area: Area, code: str, name: str, content: bytes, by: str
) -> DocumentFile:
    """Keep a new version of a file; a regulation counts at once, a template once it has been tried and switched on.

    Raises
    ------
    InputError, Problem
        When the file may not be opened, or there are too many versions.
    """
    is_pdf = code == REGULATION and content.startswith(b"%PDF-")
    if is_pdf:
        if len(content) > 4 * MAX_BYTES:
            raise wrong_input([Fault(name, text("the file is larger than {megabytes} MB", megabytes=20))])
    else:
        check_docx(content, name)
    if PAPERS[code].build is None and code != REGULATION:
        raise not_found()
    _hold(session, area)
    last = session.exec(
        select(func.max(DocumentFile.number)).where(DocumentFile.area_id == area.id, DocumentFile.code == code)
    ).one()
    if (last or 0) >= _MOST_VERSIONS:
        raise refused([Fault("file", text("there are {count} versions already", count=_MOST_VERSIONS))])
    row = DocumentFile(
        area_id=area.id,
        code=code,
        number=(last or 0) + 1,
        name=name,
        media_type=PDF if is_pdf else DOCX,
        sealed=b"",
        digest=hashlib.sha256(content).hexdigest(),
        num_bytes=len(content),
        created_by=by,
    )
    row.sealed = vault.seal(content, f"document:{row.id}")
    session.add(row)
    session.flush()
    if code == REGULATION:
        switch_on(session, row)
    return row


def open_file(vault: Vault, row: DocumentFile) -> bytes:
    """Return the content of a file."""
    return vault.open(row.sealed, f"document:{row.id}")


def versions_of(session: Session, area: Area, code: str) -> Sequence[DocumentFile]:
    """Return the versions of a file of an area, the newest first."""
    found = select(DocumentFile).where(DocumentFile.area_id == area.id, DocumentFile.code == code)
    return session.exec(found.order_by(col(DocumentFile.number).desc())).all()


def version_of(session: Session, area: Area, code: str, number: int) -> DocumentFile:
    """Return one version; 404 where there is none."""
    found = next((one for one in versions_of(session, area, code) if one.number == number), None)
    if found is None:
        raise not_found()
    return found


def active_file(session: Session, area: Area, code: str) -> DocumentFile | None:
    """Return the file in use for an area: its own, else of the nearest area it lies in; None: that of the package."""
    line = area.path.strip("/").split("/")
    found = session.exec(
        select(DocumentFile).where(
            DocumentFile.code == code, DocumentFile.state == "active", col(DocumentFile.area_id).in_(line)
        )
    )
    return max(found, key=lambda one: line.index(one.area_id), default=None)


def mark_tested(session: Session, row: DocumentFile) -> None:
    """Note that a version has been filled in with the data of a round."""
    row.tested_at = now()
    if row.state == "draft":
        row.state = "tested"
    row.version += 1
    session.add(row)
    session.flush()


def switch_on(session: Session, row: DocumentFile) -> None:
    """Use a version from now on in place of the one before.

    Raises
    ------
    Problem
        409 where a template has not been tried with the data of a round yet.
    """
    if row.code != REGULATION and row.tested_at is None:
        cure = text("try it with the data of a round and look at what comes out")
        raise refused([Fault("template", text("this version has not been tried yet"), cure)])
    _switch_off(session, row.area_id, row.code)
    row.state, row.active_at = "active", now()
    row.version += 1
    session.add(row)
    session.flush()


def roll_back(session: Session, area: Area, code: str) -> DocumentFile | None:
    """Go back to the version that was in use before; None: to the template of the package."""
    _hold(session, area)
    rows = versions_of(session, area, code)
    present = next((one for one in rows if one.state == "active"), None)
    if present is None:
        raise refused([Fault("template", text("no version of your own is in use"))])
    before = [one for one in rows if one.active_at is not None and one.number < present.number]
    _switch_off(session, area.id, code)
    if not before:
        return None
    switch_on(session, before[0])
    return before[0]


def _switch_off(session: Session, area_id: str, code: str) -> None:
    active = select(DocumentFile).where(
        DocumentFile.area_id == area_id, DocumentFile.code == code, DocumentFile.state == "active"
    )
    for one in session.exec(active):
        one.state = "tested"
        one.version += 1
        session.add(one)
    session.flush()


def _hold(session: Session, area: Area) -> None:
    """Let nobody else give out a number of a version meanwhile."""
    session.exec(select(Area.id).where(Area.id == area.id).with_for_update(key_share=True)).one()
