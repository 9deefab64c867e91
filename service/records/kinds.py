"""Every kind of record there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.records import (
    conflicts,
    diagnostics,
    figures_given,
    gate_ticks,
    individual_routes,
    people_states,
    plans_of_areas,
    programmes,
    publications,
    questionnaires,
    reports,
    resources,
    standing,
)
from service.records.kind import Kind

KINDS: Mapping[str, Kind[Any]] = {
    kind.id: kind
    for module in (
        programmes,
        individual_routes,
        diagnostics,
        questionnaires,
        reports,
        conflicts,
        gate_ticks,
        plans_of_areas,
        resources,
        publications,
        standing,
        people_states,
        figures_given,
    )
    for kind in module.KINDS
}
