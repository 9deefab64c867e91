"""Attempts to reach what belongs to others, made from the OpenAPI document: every route, every place of an id.

A place of an id is a parameter of the path or the query, or a field of a body, however deep. What stands there is
known by its name: a new name has to be entered below, else :func:`operations` fails and says so.
"""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from urllib.parse import quote

from tests.service.quality.world import RECORD_FIELDS, Tenant

PATH_KINDS = {
    name: name.removesuffix("_id")
    for name in (
        "account_id", "area_id", "consent_id", "decision_id", "erasure_id", "grant_id", "link_id", "meeting_id",
        "mentee_id", "mentor_id", "order_id", "pair_id", "person_id", "roster_id", "round_id", "run_id", "session_id",
        "task_id", "timetable_id", "token_id", "wish_id", "absence_id", "availability_id", "calendar_id", "plan_id",
    )
}  # fmt: skip
"""Parameters of the path → kind of thing; "record_id" is known by the path it stands in."""
NO_IDS_IN_PATH = {
    "file",
    "register",
    "policy_id",
    "name",
    "lang",
    "secret",
    "deadline",
    "indicator",
    "document",
    "code",
    "number",
}
"""Parameters that name nothing of a school: words of a list, public papers, and secrets that are rights themselves."""
QUERY_KINDS = {
    "area": "area", "mentee": "mentee", "mentor": "mentor", "pair": "pair", "person": "person", "round": "round",
    "subject": "person", "actor": "account", "roster": "roster", "run": "run", "meeting": "meeting",
    "timetable": "timetable", "account": "account", "decision": "decision", "to": "person", "from": "person",
}  # fmt: skip
"""Parameters of the query → kind of thing; "after" is known by what the route lists."""
NO_IDS_IN_QUERY = {
    "action",
    "policy",
    "ids",
    "query",
    "room",
    "site",
    "lang",
    "search",
    "text",
    "day",
    "week",
    "school",
    "next",
}
BODY_KINDS = {
    **QUERY_KINDS, **RECORD_FIELDS, "parent": "municipality", "timetables": "timetable", "pairs": "pair",
    "new_mentor": "mentor", "people": "person", "rounds": "round", "consent": "consent", "meetings": "meeting",
    "plan": "plan", "from_person": "person", "to_person": "person", "with": "person", "author": "person",
    "about": "person", "ends": "pair",
}  # fmt: skip
"""Fields of a body that hold ids → kind of thing."""
AFTER_KINDS = {
    "accounts": "account", "areas": "area", "consents": "consent", "decisions": "decision", "erasures": "erasure",
    "links": "link", "pairs": "pair", "privacy-tasks": "task", "rosters": "roster", "rounds": "round", "runs": "run",
    "tokens": "token", "unmatched": "mentee", "{roster_id}": "person", "meetings": "meeting", "wishes": "wish",
    "timetables": "timetable", "orders": "order", "absences": "absence", "people": "person", "mentors": "person",
    "mentees": "person", "partners": "record:partners", "programmes": "record:programmes",
    "practices": "record:practices", "sessions": "meeting", "members": "person",
}  # fmt: skip
BODIES_FOR: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("POST /api/v1/rounds/{round_id}/decisions", "new_mentor"): {
        "kind": "replace", "pair": "", "trigger": "mentor", "new_mentor": "", "reason": "x",
    },
    ("POST /api/v1/rounds/{round_id}/decisions", "decision"): {"kind": "undo", "decision": ""},
    ("POST /api/v1/rounds/{round_id}/decisions", "ends"): {"kind": "move", "mentor": "", "mentee": "", "ends": [""]},
    ("POST /api/v1/rounds/{round_id}/decisions", "pair"): {"kind": "comment", "pair": "", "reason": "x"},
}  # fmt: skip
"""Fields of a body that count beside certain others only → such a body."""
MISSING = "0123456789abcdef" * 2
MALFORMED = ("x' OR '1'='1", "../../etc/passwd", "\u202e%00", "9" * 70)
_HEX = re.compile(r"[0-9a-f]{32}")

