"""Erases one person in one transaction: the key that opens everything of his, and whatever else names him."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, or_, select

from matcher.errors import Fault, InputError
from matcher.texts import text
from service.audit import append_audit
from service.core import Core
from service.jobs.port import RunStatus
from service.privacy.erasure.act import Act, write_down
from service.privacy.erasure.blobs import Worded, rewrite_plan, rewrite_roster, rewrite_timetable, rewrite_words
from service.privacy.erasure.forget import Forgotten, code_between, is_neutral, surname_of, variants
from service.privacy.erasure.kept_birth import reduced
from service.privacy.erasure.rows import Counts, close_ways_in, drop_opinions, end_pairs, orders_with, sweep
from service.privacy.known import rosters_of
from service.rounds.people import PersonWords, open_person
from service.tables.areas import Area, Person, PersonKey
from service.tables.columns import now
from service.tables.documents import DocumentDetails
from service.tables.privacy import Erasure
from service.tables.records import Record
from service.tables.rounds import Decision, Pair, PlanFileRow, RosterFile, Round, Run, TimetableFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was done: the act, and the words files outside the database must be searched for (never kept)."""

    act: Act
    needles: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class _Traces:
    """Where a person left traces, collected while his key still opens them."""

    words: PersonWords
    rosters: list[RosterFile]
    codes: list[str]
    rounds: list[Round]
    surname_is_his: bool


def execute(session: Session, core: Core, erasure: Erasure, *, actor: str, today: date) -> Erased:
    """Erase the person of a queued erasure within the caller's transaction.

    Raises
    ------
    InputError
        When the erasure is done already or on legal hold.
    """
    _check(erasure)
    person = session.get_one(Person, erasure.person_id)
    area = session.get_one(Area, person.area_id)
    traces = _collect(session, core, person)
    _check_runs(session, traces)
    counts, logins = close_ways_in(session, person)
    forgotten = _forgotten(person, traces, logins)
    born = None
    if traces.words.birth_date is not None:
        born = reduced(traces.words.birth_date, {one.reference_day for one in traces.rounds} or {today})
    counts |= drop_opinions(session, person)
    counts |= end_pairs(session, person, today)
    counts |= _rewrite(session, core, person, traces, forgotten, born)
    counts["texts"] = sweep(session, forgotten, area.path.strip("/").split("/"))
    orders = orders_with(session, person)
    key = session.get(PersonKey, person.id)
    if key is not None:
        session.delete(key)
    person.sealed, person.code, person.erased_at = None, forgotten.new_code, now()
    person.version += 1
    session.add(person)
    session.flush()
    act = write_down(session, core, erasure, person, area, counts, orders, actor=actor)
    erasure.act, erasure.done_at = asdict(act), person.erased_at
    session.add(erasure)
    append_audit(
        session,
        core.vault,
        actor=actor,
        action="erasure.done",
        area_id=erasure.area_id,
        subjects=[person.id, erasure.id],
        details={"ground": erasure.ground, "counts": counts, "orders_kept": len(orders)},
    )
    return Erased(act=act, needles=tuple(forgotten.needles))


def _check(erasure: Erasure) -> None:
    if erasure.done_at is not None:
        raise InputError([Fault("erasure", text("this person is erased already"))])
    if erasure.hold_reason is not None:
        cure = text("lift the hold first, when its reason is gone")
        raise InputError([Fault("erasure", text("a legal hold forbids to destroy these data"), cure)])


def _check_runs(session: Session, traces: _Traces) -> None:
    """A solve under way has read the person already and would bring him back with its plan."""
    ids = [one.id for one in traces.rounds]
    running = select(Run.id).where(col(Run.round_id).in_(ids), Run.status == RunStatus.RUNNING)
    if session.exec(running).first() is not None:
        cure = text("wait until it has ended, or stop it")
        raise InputError([Fault("erasure", text("a solve with this person is under way"), cure)])


def _collect(session: Session, core: Core, person: Person) -> _Traces:
    words = open_person(session, core.vault, person)
    rosters: list[RosterFile] = []
    codes: set[str] = set()
    surname = surname_of(words.name)
    namesakes = 0
    for row, roster, _ in rosters_of(session, core.vault, person):
        rosters.append(row)
        codes |= {one.id for one in roster.people}
        namesakes = max(namesakes, sum(surname is not None and surname in one.name.split() for one in roster.people))
    ids = [row.id for row in rosters]
    in_pairs = select(Pair.round_id).where(or_(Pair.mentor_id == person.id, Pair.mentee_id == person.id))
    rounds = select(Round).where(or_(col(Round.roster_id).in_(ids), col(Round.id).in_(in_pairs)))
    return _Traces(
        words=words,
        rosters=rosters,
        codes=sorted(codes),
        rounds=list(session.exec(rounds)),
        surname_is_his=namesakes <= 1,
    )


def _forgotten(person: Person, traces: _Traces, logins: list[str]) -> Forgotten:
    said = traces.words
    words = [*variants(said.name), *variants(said.legal_representative or ""), *logins]
    words += [word for word in (said.timetable_name, said.email, said.phone) if word]
    surname = surname_of(said.name)
    if surname is not None and traces.surname_is_his:
        words.append(surname)
    part = secrets.token_hex(3)
    code = person.code
    if not is_neutral(code):
        before = [one for one in traces.codes if one < code]
        code = code_between(before[-1] if before else None, part)
    return Forgotten(words, f"erased-{part}", code=person.code, new_code=code)


def _rewrite(
    session: Session, core: Core, person: Person, traces: _Traces, forgotten: Forgotten, born: date | None
) -> Counts:
    vault = core.vault
    for row in traces.rosters:
        rewrite_roster(session, vault, row, person.id, forgotten, born)
    round_ids = [one.id for one in traces.rounds]
    plans = session.exec(select(PlanFileRow).where(col(PlanFileRow.round_id).in_(round_ids))).all()
    num_plans = sum(rewrite_plan(session, vault, row, forgotten, born) for row in plans)
    area_ids = session.get_one(Area, person.area_id).path.strip("/").split("/")
    timetables = session.exec(select(TimetableFile).where(col(TimetableFile.area_id).in_(area_ids))).all()
    num_timetables = sum(rewrite_timetable(session, vault, row, forgotten) for row in timetables)
    rows: list[Any] = [*session.exec(select(Decision).where(col(Decision.round_id).in_(round_ids)))]
    rows += session.exec(select(Run).where(col(Run.round_id).in_(round_ids)))
    rows += session.exec(select(DocumentDetails).where(col(DocumentDetails.area_id).in_(area_ids)))
    near = or_(col(Record.area_id).in_(area_ids), col(Record.round_id).in_(round_ids))
    rows += session.exec(select(Record).where(near))
    own = select(Record.id).where(Record.person_id == person.id)
    return {
        "rosters": len(traces.rosters),
        "plans": num_plans,
        "timetables": num_timetables,
        "others_words": rewrite_words(session, vault, [one for one in rows if not _is_own(one, person)], forgotten),
        "records": len(session.exec(own).all()),
    }


def _is_own(row: Worded, person: Person) -> bool:
    """Say whether the words of a row are under the key of the person: they go with it."""
    if isinstance(row, Record):
        return row.person_id == person.id
    return isinstance(row, Decision) and person.id == (row.mentee_id or row.mentor_id)
