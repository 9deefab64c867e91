"""One pair as its page shows it: who the two are, and its programme, reports, log and conflicts with their forms."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlmodel import col, select

from matcher.errors import Fault
from matcher.policy import Policy
from matcher.policy_words import Quarters
from matcher.texts import Text, say, text
from service.errors import Problem
from service.pages.gate_forms import Blank
from service.pages.own import today
from service.pages.record_forms import blanks_of_record, names_of, said_of
from service.pages.record_words import STATES, STEPS
from service.records.cases import build_case
from service.records.kind import CURATORS, Case, Kind
from service.records.kinds import KINDS
from service.records.listing import Filters, page_of, show
from service.records.permits import may_write, open_steps, paths_of
from service.records.policies import policy_of
from service.records.programmes import sides_needed
from service.records.reports import last_day_of_quarter, quarterly_deadline
from service.records.scope import own_side
from service.rights.rules import read_rules
from service.tables.records import Record
from service.tables.rounds import Meeting, MeetingPerson, Pair, Round
from service.work import Work

KINDS_HERE = ("programme", "quarterly_report", "final_report", "session_log", "conflict")
_ONE_ONLY = ("programme", "final_report")
_MOST = 50
_BEGUN = ("active", "prolonged", "aftercare", "closed", "terminated")
TITLES: Mapping[str, Text] = {
    "programme": text("Programme of the pair"),
    "quarterly_report": text("Quarterly reports"),
    "final_report": text("Final report of curator, mentor and mentee"),
    "session_log": text("Log of the meetings"),
    "conflict": text("Conflict"),
}
NEW: Mapping[str, Text] = {
    "programme": text("Write the programme"),
    "quarterly_report": text("Write the report of a quarter"),
    "final_report": text("Write the final report"),
    "session_log": text("Write a meeting into the log"),
    "conflict": text("Tell of a conflict"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A form that was sent and refused: of what, what it said, and why it was not kept."""

    key: str
    values: Mapping[str, Any]
    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """A step somebody may take: its button, what it asks, and what is still in its way."""

    to: str
    label: Text
    blanks: Sequence[Blank]
    faults: Sequence[Fault]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A record of the pair with what may be done with it."""

    id: str
    number: int
    version: int
    state: Text
    is_over: bool
    due_day: date | None
    erased: bool
    said: Sequence[tuple[Text, Sequence[str]]]
    remarks: Sequence[str]
    acknowledged: Sequence[Any]
    waits_for: Sequence[str]
    own_side: str | None
    on_paper: Sequence[str]
    form: Sequence[Blank]
    steps: Sequence[NextStep]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The records of one kind, and the form of a new one where it may be written."""

    kind: str
    title: Text
    new_label: Text
    sheets: Sequence[Sheet]
    form: Sequence[Blank]


def as_allowed(work: Work, method: str, kind: Kind[Any], what: str = "") -> Work:
    """Return the work with the rights that count for this kind of record, as for its own address."""
    rule = read_rules()[method, f"/api/v1/{kind.path}{what}"]
    return replace(work, viewer=work.viewer.only(rule.roles))


def sections_of(work: Work, pair: Pair, helps: Sequence[str], typed: Typed | None) -> list[Section]:
    """Return what a viewer sees of a pair's records."""
    policy = policy_of(work.session.get_one(Round, pair.round_id))
    found = []
    for kind_id in KINDS_HERE:
        kind = KINDS[kind_id]
        reading = as_allowed(work, "GET", kind)
        if not reading.viewer.held:
            continue
        rows, _ = page_of(work.session, reading.viewer, kind, Filters(pair=pair.id), _MOST, None)
        found.append(
            Section(
                kind=kind_id,
                title=TITLES[kind_id],
                new_label=NEW[kind_id],
                sheets=[_sheet(work, kind, record, pair, policy, typed) for record, _ in rows],
                form=_new_form(work, kind, pair, policy, helps, bool(rows), typed),
            )
        )
    return found


