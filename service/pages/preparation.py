"""The way of a round on one page: what the regulation asks for, what is done and by whom, and the form of the next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fastapi import APIRouter, Response
from pydantic import ValidationError
from sqlmodel import select

from matcher.errors import Fault
from matcher.policy_words import PairApproval
from matcher.texts import say, text
from service.errors import Problem, not_found, wrong_input
from service.pages.acting import attempt, day_in, desk_at, needed_day, word, words
from service.pages.gate_forms import PARTS, keep_gate, take_gate_back
from service.pages.preparation_view import (
    PAPER_WORDS,
    Part,
    agreement_clause,
    part_titles,
    prepare,
)
from service.pages.shell import faults_by_place, go, page
from service.pages.upload_form import Sent
from service.privacy.known import is_minor
from service.records.cases import Asked
from service.records.councils import council_of
from service.records.facts import round_facts
from service.records.gates import GateFact
from service.records.kinds import KINDS
from service.records.questionnaires import Form, read_forms
from service.records.shapes import Id
from service.records.store import make
from service.records.store import take_step as take_record
from service.rounds.asked import DecisionIn, StepIn
from service.rounds.decide import BEFORE_PROPOSED
from service.rounds.desk import Desk, roles_over, visible_round
from service.rounds.life import ROUND_STEPS, needs_order, state_text
from service.rounds.papers import AGREEMENT, DUTIES
from service.rounds.people import open_person
from service.rounds.steps import take_step
from service.routes.consents import NewConsent, give_consent
from service.routes.decisions import decide_at
from service.routes.rounds import RoundEdit, change_round
from service.tables.access import Role
from service.tables.areas import Area, Person
from service.tables.columns import now
from service.tables.rounds import Pair, Round
from service.work import Reading, Work, WorkRoute

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)

_QUESTIONNAIRE = "interest"
"""The questionnaire of both sides before pairs are fixed (DAL 4.2)."""
_MOST = 2_000


@router.get("/rounds/{round_id}/preparation")
def preparation(work: Reading, round_id: Id) -> Response:
    """Show what a round has behind it, what is to be done now and what is still to come."""
    return _show(work, _round(work, round_id))


def _round(work: Work, round_id: str) -> Round:
    round_ = visible_round(work.session, work.viewer, round_id)
    if not roles_over(work.session, work.viewer, round_.area_id):
        raise not_found()
    return round_


def _show(work: Work, round_: Round, problem: Problem | None = None, of: str = "") -> Response:
    """Show the page; ``of`` names the form a problem belongs to."""
    it = prepare(work, round_)
    return page(
        work,
        "preparation",
        status=200 if problem is None else problem.status,
        it=it,
        round=round_,
        policy_title=it.policy.title if work.lang == "ru" else it.policy.title_en,
        titles=part_titles(it.policy),
        paper_words=PAPER_WORDS,
        act_parts=PARTS,
        by_council=PairApproval.COUNCIL in it.policy.approvals.pair and Role.COUNCIL_MEMBER not in work.viewer.roles,
        has_order=needs_order(it.policy),
        clause=agreement_clause(it.policy, work),
        council=council_of(work.session, work.core.vault, work.session.get_one(Area, round_.area_id)),
        state_text=state_text,
        today=now().date(),
        problem=problem,
        of=of,
        faults={} if problem is None else faults_by_place(problem.faults),
    )


def _done(work: Work, round_id: str, problem: Problem | None, of: str) -> Response:
    """Lead back to the page, or show what stands against what was asked."""
    if problem is None:
        return go(f"/rounds/{round_id}/preparation")
    return _show(work, _round(work, round_id), problem, of)


@router.post("/rounds/{round_id}/preparation/gates/{gate_id}")
def record_gate(work: Reading, round_id: Id, gate_id: str, form: Sent) -> Response:
    """Record an item of the checklist as done, or take it back."""

    def act(inner: Work) -> None:
        round_ = _round(inner, round_id)
        gate = _gate(inner, round_, gate_id)
        if word(form, "back"):
            take_gate_back(inner, gate, word(form, "why"))
        else:
            keep_gate(inner, round_, gate, form)

    return _done(work, round_id, attempt(work, act), gate_id)


def _gate(work: Work, round_: Round, gate_id: str) -> GateFact:
    gates = round_facts(work.session, work.core.vault, round_).gates
    found = next((one for one in gates if one.id == gate_id), None)
    if found is None:
        raise not_found()
    return found


def lead(desk: Desk, to: str) -> None:
    """Take a round forward step by step to a state, or as far as nothing is missing.

    Raises
    ------
    Problem
        409 with everything the next step still waits for.
    """
    order = list(ROUND_STEPS)
    while order.index(desk.round_.state) < order.index(to):
        take_step(desk, StepIn.model_validate({"to": ROUND_STEPS[desk.round_.state][0]}))


@router.post("/rounds/{round_id}/preparation/agreement")
def agree(work: Reading, round_id: Id, form: Sent) -> Response:
    """Record that the council, or the curator, has agreed to the pairs."""

    def act(inner: Work) -> None:
        desk = desk_at(inner, round_id, form)
        if desk.round_.state in BEFORE_PROPOSED:
            lead(desk, "proposed")
        asks_council = PairApproval.COUNCIL in desk.policy.approvals.pair
        said = _minutes(inner, form) if asks_council and Role.COUNCIL_MEMBER not in desk.roles else {}
        if any(pair.state == "proposed" for pair in _pairs(desk)):
            decide_at(desk, DecisionIn.model_validate({"kind": "agree", "paper": bool(said), **said}))
        lead(desk, "agreed")

    return _done(work, round_id, attempt(work, act), Part.AGREEMENT)


def _pairs(desk: Desk) -> list[Pair]:
    return list(desk.session.exec(select(Pair).where(Pair.round_id == desk.round_.id)))


def _minutes(work: Work, form: Sent) -> dict[str, str]:
    """Return the minutes of the council, also in words with who was there; 422 where number or day is missing."""
    faults = [Fault(name, text("this has to be given")) for name in ("number", "day") if not word(form, name)]
    if faults:
        raise wrong_input(faults)
    day, others = needed_day(form, "day"), word(form, "names")
    if day > now().date():
        raise wrong_input([Fault("day", text("this day has not come yet"))])
    number, names = word(form, "number")[:60], ", ".join([*words(form, "member"), *([others] if others else [])])
    told = {"number": number, "day": f"{day:%d.%m.%Y}"}
    said = text("Minutes no. {number} of {day}", **told)
    if names:
        said = text("Minutes no. {number} of {day}; present: {names}", names=names[:4000], **told)
    return {"minutes": number, "minutes_day": day.isoformat(), "reason": say(said, work.lang)}


@router.post("/rounds/{round_id}/preparation/opinions")
def give_opinions(work: Reading, round_id: Id, form: Sent) -> Response:
    """Record what the psychologist says of pairs: he himself, or the curator from a paper."""

    def act(inner: Work) -> None:
        desk, on_paper = desk_at(inner, round_id, form), {}
        if word(form, "paper"):
            by, day = word(form, "by")[:300], needed_day(form, "day")
            if not by:
                raise wrong_input([Fault("by", text("this has to be given"))])
            on_paper = {"paper": True, "opinion_by": by, "opinion_day": day.isoformat()}
        said = {pair.id: word(form, f"opinion:{pair.id}") for pair in _pairs(desk)}
        said = {id_: one for id_, one in said.items() if one in ("recommended", "neutral", "not_recommended")}
        if not said:
            raise wrong_input([Fault("opinion", text("nothing is ticked"))])
        for id_, one in said.items():
            body = {"kind": "psychologist", "pair": id_, "recommendation": one, **on_paper}
            decide_at(desk, DecisionIn.model_validate(body))

    return _done(work, round_id, attempt(work, act), Part.OPINIONS)


@router.post("/rounds/{round_id}/preparation/papers")
def record_papers(work: Reading, round_id: Id, form: Sent) -> Response:
    """Record papers that were signed, answers given on paper and interviews that were held."""

    def act(inner: Work) -> None:
        desk = desk_at(inner, round_id, form)
        day = needed_day(form, "day")
        ticked = words(form, "paper")
        if word(form, "all"):
            lines = prepare(inner, desk.round_).people
            ticked = [cell for line in lines for cell in line.cells.values()]
        ticked = [one for cell in ticked for one in cell.split() if one.partition(":")[0] in _RECORDED]
        if not ticked:
            raise wrong_input([Fault("paper", text("nothing is ticked"))])
        for one in sorted(set(ticked))[:_MOST]:
            what, id_, which = (*one.split(":"), "", "")[:3]
            _RECORDED[what](inner, desk, id_, which, day)

    return _done(work, round_id, attempt(work, act), Part.PAPERS)


def _accept(work: Work, desk: Desk, pair_id: str, side: str, day: date) -> None:
    decide_at(desk, _asked(kind="accept", pair=pair_id, side=side, paper=True))


def _asked(**said: object) -> DecisionIn:
    try:
        return DecisionIn.model_validate(said)
    except ValidationError:
        raise not_found() from None


def _consent(work: Work, desk: Desk, person_id: str, purpose: str, day: date) -> None:
    person = work.session.get(Person, person_id)
    if person is None or purpose not in PAPER_WORDS:
        raise not_found()
    minor = is_minor(work.session, work.core.vault, person, day)
    body = {
        "person": person_id,
        "purpose": purpose,
        "given_day": day,
        "given_by": "legal_representative" if minor or purpose == AGREEMENT else "person",
        "round": desk.round_.id if purpose in (DUTIES, AGREEMENT) else None,
    }
    give_consent(work, NewConsent.model_validate(body), Response())


def _interview(work: Work, desk: Desk, person_id: str, side: str, day: date) -> None:
    asked = Asked(person=person_id, round=desk.round_.id)
    given = {"side": side, "day": day.isoformat()}
    kind = KINDS["interview"]
    _, case = make(work.session, work.core.vault, work.viewer, work.lang, kind, asked, given)
    take_record(case, kind, "done", {})


_RECORDED: dict[str, Callable[[Work, Desk, str, str, date], None]] = {
    "accept": _accept,
    "consent": _consent,
    "interview": _interview,
}


@router.get("/rounds/{round_id}/preparation/questionnaire/{person_id}/{side}")
def questionnaire(work: Reading, round_id: Id, person_id: Id, side: str) -> Response:
    """Show the questionnaire of a person, to be filled in from paper."""
    return _questionnaire(work, _round(work, round_id), person_id, side)


def _questionnaire(work: Work, round_: Round, person_id: str, side: str, problem: Problem | None = None) -> Response:
    person = work.session.get(Person, person_id)
    lines = prepare(work, round_).people
    if person is None or not any(line.id == person_id and line.side == side for line in lines):
        raise not_found()
    form: Form = read_forms()[_QUESTIONNAIRE]
    return page(
        work,
        "questionnaire",
        status=200 if problem is None else problem.status,
        round=round_,
        name=open_person(work.session, work.core.vault, person).name or person.code,
        form=form,
        person=person_id,
        side=side,
        choice_words=CHOICES,
        problem=problem,
        faults={} if problem is None else faults_by_place(problem.faults),
    )


CHOICES = {
    "in_person": text("in person"),
    "online": text("by video link"),
    "mixed": text("now so, now so"),
}


@router.post("/rounds/{round_id}/preparation/questionnaire/{person_id}/{side}")
def keep_questionnaire(work: Reading, round_id: Id, person_id: Id, side: str, form: Sent) -> Response:
    """Keep the answers of a questionnaire that was filled in on paper."""

    def act(inner: Work) -> None:
        round_, kind = _round(inner, round_id), KINDS["questionnaire"]
        answers: dict[str, int | str] = {}
        for question in read_forms()[_QUESTIONNAIRE].questions:
            given = word(form, f"answer:{question.id}")
            if given:
                answers[question.id] = int(given) if question.type == "scale" and given.isdecimal() else given
        asked = Asked(person=person_id, round=round_.id)
        fields = {"template": _QUESTIONNAIRE, "moment": "before", "side": side, "answers": answers}
        _, case = make(inner.session, inner.core.vault, inner.viewer, inner.lang, kind, asked, fields)
        take_record(case, kind, "submitted", {})

    problem = attempt(work, act)
    if problem is None:
        return go(f"/rounds/{round_id}/preparation")
    return _questionnaire(work, _round(work, round_id), person_id, side, problem)


@router.post("/rounds/{round_id}/preparation/order")
def record_order(work: Reading, round_id: Id, form: Sent) -> Response:
    """Record the order of the head and the term it names."""

    def act(inner: Work) -> None:
        desk = desk_at(inner, round_id, form)
        first_day, last_day = needed_day(form, "first_day"), needed_day(form, "last_day")
        if (first_day, last_day) != (desk.round_.first_day, desk.round_.last_day):
            change_round(inner, desk, RoundEdit(first_day=first_day, last_day=last_day))
        said = {"to": "ordered", "order_no": word(form, "order_no") or None, "order_date": day_in(form, "order_date")}
        take_step(desk, StepIn.model_validate({name: value for name, value in said.items() if value is not None}))

    return _done(work, round_id, attempt(work, act), Part.ORDER)


@router.post("/rounds/{round_id}/preparation/steps")
def step(work: Reading, round_id: Id, form: Sent) -> Response:
    """Take the round to another state."""

    def act(inner: Work) -> None:
        desk = desk_at(inner, round_id, form)
        to = word(form, "to")
        if to not in ROUND_STEPS:
            raise not_found()
        take_step(desk, StepIn.model_validate({"to": to}))

    return _done(work, round_id, attempt(work, act), word(form, "part"))
