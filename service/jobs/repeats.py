"""Requests that are sent twice: the same key gets the answer it got, and nothing is done again."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse
from sqlalchemy import text as sql
from sqlmodel import Session

from matcher.errors import Fault
from matcher.texts import text
from service.errors import wrong_input
from service.tables.privacy import StoredAnswer
from service.work import Work


def lock(session: Session, word: str) -> None:
    """Let nobody else go on with the same word until the transaction ends; on SQLite writers are alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big", signed=True)
        session.execute(sql("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def answer_before(work: Work, key: str | None, asked: dict[str, Any]) -> Response | None:
    """Return the answer this caller got for the same key, None where the key is new.

    Raises
    ------
    Problem
        422 when the key was used for another request.
    """
    if key is None:
        return None
    lock(work.session, f"repeat:{work.viewer.actor}:{key}")
    kept = work.session.get(StoredAnswer, (work.viewer.actor, key))
    if kept is None:
        return None
    if kept.request_digest != _digest(work, asked):
        cure = text("use a new key for a new request")
        raise wrong_input([Fault("Idempotency-Key", text("this key was used for another request"), cure)])
    return Response(kept.body, kept.status, headers=dict(kept.headers), media_type="application/json")


def keep_answer(work: Work, key: str | None, asked: dict[str, Any], answer: JSONResponse) -> JSONResponse:
    """Keep an answer with the work it tells of, in one transaction, and return it."""
    if key is not None:
        work.session.add(
            StoredAnswer(
                actor=work.viewer.actor,
                key=key,
                request_digest=_digest(work, asked),
                status=answer.status_code,
                headers={name: value for name, value in answer.headers.items() if name in ("location", "retry-after")},
                body=bytes(answer.body),
            )
        )
    return answer


def _digest(work: Work, asked: dict[str, Any]) -> str:
    said = f"{work.request.method} {work.request.url.path}\n{json.dumps(asked, sort_keys=True, default=str)}"
    return hashlib.sha256(said.encode()).hexdigest()
