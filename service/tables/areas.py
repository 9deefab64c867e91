"""Where things belong: organisations in municipalities in regions, and the people of each."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.tables.columns import UtcMoment, new_id, now


class AreaKind(StrEnum):
    """The steps of the tree of areas; rights given for one hold for all below it."""

    REGION = "region"
    MUNICIPALITY = "municipality"
    ORGANISATION = "organisation"


class Area(SQLModel, table=True):
    """A region, a municipality or an organisation: the owner of everything in the service.

    ``path`` has the ids from the top down to this area, each followed by "/", so that all below an area share its
    path as a beginning. ``code`` is the identifier rosters use for it.
    """

    __tablename__ = "area"
    __table_args__ = (UniqueConstraint("parent_id", "code"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    kind: str
    parent_id: str | None = Field(default=None, foreign_key="area.id", index=True)
    path: str = Field(index=True)
    code: str
    name: str
    organisation_type: str | None = None
    time_zone: str = "Europe/Moscow"
    created_at: datetime = Field(default_factory=now, sa_type=UtcMoment)
    version: int = 1


class Person(SQLModel, table=True):
    """Somebody a roster speaks of, under an identifier that says nothing of him.

    ``code`` is the identifier in the rosters of ``area_id``. ``sealed`` holds name and contacts under the key of the
    person (:class:`PersonKey`); when that key is destroyed nobody can read them, here or in any audit row.
    """

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("area_id", "code"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    area_id: str = Field(foreign_key="area.id", index=True)
    code: str
    sealed: bytes | None = None
    created_at: datetime = Field(default_factory=now, sa_type=UtcMoment)
    erased_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    version: int = 1


class PersonKey(SQLModel, table=True):
    """The key of one person's data, wrapped by the master key; the row goes when the person is erased."""

    __tablename__ = "person_key"

    person_id: str = Field(primary_key=True, foreign_key="person.id")
    wrapped: bytes
