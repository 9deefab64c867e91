"""The made-up staff: who they are, how long they have worked, what they are qualified for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from matcher.generate.draw import BoolArray, Draw, FloatArray, IntArray
from matcher.generate.names import make_names
from matcher.generate.places import Places
from matcher.generate.profiles import Profile
from matcher.generate.subjects import MENTEE, MENTOR, OTHER, RARE_SUBJECTS, Posts
from matcher.roster import MenteeCategory, MentorSource, Person, Qualification

REFERENCE_DAY = date(2026, 9, 1)
_YEAR_DAYS = 365.25
_CATEGORIES = (
    MenteeCategory.NOVICE,
    MenteeCategory.NEWCOMER,
    MenteeCategory.NEW_POSITION,
    MenteeCategory.RETURNING,
    MenteeCategory.NO_PED_EDUCATION,
    MenteeCategory.EXPERIENCED_NEW_APPROACHES,
    MenteeCategory.DEFICIT,
    MenteeCategory.POST_ATTESTATION,
)
_CATEGORY_WEIGHTS = (45, 12, 8, 5, 8, 10, 8, 4)
# A second subject is never a rare one: the rare ratio would be lost.
_SECOND = {"russian": "literature", "history": "social_studies", "physics": "informatics", "chemistry": "biology"}
_POSITIONS = {
    "psychology": "psychologist",
    "speech_therapy": "speech_therapist",
    "preschool": "educator",
}
_QUALIFICATIONS = (
    Qualification.NONE,
    Qualification.POSITION_FIT,
    Qualification.FIRST,
    Qualification.HIGHEST,
    Qualification.METHODIST,
    Qualification.MENTOR_CATEGORY,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """The staff, one entry each: people and what mentors and mentees are made from.

    ``category`` is meaningful for mentees, ``source`` and ``innovator`` for mentors; ``age`` and ``experience``
    are in years on the reference day.
    """

    people: list[Person]
    organisation: IntArray
    role: IntArray
    subject: list[str]
    category: list[MenteeCategory]
    source: list[MentorSource]
    innovator: BoolArray
    age: IntArray
    experience: FloatArray


def build_staff(draw: Draw, places: Places, posts: Posts, *, profile: Profile, ids: list[str]) -> Staff:
    """Return the staff with data that agree with each other: age, experience, time in the post, category."""
    size = len(ids)
    category_index = draw.index(_CATEGORY_WEIGHTS, size)
    category = [_CATEGORIES[i] for i in category_index.tolist()]
    innovator = draw.flag(0.1, size) & (posts.role == MENTOR)
    experience = _draw_experience(draw, posts.role, category_index, innovator)
    changed_career = (posts.role == MENTEE) & (category_index == _CATEGORIES.index(MenteeCategory.NO_PED_EDUCATION))
    age = 22 + np.floor(experience + 8 * draw.unit(size) ** 2).astype(np.int64) + np.where(changed_career, 8, 0)
    age = np.where(innovator, np.minimum(age, 33), age)
    source, position = _draw_posts(draw, posts, profile, category, experience)
    people = _make_people(draw, places, posts, ids, category, category_index, experience, age, position)
    return Staff(
        people=people,
        organisation=posts.organisation,
        role=posts.role,
        subject=posts.subject,
        category=category,
        source=source,
        innovator=innovator,
        age=age,
        experience=experience,
    )


def days_before(days: IntArray) -> list[date]:
    """Return the dates so many days before the reference day, one object for equal dates."""
    known = {day: date.fromordinal(REFERENCE_DAY.toordinal() - day) for day in np.unique(days).tolist()}
    return [known[day] for day in days.tolist()]


def draw_birth_days(draw: Draw, age: IntArray) -> list[date]:
    """Return dates of birth that make people exactly so many full years old on the reference day."""
    return days_before(np.ceil((age + 0.01 + 0.98 * draw.unit(len(age))) * _YEAR_DAYS).astype(np.int64))


def _draw_experience(draw: Draw, role: IntArray, category: IntArray, innovator: BoolArray) -> FloatArray:
    """Return years of pedagogical experience, in halves for beginners."""
    size = len(role)
    # Lowest and span of the years by category, in the order of _CATEGORIES.
    low, span = np.array([0, 4, 4, 5, 0, 12, 5, 5]), np.array([7, 22, 20, 18, 10, 27, 28, 25])
    years = low[category] + np.floor(span[category] * draw.unit(size))
    years = np.where(category == 0, years / 2, years)
    mentor = np.where(draw.flag(0.05, size), draw.whole(3, 4, size), draw.whole(6, 38, size))
    mentor = np.where(innovator, draw.whole(4, 9, size), mentor)
    found: FloatArray = np.where(role == MENTEE, years, np.where(role == MENTOR, mentor, draw.whole(0, 40, size)))
    return found.astype(np.float64)


def _draw_posts(
    draw: Draw, posts: Posts, profile: Profile, category: list[MenteeCategory], experience: FloatArray
) -> tuple[list[MentorSource], list[str]]:
    """Return where each mentor comes from and everybody's position: one head per organisation."""
    size = len(posts.subject)
    source = draw.pick(
        (MentorSource.STAFF, MentorSource.ADMINISTRATION, MentorSource.MUNICIPAL_BEST, MentorSource.REGIONAL_BEST),
        size,
        (86, 6, 6, 2),
    )
    defectologist = draw.flag(0.4, size).tolist()
    position = [
        "additional_education_teacher"
        if subject.startswith("additional")
        else "defectologist"
        if subject == "speech_therapy" and special
        else _POSITIONS.get(subject, "teacher")
        for subject, special in zip(posts.subject, defectologist, strict=True)
    ]
    head = _choose_heads(draw, posts, profile, experience)
    for person in head:
        position[person], source[person] = "head", MentorSource.HEAD
    for person in np.flatnonzero(posts.role == MENTOR).tolist():
        if source[person] is MentorSource.ADMINISTRATION:
            position[person] = "deputy_head"
    for person in np.flatnonzero((posts.role == MENTEE) & draw.flag(0.3, size)).tolist():
        if category[person] is MenteeCategory.NEW_POSITION:
            position[person] = "methodist"
    return source, position


