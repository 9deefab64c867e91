"""Reads and checks policies: the five shipped ones and any TOML file of the same shape."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from matcher.errors import Fault, InputError
from matcher.io.policy_checks import whole_findings
from matcher.io.policy_document import PolicyDocument
from matcher.io.policy_faults import Example, findings
from matcher.io.toml_text import faults_in_place, parse_toml, read_toml_text
from matcher.policy import Policy
from matcher.texts import text

SHIPPED = ("barnaul", "anuchino", "kalmykia", "dalnerechensk", "smolensk_school_23")

#: The policy whose lines are shown where a key is missing.
_EXAMPLE = "kalmykia"


def list_policies() -> tuple[str, ...]:
    """Return the ids of the shipped policies.

    >>> list_policies()[2]
    'kalmykia'
    """
    return SHIPPED


def read_policy(id_or_path: str | Path) -> Policy:
    """Read a shipped policy by its id, or a TOML file by its path.

    Raises
    ------
    InputError
        When there is no such policy or file, or when the file has faults: all of them at once, each with its line and
        key, what is wrong and what would be right.

    Examples
    --------
    >>> read_policy("dalnerechensk").load.max_mentors_per_mentee
    3
    """
    return parse_policy(*read_policy_text(id_or_path))


def read_policy_text(id_or_path: str | Path) -> tuple[str, str]:
    """Return the text of a policy file and the name its faults are shown under.

    Raises
    ------
    InputError
        When there is no such policy or file, or it is no text in UTF-8.
    """
    if id_or_path in SHIPPED:
        return _shipped_text(str(id_or_path)), f"{id_or_path}.toml"
    path = Path(id_or_path)
    return read_toml_text(path, _not_found(str(id_or_path))), str(path)


def parse_policy(content: str, file: str) -> Policy:
    """Return the policy that the TOML text ``content`` describes; ``file`` is the name its faults are shown under.

    Raises
    ------
    InputError
        When the text has faults: all of them at once.
    """
    return build_policy(parse_toml(content, file), file, content)


def build_policy(document: Mapping[str, Any], file: str, content: str = "") -> Policy:
    """Return the policy of a parsed TOML document; ``content`` is its text, which gives faults their lines.

    Raises
    ------
    InputError
        When the document has faults: all of them at once.
    """
    found = list(whole_findings(document))
    try:
        checked = PolicyDocument.model_validate(document)
    except ValidationError as error:
        found += findings(error, document, policy_schema(), _example())
    else:
        if not found:
            return checked.policy()
    raise InputError(faults_in_place(found, content, file))


def check_policy_file(id_or_path: str | Path) -> tuple[Fault, ...]:
    """Return every fault of a policy file, none when it is right."""
    try:
        read_policy(id_or_path)
    except InputError as error:
        return error.faults
    return ()


@cache
def policy_schema() -> Mapping[str, Any]:
    """Return the JSON schema of a policy file, as shipped in ``matcher/policies/schema.json``."""
    schema = PolicyDocument.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


@cache
def _example() -> Example:
    return Example(
        document=tomllib.loads(_shipped_text(_EXAMPLE)),
        has=text("the policy kalmykia has {key} = {value}"),
        like=text("add a table [{key}] like the one of the policy kalmykia"),
        described=text("see docs/reference/policies.md, which describes every key"),
    )


@cache
def _shipped_text(policy_id: str) -> str:
    return resources.files("matcher").joinpath("policies", f"{policy_id}.toml").read_text(encoding="utf-8")


def _not_found(name: str) -> Fault:
    near = get_close_matches(name, SHIPPED, n=1, cutoff=0.5)
    if near:
        return Fault(name, text("there is no such policy or file"), text("did you mean {near}?", near=near[0]))
    cure = text("name a TOML file or one of: {known}", known=", ".join(SHIPPED))
    return Fault(name, text("there is no such policy or file"), cure)
