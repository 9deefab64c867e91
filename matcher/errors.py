"""What goes wrong with input: every fault at once, each with its place and the cure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.texts import Text


class MatcherError(Exception):
    """Base of all errors this package raises."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in the input.

    ``place`` is where a person finds it (file, sheet and cell, or key); ``message`` says what is wrong and
    ``cure`` what would be right.
    """

    place: str
    message: Text
    cure: Text | None = None


class InputError(MatcherError):
    """The input is wrong; mend every listed fault and try again."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{f.place}: {f.message}" for f in self.faults))
