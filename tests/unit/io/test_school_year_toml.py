"""School years: the presets of any year, files of one's own, and every fault at once with its line."""

from __future__ import annotations

import json
from datetime import date, timedelta
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest

from matcher.errors import Fault, InputError
from matcher.io.school_year_hours import strange_bells
from matcher.io.school_year_toml import list_school_years, parse_school_year, read_school_year, school_year_schema
from matcher.school_year import DayKind, SchoolYear
from matcher.texts import say

FILE = "mine.toml"
YEARS = range(2023, 2033)
OWN = """id = "mine"
title = "Наша школа"
first_day = 2026-09-01
last_day = 2027-05-26
weekdays = 6
num_weeks = 2
week_a_day = 2026-09-07
evening = "17:00"

[[terms]]
name = "I"
last = "12-31"

[[terms]]
name = "II"
first = "01-11"

[[vacations]]
name = "осень"
first = 2026-10-26
last = "11-03"

[[exams]]
name = "ВПР"
first = "04-12"
last = "04-16"
grades = [7, 8]

[[report_weeks]]
name = "отчёт"
first = "mon 12-14"
last = "sat 12-14"

[[bells]]
name = "1"
from = "08:00"
to = "08:45"

[[bells]]
name = "1"
from = "14:00"
to = "14:45"
shift = 2
"""


def shipped(name: str) -> str:
    return resources.files("matcher").joinpath("school_years", name).read_text(encoding="utf-8")


def faults_of(content: str, **settings: int) -> list[tuple[str, str, str]]:
    with pytest.raises(InputError) as caught:
        parse_school_year(content, FILE, **settings)
    return [spoken(fault) for fault in caught.value.faults]


def spoken(fault: Fault) -> tuple[str, str, str]:
    """Return place (without the file), message and cure in English; the Russian must fill its blanks too."""
    assert fault.cure is not None
    assert "{" not in say(fault.message, "ru")
    assert "{" not in say(fault.cure, "ru").replace('{"', "")
    return fault.place.removeprefix(f"{FILE}:"), str(fault.message), str(fault.cure)


def changed(*changes: tuple[str, str]) -> str:
    content = OWN
    for old, new in changes:
        assert content.count(old) >= 1
        content = content.replace(old, new, 1)
    return content


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("preset", list_school_years())
def test_presets_fit_any_year(preset: str, year: int) -> None:
    found = read_school_year(preset, year=year)
    assert found.first_day.year == year
    assert found.first_day == next(
        day for n in range(4) if (day := date(year, 9, 1) + timedelta(days=n)).isoweekday() <= 5
    )
    assert found.last_day == date(year + 1, 5, 26)
    assert not list(strange_bells(found))
    # Terms and vacations fill the year without a gap but for weekends.
    spans = sorted([*found.terms, *found.vacations], key=lambda span: span.first_day)
    inside = [
        span for span in spans if any(span.first_day > t.first_day and span.last_day < t.last_day for t in found.terms)
    ]
    between = [span for span in spans if span not in inside]
    assert between[0].first_day == found.first_day
    assert between[-1].last_day == found.last_day
    for before, after in pairwise(between):
        assert before.last_day < after.first_day
        days = (after.first_day - before.last_day).days
        gap = [before.last_day + timedelta(days=n) for n in range(1, days)]
        assert all(day.isoweekday() > 5 for day in gap)
    for span in found.vacations:
        assert 7 <= (span.last_day - span.first_day).days + 1 <= 14


def test_presets_have_the_usual_days() -> None:
    found = read_school_year("quarters", year=2025)
    shown = [f"{span.first_day:%d.%m}-{span.last_day:%d.%m}" for span in found.vacations]
    assert shown == ["25.10-02.11", "31.12-11.01", "28.03-05.04"]
    assert len(found.terms) == 4
    assert (found.weekdays, found.num_weeks) == (5, 1)
    assert {found.kind_of(date(2025, 9, 6)), found.kind_of(date(2025, 10, 28))} == {DayKind.WEEKEND, DayKind.VACATION}
    assert len(read_school_year("trimesters", year=2025).terms) == 3


