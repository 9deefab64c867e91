"""Hypothesis strategies of rosters: small, odd, and always free of faults."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum

from hypothesis import strategies as st

from matcher import roster as r
from matcher.io.sheets import SHEET_BY_ID

TODAY = date(2026, 9, 1)

_NOT_KEPT = "\u00a0\u2007\u202f\u2009\u3000\r\x85\u2028\u2029"


def _is_kept(value: str) -> bool:
    """Return whether the reader leaves the text as it is."""
    return value == value.strip() and value != "" and not any(c in _NOT_KEPT for c in value)


_letters = st.sampled_from("абвгАБЯёЁ abcXYZ019.-_()/\"'=+@&<>№«»,;:%\nй漢")
texts = st.text(_letters, min_size=1, max_size=12).filter(_is_kept)
items = st.text(st.sampled_from("абвЁ abcXYZ019.-()'=+@"), min_size=1, max_size=8).filter(_is_kept)
ids = st.text(st.sampled_from("абвЁ PXYZ0123456789.-'=_"), min_size=1, max_size=6).filter(_is_kept)
days = st.dates(date(1990, 1, 1), date(2025, 12, 31))
moments = st.times().map(lambda t: t.replace(microsecond=0))
hours = st.floats(0, 40, allow_subnormal=False)


def maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


def some(enum: type[StrEnum] | st.SearchStrategy) -> st.SearchStrategy:
    """Return tuples of different values."""
    one = st.sampled_from(enum) if isinstance(enum, type) else enum
    return st.lists(one, max_size=3, unique=True).map(tuple)


def _open(sheet: str, column: str) -> st.SearchStrategy:
    """Return a value of an open list: a usual one or another word."""
    usual = [choice.id for choice in SHEET_BY_ID[sheet].column(column).choices]
    return st.sampled_from(usual) | st.sampled_from(["theatre", "шахматы", "=chess"])


@st.composite
def organisations(draw: st.DrawFn, organisation_id: str) -> r.Organisation:
    staff = draw(maybe(st.integers(20, 90)))
    return r.Organisation(
        id=organisation_id,
        name=draw(st.just("") | texts),
        type=draw(st.sampled_from(r.OrganisationType)),
        municipality=draw(st.just("") | texts),
        time_zone=draw(st.sampled_from(["Europe/Moscow", "Asia/Vladivostok", "Asia/Tomsk"])),
        staff=staff,
        staff_under_35=draw(maybe(st.integers(0, 20))),
    )


@st.composite
def people(draw: st.DrawFn, person_id: str, organisation_ids: list[str], class_ids: list[str]) -> r.Person:
    return r.Person(
        id=person_id,
        name=draw(st.just("") | texts),
        person_kind=draw(st.sampled_from([k for k in r.PersonKind if k is not r.PersonKind.PUPIL])),
        organisation=draw(st.sampled_from(organisation_ids)),
        position=draw(_open("people", "position")),
        position_since=draw(maybe(days)),
        birth_date=draw(maybe(st.dates(date(1950, 1, 1), date(1985, 12, 31)))),
        pedagogical_experience_years=draw(maybe(st.floats(0, 20, allow_subnormal=False))),
        pedagogical_education=draw(st.sampled_from([None, True, False])),
        attestation_recommendation=draw(st.booleans()),
        qualification=draw(st.sampled_from(r.Qualification)),
        titles=draw(some(items)),
        subjects=draw(some(_open("people", "subjects"))),
        teaching_hours=draw(maybe(hours)),
        student_status=draw(st.sampled_from([None, "practice", "employed"])),
        school_class=draw(maybe(st.sampled_from(class_ids))) if class_ids else None,
        timetable_name=draw(maybe(texts)),
    )


@st.composite
def mentors(draw: st.DrawFn, person_id: str, class_ids: list[str]) -> r.Mentor:
    return r.Mentor(
        person=person_id,
        status=draw(st.sampled_from(r.MentorStatus)),
        ready=draw(st.booleans()),
        source=draw(st.sampled_from(r.MentorSource)),
        forms=draw(some(r.MentoringForm)),
        approvals=draw(some(r.Approval)),
        topics=draw(some(r.Topic)),
        levels=draw(st.dictionaries(st.sampled_from(r.CompetenceBlock), st.integers(0, 4), max_size=3)),
        class_teacher_of=draw(some(st.sampled_from(class_ids))) if class_ids else (),
        mentor_training_day=draw(maybe(days)),
        named_skill=draw(maybe(texts)),
        max_individual=draw(maybe(st.integers(3, 9))),
        min_individual=draw(maybe(st.integers(0, 2))),
        hours_per_week=draw(maybe(hours)),
        contours=draw(some(r.Contour)),
        kinds=draw(some(r.MentoringKind)),
        modes=draw(some(r.SessionMode)),
    )


@st.composite
def mentees(draw: st.DrawFn, mentee_id: str, is_class: bool) -> r.Mentee:
    request = st.builds(
        r.Request,
        topic=st.sampled_from(r.Topic),
        subject=maybe(_open("requests", "subject")),
        priority=st.integers(1, 3),
    )
    deficit = st.builds(
        r.Deficit,
        competence=st.sampled_from(r.CompetenceBlock),
        level=st.integers(0, 4),
        target=st.integers(0, 4),
        source=maybe(texts),
        day=maybe(days),
    )
    return r.Mentee(
        person=mentee_id,
        is_class=is_class,
        categories=draw(some(r.MenteeCategory)),
        primary_category=draw(maybe(st.sampled_from(r.MenteeCategory))),
        model=draw(maybe(st.sampled_from(r.RoleModel))),
        max_mentors=draw(maybe(st.integers(0, 10))),
        hours_per_week=draw(maybe(hours)),
        unmatched_last_round=draw(st.booleans()),
        requests=tuple(draw(st.lists(request, max_size=3, unique_by=lambda x: (x.topic, x.subject)))),
        deficits=tuple(draw(st.lists(deficit, max_size=3, unique_by=lambda x: x.competence))),
    )


@st.composite
def _pairs(draw: st.DrawFn, left: list[str], right: list[str]) -> list[tuple[str, str]]:
    """Return a few different pairs of different sides."""
    possible = [(one, other) for one in left for other in right if one != other]
    return draw(st.lists(st.sampled_from(possible), max_size=3, unique=True)) if possible else []


def _each(draw: st.DrawFn, pairs: list[tuple[str, str]], make: object, **parts: st.SearchStrategy) -> tuple:
    names = ("from_person", "to_person") if make is r.Wish else ("mentor", "mentee")
    return tuple(
        make(**dict(zip(names, pair, strict=True)), **{k: draw(v) for k, v in parts.items()})  # type: ignore[operator]
        for pair in pairs
    )


@st.composite
def rosters(draw: st.DrawFn) -> r.Roster:
    """Return rosters without faults, with texts that spreadsheets like to spoil."""
    names = draw(st.lists(ids, min_size=1, max_size=8, unique=True))
    organisation_ids = draw(st.lists(ids, min_size=1, max_size=2, unique=True))
    class_ids = [f"class {i}" for i in range(draw(st.integers(0, 2)))]
    mentor_ids = draw(st.lists(st.sampled_from(names), max_size=3, unique=True))
    person_mentees = draw(st.lists(st.sampled_from(names), max_size=3, unique=True))
    class_mentees = class_ids[:1]
    mentee_ids = [*person_mentees, *class_mentees]
    site_ids = ["B-1", "B-2"]
    return r.Roster(
        organisations=tuple(draw(organisations(o)) for o in organisation_ids),
        sites=tuple(r.Site(id=s, organisation=organisation_ids[0], name=draw(texts)) for s in site_ids),
        travel=(r.Travel(from_site="B-1", to_site="B-2", minutes=draw(st.integers(0, 90))),),
        classes=tuple(
            r.SchoolClass(
                id=c, organisation=organisation_ids[0], grade=draw(st.integers(1, 11)), class_teacher=names[0]
            )
            for c in class_ids
        ),
        people=tuple(draw(people(p, organisation_ids, class_ids)) for p in names),
        mentors=tuple(draw(mentors(m, class_ids)) for m in mentor_ids),
        mentees=tuple(draw(mentees(m, m in class_mentees)) for m in mentee_ids),
        wishes=_each(draw, draw(_pairs(names, names)), r.Wish, score=maybe(st.floats(0, 10)), veto=st.booleans()),
        compatibility=_each(
            draw,
            draw(_pairs(mentor_ids, mentee_ids)),
            r.Compatibility,
            psychologist=maybe(st.integers(-2, 2)),
            recommendation=maybe(st.sampled_from(r.Recommendation)),
            questionnaire=maybe(st.integers(-2, 2)),
            note=maybe(texts),
        ),
        overrides=_each(
            draw, draw(_pairs(mentor_ids, mentee_ids)), r.Override, rule=texts, reason=texts, by=maybe(texts)
        ),
        locks=_each(
            draw,
            draw(_pairs(mentor_ids, mentee_ids)),
            r.Lock,
            form=maybe(st.sampled_from(r.MentoringForm)),
            kind=maybe(st.sampled_from(r.MentoringKind)),
            status=st.sampled_from(r.LockStatus),
            since=maybe(days),
            hours_per_month=maybe(st.floats(0, 200)),
        ),
        rooms=(r.Room(id="R-1", site="B-1", name=draw(texts), capacity=draw(maybe(st.integers(0, 99)))),),
        licences=(r.Licence(id="V-1", name=draw(texts), count=draw(st.integers(0, 9))),),
        availability=tuple(
            r.Availability(
                person=person,
                weekday=draw(st.integers(1, 7)),
                week=draw(st.sampled_from(["", "A", "B"])),
                start=time(8),
                end=draw(moments.filter(lambda t: t > time(8))),
                state=draw(st.sampled_from(r.AvailabilityState)),
            )
            for person in names[:2]
        ),
        absences=tuple(r.Absence(person=p, start_day=date(2026, 9, 1), end_day=date(2026, 9, 7)) for p in names[:1]),
        consents=tuple(
            r.Consent(person=p, purpose=draw(st.sampled_from(r.ConsentPurpose)), day=draw(days)) for p in names[:2]
        ),
        contracts=(r.Contract(organisation=organisation_ids[0], partner=organisation_ids[1]),)
        if len(organisation_ids) > 1
        else (),
    )
