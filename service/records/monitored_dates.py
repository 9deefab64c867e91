"""What was done of what the regulation sets dates for: shown by records, or marked by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from matcher.indicators.facts import Done
from matcher.policy_words import DeadlineWhen, ScopeLevel
from service.records.gathered import Gathered, day_of
from service.tables.areas import AreaKind


def done_of(it: Gathered) -> Iterator[Done]:
    """Yield what was done of what the regulation sets dates for."""
    for rule in it.policy.deadlines:
        if rule.when is DeadlineWhen.QUARTER:
            yield from _reports_done(it, rule.id)
        elif rule.when is DeadlineWhen.COMPLETION:
            yield from _published(it, rule.id)
        else:
            yield from _of_areas(it, rule.id, rule.level)
    for pair in it.pairs.values():
        if pair.replaces_id in it.pairs:
            yield Done(deadline="replacement", subject=str(pair.replaces_id), day=pair.since)


def _reports_done(it: Gathered, deadline: str) -> Iterator[Done]:
    for one in it.records["quarterly_report"]:
        if one.state in ("submitted", "checked") and one.pair_id is not None:
            covers = date.fromisoformat(str(one.figures["covers"]))
            yield Done(deadline=deadline, subject=one.pair_id, day=one.created_at.date(), covers=covers)


def _published(it: Gathered, deadline: str) -> Iterator[Done]:
    for one in it.records["publication"]:
        if one.state == "published" and one.pair_id is not None:
            yield Done(deadline=deadline, subject=one.pair_id, day=day_of(one))


def _of_areas(it: Gathered, deadline: str, level: ScopeLevel) -> Iterator[Done]:
    """Yield what was done by an organisation, municipality or region: marked by hand, or shown by its own records."""
    found = [one for one in it.records["deadline_mark"] if one.figures.get("deadline") == deadline]
    found = [one for one in found if one.state == "kept"]
    if deadline.endswith("coordination"):
        held = [one for one in it.records["coordination_meeting"] if one.state == "held"]
        found += [one for one in held if one.figures.get("level") == level]
    if deadline == "yearly_review":
        found += [one for one in it.records["registry_review"] if one.state == "done"]
    if deadline == "forum":
        forums = [one for one in it.records["event"] if one.figures.get("type") == "forum"]
        found += [one for one in forums if one.state == "held"]
    for one in found:
        for subject in _subjects(it, one.area_id, level):
            yield Done(deadline=deadline, subject=subject, day=day_of(one))


def _subjects(it: Gathered, area_id: str, level: ScopeLevel) -> list[str]:
    """Return for whom something done in an area counts: what a municipality does itself its schools need not do."""
    municipality, region = it.lines[area_id]
    if level is ScopeLevel.MUNICIPALITY:
        return [municipality]
    if level is ScopeLevel.REGION:
        return [region]
    path = it.bank.areas[area_id].path
    below = [one for one in it.bank.areas.values() if one.path.startswith(path)]
    return [one.id for one in below if one.kind == AreaKind.ORGANISATION]
