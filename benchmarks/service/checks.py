"""What must be true of a service after everything that happened to it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from sqlalchemy import create_engine
from sqlalchemy import text as sql
from sqlmodel import Session, select

from benchmarks.service.living import House
from benchmarks.service.load import Told
from service.audit import broken_links
from service.jobs.folders import place_of_work
from service.jobs.library import system_url
from service.rounds.decided import open_words
from service.rounds.plan_files import open_plan
from service.tables.privacy import AuditEntry
from service.tables.rounds import Decision, Meeting, Pair, PlanFileRow, Round, Run


def broken_promises(house: House, told: Told) -> list[str]:
    """Return everything that is not as it must be: nothing, where all is well."""
    with house.core.database.reading() as session:
        found = [
            *_runs(session, told),
            *_plans(house, session),
            *_decisions(house, session, told),
            *_audit(session),
        ]
    most = house.core.settings.runs_per_area
    if told.most_running > most:
        found.append(f"{told.most_running} runs of one area at once, {most} are allowed")
    return [*found, *_left_overs(house)]


def _runs(session: Session, told: Told) -> Iterator[str]:
    runs = session.exec(select(Run)).all()
    per_round = Counter(run.round_id for run in runs)
    yield from (f"round {id_} has {count} runs" for id_, count in per_round.items() if count != 1)
    ids = {run.id for run in runs}
    yield from (f"run {id_} was acknowledged and is lost" for id_ in told.runs.values() if id_ not in ids)
    for run in runs:
        if (run.status, run.outcome) != ("succeeded", "planned"):
            yield f"run {run.id} is {run.status}, {run.outcome}, {run.reason} after {run.attempts} attempts"


def _plans(house: House, session: Session) -> Iterator[str]:
    rows = {row.run_id: row for row in session.exec(select(PlanFileRow))}
    for run in session.exec(select(Run)):
        row = rows.pop(run.id, None)
        if row is None:
            yield f"run {run.id} has no plan"
            continue
        round_ = session.get_one(Round, run.round_id)
        if round_.plan_id != row.id:
            yield f"round {round_.id} has not the plan of its run"
        plan = open_plan(house.core.vault, row)
        pairs = len(session.exec(select(Pair).where(Pair.round_id == run.round_id)).all())
        meetings = len(session.exec(select(Meeting).where(Meeting.round_id == run.round_id)).all())
        planned = 0 if plan.schedule is None else len(plan.schedule.sessions)
        if (pairs, meetings) != (len(plan.pairs), planned):
            yield f"round {round_.id} is half published: {pairs} pairs of {len(plan.pairs)}, {meetings} of {planned}"
    yield from (f"plan of no run: {row.id}" for row in rows.values())


def _decisions(house: House, session: Session, told: Told) -> Iterator[str]:
    kept: Counter[str] = Counter()
    numbers: dict[str, list[int]] = defaultdict(list)
    for row in session.exec(select(Decision)):
        numbers[row.round_id].append(row.number)
        if row.sealed_reason is not None:
            kept[open_words(session, house.core.vault, row).get("reason", "")] += 1
    yield from (f"decision lost: {words}" for words in told.decisions if kept[words] == 0)
    yield from (f"decision doubled: {words}" for words, count in kept.items() if count > 1)
    yield from (f"numbers of decisions of round {id_} repeat" for id_, ns in numbers.items() if len(ns) != len(set(ns)))


def _audit(session: Session) -> Iterator[str]:
    yield from (f"audit chain broken at {seq}" for seq in broken_links(session))
    ends: Counter[str] = Counter()
    for entry in session.exec(select(AuditEntry).where(AuditEntry.action == "run.end")):
        ends[entry.subjects[0]] += 1
    yield from (f"run {id_} ended {count} times" for id_, count in ends.items() if count != 1)


def _left_overs(house: House) -> Iterator[str]:
    work = place_of_work(house.core.settings.folder)
    if work.is_dir():
        yield from (f"work folder left: {path.name}" for path in work.iterdir())
    engine = create_engine(system_url(house.core.database.url))
    schema = "dbos." if engine.dialect.name == "postgresql" else ""
    with engine.connect() as connection:
        words = connection.execute(sql(f"SELECT status, count(*) FROM {schema}workflow_status GROUP BY status"))
        yield from (f"{count} jobs are {word}" for word, count in words if word != "SUCCESS")
    engine.dispose()
    if house.core.database.is_sqlite:
        with house.core.database.reading() as session:
            said = session.execute(sql("PRAGMA integrity_check")).scalar()
            if said != "ok":
                yield f"integrity check: {said}"
