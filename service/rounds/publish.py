"""From a plan to what a round consists of: pairs and meetings as rows that people decide on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set

from sqlmodel import Session, col, delete, select

from matcher.judge.facts import Facts
from matcher.judge.loads import max_individual, max_mentors
from matcher.plan import Plan, PlannedPair
from matcher.sessions.schedule import Activity, PlannedSession, Schedule, SessionState
from service.audit import append_audit
from service.core import Core
from service.rounds.decided import read_decided
from service.rounds.life import LIVE, OPEN
from service.rounds.people import people_by_id
from service.rounds.rosters import ids_of
from service.tables.areas import Person
from service.tables.columns import now
from service.tables.rounds import Meeting, MeetingPerson, Pair, PlanFileRow, RosterFile, Round

BEFORE_ANYBODY_IS_TOLD = ("draft", "preparatory", "matching", "proposed")
"""States of a round in which a plan that was found becomes its plan by itself; later somebody has to ask for it."""
ENDED = ("dropped", "closed", "terminated")
WORKING = ("active", "prolonged")


def take_plan(
    session: Session,
    core: Core,
    round_: Round,
    plan: Plan,
    plan_row: PlanFileRow,
    *,
    actor: str = "worker",
    asked: bool = False,
    keeps_pairs: bool = False,
) -> bool:
    """Make a plan the plan of its round, and return whether that was done.

    Proposals it no longer has fall away, pairs somebody has agreed to stay. Once the round is agreed, a plan is taken
    only where somebody asks for it (``asked``): nobody's calendar changes by itself. With ``keeps_pairs`` it brings
    meetings alone: no pair changes, nor any meeting that was told of. The caller's transaction keeps it.
    """
    session.refresh(round_, with_for_update=True)
    if round_.state not in BEFORE_ANYBODY_IS_TOLD and not asked:
        return False
    ids = ids_of(session, core.vault, session.get_one(RosterFile, round_.roster_id))
    if not keeps_pairs:
        people = people_by_id(session, ids.values())
        forbidden = read_decided(session, core.vault, round_.id).forbidden
        _take_pairs(session, round_, plan, {code: people[id_] for code, id_ in ids.items()}, forbidden)
    if plan.schedule is not None:
        standing = _two_of_pairs(session, round_, (*OPEN, *LIVE)) if keeps_pairs else None
        _take_meetings(session, round_, plan_row, plan.schedule, ids, standing)
    round_.plan_id = plan_row.id
    round_.version += 1
    has_proposals = round_.state in ("agreed", "confirmed") and not keeps_pairs and _has_new(session, round_)
    if round_.state == "matching" or has_proposals:
        round_.state = "proposed"
    session.add(round_)
    append_audit(
        session,
        core.vault,
        actor=actor,
        action="round.plan",
        area_id=round_.area_id,
        subjects=[round_.id, plan_row.id],
    )
    return True


def _has_new(session: Session, round_: Round) -> bool:
    new = select(Pair.id).where(Pair.round_id == round_.id, Pair.state == "proposed").limit(1)
    return session.exec(new).first() is not None


def _take_pairs(
    session: Session, round_: Round, plan: Plan, people: Mapping[str, Person], forbidden: Set[tuple[str, str]]
) -> None:
    before = session.exec(select(Pair).where(Pair.round_id == round_.id)).all()
    today = now().date()
    kept: dict[tuple[str, str, str], Pair] = {}
    for row in before:
        if row.state not in ("closed", "terminated") or (row.since == today):
            kept[row.mentor_id, row.mentee_id, row.kind] = row
    seen: set[str] = set()
    for pair in _with_room(plan, before, {person.id: code for code, person in people.items()}):
        mentor, mentee = people[pair.mentor], people[pair.mentee]
        if (mentor.id, mentee.id) in forbidden or mentor.erased_at is not None or mentee.erased_at is not None:
            continue  # the plan is older than what was decided
        found = kept.get((mentor.id, mentee.id, str(pair.kind))) or _changed_kind(before, mentor.id, mentee.id)
        row = found or _new_pair(round_, pair, mentor, mentee)
        if row.state in ENDED:  # proposed anew, or ended on the very day it began
            row.state, row.end_reason, row.locked = "proposed", None, pair.locked
        seen.add(row.id)
        _describe(row, pair)
        session.add(row)
    for row in before:
        if row.id not in seen and row.state == "proposed" and not row.locked:
            row.state, row.version = "dropped", row.version + 1
            session.add(row)
    session.flush()


def _with_room(plan: Plan, before: Sequence[Pair], code_of: Mapping[str, str]) -> list[PlannedPair]:
    """Return the pairs of a plan for which both have room beside what was fixed or agreed after it was made."""
    stay = {
        (code_of[row.mentor_id], code_of[row.mentee_id]): row
        for row in before
        if row.state not in (*ENDED, "declined") and (row.locked or row.state != "proposed")
    }
    planned = {(pair.mentor, pair.mentee) for pair in plan.pairs}
    if stay.keys() <= planned:
        return list(plan.pairs)
    facts = Facts.of(plan.roster, plan.policy, plan.reference_day)
    alone = [two for two, row in stay.items() if row.group_code is None]
    mentees, mentors = Counter(mentor for mentor, _ in alone), Counter(mentee for _, mentee in alone)
    found: list[PlannedPair] = []
    for pair in plan.pairs:
        if (pair.mentor, pair.mentee) not in stay and pair.group is None:
            if mentees[pair.mentor] >= max_individual(facts, facts.mentors[pair.mentor]):
                continue
            if mentors[pair.mentee] >= max_mentors(facts, facts.mentees[pair.mentee]):
                continue
            mentees[pair.mentor] += 1
            mentors[pair.mentee] += 1
        found.append(pair)
    return found


def _new_pair(round_: Round, pair: PlannedPair, mentor: Person, mentee: Person) -> Pair:
    return Pair(
        round_id=round_.id,
        area_id=round_.area_id,
        mentor_id=mentor.id,
        mentee_id=mentee.id,
        mentor_area_id=mentor.area_id,
        mentee_area_id=mentee.area_id,
        form=str(pair.form),
        kind=str(pair.kind),
        contour=str(pair.contour),
        since=now().date(),
        locked=pair.locked,
    )


def _changed_kind(before: Sequence[Pair], mentor_id: str, mentee_id: str) -> Pair | None:
    """Return the pair of these two that somebody has agreed to, though the plan calls its kind otherwise."""
    agreed = (row for row in before if row.state not in (*ENDED, "proposed"))
    return next((row for row in agreed if (row.mentor_id, row.mentee_id) == (mentor_id, mentee_id)), None)


def _describe(row: Pair, pair: PlannedPair) -> None:
    row.group_code = pair.group
    row.model = None if pair.model is None else str(pair.model)
    row.contour = str(pair.contour)
    row.covers = list(pair.covers)
    row.minutes = pair.minutes
    row.version += 1


def _take_meetings(
    session: Session,
    round_: Round,
    plan_row: PlanFileRow,
    schedule: Schedule,
    ids: Mapping[str, str],
    standing: Set[tuple[str, str]] | None,
) -> None:
    """Write the meetings of a schedule; with ``standing`` only drafts change, and only pairs that stand have any."""
    activities = {activity.id: activity for activity in schedule.activities}
    before = {row.code: row for row in session.exec(select(Meeting).where(Meeting.round_id == round_.id))}
    live, invited = _two_of_pairs(session, round_, WORKING), _invited(session, round_)
    wanted: dict[str, Mapping[str, bool]] = {}
    for planned in schedule.sessions:
        if standing is not None and _is_left(planned, activities[planned.activity], before, ids, standing):
            continue
        row = before.pop(planned.id, None)
        if row is None:
            row = Meeting(
                round_id=round_.id,
                area_id=round_.area_id,
                plan_id=plan_row.id,
                code=planned.id,
                activity=planned.activity,
                number=planned.number,
                day=planned.day,
                start_minute=planned.start_minute,
                end_minute=planned.end_minute,
                time_zone=schedule.time_zone,
                mode=str(planned.mode),
                state=_state(planned, activities[planned.activity], ids, live),
            )
        elif row.state in ("held", "missed", "cancelled"):
            continue
        elif planned.state is SessionState.CANCELLED:  # a repair has left it out
            _call_off(session, row)
            continue
        _place(row, planned, schedule)
        row.plan_id = plan_row.id
        session.add(row)
        wanted[row.id] = _wanted(activities[planned.activity], planned, ids)
    for row in before.values():
        if standing is None or row.state == "draft":
            _call_off(session, row)
    session.flush()
    for meeting_id, people in wanted.items():
        _invite(session, meeting_id, invited.get(meeting_id, {}), people)
    session.flush()


def _two_of_pairs(session: Session, round_: Round, states: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Return the two of every pair in some states."""
    asked = select(Pair.mentor_id, Pair.mentee_id).where(Pair.round_id == round_.id, col(Pair.state).in_(states))
    return frozenset((mentor, mentee) for mentor, mentee in session.exec(asked))


