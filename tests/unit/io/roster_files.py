"""A small made-up roster without faults, and ways to spoil one thing in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Any

import openpyxl

from matcher.io.read_roster import check_roster
from matcher.io.report import CellFault, CheckReport
from matcher.io.write_roster import write_roster
from matcher.roster import (
    Absence,
    Availability,
    AvailabilityState,
    Compatibility,
    CompetenceBlock,
    Consent,
    ConsentPurpose,
    Contract,
    Deficit,
    Lock,
    LockStatus,
    Mentee,
    Mentor,
    Organisation,
    Override,
    Person,
    PersonKind,
    Request,
    Roster,
    SchoolClass,
    Site,
    Topic,
    Travel,
    Wish,
)

TODAY = date(2026, 9, 1)


def good_roster() -> Roster:
    """Return a roster in which every sheet the checks look at has rows (row 2 of each sheet is its first)."""
    return Roster(
        organisations=(
            Organisation(id="O-1", name="School", staff=40, staff_under_35=10, pupils=500, pupils_15_19=90),
            Organisation(id="O-2", name="Plant"),
        ),
        sites=(Site(id="B-1", organisation="O-1"), Site(id="B-2", organisation="O-1")),
        travel=(Travel(from_site="B-1", to_site="B-2", minutes=15),),
        classes=(SchoolClass(id="7A", organisation="O-1", grade=7, class_teacher="P-1"),),
        people=(
            Person(
                id="P-1",
                name="Sample",
                organisation="O-1",
                birth_date=date(1980, 5, 6),
                pedagogical_experience_years=12.5,
                position_since=date(2010, 9, 1),
                organisation_since=date(2010, 9, 1),
                subjects=("mathematics",),
                teaching_hours=18.0,
            ),
            Person(id="P-2", name="Novice", organisation="O-1", pedagogical_education=True),
            Person(id="P-3", name="Another", organisation="O-1"),
            Person(
                id="P-4", name="Pupil", organisation="O-1", person_kind=PersonKind.PUPIL, grade=7, school_class="7A"
            ),
        ),
        mentors=(
            Mentor(person="P-1", levels={CompetenceBlock.DIGITAL: 3}, min_individual=0, max_individual=2),
            Mentor(person="P-3"),
        ),
        mentees=(
            Mentee(
                person="P-2",
                requests=(Request(topic=Topic.DIGITAL, priority=2), Request(topic=Topic.PARENTS)),
                deficits=(Deficit(competence=CompetenceBlock.DIGITAL, level=1, day=date(2026, 5, 1)),),
            ),
            Mentee(person="7A", is_class=True),
        ),
        wishes=(Wish(from_person="P-2", to_person="P-1", score=8.0), Wish(from_person="P-1", to_person="P-2")),
        compatibility=(Compatibility(mentor="P-1", mentee="P-2", psychologist=1),),
        overrides=(Override(rule="HR-11", mentor="P-1", mentee="P-2", reason="council"),),
        locks=(
            Lock(mentor="P-1", mentee="P-2", status=LockStatus.ACTIVE, since=date(2025, 9, 1)),
            Lock(mentor="P-3", mentee="P-2", status=LockStatus.FORBIDDEN),
        ),
        availability=(
            Availability(person="P-1", weekday=2, start=time(14), end=time(16), state=AvailabilityState.PREFERRED),
        ),
        absences=(Absence(person="P-1", start_day=date(2026, 11, 2), end_day=date(2026, 11, 6)),),
        consents=(
            Consent(person="P-1", purpose=ConsentPurpose.MENTORING, day=date(2026, 9, 1), expires=date(2027, 8, 31)),
        ),
        contracts=(Contract(organisation="O-1", partner="O-2", start_day=date(2026, 9, 1), end_day=date(2027, 8, 31)),),
    )


def write_spoilt(path: Path, spoil: Callable[[Any], None], *, lang: str = "en") -> Path:
    """Write the good roster as a workbook, let ``spoil`` change it, save it."""
    write_roster(good_roster(), path, lang="en" if lang == "en" else "ru")
    book = openpyxl.load_workbook(path)
    spoil(book)
    book.save(path)
    return path


def cell_of(book: Any, sheet: str, heading: str, row: int) -> Any:
    """Return the cell of a row (counted as the program shows it) under a heading."""
    page = book[sheet]
    column = next(c.column for c in page[1] if c.value == heading)
    return page.cell(row=row, column=column)


def check(path: Path) -> CheckReport:
    return check_roster(path, today=TODAY)


def found(report: CheckReport) -> list[tuple[str, str]]:
    """Return (kind, place) of every fault; each has to tell a cure."""
    assert all(fault.cure is not None for fault in report.faults)
    return [(fault.kind, fault.place) for fault in report.faults if isinstance(fault, CellFault)]


def remarked(report: CheckReport) -> list[tuple[str, str]]:
    """Return (kind, place) of every remark."""
    return [(remark.kind, remark.place) for remark in report.remarks]