Place = tuple[Any, ...]
"""Where an id stands: ("path", name), ("query", name) or ("body", …)."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A route and method with the places of ids in it."""

    method: str
    path: str
    places: Mapping[Place, str]
    body: Any = None
    media: str | None = None
    query: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the name the tables of rights have for it."""
        return f"{self.method} {self.path}"

    def request(self, own: Tenant, given: Mapping[Place, str] | None = None) -> dict[str, Any]:
        """Return the arguments of a request in which all ids are a school's own, but those given."""
        given = given or {}
        fields = [place[1] for place in given if place[0] == "body"]
        body = next((BODIES_FOR[self.name, one] for one in fields if (self.name, one) in BODIES_FOR), self.body)
        query, body, url = dict(self.query), copy.deepcopy(body), self.path
        values = {place: own.one(kind) for place, kind in self.places.items() if self._is_needed(place, body)}
        values |= given
        for place, value in values.items():
            if place[0] == "path":
                url = url.replace(f"{{{place[1]}}}", quote(value, safe=""))
            elif place[0] == "query":
                query[place[1]] = value
            else:
                _put(body, place[1:], value)
        asked: dict[str, Any] = {"method": self.method, "url": url, "params": query, "headers": {"If-Match": '"1"'}}
        if self.media is not None and "json" in self.media:
            asked["json"] = body
        elif self.media is not None and "multipart" in self.media:
            asked["files"] = {"file": ("roster.xlsx", b"no workbook")}
            asked["data"] = {name: value for name, value in body.items() if name != "file"}
        return asked

    def _is_needed(self, place: Place, body: Any) -> bool:
        if place[0] == "body":
            return _has(body, place[1:])
        return place[0] == "path" or place[1] in self.query


def operations(document: Mapping[str, Any]) -> list[Operation]:
    """Return every operation of an OpenAPI document.

    Raises
    ------
    AssertionError
        When a parameter or field of a new name holds ids: nobody has said yet of what.
    """
    found, unknown = [], []
    for path, methods in sorted(document["paths"].items()):
        for method, operation in sorted(methods.items()):
            made = _Maker(document, method.upper(), path, operation)
            found.append(made.operation())
            unknown += made.unknown
    assert not unknown, (
        f"these hold ids of things nobody knows: {unknown}; enter each name in tests/service/quality/attempts.py "
        "and let tests/service/quality/world.py make such a thing for every school"
    )
    return found


