"""A school on its way from an empty folder to a plan: set-up, roster, round, run, file; nothing made by hand."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest

from matcher.io.write_roster import write_roster
from tests.service.jobs.made import tiny_roster
from tests.service.jobs.test_serve import served


def test_from_an_empty_folder_to_a_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tmp_path / "matcher.toml"
    settings.write_text("second_factor = false\n")
    write_roster(tiny_roster(), tmp_path / "roster.xlsx")
    with served(tmp_path / "data", "--config", str(settings)) as (process, address):
        assert process.stdout is not None
        told = "".join(process.stdout.readline() for _ in range(3))
        link = re.search(r"/set-up/(\S+)", told)
        assert link is not None
        with httpx.Client(base_url=f"{address}/api/v1", headers={"Origin": address}, timeout=60) as client:
            area = set_up(client, link[1])
            round_id = open_round(client, area, tmp_path / "roster.xlsx")
            asked = client.post(f"/rounds/{round_id}/runs", json={"what": "plan", "time_limit": 1})
            assert asked.status_code == 202, asked.text
            last = follow(client, asked.json()["id"])
            assert (last["status"], last["outcome"], last["reason"]) == ("succeeded", "planned", None)
            pairs = client.get(f"/rounds/{round_id}/pairs").json()["items"]
            assert len(pairs) == last["summary"]["pairs"] > 0
            order = client.get(f"/rounds/{round_id}/exports/order.docx")
            assert (order.status_code, order.content[:2]) == (200, b"PK")


def set_up(client: httpx.Client, secret: str) -> str:
    said = {
        "secret": secret,
        "organisation": {"code": tiny_roster().organisations[0].id, "name": "Школа № 1"},
        "login": "first@example.org",
        "name": "First",
        "password": "a long sentence nobody guesses 7",
    }
    answer = client.post("/set-up", json=said)
    assert answer.status_code == 201, answer.text
    area: str = client.get("/areas").json()["items"][0]["id"]
    return area


def open_round(client: httpx.Client, area: str, roster: Path) -> str:
    with roster.open("rb") as file:
        kept = client.post("/rosters", files={"file": (roster.name, file)}, data={"area": area})
    assert kept.status_code == 201, kept.text
    days = {"first_day": "2026-10-01", "last_day": "2027-01-29", "reference_day": "2026-09-01"}
    said = {"name": "2026", "roster": kept.json()["id"], "policy": "anuchino", **days}
    opened = client.post("/rounds", json=said)
    assert opened.status_code == 201, opened.text
    round_id: str = opened.json()["id"]
    return round_id


def follow(client: httpx.Client, run_id: str) -> dict[str, object]:
    with client.stream("GET", f"/runs/{run_id}/events") as stream:
        lines = list(stream.iter_lines())
    assert "event: end" in lines
    data = [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]
    last: dict[str, object] = json.loads(data[-1])
    return last
