"""From a plan and what people state beside it to the facts that figures are counted from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date

from matcher.indicators.facts import (
    Facts,
    Participant,
    Programme,
    Ticket,
    Veto,
    home_organisations,
)
from matcher.indicators.inputs import Inputs
from matcher.indicators.needs import open_needs
from matcher.indicators.notes import Named, known_since, programme_id, with_notes
from matcher.judge.choices import choose_form
from matcher.judge.facts import FIXED, Sides
from matcher.judge.facts import Facts as RoundFacts
from matcher.plan import Plan, PlannedPair
from matcher.policy import Policy
from matcher.roster import Lock, MentoringKind, Organisation, OrganisationType, Person, PersonKind
from matcher.scheduling.terms import add_months, lock_of, term_of
from matcher.sessions.schedule import Activity, PlannedSession, Schedule, SessionState

_OUTSIDE = (OrganisationType.PARTNER, OrganisationType.UNIVERSITY)


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
    programmes = with_notes(planned, stated.programmes, plan)
    people, named = _participants(plan, stated, programmes), Named(programmes)
    return Facts(
        organisations=tuple(one for one in plan.roster.organisations if reports(one, plan.policy)),
        people=people,
        programmes=programmes,
        surveys=stated.surveys,
        counts=stated.counts,
        statements=stated.statements,
        refusals=stated.refusals,
        vetoes=(*stated.vetoes, *_vetoes_after_start(plan, programmes)),
        tickets=(*named.rows(stated.tickets), *_tickets(plan, programmes)),
        open_needs=open_needs(plan, round_facts),
        done=tuple(named.done(stated.done)),
        notices=tuple(named.rows(stated.notices)),
        vacancies=tuple(named.rows(stated.vacancies)),
        known_since=known_since(plan, stated),
        leavers_since=stated.leavers_since,
    )


def reports(organisation: Organisation, policy: Policy) -> bool:
    """Return whether an organisation reports under the policy: those it covers, never partners and universities."""
    types = policy.organisation_types
    return organisation.type not in _OUTSIDE and (not types or organisation.type in types)


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
