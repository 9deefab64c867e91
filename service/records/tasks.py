"""What somebody has to do: dates of the regulation, and records that wait for his word.

References
----------
Requirements 7.9; A-34, A-35, A-47; KAL 4.2 (gates); KAL 4.12 (publication).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from matcher.indicators.deadlines import due_dates
from matcher.indicators.due import Due, DueState
from matcher.indicators.facts import Facts
from matcher.indicators.period import school_year_of
from matcher.policy import Policy
from matcher.policy_labels import clause_text
from matcher.policy_words import ScopeLevel
from matcher.texts import Lang, Text, say, text
from service.records.banks import OVER, areas_below, bank_of_pairs
from service.records.facts import round_facts
from service.records.kind import COUNCIL, CURATORS, HEADS, PARTICIPANTS, Kind
from service.records.kinds import KINDS
from service.records.monitoring import build_area_facts, build_pair_facts
from service.records.permits import paths_of
from service.records.policies import policy_of
from service.records.scope import is_newest, newest, own_side, reaches, with_pairs
from service.rounds.working_days import IS_WORKING_DAY
from service.tables.access import Role
from service.tables.areas import Area
from service.tables.records import Record
from service.tables.rounds import Pair, Round
from service.vault import Vault
from service.viewer import PERSONAL_ROLES, Viewer, in_areas

_MOST = 500
"""Records of one kind that wait, looked at for one list."""
_SOON = timedelta(days=31)
_OFFICE = CURATORS | HEADS
_MENTOR, _UNION = frozenset({Role.MENTOR}), frozenset({Role.UNION})
_TUTORS = CURATORS | {Role.TUTOR}
_FRIDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something to do: what, about what (ids), by when, by which clause, how it stands."""

    id: str
    title: str
    state: str
    clause: str | None = None
    area: str | None = None
    pair: str | None = None
    round: str | None = None
    record: str | None = None
    path: str | None = None
    first_day: date | None = None
    day: date | None = None
    covers: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """Records of a kind in a state wait for somebody of these roles."""

    kind: str
    state: str
    by: frozenset[Role]
    title: Text


_WAITING = (
    _Waiting(kind="quarterly_report", state="submitted", by=CURATORS, title=text("Check the quarterly report")),
    _Waiting(
        kind="quarterly_report",
        state="returned",
        by=frozenset({Role.MENTOR}),
        title=text("Correct the quarterly report"),
    ),
    _Waiting(kind="conflict", state="open", by=CURATORS | COUNCIL, title=text("Look into the conflict")),
    _Waiting(kind="conflict", state="in_review", by=CURATORS | COUNCIL, title=text("Decide the conflict")),
    _Waiting(kind="union_sign_off", state="asked", by=_UNION, title=text("Say your word on the document")),
    _Waiting(kind="incentive", state="proposed", by=HEADS, title=text("Decide on the incentive")),
    _Waiting(kind="roadmap", state="draft", by=HEADS | {Role.MUNICIPAL_AUTHORITY}, title=text("Agree the roadmap")),
    _Waiting(kind="council", state="draft", by=HEADS, title=text("Approve the council of mentors")),
    _Waiting(kind="interview", state="planned", by=CURATORS | {Role.PSYCHOLOGIST}, title=text("Hold the interview")),
    _Waiting(kind="questionnaire", state="open", by=PARTICIPANTS, title=text("Fill in the questionnaire")),
    _Waiting(kind="programme_wish", state="open", by=CURATORS, title=text("Consider the wish for the programme")),
    _Waiting(kind="coordination_meeting", state="planned", by=_OFFICE, title=text("Hold the coordination meeting")),
    _Waiting(kind="event", state="planned", by=_OFFICE, title=text("Hold the event")),
    _Waiting(kind="route_comment", state="open", by=_TUTORS, title=text("Consider the comment on the route")),
)
_ACKNOWLEDGE = text("Acknowledge the programme")
_SIGN = text("Sign the final report")
_CHANGE = text("Change the programme as the conflict was decided")
_CLOSE = text("Close the programme: the pair has ended")


