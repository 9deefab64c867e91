"""Made-up people who are not staff: retired teachers, university teachers, partners, neighbours, students."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from matcher.generate.draw import Draw
from matcher.generate.mentees import Wants
from matcher.generate.mentors import Candidate
from matcher.generate.names import make_names
from matcher.generate.places import Places
from matcher.generate.profiles import Profile
from matcher.generate.staff import REFERENCE_DAY, days_before, draw_birth_days
from matcher.roster import (
    CompetenceBlock,
    Contract,
    Mentee,
    MenteeCategory,
    MentoringForm,
    MentorSource,
    Organisation,
    OrganisationType,
    Person,
    PersonKind,
    Qualification,
)

# Common subjects only: guests would break the ratio of the rare ones.
_SUBJECTS = ("primary", "russian", "history", "biology", "geography", "physical_education", "chemistry", "informatics")
_NEIGHBOUR_NAME = "Соседний муниципальный округ"


@dataclass(slots=True, kw_only=True)
class Guests:
    """What guests add to the roster."""

    organisations: list[Organisation] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    mentees: list[Mentee] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestCounts:
    """How many guests of each kind come."""

    retired: int
    university: int
    partners: int
    neighbours: int
    students: int

    @classmethod
    def of(cls, profile: Profile, *, num_mentees: int, num_mentors: int) -> GuestCounts:
        """Return the counts a profile asks for; a share that is wanted gives at least one person."""
        return cls(
            retired=count_share(profile.retired, num_mentors),
            university=count_share(profile.university, num_mentors),
            partners=count_share(profile.partners, num_mentors),
            neighbours=count_share(profile.neighbours, num_mentors),
            students=count_share(profile.students, num_mentees),
        )

    @property
    def num_mentors(self) -> int:
        """Return how many of the guests are mentors."""
        return self.retired + self.university + self.partners + self.neighbours


def count_share(share: float, total: int) -> int:
    """Return a share of a total: at least one where it is wanted and eight or more are there."""
    return max(int(share * total + 0.5), 1) if share > 0 and total >= 8 else 0


def build_guests(draw: Draw, places: Places, counts: GuestCounts, ids: Sequence[str]) -> Guests:
    """Return retired, university, partner and neighbouring mentors and student mentees, with their organisations."""
    guests, left = Guests(), iter(ids)
    _add_retired(draw, places, guests, [next(left) for _ in range(counts.retired)])
    if counts.university:
        home = _add_organisation(guests, places, "U-1", "Педагогический университет", OrganisationType.UNIVERSITY)
        _add_outside(draw, guests, [next(left) for _ in range(counts.university)], home, PersonKind.UNIVERSITY)
        _add_contracts(draw, places, guests, home)
    if counts.partners:
        home = _add_organisation(guests, places, "E-1", "Предприятие-партнёр", OrganisationType.PARTNER)
        _add_outside(draw, guests, [next(left) for _ in range(counts.partners)], home, PersonKind.PARTNER)
        _add_contracts(draw, places, guests, home)
    if counts.neighbours:
        home = _add_organisation(guests, places, "N-1", "Школа соседнего округа", OrganisationType.GENERAL_SCHOOL)
        _add_outside(draw, guests, [next(left) for _ in range(counts.neighbours)], home, PersonKind.STAFF)
    _add_students(draw, places, guests, [next(left) for _ in range(counts.students)])
    return guests


def _add_organisation(guests: Guests, places: Places, id_: str, name: str, type_: OrganisationType) -> str:
    neighbour = type_ is OrganisationType.GENERAL_SCHOOL
    municipality = _NEIGHBOUR_NAME if neighbour else places.municipality_name(0)
    guests.organisations.append(
        Organisation(
            id=id_,
            name=name,
            type=type_,
            municipality=municipality,
            region=places.region_name(0),
            time_zone=places.time_zone(0),
        )
    )
    return id_


def _add_retired(draw: Draw, places: Places, guests: Guests, ids: Sequence[str]) -> None:
    size = len(ids)
    subject, names = draw.pick(_SUBJECTS, size), make_names(draw, draw.flag(0.9, size))
    where, age = draw.pick(places.id, size), draw.whole(60, 72, size)
    birth, years = draw_birth_days(draw, age), draw.whole(28, 36, size).tolist()
    for i, person in enumerate(ids):
        guests.people.append(
            Person(
                id=person,
                name=names[i],
                person_kind=PersonKind.RETIRED,
                organisation=where[i],
                position="teacher",
                birth_date=birth[i],
                pedagogical_experience_years=years[i],
                pedagogical_education=True,
                qualification=Qualification.HIGHEST,
                subjects=(subject[i],),
            )
        )
        guests.candidates.append(Candidate(person=person, source=MentorSource.RETIRED, subject=subject[i]))


def _add_outside(draw: Draw, guests: Guests, ids: Sequence[str], home: str, kind: PersonKind) -> None:
    size = len(ids)
    subject, names = draw.pick(_SUBJECTS, size), make_names(draw, draw.flag(0.6, size))
    age = draw.whole(34, 63, size)
    birth, employer = draw_birth_days(draw, age), draw.flag(0.5, size).tolist()
    partner = kind is PersonKind.PARTNER
    for i, person in enumerate(ids):
        source, forms, position = _role_outside(kind, employer[i])
        guests.people.append(
            Person(
                id=person,
                name=names[i],
                person_kind=kind,
                organisation=home,
                position=position,
                birth_date=birth[i],
                pedagogical_experience_years=None if partner else int(age[i]) - 25,
                pedagogical_education=None if partner else True,
                qualification=Qualification.NONE if kind is not PersonKind.STAFF else Qualification.HIGHEST,
                titles=("Кандидат педагогических наук",) if kind is PersonKind.UNIVERSITY else (),
                subjects=() if partner else (subject[i],),
            )
        )
        guests.candidates.append(Candidate(person=person, source=source, subject=subject[i], forms=forms))


def _role_outside(kind: PersonKind, is_employer: bool) -> tuple[MentorSource, tuple[MentoringForm, ...], str]:
    if kind is PersonKind.UNIVERSITY:
        return MentorSource.UNIVERSITY, (MentoringForm.UNIVERSITY_YOUNG_TEACHER,), "lecturer"
    if kind is PersonKind.STAFF:
        return MentorSource.MUNICIPAL_BEST, (), "teacher"
    if is_employer:
        return MentorSource.EMPLOYER, (MentoringForm.EMPLOYER_PUPIL,), "specialist"
    return MentorSource.SOCIAL_PARTNER, (MentoringForm.PARTNER_PUPIL,), "specialist"


def _add_contracts(draw: Draw, places: Places, guests: Guests, partner: str) -> None:
    """Add a contract of the partner with four organisations of five; the others have to conclude one first."""
    signed = draw.flag(0.8, len(places.id)).tolist()
    since = REFERENCE_DAY.replace(year=REFERENCE_DAY.year - 1)
    guests.contracts.extend(
        Contract(
            organisation=organisation, partner=partner, start_day=since, end_day=since.replace(year=since.year + 3)
        )
        for organisation, has in zip(places.id, signed, strict=True)
        if has or len(places.id) == 1
    )


def _add_students(draw: Draw, places: Places, guests: Guests, ids: Sequence[str]) -> None:
    size = len(ids)
    subject, names = draw.pick(_SUBJECTS, size), make_names(draw, draw.flag(0.85, size))
    where, birth = draw.pick(places.id, size), draw_birth_days(draw, draw.whole(19, 23, size))
    since, alumnus = days_before(draw.whole(5, 300, size)), draw.flag(0.4, size).tolist()
    status, wants = draw.pick(("practice", "employed"), size), Wants(draw, size)
    for i, person in enumerate(ids):
        guests.people.append(
            Person(
                id=person,
                name=names[i],
                person_kind=PersonKind.STUDENT,
                organisation=where[i],
                position="student",
                organisation_since=since[i],
                birth_date=birth[i],
                pedagogical_experience_years=0,
                pedagogical_education=False,
                subjects=(subject[i],),
                student_status=status[i],
                alumnus=alumnus[i],
            )
        )
        requests = wants.requests(i, subject[i])
        guests.mentees.append(
            Mentee(
                person=person,
                categories=(MenteeCategory.STUDENT_TRAINEE,),
                primary_category=MenteeCategory.STUDENT_TRAINEE,
                requests=requests,
                deficits=wants.deficits(i, () if requests else (CompetenceBlock.METHODICAL,)),
            )
        )
