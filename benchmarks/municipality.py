"""A municipality made of the five real timetables: every teacher with lessons is a person of the round.

Schools keep the buildings, rooms and weeks of their files. Who is experienced, who asks for what and which kinds people
accept is drawn by a seed. The Russian college has three sites with travel between them; all share eight video licences.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from matcher.io.policy_toml import read_policy
from matcher.policy import Policy
from matcher.roster import (
    CompetenceBlock,
    Licence,
    Mentee,
    MenteeCategory,
    Mentor,
    MentoringKind,
    Organisation,
    Person,
    Qualification,
    Request,
    Room,
    Roster,
    Site,
    Topic,
    Travel,
)

SCHOOLS = ("AE-ibdp", "DE-dgspro", "ES-ies", "RO-orar53", "RU-medcollege")
SUBJECTS = ("mathematics", "russian", "physics", "biology", "history", "foreign_language.english")
TOPICS = (Topic.TEACHING_METHODS, Topic.LESSON_ORGANISATION, Topic.UPBRINGING, Topic.SUBJECT_CONTENT)
TRAVEL_MINUTES = 20
NUM_LICENCES = 8
MENTEE_SHARE = 0.5
_LISTED_ROOMS = 4
KINDS: tuple[tuple[MentoringKind, ...], ...] = (
    (),
    (),
    (),
    (),
    (),
    (),
    (),
    (MentoringKind.TRADITIONAL,),
    (MentoringKind.TRADITIONAL,),
    (MentoringKind.GROUP,),
    (MentoringKind.GROUP,),
    (MentoringKind.SHORT_TERM,),
    (MentoringKind.VIRTUAL,),
    (MentoringKind.SITUATIONAL,),
    (MentoringKind.SPEED,),
    (MentoringKind.FLASH,),
    (MentoringKind.REVERSE,),
)
"""Kinds that mentees accept, in turn; () is all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """What a busy CSV says of a school: its teachers in order, its buildings and its rooms by building."""

    school: str
    path: Path
    teachers: tuple[str, ...]
    rooms: Mapping[str, tuple[str, ...]]


def read_lessons(folder: Path, school: str) -> Lessons:
    """Return the teachers who have lessons, and the rooms used most of each building."""
    teachers: set[str] = set()
    uses: dict[str, dict[str, int]] = {}
    with (folder / f"{school}.csv").open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["kind"] == "lesson":
                teachers.add(row["teacher"])
                if row["room"]:
                    used = uses.setdefault(row["building"], {})
                    used[row["room"]] = used.get(row["room"], 0) + 1
    rooms = {
        place: tuple(sorted(used, key=lambda room: (used[room], room))[:_LISTED_ROOMS]) for place, used in uses.items()
    }
    return Lessons(school=school, path=folder / f"{school}.csv", teachers=tuple(sorted(teachers)), rooms=rooms)


def build_policy() -> Policy:
    """Return the regulation of Barnaul with flash meetings as Dalnerechensk has them: all kinds at once."""
    barnaul, flash = read_policy("barnaul"), read_policy("dalnerechensk").patterns[MentoringKind.FLASH]
    patterns = {**barnaul.patterns, MentoringKind.FLASH: flash}
    return replace(barnaul, kinds=(*barnaul.kinds, MentoringKind.FLASH), patterns=patterns)


def build_roster(lessons: list[Lessons], *, seed: int) -> Roster:
    """Return the round: schools, buildings, rooms, people with their registers, licences."""
    rng = np.random.default_rng(seed)
    sites, rooms, people, mentors, mentees = [], [], [], [], []
    for found in lessons:
        places = tuple(sorted(found.rooms)) or ("",)
        ids = {place: f"{found.school}-S{number}" for number, place in enumerate(places, start=1)}
        sites += [Site(id=ids[place], organisation=found.school, name=place or found.school) for place in places]
        rooms += [
            Room(id=f"{ids[place]}-R{number}", site=ids[place], name=name, capacity=12)
            for place in places
            for number, name in enumerate(found.rooms.get(place, ()), start=1)
        ]
        for number, teacher in enumerate(found.teachers, start=1):
            id_ = f"{found.school}-{number:03}"
            is_mentee = rng.random() < MENTEE_SHARE
            subject = SUBJECTS[int(rng.integers(len(SUBJECTS)))]
            kinds = KINDS[len(mentees) % len(KINDS)] if is_mentee else ()
            is_reverse = kinds == (MentoringKind.REVERSE,)
            years = (
                int(rng.integers(20, 35))
                if is_reverse
                else int(rng.integers(0, 4))
                if is_mentee
                else int(rng.integers(6, 30))
            )
            people.append(_person(id_, found.school, ids[places[0]], teacher, subject, years))
            if is_mentee:
                mentees.append(_mentee(id_, subject, kinds, rng, is_reverse=is_reverse))
            else:
                mentors.append(_mentor(id_, subject, rng))
    college = [site.id for site in sites if site.organisation == "RU-medcollege"]
    travel = [
        Travel(from_site=one, to_site=other, minutes=TRAVEL_MINUTES)
        for at, one in enumerate(college)
        for other in college[at + 1 :]
    ]
    return Roster(
        organisations=tuple(
            Organisation(id=found.school, name=found.school, municipality="m", region="r") for found in lessons
        ),
        sites=tuple(sites),
        rooms=tuple(rooms),
        travel=tuple(travel),
        people=tuple(people),
        mentors=tuple(mentors),
        mentees=tuple(mentees),
        licences=(Licence(id="L-1", name="video", count=NUM_LICENCES),),
    )


def _person(id_: str, school: str, site: str, teacher: str, subject: str, years: int) -> Person:
    return Person(
        id=id_,
        name=id_,
        organisation=school,
        site=site,
        timetable_name=teacher,
        subjects=(subject,),
        pedagogical_experience_years=years,
        qualification=Qualification.HIGHEST if years >= 6 else Qualification.NONE,
        birth_date=date(2026 - 23 - years, 1, 15),
        teaching_hours=18,
        pedagogical_education=True,
    )


def _mentor(id_: str, subject: str, rng: np.random.Generator) -> Mentor:
    levels = {block: int(rng.integers(3, 5)) for block in CompetenceBlock}
    return Mentor(
        person=id_, results_confirmed=True, topics=tuple(Topic), levels=levels, max_individual=1, max_groups=1
    )


def _mentee(
    id_: str, subject: str, kinds: tuple[MentoringKind, ...], rng: np.random.Generator, *, is_reverse: bool
) -> Mentee:
    topic = Topic.DIGITAL if is_reverse else TOPICS[int(rng.integers(len(TOPICS)))]
    own = subject if topic in (Topic.SUBJECT_CONTENT,) else None
    category = MenteeCategory.EXPERIENCED_NEW_APPROACHES if is_reverse else MenteeCategory.NOVICE
    return Mentee(
        person=id_, categories=(category,), kinds=kinds, max_mentors=1, requests=(Request(topic=topic, subject=own),)
    )
