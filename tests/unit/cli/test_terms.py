"""Which days a round plans when nobody names them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from matcher.cli import language
from matcher.cli.terms import read_round
from matcher.errors import InputError
from matcher.io.policy_toml import read_policy
from matcher.io.school_year_toml import read_school_year
from matcher.planning import is_nearly_over, usual_term
from matcher.roster import Organisation, Roster
from matcher.timetables import Timetables

POLICY = read_policy("kalmykia")
YEAR = Timetables(years={"": read_school_year("quarters", year=2026)})
ROSTER = Roster(organisations=(Organisation(id="O-1", name="School", municipality="M"),))


@pytest.mark.parametrize(
    ("today", "first_day"),
    [
        (None, date(2026, 10, 1)),
        (date(2026, 9, 1), date(2026, 10, 1)),
        (date(2026, 10, 1), date(2026, 10, 1)),
        (date(2026, 10, 2), date(2026, 10, 5)),
        (date(2026, 11, 21), date(2026, 11, 23)),
        (date(2026, 11, 23), date(2026, 11, 30)),
    ],
)
def test_meetings_do_not_begin_in_the_past(today: date | None, first_day: date) -> None:
    assert usual_term(POLICY, YEAR, today=today) == (first_day, date(2027, 5, 26))


def test_a_year_is_nearly_over_three_months_before_its_end() -> None:
    assert not is_nearly_over(YEAR, date(2027, 2, 26))
    assert is_nearly_over(YEAR, date(2027, 2, 27))


def days(capsys: pytest.CaptureFixture[str], today: date | None, **given: object) -> tuple[tuple[date, date], str]:
    """Return the days a round plans, and what is told of them."""
    language.choose("ru")
    asked: dict[str, object] = {"calendar": "trimesters", "first_day": None, "last_day": None, **given}
    _, _, term = read_round([], ROSTER, POLICY, today=today, **asked)  # type: ignore[arg-type]
    return term, capsys.readouterr().out


def own_calendar(folder: Path) -> str:
    path = folder / "own.toml"
    path.write_text('id = "own"\ntitle = "2026"\nbase = "quarters"\nfirst_day = 2026-09-01\nlast_day = 2027-05-25\n')
    return str(path)


def test_a_past_first_day_is_put_off_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    calendar = own_calendar(tmp_path)
    term, told = days(capsys, date(2026, 11, 21), calendar=calendar)
    assert term == (date(2026, 11, 23), date(2027, 5, 25))
    assert "Обычный первый день встреч, 01.10.2026, уже прошёл: встречи начнутся 23.11.2026" in told
    term, told = days(capsys, None, calendar=calendar)
    assert (term, told) == ((date(2026, 10, 1), date(2027, 5, 25)), "")


def test_a_named_first_day_counts_even_if_past(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = date(2026, 9, 7)
    term, told = days(capsys, date(2027, 4, 1), calendar=own_calendar(tmp_path), first_day=named)
    assert (term, told) == ((named, date(2027, 5, 25)), "")


def test_a_year_nearly_over_gives_way_to_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    begins = days(capsys, None)[0][0]
    term, told = days(capsys, date(begins.year + 1, 4, 1))
    assert term[0] == date(begins.year + 1, 10, 1)
    assert f"на следующий учебный год, с 01.10.{begins.year + 1}" in told


def test_a_calendar_of_one_year_has_no_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    calendar = own_calendar(tmp_path)
    assert days(capsys, date(2027, 4, 1), calendar=calendar)[0] == (date(2027, 4, 5), date(2027, 5, 25))
    with pytest.raises(InputError) as error:
        days(capsys, date(2027, 6, 1), calendar=calendar)
    assert "the school year is over on 25.05.2027" in str(error.value.faults[0].message)
