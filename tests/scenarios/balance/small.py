"""Small runs of the questions of a municipality, and their figures by step."""

from __future__ import annotations

from typing import Any

from matcher.io.policy_toml import read_policy_text
from matcher.io.toml_text import parse_toml
from scenarios.document import ScenarioDocument
from scenarios.materials import Materials, build_materials
from scenarios.rows import Row
from scenarios.scenario import Run


def run_of(what: str, policy: str = "kalmykia", *, options: dict[str, Any] | None = None, **roster: int) -> Run:
    """Return a run of a few made-up people."""
    people = {"mentees": 12, "mentors": 8, "organisations": 4, "municipalities": 2, "seed": 3} | roster
    document = {"title": "", "title_en": "", "policy": policy, "what": what, "roster": people, "seed": 1}
    settings = ScenarioDocument.model_validate(document | {"work_limit": 400, "options": options or {}})
    return Run(name=what, scenario=what, digest="", settings=settings, policy=_document(policy), files="")


def materials_of(run: Run) -> Materials:
    """Return the inputs of a run."""
    return build_materials(run, {})


def steps_of(row: Row) -> dict[str, dict[str, float]]:
    """Return the measures of each step, by its name."""
    found: dict[str, dict[str, float]] = {}
    for name, value in row.figures.items():
        if name.startswith("step."):
            measure, _, step = name.removeprefix("step.").partition(".")
            found.setdefault(step, {})[measure] = value
    return found


def _document(policy: str) -> dict[str, Any]:
    content, shown = read_policy_text(policy)
    return parse_toml(content, shown)
