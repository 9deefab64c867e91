"""The figures of one run: a row of the table, the same wherever it was computed; only seconds differ."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRow:
    """A level of pairing (more is better) or of sessions (less is better), with its bound and who proved it."""

    name: str
    value: int
    bound: int | None
    proof: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRow:
    """An indicator of the regulation: of this year's round, or of the year before, which is judged."""

    period: str
    id: str
    part: str
    value: float | None
    unit: str
    plan: float | None = None
    is_met: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """What is due on one day, for so many organisations, municipalities or pairs, and how it stands.

    Days are written as in "2026-10-20", empty where there is none.
    """

    id: str
    title: str
    title_en: str
    level: str
    clause: str
    first_day: str
    day: str
    state: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One run.

    ``value``, ``bound`` and ``gap`` are those of the headline: the level of points of pairing. ``figures`` are numbers
    by name ("pairs", "kind.flash"); see ``docs/reference/scenarios.md``. ``violations`` counts what the judge found.
    ``seconds`` by step, the whole of them in "whole". A run that failed has an ``error`` and nothing else.
    """

    run: str
    scenario: str
    digest: str
    axes: Mapping[str, Any] = field(default_factory=dict)
    status: str | None = None
    value: float | None = None
    bound: float | None = None
    gap: float | None = None
    violations: int = 0
    levels: Sequence[LevelRow] = ()
    session_levels: Sequence[LevelRow] = ()
    indicators: Sequence[IndicatorRow] = ()
    due: Sequence[DueRow] = ()
    figures: Mapping[str, float] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    error: str | None = None

    def without_seconds(self) -> Row:
        """Return the row as two runs of the same input agree on it."""
        return replace(self, seconds={})


_LEVEL = pl.Struct({"name": pl.String, "value": pl.Int64, "bound": pl.Int64, "proof": pl.String})
_INDICATOR = pl.Struct(
    {
        "period": pl.String,
        "id": pl.String,
        "part": pl.String,
        "value": pl.Float64,
        "unit": pl.String,
        "plan": pl.Float64,
        "is_met": pl.Boolean,
    }
)
_DUE = pl.Struct(
    {
        **dict.fromkeys(("id", "title", "title_en", "level", "clause", "first_day", "day", "state"), pl.String),
        "count": pl.Int64,
    }
)
_NUMBER = pl.List(pl.Struct({"name": pl.String, "value": pl.Float64}))
SCHEMA: Mapping[str, Any] = {
    "run": pl.String,
    "scenario": pl.String,
    "digest": pl.String,
    "axes": pl.List(pl.Struct({"name": pl.String, "value": pl.String})),
    "status": pl.String,
    "value": pl.Float64,
    "bound": pl.Float64,
    "gap": pl.Float64,
    "violations": pl.Int64,
    "levels": pl.List(_LEVEL),
    "session_levels": pl.List(_LEVEL),
    "indicators": pl.List(_INDICATOR),
    "due": pl.List(_DUE),
    "figures": _NUMBER,
    "seconds": _NUMBER,
    "error": pl.String,
}
"""Columns of the table of results; values of axes are written as JSON."""


def as_table(rows: Sequence[Row]) -> pl.DataFrame:
    """Return the table of rows, in their order."""
    return pl.DataFrame([_record(row) for row in rows], schema=SCHEMA)


def as_rows(table: pl.DataFrame) -> tuple[Row, ...]:
    """Return the rows of a table."""
    return tuple(
        Row(
            **{
                **record,
                "axes": {one["name"]: json.loads(one["value"]) for one in record["axes"]},
                "levels": tuple(LevelRow(**one) for one in record["levels"]),
                "session_levels": tuple(LevelRow(**one) for one in record["session_levels"]),
                "indicators": tuple(IndicatorRow(**one) for one in record["indicators"]),
                "due": tuple(DueRow(**one) for one in record["due"]),
                "figures": {one["name"]: one["value"] for one in record["figures"]},
                "seconds": {one["name"]: one["value"] for one in record["seconds"]},
            }
        )
        for record in table.iter_rows(named=True)
    )


def _record(row: Row) -> dict[str, Any]:
    record = asdict(row)
    record["axes"] = [{"name": name, "value": json.dumps(value, default=str)} for name, value in row.axes.items()]
    for name in ("figures", "seconds"):
        record[name] = [{"name": key, "value": float(value)} for key, value in getattr(row, name).items()]
    return record
