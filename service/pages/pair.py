"""The page of one pair: programme, quarterly and final reports, log and conflict, written and signed there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from matcher.errors import Fault
from matcher.texts import text
from service.errors import Problem, not_found, stale
from service.pages.acting import attempt, names_of_actors, word
from service.pages.own import clock, helps_of, label_of, rhythm_of, today, weekday_names
from service.pages.pair_view import KINDS_HERE, Typed, as_allowed, blanks_names, meetings_of, sections_of
from service.pages.record_forms import field_words, read_record
from service.pages.shell import go, page
from service.pages.upload_form import Sent
from service.records.cases import Asked, case_of
from service.records.kind import Kind
from service.records.kinds import KINDS
from service.records.policies import policy_of
from service.records.scope import pair_of
from service.records.shapes import Id
from service.records.store import acknowledge, change, make, take_step
from service.rounds.life import state_text
from service.rounds.pair_list import pairs_seen_by, show_pairs
from service.rounds.rosters import open_nameless
from service.tables.rounds import Pair, RosterFile, Round
from service.work import Reading, Work, WorkRoute

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)

SIDES = {"mentor": text("mentor"), "mentee": text("mentee"), "curator": text("curator")}
_SHOWN_MEETINGS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was wrong with a form, each fault with the field it is about."""

    problem: Problem
    lines: list[tuple[str, Fault]]


@router.get("/pairs/{pair_id}")
def one_pair(work: Reading, pair_id: Id, said: str = "") -> Response:
    """Show a pair with everything written about it."""
    return _page(work, pair_id, said=said)


def _page(work: Work, pair_id: str, typed: Typed | None = None, said: str = "") -> Response:
    pair, round_ = _seen(work, pair_id)
    shown = show_pairs(
        work.session, work.core.vault, round_, [pair], today=today(work), lang=work.lang, viewer=work.viewer
    )[0]
    _, roster = open_nameless(work.core.vault, work.session.get_one(RosterFile, round_.roster_id))
    mentee = next((one for one in roster.mentees if one.person == pair.mentee_id), None)
    helps = helps_of(shown, mentee, work.lang)
    sections = sections_of(work, pair, helps, typed)
    meetings = meetings_of(work, pair)
    day = today(work)
    return page(
        work,
        "pair",
        status=200 if typed is None else typed.problem.status,
        pair=shown,
        round=round_,
        is_office=bool(work.viewer.paths),
        helps=helps,
        form=label_of("form", pair.form, work.lang),
        kind=label_of("kind", pair.kind, work.lang),
        rhythm=rhythm_of(policy_of(round_), shown),
        first_day=pair.first_day or round_.first_day,
        last_day=pair.last_day or round_.last_day,
        coming=[one for one in meetings if one.state == "published" and one.day >= day][:_SHOWN_MEETINGS],
        num_held=sum(one.state == "held" for one in meetings),
        num_missed=sum(one.state == "missed" for one in meetings),
        sections=sections,
        names=names_of_actors(
            work.session, {one.by for part in sections for sheet in part.sheets for one in sheet.acknowledged}
        ),
        sides=SIDES,
        place_of=lambda fault: _place(work, fault),
        state_text=state_text,
        clock=clock,
        weekday=lambda day: weekday_names(day.isoweekday(), work.lang)[1],
        typed=typed,
        told=None if typed is None else _told(work, typed.problem),
        said=said,
    )


def _seen(work: Work, pair_id: str) -> tuple[Pair, Round]:
    pair = pair_of(work.session, work.viewer, pair_id)
    round_ = work.session.get_one(Round, pair.round_id)
    if not pairs_seen_by(work.session, work.viewer, round_, pair_id):
        raise not_found()
    return pair, round_


def _told(work: Work, problem: Problem) -> Told:
    return Told(problem=problem, lines=[(_place(work, fault), fault) for fault in problem.faults])


def _place(work: Work, fault: Fault) -> str:
    return field_words(fault.place, work.lang) if fault.place.startswith("fields.") else ""


