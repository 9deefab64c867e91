"""Forms of the checklist before pairs are fixed: what each item asks, and the record it becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import col, select
from starlette.datastructures import FormData

from matcher.errors import Fault
from matcher.policy_labels import DOCUMENT_LABELS
from matcher.texts import Text, say, text
from service.errors import not_found, wrong_input
from service.organisations.details import Details
from service.pages.acting import day_in, word, words
from service.records.cases import Asked, build_case
from service.records.gate_ticks import ActPart
from service.records.gates import GateFact, gate_items
from service.records.kinds import KINDS
from service.records.mistakes import back_state
from service.records.store import make, take_step
from service.tables.records import Record
from service.tables.rounds import RosterFile, Round
from service.work import Work

PARTS: Mapping[ActPart, Text] = {
    ActPart.GROUNDS: text("grounds for bringing mentoring in"),
    ActPart.TERMS: text("terms"),
    ActPart.RESPONSIBLE: text("who is responsible"),
    ActPart.MONITORING: text("terms of monitoring"),
    ActPart.PLANNED_RESULTS: text("planned results"),
}
NUM_ITEMS = 5
_TITLES = {
    "document": text("Name of the paper"),
    "council": text("Name of the council"),
    "roadmap": text("Name of the plan"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """A field of a form: of an item here, of a record in ``record_forms``.

    ``choices`` are what may be chosen, ``chosen`` what is; ``parts`` the fields of a group, or the groups of a list.
    ``asked`` marks what the regulation asks for, though the form may be kept without it.
    """

    name: str
    label: Text
    type: str = "text"
    value: str = ""
    required: bool = True
    hint: str = ""
    choices: Sequence[tuple[str, str]] = ()
    chosen: Sequence[str] = ()
    parts: Sequence[Blank] = ()
    most: int | None = None
    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """A line of the plan of activities that is offered to begin with."""

    title: str
    last_day: str
    responsible: str


def blanks_of(work: Work, gate: GateFact, today: date, details: Details, title: str) -> list[Blank]:
    """Return the fields of an item, filled in with what is known."""
    number = Blank(name="number", label=text("Number of the order"))
    day = Blank(name="day", label=text("Day"), type="date", value=today.isoformat())
    item = next(one for one in gate_items() if one.id == gate.id)
    label = DOCUMENT_LABELS.get(item.code or "")
    paper = title if label is None else say(label, work.lang).capitalize()
    named = Blank(name="title", label=_TITLES.get(gate.kind, text("Name of the paper")), value=paper)
    if gate.kind == "document":
        return [named, Blank(name="number", label=text("Number")), day]
    if gate.kind == "roadmap":
        return [
            Blank(name="title", label=_TITLES["roadmap"], value=say(text("Roadmap of mentoring"), work.lang)),
            number,
            day,
        ]
    if gate.kind == "curator_appointment":
        name, position = details.curator, details.curator_position
        return [
            Blank(name="name", label=text("Surname, name, patronymic of the curator"), value=name),
            Blank(name="position", label=text("Position"), value=position or say(text("deputy head"), work.lang)),
            number,
            day,
        ]
    if gate.kind == "council":
        members = Blank(
            name="members",
            label=text("Members"),
            type="area",
            hint=say(text("One in a line: surname and initials — duty in the council."), work.lang),
        )
        return [
            Blank(name="title", label=_TITLES["council"], value=say(text("Council of mentors"), work.lang)),
            members,
            number,
            day,
        ]
    if gate.kind == "registry_review":
        return [
            day,
            Blank(name="people", label=text("Teachers looked through"), type="number", required=False),
            Blank(name="need_mentors", label=text("Of them need a mentor"), type="number", required=False),
        ]
    return [day, Blank(name="note", label=text("Where it is recorded (minutes, order)"), required=False)]


def plan_lines(work: Work, today: date) -> list[PlanLine]:
    """Return the activities a plan usually has, with days to be changed; the school year ends it."""
    year = today.year if today.month >= 7 else today.year - 1
    usual = (
        (text("Training of mentors"), date(year, 10, 31)),
        (text("Picking pairs, order of the head"), date(year, 11, 30)),
        (text("Work of the pairs by their programmes"), date(year + 1, 5, 15)),
        (text("Monitoring and report"), date(year + 1, 5, 31)),
    )
    who = say(text("curator"), work.lang)
    lines = [
        PlanLine(title=say(title, work.lang), last_day=max(last, today).isoformat(), responsible=who)
        for title, last in usual
    ]
    return [*lines, PlanLine(title="", last_day="", responsible="")][:NUM_ITEMS]


def state_back(gate: GateFact) -> str | None:
    """Return the state to which the record of an item goes back when it was recorded by mistake, where it can."""
    return back_state(gate.kind) if gate.done and gate.record_id is not None else None


def keep_gate(work: Work, round_: Round, gate: GateFact, form: FormData) -> None:
    """Record an item of the checklist as its form tells it, and put it in force.

    Raises
    ------
    Problem
        409 or 422 with everything that is missing.
    """
    kind, item = KINDS[gate.kind], next(one for one in gate_items() if one.id == gate.id)
    to = "done" if gate.kind == "gate" else item.states[0]
    fields = _FIELDS[gate.kind](form, gate.id, item.code)
    core = work.core
    if gate.kind == "gate":
        asked = select(Record).where(
            Record.kind == "gate", Record.slot == f"gate:{round_.id}:{gate.id}", col(Record.replaced_at).is_(None)
        )
        before = work.session.exec(asked).first()
        if before is not None:  # ticked once and taken back
            take_step(build_case(work.session, core.vault, work.viewer, work.lang, before), kind, to, {})
            return
    hangs = Asked(round=round_.id) if gate.kind == "gate" else Asked(area=round_.area_id)
    if work.session.get_one(RosterFile, round_.roster_id).is_made_up:
        hangs = Asked(area=round_.area_id, round=round_.id)  # counts for this round alone and goes with it
    _, case = make(work.session, core.vault, work.viewer, work.lang, kind, hangs, fields)
    take_step(case, kind, to, {})


def take_gate_back(work: Work, gate: GateFact, why: str) -> None:
    """Take back what was recorded for an item by mistake, and say why; 404 where that cannot be."""
    to = state_back(gate)
    asked = select(Record).where(Record.root_id == gate.record_id, col(Record.replaced_at).is_(None))
    record = work.session.exec(asked).first()
    if to is None or record is None:
        raise not_found()
    case = build_case(work.session, work.core.vault, work.viewer, work.lang, record)
    take_step(case, KINDS[gate.kind], to, {"mistake": why} if why else {})


def _said(form: FormData, *names: str) -> dict[str, Any]:
    found: dict[str, Any] = {name: word(form, name) for name in names}
    day = day_in(form, "day")
    if day is not None:
        found["day"] = day.isoformat()
    return {name: value for name, value in found.items() if value}


def _document(form: FormData, id_: str, code: str | None) -> dict[str, Any]:
    return {**_said(form, "title", "number"), "code": code, "parts": words(form, "part")}


def _roadmap(form: FormData, id_: str, code: str | None) -> dict[str, Any]:
    found = _said(form, "title", "number")
    if "number" in found:
        found["order_number"] = found.pop("number")
    items = []
    for title, last_day, responsible in zip(
        words(form, "item_title"), words(form, "item_day"), words(form, "item_who"), strict=False
    ):
        line = {"title": title.strip(), "last_day": last_day.strip(), "responsible": responsible.strip()}
        if line["title"]:
            items.append({name: value for name, value in line.items() if value})
    return {**found, "items": items}


def _appointment(form: FormData, id_: str, code: str | None) -> dict[str, Any]:
    found = _said(form, "name", "position", "number")
    if "number" in found:
        found["order_number"] = found.pop("number")
    return found


def _council(form: FormData, id_: str, code: str | None) -> dict[str, Any]:
    found = _said(form, "title", "number")
    if "number" in found:
        found["order_number"] = found.pop("number")
    members = []
    for line in word(form, "members").splitlines():
        name, _, duty = line.replace(" - ", " — ").partition(" — ")
        if name.strip():
            members.append({"name": name.strip()} | ({"duty": duty.strip()} if duty.strip() else {}))
    return {**found, "members": members}


def _review(form: FormData, id_: str, code: str | None) -> dict[str, Any]:
    found = _said(form)
    for name in ("people", "need_mentors"):
        given = word(form, name)
        if not given:
            continue
        if not given.isdecimal():
            raise wrong_input([Fault(name, text("this is not a whole number"))])
        found[name] = int(given)
    return found


def _tick(form: FormData, id_: str, code: str | None) -> dict[str, Any]:
    return {**_said(form, "note"), "item": id_}


_FIELDS = {
    "document": _document,
    "roadmap": _roadmap,
    "curator_appointment": _appointment,
    "council": _council,
    "registry_review": _review,
    "gate": _tick,
}
