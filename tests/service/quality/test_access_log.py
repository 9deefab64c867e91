"""Each route that shows personal data writes one line of who looked at what and why; no other writes any (P3)."""

from __future__ import annotations

import re

from sqlalchemy import func
from sqlmodel import col, select

from service.rights.rules import Rule, read_rules
from service.tables.access import Role
from service.tables.privacy import AccessEntry
from service.viewer import PERSONAL_ROLES
from tests.service.quality.attempts import Operation, operations
from tests.service.quality.crossing import SLOW
from tests.service.quality.world import World


def rules_by_shape() -> dict[str, tuple[str, Rule]]:
    """Return the pattern of an address → the route's name and rule, words of lists put in for parameters too."""
    found = {}
    for (method, path), rule in read_rules().items():
        pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path))
        found[f"{method} {pattern}"] = (f"{method} {path}", rule)
    return found


def rule_of(operation: Operation) -> tuple[str, Rule]:
    shapes = rules_by_shape()
    exact = [one for one in shapes.values() if one[0] == operation.name]
    return exact[0] if exact else next(one for shape, one in shapes.items() if re.fullmatch(shape, operation.name))


def test_each_look_is_written_down_once(sqlite_world: World) -> None:
    sqlite_world.remember()
    house = sqlite_world.house
    own = sqlite_world.tenants["s11"]
    viewers = {role: sqlite_world.viewer(role, "s11" if role in PERSONAL_ROLES else "m1") for role in Role}
    looked = unlooked = 0
    found = [
        one
        for one in operations(house.client.app.openapi())  # type: ignore[attr-defined]
        # what starts processes is tried by tests of its own; what ends or erases comes last
        if not any(word in one.path for word in (*SLOW, "sign-out", "/erasure", "/events"))
    ]
    for operation in sorted(found, key=lambda one: (one.method != "GET", one.method == "DELETE", one.name)):
        name, rule = rule_of(operation)
        role = next((one for one in (Role.CURATOR, Role.MUNICIPAL_OPERATOR, *Role) if one in rule.roles), Role.CURATOR)
        with house.core.database.reading() as session:
            last = session.exec(select(func.max(AccessEntry.id))).one()
        asked = operation.request(own)
        asked["headers"] |= viewers[role]
        answer = house.client.request(**asked)
        with house.core.database.reading() as session:
            lines = session.exec(select(AccessEntry).where(col(AccessEntry.id) > last)).all()
            session.expunge_all()
        said = f"{name} by {role}: {answer.status_code} {answer.text[:200]}"
        if rule.why is None:
            assert lines == [], said
            unlooked += 1
        elif answer.status_code < 400 or operation.method == "GET":
            assert [(line.what, line.why) for line in lines] == [(name, rule.why)], said
            assert lines[0].actor.startswith("token:"), said
            assert lines[0].request_id == answer.headers["x-request-id"]
            assert own.word not in f"{lines[0].subject} {lines[0].what} {lines[0].actor}"
            looked += 1
    assert looked >= 60
    assert unlooked >= 100


def test_a_role_without_the_route_leaves_no_line(sqlite_world: World) -> None:
    sqlite_world.remember()
    house = sqlite_world.house
    headers = sqlite_world.viewer(Role.REGIONAL_READER, "m1")
    for operation in operations(house.client.app.openapi()):  # type: ignore[attr-defined]
        _, rule = rule_of(operation)
        if rule.why is None or Role.REGIONAL_READER in rule.roles:
            continue
        asked = operation.request(sqlite_world.tenants["s11"])
        asked["headers"] |= headers
        assert house.client.request(**asked).status_code == 403
    with house.core.database.reading() as session:
        assert session.exec(select(AccessEntry).where(AccessEntry.why != "test")).all() == []
