"""What the law on personal data asks to be kept: consents, who looked at what, who did what, who was erased."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from service.tables.columns import UtcMoment, new_id, now


class Consent(SQLModel, table=True):
    """A consent of one person for one purpose: a paper of its own (156-FZ), with its text, term and withdrawal.

    ``scan_reference`` says where the signed paper lies; a refusal is a row too (``refused``), and asks no reason.
    """

    __tablename__ = "consent"

    id: str = Field(default_factory=new_id, primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    area_id: str = Field(foreign_key="area.id", index=True)
    round_id: str | None = Field(default=None, foreign_key="round.id", index=True)
    purpose: str
    text_digest: str = ""
    paper: bool = True
    scan_reference: str = ""
    given_by: str = "person"
    given_day: date
    expires_day: date | None = None
    refused: bool = False
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    recorded_by: str
    recorded_at: datetime = Field(default_factory=now, sa_type=UtcMoment)


class AuditEntry(SQLModel, table=True):
    """Who did what, when: a link of a chain. ``hash`` covers the entry and the hash before it; nobody edits it.

    ``subjects`` are identifiers of people and things; ``sealed`` what was done in detail, under the key of the
    person ``sealed_for``, so that erasing him leaves the chain whole and the details unreadable.
    """

    __tablename__ = "audit"

    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcMoment)
    actor: str
    action: str
    area_id: str | None = Field(default=None, index=True)
    subjects: list[str] = Field(default_factory=list, sa_type=JSON)
    sealed_for: str | None = None
    sealed: bytes | None = None
    previous_hash: str
    hash: str


class AccessEntry(SQLModel, table=True):
    """Who looked at personal data, when, at what, and why."""

    __tablename__ = "access_log"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(default_factory=now, sa_type=UtcMoment, index=True)
    actor: str = Field(index=True)
    area_id: str | None = Field(default=None, index=True)
    what: str
    subject: str | None = None
    why: str
    request_id: str = ""


class Erasure(SQLModel, table=True):
    """A person to be erased: asked when, due when, held or done, and the act that proves it (order RKN 179).

    ``stop_day`` is the last day on which his data may still be processed, where the ground names one.
    """

    __tablename__ = "erasure"

    id: str = Field(default_factory=new_id, primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    area_id: str = Field(foreign_key="area.id", index=True)
    ground: str
    asked_at: datetime = Field(default_factory=now, sa_type=UtcMoment)
    stop_day: date | None = None
    due_day: date
    hold_reason: str | None = None
    done_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    act: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    asked_by: str


class PrivacyTask(SQLModel, table=True):
    """Something the law gives days for after a consent is withdrawn: ``kind`` says what, ``due_day`` until when."""

    __tablename__ = "privacy_task"

    id: str = Field(default_factory=new_id, primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    area_id: str = Field(foreign_key="area.id", index=True)
    consent_id: str | None = Field(default=None, foreign_key="consent.id")
    kind: str
    due_day: date
    created_at: datetime = Field(default_factory=now, sa_type=UtcMoment)
    done_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    done_by: str | None = None


class StoredAnswer(SQLModel, table=True):
    """The answer a request with an idempotency key got, so that repeating it does nothing twice."""

    __tablename__ = "stored_answer"

    actor: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    request_digest: str
    status: int
    headers: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    body: bytes = b""
    at: datetime = Field(default_factory=now, sa_type=UtcMoment)


class Setting(SQLModel, table=True):
    """A word the service keeps for itself, such as the hash of the set-up link."""

    __tablename__ = "service_setting"

    name: str = Field(primary_key=True)
    value: str
    at: datetime = Field(default_factory=now, sa_type=UtcMoment)
