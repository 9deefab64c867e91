"""Putting the made-up parts together into one roster."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matcher.generate.draw import Draw, IntArray
from matcher.generate.guests import GuestCounts, Guests, count_share
from matcher.generate.mentees import build_mentees
from matcher.generate.mentors import build_mentors, staff_candidates
from matcher.generate.places import Places, build_licences, build_rooms, build_sites, build_travel
from matcher.generate.profiles import Profile
from matcher.generate.pupils import Pupils, build_classes, build_pupils, with_classes
from matcher.generate.relations import (
    Sides,
    build_absences,
    build_availability,
    build_compatibility,
    build_consents,
    build_locks,
    build_wishes,
)
from matcher.generate.staff import Staff
from matcher.generate.subjects import MENTOR
from matcher.roster import MentoringKind, Organisation, Roster


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many of each kind of people: all mentees and mentors together are what was asked for."""

    guests: GuestCounts
    pupil_mentees: int
    class_mentees: int
    pupil_mentors: int
    staff_mentees: int
    staff_mentors: int

    @classmethod
    def of(cls, profile: Profile, *, num_mentees: int, num_mentors: int) -> Counts:
        """Return the counts a profile asks for."""
        guests = GuestCounts.of(profile, num_mentees=num_mentees, num_mentors=num_mentors)
        pupils, classes = count_share(profile.pupils, num_mentees), count_share(profile.classes, num_mentees)
        pupil_mentors = count_share(profile.pupil_mentors, num_mentors)
        return cls(
            guests=guests,
            pupil_mentees=pupils,
            class_mentees=classes,
            pupil_mentors=pupil_mentors,
            staff_mentees=num_mentees - pupils - classes - guests.students,
            staff_mentors=num_mentors - pupil_mentors - guests.num_mentors,
        )


class Ids:
    """Identifiers of people, handed out in order."""

    def __init__(self, most: int) -> None:
        self._width, self._next = len(str(most)), 1

    def take(self, count: int) -> list[str]:
        """Return the next ``count`` identifiers."""
        first, self._next = self._next, self._next + count
        return [f"P-{number:0{self._width}d}" for number in range(first, first + count)]


def assemble(
    seed: int, profile: Profile, counts: Counts, places: Places, staff: Staff, guests: Guests, ids: Ids
) -> Roster:
    """Return the roster made of its parts."""
    draw = Draw(seed, 5)
    candidates = [*staff_candidates(draw, staff, pupil_mentoring=profile.pupils > 0), *guests.candidates]
    pupils = Pupils()
    if counts.pupil_mentees or counts.class_mentees or counts.pupil_mentors:
        classes = build_classes(places, _class_teachers(staff, places))
        candidates = with_classes(candidates, classes)
        pupils = build_pupils(
            Draw(seed, 6),
            places,
            classes,
            mentee_ids=ids.take(counts.pupil_mentees),
            mentor_ids=ids.take(counts.pupil_mentors),
            num_class_mentees=counts.class_mentees,
        )
    mentors = [*build_mentors(Draw(seed, 7), candidates, profile), *pupils.mentors]
    mentees = [*build_mentees(Draw(seed, 8), staff, profile), *guests.mentees, *pupils.mentees]
    people = [*staff.people, *guests.people, *pupils.people]
    sites = build_sites(places)
    rooms_draw = Draw(seed, 9)
    roster = Roster(
        organisations=(*_organisations(places, staff, pupils), *guests.organisations),
        sites=sites,
        travel=build_travel(rooms_draw, places, sites),
        classes=tuple(pupils.classes),
        people=tuple(people),
        mentors=tuple(mentors),
        mentees=tuple(mentees),
        rooms=build_rooms(rooms_draw, sites),
        licences=build_licences(places),
        contracts=tuple(guests.contracts),
    )
    return _with_relations(seed, roster, profile, places)


def _with_relations(seed: int, roster: Roster, profile: Profile, places: Places) -> Roster:
    """Return the roster with wishes, marks, running pairs and papers."""
    sides = _sides(roster, places)
    wishes = build_wishes(Draw(seed, 10), sides)
    marks = build_compatibility(Draw(seed, 11), sides, psychologist=profile.psychologist)
    kind = MentoringKind.TRADITIONAL
    members = {found.person for found in roster.mentors} | {found.person for found in roster.mentees}
    taking_part = [person for person in roster.people if person.id in members]
    return replace(
        roster,
        wishes=tuple(wishes),
        compatibility=tuple(marks),
        locks=tuple(build_locks(Draw(seed, 12), sides, wishes, marks, kind)),
        consents=tuple(build_consents(Draw(seed, 13), [person.id for person in taking_part])),
        absences=tuple(build_absences(Draw(seed, 14), taking_part)),
        availability=tuple(build_availability(Draw(seed, 15), taking_part)),
    )


def _sides(roster: Roster, places: Places) -> Sides:
    number = {id_: i for i, id_ in enumerate(places.id)}
    home = {person.id: number.get(person.organisation, -1) for person in roster.people}
    home |= {found.id: number.get(found.organisation, -1) for found in roster.classes}

    def municipality(organisation: IntArray) -> IntArray:
        return np.where(organisation >= 0, places.municipality[organisation], -1)

    mentor = np.array([home[found.person] for found in roster.mentors], dtype=np.int64)
    mentee = np.array([home[found.person] for found in roster.mentees], dtype=np.int64)
    return Sides(
        mentors=roster.mentors,
        mentees=roster.mentees,
        mentor_organisation=mentor,
        mentee_organisation=mentee,
        mentor_municipality=municipality(mentor),
        mentee_municipality=municipality(mentee),
    )


def _class_teachers(staff: Staff, places: Places) -> dict[str, list[str]]:
    """Return the mentors of each organisation: they lead the classes."""
    teachers: dict[str, list[str]] = {}
    for i in np.flatnonzero(staff.role == MENTOR).tolist():
        teachers.setdefault(places.id[int(staff.organisation[i])], []).append(staff.people[i].id)
    return teachers


def _organisations(places: Places, staff: Staff, pupils: Pupils) -> list[Organisation]:
    """Return the organisations with their figures for monitoring."""
    size = len(places.id)
    young = staff.age < 35
    under_35 = np.bincount(staff.organisation, weights=young, minlength=size).astype(int).tolist()
    first_years = young & (staff.experience <= 3)
    starting = np.bincount(staff.organisation, weights=first_years, minlength=size).astype(int).tolist()
    num_pupils = dict.fromkeys(places.id, 0)
    seniors = dict.fromkeys(places.id, 0)
    for found in pupils.classes:
        num_pupils[found.organisation] += found.size or 0
        seniors[found.organisation] += (found.size or 0) if found.grade >= 9 else 0
    return [
        Organisation(
            id=places.id[o],
            name=places.name[o],
            type=places.type[o],
            municipality=places.municipality_name(o),
            region=places.region_name(o),
            time_zone=places.time_zone(o),
            staff=int(places.size[o]),
            staff_under_35=under_35[o],
            staff_under_35_first_three_years=starting[o],
            pupils=num_pupils[places.id[o]] or None,
            pupils_15_19=seniors[places.id[o]] or None,
        )
        for o in range(size)
    ]
