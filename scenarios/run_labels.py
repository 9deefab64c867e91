"""What runs of a sweep are called in a report: a number, and the values of the axes that set them apart."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matcher.texts import Lang, Text, say, text
from scenarios.rows import Row

_LONGEST = 24
_AXES: Mapping[str, Text] = {
    "policy.load.max_individual_mentees": text("mentees at most"),
    "policy.load.max_groups_per_mentor": text("groups at most"),
    "policy.load.soft_mentees": text("mentees before others come first"),
    "policy.load.mentor_hours_per_week": text("hours a week"),
    "roster.seed": text("seed of the roster"),
    "seed": text("seed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLabel:
    """The number of a run in its table, from 1, and its words: "mentees at most 2, hours a week 3"."""

    number: int
    words: str


def run_labels(rows: Sequence[Row], lang: Lang) -> dict[str, RunLabel]:
    """Return what each run is called; where no axis sets them apart it is called by its name."""
    values: dict[str, list[str]] = {}
    for row in rows:
        for key, value in row.axes.items():
            known = values.setdefault(key, [])
            plain = _plain(value)
            if plain not in known:
                known.append(plain)
    varied = [key for key, known in values.items() if len(known) > 1]
    return {
        row.run: RunLabel(number=number, words=_words(row, varied, values, lang) or row.run)
        for number, row in enumerate(rows, start=1)
    }


def _words(row: Row, varied: Sequence[str], values: Mapping[str, Sequence[str]], lang: Lang) -> str:
    parts = []
    for key in varied:
        if key in row.axes:
            plain = _plain(row.axes[key])
            shown = plain if len(plain) <= _LONGEST else f"№ {values[key].index(plain) + 1}"
            parts.append(f"{_name(key, lang)} {shown}")
    return ", ".join(parts)


def _name(key: str, lang: Lang) -> str:
    return say(_AXES[key], lang) if key in _AXES else key.rpartition(".")[2]


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
