"""Papers a school keeps in the service: its own templates in versions, its regulation, what papers say of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.tables.columns import UtcMoment, new_id, now


class DocumentFile(SQLModel, table=True):
    """A version of a file of an area, for one document of the regulations (``code``, "D-04").

    It is a template of the area's own, or for D-02 the regulation itself. ``state`` is "draft" (uploaded), "tested"
    (filled in with the data of a round) or "active"; one of a code is active, or none: then the one of the package is
    used. ``active_at`` stays with versions that were active once, so that one can go back to them.
    """

    __tablename__ = "document_file"
    __table_args__ = (UniqueConstraint("area_id", "code", "number"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    area_id: str = Field(foreign_key="area.id", index=True)
    code: str
    number: int
    name: str
    media_type: str
    sealed: bytes
    digest: str
    num_bytes: int
    state: str = "draft"
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=UtcMoment)
    tested_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    active_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    version: int = 1


class DocumentDetails(SQLModel, table=True):
    """What papers say of an organisation beyond its name: head, curator, address, pay. Sealed: it names officials."""

    __tablename__ = "document_details"

    area_id: str = Field(primary_key=True, foreign_key="area.id")
    sealed: bytes
    changed_by: str
    changed_at: datetime = Field(default_factory=now, sa_type=UtcMoment)
    version: int = 1