class _Maker:
    def __init__(self, document: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any]) -> None:
        self.document, self.method, self.path, self.said = document, method, path, operation
        self.places: dict[Place, str] = {}
        self.unknown: list[str] = []
        self.query: dict[str, Any] = {}

    def operation(self) -> Operation:
        for parameter in self.said.get("parameters", []):
            if parameter["in"] in ("path", "query"):
                self._parameter(parameter)
        media, body = self._body()
        path = self.path
        for parameter in self.said.get("parameters", []):
            if parameter["in"] == "path" and ("path", parameter["name"]) not in self.places:
                path = path.replace(f"{{{parameter['name']}}}", str(self._sample(parameter["schema"])))
        return Operation(self.method, path, self.places, body, media, self.query)

    def _parameter(self, parameter: Mapping[str, Any]) -> None:
        name, schema, place = parameter["name"], parameter["schema"], (parameter["in"], parameter["name"])
        if parameter["in"] == "path":
            kind = f"record:{self._segment(name)}" if name == "record_id" else PATH_KINDS.get(name)
            if name == "session_id" and "/me/" not in self.path:
                kind = "meeting"  # a session of a pair, not of a browser
            known = name in NO_IDS_IN_PATH
        else:
            kind, known = QUERY_KINDS.get(name), name in NO_IDS_IN_QUERY or not self._is_free_text(schema)
            if name == "after" and self._is_free_text(schema):
                kind, known = self._after(), True
            if parameter.get("required"):
                self.query[name] = None if kind else self._sample(schema)
        if kind is not None and (place[0] == "path" or self._is_free_text(schema)):
            self.places[place] = kind
        elif not known:
            self.unknown.append(f"{self.method} {self.path}: {place[0]} {name}")

    def _segment(self, name: str) -> str:
        before = self.path.partition(f"/{{{name}}}")[0]
        return before.rpartition("/")[2]

    def _after(self) -> str | None:
        last = self.path.rpartition("/")[2]
        if last in AFTER_KINDS:
            return AFTER_KINDS[last]
        return f"record:{last}" if f"{self.path}/{{record_id}}" in self.document["paths"] else None

    def _is_free_text(self, schema: Mapping[str, Any]) -> bool:
        schema = self._plain(schema)
        is_bounded = "enum" in schema or "const" in schema or "format" in schema
        if schema.get("type") == "array":
            return self._is_free_text(schema["items"])
        return schema.get("type") == "string" and not is_bounded

    def _plain(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a schema without references and without the possibility of nothing."""
        if "$ref" in schema:
            found: Mapping[str, Any] = self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
            return self._plain(found)
        for word in ("anyOf", "oneOf", "allOf"):
            if word in schema:
                return self._plain(next(one for one in schema[word] if one.get("type") != "null"))
        return schema

    def _body(self) -> tuple[str | None, Any]:
        content = self.said.get("requestBody", {}).get("content", {})
        if not content:
            return None, None
        media = next(iter(content))
        said = content[media]
        named = [one["value"] for one in said.get("examples", {}).values()]
        schema = self._plain(said["schema"])
        examples = named or said["schema"].get("examples") or schema.get("examples") or []
        body = copy.deepcopy(examples[0]) if examples else self._sample(schema)
        self._search(schema, ("body",))
        return media, body

    def _search(self, schema: Mapping[str, Any], place: Place, depth: int = 0) -> None:
        """Note every place of an id in a body."""
        schema = self._plain(schema)
        if depth > 6:
            return
        if schema.get("type") == "array":
            self._search(schema["items"], (*place, 0), depth + 1)
        for name, part in schema.get("properties", {}).items():
            here, plain = (*place, name), self._plain(part)
            inner = self._plain(plain["items"]) if plain.get("type") == "array" else plain
            is_short = len(here) == 2 and inner.get("maxLength", 99) <= 64
            holds_id = self._is_free_text(part) and (_looks_like_id(inner) or (name in BODY_KINDS and is_short))
            if holds_id and "changes" not in here:
                if name not in BODY_KINDS:
                    self.unknown.append(f"{self.method} {self.path}: body {'.'.join(map(str, here[1:]))}")
                    continue
                self.places[(*here, 0) if plain.get("type") == "array" else here] = BODY_KINDS[name]
            elif inner.get("type") == "object":
                self._search(part, here, depth + 1)

    def _sample(self, schema: Mapping[str, Any]) -> Any:
        """Return the simplest value a schema allows."""
        examples = schema.get("examples")
        schema = self._plain(schema)
        examples = examples or schema.get("examples")
        if examples:
            return copy.deepcopy(examples[0])
        if "const" in schema or "enum" in schema:
            return schema.get("const", schema.get("enum", [None])[0])
        match schema.get("type"):
            case "object":
                wanted = schema.get("required", [])
                return {
                    name: self._sample(part) for name, part in schema.get("properties", {}).items() if name in wanted
                }
            case "array":
                return [self._sample(schema["items"])] * schema.get("minItems", 0)
            case "integer" | "number":
                return schema.get("minimum", 1)
            case "boolean":
                return False
        words = {"date": "2026-11-02", "date-time": "2027-11-02T12:00:00Z", "binary": b"", "email": "a@example.org"}
        return words.get(
            schema.get("format", ""), "barnaul" if "pattern" not in schema else _matching(schema["pattern"])
        )


def _looks_like_id(schema: Mapping[str, Any]) -> bool:
    examples = [one for one in schema.get("examples", []) if isinstance(one, str)]
    return schema.get("pattern") == "^[0-9a-f]{32}$" or any(_HEX.fullmatch(one) for one in examples)


def _matching(pattern: str) -> str:
    samples = (
        "barnaul",
        MISSING,
        "2026-11-02",
        "14:30",
        "HR-24",
        "D-02",
        "I-01",
        "123456",
        "2026",
        "a@example.org",
        "x",
    )
    return next((one for one in samples if re.search(pattern, one)), "x")


def _has(body: Any, place: Place) -> bool:
    for name in place:
        is_there = name < len(body) if isinstance(body, list) else isinstance(body, dict) and name in body
        if not is_there:
            return False
        body = body[name]
    return body is not None


def _put(body: Any, place: Place, value: str) -> None:
    """Put a value into a body, making what leads to it."""
    for name, following in pairwise(place):
        empty: Any = [] if isinstance(following, int) else {}
        if isinstance(name, int):
            if not body:
                body.append(empty)
            body = body[name]
        else:
            if body.get(name) is None:
                body[name] = empty
            body = body[name]
    if isinstance(place[-1], int):
        body[:] = [value, *body[1:]]
    else:
        body[place[-1]] = value


def texts_of(content: bytes) -> Iterator[bytes]:
    """Yield an answer, and where it is an archive or a workbook what lies in it."""
    yield content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from texts_of(archive.read(name))


__all__ = ["MALFORMED", "MISSING", "Operation", "Place", "operations", "texts_of"]
