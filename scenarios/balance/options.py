"""What the sorts of balancing want to know besides: whole numbers of ``[options]``."""

from __future__ import annotations

from collections.abc import Mapping

from matcher.errors import Fault, InputError
from matcher.texts import text
from scenarios.scenario import Run


def read_numbers(run: Run, known: Mapping[str, int]) -> dict[str, int]:
    """Return the whole numbers of ``[options]``, by default those of ``known``.

    Raises
    ------
    InputError
        When a key is not known, or a value is no whole number from 1 on: all of them at once.
    """
    given, names = run.settings.options, ", ".join(known)
    faults = [
        Fault(
            f"options.{key}",
            text("the key {key} is unknown", key=key),
            text("known here: {known}", known=names),
        )
        for key in given
        if key not in known
    ]
    faults += [
        Fault(f"options.{key}", text("{value} is wrong here", value=given[key]), text("write a whole number from 1 on"))
        for key in known
        if key in given and (isinstance(given[key], bool) or not isinstance(given[key], int) or given[key] < 1)
    ]
    if faults:
        raise InputError(faults)
    return {key: int(given.get(key, value)) for key, value in known.items()}
