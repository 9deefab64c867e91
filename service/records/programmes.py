"""The personalised programme of a pair, and what its participants wish for it.

References
----------
C-12, C-13; BAR-04; KAL-31 … KAL-35; DAL-02; SMO-15, SMO-17; A-07.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlmodel import col, select

from matcher.errors import Fault
from matcher.policy import Policy
from matcher.policy_words import EndReason
from matcher.roster import RoleModel, SessionMode
from matcher.texts import Text, text, text_n
from service.records.kind import CURATORS, Case, HangsOn, Kind, Shown, Step, missing
from service.records.programme_fields import Content, Lines, PlannedMeeting, ProgrammeFields
from service.records.references import is_of_person
from service.records.shapes import Count, Fields, Term, Words
from service.records.words import SUBJECT_DEPTH, Direction
from service.tables.records import Record
from service.tables.rounds import Meeting, MeetingPerson, Pair


class Programme(Kind[ProgrammeFields]):
    """The programme of a pair: every change is a new version, which both sides have to acknowledge anew."""

    id = "programme"
    path = "programmes"
    title = text("personalised programme")
    about = "The personalised programme of a pair (D-08): every change is a new version that both sides acknowledge."
    on = HangsOn.PAIR
    fields = ProgrammeFields
    example: Mapping[str, Any] = {
        "goals": ["Уверенно вести уроки алгебры в 8 классе"],
        "directions": ["subject_professional", "methodical"],
        "activities": [{"title": "Посещение урока наставника", "direction": "methodical", "type": "lesson_visit"}],
        "term": {"first_day": "2026-10-01", "last_day": "2027-05-31"},
    }
    steps = (
        Step(start="draft", to="agreed", by=CURATORS),
        Step(start="agreed", to="in_work", by=CURATORS),
        Step(start="in_work", to="closed", by=CURATORS, asks=("end_reason", "end_day")),
        Step(start="agreed", to="closed", by=CURATORS, asks=("end_reason", "end_day")),
        Step(start="draft", to="closed", by=CURATORS, asks=("end_reason", "end_day")),
    )
    fixed = frozenset({"closed"})
    versions = True
    sides = ("mentor", "mentee", "curator")
    joint = True
    shown = Shown.PAIR
    document = "D-08"

    def slot(self, case: Case, fields: ProgrammeFields) -> str | None:
        """A pair has one programme."""
        assert case.pair is not None
        return f"programme:{case.pair.id}"

    def prefill(self, case: Case) -> Mapping[str, Any]:
        """Return what the pair, its meetings and the records of its mentee say already."""
        pair = case.pair
        assert pair is not None
        meetings = _schedule(case)
        modes = {one.mode for one in meetings}
        known: dict[str, Any] = {
            "forms": [pair.form],
            "kinds": [pair.kind],
            "participants": [
                {"person": pair.mentor_id, "side": "mentor"},
                *({"person": one, "side": "mentee"} for one in _mentees_of_group(case)),
            ],
            "schedule": meetings,
        }
        if meetings:
            known["mode"] = modes.pop() if len(modes) == 1 else SessionMode.MIXED
        if pair.first_day is not None and pair.last_day is not None:
            known["term"] = {"first_day": pair.first_day, "last_day": pair.last_day}
        return known

    def check(self, case: Case, fields: ProgrammeFields) -> Iterable[Fault]:
        """Yield what is wrong with term, participants and activities."""
        pair, policy = case.pair, case.policy
        assert pair is not None
        assert policy is not None
        people = {one.person for one in fields.participants}
        if people - {pair.mentor_id, *_mentees_of_group(case)}:
            yield Fault("fields.participants", text("somebody here is not of this pair"))
        for number, activity in enumerate(fields.activities):
            if fields.directions and activity.direction not in fields.directions:
                place = f"fields.activities.{number}.direction"
                yield Fault(place, text("the programme does not name this direction"), text("name it in directions"))
        if fields.term is not None:
            yield from term_faults(fields.term, _agreed_term(case), policy, fields.curator_note is not None)
        if fields.route is not None and not is_of_person(case, "route", fields.route, pair.mentee_id):
            yield Fault("fields.route", text("this person has no such route"))

    def remarks(self, case: Case, fields: ProgrammeFields) -> Iterable[Text]:
        """Tell of terms beyond the longest one, and of diagnostics newer than this version."""
        policy, record = case.policy, case.record
        assert policy is not None
        assert record is not None
        began = record.figures.get("began")
        longest = policy.programme.months.max
        if fields.term is not None and began and fields.term.last_day > end_of(date.fromisoformat(began), longest):
            yield text_n(
                "In all the programme lasts longer than {count} month.",
                "In all the programme lasts longer than {count} months.",
                count=longest,
            )
        if case.pair is not None and _differs(fields.term, case.pair):
            yield text("The term of the programme is not that of the pair.")
        if record.state != "closed" and _has_newer_diagnostics(case):
            yield text("There are newer diagnostics of the mentee: see whether the programme still fits.")

    def guard(self, case: Case, fields: ProgrammeFields, to: str) -> Iterable[Fault]:
        """Agree only what is complete and acknowledged by everybody whose word it needs."""
        policy, record = case.policy, case.record
        assert policy is not None
        assert record is not None
        if to == "closed":
            yield from missing(fields, "end_reason", "end_day")
            if record.state == "draft" and fields.end_reason is EndReason.COMPLETED:
                yield Fault("fields.end_reason", text("a programme nobody agreed cannot be completed"))
            if fields.end_reason is not None and fields.end_reason not in policy.end_reasons:
                yield Fault("fields.end_reason", text("the regulation does not name this reason"))
            return
        for name in missing_in(fields, policy, _model(case)):
            yield Fault(f"fields.{name}", missing_text(name), None)
        for side in sides_needed(record, policy):
            if side not in record.acknowledged:
                yield Fault(f"acknowledged.{side}", NOT_ACKNOWLEDGED[side])

    def more_figures(self, case: Case, fields: ProgrammeFields) -> Mapping[str, Any]:
        """Return what is missing, the term with what was agreed before it, and the figures of monitoring."""
        policy = case.policy
        assert policy is not None
        agreed = _agreed_term(case)
        return {
            "missing": list(missing_in(fields, policy, _model(case))),
            "first_day": None if fields.term is None else fields.term.first_day.isoformat(),
            "last_day": None if fields.term is None else fields.term.last_day.isoformat(),
            "began": None if agreed is None else agreed.first_day.isoformat(),
            "agreed_last_day": None if agreed is None else agreed.last_day.isoformat(),
            "term_changed": agreed is not None and fields.term is not None and agreed.last_day != fields.term.last_day,
            "goals": len(fields.goals),
            "activities": len(fields.activities),
            "activities_done": sum(one.done_day is not None for one in fields.activities),
        }


def _agreed_term(case: Case) -> Term | None:
    """Return the term that was agreed before the present change, from the beginning of the programme."""
    if case.record is None:
        return None
    known = case.record.figures
    in_force = case.record.state != "draft" and known.get("last_day")
    last = known["last_day"] if in_force else known.get("agreed_last_day")
    began = known.get("began") or (known["first_day"] if in_force else None)
    if not last or not began:
        return None
    return Term(first_day=date.fromisoformat(began), last_day=date.fromisoformat(last))


def term_faults(term: Term, before: Term | None, policy: Policy, has_note: bool) -> Iterable[Fault]:
    """Yield what is wrong with a term; ``before`` is what was agreed, from the beginning of the programme (A-07)."""
    place, bounds = "fields.term.last_day", policy.programme.months
    if term.last_day < term.first_day:
        yield Fault(place, text("the last day is before the first"), text("give a later day"))
        return
    if term.last_day < end_of(term.first_day, bounds.min):
        cure = text_n("at least {count} month", "at least {count} months", count=bounds.min)
        yield Fault(place, text("the programme is too short"), cure)
    longest = text_n("at most {count} month", "at most {count} months", count=bounds.max)
    if before is None:
        if term.last_day > end_of(term.first_day, bounds.max):
            yield Fault(place, text("the programme is too long"), longest)
        return
    if term.last_day > end_of(before.last_day + timedelta(days=1), bounds.max):
        yield Fault(place, text("the programme is prolonged too far"), longest)
    if term.last_day > end_of(before.first_day, bounds.max) and not has_note:
        yield Fault(
            "fields.curator_note",
            text("a programme beyond the longest term needs a note of the curator"),
            text("write why it goes on"),
        )


def end_of(first: date, months: int) -> date:
    """Return the last day of a term of whole months: 31 May for eight months from 1 October."""
    years, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    length = monthrange(years, month + 1)[1]
    return date(years, month + 1, min(first.day, length)) - timedelta(days=first.day <= length)


def missing_in(fields: ProgrammeFields, policy: Policy, model: RoleModel | None) -> tuple[str, ...]:
    """Return what a programme still lacks: fields its policy asks for, and activities its model obliges to."""
    empty = [name for name in policy.programme.required_fields if _is_empty(getattr(fields, name))]
    if model is RoleModel.LEADER_COMMUNICATION:
        held = {one.direction for one in fields.activities}
        professional = held - {Direction.PSYCHOLOGICAL_PEDAGOGICAL}
        if Direction.PSYCHOLOGICAL_PEDAGOGICAL not in held or not professional:
            empty.append("activities_of_both_directions")
    deep = any(one.type in SUBJECT_DEPTH for one in fields.activities)
    if model is RoleModel.SUBJECT_EXPERT_NOVICE and not deep:
        empty.append("activity_in_the_subject")
    return tuple(empty)


def sides_needed(record: Record, policy: Policy) -> tuple[str, ...]:
    """Return whose acknowledgement a version needs: both sides always, the curator where the term has changed."""
    more = policy.programme.prolongation.requires if record.figures.get("term_changed") else ()
    return tuple(dict.fromkeys(("mentor", "mentee", *more)))


NOT_ACKNOWLEDGED = {
    "mentor": text("the mentor has not acknowledged it"),
    "mentee": text("the mentee has not acknowledged it"),
    "curator": text("the curator has not acknowledged it"),
}

_OBLIGATORY = {
    "activities_of_both_directions": text(
        "the model needs activities of psychological support and of professional help"
    ),
    "activity_in_the_subject": text("the model needs an activity that deepens the subject"),
}


def missing_text(name: str) -> Text:
    """Return what to say of a field a programme lacks."""
    return _OBLIGATORY.get(name, text("the regulation asks for this"))


def _is_empty(value: Any) -> bool:
    return value in (None, (), "") or (isinstance(value, Content) and value.mentor is None and value.mentee is None)


def _model(case: Case) -> RoleModel | None:
    return None if case.pair is None or not case.pair.model else RoleModel(case.pair.model)


def _differs(term: Term | None, pair: Pair) -> bool:
    return term is not None and pair.last_day is not None and term.last_day != pair.last_day


def _mentees_of_group(case: Case) -> list[str]:
    """Return the mentees who work with the mentor in the pair's group; of a pair by itself its mentee alone."""
    pair = case.pair
    assert pair is not None
    if pair.group_code is None:
        return [pair.mentee_id]
    others = select(Pair.mentee_id).where(
        Pair.round_id == pair.round_id, Pair.mentor_id == pair.mentor_id, Pair.group_code == pair.group_code
    )
    found = case.session.exec(others.where(col(Pair.state).not_in(("dropped", "declined", "terminated")))).all()
    return sorted({pair.mentee_id, *found})


