"""School years on the console."""

from __future__ import annotations

from collections.abc import Iterable

from matcher.io.console.paper import Paper
from matcher.io.school_year_hours import strange_bells
from matcher.io.school_year_summary import days_of, school_year_summary, title_of
from matcher.school_year import SchoolYear
from matcher.texts import Lang, text


def print_calendar_list(years: Iterable[SchoolYear], lang: Lang) -> None:
    """Print id, title and days of every preset."""
    rows = ((year.id, title_of(year, lang), days_of(year.first_day, year.last_day)) for year in years)
    Paper(lang).table((text("id"), text("calendar"), text("school year")), rows, styles=("cyan", "", ""))


def print_calendar(year: SchoolYear, lang: Lang) -> None:
    """Print one school year as a methodist reads it."""
    Paper(lang).table((text("what"), text("as the calendar has it")), school_year_summary(year, lang), styles=("bold",))


def print_strange_bells(year: SchoolYear, lang: Lang) -> None:
    """Print what is unusual about the bells of a school year, which is no fault."""
    paper = Paper(lang, is_error=True)
    for message in strange_bells(year):
        paper.line(message, "yellow")
