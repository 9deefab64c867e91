"""Meetings of a round: who sees them, and whether one may be moved, judged by the rules without a solver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from sqlmodel import Session, col, or_, select

from matcher.errors import Fault
from matcher.judge.schedule.trial import Trials
from matcher.texts import text
from service.among import among
from service.rounds.inputs import present_roster
from service.rounds.plan_files import open_plan
from service.rounds.planned import as_session, meetings_of, with_meetings
from service.tables.areas import Person
from service.tables.rounds import Meeting, MeetingPerson, PlanFileRow, Round
from service.vault import Vault
from service.viewer import Viewer, in_areas


def meetings_in_sight(viewer: Viewer) -> Any:
    """Return the condition that the viewer may see a meeting: of his rounds, or with people of his areas, or his own.

    Those who take part see what is published, never a draft.
    """
    ours = select(MeetingPerson.meeting_id).join(Person, col(Person.id) == MeetingPerson.person_id)
    near = or_(in_areas(Meeting.area_id, viewer), col(Meeting.id).in_(ours.where(in_areas(Person.area_id, viewer))))
    if not viewer.person_ids:
        return near
    own = select(MeetingPerson.meeting_id).where(col(MeetingPerson.person_id).in_(viewer.person_ids))
    return or_(near, col(Meeting.id).in_(own) & (col(Meeting.state) != "draft"))


def people_of(session: Session, meetings: Iterable[Meeting]) -> dict[str, list[MeetingPerson]]:
    """Return who takes part in each of some meetings."""
    found: dict[str, list[MeetingPerson]] = {meeting.id: [] for meeting in meetings}
    for one in session.exec(select(MeetingPerson).where(among(MeetingPerson.meeting_id, found))):
        found[one.meeting_id].append(one)
    return found


def against_moving(session: Session, vault: Vault, round_: Round, meeting: Meeting, wanted: Meeting) -> Iterator[Fault]:
    """Yield every rule that a meeting would break where it is wanted, and does not break where it is."""
    trials = open_trials(session, vault, round_, meeting)
    if trials is None:
        yield Fault("session", text("the meeting is not in the present plan any more"))
        return
    there = replace(as_session(wanted), reversed=trials.present.reversed, checkpoint=trials.present.checkpoint)
    for broken in trials.against(there):
        message = text("{message} ({rule})", message=broken.message, rule=broken.rule)
        yield Fault("session", message, text("choose another day, hour or place"))


def open_trials(session: Session, vault: Vault, round_: Round, meeting: Meeting) -> Trials | None:
    """Return what judges other places of a meeting, all others where they are now; None where the plan lacks it."""
    row = None if round_.plan_id is None else session.get(PlanFileRow, round_.plan_id)
    plan = None if row is None else open_plan(vault, row)
    if plan is None or plan.schedule is None or all(old.id != meeting.code for old in plan.schedule.sessions):
        return None
    plan = replace(plan, roster=present_roster(session, vault, round_))
    return Trials.of(with_meetings(plan, meetings_of(session, round_.id)), meeting.code)
