"""The OpenAPI document: what the routes say of themselves, and the headers that all of a kind ask for."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "schema": {"type": "string", "maxLength": 80},
    "description": "the ETag of what is changed, as it was last read: 428 without it, 409 once it has changed",
    "example": '"1"',
}


def say_what_is_matched(app: FastAPI) -> None:
    """Let the document name ``If-Match`` wherever a version is asked for: routes read it past their parameters."""
    written = app.openapi

    def document() -> dict[str, Any]:
        found = app.openapi_schema or written()
        for operations in found["paths"].values():
            for method, operation in operations.items():
                given = operation.get("parameters", [])
                if "428" in operation["responses"] and not any(one["name"] == "If-Match" for one in given):
                    # What is put for the first time has no version yet.
                    operation["parameters"] = [*given, {**_IF_MATCH, "required": method != "put"}]
        return found

    app.openapi = document  # type: ignore[method-assign]