def blanks_names(work: Work, kind: Kind[Any]) -> list[str]:
    """Return the fields a viewer fills in: the curator's note is for the curator."""
    is_office = bool(work.viewer.roles & CURATORS)
    return names_of(kind, () if is_office else ("curator_note",))


def _new_form(
    work: Work, kind: Kind[Any], pair: Pair, policy: Policy, helps: Sequence[str], has_some: bool, typed: Typed | None
) -> Sequence[Blank]:
    if not as_allowed(work, "POST", kind).viewer.held or (has_some and kind.id in _ONE_ONLY):
        return ()
    if kind.id in ("quarterly_report", "final_report", "session_log") and pair.state not in _BEGUN:
        return ()
    is_typed = typed is not None and typed.key == kind.id
    values = typed.values if typed is not None and is_typed else _known(work, kind, pair, policy, helps)
    return blanks_of_record(kind, blanks_names(work, kind), values, work.lang, _asked(kind, policy))


def _asked(kind: Kind[Any], policy: Policy) -> Sequence[str]:
    """Return the fields without which a record cannot go on."""
    if kind.id == "programme":
        return policy.programme.required_fields
    return {"final_report": ("process", "mentee_progress", "mentor_work"), "quarterly_report": ("done",)}.get(
        kind.id, ()
    )


def _known(work: Work, kind: Kind[Any], pair: Pair, policy: Policy, helps: Sequence[str]) -> Mapping[str, Any]:
    """Return what stands in an empty form: what the record knows itself, and what the pair is there for."""
    day = today(work)
    if kind.id == "session_log":
        return {"day": day.isoformat()}
    if kind.id == "quarterly_report":
        return _quarter(work, pair, policy, day)
    case = Case(
        session=work.session,
        vault=work.core.vault,
        viewer=work.viewer,
        lang=work.lang,
        today=day,
        area=None,  # type: ignore[arg-type]  # nothing that is prefilled asks for it
        policy=policy,
        pair=pair,
    )
    known = dict(kind.prefill(case))
    if kind.id == "programme":
        round_ = work.session.get_one(Round, pair.round_id)
        known.setdefault("term", {"first_day": round_.first_day, "last_day": round_.last_day})
    if kind.id == "programme" and helps:
        known["problem"] = "\n".join(helps)
        known["tasks"] = [say(text("Help with: {what}", what=one), work.lang) for one in helps]
    return plain(kind, known)


