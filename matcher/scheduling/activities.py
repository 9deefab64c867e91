"""From pairs and groups to activities: how many sessions of what kind each of them plans, and in which windows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from matcher.candidates.people import derived_categories
from matcher.plan import PlannedGroup, PlannedPair
from matcher.policy import PUPIL_FORMS, Policy
from matcher.policy_parts import Pattern
from matcher.roster import (
    Lock,
    LockStatus,
    Mentee,
    MenteeCategory,
    MentoringForm,
    MentoringKind,
    Roster,
)
from matcher.scheduling.calendar import Calendar
from matcher.scheduling.modes import Modes
from matcher.scheduling.patterns import Cadence, cadence_of, windows_of
from matcher.scheduling.terms import lock_of, term_of
from matcher.sessions.schedule import Activity, ActivityPurpose
from matcher.timegrid import BusyState
from matcher.timetables import Timetables

#: Forms in which a teacher is the mentee: his lessons may be visited.
TEACHER_FORMS = frozenset(
    {MentoringForm.TEACHER_TEACHER, MentoringForm.HEAD_TEACHER, MentoringForm.UNIVERSITY_YOUNG_TEACHER}
)
#: Kinds in which the mentor comes to lessons: individual work over some months, in person.
VISITING_KINDS = frozenset({MentoringKind.TRADITIONAL, MentoringKind.SHORT_TERM})


class VisitObstacle(StrEnum):
    """Why a mentor cannot come to a lesson: the pair does not meet in person, or the way to the school is unknown."""

    NOT_IN_PERSON = "not_in_person"
    NO_WAY = "no_way"


_AFTERCARE_SHARE = 4
_DEFAULT_RESPONSE_DAYS = 2


def build_activities(
    pairs: Sequence[PlannedPair],
    groups: Sequence[PlannedGroup],
    roster: Roster,
    policy: Policy,
    timetables: Timetables,
    *,
    first_day: date,
    last_day: date,
    vacations: bool = False,
) -> tuple[Activity, ...]:
    """Return what every pair and group plans, in the order of ids.

    Parameters
    ----------
    pairs
        Individual pairs and seats in groups; seats only tell the form of their group.
    vacations
        Whether vacations may be used where HR-17 of the policy lets them (A-40); otherwise all meet on school days.

    Raises
    ------
    InputError
        When an organisation has no school year.
    KeyError
        When the policy has no pattern of a pair's kind.
    """
    calendar = Calendar(roster, timetables, first_day, last_day)
    maker = _Maker(roster, policy, timetables, calendar, vacations=vacations)
    by_people = {(pair.mentor, pair.mentee): pair for pair in pairs if pair.group is None}
    found: list[Activity] = []
    for pair in pairs:
        if pair.group is not None or _is_told_by_its_counterpart(pair, by_people, calendar):
            continue
        other = by_people.get((pair.mentee, pair.mentor))
        both_ways = pair.counter and other is not None and other.counter
        found += maker.of_pair(pair, both_ways=both_ways)
    alone = {pair.mentee for pair in pairs if pair.group is None}
    seats = {(pair.group, pair.mentee): pair for pair in pairs if pair.group is not None}
    for group in groups:
        form = seats[group.id, group.members[0]].form
        found.append(maker.of_group(group, form, instead=alone.isdisjoint(group.members)))
    return tuple(sorted(found, key=lambda activity: activity.id))


def visit_obstacles(
    pairs: Sequence[PlannedPair],
    roster: Roster,
    policy: Policy,
    timetables: Timetables,
    *,
    first_day: date,
    last_day: date,
) -> dict[VisitObstacle, tuple[str, ...]]:
    """Return the pairs ("M:N") whose mentor ought to visit lessons and cannot, so that no visit is asked for."""
    calendar = Calendar(roster, timetables, first_day, last_day)
    maker = _Maker(roster, policy, timetables, calendar, vacations=False)
    found: dict[VisitObstacle, set[str]] = defaultdict(set)
    for pair in pairs:
        obstacle = None if pair.group is not None else maker.visit_obstacle(pair)
        if obstacle is not None:
            found[obstacle].add(f"{pair.mentor}:{pair.mentee}")
    return {obstacle: tuple(sorted(found[obstacle])) for obstacle in VisitObstacle if obstacle in found}


def _is_told_by_its_counterpart(
    pair: PlannedPair, by_people: dict[tuple[str, str], PlannedPair], calendar: Calendar
) -> bool:
    """Return whether a pair is the counter-direction of a reverse pair: in the main one the mentor is younger."""
    other = by_people.get((pair.mentee, pair.mentor))
    if other is None or not (pair.counter and other.counter):
        return False
    return _seniority(calendar, pair.mentor) > _seniority(calendar, pair.mentee)


def _seniority(calendar: Calendar, id_: str) -> tuple[int, str]:
    born = calendar.people[id_].birth_date if id_ in calendar.people else None
    return (0 if born is None else -born.toordinal(), id_)


@dataclass(frozen=True, slots=True)
class _Programme:
    """The school days of a pair's or group's term, and how many a week has."""

    open_days: tuple[date, ...]
    weekdays: int


class _Maker:
    """Makes activities; keeps what it looks up."""

    def __init__(
        self, roster: Roster, policy: Policy, timetables: Timetables, calendar: Calendar, *, vacations: bool
    ) -> None:
        self._policy, self._calendar, self._timetables = policy, calendar, timetables
        self._vacations = vacations
        self._modes = Modes(roster, calendar)
        self._mentee: dict[str, Mentee] = {mentee.person: mentee for mentee in roster.mentees}
        self._mentor_hours = {mentor.person: mentor.hours_per_week for mentor in roster.mentors}
        self._locks: dict[tuple[str, str], list[Lock]] = defaultdict(list)
        for lock in roster.locks:
            self._locks[lock.mentor, lock.mentee].append(lock)
        self._teaching = {entry.subject for entry in timetables.people if entry.state is BusyState.LESSON}

    def of_pair(self, pair: PlannedPair, *, both_ways: bool) -> list[Activity]:
        """Return the meetings (or the reserve) of a pair, and its lesson visits."""
        pattern = self._policy.pattern_of(pair.kind, pair.form)
        lock = lock_of(self._locks[pair.mentor, pair.mentee], pair.mentor, pair.mentee, pair.form)
        base = self._base(f"{pair.mentor}:{pair.mentee}", pair.kind, pair.form, pair.mentor, (pair.mentee,), pattern)
        hours = None if lock is None else lock.hours_per_month
        if lock is not None and lock.status is LockStatus.AFTERCARE:
            return [self._reserve(base, pattern.minutes_per_four_weeks // _AFTERCARE_SHARE)]
        if pattern.reserve_minutes_per_month is not None:
            return [self._reserve(base, pattern.reserve_minutes_per_month if hours is None else round(hours * 60))]
        programme = self._programme(base, pattern, lock)
        cadence = cadence_of(
            pattern,
            is_novice=self._is_novice(pair.mentee),
            both_ways=both_ways,
            hours_per_month=hours,
            keeps_gap=pair.kind is not MentoringKind.SHORT_TERM or self._policy.rule("HR-21").on,
        )
        meetings = replace(_spread(base, cadence, programme), both_ways=both_ways)
        return [meetings, *self._visits(pair, programme)]

    def of_group(self, group: PlannedGroup, form: MentoringForm, *, instead: bool) -> Activity:
        """Return the meetings of a group; ``instead`` says that none of its members has a pair of his own."""
        kind = MentoringKind.GROUP
        pattern = self._policy.pattern_of(kind, form)
        locks = (lock_of(self._locks[group.mentor, id_], group.mentor, id_, form) for id_ in group.members)
        lock = next((found for found in locks if found is not None), None)
        base = self._base(group.id, kind, form, group.mentor, group.members, pattern)
        hours = None if lock is None else lock.hours_per_month
        cadence = cadence_of(pattern, instead=instead, hours_per_month=hours)
        return replace(_spread(base, cadence, self._programme(base, pattern, lock)), group=group.id)

    def _visits(self, pair: PlannedPair, programme: _Programme) -> list[Activity]:
        """Return the visits of the mentor to lessons of the mentee, where the policy has them and there are lessons."""
        pattern = self._policy.lesson_visit
        if pattern is None or not self._asks_for_visits(pair) or self.visit_obstacle(pair) is not None:
            return []
        base = self._base(
            f"{pair.mentor}:{pair.mentee}/visit", pair.kind, pair.form, pair.mentor, (pair.mentee,), pattern
        )
        visit = replace(base, purpose=ActivityPurpose.LESSON_VISIT)
        return [_spread(visit, cadence_of(pattern), programme)]

    def _asks_for_visits(self, pair: PlannedPair) -> bool:
        return pair.form in TEACHER_FORMS and pair.kind in VISITING_KINDS and pair.mentee in self._teaching

    def visit_obstacle(self, pair: PlannedPair) -> VisitObstacle | None:
        """Return why a mentor cannot come to the lessons he ought to visit; None where he can, or need not."""
        pattern = self._policy.lesson_visit
        if pattern is None or not self._asks_for_visits(pair):
            return None
        if not self._modes.is_reachable(pair.mentor, pair.mentee):
            return VisitObstacle.NO_WAY
        return None if self._modes.of(pair.mentor, (pair.mentee,), pattern.mode) else VisitObstacle.NOT_IN_PERSON

    def _reserve(self, base: Activity, minutes: int) -> Activity:
        """Return an activity without sessions: minutes a month kept for calls."""
        situational = self._policy.patterns.get(MentoringKind.SITUATIONAL)
        days = situational.response_days if situational is not None else None
        return replace(
            base,
            id=f"{base.id}/reserve",
            purpose=ActivityPurpose.RESERVE,
            reserve_minutes=minutes,
            response_days=_DEFAULT_RESPONSE_DAYS if days is None else days,
        )

    def _base(
        self, id_: str, kind: MentoringKind, form: MentoringForm, mentor: str, mentees: tuple[str, ...],
        pattern: Pattern,
    ) -> Activity:  # fmt: skip
        """Return an activity without windows: people, lengths, modes and hours of the day."""
        classes = [id_ for id_ in mentees if id_ in self._calendar.classes and id_ not in self._calendar.people]
        people = tuple(id_ for id_ in mentees if id_ not in classes)
        is_pupils = form in PUPIL_FORMS
        flag = "pupils_in_vacations" if is_pupils else "teachers_in_vacations"
        rule = self._policy.rule("HR-17")
        return Activity(
            id=id_,
            purpose=ActivityPurpose.MEETING,
            kind=kind,
            form=form,
            mentor=mentor,
            mentees=people,
            school_class=classes[0] if classes else None,
            size=1 + len(people) + sum(self._class_size(id_) for id_ in classes),
            minutes=max(pattern.min_minutes, min(pattern.minutes, self._week_minutes(mentor, mentees))),
            min_minutes=pattern.min_minutes,
            modes=self._modes.of(mentor, mentees, pattern.mode),
            goal_in_each=pattern.goal_in_each,
            vacations=self._vacations and rule.on and rule.flag(flag),
            is_pupils=is_pupils,
            latest_minute=self._latest(mentees[0]) if is_pupils and self._policy.rule("HR-18").on else None,
        )

    def _programme(self, base: Activity, pattern: Pattern, lock: Lock | None) -> _Programme:
        """Return the school days of a programme's term, those on which everybody's organisation works."""
        calendar = self._calendar
        term = term_of(self._policy, pattern, lock, calendar.first_day, calendar.last_day)
        mask = calendar.span(*term)  # empty where the term is over
        ids = [*base.people, *((base.school_class,) if base.school_class is not None else ())]
        organisations = {calendar.organisation_of(id_) for id_ in ids}
        for organisation in organisations:
            mask = mask & calendar.open_days(organisation)
        return _Programme(
            open_days=tuple(calendar.day[at] for at in mask.nonzero()[0].tolist()),
            weekdays=min(calendar.year_of(organisation).weekdays for organisation in organisations),
        )

    def _is_novice(self, id_: str) -> bool:
        mentee, person = self._mentee.get(id_), self._calendar.people.get(id_)
        if mentee is None or person is None:
            return False
        found = {*mentee.categories, *derived_categories(person, mentee, self._policy, self._calendar.first_day)}
        return MenteeCategory.NOVICE in found

    def _week_minutes(self, mentor: str, mentees: tuple[str, ...]) -> int:
        """Return how many minutes a week the busiest side has: a session lasts no longer."""
        load = self._policy.load
        own = [self._mentee[id_].hours_per_week if id_ in self._mentee else None for id_ in mentees]
        hours = [load.mentee_hours_per_week if found is None else found for found in own]
        mine = self._mentor_hours.get(mentor)
        return int(60 * min(*hours, load.mentor_hours_per_week if mine is None else mine))

    def _class_size(self, id_: str) -> int:
        size = self._calendar.classes[id_].size
        return self._policy.load.class_group_max if size is None else size

    def _latest(self, mentee: str) -> int:
        """Return the minute after which pupils do not stay (HR-18), in the common clock."""
        hours, minutes = self._policy.thresholds.pupil_day_limit.split(":")
        ahead = self._calendar.ahead_of(self._calendar.organisation_of(mentee))
        return int(hours) * 60 + int(minutes) + ahead


def _spread(base: Activity, cadence: Cadence, programme: _Programme) -> Activity:
    """Return an activity with the windows and gaps of a cadence."""
    windows = windows_of(cadence, programme.open_days, weekdays=programme.weekdays, vacations=base.vacations)
    return replace(base, windows=windows, gap_days=cadence.gap_days, first_gap_days=cadence.first_gap_days)
