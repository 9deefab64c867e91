"""What a scenario is, and the runs it expands to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scenarios.document import ScenarioDocument

Files = Mapping[str, bytes]
"""Files of a scenario by their path in its folder; they travel once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A scenario as it was read: its document, as raw TOML and checked, and the files beside it that go in."""

    name: str
    folder: Path
    document: Mapping[str, Any]
    settings: ScenarioDocument
    policy: Mapping[str, Any]
    files: Files


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: the settings and the regulation with the values of the axes put in. It holds all that goes in.

    ``files`` names the files of the scenario that go with it; ``digest`` is a hash of settings, regulation, files and
    program. ``axes`` maps each axis to the value of this run, in the order of the scenario.
    """

    name: str
    scenario: str
    digest: str
    settings: ScenarioDocument
    policy: Mapping[str, Any]
    files: str
    axes: Mapping[str, Any] = field(default_factory=dict)
