"""Reads the tables of rights: for every route the roles that may call it, and why it shows personal data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from service.tables.access import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Who may call a route. ``why`` is set where the answer shows personal data: each call is then written down.

    ``signed_in`` lets in everybody who has signed in, whatever his roles, to see to his own way in; ``half`` even
    before the second factor has been shown.
    """

    roles: frozenset[Role] = frozenset()
    public: bool = False
    signed_in: bool = False
    half: bool = False
    why: str | None = None


@cache
def read_rules() -> dict[tuple[str, str], Rule]:
    """Return (method, path) → rule of all tables; a group of roles is written "@name"."""
    tables: list[dict[str, Any]] = []
    for file in sorted(resources.files("service.rights").iterdir(), key=lambda found: found.name):
        if file.name.endswith(".toml"):
            tables.append(tomllib.loads(file.read_text(encoding="utf-8")))
    groups: dict[str, list[str]] = {}
    for table in tables:
        groups |= table.pop("groups", {})
    found: dict[tuple[str, str], Rule] = {}
    for table in tables:
        for place, rule in table.items():
            method, _, path = place.partition(" ")
            if (method, path) in found:
                raise ValueError(f"two rules for {place}")
            unknown = set(rule) - {"roles", "public", "signed_in", "half", "why"}
            if unknown:
                raise ValueError(f"{place}: unknown keys {sorted(unknown)}")
            found[method, path] = Rule(
                roles=frozenset(_roles(rule.get("roles", []), groups)),
                public=rule.get("public", False),
                signed_in=rule.get("signed_in", False) or rule.get("half", False),
                half=rule.get("half", False),
                why=rule.get("why"),
            )
    return found


def _roles(words: list[str], groups: dict[str, list[str]]) -> set[Role]:
    found: set[Role] = set()
    for word in words:
        found |= set(map(Role, groups[word[1:]])) if word.startswith("@") else {Role(word)}
    return found


def routes_of(app: FastAPI) -> list[APIRoute]:
    """Return every route of the application that a rule has to stand for."""
    found = (getattr(context, "original_route", context) for context in iter_route_contexts(app.routes))
    return [route for route in found if isinstance(route, APIRoute)]


def check_rules(app: FastAPI) -> None:
    """Stop the program where a route has no rule, or a rule no route.

    Raises
    ------
    RuntimeError
        When the tables of rights and the routes do not agree.
    """
    routes = {(method, route.path) for route in routes_of(app) for method in route.methods or ()}
    rules = set(read_rules())
    if routes != rules:
        raise RuntimeError(
            f"routes without a rule: {sorted(routes - rules)}; rules without a route: {sorted(rules - routes)}"
        )
