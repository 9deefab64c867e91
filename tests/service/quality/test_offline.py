"""The service asks no other machine for anything (R14): no name is looked up, no address outside is opened."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from service.tables.access import Role
from service.viewer import PERSONAL_ROLES
from tests.service.quality.attempts import operations
from tests.service.quality.crossing import SLOW
from tests.service.quality.world import World


@pytest.fixture
def asked_outside(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every name looked up and every address opened while the test runs, none of which is answered."""
    asked: list[str] = []

    def look_up(host: Any, *given: Any, **named: Any) -> Any:
        asked.append(f"name {host}")
        raise socket.gaierror("no network")

    connect = socket.socket.connect

    def open_address(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1"):
            asked.append(f"address {address}")
            raise OSError("no network")
        connect(self, address)

    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr", "getnameinfo"):
        monkeypatch.setattr(socket, name, look_up)
    monkeypatch.setattr(socket.socket, "connect", open_address)
    return asked


def test_no_route_asks_anybody(sqlite_world: World, asked_outside: list[str]) -> None:
    client, own = sqlite_world.house.client, sqlite_world.tenants["s11"]
    viewers = {
        role: sqlite_world.viewer(role, "s11" if role in PERSONAL_ROLES else "m1")
        for role in (Role.CURATOR, Role.HEAD, Role.ADMINISTRATOR, Role.MENTEE)
    }
    answered = 0
    for operation in operations(client.app.openapi()):  # type: ignore[attr-defined]
        if any(word in operation.path for word in SLOW):
            continue
        for headers in viewers.values():
            asked = operation.request(own)
            asked["headers"] |= headers
            answered += client.request(**asked).status_code < 400
    assert answered >= 300
    assert asked_outside == []


def test_looking_up_a_name_would_be_seen(asked_outside: list[str]) -> None:
    with pytest.raises(socket.gaierror):
        socket.create_connection(("example.org", 80), timeout=1)
    assert asked_outside == ["name example.org"]