def test_the_first_of_september_on_a_sunday_is_put_off_to_monday() -> None:
    assert read_school_year("quarters", year=2024).first_day == date(2024, 9, 2)


def test_a_six_day_week_begins_on_a_saturday() -> None:
    five, six = (
        parse_school_year(f'id = "own"\ntitle = "t"\nbase = "quarters"\nweekdays = {n}', FILE, year=2029)
        for n in (5, 6)
    )
    assert (five.first_day, six.first_day) == (date(2029, 9, 3), date(2029, 9, 1))


def test_holidays_have_their_transferred_days() -> None:
    found = read_school_year("quarters", year=2025)
    # 1 November 2025 was worked in exchange for Monday 3 November, but lies in the vacations of quarters.
    assert found.kind_of(date(2025, 11, 3)) is DayKind.HOLIDAY
    assert found.kind_of(date(2025, 11, 4)) is DayKind.HOLIDAY
    assert found.kind_of(date(2025, 11, 1)) is DayKind.VACATION
    assert date(2025, 11, 1) in read_school_year("trimesters", year=2025).working_days
    assert found.kind_of(date(2026, 3, 9)) is DayKind.HOLIDAY
    assert {span.name for span in found.holidays} >= {"День народного единства", "Рождество Христово"}


def test_holidays_of_one_name_in_a_row_are_one() -> None:
    found = read_school_year("quarters", year=2026)
    first = next(span for span in found.holidays if span.name == "Новогодние каникулы")
    assert (first.first_day, first.last_day) == (date(2027, 1, 1), date(2027, 1, 6))


def test_holidays_can_be_overridden() -> None:
    own = """
working_days = [2026-11-08]
[holidays]
remove = [2026-11-04, "02-20"]
[[holidays.add]]
name = "День города"
first = 2026-09-12
last = 2026-09-13
"""
    found = parse_school_year(OWN + own.replace("working_days = [2026-11-08]\n", ""), FILE)
    assert found.kind_of(date(2026, 11, 4)) is DayKind.SCHOOL
    assert found.kind_of(date(2026, 9, 12)) is DayKind.HOLIDAY
    assert date(2027, 2, 20) not in found.working_days
    assert [span.first_day for span in found.holidays] == sorted(span.first_day for span in found.holidays)
    worked = parse_school_year(changed(("evening", "working_days = [2026-11-08]\nevening")), FILE)
    assert worked.kind_of(date(2026, 11, 8)) is DayKind.SCHOOL
    assert parse_school_year(OWN + '[holidays]\ncountry = ""', FILE).holidays == ()


def test_a_file_of_ones_own_says_everything() -> None:
    found = parse_school_year(OWN, FILE)
    assert (found.id, found.weekdays, found.num_weeks, found.week_a_day) == ("mine", 6, 2, date(2026, 9, 7))
    assert [(span.name, span.first_day, span.last_day) for span in found.terms] == [
        ("I", date(2026, 9, 1), date(2026, 12, 31)),
        ("II", date(2027, 1, 11), date(2027, 5, 26)),
    ]
    assert found.exams[0].grades == (7, 8)
    assert not found.exams[0].is_for_all
    assert found.report_weeks[0].last_day - found.report_weeks[0].first_day == timedelta(days=5)
    assert [(bell.start_minute, bell.end_minute, bell.shift) for bell in found.bells] == [(480, 525, 1), (840, 885, 2)]
    assert (found.day_start_minute, found.day_end_minute, found.evening_minute) == (480, 1140, 1020)


def test_what_a_file_does_not_say_is_as_in_its_base() -> None:
    found = parse_school_year('id = "own"\ntitle = "t"\nbase = "trimesters"\nday_end = "20:00"', FILE, year=2026)
    base = read_school_year("trimesters", year=2026)
    assert (found.terms, found.vacations, found.bells) == (base.terms, base.vacations, base.bells)
    assert (found.id, found.day_end_minute, base.day_end_minute) == ("own", 1200, 1140)


