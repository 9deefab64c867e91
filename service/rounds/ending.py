"""What ends or changes a working pair: termination with its notice, prolongation by mutual wish, replacement.

References
----------
KAL 4.9, 4.11; Labour Code art. 351.8 (notice of three working days); A-07, A-08, A-47.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlmodel import col, delete, select

from matcher.errors import Fault
from matcher.policy_labels import clause_text
from matcher.policy_words import EndReason
from matcher.roster import PersonKind
from matcher.scheduling.terms import add_months
from matcher.texts import text
from service.errors import not_found, refused, wrong_input
from service.rounds.asked import DecisionIn
from service.rounds.beginning import begin_pair
from service.rounds.case import seal_order
from service.rounds.decide import Subject, forbidden, needed, only, reason_of, refuse, side_of
from service.rounds.desk import RUNNERS, Changes, Desk
from service.rounds.life import LIVE, OPEN
from service.rounds.papers import LABOUR_LAW
from service.rounds.rosters import open_nameless
from service.rounds.rules import Rules
from service.rounds.working_days import working_day_after
from service.tables.access import Role
from service.tables.rounds import Decision, Meeting, MeetingPerson, Order, Pair, RosterFile

NOTICE_DAYS, REPLACE_DAYS = 3, 5
_LONGEST_NOTICE = timedelta(days=60)
_YEAR = 12


def terminate(desk: Desk, asked: DecisionIn) -> Decision:
    """End a pair before its term, and open the task of finding its mentee another mentor (KAL 4.11, A-08)."""
    only(desk, RUNNERS | {Role.HEAD})
    needed(asked, "end_reason")
    assert asked.end_reason is not None
    if EndReason(asked.end_reason) not in desk.policy.end_reasons:
        refuse("end_reason", text("the regulation does not know this reason"))
    subject = Subject(desk, asked)
    pair = subject.standing("agreed", "confirmed", *LIVE)
    notice = asked.notice_day or desk.today
    if not desk.today - _LONGEST_NOTICE <= notice <= desk.today:
        raise wrong_input([Fault("body.notice_day", text("a notice was given lately, and not in the future"))])
    earliest = earliest_end(desk, pair, asked.end_reason, notice)
    last_day = asked.last_day or earliest
    if last_day < earliest:
        told = {"days": NOTICE_DAYS, "day": f"{earliest:%d.%m.%Y}"}
        message = text(
            "a notice of {days} working days is needed: {day} at the earliest (A-08, {law})",
            law=clause_text(LABOUR_LAW),
            **told,
        )
        refuse("last_day", message, text("choose a later last day"))
    changes = Changes()
    changes.set(pair, state="terminated", end_reason=asked.end_reason, last_day=last_day, locked=False)
    details: dict[str, Any] = {
        "end_reason": asked.end_reason,
        "notice_day": notice.isoformat(),
        "last_day": last_day.isoformat(),
        "due_day": working_day_after(notice, REPLACE_DAYS).isoformat(),
        "left": free_meetings(desk, pair, last_day, changes),
    }
    done = desk.write("terminate", **subject.ids, details=details, words=reason_of(asked), changes=changes)
    _sign(desk, asked, pair)
    return done


def _sign(desk: Desk, asked: DecisionIn, pair: Pair) -> None:
    """Keep the order that ends a pair, where there is one."""
    if asked.order_no is None:
        return
    needed(asked, "order_date")
    assert asked.order_date is not None
    order = Order(
        round_id=desk.round_.id,
        area_id=desk.round_.area_id,
        document="D-18",
        number=asked.order_no,
        day=asked.order_date,
        people=sorted({pair.mentor_id, pair.mentee_id}),
        created_by=desk.viewer.actor,
    )
    seal_order(desk.vault, order, [pair.id])
    desk.session.add(order)
    desk.session.flush()


def earliest_end(desk: Desk, pair: Pair, end_reason: str, notice: date) -> date:
    """Return the first day a pair may end on; the three days bind an employee who mentors, and his employer."""
    binds = LABOUR_LAW in desk.policy.legal_overlay and end_reason in ("mentor", "curator") and pair.state in LIVE
    if not binds:
        return notice
    _, roster = open_nameless(desk.vault, desk.session.get_one(RosterFile, desk.round_.roster_id))
    kind = next((person.person_kind for person in roster.people if person.id == pair.mentor_id), None)
    return working_day_after(notice, NOTICE_DAYS) if kind is PersonKind.STAFF else notice


def free_meetings(desk: Desk, pair: Pair, last_day: date, changes: Changes) -> list[list[str]]:
    """Call off what the two would have met for after a day; who leaves a group leaves its meetings.

    Returned are (meeting, person) of those who left meetings that take place without them.
    """
    session = desk.session
    ours = select(MeetingPerson.meeting_id).where(MeetingPerson.person_id == pair.mentee_id)
    found = session.exec(
        select(Meeting)
        .join(MeetingPerson, col(MeetingPerson.meeting_id) == Meeting.id)
        .where(
            Meeting.round_id == desk.round_.id,
            MeetingPerson.person_id == pair.mentor_id,
            col(Meeting.id).in_(ours),
            Meeting.day > last_day,
            col(Meeting.state).in_(("draft", "published")),
        )
        .order_by(col(Meeting.id))
    ).all()
    left: list[list[str]] = []
    for meeting in found:
        people = session.exec(select(MeetingPerson.person_id).where(MeetingPerson.meeting_id == meeting.id)).all()
        if set(people) <= {pair.mentor_id, pair.mentee_id}:
            changes.set(meeting, state="cancelled", sequence=meeting.sequence + 1)
        else:
            one = (col(MeetingPerson.meeting_id) == meeting.id) & (col(MeetingPerson.person_id) == pair.mentee_id)
            session.exec(delete(MeetingPerson).where(one))
            meeting.sequence += 1
            left.append([meeting.id, pair.mentee_id])
        session.add(meeting)
    return left


def prolong(desk: Desk, asked: DecisionIn) -> Decision:
    """Propose a longer or shorter term; it holds as soon as all whose wish the regulation asks for agree (KAL 4.9)."""
    only(desk, RUNNERS)
    needed(asked, "last_day")
    assert asked.last_day is not None
    subject = Subject(desk, asked)
    pair = subject.standing("active", "prolonged")
    faults = list(_term_faults(desk, pair, asked))
    if faults:
        raise refused(faults)
    needs = list(desk.policy.programme.prolongation.requires)
    agreed = needs if asked.paper else [name for name in needs if name == "curator"]
    details = {
        "last_day": asked.last_day.isoformat(),
        "needs": needs,
        "agreed": agreed,
        "over_a_year": _over(pair, asked),
    }
    changes = Changes()
    if set(agreed) >= set(needs):
        _take_term(pair, asked.last_day, changes)
    return desk.write("prolong", **subject.ids, details=details, words=reason_of(asked), changes=changes)


def _over(pair: Pair, asked: DecisionIn) -> bool:
    assert asked.last_day is not None
    begun = pair.first_day or pair.since
    return asked.last_day >= add_months(begun, _YEAR)


def _term_faults(desk: Desk, pair: Pair, asked: DecisionIn) -> list[Fault]:
    assert asked.last_day is not None
    ends, found = pair.last_day or desk.round_.last_day, []
    clause = desk.policy.programme.prolongation.clause
    if ends is not None and asked.last_day == ends:
        found.append(Fault("last_day", text("the pair ends on this day already")))
    if asked.last_day < desk.today:
        found.append(Fault("last_day", text("the day is past"), text("choose a day that is still to come")))
    if ends is not None and asked.last_day >= add_months(ends, desk.policy.programme.months.max):
        most = desk.policy.programme.months.max
        message = text(
            "one version of a programme lasts at most {most} months (A-07, clause {clause})", most=most, clause=clause
        )
        found.append(Fault("last_day", message))
    if _over(pair, asked) and asked.reason is None:
        message = text(
            "a programme of more than a year in all needs the curator's note (A-07, clause {clause})", clause=clause
        )
        found.append(Fault("reason", message))
    return found


def _take_term(pair: Pair, last_day: date, changes: Changes) -> None:
    longer = pair.last_day is None or last_day > pair.last_day
    changes.set(pair, last_day=last_day, state="prolonged" if longer else pair.state)


def accept_term(desk: Desk, asked: DecisionIn) -> Decision:
    """Agree to a term that was proposed; with the last side needed it holds."""
    asked_for = select(Decision).where(
        Decision.id == asked.decision,
        Decision.round_id == desk.round_.id,
        Decision.kind == "prolong",
        col(Decision.undone_by_id).is_(None),
    )
    proposal = desk.session.exec(asked_for).first()
    if proposal is None or proposal.pair_id is None:
        raise not_found()
    subject = Subject(desk, asked.model_copy(update={"pair": proposal.pair_id}))
    pair = subject.standing("active", "prolonged")
    side = side_of(desk, asked, pair)
    others = select(Decision).where(
        Decision.pair_id == pair.id, Decision.kind == "accept", col(Decision.undone_by_id).is_(None)
    )
    given = {one.details["side"] for one in desk.session.exec(others) if one.details.get("of") == proposal.id}
    if side in given or side not in proposal.details["needs"]:
        refuse("side", text("this side has agreed already, or is not asked"))
    changes = Changes()
    if given | {side} | set(proposal.details["agreed"]) >= set(proposal.details["needs"]):
        _take_term(pair, date.fromisoformat(proposal.details["last_day"]), changes)
    details = {"side": side, "paper": asked.paper, "of": proposal.id}
    return desk.write("accept", **subject.ids, details=details, changes=changes)


def replace(desk: Desk, asked: DecisionIn) -> Decision:
    """Find a mentee another mentor: name one who takes over, or open the task, due in five working days (A-47)."""
    needed(asked, "trigger")
    subject = Subject(desk, asked)
    if not desk.is_runner:
        return _ask_for_another(desk, asked, subject)
    pair = subject.standing(*OPEN, *LIVE)
    due = working_day_after(desk.today, REPLACE_DAYS).isoformat()
    details: dict[str, Any] = {"trigger": asked.trigger, "due_day": due}
    changes = Changes()
    if asked.new_mentor is not None:
        taken = _take_over(desk, asked.new_mentor, pair, changes)
        details |= {"new_pair": taken.id, "new_mentor": taken.mentor_id}
        if pair.state in OPEN:
            changes.set(pair, state="dropped", locked=False)
    return desk.write("replace", **subject.ids, details=details, words=reason_of(asked), changes=changes)


def _ask_for_another(desk: Desk, asked: DecisionIn, subject: Subject) -> Decision:
    """Write down that a side asks for another match; the curator decides."""
    pair = subject.standing(*OPEN, *LIVE)
    own = [name for name in ("mentor", "mentee") if getattr(pair, f"{name}_id") in desk.viewer.person_ids]
    if not own or asked.trigger not in own or asked.new_mentor is not None:
        raise forbidden()
    due = working_day_after(desk.today, REPLACE_DAYS).isoformat()
    return desk.write("replace", **subject.ids, details={"trigger": asked.trigger, "due_day": due, "asked": True})


def _take_over(desk: Desk, new_mentor: str, pair: Pair, changes: Changes) -> Pair:
    """Return the pair in which another mentor goes on with the programme of a pair."""
    rules = Rules(desk)
    mentor_id = new_mentor if new_mentor in rules.code_of else rules.id_of.get(new_mentor)
    if mentor_id is None:
        raise not_found()
    if mentor_id == pair.mentor_id:
        refuse("new_mentor", text("this is the mentor of the pair already"))
    return begin_pair(
        desk,
        rules,
        mentor_id,
        pair.mentee_id,
        changes,
        instead_of=pair.id,
        place="new_mentor",
        replaces_id=pair.id,
    )
