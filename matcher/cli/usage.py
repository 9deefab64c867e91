"""Words of the command line that mean nothing to it: said in the language of the user."""

from __future__ import annotations

import re
from typing import Any

from matcher.errors import Fault
from matcher.texts import Text, text

_NO_COMMAND = re.compile(r"No such command '(.*)'")
_EXTRA = re.compile(r"Got unexpected extra argument\S* \((.*)\)")
_LEAST = re.compile(r"greater than or equal to (-?[\d.]+)")
_NO_VALUE = re.compile(r"Option '(.*)' requires an argument")


def usage_fault(error: Exception) -> Fault | None:
    """Return the fault in the words of the command line that ``error`` stands for, None for any other error.

    The library of the command line is known here by the shape of its errors alone.
    """
    if not (hasattr(error, "format_message") and hasattr(error, "exit_code")):
        return None
    given: Any = error
    see_help = text("see {command} --help", command=_command(given))
    kind = type(error).__name__
    if kind == "NoSuchOption":
        near = ", ".join(given.possibilities or ())
        cure = text("perhaps {names}", names=near) if near else see_help
        return Fault(given.option_name, text("there is no such option"), cure)
    if kind == "MissingParameter" and given.param is not None:
        return Fault(_name(given.param), text("this has to be given"), see_help)
    if kind == "BadParameter" and given.param is not None:
        return Fault(_name(given.param), text("this value does not fit"), _fitting(str(given.message)) or see_help)
    return _told(given.format_message(), see_help)


def _told(message: str, see_help: Text) -> Fault:
    for pattern, sentence in (
        (_NO_COMMAND, text("there is no such command")),
        (_EXTRA, text("this is more than the command takes")),
        (_NO_VALUE, text("the option needs a value")),
    ):
        found = pattern.search(message)
        if found:
            return Fault(found[1], sentence, see_help)
    return Fault("matcher", text("the words of the command do not fit: {message}", message=message), see_help)


def _command(given: Any) -> str:
    context = getattr(given, "ctx", None)
    return "matcher" if context is None else str(context.command_path)


def _name(param: Any) -> str:
    longest = max(param.opts, key=len)
    return longest if longest.startswith("-") else str(param.metavar or param.name)


def _fitting(message: str) -> Text | None:
    """Return what would fit where a number is asked for."""
    least = _LEAST.search(message)
    if least:
        return text("write a number from {min}", min=least[1])
    if "format" in message and "%Y" in message:
        return text("write the day as in 2026-12-31 or 31.12.2026")
    if "integer" in message:
        return text("write a whole number")
    return text("write a number") if "number" in message else None
