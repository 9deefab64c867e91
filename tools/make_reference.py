"""Writes the reference of the service from the service itself: docs/reference/{settings,http,rights}.md.

Run it after a change of settings, routes or rights; a test fails while the files say something else.
"""

from __future__ import annotations

import inspect
from collections import defaultdict
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from service.app import build_app
from service.core import open_core
from service.jobs.none import RememberedJobs
from service.rights.rules import Rule, read_rules
from service.settings import PREFIX, Settings

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"


def build_application(folder: Path) -> FastAPI:
    """Return the application over an empty database in a folder: only what it says of itself is looked at."""
    return build_app(open_core(Settings(folder=folder), RememberedJobs()))


def settings_page() -> str:
    """Return the page of all settings."""
    said = _said_of_settings()
    lines = [
        "# Settings of the service",
        "",
        "Every setting is an environment variable or a key of a TOML file (`matcher serve --config FILE`); the",
        "environment wins over the file, the command line over both. A setting that is unknown or does not fit stops",
        "the start with a sentence. `matcher serve --show-settings` prints what is in force, with passwords hidden.",
        "",
        "| key | variable | default | what it is |",
        "| --- | --- | --- | --- |",
    ]
    for name, field in Settings.model_fields.items():
        default = "" if field.default in ("", None) else f"`{field.default}`"
        lines.append(f"| `{name}` | `{PREFIX}{name.upper()}` | {default} | {said.get(name, '')} |")
    return "\n".join(lines) + "\n"


def _said_of_settings() -> dict[str, str]:
    """Return the docstring under each setting."""
    found: dict[str, str] = {}
    last = ""
    for line in inspect.getsource(Settings).splitlines():
        word = line.strip()
        if word.startswith('"""') and last:
            found[last] = word.strip('"')
        name = word.partition(":")[0]
        last = name if name in Settings.model_fields else ""
    return found


def rights_page() -> str:
    """Return the page of who may call what."""
    lines = [
        "# Who may call what",
        "",
        "Rights hold for an area and for all below it: whoever asks sees only rows of his areas, and mentors and",
        "mentees only what concerns themselves; anything else is answered as if it were not there (404). A route that",
        "is missing here stops the service. *Why* is written into the access log with each call that shows personal",
        "data.",
        "",
        "| route | who | why personal data are shown |",
        "| --- | --- | --- |",
    ]
    for (method, path), rule in sorted(read_rules().items(), key=lambda item: (item[0][1], item[0][0])):
        who = _who(rule)
        lines.append(f"| `{method} {path}` | {who} | {rule.why or ''} |")
    return "\n".join(lines) + "\n"


def _who(rule: Rule) -> str:
    """Return who may call a route, in words."""
    if rule.public:
        return "everybody, without signing in"
    if rule.half:
        return "whoever has signed in, even before the second factor"
    return "whoever has signed in" if rule.signed_in else ", ".join(sorted(rule.roles))


def http_page(app: FastAPI) -> str:
    """Return the page of all addresses, from the OpenAPI document."""
    document: dict[str, Any] = app.openapi()
    by_tag: dict[str, list[str]] = defaultdict(list)
    for path, methods in sorted(document["paths"].items()):
        for method, operation in methods.items():
            by_tag[(operation.get("tags") or ["other"])[0]].append(_operation(method, path, operation))
    head = [
        "# The addresses of the service",
        "",
        "Written from the OpenAPI document at `/openapi.json`. Errors are problem details (RFC 9457) with a stable",
        "`type`; wrong input has `faults`, all at once. Programs send `Authorization: Bearer TOKEN`, a token made by",
        "`matcher token create`.",
        "",
    ]
    body = [line for tag in sorted(by_tag) for line in (f"## {tag}", "", *by_tag[tag])]
    return "\n".join([*head, *body]).rstrip() + "\n"


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    lines = [f"### `{method.upper()} {path}`", "", operation.get("description", operation.get("summary", "")).strip()]
    parameters = [one for one in operation.get("parameters", []) if one["in"] != "path"]
    if parameters:
        lines += ["", "Asked with: " + ", ".join(f"`{one['name']}` ({one['in']})" for one in parameters) + "."]
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        lines += ["", f"Takes `{media}`: {_schema_name(content.get('schema', {}))}."]
    statuses = ", ".join(operation["responses"])
    lines += ["", f"Answers: {statuses}.", ""]
    return "\n".join(lines)


def _schema_name(schema: dict[str, Any]) -> str:
    return f"`{schema['$ref'].rpartition('/')[2]}`" if "$ref" in schema else schema.get("type", "any")


def pages(folder: Path) -> dict[str, str]:
    """Return file name → content of the whole reference."""
    return {
        "settings.md": settings_page(),
        "rights.md": rights_page(),
        "http.md": http_page(build_application(folder)),
    }


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        for name, content in pages(Path(scratch)).items():
            (REFERENCE / name).write_text(content, encoding="utf-8")
