"""What is made of records: the checklist of a round, the facts of a pair, questionnaires to fill in."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel

from matcher.policy_labels import clause_text
from matcher.texts import say
from service.records.facts import pair_facts, round_facts
from service.records.kinds import KINDS
from service.records.questionnaires import read_forms
from service.records.scope import pair_of, round_of
from service.routes.answers import READ
from service.work import Reading, WorkRoute

router = APIRouter(route_class=WorkRoute)

RowId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


class StepBody(BaseModel):
    """A step between two states: the roles that may take it, the fields that are given with it."""

    start: str
    to: str
    by: list[str]
    asks: list[str]


class KindBody(BaseModel):
    """A kind of record: where it is reached, what it hangs on, its states and steps, who signs its versions."""

    id: str
    path: str
    title: str
    on: str
    states: list[str]
    fixed: list[str]
    steps: list[StepBody]
    sides: list[str]
    versions: bool
    document: str | None


class Kinds(BaseModel):
    """All kinds of records."""

    items: list[KindBody]


@router.get("/api/v1/record-kinds", responses=READ, tags=["records"])
def list_kinds(work: Reading) -> Kinds:
    """Return every kind of record with its states and steps, for programs that show them."""
    items = [
        KindBody(
            id=kind.id,
            path=f"/api/v1/{kind.path}",
            title=say(kind.title, work.lang),
            on=str(kind.on),
            states=list(kind.states),
            fixed=sorted(kind.fixed),
            steps=[
                StepBody(start=one.start, to=one.to, by=sorted(map(str, one.by)), asks=list(one.asks))
                for one in kind.steps
            ],
            sides=list(kind.sides),
            versions=kind.versions,
            document=kind.document,
        )
        for kind in KINDS.values()
    ]
    return Kinds(items=items)


class QuestionBody(BaseModel):
    """A question: "scale" is answered 0–10, "text" in words, "choice" by one of the choices."""

    id: str
    words: str
    type: str
    choices: list[str]
    optional: bool


class FormBody(BaseModel):
    """A questionnaire to fill in."""

    id: str
    title: str
    clause: str
    sides: list[str]
    moments: list[str]
    questions: list[QuestionBody]


class Forms(BaseModel):
    """All questionnaires."""

    items: list[FormBody]


@router.get("/api/v1/questionnaire-forms", responses=READ, tags=["questionnaires"])
def list_forms(work: Reading) -> Forms:
    """Return the questionnaires with their questions in the language of the asker."""
    russian = work.lang == "ru"
    items = [
        FormBody(
            id=form.id,
            title=form.title if russian else form.title_en,
            clause=form.clause,
            sides=list(form.sides),
            moments=list(form.moments),
            questions=[
                QuestionBody(
                    id=one.id,
                    words=one.words if russian else one.words_en,
                    type=one.type,
                    choices=list(one.choices),
                    optional=one.optional,
                )
                for one in form.questions
            ],
        )
        for form in read_forms().values()
    ]
    return Forms(items=items)


class GateBody(BaseModel):
    """An item of the checklist: ``kind`` names the record that opens it, ``record`` the one that did."""

    id: str
    title: str
    clause: str
    must: bool
    done: bool
    kind: str
    day: date | None
    record: str | None
    parts: list[str]


class RoundGates(BaseModel):
    """The checklist of a round; ``open`` says whether pairs may be looked for."""

    open: bool
    last_review_day: date | None
    union_signed: list[str]
    union_objected: list[str]
    items: list[GateBody]


@router.get("/api/v1/rounds/{round_id}/gates", responses=READ, tags=["gates"])
def list_gates(work: Reading, round_id: RowId) -> RoundGates:
    """Return what has to stand before pairs are looked for, by the round's regulation (KAL 4.2, DAL 3.2.2)."""
    round_ = round_of(work.session, work.viewer, round_id, take_part=True)
    facts = round_facts(work.session, work.core.vault, round_)
    items = [
        GateBody(
            id=gate.id,
            title=gate.title if work.lang == "ru" else gate.title_en,
            clause=say(clause_text(gate.clause), work.lang),
            must=gate.must,
            done=gate.done,
            kind=gate.kind,
            day=gate.day,
            record=gate.record_id,
            parts=list(gate.parts),
        )
        for gate in facts.gates
    ]
    return RoundGates(
        open=not facts.open_gates,
        last_review_day=facts.last_review_day,
        union_signed=sorted(facts.union_signed),
        union_objected=sorted(facts.union_objected),
        items=items,
    )


class PairFactsBody(BaseModel):
    """What is on record for a pair."""

    interview_done: bool
    questionnaire_done: bool
    mentee_diagnosed: bool
    programme: str | None
    programme_number: int
    programme_in_force: int
    programme_state: str | None
    programme_missing: list[str]
    programme_acknowledged: list[str]
    programme_ready: bool
    final_report_signed: bool
    full_cycle: bool


@router.get("/api/v1/pairs/{pair_id}/facts", responses=READ, tags=["programmes"])
def get_pair_facts(work: Reading, pair_id: RowId) -> PairFactsBody:
    """Return what is on record for a pair: interviews, questionnaires, programme, reports."""
    facts = pair_facts(work.session, work.core.vault, pair_of(work.session, work.viewer, pair_id))
    return PairFactsBody(
        interview_done=facts.interview_done,
        questionnaire_done=facts.questionnaire_done,
        mentee_diagnosed=facts.mentee_diagnosed,
        programme=facts.programme_id,
        programme_number=facts.programme_number,
        programme_in_force=facts.programme_in_force,
        programme_state=facts.programme_state,
        programme_missing=list(facts.programme_missing),
        programme_acknowledged=sorted(facts.programme_acknowledged),
        programme_ready=facts.programme_ready,
        final_report_signed=facts.final_report_signed,
        full_cycle=facts.full_cycle,
    )
