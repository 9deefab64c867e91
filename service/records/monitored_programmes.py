"""The programmes of an area as its figures count them: their terms, meetings, logs, wishes and reports."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlmodel import col, select

from matcher.indicators.facts import Programme
from matcher.policy_words import EndReason
from matcher.roster import MentoringForm, MentoringKind
from service.records.banks import OVER, WORKING
from service.records.gathered import Gathered
from service.rounds.people import chunks
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
    seats: dict[str, set[str]] = defaultdict(set)
    rows: dict[str, Any] = {}
    has_log = col(Meeting.sealed_log).is_not(None).label("has_log")
    for part in chunks(sorted({key[0] for key in by_people})):
        # Columns, not whole rows: an area has tens of thousands of meetings, each maybe with a sealed log.
        columns = (Meeting.id, Meeting.round_id, Meeting.state, Meeting.day, has_log, MeetingPerson.person_id)
        query = select(*columns).join(MeetingPerson, col(MeetingPerson.meeting_id) == col(Meeting.id))  # type: ignore[call-overload]
        for row in it.session.exec(query.where(col(Meeting.round_id).in_(part))):
            rows[row.id] = row
            seats[row.id].add(row.person_id)
    logged = {one.figures.get("meeting") for one in it.records["session_log"]}
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for id_, meeting in rows.items():
        if meeting.state == "cancelled":
            continue
        for mentor in seats[id_]:
            for mentee in seats[id_] - {mentor}:
                pair = by_people.get((meeting.round_id, mentor, mentee))
                if pair is not None:
                    found[pair].update(_sums(meeting, it.today, in_log=id_ in logged))
    return found


def _sums(meeting: Any, today: date, *, in_log: bool) -> dict[str, int]:
    return {
        "planned": 1,
        "due": int(meeting.day < today),
        "held": int(meeting.state == "held"),
        "missed": int(meeting.state == "missed"),
        "marked": int(meeting.state in ("held", "missed")),
        "logged": int(meeting.has_log and not in_log),
    }


def _wishes(it: Gathered) -> dict[tuple[str, str, str], float]:
    found: dict[tuple[str, str, str], float] = {}
    for part in chunks(sorted({pair.round_id for pair in it.pairs.values()})):
        for one in it.session.exec(select(Wish).where(col(Wish.round_id).in_(part), col(Wish.score).is_not(None))):
            found[one.round_id, one.from_id, one.to_id] = float(one.score or 0)
    return found