def tasks_of(session: Session, vault: Vault, viewer: Viewer, lang: Lang, today: date, area: Area | None) -> list[Task]:
    """Return what a viewer has to do, the earliest day first; ``area`` narrows what an office sees."""
    found = [
        *_waiting(session, viewer, lang, today),
        *_to_acknowledge(session, viewer, lang),
        *_dates_of_own_pairs(session, vault, viewer, lang, today),
    ]
    office = viewer.only(one for one in viewer.roles if one not in PERSONAL_ROLES)
    for top in [area] if area is not None else _tops(session, office):
        found += _dates_of_area(session, vault, office, lang, today, top)
        found += _gates(session, vault, office, lang, top)
    if office.roles & CURATORS:
        found += _programmes_to_change(session, office, lang)
        found += _programmes_to_close(session, office, lang, today)
    return sorted(
        set(found), key=lambda one: (one.day or one.first_day or date.max, one.id, one.record or "", one.pair or "")
    )


def _waiting(session: Session, viewer: Viewer, lang: Lang, today: date) -> Iterator[Task]:
    asked = {(wait.kind, wait.state): (wait, viewer.only(wait.by)) for wait in _WAITING}
    asked = {key: (wait, able) for key, (wait, able) in asked.items() if able.held}
    rows = _rows(session, [(able, KINDS[wait.kind], wait.state) for wait, able in asked.values()])
    paths = paths_of(session, rows)
    for record, pair in rows:
        wait, able = asked[record.kind, record.state]
        kind = KINDS[record.kind]
        if reaches(able, record, pair, paths) or _is_own(able, kind, record, pair):
            yield _of_record(kind, record, say(wait.title, lang), today)


def _rows(session: Session, asked: Sequence[tuple[Viewer, Kind[Any], str]]) -> list[tuple[Record, Pair | None]]:
    """Return the newest records in states, each as far as a viewer sees its kind."""
    if not asked:
        return []
    wanted = or_(*(and_(col(Record.state) == state, is_newest(viewer, kind)) for viewer, kind, state in asked))
    return [(row[0], row[1]) for row in session.execute(with_pairs(wanted).limit(_MOST * len(asked)))]


def _is_own(viewer: Viewer, kind: Kind[Any], record: Record, pair: Pair | None) -> bool:
    if not viewer.person_ids:
        return False
    if record.author_id is not None:
        return record.author_id in viewer.person_ids
    return own_side(viewer, pair, record) is not None


def _of_record(kind: Kind[Any], record: Record, title: str, today: date) -> Task:
    late = record.due_day is not None and record.due_day < today
    return Task(
        id=f"{kind.id}.{record.state}",
        title=title,
        state=str(DueState.OVERDUE if late else DueState.OPEN),
        area=record.area_id,
        pair=record.pair_id,
        round=record.round_id,
        record=record.root_id,
        path=f"/api/v1/{kind.path}/{record.root_id}",
        day=record.due_day,
    )


def _to_acknowledge(session: Session, viewer: Viewer, lang: Lang) -> Iterator[Task]:
    own = viewer.only(PARTICIPANTS)
    if not own.held:
        return
    for kind_id, title in (("programme", _ACKNOWLEDGE), ("final_report", _SIGN)):
        kind = KINDS[kind_id]
        for record, pair in _rows(session, [(own, kind, "draft")]):
            side = own_side(own, pair, record)
            ready = not record.figures.get("missing")
            if side is not None and side not in record.acknowledged and ready:
                yield _of_record(kind, record, say(title, lang), record.created_at.date())


def _programmes_to_change(session: Session, viewer: Viewer, lang: Lang) -> Iterator[Task]:
    programmes = {pair.id: record for record, pair in _newest_rows(session, viewer, "programme") if pair is not None}
    for record, _ in _newest_rows(session, viewer, "conflict"):
        programme = programmes.get(record.pair_id or "")
        wanted = record.state == "decided" and record.figures.get("outcome") == "change_programme"
        if wanted and programme is not None and programme.created_at < record.created_at:
            yield _of_record(KINDS["programme"], programme, say(_CHANGE, lang), record.created_at.date())


def _programmes_to_close(session: Session, viewer: Viewer, lang: Lang, today: date) -> Iterator[Task]:
    kind = KINDS["programme"]
    ended = newest(viewer, kind).where(col(Record.state) != "closed", col(Pair.state).in_(OVER)).limit(_MOST)
    for record, _ in session.execute(ended):
        yield _of_record(kind, record, say(_CLOSE, lang), today)


def _newest_rows(session: Session, viewer: Viewer, kind_id: str) -> list[tuple[Record, Pair | None]]:
    return [(row[0], row[1]) for row in session.execute(newest(viewer, KINDS[kind_id]).limit(_MOST))]


