"""Who may come in: accounts, rights, browser sessions, tokens and personal links."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from service.tables.columns import UtcMoment, new_id, now


class Role(StrEnum):
    """The roles of the regulations, and the administrator who sets the service up."""

    ADMINISTRATOR = "administrator"
    MUNICIPAL_OPERATOR = "municipal_operator"
    MUNICIPAL_AUTHORITY = "municipal_authority"
    METHODICAL_SERVICE = "methodical_service"
    REGIONAL_READER = "regional_reader"
    HEAD = "head"
    CURATOR = "curator"
    COUNCIL_MEMBER = "council_member"
    PSYCHOLOGIST = "psychologist"
    TUTOR = "tutor"
    ROUTE_SUPPORTER = "route_supporter"
    UNION = "union"
    OUTSIDE_EXPERT = "outside_expert"
    TECHNICAL_SPECIALIST = "technical_specialist"
    MENTOR = "mentor"
    MENTEE = "mentee"
    LEGAL_REPRESENTATIVE = "legal_representative"


class Account(SQLModel, table=True):
    """Somebody who signs in with a password (or through the municipality's directory) and a second factor.

    ``sealed_next_totp`` is a second factor being set up: it counts only once a code of it has been shown.
    """

    __tablename__ = "account"

    id: str = Field(default_factory=new_id, primary_key=True)
    login: str = Field(unique=True)
    name: str = ""
    password_hash: str | None = None
    oidc_subject: str | None = Field(default=None, unique=True)
    sealed_totp: bytes | None = None
    sealed_next_totp: bytes | None = None
    totp_confirmed_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    last_totp_step: int = 0
    disabled_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    password_changed_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    created_at: datetime = Field(default_factory=now, sa_type=UtcMoment)
    version: int = 1


class RecoveryCode(SQLModel, table=True):
    """A code that stands in for the second factor once."""

    __tablename__ = "recovery_code"

    id: str = Field(default_factory=new_id, primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    code_hash: str
    used_at: datetime | None = Field(default=None, sa_type=UtcMoment)


class Grant(SQLModel, table=True):
    """A role somebody holds in an area and in all below it; ``person_id`` where he acts as a person of a roster."""

    __tablename__ = "access_grant"

    id: str = Field(default_factory=new_id, primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    role: str
    area_id: str = Field(foreign_key="area.id", index=True)
    person_id: str | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(default_factory=now, sa_type=UtcMoment)
    ends_at: datetime | None = Field(default=None, sa_type=UtcMoment)


class WebSession(SQLModel, table=True):
    """A browser that has signed in: the cookie is kept only as its hash."""

    __tablename__ = "web_session"

    token_hash: str = Field(primary_key=True)
    account_id: str | None = Field(default=None, foreign_key="account.id", index=True)
    link_id: str | None = Field(default=None, foreign_key="personal_link.id", index=True)
    second_factor: bool = False
    created_at: datetime = Field(default_factory=now, sa_type=UtcMoment)
    seen_at: datetime = Field(default_factory=now, sa_type=UtcMoment)
    expires_at: datetime = Field(sa_type=UtcMoment)
    client: str = ""


class Invitation(SQLModel, table=True):
    """A link with which somebody sets his own password, once; kept only as its hash."""

    __tablename__ = "invitation"

    id: str = Field(default_factory=new_id, primary_key=True)
    token_hash: str = Field(unique=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=UtcMoment)
    expires_at: datetime = Field(sa_type=UtcMoment)
    used_at: datetime | None = Field(default=None, sa_type=UtcMoment)


class ApiToken(SQLModel, table=True):
    """A token for programs; it may do what its account may, or less (``roles``, by commas; empty: all)."""

    __tablename__ = "api_token"

    id: str = Field(default_factory=new_id, primary_key=True)
    token_hash: str = Field(unique=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    name: str
    roles: str = ""
    created_at: datetime = Field(default_factory=now, sa_type=UtcMoment)
    expires_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    seen_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcMoment)


class PersonalLink(SQLModel, table=True):
    """The way in of a mentor or mentee who has no account: a long random word, kept only as its hash."""

    __tablename__ = "personal_link"

    id: str = Field(default_factory=new_id, primary_key=True)
    token_hash: str = Field(unique=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    role: str
    round_id: str | None = Field(default=None, foreign_key="round.id", index=True)
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=UtcMoment)
    expires_at: datetime = Field(sa_type=UtcMoment)
    used_at: datetime | None = Field(default=None, sa_type=UtcMoment)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcMoment)


class CalendarSecret(SQLModel, table=True):
    """The secret address under which a person's calendar can be subscribed to."""

    __tablename__ = "calendar_secret"

    id: str = Field(default_factory=new_id, primary_key=True)
    token_hash: str = Field(unique=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    created_at: datetime = Field(default_factory=now, sa_type=UtcMoment)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcMoment)


class SignInAttempt(SQLModel, table=True):
    """A call that is counted (a sign-in that has not succeeded, a costly route), in all processes alike.

    ``subject`` says what was called by whom, as a hash: it tells nothing of a person.
    """

    __tablename__ = "sign_in_attempt"

    id: int | None = Field(default=None, primary_key=True)
    subject: str = Field(index=True)
    at: datetime = Field(default_factory=now, sa_type=UtcMoment, index=True)
