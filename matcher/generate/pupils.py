"""Made-up pupils, classes and pupil mentors (regulations with pupils)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from matcher.generate.draw import Draw
from matcher.generate.mentors import Candidate
from matcher.generate.names import make_names
from matcher.generate.places import Places
from matcher.generate.staff import draw_birth_days
from matcher.roster import (
    Approval,
    CompetenceBlock,
    Mentee,
    MenteeCategory,
    Mentor,
    MentoringForm,
    MentorSource,
    MentorStatus,
    OrganisationType,
    Person,
    PersonKind,
    Request,
    RoleModel,
    SchoolClass,
    Topic,
)

_GRADES = (5, 6, 7, 8, 9, 10, 11)
_CATEGORY_WEIGHTS: Mapping[MenteeCategory, float] = {
    MenteeCategory.PUPIL_GIFTED: 16,
    MenteeCategory.PUPIL_MOTIVATED: 12,
    MenteeCategory.PUPIL_OVZ: 16,
    MenteeCategory.PUPIL_AT_RISK: 14,
    MenteeCategory.PUPIL_UNDERACHIEVING: 20,
    MenteeCategory.PUPIL_PASSIVE: 12,
    MenteeCategory.PUPIL_PEER: 10,
}
_CATEGORIES = tuple(_CATEGORY_WEIGHTS)
# A regulation with pupils names their models; an equal pair may also be a joint project.
_MODELS: Mapping[MenteeCategory, tuple[RoleModel, RoleModel]] = {
    MenteeCategory.PUPIL_GIFTED: (RoleModel.GIFTED, RoleModel.GIFTED),
    MenteeCategory.PUPIL_MOTIVATED: (RoleModel.GIFTED, RoleModel.JOINT_PROJECT),
    MenteeCategory.PUPIL_OVZ: (RoleModel.OVZ, RoleModel.OVZ),
    MenteeCategory.PUPIL_AT_RISK: (RoleModel.AT_RISK, RoleModel.AT_RISK),
    MenteeCategory.PUPIL_UNDERACHIEVING: (RoleModel.ACHIEVER_UNDERACHIEVER, RoleModel.ACHIEVER_UNDERACHIEVER),
    MenteeCategory.PUPIL_PASSIVE: (RoleModel.LEADER_PASSIVE, RoleModel.LEADER_PASSIVE),
    MenteeCategory.PUPIL_PEER: (RoleModel.PEER_PEER, RoleModel.JOINT_PROJECT),
}
_SUBJECTS = ("russian", "biology", "history", "geography", "chemistry", "informatics")
_SKILLS = ("робототехника", "шахматы", "вокал", "журналистика", "волонтёрство")
_PUPIL_LEVELS = {
    CompetenceBlock.SUBJECT: 3,
    CompetenceBlock.COMMUNICATIVE: 3,
    CompetenceBlock.PSYCH_PEDAGOGICAL: 2,
}


@dataclass(slots=True, kw_only=True)
class Pupils:
    """What pupils add to the roster."""

    classes: list[SchoolClass] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    mentors: list[Mentor] = field(default_factory=list)
    mentees: list[Mentee] = field(default_factory=list)


def build_classes(places: Places, class_teachers: Mapping[str, Sequence[str]]) -> list[SchoolClass]:
    """Return two classes a grade in every school; teachers of the school are class teachers in turn."""
    classes = []
    for organisation, type_ in zip(places.id, places.type, strict=True):
        if type_ is not OrganisationType.GENERAL_SCHOOL:
            continue
        teachers = class_teachers.get(organisation, ())
        for number, (grade, letter) in enumerate((g, x) for g in (4, *_GRADES) for x in "AB"):
            classes.append(
                SchoolClass(
                    id=f"{organisation}-{grade}{letter}",
                    organisation=organisation,
                    grade=grade,
                    size=18 + (7 * number + len(teachers)) % 12,
                    class_teacher=teachers[number % len(teachers)] if teachers else None,
                )
            )
    return classes


def with_classes(candidates: Sequence[Candidate], classes: Sequence[SchoolClass]) -> list[Candidate]:
    """Return the candidates with the classes they lead."""
    led: dict[str, list[str]] = {}
    for school_class in classes:
        if school_class.class_teacher:
            led.setdefault(school_class.class_teacher, []).append(school_class.id)
    return [replace(found, class_teacher_of=tuple(led.get(found.person, ()))) for found in candidates]


def build_pupils(
    draw: Draw,
    places: Places,
    classes: Sequence[SchoolClass],
    *,
    mentee_ids: Sequence[str],
    mentor_ids: Sequence[str],
    num_class_mentees: int,
) -> Pupils:
    """Return pupils as mentees and mentors, and whole classes as mentees.

    Among the mentees one is nine years old: too young for the regulation (DAL 1), to be refused.
    """
    pupils = Pupils(classes=list(classes))
    _add_mentees(draw, places, pupils, mentee_ids)
    _add_mentors(draw, pupils, mentor_ids)
    middle = [found for found in classes if 5 <= found.grade <= 8]
    for i in draw.order(len(middle))[:num_class_mentees].tolist():
        pupils.mentees.append(
            Mentee(
                person=middle[i].id,
                is_class=True,
                categories=(MenteeCategory.CLASS_GROUP,),
                primary_category=MenteeCategory.CLASS_GROUP,
                requests=(Request(topic=Topic.COMMUNICATION),),
            )
        )
    return pupils


def _add_mentees(draw: Draw, places: Places, pupils: Pupils, ids: Sequence[str]) -> None:
    size = len(ids)
    studios = [o for o, t in zip(places.id, places.type, strict=True) if t is OrganisationType.ADDITIONAL_EDUCATION]
    in_studio = draw.flag(0.12, size).tolist()
    studio = draw.pick(studios, size) if studios else []
    school_class = draw.pick([found for found in pupils.classes if 4 < found.grade < 10], size)
    category = draw.pick(_CATEGORIES, size, list(_CATEGORY_WEIGHTS.values()))
    subject, older = draw.pick(_SUBJECTS, size), draw.flag(0.5, size)
    age = np.array([found.grade for found in school_class], dtype=np.int64) + 5 + older
    if size:
        youngest = next(found for found in pupils.classes if found.grade == 4)
        school_class[0], age[0], in_studio[0] = youngest, 9, False
    birth, names = draw_birth_days(draw, age), make_names(draw, draw.flag(0.5, size))
    wants_model, project = draw.flag(0.35, size).tolist(), draw.flag(0.4, size).tolist()
    parents, two_reasons = make_names(draw, draw.flag(0.8, size)), draw.flag(0.15, size).tolist()
    for i, person in enumerate(ids):
        outside = bool(studios) and in_studio[i]
        pupils.people.append(
            Person(
                id=person,
                name=names[i],
                person_kind=PersonKind.PUPIL,
                organisation=studio[i] if outside else school_class[i].organisation,
                position="pupil",
                birth_date=birth[i],
                grade=school_class[i].grade,
                school_class=None if outside else school_class[i].id,
                legal_representative=parents[i],
            )
        )
        second = (MenteeCategory.PUPIL_UNDERACHIEVING,) if two_reasons[i] else ()
        pupils.mentees.append(
            Mentee(
                person=person,
                categories=tuple(dict.fromkeys((category[i], *second))),
                primary_category=category[i],
                model=_MODELS[category[i]][project[i]] if wants_model[i] else None,
                requests=_pupil_requests(category[i], subject[i]),
            )
        )


def _pupil_requests(category: MenteeCategory, subject: str) -> tuple[Request, ...]:
    if category in (MenteeCategory.PUPIL_PASSIVE, MenteeCategory.PUPIL_PEER, MenteeCategory.PUPIL_AT_RISK):
        return (Request(topic=Topic.COMMUNICATION),)
    if category is MenteeCategory.PUPIL_OVZ:
        return (
            Request(topic=Topic.PSYCH_PED_SUPPORT),
            Request(topic=Topic.SUBJECT_CONTENT, subject=subject, priority=2),
        )
    return (Request(topic=Topic.SUBJECT_CONTENT, subject=subject),)


def _add_mentors(draw: Draw, pupils: Pupils, ids: Sequence[str]) -> None:
    """Add senior pupils; nearly all show at least one of the qualities a mentor of a class needs (A-44)."""
    size = len(ids)
    # Where pupils wait for a mentor, there the seniors are sought first.
    waiting = {person.organisation for person in pupils.people}
    senior = [found for found in pupils.classes if found.grade >= 8]
    school_class = draw.pick([found for found in senior if found.organisation in waiting] or senior, size)
    age = np.array([found.grade for found in school_class], dtype=np.int64) + 5 + draw.flag(0.6, size)
    birth, names = draw_birth_days(draw, age), make_names(draw, draw.flag(0.55, size))
    parents, subject = make_names(draw, draw.flag(0.8, size)), draw.pick(_SUBJECTS, size)
    quality = (draw.unit(size, 4) < np.array([0.6, 0.4, 0.45, 0.7])).tolist()
    skill, skilled = draw.pick(_SKILLS, size), draw.flag(0.3, size).tolist()
    for i, person in enumerate(ids):
        pupils.people.append(
            Person(
                id=person,
                name=names[i],
                person_kind=PersonKind.PUPIL,
                organisation=school_class[i].organisation,
                position="pupil",
                birth_date=birth[i],
                grade=school_class[i].grade,
                school_class=school_class[i].id,
                legal_representative=parents[i] if age[i] < 18 else None,
                subjects=(subject[i],),
            )
        )
        high_results, winner, leader, active = quality[i]
        pupils.mentors.append(
            Mentor(
                person=person,
                status=MentorStatus.AVAILABLE,
                source=MentorSource.PUPIL,
                forms=(MentoringForm.PUPIL_PUPIL,),
                results_confirmed=True,
                approvals=tuple(Approval),
                topics=(Topic.SUBJECT_CONTENT, Topic.COMMUNICATION),
                levels=_PUPIL_LEVELS,
                high_results=high_results,
                contest_winner=winner,
                leader=leader,
                active=active,
                named_skill=skill[i] if skilled[i] else None,
            )
        )
