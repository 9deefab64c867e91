"""What hangs on a round, a pair or a person: programmes, reports, interviews, conflicts and the like.

They differ in their fields, not in their life, so they share one table; ``service.records.kinds`` says what each has.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.tables.columns import UtcMoment, new_id, now


class Record(SQLModel, table=True):
    """One version of a record; the newest of a ``root_id`` has no ``replaced_at``. People know it by ``root_id``.

    ``sealed`` are its fields, under the key of ``person_id`` or, without one, under the master key; ``figures`` those
    that statistics need, with nothing in them that leads to a person. ``author_id`` is the participant who wrote it
    himself. ``slot`` names what there may be only one of ("programme:" and the pair); versions replaced have none.
    """

    __tablename__ = "record"
    __table_args__ = (UniqueConstraint("root_id", "number"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    root_id: str = Field(index=True)
    number: int = 1
    kind: str = Field(index=True)
    area_id: str = Field(foreign_key="area.id", index=True)
    round_id: str | None = Field(default=None, foreign_key="round.id", index=True)
    pair_id: str | None = Field(default=None, foreign_key="pair.id", index=True)
    person_id: str | None = Field(default=None, foreign_key="person.id", index=True)
    author_id: str | None = Field(default=None, foreign_key="person.id", index=True)
    slot: str | None = Field(default=None, unique=True)
    state: str = "draft"
    due_day: date | None = None
    sealed: bytes | None = None
    figures: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    acknowledged: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=UtcMoment)
    replaced_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    version: int = 1