def _is_left(
    planned: PlannedSession,
    activity: Activity,
    before: Mapping[str, Meeting],
    ids: Mapping[str, str],
    standing: Set[tuple[str, str]],
) -> bool:
    """Say whether a planned session changes nothing: it is told of or called off, or its pair has ended meanwhile."""
    row = before.get(planned.id)
    if planned.state is SessionState.CANCELLED:
        return True
    return (row is not None and row.state != "draft") or not _is_of(activity, ids, standing)


def _is_of(activity: Activity, ids: Mapping[str, str], pairs: Set[tuple[str, str]]) -> bool:
    others = activity.mentees or ((activity.school_class,) if activity.school_class is not None else ())
    return any((ids.get(activity.mentor), ids.get(other)) in pairs for other in others)


def _state(
    planned: PlannedSession, activity: Activity, ids: Mapping[str, str], live: frozenset[tuple[str, str]]
) -> str:
    """Return the state of a new meeting: only those of pairs that work are told of at once."""
    if planned.state is not SessionState.DRAFT:
        return str(planned.state)
    return "published" if _is_of(activity, ids, live) else "draft"


def _place(row: Meeting, planned: PlannedSession, schedule: Schedule) -> None:
    """Write where and when a meeting is; what people know of already gets the next number of its changes."""
    wanted = (planned.day, planned.start_minute, planned.end_minute, str(planned.mode), planned.site, planned.room)
    present = (row.day, row.start_minute, row.end_minute, row.mode, row.site, row.room)
    if (*wanted, planned.licence, schedule.time_zone) == (*present, row.licence, row.time_zone):
        return
    if row.state == "published" and wanted != present:
        row.sequence = max(row.sequence + 1, planned.sequence)
    row.day, row.start_minute, row.end_minute, row.mode, row.site, row.room = wanted
    row.licence, row.time_zone = planned.licence, schedule.time_zone
    row.version += 1


