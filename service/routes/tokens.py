"""Tokens for programs: each may do what its account may, or less."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from service.access.own import own_account
from service.access.tokens import MAX_DAYS, make_token, revoke_token
from service.access.words import Name, RowId
from service.errors import not_found
from service.routes.answers import READ, WRITE, Limit, problems
from service.tables.access import ApiToken, Role
from service.work import Reading, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["tokens"])


class NewToken(BaseModel):
    """A token to make. ``roles`` are some of those of its account; empty: all of them."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Name, Field(examples=["timetable import"])]
    roles: list[Role] = Field(default=[], max_length=len(Role))
    days: int = Field(default=90, ge=1, le=MAX_DAYS)


class TokenOut(BaseModel):
    """A token, without the word that opens."""

    id: str
    name: str
    roles: list[Role]
    created_at: datetime
    expires_at: datetime | None
    seen_at: datetime | None
    revoked: bool


class TokenMade(TokenOut):
    """A new token; ``token`` is shown only now."""

    token: str


class TokenPage(BaseModel):
    """A page of tokens."""

    items: list[TokenOut]
    next: str | None


@router.post("/api/v1/tokens", status_code=201, responses=WRITE)
def new_token(work: Writing, body: NewToken) -> TokenMade:
    """Make a token of one's own account for a program."""
    account = own_account(work)
    lasts = timedelta(days=body.days)
    token, word = make_token(work.session, work.core, account, body.name, body.roles, lasts, work.viewer.actor)
    return TokenMade(**_shown(token).model_dump(), token=word)


@router.get("/api/v1/tokens", responses=problems())
def my_tokens(
    work: Reading,
    limit: Limit = 50,
    after: Annotated[RowId | None, Query(description="`next` of the page before")] = None,
) -> TokenPage:
    """Return the tokens of one's own account."""
    account = own_account(work)
    asked = select(ApiToken).where(ApiToken.account_id == account.id).order_by(col(ApiToken.id)).limit(limit + 1)
    if after is not None:
        asked = asked.where(ApiToken.id > after)
    found = work.session.exec(asked).all()
    page = found[:limit]
    return TokenPage(items=[_shown(one) for one in page], next=page[-1].id if len(found) > limit else None)


@router.delete("/api/v1/tokens/{token_id}", status_code=204, responses=READ)
def revoke(work: Writing, token_id: str) -> None:
    """Revoke a token of one's own account, at once."""
    account = own_account(work)
    token = work.session.get(ApiToken, token_id)
    if token is None or token.account_id != account.id:
        raise not_found()
    revoke_token(work.session, work.core, token, work.viewer.actor)


def _shown(token: ApiToken) -> TokenOut:
    return TokenOut(
        id=token.id,
        name=token.name,
        roles=[Role(word) for word in token.roles.split(",") if word],
        created_at=token.created_at,
        expires_at=token.expires_at,
        seen_at=token.seen_at,
        revoked=token.revoked_at is not None,
    )
