"""From a plan and what people state beside it to the facts that figures are counted from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import TypeVar

from matcher.indicators.facts import (
    Done,
    Facts,
    Notice,
    Participant,
    Programme,
    Ticket,
    Vacancy,
    Veto,
    home_organisations,
)
from matcher.indicators.inputs import Inputs, ProgrammeNote
from matcher.indicators.needs import open_needs
from matcher.indicators.period import school_year_of, school_year_period
from matcher.judge.choices import choose_form
from matcher.judge.facts import FIXED, Sides
from matcher.judge.facts import Facts as RoundFacts
from matcher.plan import Plan, PlannedPair
from matcher.policy import Policy
from matcher.roster import Lock, MentoringKind, Organisation, OrganisationType, Person, PersonKind
from matcher.scheduling.terms import add_months, lock_of, term_of
from matcher.sessions.schedule import Activity, PlannedSession, Schedule, SessionState

_OUTSIDE = (OrganisationType.PARTNER, OrganisationType.UNIVERSITY)
#: Fields of a note that replace those of the plan's programme where they are stated.
_STATED = tuple(
    one.name for one in fields(ProgrammeNote) if one.name not in ("mentor", "mentee", "form", "kind", "reports")
)


def build_facts(plan: Plan, today: date, inputs: Inputs | None = None) -> Facts:
    """Return the facts of a plan and of what is stated beside it.

    Pairs of the plan count from the day on which they began, those that are only planned from the first day of the
    schedule (or the reference day). Organisations of the types the regulation covers report; guests of others count
    where their first mentee does.

    Parameters
    ----------
    today
        Sessions before this day are over.
    inputs
        What is stated beside the plan: see ``docs/reference/indicators.md``.
    """
    stated = inputs or Inputs()
    round_facts = RoundFacts.of(plan.roster, plan.policy, plan.reference_day)
    planned = [*_programmes(plan, today), *_programmes_in_conflict(plan, round_facts)]
    programmes = _with_notes(planned, stated.programmes, plan)
    people = _participants(plan, stated, programmes)
    return Facts(
        organisations=tuple(one for one in plan.roster.organisations if reports(one, plan.policy)),
        people=people,
        programmes=programmes,
        surveys=stated.surveys,
        counts=stated.counts,
        statements=stated.statements,
        refusals=stated.refusals,
        vetoes=(*stated.vetoes, *_vetoes_after_start(plan, programmes)),
        tickets=(*_meant(stated.tickets, programmes), *_tickets(plan, programmes)),
        open_needs=open_needs(plan, round_facts),
        done=tuple(_meant_done(stated.done, programmes)),
        notices=tuple(_meant(stated.notices, programmes)),
        vacancies=tuple(_meant(stated.vacancies, programmes)),
        known_since=_known_since(plan, stated),
    )


def reports(organisation: Organisation, policy: Policy) -> bool:
    """Return whether an organisation reports under the policy: those it covers, never partners and universities."""
    types = policy.organisation_types
    return organisation.type not in _OUTSIDE and (not types or organisation.type in types)


def _known_since(plan: Plan, stated: Inputs) -> date:
    """Return the first day from which programmes are known: a plan tells of its year, notes of the years they name."""
    days = [plan.reference_day, *(note.first_day for note in stated.programmes if note.first_day is not None)]
    return school_year_period(min(school_year_of(day) for day in days)).first_day


def _programmes(plan: Plan, today: date) -> Iterator[Programme]:
    locks: dict[tuple[str, str], list[Lock]] = defaultdict(list)
    for one in plan.roster.locks:
        locks[one.mentor, one.mentee].append(one)
    wishes = {(wish.from_person, wish.to_person): wish.score for wish in plan.roster.wishes}
    sessions = _sessions_of(plan.schedule)
    group_minutes = {group.id: group.minutes for group in plan.groups}
    taken: set[str] = set()
    for pair in plan.pairs:
        lock = lock_of(locks[pair.mentor, pair.mentee], pair.mentor, pair.mentee, pair.form)
        mine = sessions.get((pair.mentor, pair.mentee), [])
        held = sum(session.state is SessionState.HELD for session in mine)
        id_ = programme_id(pair.mentor, pair.mentee)
        first_day, last_day = _term(plan, pair, lock)
        yield Programme(
            id=f"{id_}/{pair.group}" if id_ in taken else id_,
            mentor=pair.mentor,
            mentee=pair.mentee,
            form=pair.form,
            kind=pair.kind,
            group=pair.group,
            first_day=first_day,
            last_day=last_day,
            minutes=pair.minutes,
            mentor_minutes=group_minutes.get(pair.group) if pair.group is not None else None,
            sessions_planned=len(mine) if plan.schedule is not None else None,
            sessions_due=sum(session.day < today for session in mine) if plan.schedule is not None else None,
            sessions_held=held or None,
            mentor_wish=wishes.get((pair.mentor, pair.mentee)),
            mentee_wish=wishes.get((pair.mentee, pair.mentor)),
        )
        taken.add(id_)


def programme_id(mentor: str, mentee: str) -> str:
    """Return what a pair is called in files: "M-1:N-1"."""
    return f"{mentor}:{mentee}"


def _term(plan: Plan, pair: PlannedPair, lock: Lock | None) -> tuple[date, date]:
    begins = plan.reference_day if plan.schedule is None else plan.schedule.first_day
    pattern = plan.policy.pattern_of(pair.kind, pair.form)
    last_day = term_of(plan.policy, pattern, lock, begins, date.max)[1]
    return begins if lock is None or lock.since is None else lock.since, last_day


def _sessions_of(schedule: Schedule | None) -> dict[tuple[str, str], list[PlannedSession]]:
    """Return the sessions of each pair that are not called off, those of its group and its lesson visits with them."""
    found: dict[tuple[str, str], list[PlannedSession]] = defaultdict(list)
    if schedule is None:
        return found
    by_id: dict[str, Activity] = {activity.id: activity for activity in schedule.activities}
    for session in schedule.sessions:
        if session.state is SessionState.CANCELLED:
            continue
        activity = by_id[session.activity]
        for mentee in (*activity.mentees, *((activity.school_class,) if activity.school_class is not None else ())):
            found[activity.mentor, mentee].append(session)
            if activity.both_ways:
                found[mentee, activity.mentor].append(session)
    return found


def _programmes_in_conflict(plan: Plan, facts: RoundFacts) -> Iterator[Programme]:
    """Yield running pairs the plan has to leave out because somebody has to settle a conflict first (HR-22)."""
    planned = {(pair.mentor, pair.mentee) for pair in plan.pairs}
    for conflict in {(one.mentor, one.mentee): one for one in plan.conflicts}.values():
        sides = (conflict.mentor, conflict.mentee)
        lock = facts.lock_of(*sides)
        if sides in planned or lock is None or lock.since is None:
            continue
        form = lock.form or choose_form(Sides.of(facts, *sides))
        if form is not None:
            yield Programme(
                id=programme_id(*sides),
                mentor=conflict.mentor,
                mentee=conflict.mentee,
                form=form,
                kind=lock.kind or MentoringKind.TRADITIONAL,
                first_day=lock.since,
                last_day=add_months(lock.since, plan.policy.programme.months.default),
            )


def _with_notes(planned: Sequence[Programme], notes: Iterable[ProgrammeNote], plan: Plan) -> tuple[Programme, ...]:
    """Return the programmes with what is stated of them, and those that only notes tell of."""
    this_year = school_year_of(plan.reference_day)
    found = {one.id: one for one in planned}
    for note in notes:
        id_ = programme_id(note.mentor, note.mentee)
        is_earlier = note.first_day is not None and school_year_of(note.first_day) < this_year
        if id_ in found and not _is_apart(found[id_], note, is_earlier=is_earlier):
            found[id_] = _stated(found[id_], note)
        else:
            year = this_year if note.first_day is None else school_year_of(note.first_day)
            own = _of_note(note, f"{id_}/{year}", found.get(id_))
            found[own.id] = own
    return tuple(found.values())


def _is_apart(programme: Programme, note: ProgrammeNote, *, is_earlier: bool) -> bool:
    """Return whether a note is about an earlier programme of the pair, not about the running one."""
    return is_earlier and programme.first_day != note.first_day


def is_complete(note: ProgrammeNote, plan: Plan) -> bool:
    """Return whether the form and the kind of a note are known: it states them, or the plan has the pair."""
    known = {(pair.mentor, pair.mentee) for pair in plan.pairs}
    return (note.form is not None and note.kind is not None) or (note.mentor, note.mentee) in known


def _stated(programme: Programme, note: ProgrammeNote) -> Programme:
    given = {name: value for name in _STATED if (value := getattr(note, name)) is not None}
    return replace(programme, **given, reports=note.reports or programme.reports)


def _of_note(note: ProgrammeNote, id_: str, like: Programme | None) -> Programme:
    form = note.form or (None if like is None else like.form)
    kind = note.kind or (None if like is None else like.kind)
    if form is None or kind is None:
        raise ValueError(f"{id_}: form and kind are needed")
    return _stated(Programme(id=id_, mentor=note.mentor, mentee=note.mentee, form=form, kind=kind), note)


def _participants(plan: Plan, stated: Inputs, programmes: Collection[Programme]) -> tuple[Participant, ...]:
    """Return people and classes that are mentees, each counted in one organisation."""
    roster = plan.roster
    mentors = {mentor.person: mentor for mentor in roster.mentors}
    mentees = {mentee.person for mentee in roster.mentees}
    reporting = {one.id for one in roster.organisations if reports(one, plan.policy)}
    home = {person.id: person.organisation for person in roster.people if person.organisation in reporting}
    home |= {one.id: one.organisation for one in roster.classes if one.organisation in reporting}
    home |= {one.id: one.organisation for one in stated.people}
    guests = {person.id for person in roster.people if person.id not in home}
    away = home_organisations(programmes, guests, home)
    refused = {one.person for one in stated.refusals}
    people = [
        Participant(
            id=person.id,
            organisation=away.get(person.id, person.organisation),
            person_kind=person.person_kind,
            birth_date=person.birth_date,
            career_start=_career_start(person, plan.reference_day),
            hired_day=person.organisation_since,
            left_day=stated.left.get(person.id),
            teaching_hours=person.teaching_hours,
            max_mentees=mentors[person.id].max_individual if person.id in mentors else None,
            training_day=mentors[person.id].mentor_training_day if person.id in mentors else None,
            school_class=person.school_class,
            is_asked=person.id in mentors or person.id in mentees or person.id in refused,
        )
        for person in roster.people
    ]
    classes = [
        Participant(
            id=one.id,
            organisation=one.organisation,
            person_kind=PersonKind.PUPIL,
            is_class=True,
            class_size=one.size,
            is_asked=False,
        )
        for one in roster.classes
        if one.id in mentees
    ]
    others = [replace(one, left_day=stated.left.get(one.id, one.left_day), is_asked=False) for one in stated.people]
    return (*people, *classes, *others)


def _career_start(person: Person, reference_day: date) -> date | None:
    years = person.pedagogical_experience_years
    return None if years is None else add_months(reference_day, -int(years * 12))


_OfPair = TypeVar("_OfPair", Ticket, Notice, Vacancy)


def _meant(rows: Iterable[_OfPair], programmes: Sequence[Programme]) -> Iterator[_OfPair]:
    """Yield rows that name a pair with the programme of the pair that they mean."""
    for row in rows:
        yield replace(row, programme=_programme_meant(row.programme, row.day, programmes))


def _meant_done(rows: Iterable[Done], programmes: Sequence[Programme]) -> Iterator[Done]:
    for row in rows:
        yield replace(row, subject=_programme_meant(row.subject, row.covers or row.day, programmes))


def _programme_meant(pair: str, day: date, programmes: Sequence[Programme]) -> str:
    """Return the id of the pair's programme that began last before ``day``; what names no pair stays as it is."""
    mine = [one for one in programmes if programme_id(one.mentor, one.mentee) == pair and one.first_day is not None]
    begun = [one for one in mine if one.first_day is not None and one.first_day <= day]
    return max(begun, key=lambda one: one.first_day or day).id if begun else mine[0].id if mine else pair


def _vetoes_after_start(plan: Plan, programmes: Iterable[Programme]) -> Iterator[Veto]:
    """Yield vetoes of the roster against somebody one works with: known on the reference day."""
    running = {frozenset((lock.mentor, lock.mentee)) for lock in plan.roster.locks if lock.status in FIXED}
    known = {frozenset((one.mentor, one.mentee)) for one in programmes}
    for wish in plan.roster.wishes:
        sides = frozenset((wish.from_person, wish.to_person))
        if wish.veto and sides in running & known:
            yield Veto(by=wish.from_person, against=wish.to_person, day=plan.reference_day)


def _tickets(plan: Plan, programmes: Iterable[Programme]) -> Iterator[Ticket]:
    """Yield what the plan hands to the council as a conflict."""
    known = {one.id for one in programmes}
    for id_ in dict.fromkeys(programme_id(one.mentor, one.mentee) for one in plan.conflicts):
        if id_ in known:
            yield Ticket(programme=id_, day=plan.reference_day)
