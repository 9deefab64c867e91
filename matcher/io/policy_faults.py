"""What is wrong in a policy or a school year, in our words: each finding with its key and what would be right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from matcher.io.toml_text import Finding
from matcher.texts import Text, text

_TYPE_CURES = {
    "int_type": text("write a whole number, without quotes"),
    "int_from_float": text("write a whole number"),
    "bool_type": text("write true or false, without quotes"),
    "string_type": text("write text in quotes"),
    "string_too_short": text("write at least one character"),
    "float_type": text("write a number, without quotes"),
    "finite_number": text("write a number"),
    "tuple_type": text("write a list in square brackets"),
    "list_type": text("write a list in square brackets"),
    "model_type": text("write a table"),
    "model_attributes_type": text("write a table"),
    "dict_type": text("write a table"),
    "date_type": text("write a date without quotes, for example 2024-09-01"),
    "is_instance_of": text("write a date without quotes, for example 2024-09-01"),
    "day_of_year": text("write month and day, for example 09-01"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A file that is right, shown where a key is missing.

    ``has`` says what it has at a {key}, ``like`` to copy a table of it; ``described`` where every key is described.
    """

    document: Mapping[str, Any]
    has: Text
    like: Text
    described: Text


class _Shape:
    """The JSON schema of a file, asked which keys or values a place may have."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema

    def _node(self, place: Sequence[str | int]) -> Mapping[str, Any]:
        node = self._resolved(self._schema)
        for step in place:
            if isinstance(step, int):
                prefix = node.get("prefixItems", [])
                child = prefix[step] if step < len(prefix) else node.get("items", {})
            else:
                child = node.get("properties", {}).get(step) or node.get("additionalProperties") or {}
            node = self._resolved(child)
        return node

    def _resolved(self, node: Any) -> Mapping[str, Any]:
        if not isinstance(node, Mapping):
            return {}
        if "$ref" in node:
            return self._resolved(self._schema["$defs"][node["$ref"].rsplit("/", 1)[-1]])
        if "anyOf" in node:
            return self._resolved(next(one for one in node["anyOf"] if one.get("type") != "null"))
        return node

    def keys(self, place: Sequence[str | int]) -> list[str]:
        """Return the keys known beside ``place``."""
        parent = self._node(place[:-1])
        return list(parent.get("properties", {})) or self._words(self._resolved(parent.get("propertyNames")))

    def values(self, place: Sequence[str | int]) -> list[str]:
        """Return the values known at ``place``."""
        return self._words(self._node(place))

    @staticmethod
    def _words(node: Mapping[str, Any]) -> list[str]:
        return [str(value) for value in node.get("enum", [node["const"]] if "const" in node else [])]


def findings(
    error: ValidationError, document: Mapping[str, Any], schema: Mapping[str, Any], example: Example
) -> Iterator[Finding]:
    """Yield pydantic's findings as sentences; ``example`` is a file that is right, shown where a key is missing."""
    shape = _Shape(schema)
    for found in error.errors():
        place = tuple(step for step in found["loc"] if step != "[key]")
        if found["loc"][-1] == "[key]" or found["type"] == "extra_forbidden":
            yield place, text("the key {key} is unknown", key=place[-1]), _key_meant(place, shape, document)
        else:
            yield _finding(found["type"], place, found["input"], found.get("ctx", {}), shape, example)


def _key_meant(place: tuple[str | int, ...], shape: _Shape, document: Mapping[str, Any]) -> Text:
    """Return the key meant by one that is not known: a table that may stand twice counts even where it is there."""
    here = _value_at(place[:-1], document)
    open_keys = [key for key in shape.keys(place) if key not in here or isinstance(here[key], list)]
    near = _nearest(str(place[-1]), open_keys)
    is_near = bool(get_close_matches(str(place[-1]), open_keys, n=1))
    return near if is_near else _nearest(str(place[-1]), [key for key in open_keys if key not in here])