@router.post("/pairs/{pair_id}/records/{kind_id}")
def write_new(work: Reading, pair_id: Id, kind_id: str, form: Sent) -> Response:
    """Write a new record of a pair."""
    kind = _kind(kind_id)
    _seen(work, pair_id)
    given = read_record(kind, blanks_names(work, kind), form)

    def act(inner: Work) -> None:
        able = _able(as_allowed(inner, "POST", kind))
        make(able.session, able.core.vault, able.viewer, able.lang, kind, Asked(pair=pair_id), given)

    return _done(work, pair_id, kind, kind.id, given, act)


@router.post("/pairs/{pair_id}/records/{kind_id}/{record_id}")
def write(work: Reading, pair_id: Id, kind_id: str, record_id: Id, form: Sent) -> Response:
    """Change a record of a pair; of a programme or a final report the version before is kept."""
    kind = _kind(kind_id)
    _seen(work, pair_id)
    given = read_record(kind, blanks_names(work, kind), form)

    def act(inner: Work) -> None:
        change(_case(as_allowed(inner, "PATCH", kind, "/{record_id}"), kind, pair_id, record_id, form), kind, given)

    return _done(work, pair_id, kind, record_id, given, act)


@router.post("/pairs/{pair_id}/records/{kind_id}/{record_id}/steps")
def step(work: Reading, pair_id: Id, kind_id: str, record_id: Id, form: Sent) -> Response:
    """Take a record on, with what this step asks for."""
    kind = _kind(kind_id)
    _seen(work, pair_id)
    if not kind.steps:
        raise not_found()
    to = word(form, "to")
    asks = sorted({name for one in kind.steps if one.to == to for name in one.asks})
    given = {name: value for name, value in read_record(kind, asks, form).items() if value is not None}

    def act(inner: Work) -> None:
        able = as_allowed(inner, "POST", kind, "/{record_id}/transitions")
        take_step(_case(able, kind, pair_id, record_id, form), kind, to, given)

    return _done(work, pair_id, kind, f"{record_id}-{to}", given, act)


@router.post("/pairs/{pair_id}/records/{kind_id}/{record_id}/acknowledge")
def sign(work: Reading, pair_id: Id, kind_id: str, record_id: Id, form: Sent) -> Response:
    """Acknowledge the newest version for one's own side, or note a signature on paper."""
    kind = _kind(kind_id)
    _seen(work, pair_id)
    if not kind.sides:
        raise not_found()

    def act(inner: Work) -> None:
        able = as_allowed(inner, "POST", kind, "/{record_id}/acknowledge")
        case = _case(able, kind, pair_id, record_id, form)
        acknowledge(case, kind, word(form, "side") or None, on_paper=word(form, "on_paper") == "1")

    return _done(work, pair_id, kind, f"{record_id}-sign", {}, act)


def _kind(kind_id: str) -> Kind[Any]:
    if kind_id not in KINDS_HERE:
        raise not_found()
    return KINDS[kind_id]


def _able(work: Work) -> Work:
    if not work.viewer.held:
        raise Problem(403, "forbidden", text("You may not do this."))
    return work


def _case(work: Work, kind: Kind[Any], pair_id: str, record_id: str, form: FormData) -> Any:
    """Return a record of this pair as the form has shown it; 409 where it has changed since."""
    able = _able(work)
    case = case_of(able.session, able.core.vault, able.viewer, able.lang, kind, record_id, to_change=True)
    assert case.record is not None
    if case.record.pair_id != pair_id:
        raise not_found()
    if str(case.record.version) != word(form, "version"):
        raise stale()
    return case


def _done(
    work: Work, pair_id: str, kind: Kind[Any], key: str, given: dict[str, Any], act: Callable[[Work], None]
) -> Response:
    problem = attempt(work, act)
    if problem is None:
        return go(f"/pairs/{pair_id}?said=1#{kind.id}")
    if problem.status not in (409, 422):
        raise problem
    return _page(work, pair_id, Typed(key=key, values=_plain(given), problem=problem))


def _plain(given: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
