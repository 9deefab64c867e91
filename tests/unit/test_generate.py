"""Made-up rosters: the sizes asked for, uneven as wanted, and the people each regulation speaks of."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from matcher.errors import InputError
from matcher.generate.roster import PRESETS, generate_roster
from matcher.generate.subjects import RARE_SUBJECTS
from matcher.generate.timetables import BusyFile, borrow_busy, generate_busy
from matcher.io.read_roster import check_roster
from matcher.io.write_roster import write_roster
from matcher.policy import TOPIC_BLOCK
from matcher.roster import (
    Approval,
    LockStatus,
    MenteeCategory,
    Mentor,
    MentorSource,
    MentorStatus,
    OrganisationType,
    PersonKind,
    Recommendation,
    Roster,
    Topic,
)

POLICIES = (None, "barnaul", "anuchino", "kalmykia", "dalnerechensk", "smolensk_school_23")
REFERENCE_DAY = date(2026, 9, 1)


def made(preset: str, policy_id: str | None = None, seed: int = 1) -> Roster:
    return generate_roster(**PRESETS[preset], seed=seed, policy_id=policy_id)


def age(born: date) -> int:
    return REFERENCE_DAY.year - born.year - ((REFERENCE_DAY.month, REFERENCE_DAY.day) < (born.month, born.day))


def is_able(mentor: Mentor, subject: str, subjects: tuple[str, ...]) -> bool:
    return (
        subject in subjects
        and Topic.SUBJECT_CONTENT in mentor.topics
        and mentor.levels[TOPIC_BLOCK[Topic.SUBJECT_CONTENT]] >= 3
        and mentor.status is MentorStatus.AVAILABLE
        and mentor.ready
        and set(mentor.approvals) == set(Approval)
    )


@pytest.mark.parametrize("policy_id", POLICIES)
@pytest.mark.parametrize("preset", ["school", "small", "city", "region"])
def test_has_the_sizes_asked_for(preset: str, policy_id: str | None) -> None:
    roster, size = made(preset, policy_id), PRESETS[preset]
    assert (len(roster.mentees), len(roster.mentors)) == (size["num_mentees"], size["num_mentors"])
    ours = [found for found in roster.organisations if found.staff is not None]
    assert len(ours) == size["num_organisations"]
    assert len({found.municipality for found in ours}) == size["num_municipalities"]
    staff = Counter(p.organisation for p in roster.people if p.person_kind is PersonKind.STAFF)
    assert {found.id: found.staff for found in ours} == {found.id: staff[found.id] for found in ours}
    assert sum(found.staff or 0 for found in ours) == size["num_staff"]


@pytest.mark.parametrize("policy_id", POLICIES)
@pytest.mark.parametrize("preset", ["school", "small", "city"])
def test_a_generated_roster_survives_writing_and_has_no_fault(
    preset: str, policy_id: str | None, tmp_path: Path
) -> None:
    roster = made(preset, policy_id, seed=3)
    # The big ones as CSV: a workbook of theirs takes seconds to write.
    path = tmp_path / ("roster" if preset == "city" else "roster.xlsx")
    write_roster(roster, path)
    report = check_roster(path, today=REFERENCE_DAY)
    assert report.faults == ()
    assert report.remarks == ()
    assert report.roster == roster


@pytest.mark.parametrize("policy_id", POLICIES)
@pytest.mark.parametrize("preset", ["small", "city", "region"])
def test_rare_subjects_have_too_few_able_mentors(preset: str, policy_id: str | None) -> None:
    roster = made(preset, policy_id)
    subjects = {person.id: person.subjects for person in roster.people}
    for subject in RARE_SUBJECTS:
        wanting = sum(subject in subjects.get(found.person, ()) for found in roster.mentees)
        asking = sum(any(r.subject == subject for r in found.requests) for found in roster.mentees)
        able = sum(is_able(found, subject, subjects[found.person]) for found in roster.mentors)
        if able or wanting or preset != "small":
            assert 2.4 <= wanting / able <= 2.8
        assert asking == wanting
    assert sum(is_able(found, "mathematics", subjects[found.person]) for found in roster.mentors) >= 2


@pytest.mark.parametrize("preset", ["city", "region"])
def test_village_schools_have_one_teacher_a_subject(preset: str) -> None:
    roster = made(preset)
    subjects: dict[str, list[str]] = {}
    for person in roster.people:
        if person.person_kind is PersonKind.STAFF:
            subjects.setdefault(person.organisation, []).append(person.subjects[0])
    villages = [found for found in subjects.values() if len(found) <= 12]
    assert len(villages) >= len(subjects) / 20
    assert all(len(set(found)) == len(found) for found in villages)


def test_sizes_are_heavy_tailed_and_scores_tie() -> None:
    roster = made("city")
    sizes = sorted(found.staff or 0 for found in roster.organisations)
    assert sizes[-1] >= 5 * sizes[len(sizes) // 2]
    scores = Counter(found.score for found in roster.wishes if not found.veto)
    assert set(scores) <= set(range(11))
    assert scores.most_common(1)[0][1] > len(roster.wishes) / 10
    assert 0 < sum(found.veto for found in roster.wishes) < len(roster.wishes) / 30
    assert 0 < sum(found.unmatched_last_round for found in roster.mentees) < len(roster.mentees) / 5
    assert {priority.priority for found in roster.mentees for priority in found.requests} == {1, 2, 3}


def test_categories_agree_with_the_people() -> None:
    roster = made("city")
    person_of = {person.id: person for person in roster.people}
    for found in roster.mentees:
        person = person_of[found.person]
        years = person.pedagogical_experience_years or 0
        assert person.organisation_since is not None
        here = (REFERENCE_DAY - person.organisation_since).days
        assert 0 <= here <= max(370, (years + 1) * 366)
        if found.primary_category is MenteeCategory.NOVICE:
            assert years <= 3
        if found.primary_category is MenteeCategory.NEWCOMER:
            assert years > 3
            assert here < 365
        if found.primary_category is MenteeCategory.NO_PED_EDUCATION:
            assert person.pedagogical_education is False
        if found.primary_category is MenteeCategory.RETURNING:
            assert person.break_ended is not None
        assert (MenteeCategory.DEFICIT in found.categories) >= any(d.gap for d in found.deficits)
        assert found.requests or found.deficits
        assert person.birth_date is not None
        assert age(person.birth_date) >= 21 + years


@pytest.mark.parametrize("policy_id", POLICIES)
def test_running_pairs_break_nothing(policy_id: str | None) -> None:
    roster = made("city", policy_id)
    kept = [found for found in roster.locks if found.status is not LockStatus.FORBIDDEN]
    assert kept
    assert len({found.mentor for found in kept}) == len({found.mentee for found in kept}) == len(kept)
    refused = {(found.from_person, found.to_person) for found in roster.wishes if found.veto}
    unwanted = {
        (found.mentor, found.mentee)
        for found in roster.compatibility
        if found.recommendation is Recommendation.NOT_RECOMMENDED
    }
    mentors = {found.person: found for found in roster.mentors}
    mentees = {found.person: found for found in roster.mentees}
    for lock in kept:
        pair = (lock.mentor, lock.mentee)
        assert not {pair, pair[::-1]} & refused
        assert pair not in unwanted
        assert mentors[lock.mentor].status is MentorStatus.AVAILABLE
        assert any(r.priority == 1 and r.topic in mentors[lock.mentor].topics for r in mentees[lock.mentee].requests)


def test_dalnerechensk_has_pupils_classes_partners_and_one_too_young() -> None:
    roster = made("city", "dalnerechensk")
    person_of = {person.id: person for person in roster.people}
    pupils = [person_of[found.person] for found in roster.mentees if found.person in person_of]
    pupils = [person for person in pupils if person.person_kind is PersonKind.PUPIL]
    ages = [age(person.birth_date) for person in pupils if person.birth_date]
    assert len(ages) == len(pupils)
    assert sorted(ages)[:2] == [9, 10]
    categories = {found.primary_category for found in roster.mentees}
    assert {c for c in MenteeCategory if c.value.startswith("pupil_")} | {MenteeCategory.CLASS_GROUP} <= categories
    assert {found.person for found in roster.mentees if found.is_class} <= {found.id for found in roster.classes}
    sources = {found.source for found in roster.mentors}
    assert {MentorSource.PUPIL, MentorSource.EMPLOYER, MentorSource.SOCIAL_PARTNER} <= sources
    assert any(found.tutor_role for found in roster.mentors)
    assert any(found.ovz_course_completed for found in roster.mentors)
    assert any(found.class_teacher_of for found in roster.mentors)
    positions = {person_of[found.person].position for found in roster.mentors}
    assert {"speech_therapist", "defectologist", "psychologist"} <= positions
    assert any(found.type is OrganisationType.ADDITIONAL_EDUCATION for found in roster.organisations)
    assert roster.contracts
    assert all(person.legal_representative for person in pupils)


@pytest.mark.parametrize("policy_id", ["barnaul", "kalmykia", "smolensk_school_23"])
def test_students_and_heads_where_the_regulation_knows_them(policy_id: str) -> None:
    roster = made("city", policy_id)
    students = {person.id for person in roster.people if person.person_kind is PersonKind.STUDENT}
    assert students & {found.person for found in roster.mentees}
    heads = {person.id for person in roster.people if person.position == "head"}
    assert {found.person for found in roster.mentors if found.source is MentorSource.HEAD} <= heads
    assert any(found.source is MentorSource.HEAD for found in roster.mentors)
    universities = {found.source for found in roster.mentors} & {MentorSource.UNIVERSITY}
    assert bool(universities) == (policy_id != "smolensk_school_23")


def test_smolensk_has_marks_of_the_psychologist_and_what_its_models_need() -> None:
    roster = made("school", "smolensk_school_23")
    assert len([found for found in roster.compatibility if found.psychologist is not None]) >= len(roster.mentees)
    roster = made("city", "smolensk_school_23")
    assert {found.type for found in roster.organisations} == {OrganisationType.GENERAL_SCHOOL}
    assert any(found.community_leader for found in roster.mentors)


def test_anuchino_has_mentors_of_another_municipality() -> None:
    roster = made("small", "anuchino")
    place = {found.id: found.municipality for found in roster.organisations}
    home = {person.id: place[person.organisation] for person in roster.people}
    assert {home[found.person] for found in roster.mentors} - {home[found.person] for found in roster.mentees}


def test_barnaul_has_kindergartens_and_additional_education() -> None:
    assert {found.type for found in made("city", "barnaul").organisations} >= {
        OrganisationType.GENERAL_SCHOOL,
        OrganisationType.KINDERGARTEN,
        OrganisationType.ADDITIONAL_EDUCATION,
    }


def test_wrong_sizes_are_named_all_at_once() -> None:
    with pytest.raises(InputError) as caught:
        generate_roster(num_mentees=-1, num_mentors=3, num_organisations=1, num_municipalities=2, num_staff=1, seed=-5)
    assert [fault.place for fault in caught.value.faults] == ["mentees", "seed", "organisations", "staff"]


def test_an_unknown_regulation_names_the_known_ones() -> None:
    with pytest.raises(InputError, match="kalmykja"):
        made("school", "kalmykja")


def test_lessons_are_as_many_as_the_hours_and_nobody_is_twice_in_a_slot() -> None:
    roster = made("small")
    hours = {person.id: person.teaching_hours for person in roster.people}
    for timetable in generate_busy(roster, seed=2):
        slots = [(row.teacher, row.day, row.slot) for row in timetable.rows]
        assert slots == sorted(slots)
        assert len(set(slots)) == len(slots)
        lessons = Counter(row.teacher for row in timetable.rows if row.kind == "lesson")
        assert {name: lessons[name] for name in timetable.names} == {
            name: hours[person] for name, person in timetable.names.items()
        }
        rooms = [(row.room, row.day, row.slot) for row in timetable.rows if row.kind == "lesson"]
        assert len(set(rooms)) == len(rooms)


def test_a_large_school_works_in_two_shifts() -> None:
    (timetable,) = generate_busy(made("school"), seed=2)
    assert {hour.shift for hour in timetable.hours} == {1, 2}
    shift_of = [hour.shift for hour in timetable.hours]
    used = {
        name: {shift_of[row.slot] for row in timetable.rows if row.teacher == name and row.kind == "lesson"}
        for name in timetable.names
    }
    assert all(len(shifts) == 1 for shifts in used.values())
    assert all(before.end <= after.start for before, after in zip(timetable.hours, timetable.hours[1:], strict=False))


def test_borrowed_weeks_seat_everybody_once() -> None:
    roster = made("small")
    files = [
        BusyFile(path="a.csv", teachers=tuple(f"A{i}" for i in range(9)), days=("Mo", "Tu"), hours=("8:30", "10:10")),
        BusyFile(path="b.csv", teachers=tuple(f"B{i}" for i in range(30)), days=("Mo",) * 12, hours=("1", "2")),
    ]
    timetables = borrow_busy(roster, files, seed=1)
    seated = [person for timetable in timetables for person in timetable.names.values()]
    taking_part = {found.person for found in roster.mentors} | {found.person for found in roster.mentees}
    staff = {person.id for person in roster.people if person.person_kind is PersonKind.STAFF}
    assert sorted(seated) == sorted(taking_part & staff)
    assert {timetable.file for timetable in timetables} == {"a.csv", "b.csv"}
    a, b = (next(t for t in timetables if t.file == name) for name in ("a.csv", "b.csv"))
    assert [f"{hour.start:%H:%M}-{hour.end:%H:%M}" for hour in a.hours] == ["08:30-10:00", "10:10-11:40"]
    assert [(day.week, day.weekday) for day in b.days][5:7] == [("A", 6), ("B", 1)]


def test_too_few_teachers_to_borrow_from_are_reported() -> None:
    files = [BusyFile(path="a.csv", teachers=("A",), days=("Mo",), hours=("1",))]
    with pytest.raises(InputError, match="left without"):
        borrow_busy(made("school"), files, seed=1)


def test_the_stream_of_draws_is_pinned() -> None:
    roster = made("school")
    assert [(p.name, p.subjects[0], p.position) for p in roster.people[:2]] == [
        ("Комарова Анастасия Дмитриевна", "primary", "teacher"),
        ("Миронова Галина Борисовна", "primary", "teacher"),
    ]


@pytest.mark.slow
def test_the_country_keeps_its_sizes_and_its_scarcity() -> None:
    roster = made("country")
    assert (len(roster.mentees), len(roster.mentors)) == (200_000, 100_000)
    assert len({found.municipality for found in roster.organisations}) == 2_300
    assert len({found.time_zone for found in roster.organisations}) > 5
    subjects = {person.id: person.subjects for person in roster.people}
    for subject in RARE_SUBJECTS:
        wanting = sum(subject in subjects[found.person] for found in roster.mentees)
        able = sum(is_able(found, subject, subjects[found.person]) for found in roster.mentors)
        assert 2.4 <= wanting / able <= 2.8


@pytest.mark.parametrize("policy_id", ["anuchino", "smolensk_school_23", "dalnerechensk"])
def test_some_mentees_ask_for_a_model(policy_id: str) -> None:
    asked = [found.model for found in made("city", policy_id).mentees if found.model]
    assert 0 < len(asked) < 400
    assert len(set(asked)) >= 3


def test_every_part_is_there_in_a_full_roster() -> None:
    roster = made("city", "dalnerechensk")
    empty = [part.name for part in fields(Roster) if not getattr(roster, part.name)]
    assert empty == ["overrides"]
