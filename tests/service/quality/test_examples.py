"""The examples of the OpenAPI document are right: each fits its schema, and each that can be sent is accepted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema_rs import Draft202012Validator  # what schemathesis itself checks with

from service.rights.rules import read_rules
from service.tables.access import Role
from service.viewer import PERSONAL_ROLES
from tests.service.conftest import House
from tests.service.quality.attempts import operations
from tests.service.quality.world import World

NOT_ACCEPTED: Mapping[str, str] = {}
"""Operations whose example cannot be sent as it is → why."""


def examples(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], Any]]:
    """Yield (place, schema, example) of every example in a document."""
    for name, schema in document["components"]["schemas"].items():
        for example in schema.get("examples", []):
            yield name, schema, example
        for field, part in schema.get("properties", {}).items():
            for example in part.get("examples", []):
                yield f"{name}.{field}", part, example
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for parameter in operation.get("parameters", []):
                for example in [*parameter.get("examples", {}).values(), *parameter["schema"].get("examples", [])]:
                    said = example["value"] if isinstance(example, dict) and "value" in example else example
                    yield f"{method} {path} {parameter['name']}", parameter["schema"], said
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for content in (content for body in bodies for content in body.get("content", {}).values()):
                for example in [one["value"] for one in content.get("examples", {}).values()]:
                    yield f"{method} {path}", content["schema"], example
                for example in content.get("schema", {}).get("examples", []):
                    yield f"{method} {path}", content["schema"], example


def test_every_example_fits_its_schema(sqlite_house: House) -> None:
    document = sqlite_house.client.app.openapi()  # type: ignore[attr-defined]
    found = list(examples(document))
    assert len(found) >= 60
    wrong = []
    for place, schema, example in found:
        whole = {**schema, "components": document["components"]}
        checker = Draft202012Validator(whole, validate_formats=True)
        wrong += [f"{place}: {error.message}" for error in checker.iter_errors(example)]
    assert wrong == []


def test_every_request_with_a_json_body_has_an_example(sqlite_house: House) -> None:
    document = sqlite_house.client.app.openapi()  # type: ignore[attr-defined]
    bare = [
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        for content in [operation.get("requestBody", {}).get("content", {}).get("application/json")]
        if content is not None and method == "post" and not _has_example(document, content)
    ]
    assert bare == []


def _has_example(document: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    schema = content["schema"]
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    parts = schema.get("properties", {}).values()
    return bool(
        content.get("examples")
        or content["schema"].get("examples")
        or schema.get("examples")
        or any("examples" in one for part in parts for one in (part, *part.get("anyOf", [])))
        or all("$ref" in part or "enum" in part or "const" in part for part in parts)
    )


def test_every_record_of_an_example_is_taken(sqlite_world: World) -> None:
    """Records are made from the document's own examples, with ids of the world in the place of its ids."""
    document = sqlite_world.house.client.app.openapi()  # type: ignore[attr-defined]
    own, rules = sqlite_world.tenants["s11"], read_rules()
    taken = 0
    for operation in operations(document):
        rule = next((found for key, found in rules.items() if " ".join(key) == operation.name), None)
        media = document["paths"].get(operation.path, {}).get(operation.method.lower(), {}).get("requestBody", {})
        media = media.get("content", {})
        content = media.get("application/json")
        if rule is None or not rule.roles or content is None or not content.get("examples"):
            continue
        if not re.fullmatch(r"POST /api/v1/[a-z-]+", operation.name) or operation.name in NOT_ACCEPTED:
            continue
        role = next(one for one in (Role.CURATOR, Role.HEAD, *Role) if one in rule.roles)
        asked = operation.request(own)
        asked["headers"] |= sqlite_world.viewer(role, "s11" if role in PERSONAL_ROLES else "m1")
        answer = sqlite_world.house.client.request(**asked)
        # 409: there is one already; the world is not empty
        assert answer.status_code in (200, 201, 202, 409), f"{operation.name}: {answer.status_code} {answer.text}"
        taken += answer.status_code != 409
    assert taken >= 15


def test_what_asks_for_a_version_says_so(sqlite_house: House) -> None:
    paths = sqlite_house.client.get("/openapi.json").json()["paths"]
    asking, saying = set(), set()
    for path, methods in paths.items():
        for method, operation in methods.items():
            if "428" in operation["responses"]:
                asking.add((method, path))
            if any(one["name"] == "If-Match" and one["in"] == "header" for one in operation.get("parameters", [])):
                saying.add((method, path))
    assert ("post", "/api/v1/rounds/{round_id}/decisions") in asking
    assert asking == saying
