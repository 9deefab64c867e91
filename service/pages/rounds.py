"""Rounds: the list with what comes next in each, a new one over a list of people, one to try on made-up people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Query, Response, UploadFile
from pydantic import ValidationError
from sqlmodel import col, select
from starlette.datastructures import FormData
from starlette.datastructures import UploadFile as SentFile

from matcher.errors import Fault, InputError
from matcher.io.policy_toml import SHIPPED, read_policy
from matcher.policy import Policy
from matcher.policy_labels import PAIR_APPROVAL_LABELS
from matcher.texts import Lang, Text, say, text
from service.errors import Problem, not_found, wrong_input
from service.jobs.asking import RunRequest
from service.jobs.port import UNFINISHED
from service.pages.shell import faults_by_place, go, page
from service.pages.upload_form import Sent
from service.records.shapes import Id
from service.rounds.desk import RUNNERS
from service.rounds.life import state_text
from service.rounds.made_up import keep_made_up
from service.routes.rosters import list_rosters, place_of
from service.routes.rounds import RoundIn, list_rounds, open_round
from service.routes.runs import ask_for_run
from service.routes.timetables import list_timetables, remove_timetable, upload_timetable
from service.tables.access import Role
from service.tables.columns import now
from service.tables.rounds import PlanFileRow, RosterFile, Round, Run
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)

DEMO_SECONDS = 15.0
"""Time limit of the run of a made-up round: long enough for a good plan, short enough to wait for."""
ROUNDS_PER_PAGE = 50
READERS = RUNNERS | {Role.HEAD, Role.COUNCIL_MEMBER, Role.PSYCHOLOGIST, Role.UNION}
"""Who sees the board of a round and how many were found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A round in the list. ``next`` is what is to be done now, ``address`` where."""

    id: str
    name: str
    policy: str
    state: Text
    is_made_up: bool
    num_mentors: int | None
    num_mentees: int | None
    num_pairs: int | None
    num_unmatched: int | None
    next: Text
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A regulation that may be chosen, in a few plain words."""

    id: str
    title: str
    short: str
    words: Sequence[str]


@router.get("/rounds")
def rounds(work: Reading, after: Annotated[Id | None, Query()] = None) -> Response:
    """Show the rounds one may know of, or the three steps to the first."""
    found = list_rounds(work, None, None, None, after, ROUNDS_PER_PAGE)
    is_runner = bool(work.viewer.roles & RUNNERS)
    rosters = list_rosters(work, None, None, 1).items if is_runner else []
    return page(
        work,
        "rounds",
        lines=_lines(work, [one.id for one in found.items]),
        following=found.next,
        is_runner=is_runner,
        is_reader=bool(work.viewer.roles & READERS),
        roster=rosters[0] if rosters else None,
        policies=policy_choices(work.lang),
    )


def _lines(work: Work, ids: Sequence[str]) -> list[Line]:
    asked = select(Round, RosterFile).join(RosterFile, col(Round.roster_id) == col(RosterFile.id))
    rows = {round_.id: (round_, roster) for round_, roster in work.session.exec(asked.where(col(Round.id).in_(ids)))}
    runs: dict[str, Run] = {}
    for run in work.session.exec(select(Run).where(col(Run.round_id).in_(ids)).order_by(col(Run.created_at))):
        runs[run.round_id] = run
    wanted = [round_.plan_id for round_, _ in rows.values() if round_.plan_id is not None]
    summaries = dict(
        work.session.exec(select(PlanFileRow.id, PlanFileRow.summary).where(col(PlanFileRow.id).in_(wanted))).all()
    )
    lines = []
    for round_, roster in (rows[id_] for id_ in ids):
        summary = summaries.get(round_.plan_id or "", {})
        next_, address = _next_step(round_, runs.get(round_.id))
        policy = read_policy(round_.policy_id) if round_.policy_id in SHIPPED else None
        lines.append(
            Line(
                id=round_.id,
                name=round_.name,
                policy=round_.policy_id if policy is None else title_of(policy, work.lang),
                state=state_text(round_.state),
                is_made_up=roster.is_made_up,
                num_mentors=roster.num_mentors,
                num_mentees=roster.num_mentees,
                num_pairs=summary.get("pairs"),
                num_unmatched=summary.get("unmatched"),
                next=next_,
                address=address,
            )
        )
    return lines