def _schedule(case: Case) -> list[PlannedMeeting]:
    pair = case.pair
    assert pair is not None
    both = [
        select(MeetingPerson.meeting_id).where(MeetingPerson.person_id == one)
        for one in (pair.mentor_id, pair.mentee_id)
    ]
    meetings = case.session.exec(
        select(Meeting)
        .where(Meeting.round_id == pair.round_id, Meeting.state != "cancelled")
        .where(*(col(Meeting.id).in_(one) for one in both))
        .order_by(col(Meeting.day), col(Meeting.start_minute))
        .limit(400)
    )
    return [
        PlannedMeeting(
            day=one.day,
            start=_clock(one.start_minute),
            end=_clock(one.end_minute),
            mode=SessionMode(one.mode),
        )
        for one in meetings
    ]


def _clock(minute: int) -> Any:
    return f"{min(minute, 1439) // 60:02d}:{min(minute, 1439) % 60:02d}"


def _has_newer_diagnostics(case: Case) -> bool:
    pair, record = case.pair, case.record
    assert pair is not None
    assert record is not None
    newer = select(Record.id).where(
        Record.kind == "diagnostics",
        Record.person_id == pair.mentee_id,
        Record.state == "final",
        col(Record.replaced_at).is_(None),
        col(Record.created_at) > record.created_at,
    )
    return case.session.exec(newer.limit(1)).first() is not None


class WishFields(Fields):
    """What a participant wishes for the programme."""

    words: Words
    goals: Lines = ()
    hours_per_month: Count | None = None


class ProgrammeWish(Kind[WishFields]):
    """What a mentor or mentee wishes for the programme; the curator sees it, the other side does not."""

    id = "programme_wish"
    path = "programme-wishes"
    title = text("wish for a programme")
    about = "What a mentor or mentee wishes for the programme of their pair; shown to its author and the curator."
    on = HangsOn.PAIR
    fields = WishFields
    example: Mapping[str, Any] = {"words": "Больше посещений уроков, меньше бумаг", "goals": ["Вести проект с классом"]}
    first = "open"
    steps = (Step(start="open", to="considered", by=CURATORS), Step(start="considered", to="open", by=CURATORS))
    fixed = frozenset({"considered"})
    shown = Shown.AUTHOR


KINDS = (Programme(), ProgrammeWish())
