"""The answers routes share in the OpenAPI document: every problem by its status, and pages of a list."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from service.errors import MEDIA_TYPE, ProblemBody

router = APIRouter()

MAX_PAGE = 200

Limit = Annotated[int, Query(ge=1, le=MAX_PAGE, description="how many to send at most")]

_SAYS = {
    400: "the request cannot be read",
    401: "nobody is signed in",
    403: "the role does not allow this",
    404: "there is no such thing, or it belongs to others",
    409: "changed meanwhile, or the rules do not allow it now",
    413: "too big",
    415: "not a kind of content that is understood",
    422: "wrong input: every fault at once",
    428: "If-Match is missing",
    429: "too many requests",
    503: "not able to work at present",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the entries of ``responses=`` for these statuses; 401 and 403 and 422 belong to every route."""
    return {
        status: {
            "description": _SAYS[status],
            "model": ProblemBody,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}},
        }
        for status in sorted({401, 403, 422, *statuses})
    }


READ = problems(404)
WRITE = problems(400, 404, 409, 413, 415)
EDIT = problems(400, 404, 409, 413, 415, 428)
