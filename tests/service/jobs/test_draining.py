"""A server that ends takes no new work and says when to come again; what only looks goes on."""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.jobs import supervisor
from service.jobs.supervisor import Supervisor
from service.serving import Draining
from service.tables.access import Role
from service.web.protection import HEADERS
from tests.service.conftest import House
from tests.service.jobs.made import house_round, new_run


def test_no_new_work_is_taken_while_the_server_ends(sqlite_house: House) -> None:
    house = sqlite_house
    drain = Draining(house.client.app, house.core)  # type: ignore[arg-type]
    client = TestClient(drain, base_url="http://testserver")
    curator = house.headers(Role.CURATOR)
    path = f"/api/v1/rounds/{house_round(house)}/runs"
    assert client.post(path, json={"what": "pair"}, headers=curator).status_code == 202
    drain.end()
    refused = client.post(path, json={"what": "pair"}, headers=curator)
    assert refused.status_code == 503
    assert refused.headers["retry-after"] == "30"
    assert refused.headers["content-type"] == "application/problem+json"
    assert json.loads(refused.content)["type"] == "/problems/ending"
    assert {name: refused.headers.get(name) for name in HEADERS} == HEADERS
    assert "strict-transport-security" not in refused.headers
    over_tls = TestClient(drain, base_url="https://testserver").get("/health/ready")
    assert over_tls.headers["strict-transport-security"].startswith("max-age=63072000")
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200
    assert client.get(path, headers=curator).status_code == 200


def test_streams_end_with_the_server(sqlite_house: House) -> None:
    house = sqlite_house
    drain = Draining(house.client.app, house.core)  # type: ignore[arg-type]
    run_id = new_run(house.core, house_round(house))
    threading.Timer(1.0, drain.end).start()
    began = time.monotonic()
    answer = TestClient(drain).get(f"/api/v1/runs/{run_id}/events", headers=house.headers(Role.CURATOR))
    assert time.monotonic() - began < 10
    assert "event: progress" in answer.text
    assert "event: end" not in answer.text


def test_a_worker_that_dies_at_its_start_is_not_started_all_the_time(
    sqlite_house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "_LEAST_WAIT_SECONDS", 0.2)
    count = tmp_path / "count"
    dies = f"open({str(count)!r}, 'a').write('x'); raise SystemExit(3)"
    started = Supervisor(sqlite_house.core.settings, 1, command=(sys.executable, "-S", "-c", dies))
    started.start()
    time.sleep(6)
    started.end()
    assert 2 <= len(count.read_text()) <= 6
