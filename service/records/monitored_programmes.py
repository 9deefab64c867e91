"""The programmes of an area as its figures count them: their terms, meetings, logs, wishes and reports."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnElement, case, func
from sqlalchemy import select as pick
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from matcher.indicators.facts import Programme
from matcher.policy_words import EndReason
from matcher.roster import MentoringForm, MentoringKind
from service.among import among
from service.records.banks import OVER, WORKING
from service.records.gathered import Gathered
from service.tables.rounds import Meeting, MeetingPerson, Pair, Wish


def programmes_of(it: Gathered) -> Iterator[Programme]:
    """Yield the programmes of pairs that have begun to work."""
    started = {id_: pair for id_, pair in it.pairs.items() if pair.state in (*WORKING, *OVER)}
    meetings = _meetings(it, started.values())
    wishes = _wishes(it)
    goals = {one.pair_id: one.figures.get("goals", 0) > 0 for one in it.records["programme"]}
    ratings = {one.pair_id: one.figures.get("rating") for one in it.records["final_report"] if one.state == "signed"}
    logs = Counter(one.pair_id for one in it.records["session_log"])
    digests: dict[str | None, list[str]] = defaultdict(list)
    for report in it.records["quarterly_report"]:
        if report.state != "draft":
            digests[report.pair_id].append(str(report.figures.get("digest")))
    for id_, pair in started.items():
        sums = meetings.get(id_, Counter())
        over = pair.state in (*OVER, "aftercare")
        yield Programme(
            id=id_,
            mentor=pair.mentor_id,
            mentee=pair.mentee_id,
            form=MentoringForm(pair.form),
            kind=MentoringKind(pair.kind),
            group=pair.group_code,
            first_day=pair.first_day or pair.since,
            last_day=pair.last_day,
            end_day=pair.last_day if over else None,
            end_reason=None if pair.end_reason is None else EndReason(pair.end_reason),
            full_cycle_day=pair.full_cycle_day if pair.full_cycle else None,
            minutes=pair.minutes,
            sessions_planned=sums["planned"] or None,
            sessions_due=sums["due"] if sums["planned"] else None,
            sessions_held=sums["held"] if sums["marked"] else None,
            sessions_missed=sums["missed"] if sums["marked"] else None,
            sessions_logged=sums["logged"] + logs[id_],
            has_goals=goals.get(id_),
            rating=ratings.get(id_),
            mentor_wish=wishes.get((pair.round_id, pair.mentor_id, pair.mentee_id)),
            mentee_wish=wishes.get((pair.round_id, pair.mentee_id, pair.mentor_id)),
            reports=tuple(digests.get(id_, ())),
        )


def _meetings(it: Gathered, pairs: Iterable[Pair]) -> dict[str, Counter[str]]:
    """Return how many meetings of each pair were planned, are over, were held, missed, logged."""
    by_people = {(pair.round_id, pair.mentor_id, pair.mentee_id): pair.id for pair in pairs}
    # The database counts: an area has tens of thousands of meetings, each maybe with a sealed log.
    mentor, mentee = aliased(MeetingPerson), aliased(MeetingPerson)
    round_id = col(Meeting.round_id).concat("")  # no index: SQLite would go through all meetings for each pair
    query = (
        pick(
            col(Pair.id),
            func.count().label("planned"),
            _number(col(Meeting.day) < it.today).label("due"),
            _number(col(Meeting.state) == "held").label("held"),
            _number(col(Meeting.state) == "missed").label("missed"),
            _number(col(Meeting.state).in_(("held", "missed"))).label("marked"),
            _number(_has_log(it)).label("logged"),
        )
        .join(mentor, col(mentor.person_id) == col(Pair.mentor_id))
        .join(mentee, (col(mentee.meeting_id) == col(mentor.meeting_id)) & (col(mentee.person_id) == Pair.mentee_id))
        .join(Meeting, (col(Meeting.id) == col(mentor.meeting_id)) & (round_id == col(Pair.round_id)))
        .where(among(Pair.id, by_people.values()), col(Meeting.state) != "cancelled")
        .group_by(col(Pair.id))
    )
    return {row[0]: Counter({name: row._mapping[name] for name in _SUMS}) for row in it.session.execute(query)}


_SUMS = ("planned", "due", "held", "missed", "marked", "logged")


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Return how many rows of a group meet a condition."""
    return func.sum(case((condition, 1), else_=0))


def _has_log(it: Gathered) -> ColumnElement[bool]:
    """Return the condition that a meeting has a log of its own, which stands in no record."""
    recorded = {str(one.figures.get("meeting")) for one in it.records["session_log"]}
    return col(Meeting.sealed_log).is_not(None) & case((among(Meeting.id, recorded), False), else_=True)


def _wishes(it: Gathered) -> dict[tuple[str, str, str], float]:
    found: dict[tuple[str, str, str], float] = {}
    rounds = {pair.round_id for pair in it.pairs.values()}
    for one in it.session.exec(select(Wish).where(among(Wish.round_id, rounds), col(Wish.score).is_not(None))):
        found[one.round_id, one.from_id, one.to_id] = float(one.score or 0)
    return found
