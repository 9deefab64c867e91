"""Made-up rosters: people, organisations, wishes and papers, the same for the same seed.

Uneven on purpose, as real rounds are: mathematics, English and physics have 2.4 to 2.8 mentees for each mentor who
can help, village schools have one teacher a subject, sizes are heavy-tailed, scores tie.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from matcher.errors import Fault, InputError
from matcher.generate.draw import Draw, IntArray
from matcher.generate.guests import GuestCounts, Guests, build_guests, count_share
from matcher.generate.mentees import build_mentees
from matcher.generate.mentors import build_mentors, staff_candidates
from matcher.generate.places import Places, build_licences, build_places, build_rooms, build_sites, build_travel
from matcher.generate.profiles import Profile, profile_of
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
from matcher.generate.staff import Staff, build_staff
from matcher.generate.subjects import MENTOR, assign_posts
from matcher.roster import MentoringKind, Organisation, Roster
from matcher.texts import text


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A size that is often wanted; ``num_staff`` counts the staff of the organisations, the others come on top."""

    num_mentees: int
    num_mentors: int
    num_organisations: int
    num_municipalities: int
    num_staff: int


PRESETS: Mapping[str, Preset] = {
    "school": Preset(num_mentees=12, num_mentors=15, num_organisations=1, num_municipalities=1, num_staff=70),
    "small_municipality": Preset(
        num_mentees=40, num_mentors=35, num_organisations=9, num_municipalities=1, num_staff=200
    ),
    "city": Preset(num_mentees=800, num_mentors=500, num_organisations=88, num_municipalities=1, num_staff=4_500),
    "region": Preset(
        num_mentees=2_000, num_mentors=1_200, num_organisations=300, num_municipalities=40, num_staff=9_000
    ),
    "country": Preset(
        num_mentees=200_000, num_mentors=100_000, num_organisations=20_000, num_municipalities=2_300, num_staff=320_000
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counts:
    """How many of each kind of people: all mentees and mentors together are what was asked for."""

    guests: GuestCounts
    pupil_mentees: int
    class_mentees: int
    pupil_mentors: int
    staff_mentees: int
    staff_mentors: int

    @classmethod
    def of(cls, profile: Profile, *, num_mentees: int, num_mentors: int) -> _Counts:
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


def generate_roster(
    *,
    num_mentees: int,
    num_mentors: int,
    num_organisations: int,
    num_municipalities: int,
    num_staff: int | None = None,
    seed: int,
    policy_id: str | None = None,
) -> Roster:
    """Return a made-up roster on 1 September 2026, the same for the same arguments.

    Parameters
    ----------
    num_mentees, num_mentors
        Sizes of the two registers, guests and pupils included.
    num_organisations, num_municipalities
        Schools, kindergartens and the like; a university, a partner or a neighbouring school come on top.
    num_staff
        Staff of the organisations; when left out, nobody but mentors, mentees and one more per organisation.
    policy_id
        A shipped regulation whose kinds of people shall be there: pupils, students, heads, partners …

    Raises
    ------
    InputError
        When the numbers cannot be had together or the regulation is unknown.

    Examples
    --------
    >>> roster = generate_roster(num_mentees=4, num_mentors=3, num_organisations=1, num_municipalities=1, seed=1)
    >>> len(roster.mentees), len(roster.mentors), len(roster.people)
    (4, 3, 8)
    """
    profile = profile_of(policy_id)
    counts = _Counts.of(profile, num_mentees=num_mentees, num_mentors=num_mentors)
    least_staff = counts.staff_mentees + counts.staff_mentors
    staff_size = least_staff + num_organisations if num_staff is None else num_staff
    _check_sizes(num_mentees, num_mentors, num_organisations, num_municipalities, staff_size, least_staff, seed)
    places = build_places(
        Draw(seed, 1),
        num_organisations=num_organisations,
        num_municipalities=num_municipalities,
        num_staff=staff_size,
        profile=profile,
    )
    posts = assign_posts(Draw(seed, 2), places, num_mentees=counts.staff_mentees, num_mentors=counts.staff_mentors)
    ids = _Ids(staff_size + num_mentees + num_mentors)
    staff = build_staff(Draw(seed, 3), places, posts, profile=profile, ids=ids.take(staff_size))
    guests = build_guests(
        Draw(seed, 4), places, counts.guests, ids.take(counts.guests.num_mentors + counts.guests.students)
    )
    return _assemble(seed, profile, counts, places, staff, guests, ids)


class _Ids:
    """Identifiers of people, handed out in order."""

    def __init__(self, most: int) -> None:
        self._width, self._next = len(str(most)), 1

    def take(self, count: int) -> list[str]:
        first, self._next = self._next, self._next + count
        return [f"P-{number:0{self._width}d}" for number in range(first, first + count)]


def _assemble(
    seed: int, profile: Profile, counts: _Counts, places: Places, staff: Staff, guests: Guests, ids: _Ids
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


def _check_sizes(
    num_mentees: int,
    num_mentors: int,
    num_organisations: int,
    num_municipalities: int,
    num_staff: int,
    least_staff: int,
    seed: int,
) -> None:
    """Raise for numbers that cannot be had together, all of them at once."""
    faults = []
    for place, value in (("mentees", num_mentees), ("mentors", num_mentors), ("seed", seed)):
        if value < 0:
            faults.append(Fault(place, text("{value} is less than nothing", value=value), text("give 0 or more")))
    if num_municipalities < 1 or num_organisations < num_municipalities:
        faults.append(
            Fault(
                "organisations",
                text(
                    "{organisations} organisations cannot fill {municipalities} municipalities",
                    organisations=num_organisations,
                    municipalities=num_municipalities,
                ),
                text("give at least one municipality, and at least one organisation for each"),
            )
        )
    least = max(least_staff, num_organisations)
    if num_staff < least:
        faults.append(
            Fault(
                "staff",
                text("{staff} people are too few", staff=num_staff),
                text("give at least {least}: every mentor, every mentee, and one person per organisation", least=least),
            )
        )
    if faults:
        raise InputError(faults)