def _tops(session: Session, viewer: Viewer) -> list[Area]:
    """Return the areas a viewer holds, without those that lie in another of them."""
    paths = sorted(viewer.paths)
    tops = [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]
    ids = [path.strip("/").split("/")[-1] for path in tops]
    return list(session.exec(select(Area).where(col(Area.id).in_(ids))))


def rounds_of(session: Session, area: Area) -> list[Round]:
    """Return the rounds of an area, of those below it and of those it lies in, the newest first."""
    areas = {*areas_below(session, area), *area.path.strip("/").split("/")}
    found = select(Round).where(col(Round.area_id).in_(areas)).order_by(col(Round.created_at).desc())
    return list(session.exec(found))


def policies_of(rounds: Iterable[Round]) -> dict[str, Policy]:
    """Return the regulations of rounds by their id, each as its newest round has it."""
    found: dict[str, Policy] = {}
    for one in rounds:
        if one.policy_id not in found:
            found[one.policy_id] = policy_of(one)
    return found


def _dates_of_area(
    session: Session, vault: Vault, viewer: Viewer, lang: Lang, today: date, area: Area
) -> Iterator[Task]:
    rounds = [one for one in rounds_of(session, area) if one.state != "closed"]
    if not rounds:
        return
    bank = bank_of_pairs(session, area)
    sees_pairs = bool(viewer.roles & (_OFFICE | COUNCIL))
    for policy in policies_of(rounds).values():
        facts = build_area_facts(session, vault, area, policy, today, bank=bank)
        for due in dues(policy, facts, today):
            is_pair = due.level is ScopeLevel.PAIR
            if (is_pair and sees_pairs) or (not is_pair and due.subject in bank.areas):
                yield _of_due(due, lang)


def _dates_of_own_pairs(session: Session, vault: Vault, viewer: Viewer, lang: Lang, today: date) -> Iterator[Task]:
    mentors = viewer.only({Role.MENTOR}).person_ids
    if not mentors:
        return
    pairs = session.exec(select(Pair).where(col(Pair.mentor_id).in_(mentors))).all()
    for round_id in sorted({pair.round_id for pair in pairs}):
        round_ = session.get_one(Round, round_id)
        policy = policy_of(round_)
        own = [pair for pair in pairs if pair.round_id == round_id]
        facts = build_pair_facts(session, vault, own, policy, today)
        reports = {one.id for one in policy.deadlines if one.level is ScopeLevel.PAIR and one.due_days is not None}
        for due in dues(policy, facts, today):
            if due.id in reports:
                yield _of_due(due, lang)


def dues(policy: Policy, facts: Facts, today: date) -> Sequence[Due]:
    """Return what is due now or soon of a school year's dates, and has not been done."""
    year = school_year_of(today)
    found = due_dates(
        policy,
        year,
        facts,
        today,
        is_working_day=IS_WORKING_DAY,
        school_quarters=[date(year, 10, 31), date(year, 12, 31), date(year + 1, 3, 31), date(year + 1, 5, 31)],
    )
    return [one for one in found if _is_near(one, today)]


def _is_near(due: Due, today: date) -> bool:
    if due.state in (DueState.DONE, DueState.ON_REQUEST) or due.id == "notice":
        return False
    if due.state is DueState.AHEAD:
        day = due.first_day or due.day
        return day is not None and day <= today + _SOON
    return True


def _of_due(due: Due, lang: Lang) -> Task:
    is_pair = due.level is ScopeLevel.PAIR
    return Task(
        id=due.id,
        title=due.title if lang == "ru" else due.title_en,
        state=str(due.state),
        clause=say(clause_text(due.clause), lang),
        area=None if is_pair else due.subject,
        pair=due.subject if is_pair else None,
        first_day=due.first_day,
        day=due.day,
        covers=due.covers,
    )


def _gates(session: Session, vault: Vault, viewer: Viewer, lang: Lang, area: Area) -> Iterator[Task]:
    if not viewer.roles & _OFFICE:
        return
    early = select(Round).where(in_areas(Round.area_id, viewer), col(Round.state).in_(("draft", "preparatory")))
    inside = areas_below(session, area)
    for round_ in session.exec(early):
        if round_.area_id not in inside:
            continue
        for gate in round_facts(session, vault, round_).gates:
            if not gate.done:
                yield Task(
                    id=f"gate.{gate.id}",
                    title=gate.title if lang == "ru" else gate.title_en,
                    state=str(DueState.OPEN),
                    clause=say(clause_text(gate.clause), lang),
                    area=round_.area_id,
                    round=round_.id,
                )