_NEXT = {
    "proposed": text("Look through the pairs and agree on them"),
    "agreed": text("Ask both sides for their consent"),
    "confirmed": text("Prepare the order"),
    "ordered": text("Begin: the order is signed"),
    "running": text("Mark the meetings that took place"),
    "final": text("Sum up and close"),
    "closed": text("Closed: look at the results"),
}


def _next_step(round_: Round, run: Run | None) -> tuple[Text, str]:
    """Return what is to be done in a round now, and where."""
    at = f"/rounds/{round_.id}"
    if run is not None and run.status in UNFINISHED:
        return text("Pairs are being looked for: see how far it is"), f"/runs/{run.id}"
    if round_.plan_id is None and run is not None:
        return text("Nothing was found: see why"), f"/runs/{run.id}"
    if round_.plan_id is None:
        return text("Look for pairs"), at
    page_of = "closing" if round_.state in ("final", "closed") else "preparation"
    return _NEXT.get(round_.state, _NEXT["proposed"]), f"{at}/{page_of}"


def title_of(policy: Policy, lang: Lang) -> str:
    """Return the title of a regulation."""
    return policy.title if lang == "ru" else policy.title_en


def policy_choices(lang: Lang) -> list[Choice]:
    """Return the regulations that come with the program, each in a few plain words."""
    found = [read_policy(id_) for id_ in SHIPPED]
    return [
        Choice(
            id=one.id,
            title=title_of(one, lang),
            short=say(SHORT_TITLES[one.id], lang) if one.id in SHORT_TITLES else title_of(one, lang),
            words=[say(words, lang) for words in _plain_words(one, lang)],
        )
        for one in found
    ]


SHORT_TITLES = {
    "barnaul": text("Barnaul, city"),
    "anuchino": text("Anuchino, School of Mentoring"),
    "kalmykia": text("Republic of Kalmykia"),
    "dalnerechensk": text("Dalnerechensk, city district"),
    "smolensk_school_23": text("Smolensk, school No. 23"),
}
"""What the regulations are called where there is little room: by their place."""
_SCOPES = {
    "organisation": text("for one school"),
    "municipality": text("for all organisations of a municipality"),
    "region": text("for organisations of a region"),
}


def _plain_words(policy: Policy, lang: Lang) -> list[Text]:
    people = [text("teachers")]
    people += [text("students of pedagogical universities and colleges")] if policy.participants.students else []
    people += [text("pupils")] if policy.participants.pupils else []
    approvals = [PAIR_APPROVAL_LABELS[str(one)] for one in policy.approvals.pair]
    months = policy.programme.months
    by = text("competences") if policy.competence_blocks else text("requests (topics and subjects)")
    return [
        _SCOPES[str(policy.scope_level)],
        text("who takes part: {people}", people=", ".join(say(one, lang) for one in people)),
        text("pairs are picked by {what}", what=by),
        text("a programme takes {min} to {max} months", min=months.min, max=months.max),
        text("before work begins: {steps}", steps="; ".join(say(one, lang) for one in approvals)),
    ]


@router.get("/new-round")
def new_round(work: Reading, roster: Annotated[Id | None, Query()] = None) -> Response:
    """Ask for what a round needs."""
    return _form(work, {"roster": roster or "", "name": _usual_name(work.lang)})


def _usual_name(lang: Lang) -> str:
    today = now().date()
    season = text("Autumn {year}", year=today.year) if today.month >= 7 else text("Spring {year}", year=today.year)
    return say(season, lang)


@router.post("/rounds")
def make_round(work: Reading, form: Sent, tasks: BackgroundTasks) -> Response:
    """Open a round and begin to look for pairs; timetables are read first, and taken whole or not at all."""
    given = {name: str(form.get(name, "")).strip() for name in ("name", "roster", "policy", "first_day", "last_day")}
    given["what"] = "plan" if form.get("what") == "plan" else "pair"
    chosen = [value for value in form.getlist("timetable") if isinstance(value, str)]
    kept: list[str] = []
    try:
        asked = _asked(given, chosen)
        kept, strangers = _take_timetables(work, form, asked.roster)
        if strangers:
            return _form(work, given, chosen=[*chosen, *kept], strangers=strangers)
        with work.core.database.writing() as session:
            inner = replace(work, session=session)
            body = asked.model_copy(update={"timetables": [*asked.timetables, *kept]})
            made = open_round(inner, body, Response())
            run_id = _start(inner, made.id, RunRequest(what=given["what"]), tasks)  # type: ignore[arg-type]
    except Problem as problem:
        return _form(work, given, chosen=[*chosen, *kept], problem=problem)
    except InputError as error:
        return _form(work, given, chosen=[*chosen, *kept], problem=wrong_input(error.faults))
    return go(f"/runs/{run_id}")