def plain(kind: Kind[Any], values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return known fields as JSON has them."""
    made = kind.fields.model_construct(**values)
    found: Mapping[str, Any] = json.loads(made.model_dump_json(include=set(values), warnings=False))
    return found


def _quarter(work: Work, pair: Pair, policy: Policy, day: date) -> Mapping[str, Any]:
    """Return the quarter that ends now or ended within a month, with the meetings held in it."""
    rule = quarterly_deadline(policy)
    quarters = Quarters.CALENDAR if rule is None else rule.quarters
    ends = sorted(
        (last_day_of_quarter(year, quarter, quarters), year, quarter)
        for year in (day.year - 1, day.year, day.year + 1)
        for quarter in (1, 2, 3, 4)
    )
    at = next(n for n, (last, _, _) in enumerate(ends) if last >= day - timedelta(days=30))
    (before, _, _), (last, year, quarter) = ends[max(at - 1, 0)], ends[at]
    held = [one for one in meetings_of(work, pair) if one.state == "held" and before < one.day <= last]
    return {"year": year, "quarter": quarter, "meetings_held": len(held)}


def meetings_of(work: Work, pair: Pair) -> Sequence[Meeting]:
    """Return the published meetings at which the two of a pair meet, by day and hour."""
    both = [
        select(MeetingPerson.meeting_id).where(MeetingPerson.person_id == one)
        for one in (pair.mentor_id, pair.mentee_id)
    ]
    asked = select(Meeting).where(
        Meeting.round_id == pair.round_id,
        col(Meeting.state).in_(("published", "held", "missed")),
        *(col(Meeting.id).in_(one) for one in both),
    )
    return work.session.exec(asked.order_by(col(Meeting.day), col(Meeting.start_minute))).all()


def _sheet(work: Work, kind: Kind[Any], record: Record, pair: Pair, policy: Policy, typed: Typed | None) -> Sheet:
    case = build_case(work.session, work.core.vault, work.viewer, work.lang, record, pair)
    view = show(work.session, work.core.vault, work.viewer, work.lang, kind, [(record, pair)])[0]
    fields = view["fields"]
    values = {} if fields is None else json.loads(fields.model_dump_json(exclude_defaults=True))
    names = blanks_names(work, kind)
    own = own_side(work.viewer, pair, record) if kind.sides else None
    needed = _needed(kind, record, policy)
    waits = [side for side in needed if side not in record.acknowledged] if record.state not in kind.fixed else []
    acknowledges = bool(kind.sides) and bool(as_allowed(work, "POST", kind, "/{record_id}/acknowledge").viewer.held)
    is_office = bool(work.viewer.roles & CURATORS)
    typed_values = typed.values if typed is not None and typed.key == record.root_id else values
    return Sheet(
        id=record.root_id,
        number=record.number,
        version=record.version,
        state=STATES[record.state],
        is_over=record.state in kind.fixed,
        due_day=record.due_day,
        erased=fields is None,
        said=said_of(kind, values, work.lang),
        remarks=view["remarks"],
        acknowledged=view["acknowledged"],
        waits_for=waits,
        own_side=own if acknowledges and own in waits else None,
        on_paper=[side for side in waits if side != own] if acknowledges and is_office else [],
        form=blanks_of_record(kind, names, typed_values, work.lang, _asked(kind, policy))
        if fields is not None and _may_change(work, kind, case)
        else (),
        steps=[] if fields is None else _steps(work, kind, case, fields, policy, typed),
    )


def _needed(kind: Kind[Any], record: Record, policy: Policy) -> Sequence[str]:
    return sides_needed(record, policy) if kind.id == "programme" else kind.sides


def _may_change(work: Work, kind: Kind[Any], case: Case) -> bool:
    viewer = as_allowed(work, "PATCH", kind, "/{record_id}").viewer
    assert case.record is not None
    if not viewer.held or case.record.state in kind.fixed:
        return False
    try:
        may_write(replace(case, viewer=viewer), kind)
    except Problem:
        return False
    return True


def _steps(work: Work, kind: Kind[Any], case: Case, fields: Any, policy: Policy, typed: Typed | None) -> list[NextStep]:
    if not kind.steps:
        return []
    record, viewer = case.record, as_allowed(work, "POST", kind, "/{record_id}/transitions").viewer
    assert record is not None
    found = []
    for to in open_steps(viewer, kind, record, case.pair, paths_of(work.session, [(record, case.pair)])):
        step = kind.step(record.state, to)
        asks = () if step is None else step.asks
        values = typed.values if typed is not None and typed.key == f"{record.root_id}-{to}" else {}
        blanks = [_narrowed(one, policy) for one in blanks_of_record(kind, asks, values, work.lang)]
        faults = () if asks else tuple(kind.guard(replace(case, viewer=viewer), fields, to))
        found.append(NextStep(to=to, label=STEPS[to], blanks=blanks, faults=faults))
    return found


def _narrowed(blank: Blank, policy: Policy) -> Blank:
    """Return a field with what the regulation allows to choose; a decision is dated today."""
    allowed = {"end_reason": policy.end_reasons, "outcome": policy.conflict.outcomes}.get(blank.name)
    if allowed is None:
        return blank
    return replace(blank, choices=[(value, label) for value, label in blank.choices if value in set(map(str, allowed))])