def _choose_heads(draw: Draw, posts: Posts, profile: Profile, experience: FloatArray) -> list[int]:
    """Return one head per organisation: a mentor in as many as the profile wants, else somebody without a role."""
    order = draw.order(len(posts.role))
    order = order[np.argsort(experience[order] < 8, kind="stable")]  # a beginner heads only where nobody else can
    num_mentors = int((posts.role == MENTOR).sum())
    wanted = max(1, int(profile.heads * num_mentors)) if profile.heads else 0
    head: dict[int, int] = {}
    for role in (MENTOR, OTHER):
        for person in order[posts.role[order] == role].tolist():
            if role == MENTOR and (len(head) >= wanted or posts.subject[person] in RARE_SUBJECTS[1:]):
                continue
            head.setdefault(int(posts.organisation[person]), person)
    return list(head.values())


def _make_people(
    draw: Draw,
    places: Places,
    posts: Posts,
    ids: list[str],
    category: list[MenteeCategory],
    category_index: IntArray,
    experience: FloatArray,
    age: IntArray,
    position: list[str],
) -> list[Person]:
    size = len(ids)
    mentee = posts.role == MENTEE
    is_category = {found: mentee & (category_index == i) for i, found in enumerate(_CATEGORIES)}
    recent = draw.whole(5, 330, size)
    longer = np.where(experience > 3, 1 + draw.unit(size) * (experience - 1), draw.unit(size) * experience)
    here = np.where(is_category[MenteeCategory.NEWCOMER], recent, np.ceil(longer * _YEAR_DAYS).astype(np.int64))
    in_post = np.where(is_category[MenteeCategory.NEW_POSITION], np.minimum(recent, here), here)
    hours = np.select([np.array(position) == "head", np.array(position) == "deputy_head"], [6, 9], 0)
    hours = np.where(hours > 0, hours, draw.whole(14, 27, size))
    rank = np.select([posts.role == MENTOR, mentee & (experience <= 3)], [1, 2], 0)
    weights = ((15, 25, 30, 26, 2, 2), (0, 0, 30, 48, 11, 11), (75, 25, 0, 0, 0, 0))
    qualification = np.stack([draw.index(w, size) for w in weights])[rank, np.arange(size)].tolist()
    flags = {found: is_category[found].tolist() for found in _CATEGORIES}
    has_second, titled = draw.flag(0.6, size).tolist(), (draw.flag(0.05, size) & (posts.role == MENTOR)).tolist()
    names = make_names(draw, draw.flag(0.82, size))
    here_day, post_day, birth_day = days_before(here), days_before(in_post), draw_birth_days(draw, age)
    recent_day = days_before(recent)
    where = posts.organisation.tolist()
    site = [places.first_site(o) for o in range(len(places.id))]
    subjects = {name: ((name,), (name, _SECOND.get(name, name))) for name in set(posts.subject)}
    years = [int(x) if x == int(x) else x for x in experience.tolist()]
    return [
        Person(
            id=ids[i],
            name=names[i],
            organisation=places.id[where[i]],
            site=site[where[i]],
            position=position[i],
            position_since=post_day[i],
            organisation_since=here_day[i],
            birth_date=birth_day[i],
            pedagogical_experience_years=years[i],
            break_ended=recent_day[i] if flags[MenteeCategory.RETURNING][i] else None,
            pedagogical_education=not flags[MenteeCategory.NO_PED_EDUCATION][i],
            attestation_recommendation=flags[MenteeCategory.POST_ATTESTATION][i],
            qualification=_QUALIFICATIONS[qualification[i]],
            titles=("Почётный работник сферы образования",) if titled[i] else (),
            subjects=subjects[posts.subject[i]][has_second[i] and posts.subject[i] in _SECOND],
            teaching_hours=int(hours[i]),
        )
        for i in range(size)
    ]
