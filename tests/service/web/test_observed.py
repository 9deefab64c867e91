"""Numbers, log lines and measures of requests: patterns of routes, never addresses."""

from __future__ import annotations

import json
import logging

import pytest

from service.tables.access import Role
from service.web.logs import set_up_logs
from tests.service.conftest import House


def test_an_answer_carries_its_number(sqlite_house: House) -> None:
    answer = sqlite_house.client.get("/health/live", headers={"X-Request-ID": "abcdef12"})
    assert answer.headers["x-request-id"] == "abcdef12"


@pytest.mark.parametrize("number", ["short", "with space in it", "x" * 65, "line\\nbreak-line"])
def test_a_number_that_is_none_is_replaced(sqlite_house: House, number: str) -> None:
    answer = sqlite_house.client.get("/health/live", headers={"X-Request-ID": number})
    assert answer.headers["x-request-id"] != number


def test_measures_know_routes_not_addresses(sqlite_house: House) -> None:
    sqlite_house.client.get("/api/v1/secret-word")
    sqlite_house.client.get("/health/live")
    headers = sqlite_house.headers(Role.TECHNICAL_SPECIALIST, "r")
    found = sqlite_house.client.get("/metrics", headers=headers).text
    assert 'matcher_requests_total{method="GET",route="/health/live",status="200"} 1.0' in found
    assert "secret-word" not in found


def test_measures_are_not_for_everybody(sqlite_house: House) -> None:
    assert sqlite_house.client.get("/metrics").status_code == 401
    assert sqlite_house.client.get("/metrics", headers=sqlite_house.headers(Role.CURATOR)).status_code == 403


def test_a_line_of_the_log_is_one_json_object(sqlite_house: House, capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        set_up_logs("info")
        sqlite_house.client.get("/health/live", headers={"User-Agent": "one\\ntwo"})
    finally:
        root.handlers[:], _ = before
        root.setLevel(before[1])
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (said,) = [line for line in lines if line["event"] == "request"]
    assert said["route"] == "/health/live"
    assert said["actor"] == "nobody"
    assert said["status"] == 200
