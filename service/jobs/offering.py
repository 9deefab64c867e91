"""What a process tells of the ways to repair a plan: all of them side by side, and the plan of one that is named."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from matcher.errors import Fault, InputError
from matcher.io.changes_toml import read_changes
from matcher.io.console.repairs import WAYS, change_lines
from matcher.io.plan_json import read_plan_json, write_plan_json
from matcher.io.sentences.sessions import SessionWords
from matcher.io.speaker import Speaker
from matcher.plan import Plan
from matcher.repair.repair import RepairOption, repair_plan
from matcher.texts import Lang, say, text
from service.jobs.names import CHANGES, PLAN, PREVIOUS
from service.jobs.port import Outcome

_MOST_LINES = 200


class Way(BaseModel):
    """A way to repair: what it does in figures, every change in a line, and a word that changes with its meetings."""

    way: str
    title: str
    replaced: int
    moved: int
    left_out: int
    ended: int
    people: int
    lines: list[str]
    num_lines: int
    digest: str


class Offer(BaseModel):
    """What was lost, and the ways to make it good, the recommended first."""

    num_lost: int
    lost: list[str]
    ways: list[Way]


def offer(folder: Path, task: Mapping[str, Any]) -> dict[str, Any]:
    """Return all ways to repair a plan, and write the plan of the one whose digest the task names."""
    from service.jobs.tasks import summary_of

    found = read_plan_json(folder / PREVIOUS)
    if found.schedule is None:
        message = text("the plan has no meetings to repair")
        raise InputError([Fault("plan", message, text("plan the meetings of the round first"))])
    (folder / CHANGES).write_text(task["changes"], encoding="utf-8")
    repaired = repair_plan(found, read_changes(folder / CHANGES, found))
    lang: Lang = task["lang"]
    words = SessionWords(Speaker(found, lang))
    ways = [_way(found, option, words, lang) for option in repaired.options]
    who = {activity.id: words.who(activity) for activity in found.schedule.activities}
    lost = [f"{who[one.activity]}: {words.when(one)}" for one in repaired.lost]
    told = Offer(num_lost=len(lost), lost=lost[:_MOST_LINES], ways=ways)
    result: dict[str, Any] = {"outcome": "offered", "offer": told.model_dump()}
    for way, option in zip(ways, repaired.options, strict=True):
        if way.digest == task.get("digest"):
            _write(option.plan, folder)
            result["summary"] = summary_of(option.plan) | {
                "lost": len(lost),
                "replaced": way.replaced,
                "moved": way.moved,
                "left_out": way.left_out,
                "people_moved": way.people,
            }
            result["outcome"] = Outcome.PLANNED
    return result


def _way(plan: Plan, option: RepairOption, words: SessionWords, lang: Lang) -> Way:
    lines = change_lines(plan, option.plan, words)
    return Way(
        way=str(option.way),
        title=say(WAYS[option.way], lang),
        replaced=len(option.replaced),
        moved=len(option.moved),
        left_out=len(option.left_out),
        ended=len(option.ended),
        people=len(option.people),
        lines=[line.removeprefix("• ") for line in lines[:_MOST_LINES]],
        num_lines=len(lines),
        digest=_digest(option),
    )


def _digest(option: RepairOption) -> str:
    assert option.plan.schedule is not None
    told = [
        (one.id, str(one.day), one.start_minute, one.end_minute, str(one.mode), one.site, one.room, str(one.state))
        for one in option.plan.schedule.sessions
    ]
    return hashlib.sha256(repr((str(option.way), told)).encode()).hexdigest()[:32]


def _write(plan: Plan, folder: Path) -> None:
    from matcher.explain.report import explain_plan

    write_plan_json(plan, folder / PLAN, explain_plan(plan))