def _invited(session: Session, round_: Round) -> Mapping[str, Mapping[str, bool]]:
    """Return who takes part in each meeting of a round: id of the meeting → person → whether he leads."""
    found: dict[str, dict[str, bool]] = defaultdict(dict)
    asked = select(MeetingPerson.meeting_id, MeetingPerson.person_id, MeetingPerson.leads).join(Meeting)
    for meeting_id, person_id, leads in session.exec(asked.where(Meeting.round_id == round_.id)):
        found[meeting_id][person_id] = leads
    return found


def _wanted(activity: Activity, planned: PlannedSession, ids: Mapping[str, str]) -> Mapping[str, bool]:
    """Return who is to take part in a meeting, and who leads there."""
    others = activity.mentees or ((activity.school_class,) if activity.school_class is not None else ())
    leader = activity.mentor if not planned.reversed or not others else others[0]
    return {ids[code]: code == leader for code in (activity.mentor, *others) if code in ids}


def _invite(session: Session, meeting_id: str, before: Mapping[str, bool], wanted: Mapping[str, bool]) -> None:
    """Write down who takes part, where that is not so already: in a city's year it mostly is."""
    if before == wanted:
        return
    if before:
        session.exec(delete(MeetingPerson).where(col(MeetingPerson.meeting_id) == meeting_id))
    session.add_all(
        MeetingPerson(meeting_id=meeting_id, person_id=person_id, leads=leads) for person_id, leads in wanted.items()
    )


def _call_off(session: Session, row: Meeting) -> None:
    """Call off a meeting the plan has no longer; one nobody was told of simply goes."""
    if row.state == "draft":
        session.exec(delete(MeetingPerson).where(col(MeetingPerson.meeting_id) == row.id))
        session.delete(row)
    elif row.state == "published":
        row.state, row.sequence, row.version = "cancelled", row.sequence + 1, row.version + 1
        session.add(row)
