"""Signing in through the municipality's own directory (OpenID Connect); off unless the settings name it.

The directory stands in for the password, never for the second factor, and never makes an account: whoever it names must
have one that carries his subject.

References
----------
OpenID Connect Core 1.0, 3.1 (code flow); RFC 7636 (PKCE).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import logging
import secrets
from typing import TYPE_CHECKING, Any, cast

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.oidc.core import CodeIDToken
from fastapi import Request, Response
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from sqlmodel import select

from matcher.texts import text
from service.access.cookies import is_protected
from service.access.set_up import public_address
from service.access.sign_in import Arrival, arrive
from service.core import Core
from service.errors import Problem, not_found
from service.settings import Settings
from service.tables.access import Account
from service.tables.columns import now
from service.vault import BrokenSeal

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import OAuth2Client

_LOG = logging.getLogger("service.access")
BACK = "/sign-in/directory/back"
_COOKIE = "matcher-directory"
_CONTEXT = "directory:sign-in"
_SECONDS = 600
"""How long somebody may take at the directory."""
_TIMEOUT_SECONDS = 10.0
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]

transport: httpx.BaseTransport | None = None
"""How the directory is reached; tests put one of their own here."""


def begin(request: Request, response: Response, core: Core) -> str:
    """Return the address of the directory to go to; the answer keeps in a sealed cookie what has to come back.

    Raises
    ------
    Problem
        404 where no directory is set up, 503 where it cannot be reached.
    """
    where = _where(core.settings)
    kept = {"state": secrets.token_urlsafe(32), "nonce": secrets.token_urlsafe(32)}
    kept["verifier"] = secrets.token_urlsafe(64)
    with _client(core.settings) as client:
        address, _ = client.create_authorization_url(
            where["authorization_endpoint"],
            state=kept["state"],
            nonce=kept["nonce"],
            code_verifier=kept["verifier"],
        )
    sealed = core.vault.seal(json.dumps(kept | {"at": int(now().timestamp())}).encode(), _CONTEXT)
    response.set_cookie(
        _name(request, core.settings),
        base64.urlsafe_b64encode(sealed).decode(),
        max_age=_SECONDS,
        path="/",
        secure=is_protected(request, core.settings),
        httponly=True,
        samesite="lax",
    )
    return str(address)


def finish(request: Request, response: Response, core: Core) -> Arrival:
    """Sign in whoever comes back from the directory.

    Raises
    ------
    Problem
        401 where what came back is not what was asked for, 403 where nobody here is known to the directory.
    """
    where = _where(core.settings)
    kept = _kept(request, core)
    response.delete_cookie(_name(request, core.settings), path="/", secure=is_protected(request, core.settings))
    given = request.query_params
    if not hmac.compare_digest(given.get("state", ""), kept["state"]) or "code" not in given:
        raise _refused()
    try:
        with _client(core.settings) as client:
            token = client.fetch_token(
                where["token_endpoint"],
                grant_type="authorization_code",
                code=given["code"],
                code_verifier=kept["verifier"],
            )
        keys = KeySet.import_key_set(cast(KeySetSerialization, _json(where["jwks_uri"])))
        subject = _subject(core.settings, where, token.get("id_token", ""), keys, kept["nonce"])
    except (AuthlibBaseError, JoseError, ValueError, KeyError) as error:
        _LOG.warning("the directory's answer is refused: %s", type(error).__name__)
        raise _refused() from None
    except httpx.HTTPError:
        raise _unreachable() from None
    with core.database.writing() as session:
        account = session.exec(select(Account).where(Account.oidc_subject == subject)).first()
        if account is None or account.disabled_at is not None:
            detail = text("Nobody here is known to the directory under this name. Ask your administrator.")
            raise Problem(403, "unknown-to-directory", text("You may not do this."), detail=detail)
        return arrive(request, response, session, core, account)


def _subject(settings: Settings, where: dict[str, Any], id_token: str, keys: KeySet, nonce: str) -> str:
    """Return whom the directory names, once its word is proved to be its own, new, and meant for us."""
    read = jwt.decode(id_token, keys, algorithms=_ALGORITHMS)
    options = {
        "iss": {"essential": True, "value": where["issuer"]},
        "aud": {"essential": True, "value": settings.oidc_client_id},
        "nonce": {"essential": True, "value": nonce},
    }
    claims = CodeIDToken(read.claims, read.header, options, {"nonce": nonce, "client_id": settings.oidc_client_id})
    claims.validate(now=int(now().timestamp()), leeway=60)
    return str(claims["sub"])


def _where(settings: Settings) -> dict[str, Any]:
    """Return what the directory says of itself."""
    if not settings.oidc_issuer:
        raise not_found()
    issuer = settings.oidc_issuer.rstrip("/")
    try:
        found = _json(f"{issuer}/.well-known/openid-configuration")
    except (httpx.HTTPError, ValueError):
        raise _unreachable() from None
    if str(found.get("issuer", "")).rstrip("/") != issuer:
        raise _refused()
    return found


def _json(address: str) -> dict[str, Any]:
    with httpx.Client(timeout=_TIMEOUT_SECONDS, transport=transport) as client:
        answer = client.get(address)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _client(settings: Settings) -> OAuth2Client:
    from authlib.integrations.httpx_client import (
        OAuth2Client,
    )  # only where there is a directory: it warns when imported

    secret = (
        None if settings.oidc_secret_file is None else settings.oidc_secret_file.read_text(encoding="utf-8").strip()
    )
    return OAuth2Client(
        client_id=settings.oidc_client_id,
        client_secret=secret,
        token_endpoint_auth_method="client_secret_basic" if secret else "none",
        scope="openid",
        redirect_uri=public_address(settings) + BACK,
        code_challenge_method="S256",
        timeout=_TIMEOUT_SECONDS,
        transport=transport,
    )


def _kept(request: Request, core: Core) -> dict[str, Any]:
    sealed = request.cookies.get(_name(request, core.settings), "")
    try:
        kept: dict[str, Any] = json.loads(core.vault.open(base64.urlsafe_b64decode(sealed), _CONTEXT))
    except (BrokenSeal, binascii.Error, ValueError):
        raise _refused() from None
    if now().timestamp() - kept["at"] > _SECONDS:
        raise _refused()
    return kept


def _name(request: Request, settings: Settings) -> str:
    return f"__Host-{_COOKIE}" if is_protected(request, settings) else _COOKIE


def _refused() -> Problem:
    title = text("The directory has not let you in.")
    return Problem(401, "directory-refused", title, detail=text("Begin the sign-in again."))


def _unreachable() -> Problem:
    title = text("The directory cannot be reached now.")
    return Problem(503, "directory-unreachable", title, headers={"Retry-After": "60"})
