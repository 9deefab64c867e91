"""Until when meetings are told of: later ones are drafts that may still change without anybody noticing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from service.audit import append_audit
from service.rounds.life import LIVE, OPEN
from service.tables.rounds import Meeting, MeetingPerson, Pair, Round
from service.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishWindow:
    """What of a round's meetings people know of. ``waiting`` are drafts of pairs that do not work yet."""

    last_published: date | None
    num_published: int
    first_draft: date | None
    last_draft: date | None
    num_drafts: int
    num_waiting: int


def read_window(session: Session, round_: Round) -> PublishWindow:
    """Return until when the meetings of a round are told of."""
    asked = select(Meeting.state, func.count(), func.min(Meeting.day), func.max(Meeting.day))
    rows = session.exec(asked.where(Meeting.round_id == round_.id).group_by(Meeting.state)).all()
    found = {state: (count, first, last) for state, count, first, last in rows}
    num_published, _, last = found.get("published", (0, None, None))
    num_drafts, first_draft, last_draft = found.get("draft", (0, None, None))
    ready = select(func.count()).where(*_drafts_of_live_pairs(round_))
    return PublishWindow(
        last_published=last,
        num_published=num_published,
        first_draft=first_draft,
        last_draft=last_draft,
        num_drafts=num_drafts,
        num_waiting=num_drafts - session.exec(ready).one(),
    )


def num_without_meetings(session: Session, round_: Round) -> int:
    """Return how many standing pairs have no meeting, as those put together after the meetings were planned."""
    mentor, mentee = aliased(MeetingPerson), aliased(MeetingPerson)
    meets = (
        select(mentor.meeting_id)
        .join(mentee, col(mentee.meeting_id) == mentor.meeting_id)
        .join(Meeting, col(Meeting.id) == mentor.meeting_id)
        .where(
            Meeting.round_id == round_.id,
            mentor.person_id == Pair.mentor_id,
            mentee.person_id == Pair.mentee_id,
        )
    )
    standing = (*OPEN, *(state for state in LIVE if state != "aftercare"))
    asked = select(func.count()).where(
        Pair.round_id == round_.id, col(Pair.state).in_(standing), Pair.kind != "situational", ~meets.exists()
    )
    return session.exec(asked).one()


def set_window(
    session: Session, vault: Vault, round_: Round, until: date, *, today: date, actor: str
) -> tuple[int, int]:
    """Tell of the meetings of working pairs until a day, and take later ones back; return how many of each.

    What was held, missed or called off stays as it is, and so does what lies before today.
    """
    told = list(session.exec(select(Meeting).where(*_drafts_of_live_pairs(round_), Meeting.day <= until)))
    later = select(Meeting).where(Meeting.round_id == round_.id, Meeting.state == "published", Meeting.day > until)
    taken_back = list(session.exec(later.where(Meeting.day > today)))
    for meeting in told:
        meeting.state, meeting.version = "published", meeting.version + 1
        session.add(meeting)
    for meeting in taken_back:
        meeting.state, meeting.version, meeting.sequence = "draft", meeting.version + 1, meeting.sequence + 1
        session.add(meeting)
    session.flush()
    append_audit(
        session,
        vault,
        actor=actor,
        action="meeting.window",
        area_id=round_.area_id,
        subjects=[round_.id],
        details={"until": until.isoformat(), "told": len(told), "taken_back": len(taken_back)},
    )
    return len(told), len(taken_back)


def _drafts_of_live_pairs(round_: Round) -> tuple[Any, ...]:
    """Return the conditions of drafts whose pair works: before the order of the head nobody is told of anything."""
    mentor, mentee = aliased(MeetingPerson), aliased(MeetingPerson)
    of_pair = (
        select(mentor.meeting_id)
        .join(mentee, col(mentee.meeting_id) == mentor.meeting_id)
        .join(Pair, (col(Pair.mentor_id) == mentor.person_id) & (col(Pair.mentee_id) == mentee.person_id))
        .where(Pair.round_id == round_.id, col(Pair.state).in_(LIVE))
    )
    return Meeting.round_id == round_.id, Meeting.state == "draft", col(Meeting.id).in_(of_pair)
