"""One wrong cell, its exact place and kind; with the cell mended the workbook passes. Named after the fault."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from tests.unit.io.roster_files import cell_of, check, found, write_spoilt

# fault: sheet, heading, row, wrong value, right value, kind, cell
FAULTS: dict[str, tuple[str, str, int, object, object, str, str]] = {
    "text_for_whole_number": ("Organisations", "Staff", 2, "many", 41, "not_whole", "G2"),
    "fraction_for_whole_number": ("Organisations", "Staff", 2, 41.5, 41, "not_whole", "G2"),
    "text_for_number": ("People", "Teaching hours a week", 2, "full", "18,5", "not_number", "Q2"),
    "date_for_number": ("People", "Teaching hours a week", 2, date(2026, 5, 18), 18.5, "date_for_number", "Q2"),
    "number_for_date": ("People", "Date of birth", 2, 29347, date(1980, 5, 6), "number_for_date", "I2"),
    "time_beside_date": ("People", "Date of birth", 2, datetime(1980, 5, 6, 7), "06.05.1980", "time_in_date", "I2"),
    "text_for_date": ("People", "Date of birth", 2, "May 1980", "1980-05-06", "not_date", "I2"),
    "two_digit_year": ("People", "Date of birth", 2, "06.05.80", "6.5.1980", "not_date", "I2"),
    "impossible_date": ("People", "Date of birth", 2, "31.02.1980", "28.02.1980", "impossible_date", "I2"),
    "birth_in_the_future": ("People", "Date of birth", 3, date(2026, 9, 2), None, "future_birth", "I3"),
    "age_too_small": ("People", "Date of birth", 3, date(2021, 9, 2), date(2021, 9, 1), "impossible_age", "I3"),
    "age_too_large": ("People", "Date of birth", 3, date(1925, 9, 1), date(1925, 9, 2), "impossible_age", "I3"),
    "experience_too_long": (
        "People", "Pedagogical experience, years", 2, 30.5, 30, "experience_too_long", "J2",
    ),
    "position_before_birth": ("People", "In the position since", 2, "05.05.1980", "06.05.1980", "before_birth", "G2"),
    "organisation_before_birth": (
        "People", "In the organisation since", 2, date(1979, 9, 1), date(2009, 9, 1), "before_birth", "H2",
    ),
    "break_before_birth": ("People", "Break ended", 2, date(1979, 9, 1), date(2009, 9, 1), "before_birth", "K2"),
    "neither_yes_nor_no": ("People", "Pedagogical education", 3, "perhaps", "✓", "not_yes_or_no", "L3"),
    "unknown_value": ("People", "Qualification category", 2, "higest", "Высшая", "unknown_value", "N2"),
    "unknown_value_in_list": ("Mentors", "Topics", 2, "digital; cooking", "digital, parents", "unknown_value", "H2"),
    "empty_id": ("People", "Id", 4, None, "P-3", "missing_value", "A4"),
    "id_with_separator": ("Sites", "Id", 3, "B;2", "B-2", "bad_id", "A3"),
    "id_turned_into_date": ("Sites", "Id", 3, date(2026, 2, 1), "B-2", "not_text", "A3"),
    "too_long_id": ("Sites", "Id", 3, "B" * 101, "B-2", "too_long", "A3"),
    "too_long_text": ("Sites", "Name", 3, "B" * 10_001, "B" * 10_000, "too_long", "C3"),
    "control_character": ("Sites", "Name", 3, "bell_x0007_", "bell", "control_character", "C3"),
    "unknown_organisation": ("People", "Organisation", 3, "O-9", "O-1", "unknown_id", "D3"),
    "unknown_person_of_mentor": ("Mentors", "Mentor", 3, "P-33", "P-3", "unknown_id", "A3"),
    "unknown_mentee_of_request": ("Requests", "Mentee", 3, "P-3", "P-2", "unknown_id", "A3"),
    "unknown_class_teacher": ("Classes", "Class teacher", 2, "P-9", "P-1", "unknown_id", "E2"),
    "unknown_class_in_list": ("Mentors", "Class teacher of", 2, "7A; 8B", "7A", "unknown_id", "R2"),
    "unknown_time_zone": ("Organisations", "Time zone", 2, "Europe/Moskow", "Asia/Tomsk", "unknown_time_zone", "F2"),
    "score_out_of_range": ("Wishes", "Score (0–10)", 2, 10.5, 10, "out_of_range", "C2"),
    "negative_score": ("Wishes", "Score (0–10)", 2, -1, 0, "out_of_range", "C2"),
    "psychologist_out_of_range": ("Compatibility", "Psychologist (−2…+2)", 2, 3, "−2", "out_of_range", "C2"),
    "level_out_of_range": ("Mentors", "Level: digital", 2, 5, 4, "out_of_range", "M2"),
    "deficit_level_out_of_range": ("Deficits", "Level (0–4)", 2, -1, 0, "out_of_range", "C2"),
    "priority_out_of_range": ("Requests", "Priority (1–3)", 2, 4, 3, "out_of_range", "D2"),
    "duplicate_person": ("People", "Id", 4, "P-1", "P-3", "duplicate", "A4"),
    "duplicate_request": ("Requests", "Topic", 3, "digital technologies", "other", "duplicate", "A3"),
    "class_named_as_a_person": ("Classes", "Id", 2, "P-3", "7A", "duplicate", "A2"),
    "wish_for_oneself": ("Wishes", "To", 2, "P-2", "P-3", "self_pair", "B2"),
    "lock_with_oneself": ("Locks", "Mentor", 3, "P-2", "P-3", "self_pair", "B3"),
    "absence_ends_before_it_begins": ("Absences", "To", 2, "01.11.2026", "02.11.2026", "end_before_start", "C2"),
    "contract_ends_before_it_begins": ("Contracts", "To", 2, "01.08.2026", "01.09.2026", "end_before_start", "D2"),
    "consent_ends_before_it_begins": ("Consents", "Expires", 2, "31.08.2026", "01.09.2026", "end_before_start", "D2"),
    "availability_ends_as_it_begins": ("Availability", "To", 2, time(14), time(14, 1), "end_before_start", "E2"),
    "text_for_time": ("Availability", "To", 2, "after lessons", "16:30", "not_time", "E2"),
    "hour_of_no_day": ("Availability", "To", 2, "25:00", "15.45", "not_time", "E2"),
    "least_load_above_most": ("Mentors", "Most individual mentees", 3, -1, 1, "out_of_range", "Y3"),
    "part_above_whole": ("Organisations", "Staff under 35", 2, 41, 40, "part_above_whole", "G2"),
    "mentee_neither_person_nor_class": ("Mentees", "Mentee", 2, None, "P-2", "no_mentee", "A2"),
    "mentee_both_person_and_class": ("Mentees", "Class", 2, "7A", None, "two_mentees", "B2"),
    "override_without_sides": ("Overrides", "Mentor", 2, None, "P-1", "no_side", "A2"),
    "lock_both_kept_and_forbidden": ("Locks", "Mentor", 3, "P-1", "P-3", "contradictory_locks", "E3"),
    "pupil_of_a_class_elsewhere": ("People", "Organisation", 5, "O-2", "O-1", "class_elsewhere", "U5"),
    "pupil_of_another_grade": ("People", "Grade of the pupil", 5, 8, 7, "grade_differs", "T5"),
    "lock_in_two_states": ("Locks", "Mentor", 3, "P-1", "P-3", "contradictory_locks", "E3"),
    "error_cell": ("People", "Name", 2, "#N/A", "N/A", "error_cell", "B2"),
    "formula": ("People", "Name", 2, "=1+1", "two", "formula", "B2"),
    "formula_in_an_empty_row": ("People", "Name", 9, "=1+1", None, "formula", "B9"),
}  # fmt: skip
"""Where a fault brings others with it, they are named in ``COMPANY``."""

COMPANY: dict[str, list[tuple[str, str]]] = {
    "empty_id": [("unknown_id", "Mentors!A3")],
    "duplicate_person": [("unknown_id", "Mentors!A3")],
    "id_with_separator": [("unknown_id", "Travel!B2")],
    "id_turned_into_date": [("unknown_id", "Travel!B2")],
    "too_long_id": [("unknown_id", "Travel!B2")],
    "unknown_person_of_mentor": [("unknown_id", "Locks!A3")],
    "class_named_as_a_person": [
        ("unknown_id", "People!U5"),
        ("unknown_id", "Mentees!B3"),
    ],
    "lock_with_oneself": [("unknown_id", "Locks!A3")],
    "mentee_neither_person_nor_class": [
        ("unknown_id", "Requests!A2"),
        ("unknown_id", "Requests!A3"),
        ("unknown_id", "Deficits!A2"),
        ("unknown_id", "Compatibility!B2"),
        ("unknown_id", "Locks!B2"),
        ("unknown_id", "Locks!B3"),
        ("unknown_id", "Overrides!C2"),
    ],
    "formula_in_an_empty_row": [("missing_value", "People!A9"), ("missing_value", "People!D9")],
}


def put(book: Any, name: str, value: object) -> None:
    sheet, heading, row = FAULTS[name][:3]
    cell = cell_of(book, sheet, heading, row)
    cell.value = value
    if name == "number_for_date" and isinstance(value, int):
        cell.number_format = "General"
    if name == "lock_in_two_states":
        cell_of(book, "Locks", "Status", 3).value = "prolonged"
    if name == "override_without_sides":
        cell_of(book, "Overrides", "Mentee", 2).value = None if value is None else "P-2"


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_found_at_its_cell(name: str, tmp_path: Path) -> None:
    sheet, _, _, wrong, _, kind, cell = FAULTS[name]
    report = check(write_spoilt(tmp_path / "wrong.xlsx", lambda book: put(book, name, wrong)))
    assert report.roster is None
    assert sorted(found(report)) == sorted([(kind, f"{sheet}!{cell}"), *COMPANY.get(name, [])])


@pytest.mark.parametrize("name", FAULTS)
def test_mended_workbook_passes(name: str, tmp_path: Path) -> None:
    right = FAULTS[name][4]
    report = check(write_spoilt(tmp_path / "mended.xlsx", lambda book: put(book, name, right)))
    assert found(report) == []
    assert report.roster is not None
