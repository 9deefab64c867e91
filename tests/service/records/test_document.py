"""The OpenAPI document of records: examples that work, problems that are named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from service.records.kind import HangsOn
from service.records.kinds import KINDS
from tests.service.conftest import House
from tests.service.records.town import build_town
from tools.record_reference import PAGE, records_page


def document(house: House) -> dict[str, Any]:
    found: dict[str, Any] = house.client.app.openapi()  # type: ignore[attr-defined]
    return found


def test_examples_of_the_document_make_records(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "kalmykia")
    paths = document(sqlite_house)["paths"]
    operator = town.operator()
    for kind in KINDS.values():
        content = paths[f"/api/v1/{kind.path}"]["post"]["requestBody"]["content"]["application/json"]
        body = json.loads(json.dumps(content["examples"]["example"]["value"]))
        if kind.id == "partner_contract":
            partner = town.make("partners", operator, {"name": "Завод"}, area=sqlite_house.areas["m1"])
            body["fields"]["partner"] = partner["id"]
        if kind.id == "route_comment":
            own = {"person": town.people["mentee"], "round": town.round}
            body["fields"]["route"] = town.make("routes", operator, {}, **own)["id"]
        body |= {name: value for name, value in hangs(town, kind.on).items() if name in body}
        answer = town.call("POST", kind.path, operator, body)
        assert answer.status_code == 201, (kind.id, answer.text)
        assert answer.headers["Location"] == f"/api/v1/{kind.path}/{answer.json()['id']}"
        assert answer.headers["ETag"] == '"1"'


def hangs(town: Any, on: HangsOn) -> dict[str, str]:
    area = town.house.areas["s12"]
    found = {"pair": town.pairs["pair"], "person": town.people["mentee"], "round": town.round, "area": area}
    return found if on is not HangsOn.AREA else {"area": area}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.id)
def test_every_kind_names_its_problems(kind: Any) -> None:
    from service.routes.records import router

    answers = {
        (method, route.path): set(route.responses)  # type: ignore[attr-defined]
        for route in router.routes
        for method in route.methods  # type: ignore[attr-defined]
    }
    path = f"/api/v1/{kind.path}"
    assert {401, 403, 404, 422} <= answers["GET", path]
    assert {401, 403, 404, 409, 422} <= answers["POST", path]
    assert {401, 403, 404, 409, 422, 428} <= answers["PATCH", f"{path}/{{record_id}}"]


def test_the_document_bounds_what_is_taken_in(sqlite_house: House) -> None:
    """Every text and list of a request has an end, down to the parts of its parts."""
    found = document(sqlite_house)
    schemas, seen, loose = found["components"]["schemas"], set(), []

    def look(node: Any, place: str) -> None:
        if "$ref" in node:
            name = node["$ref"].rpartition("/")[2]
            if name not in seen:
                seen.add(name)
                look(schemas[name], name)
            return
        closed = {"enum", "const", "pattern", "format", "maxLength"} & set(node)
        if (node.get("type") == "string" and not closed) or (node.get("type") == "array" and "maxItems" not in node):
            loose.append(place)
        for one in (*node.get("anyOf", ()), *filter(None, [node.get("items")])):
            look(one, place)
        if isinstance(node.get("additionalProperties"), dict):
            look(node["additionalProperties"], place)
        for field, below in node.get("properties", {}).items():
            look(below, f"{place}.{field}")

    kinds = tuple(f"/api/v1/{kind.path}" for kind in KINDS.values())
    for path, methods in found["paths"].items():
        for method, route in methods.items():
            if path.startswith(kinds) and "requestBody" in route:
                look(route["requestBody"]["content"]["application/json"]["schema"], f"{method} {path}")
    assert len(seen) > 100
    assert loose == []


def test_over_long_and_over_deep_input_is_refused(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "barnaul")
    for fields in (
        {"problem": "x" * 6001},
        {"goals": ["x"] * 41},
        {"activities": [{"title": "x", "direction": "methodical", "more": 1}]},
        {"term": {"first_day": 0, "last_day": "2027-01-01"}},
        {"problem": "a\u0000b"},
    ):
        body = {"pair": town.pairs["pair"], "fields": fields}
        assert town.call("POST", "programmes", town.curator(), body).status_code == 422, fields


def test_the_page_of_records_says_what_the_kinds_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == records_page(), "run tools/record_reference.py"
