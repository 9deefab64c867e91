"""The end of a round: full cycles, reports, results for the site, recognition, the next round; then it is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Response
from sqlmodel import col, select

from matcher.errors import Fault
from matcher.io.policy_toml import SHIPPED
from matcher.texts import text
from service.errors import Problem, not_found, wrong_input
from service.pages.acting import attempt, desk_at, needed_day, word, words
from service.pages.closing_view import INCENTIVE_STATES, INCENTIVES, Closing, closing_of
from service.pages.shell import go, page
from service.pages.upload_form import Sent
from service.records.cases import Asked, build_case
from service.records.kind import Case
from service.records.kinds import KINDS
from service.records.shapes import Id
from service.records.store import acknowledge, make
from service.records.store import take_step as take_record
from service.rounds.asked import StepIn
from service.rounds.carrying import carry_over
from service.rounds.desk import Desk, roles_over, visible_round
from service.rounds.inputs import timetables_of
from service.rounds.life import LIVE, state_text
from service.rounds.steps import take_step
from service.routes.rounds import RoundIn, open_round
from service.tables.columns import now
from service.tables.records import Record
from service.tables.rounds import Pair, Round
from service.work import Reading, Work, WorkRoute

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)


@router.get("/rounds/{round_id}/closing")
def closing(work: Reading, round_id: Id) -> Response:
    """Show what the end of a round asks for."""
    return _show(work, _round(work, round_id))


def _round(work: Work, round_id: str) -> Round:
    round_ = visible_round(work.session, work.viewer, round_id)
    if not roles_over(work.session, work.viewer, round_.area_id):
        raise not_found()
    return round_


def _show(work: Work, round_: Round, problem: Problem | None = None, of: str = "") -> Response:
    it: Closing = closing_of(work, round_)
    return page(
        work,
        "closing",
        status=200 if problem is None else problem.status,
        it=it,
        round=round_,
        state_text=state_text,
        incentives=INCENTIVES,
        incentive_states=INCENTIVE_STATES,
        today=now().date(),
        problem=problem,
        of=of,
    )


@router.post("/rounds/{round_id}/closing/{what}")
def act(work: Reading, round_id: Id, what: str, form: Sent) -> Response:
    """Do one thing of the closing; all of it can be taken back until the round is closed."""
    if what not in _ACTS:
        raise not_found()
    problem = attempt(work, lambda inner: _ACTS[what](inner, desk_at(inner, round_id, form), form))
    if problem is None:
        return go(f"/rounds/{round_id}/closing#{what}")
    return _show(work, _round(work, round_id), problem, what)


def _pair(desk: Desk, id_: str) -> Pair:
    found = desk.session.exec(select(Pair).where(Pair.id == id_, Pair.round_id == desk.round_.id)).first()
    if found is None:
        raise not_found()
    return found


def _newest(work: Work, kind: str, pair_id: str) -> Record | None:
    asked = select(Record).where(Record.kind == kind, Record.pair_id == pair_id, col(Record.replaced_at).is_(None))
    return work.session.exec(asked.order_by(col(Record.created_at).desc())).first()


def _case(work: Work, record: Record) -> Case:
    return build_case(work.session, work.core.vault, work.viewer, work.lang, record)


def _make(work: Work, kind: str, asked: Asked, fields: dict[str, Any]) -> Case:
    return make(work.session, work.core.vault, work.viewer, work.lang, KINDS[kind], asked, fields)[1]


def _marks(work: Work, desk: Desk, form: Sent) -> None:
    """Mark the full cycle of the pairs that are ticked, and take the mark from the others."""
    ticked = set(words(form, "pair"))
    day = needed_day(form, "day").isoformat()
    kind = KINDS["full_cycle"]
    for line in closing_of(work, desk.round_).pairs:
        if (line.id in ticked) == line.full_cycle:
            continue
        record = _newest(work, "full_cycle", line.id)
        if record is None:
            take_record(_make(work, "full_cycle", Asked(pair=line.id), {"day": day}), kind, "marked", {})
        else:
            take_record(_case(work, record), kind, "marked" if line.id in ticked else "withdrawn", {})


def _report(work: Work, desk: Desk, form: Sent) -> None:
    """Record the final report of a pair that all three have signed on paper."""
    pair = _pair(desk, word(form, "pair"))
    fields: dict[str, Any] = {name: word(form, name) for name in ("process", "mentee_progress", "mentor_work")}
    fields = {name: value for name, value in fields.items() if value}
    fields["day"] = needed_day(form, "day").isoformat()
    if word(form, "rating").isdecimal():
        fields["rating"] = int(word(form, "rating"))
    fields["plan_reached"] = word(form, "plan_reached") == "1"
    kind = KINDS["final_report"]
    case = _make(work, "final_report", Asked(pair=pair.id), fields)
    for side in kind.sides:
        acknowledge(case, kind, side, on_paper=True)
    take_record(case, kind, "signed", {})


def _publication(work: Work, desk: Desk, form: Sent) -> None:
    """Close the programme of a pair where it is open, and note what the site says of it."""
    pair = _pair(desk, word(form, "pair"))
    day = needed_day(form, "day").isoformat()
    programme = _newest(work, "programme", pair.id)
    if programme is not None and programme.state != "closed":
        ends = {"end_reason": "completed", "end_day": (pair.last_day or now().date()).isoformat()}
        take_record(_case(work, programme), KINDS["programme"], "closed", ends)
    fields = {
        "block": "best_cases" if word(form, "best") else "programmes",
        "title": word(form, "title"),
        "words": word(form, "words"),
        "naming": word(form, "naming") or "counts",
    }
    case = _make(work, "publication", Asked(pair=pair.id), {name: value for name, value in fields.items() if value})
    link = {"link": word(form, "link")} if word(form, "link") else {}
    take_record(case, KINDS["publication"], "published", {"day": day, **link})


def _analysis(work: Work, desk: Desk, form: Sent) -> None:
    """Present the analytical report; the head accepts it, or gives it back."""
    kind = KINDS["analytical_report"]
    asked = select(Record).where(
        Record.kind == kind.id, Record.round_id == desk.round_.id, col(Record.replaced_at).is_(None)
    )
    record = work.session.exec(asked).first()
    if word(form, "to"):
        if record is None:
            raise not_found()
        take_record(_case(work, record), kind, word(form, "to"), {})
        return
    names = ("results", "indicators", "risks", "plan_next_year")
    fields: dict[str, Any] = {name: word(form, name) for name in names if word(form, name)}
    fields["day"] = now().date().isoformat()
    if record is not None:
        raise wrong_input([Fault("results", text("the report is there already"))])
    take_record(_make(work, kind.id, Asked(round=desk.round_.id), fields), kind, "presented", {})


def _incentives(work: Work, desk: Desk, form: Sent) -> None:
    """Propose a recognition for the mentors that are ticked."""
    people = set(words(form, "person"))
    if not people:
        raise wrong_input([Fault("person", text("nothing is ticked"))])
    known = {line.mentor_id for line in closing_of(work, desk.round_).pairs}
    fields = {"type": word(form, "type"), "ground": word(form, "ground")}
    for person in sorted(people & known):
        asked = Asked(person=person, round=desk.round_.id)
        _make(work, "incentive", asked, {name: value for name, value in fields.items() if value})


def _next(work: Work, desk: Desk, form: Sent) -> None:
    """Open the next round with what is left open; nothing is told to anybody."""
    name = word(form, "name")
    if not name:
        raise wrong_input([Fault("name", text("this has to be given"))])
    round_ = desk.round_
    roster = carry_over(work, round_, words(form, "mentee"), name[:200])
    shipped = round_.policy_id in SHIPPED
    made = open_round(
        work,
        RoundIn(
            roster=roster.id,
            policy=round_.policy_id if shipped else None,
            policy_toml=None if shipped else round_.policy_toml,
            name=name,
            timetables=[one.id for one in timetables_of(work.session, round_.id)],
        ),
        Response(),
    )
    desk.write("comment", details={"next_round": made.id})


def _aftercare(work: Work, desk: Desk, form: Sent) -> None:
    """Let the mentors stay on call, as the regulation asks before a pair closes."""
    ids = list(closing_of(work, desk.round_).waits_for_aftercare)
    if ids:
        take_step(desk, StepIn.model_validate({"to": "aftercare", "pairs": ids}))


def _close(work: Work, desk: Desk, form: Sent) -> None:
    """Close every pair that still works, and the round."""
    if desk.round_.state == "running":
        take_step(desk, StepIn(to="final"))
    asked = select(Pair.id).where(Pair.round_id == desk.round_.id, col(Pair.state).in_(LIVE))
    ids = list(work.session.exec(asked))
    if ids:
        take_step(desk, StepIn.model_validate({"to": "closed", "pairs": ids}))
    take_step(desk, StepIn(to="closed"))


_ACTS: dict[str, Callable[[Work, Desk, Sent], None]] = {
    "marks": _marks,
    "report": _report,
    "publication": _publication,
    "analysis": _analysis,
    "incentives": _incentives,
    "next": _next,
    "aftercare": _aftercare,
    "close": _close,
}