def test_the_example_is_read() -> None:
    found = parse_school_year(shipped("example.toml"), "example.toml")
    assert len(found.exams) == 3
    assert {bell.shift for bell in found.bells} == {1, 2}


def test_the_year_is_that_of_the_dates_else_the_present_one() -> None:
    assert parse_school_year(OWN, FILE).first_day.year == 2026
    assert parse_school_year(OWN, FILE, year=2026).first_day.year == 2026
    today = date.today()
    assert read_school_year("quarters").first_day.year == (today.year if today.month >= 7 else today.year - 1)
    assert faults_of(OWN, year=2027)[0] == (
        "3: first_day",
        "this is the school year that begins in 2026, not in 2027",
        "give the year 2026, or another file",
    )


@pytest.mark.parametrize(
    ("old", "new", "place", "message", "cure"),
    [
        ("evening =", "evenning =", "8: evenning", "the key evenning is unknown", "did you mean evening?"),
        ("grades =", "grade =", "27: exams.0.grade", "the key grade is unknown", "did you mean grades?"),
        ("weekdays = 6", "weekdays = 7", "5: weekdays", "7 is unknown", "known here: 5, 6"),
        ("num_weeks = 2", "num_weeks = 1", "7: week_a_day", "week_a_day says nothing", "write num_weeks = 2"),
        ("2026-09-01", '"1 сентября"', "3: first_day", "1 сентября is no day of a school year", "write a date"),
        ("2026-09-01", '"13-01"', "3: first_day", "13-01 is no day of a school year", "write a date"),
        ("first_day = 2026-09-01\n", "", "1: first_day", "the key is missing", "for example first_day = 2026-09-01"),
        ("2027-05-26", "2026-05-26", "4: last_day", "the last day (26.05.2026) is before the first (01.09.2026)", ""),
        ("2027-05-26", "2028-05-26", "4: last_day", "the school year is longer than a year", "write a day before"),
        ('"11-03"', '"10-03"', "21: vacations.0.last", "the last day (03.10.2026) is before the first", "exchange"),
        (
            'first = 2026-10-26\nlast = "11-03"',
            "first = 2027-10-26\nlast = 2027-11-03",
            "18: vacations.0",
            "“осень” (26.10.2027–03.11.2027) lies outside the school year (01.09.2026–26.05.2027)",
            "correct these days, or first_day and last_day",
        ),
        ('"12-31"', '"01-20"', "14: terms.1", "“II” overlaps “I”", "correct the days of one of them"),
        ('first = "01-11"\n', "", "14: terms.1.first", "the key is missing", "write first ="),
        ('last = "12-31"\n', "", "10: terms.0.last", "the key is missing", "write last ="),
        ('first = "04-12"\nlast = "04-16"\n', "", "23: exams.0.first", "the key is missing", "for example first ="),
        ("[7, 8]", "[7, 12]", "27: exams.0.grades.1", "12 is outside the bounds", "write 11 or less"),
        ("[7, 8]", "[7, 7]", "27: exams.0.grades", "7 stands twice", "leave 7 in one place"),
        ('"04-12"', '"02-29"', "25: exams.0.first", "02-29 is no day of the year", "write month and day"),
        ('to = "08:45"', 'to = "07:45"', "34: bells.0", "the end is not after the beginning", "exchange the two times"),
        ('to = "08:45"', 'to = "8:45"', "37: bells.0.to", '"8:45" has a wrong form', 'for example to = "08:45"'),
        (
            'from = "08:00"',
            'from = "07:30"',
            "34: bells.0",
            "“1” lies outside the hours of the day",
            "correct the bell",
        ),
        ("shift = 2", "shift = 0", "43: bells.1.shift", "0 is outside the bounds", "write 1 or more"),
        ('"17:00"', '"20:00"', "8: evening", "the evening does not begin in the hours of the day", "write a time"),
        ('evening = "17:00"', 'day_end = "07:00"', "8: day_end", "the end is not after the beginning", "exchange"),
        ('id = "mine"', 'id = "mine"\nbase = "quarter"', "2: base", '"quarter" is unknown', "did you mean quarters?"),
        (
            "[[terms]]",
            "[holidays]\nremove = [2026-09-05]\n[[terms]]",
            "11: holidays.remove",
            "05.09.2026 is no",
            "leave",
        ),
        (
            "[[terms]]",
            '[holidays]\ncountry = "FR"\n[[terms]]',
            "11: holidays.country",
            '"FR" is unknown',
            "known here: RU",
        ),
        (
            "[[terms]]",
            '[[holidays.add]]\nname = "x"\nfirst = 2026-06-01\nlast = 2026-06-01\n[[terms]]',
            "10: holidays.add.0",
            "“x” (01.06.2026) lies outside",
            "correct these days",
        ),
        ("weekdays = 6", "weekdays = 6\nworking_days = [2027-08-01]", "6: working_days.0", "“01.08.2027”", "correct"),
        ("[[report_weeks]]", "[[report_weks]]", "29: report_weks", "the key report_weks is unknown", "did you mean"),
    ],
)
def test_a_fault_has_line_key_and_cure(old: str, new: str, place: str, message: str, cure: str) -> None:
    found = faults_of(changed((old, new)))
    assert any(p == place and message in m and cure in c for p, m, c in found), found


