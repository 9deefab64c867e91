"""Filling in a Word template where nothing but plain values can be reached (S8).

A template sees dictionaries, lists, texts and numbers, may loop and choose, and use some filters on texts. It reaches
no attribute of any object, calls nothing, and cannot blow a text up. What it must not reach is told as an error.

References
----------
Jinja 3.1, "Sandbox"; OWASP WSTG-INPV-18 (server-side template injection).
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

FILTERS = frozenset(
    {"capitalize", "count", "default", "d", "e", "escape", "first", "int", "join", "last", "length", "lower"}
    | {"replace", "reverse", "sort", "string", "title", "trim", "unique", "upper"}
)
TESTS = frozenset(
    {"defined", "undefined", "none", "string", "number", "mapping", "sequence", "even", "odd", "divisibleby", "in"}
    | {"eq", "ne", "lt", "le", "gt", "ge", "==", "!=", "<", "<=", ">", ">=", "true", "false"}
)
_LOOP = frozenset(
    {"index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "depth0", "previtem", "nextitem"}
)
_PLAIN = (str, int, float, bool, type(None))
_LONGEST = 100_000
"""Characters a text may grow to by an operator of a template."""


class PlainEnvironment(ImmutableSandboxedEnvironment):
    """An environment in which names lead to entries of dictionaries and the counters of a loop, and to nothing else."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})
    intercepted_unops = frozenset({"-", "+"})

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals = {}
        self.filters = {name: made for name, made in self.filters.items() if name in FILTERS}
        self.tests = {name: made for name, made in self.tests.items() if name in TESTS}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an entry of a dictionary, a counter of a loop; anything else is refused."""
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, LoopContext) and attribute in _LOOP:
            return getattr(obj, attribute)
        if isinstance(obj, (Undefined, *_PLAIN)) and not attribute.startswith("_"):
            return self.undefined(obj=obj, name=attribute)
        raise SecurityError(attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an entry of a dictionary or list."""
        if isinstance(argument, str):
            return self.getattr(obj, argument)
        if isinstance(obj, list | tuple | str) and isinstance(argument, int | slice):
            try:
                return obj[argument]
            except IndexError:
                return self.undefined(obj=obj, name=str(argument))
        raise SecurityError(str(argument)[:40])

    def is_safe_callable(self, obj: Any) -> bool:
        """Nothing may be called."""
        return False

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """No attribute of an object may be reached."""
        return False

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Count with numbers and put texts together; nothing that makes much out of little."""
        numbers = all(isinstance(one, int | float) and abs(one) < 10**9 for one in (left, right))
        if operator in ("+", "-", "*", "/", "//", "%") and numbers:
            return super().call_binop(context, operator, left, right)
        if operator == "+" and isinstance(left, str) and isinstance(right, str) and len(left) + len(right) < _LONGEST:
            return left + right
        raise SecurityError(operator)


def fill(template: bytes, fields: Mapping[str, Any]) -> bytes:
    """Return a Word file filled in.

    Raises
    ------
    jinja2.exceptions.TemplateError
        When the template names a field there is none of, or reaches for what it must not.
    """
    _only_plain(fields)
    document = DocxTemplate(io.BytesIO(template))
    document.render(dict(fields), PlainEnvironment())
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _only_plain(value: Any) -> None:
    """Check that nothing but plain values is handed to a template."""
    if isinstance(value, dict):
        for name, one in value.items():
            assert type(name) is str
            _only_plain(one)
    elif isinstance(value, list | tuple):
        for one in value:
            _only_plain(one)
    else:
        assert type(value) in _PLAIN, type(value)