@router.post("/made-up-round")
def make_made_up_round(work: Writing, form: Sent, tasks: BackgroundTasks) -> Response:
    """Open a round on made-up people and begin to look for pairs: to see how everything works."""
    policy_id = str(form.get("policy") or "kalmykia")
    if policy_id not in SHIPPED:
        raise not_found()
    held = sorted({one.area_id for one in work.viewer.held})
    roster, timetables = keep_made_up(work, place_of(work, held[0]), policy_id)
    body = RoundIn(
        roster=roster.id,
        policy=policy_id,
        name=say(text("Trial round"), work.lang),
        timetables=[one.id for one in timetables],
    )
    made = open_round(work, body, Response())
    asked = RunRequest(what="plan", time_limit=DEMO_SECONDS)
    return go(f"/runs/{_start(work, made.id, asked, tasks)}")


def _start(work: Work, round_id: str, asked: RunRequest, tasks: BackgroundTasks) -> str:
    answer = ask_for_run(work, round_id, asked, tasks, None)
    return answer.headers["location"].rpartition("/")[2]


def _asked(given: dict[str, str], timetables: Sequence[str]) -> RoundIn:
    """Return the round that is asked for.

    Raises
    ------
    Problem
        422 with everything that does not fit.
    """
    faults: list[Fault] = []
    days: dict[str, date | None] = {}
    for name in ("first_day", "last_day"):
        try:
            days[name] = date.fromisoformat(given[name]) if given[name] else None
        except ValueError:
            faults.append(Fault(name, text("“{value}” is not a date", value=given[name])))
    for name in ("name", "roster", "policy"):
        if not given[name]:
            faults.append(Fault(name, text("this has to be given")))
    if faults:
        raise wrong_input(faults)
    try:
        return RoundIn(
            roster=given["roster"],
            policy=given["policy"],
            name=given["name"],
            timetables=list(timetables),
            first_day=days["first_day"],
            last_day=days["last_day"],
        )
    except ValidationError as error:
        names = [str(one["loc"][0]) if one["loc"] else "name" for one in error.errors()]
        raise wrong_input([Fault(name, text("this value does not fit")) for name in names]) from None


def _take_timetables(work: Work, form: FormData, roster_id: str) -> tuple[list[str], list[str]]:
    """Take the timetables that were given, all of them or none; return their ids and the teachers nobody stands for."""
    files = [one for one in form.getlist("files") if isinstance(one, SentFile) and one.filename]
    maps = {_stem(one): one for one in files if _ending(one) == "toml"}
    tables = [one for one in files if _ending(one) != "toml"]
    kept: list[str] = []
    strangers: list[str] = []
    try:
        for table in tables:
            only = next(iter(maps.values())) if len(maps) == len(tables) == 1 else None
            named = maps.get(_stem(table), only)
            map_file = None if named is None else _upload(named)
            found = upload_timetable(work, Response(), _upload(table), roster_id, map_file)
            kept.append(found.id)
            strangers += found.strangers
    except (Problem, InputError):
        with work.core.database.writing() as session:
            for id_ in kept:
                remove_timetable(replace(work, session=session), id_)
        raise
    return kept, strangers


def _upload(file: SentFile) -> UploadFile:
    return UploadFile(file.file, filename=file.filename)


def _stem(file: SentFile) -> str:
    return (file.filename or "").rpartition(".")[0].casefold()


def _ending(file: SentFile) -> str:
    return (file.filename or "").rpartition(".")[2].casefold()


def _form(
    work: Work,
    given: dict[str, str],
    *,
    chosen: Sequence[str] = (),
    strangers: Sequence[str] = (),
    problem: Problem | None = None,
) -> Response:
    return page(
        work,
        "new_round",
        status=200 if problem is None else problem.status,
        given={"policy": "", "first_day": "", "last_day": "", "what": "plan" if chosen else "pair", **given},
        rosters=list_rosters(work, None, None, 100).items,
        timetables=list_timetables(work, None, None, 100).items,
        policies=policy_choices(work.lang),
        chosen=chosen,
        strangers=strangers,
        problem=problem,
        faults={} if problem is None else faults_by_place(problem.faults),
    )