def test_all_faults_are_told_at_once() -> None:
    content = changed(
        ("weekdays = 6", "weekdays = 4"),
        ('"11-03"', '"10-03"'),
        ('to = "08:45"', 'to = "07:45"'),
        ("grades", "grads"),
        ("shift = 2", 'shift = "2"'),
    )
    assert [place for place, _, _ in faults_of(content)] == [
        "5: weekdays",
        "21: vacations.0.last",
        "27: exams.0.grads",
        "34: bells.0",
        "43: bells.1.shift",
    ]


def test_bells_of_one_shift_do_not_overlap() -> None:
    content = changed(("shift = 2\n", ""), ('"14:00"', '"08:30"'), ('"14:45"', '"09:15"'))
    assert faults_of(content) == [
        ("39: bells.1", "“1” overlaps “1”", "correct one of the two, or give them different shifts")
    ]


def test_what_is_no_toml_or_no_file(tmp_path: Path) -> None:
    assert faults_of("id = ")[0][1].startswith("this is not TOML")
    for name, cure in (("quarter", "did you mean quarters?"), ("x.toml", "name a TOML file or a calendar: quarters")):
        with pytest.raises(InputError) as caught:
            read_school_year(name)
        assert str(caught.value.faults[0].cure).startswith(cure)
    path = tmp_path / "own.toml"
    path.write_bytes(OWN.encode("cp1251"))
    with pytest.raises(InputError, match="is not UTF-8"):
        read_school_year(path)
    path.write_text(OWN, encoding="utf-8-sig")
    assert read_school_year(path).id == "mine"


def test_unusual_bells_are_told() -> None:
    bells = changed(
        ('from = "08:00"\nto = "08:45"', 'from = "07:30"\nto = "09:00"'),
        ('from = "14:00"\nto = "14:45"\nshift = 2', 'from = "09:05"\nto = "19:30"'),
        ("evening", 'day_start = "07:00"\nday_end = "20:00"\nevening'),
    )
    assert [str(message) for message in strange_bells(parse_school_year(bells, FILE))] == [
        "lesson “1” is longer than 45 minutes",
        "lesson “1” begins before 08:00",
        "lesson “1” is longer than 45 minutes",
        "lesson “1” ends after 19:00",
        "the break before lesson “1” is shorter than 10 minutes",
    ]


def test_the_shipped_schema_is_that_of_the_program() -> None:
    """When this fails: ``matcher calendar schema -o matcher/school_years/schema.json``."""
    assert json.loads(shipped("schema.json")) == school_year_schema()


def test_every_day_has_one_kind() -> None:
    found: SchoolYear = read_school_year("trimesters", year=2026)
    kinds = [found.kind_of(day) for day in found.days()]
    assert DayKind.OUTSIDE not in kinds
    assert 150 <= kinds.count(DayKind.SCHOOL) <= 175