def _finding(
    kind: str,
    place: tuple[str | int, ...],
    value: Any,
    context: Mapping[str, Any],
    shape: _Shape,
    example: Example,
) -> Finding:
    """Return one finding of pydantic as our sentence and its cure."""
    match kind:
        case "missing" if isinstance(place[-1], int):
            return place[:-1], text("the list is too short"), _show_example(place[:-1], example)
        case "missing":
            return place, text("the key is missing"), _show_example(place, example)
        case "too_short" | "too_long":
            return place, text("the list has a wrong number of items"), _show_example(place, example)
        case "enum" | "literal_error" | "unknown_word":
            known = context.get("known") or shape.values(place)
            return place, text("{value} is unknown", value=_shown(value)), _nearest(str(value), known)
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            bound = context.get("gt", context.get("ge", context.get("lt", context.get("le"))))
            return place, text("{value} is outside the bounds", value=value), _BOUNDS[kind](bound)
        case "string_pattern_mismatch":
            return place, text("{value} has a wrong form", value=_shown(value)), _show_example(place, example)
        case "day_of_year":
            return place, text("{day} is no day of the year", day=context["day"]), _TYPE_CURES[kind]
        case _ if kind in _TYPE_CURES:
            return place, text("{value} is of a wrong type", value=_shown(value)), _TYPE_CURES[kind]
        case _ if kind in _OWN:
            message, cure = _OWN[kind]
            return place, Text(message.msgid, dict(context)), Text(cure.msgid, dict(context))
        case _:
            return place, text("{value} is wrong here", value=_shown(value)), _show_example(place, example)


_BOUNDS = {
    "greater_than": lambda bound: text("write more than {bound}", bound=bound),
    "greater_than_equal": lambda bound: text("write {bound} or more", bound=bound),
    "less_than": lambda bound: text("write less than {bound}", bound=bound),
    "less_than_equal": lambda bound: text("write {bound} or less", bound=bound),
}

#: Findings of our own checks in the values and tables of files: sentence and cure, filled from their context.
_OWN = {
    "repeated": (text("{item} stands twice"), text("leave {item} in one place")),
    "min_over_max": (
        text("{least_key} ({least}) is more than {most_key} ({most})"),
        text("make {least_key} the smaller one"),
    ),
    "descending": (text("{values} do not ascend"), text("write the smaller number first")),
    "clause_missing": (text("a rule that is on needs its clause"), text('add clause = "…", or write on = false')),
    "no_others": (text("no tier says where all others belong"), text('add a tier ["*"]')),
    "school_day": (
        text("{value} is no day of a school year"),
        text('write a date without quotes, or month and day such as "09-01" or "sat 10-22"'),
    ),
    "deadline_key": (
        text("a date of the sort {when} needs the key {key}"),
        text("add {key}, or choose another sort of date"),
    ),
}


def _nearest(wrong: str, known: Sequence[str]) -> Text:
    """Return the cure for an unknown word: the near ones, else all."""
    near = get_close_matches(wrong, known, n=3, cutoff=0.6)
    if near:
        return text("did you mean {near}?", near=", ".join(near))
    return text("known here: {known}", known=", ".join(known))


def _show_example(place: Sequence[str | int], example: Example) -> Text:
    try:
        value = _value_at([0 if isinstance(step, int) else step for step in place], example.document)
    except (KeyError, IndexError, TypeError):
        return example.described
    if isinstance(value, Mapping) and (len(value) > 3 or any(isinstance(item, Mapping) for item in value.values())):
        return Text(example.like.msgid, {"key": ".".join(map(str, place))})
    return Text(example.has.msgid, {"key": place[-1], "value": _shown(value)})


def _value_at(place: Sequence[str | int], document: Any) -> Any:
    for step in place:
        document = document[step]
    return document


def _shown(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, Mapping):
        inside = ", ".join(f"{key} = {_shown(item)}" for key, item in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_shown(item) for item in value) + "]"
    return str(value)
