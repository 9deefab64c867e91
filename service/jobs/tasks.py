"""What a solver process does: a plan, a repair, a file of a plan, an explanation."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from matcher.errors import Fault, InputError
from matcher.io.plan_json import read_plan_json, write_plan_json
from matcher.io.plan_text import TextPart
from matcher.outcome import Progress, Stop
from matcher.plan import Plan
from matcher.sessions.schedule import SessionState
from matcher.texts import Text, text
from service.jobs.names import CHANGES, MAPS, PLAN, POLICY, PREVIOUS, ROSTER
from service.jobs.port import Outcome
from service.rounds.roster_json import roster_of

Result = dict[str, Any]


def do(folder: Path, task: Mapping[str, Any], *, stop: Stop) -> Result:
    """Do a task and return what ``result.json`` is to say.

    Wrong input is a result like any other: all its faults, in the words of the program and not yet in a language.
    """
    try:
        return _TASKS[task["what"]](folder, task, stop)
    except InputError as error:
        return {"outcome": Outcome.WRONG_INPUT, "faults": [fault_part(fault) for fault in error.faults]}


def fault_part(fault: Fault) -> dict[str, Any]:
    """Return a fault as it is kept, its sentences still to be said in a language."""
    found: dict[str, Any] = {"place": fault.place, "message": _part(fault.message)}
    if fault.cure is not None:
        found["cure"] = _part(fault.cure)
    return found


def fault_of(part: Mapping[str, Any]) -> Fault:
    """Return the fault that was kept."""
    cure = part.get("cure")
    return Fault(
        str(part["place"]),
        TextPart.model_validate(part["message"]).text(),
        None if cure is None else TextPart.model_validate(cure).text(),
    )


def _part(message: Text) -> dict[str, Any]:
    return TextPart.of(message).model_dump(mode="json", exclude_defaults=True)


def _solve(folder: Path, task: Mapping[str, Any], stop: Stop) -> Result:
    """Pair people, and for "plan" plan their meetings too."""
    from matcher.io.policy_toml import parse_policy
    from matcher.io.read_timetables import read_weeks
    from matcher.plan import pairs_of
    from matcher.planning import make_plan

    policy = parse_policy((folder / POLICY).read_text(encoding="utf-8"), POLICY)
    roster = roster_of((folder / ROSTER).read_bytes())
    maps = sorted((folder / MAPS).glob("*/MAP.toml"))
    before = read_plan_json(folder / PREVIOUS) if (folder / PREVIOUS).exists() else None
    with_meetings = task["what"] == "plan"
    busy, weeks, _ = read_weeks(maps, roster) if maps or with_meetings else (None, None, ())
    term = None
    if with_meetings and weeks is not None:
        from service.jobs.terms import term_of

        weeks, busy, term = term_of(task, policy, weeks, busy, before, lambda year: read_weeks(maps, roster, year=year))
    found = make_plan(
        roster,
        policy,
        busy=busy,
        timetables=weeks if with_meetings else None,
        term=term,
        time_limit=float(task["time_limit"]),
        work_limit=task.get("work_limit"),
        seed=int(task.get("seed", 0)),
        previous=None if before is None else pairs_of(before),
        schedule_before=None if before is None or not with_meetings else before.schedule,
        reference_day=date.fromisoformat(task["reference_day"]) if task.get("reference_day") else None,
        on_progress=_tell,
        stop=stop,
    )
    return _written(found, folder)


def _plan_sessions(folder: Path, task: Mapping[str, Any], stop: Stop) -> Result:
    """Plan the meetings of the pairs that stand, and pair nobody anew."""
    from matcher.given_pairs import plan_meetings
    from matcher.io.read_timetables import read_weeks
    from service.jobs.given import given_pairs
    from service.jobs.terms import rest_of

    found = read_plan_json(folder / PREVIOUS)
    roster = roster_of((folder / ROSTER).read_bytes())
    maps = sorted((folder / MAPS).glob("*/MAP.toml"))
    _, weeks, _ = read_weeks(maps, roster)
    weeks, term, begins = rest_of(task, found, weeks, lambda year: read_weeks(maps, roster, year=year))
    pairs = given_pairs(task["pairs"], found)
    planned = plan_meetings(
        found,
        pairs,
        roster,
        weeks,
        term=term,
        begins=begins,
        time_limit=float(task["time_limit"]),
        work_limit=task.get("work_limit"),
        seed=int(task.get("seed", 0)),
        on_progress=_tell,
        stop=stop,
    )
    result = _written(planned, folder)
    assert planned.schedule is not None
    result["outcome"] = Outcome.PLANNED  # whoever cannot meet is listed; meetings of nobody go
    result["summary"] |= {
        "pairs": len(pairs),
        "groups": len({pair.group for pair in pairs if pair.group is not None}),
        "meetings": sum(one.state is not SessionState.CANCELLED for one in planned.schedule.sessions),
    }
    return result


def _repair(folder: Path, task: Mapping[str, Any], stop: Stop) -> Result:
    """Make good what changes took away."""
    from matcher.io.changes_toml import read_changes
    from matcher.repair.repair import repair_plan

    found = read_plan_json(folder / PREVIOUS)
    if found.schedule is None:
        message = text("the plan has no meetings to repair")
        raise InputError([Fault("plan", message, text("plan the meetings of the round first"))])
    repaired = repair_plan(found, read_changes(folder / CHANGES, found), seed=int(task.get("seed", 0)))
    if not repaired.options:
        outcome = Outcome.NOTHING_PLACED if repaired.lost else Outcome.NOTHING_LOST
        return {"outcome": outcome, "summary": {"lost": len(repaired.lost)}}
    best = repaired.options[0]
    result = _written(best.plan, folder)
    result["summary"] |= {
        "lost": len(repaired.lost),
        "replaced": len(best.replaced),
        "moved": len(best.moved),
        "left_out": len(best.left_out),
        "people_moved": len(best.people),
    }
    return result


def _written(plan: Plan, folder: Path) -> Result:
    """Write a plan with its explanations and return what is to be said of it."""
    from matcher.explain.report import explain_plan

    write_plan_json(plan, folder / PLAN, explain_plan(plan))
    outcome = Outcome.NOTHING_PLACED if _is_empty(plan) else Outcome.PLANNED
    return {"outcome": outcome, "summary": summary_of(plan)}


def _is_empty(plan: Plan) -> bool:
    schedule = plan.schedule
    return not plan.pairs or (schedule is not None and bool(schedule.activities) and not schedule.sessions)


def summary_of(plan: Plan) -> dict[str, Any]:
    """Return the figures of a plan that lead to nobody."""
    found: dict[str, Any] = {
        "status": str(plan.status),
        "mentees": len(plan.roster.mentees),
        "pairs": len(plan.pairs),
        "groups": len(plan.groups),
        "unmatched": len(plan.unmatched),
        "conflicts": len(plan.conflicts),
        "seconds": round(plan.seconds, 3),
        "levels": [
            {"name": level.name, "value": _number(level.value), "bound": _number(level.bound)} for level in plan.levels
        ],
    }
    if plan.schedule is not None:
        found["meetings"] = len(plan.schedule.sessions)
        found["meetings_missing"] = sum(len(one.numbers) for one in plan.schedule.unplaced)
        found["schedule_status"] = str(plan.schedule.status)
    return found


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)


def _export(folder: Path, task: Mapping[str, Any], stop: Stop) -> Result:
    """Write one file of a plan for people."""
    from service.jobs.files import WRITERS
    from service.jobs.present import at_present

    plan = at_present(read_plan_json(folder / PREVIOUS), task["meetings"])
    WRITERS[task["file"]](plan, folder / "file", task["lang"], task["round"])
    return {"outcome": "written"}


def _explain(folder: Path, task: Mapping[str, Any], stop: Stop) -> Result:
    """Say why a mentee has whom he has, or nobody."""
    from matcher.explain.audience import Audience
    from service.jobs.explaining import explain_mentee

    plan = read_plan_json(folder / PREVIOUS)
    if task["mentee"] not in {mentee.person for mentee in plan.roster.mentees}:
        return {"outcome": "unknown"}
    answer = explain_mentee(
        plan, task["mentee"], task["lang"], Audience(task["audience"]), time_limit=float(task["time_limit"])
    )
    return {"outcome": "explained", "answer": answer}


def _offer(folder: Path, task: Mapping[str, Any], stop: Stop) -> Result:
    """Tell the ways to repair a plan, and write the plan of one."""
    from service.jobs.offering import offer

    return offer(folder, task)


def _tell(progress: Progress) -> None:
    """Print a line of progress."""
    line = {
        "stage": progress.stage,
        "level": progress.level,
        "value": _number(progress.value),
        "bound": _number(progress.bound),
        "gap": progress.gap,
        "seconds": round(progress.seconds, 3),
    }
    print(json.dumps(line), flush=True)  # noqa: T201


_TASKS: dict[str, Callable[[Path, Mapping[str, Any], Stop], Result]] = {
    "pair": _solve,
    "plan": _solve,
    "sessions": _plan_sessions,
    "repair": _repair,
    "export": _export,
    "explain": _explain,
    "offer": _offer,
}
