"""The review board: who works with whom, who has nobody and why, what waits for whom; every change is a decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Literal

from fastapi import APIRouter, BackgroundTasks, Form, Query
from fastapi.responses import Response
from pydantic import ValidationError
from sqlmodel import col, select

from matcher.canonical import in_canonical_order
from matcher.errors import Fault
from matcher.io.choices import BLOCKS, CONTOURS, FORMS, KINDS, SUBJECTS, TOPICS
from matcher.policy import Policy
from matcher.roster import Mentee, Roster
from matcher.texts import Lang, Text, say, text
from service.errors import Problem, not_found, refused, stale, wrong_input
from service.jobs.asking import RunRequest
from service.pages.shell import go, page
from service.records.policies import policy_of
from service.records.shapes import Id
from service.rounds.asked import DecisionIn, StepIn
from service.rounds.case import gather
from service.rounds.desk import RUNNERS, roles_over, visible_round
from service.rounds.inputs import present_roster, timetables_of
from service.rounds.life import LIVE, OPEN, ROUND_STEPS, next_states, state_text, what_is_missing
from service.rounds.pair_list import pairs_seen_by, show_pairs
from service.rounds.show import PairOut
from service.rounds.steps import take_step
from service.routes.decisions import decide_at, list_decisions
from service.routes.pairs import list_unmatched
from service.routes.plans import explain
from service.routes.rounds import desk_of
from service.routes.runs import ask_for_run
from service.tables.areas import Area
from service.tables.columns import now
from service.tables.rounds import PlanFileRow, RosterFile, Round, Run
from service.work import Reading, Work, Writing

router = APIRouter(tags=["page"], include_in_schema=False)

Word = Annotated[str, Form(max_length=2000)]
Sort = Literal["mentor", "mentee", "state", "school"]
PER_PAGE = 100
STANDING = frozenset({*OPEN, *LIVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A pair as the board shows it: ``covered`` of ``needs`` requests and gaps of the mentee are covered."""

    pair: PairOut
    covers: tuple[str, ...]
    covered: int
    needs: int
    school: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A mentor, and how many mentees he has of how many he may have."""

    mentor: str
    name: str
    count: int
    most: int


@cache
def _labels(lang: Lang) -> Mapping[str, Mapping[str, str]]:
    kinds = {"form": FORMS, "kind": KINDS, "topic": TOPICS, "block": BLOCKS, "subject": SUBJECTS, "contour": CONTOURS}
    return {name: {choice.id: choice.label(lang) for choice in choices} for name, choices in kinds.items()}


def word_of(lang: Lang) -> Callable[[str, str | None], str]:
    """Return what says an enumerated value ("kind", "reverse") in a language."""
    labels = _labels(lang)
    return lambda what, value: "" if value is None else labels[what].get(value, value)


@router.get("/rounds/{round_id}")
def board(
    work: Reading,
    round_id: Id,
    q: Annotated[str, Query(max_length=100)] = "",
    state: Annotated[str, Query(max_length=20)] = "",
    sort: Sort = "mentee",
    start: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Response:
    """Show the board of a round."""
    return _board(work, visible_round(work.session, work.viewer, round_id), q=q, state=state, sort=sort, start=start)


def _board(
    work: Work, round_: Round, *, q: str, state: str, sort: Sort, start: int, problem: Problem | None = None
) -> Response:
    policy, lang = policy_of(round_), work.lang
    # Plans name what they cover by its place in the roster they were made from, which is in canonical order.
    roster = in_canonical_order(present_roster(work.session, work.core.vault, round_))
    pairs = pairs_seen_by(work.session, work.viewer, round_)
    shown = show_pairs(work.session, work.core.vault, round_, pairs, today=now().date(), lang=lang, viewer=work.viewer)
    lines = _lines(work, shown, roster)
    standing = [line for line in lines if line.pair.state in STANDING]
    kept = [line for line in lines if _is_wanted(line, q, state)]
    kept.sort(key=_KEYS[sort])
    roles = roles_over(work.session, work.viewer, round_.area_id)
    nobody = list_unmatched(work, round_.id, None, 50) if round_.plan_id is not None else None
    return page(
        work,
        "board",
        status=200 if problem is None else problem.status,
        round=round_,
        policy_title=policy.title if lang == "ru" else policy.title_en,
        steps=_steps(round_),
        next_steps=_next_steps(work, round_, policy) if roles else [],
        lines=kept[start : start + PER_PAGE],
        num_lines=len(kept),
        start=start,
        per_page=PER_PAGE,
        num_pairs=len(standing),
        num_groups=len({line.pair.group for line in standing if line.pair.group}),
        nobody=nobody.items if nobody is not None else [],
        loads=_loads(standing, roster, policy),
        last_run=_last_run(work, round_),
        last_decisions=list_decisions(work, round_.id, None, None, None, 10).items,
        is_runner=bool(roles & RUNNERS),
        is_made_up=work.session.get_one(RosterFile, round_.roster_id).is_made_up,
        asked={"q": q, "state": state, "sort": sort},
        states=sorted({line.pair.state for line in lines}, key=list(_ORDER).index),
        state_text=state_text,
        decision_text=decision_text,
        word=word_of(lang),
        problem=problem,
    )


def _lines(work: Work, shown: list[PairOut], roster: Roster) -> list[Line]:
    mentees = {mentee.person: mentee for mentee in roster.mentees}
    ids = {pair.mentee_area for pair in shown} | {pair.mentor_area for pair in shown}
    schools = dict(work.session.exec(select(Area.id, Area.name).where(col(Area.id).in_(ids))).all())
    word = word_of(work.lang)
    return [
        Line(
            pair=pair,
            covers=_needs(pair, mentees.get(pair.mentee_code), word, work.lang),
            covered=len(pair.covers),
            needs=_num_needs(mentees.get(pair.mentee_code)),
            school=schools.get(pair.mentee_area, ""),
        )
        for pair in shown
    ]


def _needs(pair: PairOut, mentee: Mentee | None, word: Callable[[str, str | None], str], lang: Lang) -> tuple[str, ...]:
    """Return in words what a pair covers; the roster may have changed since, then what is gone is left out."""
    found = []
    for name in pair.covers:
        what, _, which = name.partition(":")
        if what == "deficit":
            found.append(say(text("gap: {block} competences", block=word("block", which.partition(":")[0])), lang))
        elif mentee is not None and int(which) < len(mentee.requests):
            request = mentee.requests[int(which)]
            subject = f" ({word('subject', request.subject)})" if request.subject else ""
            found.append(word("topic", str(request.topic)) + subject)
    return tuple(found)


def _num_needs(mentee: Mentee | None) -> int:
    return 0 if mentee is None else len(mentee.requests) + sum(deficit.gap > 0 for deficit in mentee.deficits)


def _is_wanted(line: Line, q: str, state: str) -> bool:
    pair = line.pair
    if state:
        if pair.state != state:
            return False
    elif pair.state not in STANDING:
        return False
    words = f"{pair.mentor_name} {pair.mentor_code} {pair.mentee_name} {pair.mentee_code} {line.school}".casefold()
    return all(part in words for part in q.casefold().split())


_ORDER = {state: at for at, state in enumerate((*OPEN, *LIVE, "closed", "terminated", "declined", "dropped"))}
_KEYS: Mapping[Sort, Callable[[Line], tuple[object, ...]]] = {
    "mentor": lambda line: (line.pair.mentor_name, line.pair.mentee_name),
    "mentee": lambda line: (line.pair.mentee_name, line.pair.mentor_name),
    "state": lambda line: (_ORDER[line.pair.state], line.pair.mentee_name),
    "school": lambda line: (line.school, line.pair.mentee_name),
}


def _loads(standing: list[Line], roster: Roster, policy: Policy) -> list[Load]:
    """Return the load of every mentor with somebody, the fullest first; mentors with nobody come after."""
    count = Counter(line.pair.mentor_code for line in standing if line.pair.group is None)
    name = {person.id: person.name or person.id for person in roster.people}
    found = [
        Load(
            mentor=mentor.person,
            name=name[mentor.person],
            count=count[mentor.person],
            most=policy.load.max_individual_mentees if mentor.max_individual is None else mentor.max_individual,
        )
        for mentor in roster.mentors
    ]
    return sorted(found, key=lambda load: (-load.count, load.name))


def _steps(round_: Round) -> list[tuple[str, bool]]:
    """Return the states of a round in order, and whether each lies behind it."""
    order = list(ROUND_STEPS)
    return [(state, order.index(state) < order.index(round_.state)) for state in order]


def _next_steps(work: Work, round_: Round, policy: Policy) -> list[tuple[str, tuple[Fault, ...]]]:
    case = gather(work.session, work.core.vault, round_, today=now().date(), lang=work.lang)
    return [(to, what_is_missing(case, policy, to)) for to in next_states(round_.state)]


def _last_run(work: Work, round_: Round) -> Run | None:
    asked = select(Run).where(Run.round_id == round_.id).order_by(col(Run.created_at).desc()).limit(1)
    return work.session.exec(asked).first()


@router.post("/rounds/{round_id}/decisions")
def decide_here(
    work: Writing,
    round_id: Id,
    version: Annotated[int, Form()],
    kind: Word,
    mentor: Word = "",
    mentee: Word = "",
    pair: Word = "",
    decision: Word = "",
    side: Word = "",
    paper: Word = "",
    rule: Word = "",
    reason: Word = "",
    back: Word = "",
) -> Response:
    """Make a decision and show the board again."""
    desk = desk_of(work, round_id)
    if desk.round_.version != version:
        raise stale()
    said = {
        "kind": kind, "mentor": mentor, "mentee": mentee, "pair": pair, "decision": decision, "side": side,
        "rule": rule, "reason": reason,
    }  # fmt: skip
    try:
        body = DecisionIn.model_validate(
            {name: value for name, value in said.items() if value} | {"paper": bool(paper)}
        )
    except ValidationError as error:
        faults = [Fault(".".join(map(str, one["loc"])), text("this value does not fit")) for one in error.errors()]
        raise wrong_input(faults) from None
    decide_at(desk, body)
    return go(f"/rounds/{round_id}#{back}" if back else f"/rounds/{round_id}")


@router.post("/rounds/{round_id}/steps")
def step_here(
    work: Writing,
    round_id: Id,
    version: Annotated[int, Form()],
    to: Word,
    order_no: Word = "",
    order_date: Annotated[date | None, Form()] = None,
) -> Response:
    """Take the round to its next state and show the board again."""
    desk = desk_of(work, round_id)
    if not desk.roles:
        raise refused([Fault("to", text("You may not do this."))])
    if desk.round_.version != version:
        raise stale()
    given = {"to": to, "order_no": order_no or None, "order_date": order_date}
    take_step(desk, StepIn.model_validate({name: value for name, value in given.items() if value is not None}))
    return go(f"/rounds/{round_id}")


@router.post("/rounds/{round_id}/run")
def run_again(work: Writing, round_id: Id, tasks: BackgroundTasks) -> Response:
    """Look for pairs again, and for meetings where the round has timetables; show how it goes."""
    round_ = visible_round(work.session, work.viewer, round_id)
    what: Literal["pair", "plan"] = "plan" if timetables_of(work.session, round_.id) else "pair"
    asked = ask_for_run(work, round_id, RunRequest(what=what), tasks)
    return go(asked.headers["location"].removeprefix("/api/v1"))


@router.get("/rounds/{round_id}/decisions")
def decisions_page(work: Reading, round_id: Id, after: Annotated[Id | None, Query()] = None) -> Response:
    """Show everything that was decided in a round, the newest first."""
    round_ = visible_round(work.session, work.viewer, round_id)
    found = list_decisions(work, round_id, None, None, after, 100)
    is_runner = bool(roles_over(work.session, work.viewer, round_.area_id) & RUNNERS)
    return page(
        work,
        "decisions",
        round=round_,
        decisions=found.items,
        following=found.next,
        is_runner=is_runner,
        state_text=state_text,
        decision_text=decision_text,
    )


@router.get("/rounds/{round_id}/why/{mentee_id}")
def why(work: Reading, round_id: Id, mentee_id: Id) -> Response:
    """Show why a mentee has whom he has, or why nobody and what would help."""
    round_ = visible_round(work.session, work.viewer, round_id)
    plan = None if round_.plan_id is None else work.session.get(PlanFileRow, round_.plan_id)
    if plan is None:
        raise not_found()
    found = explain(work, plan.run_id, mentee_id)
    return page(work, "why", why=found)


_DECISIONS: Mapping[str, Text] = {
    "lock": text("locked the pair"),
    "unlock": text("unlocked the pair"),
    "forbid": text("forbade the pair"),
    "allow": text("allowed the pair again"),
    "accept": text("one side agreed"),
    "decline": text("one side declined"),
    "agree": text("the council agreed"),
    "override": text("lifted a rule"),
    "psychologist": text("the psychologist gave an opinion"),
    "terminate": text("ended the pair early"),
    "prolong": text("changed the term"),
    "replace": text("replaces the mentor"),
    "undo": text("undid a decision"),
    "comment": text("comment"),
    "transition": text("took the round on"),
}


def decision_text(kind: str) -> Text:
    """Return what a decision is called; a step of a round has a kind of its own."""
    return _DECISIONS.get(kind, text("decision"))
