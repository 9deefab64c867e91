"""Random words that open something: shown once, kept only as their hash."""

from __future__ import annotations

import hashlib
import secrets

PREFIX = "mm_"


def new_secret() -> str:
    """Return a new secret of 256 random bits that may stand in an address."""
    return PREFIX + secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """Return the hash under which a secret is kept. It is random and long: no salt and no slow hash are needed."""
    return hashlib.sha256(secret.encode()).hexdigest()
