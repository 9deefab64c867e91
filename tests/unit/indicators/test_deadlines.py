"""What is due in a school year: dates of the regulations (7.9) against a calendar written by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from matcher.errors import InputError
from matcher.indicators.deadlines import due_dates
from matcher.indicators.due import Due, DueState
from matcher.indicators.facts import Done, Notice, Vacancy
from matcher.io.policy_toml import read_policy
from matcher.io.working_days import working_days
from matcher.policy import Policy
from matcher.policy_words import EndReason, Quarters, ScopeLevel
from matcher.roster import MentoringForm, Organisation
from tests.unit.indicators.town import DAL, Town

BAR, KAL, ANU = read_policy("barnaul"), read_policy("kalmykia"), read_policy("anuchino")
TODAY = date(2026, 11, 21)


def town() -> Town:
    """Two schools of one town; a pair from 1 October 2025 to 31 May 2026, another from 15 November 2025."""
    found = Town(
        Organisation(id="S-1", municipality="Town", region="R"), Organisation(id="S-2", municipality="Town", region="R")
    )
    found.teacher("T-1").teacher("N-1").teacher("N-2", organisation="S-2")
    found.programme("T-1", "N-1").programme("T-1", "N-2", first_day=date(2025, 11, 15), last_day=date(2026, 6, 1))
    return found


def due(policy: Policy, year: int, id_: str, facts: Town | None = None, today: date = TODAY) -> list[Due]:
    return [one for one in due_dates(policy, year, (facts or town()).facts, today) if one.id == id_]


@pytest.mark.parametrize(
    ("id_", "year", "first_day", "day", "level", "clause"),
    [
        ("legal_acts", 2025, date(2025, 8, 1), date(2025, 9, 30), "municipality", "roadmap 1, 2"),
        ("register", 2025, date(2025, 9, 1), date(2025, 11, 30), "municipality", "roadmap 5"),
        ("register", 2027, date(2027, 9, 1), date(2027, 11, 30), "municipality", "roadmap 5"),
        ("school_monitoring", 2025, None, date(2025, 10, 20), "organisation", "5.2.1"),
        ("school_monitoring", 2026, None, date(2026, 10, 20), "organisation", "5.2.1"),
        ("school_monitoring", 2028, None, date(2028, 10, 20), "organisation", "5.2.1"),
        ("municipal_monitoring", 2025, None, date(2025, 11, 1), "municipality", "5.2.2"),
        ("municipal_monitoring", 2026, None, date(2026, 11, 1), "municipality", "5.2.2"),
        ("regional_monitoring", 2025, None, date(2025, 12, 1), "municipality", "roadmap 8"),
        ("regional_monitoring", 2026, None, date(2026, 12, 1), "municipality", "roadmap 8"),
        ("forum", 2025, None, date(2025, 12, 25), "municipality", "roadmap 7"),
        ("forum", 2026, None, date(2026, 12, 25), "municipality", "roadmap 7"),
        ("federal_form", 2025, None, date(2026, 1, 20), "organisation", "5.2.2"),
        ("federal_form", 2026, None, date(2027, 1, 20), "organisation", "5.2.2"),
        ("municipal_coordination", 2025, date(2025, 9, 1), date(2026, 8, 31), "municipality", "3.2.1"),
        ("school_coordination", 2026, date(2026, 9, 1), date(2027, 8, 31), "organisation", "3.2.2"),
    ],
)
def test_dates_of_the_methodology(
    id_: str, year: int, first_day: date | None, day: date, level: str, clause: str
) -> None:
    found = due(DAL, year, id_)
    assert {(one.first_day, one.day, one.level, one.clause) for one in found} == {
        (first_day, day, ScopeLevel(level), clause)
    }
    assert [one.subject for one in found] == (["S-1", "S-2"] if level == "organisation" else ["Town"])


def test_a_date_of_one_year_is_of_that_year_only() -> None:
    assert due(DAL, 2024, "legal_acts") == []
    assert due(DAL, 2026, "legal_acts") == []


@pytest.mark.parametrize(
    ("today", "done_day", "state"),
    [
        (date(2026, 10, 19), None, DueState.AHEAD),
        (date(2026, 10, 20), None, DueState.AHEAD),
        (date(2026, 10, 21), None, DueState.OVERDUE),
        (date(2026, 10, 21), date(2026, 10, 20), DueState.DONE),
        (date(2026, 11, 21), date(2026, 11, 3), DueState.DONE),
        (date(2026, 10, 21), date(2025, 10, 12), DueState.OVERDUE),  # that was last year's
        (date(2026, 10, 19), date(2027, 10, 1), DueState.AHEAD),  # and that is next year's
    ],
)
def test_how_a_date_stands(today: date, done_day: date | None, state: DueState) -> None:
    facts = town()
    if done_day is not None:
        facts.add(done=[Done(deadline="school_monitoring", subject="S-1", day=done_day)])
    first, other = due(DAL, 2026, "school_monitoring", facts, today)
    assert first.state is state
    assert other.state is (DueState.AHEAD if today <= date(2026, 10, 20) else DueState.OVERDUE)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 8, 31), DueState.AHEAD),
        (date(2026, 9, 1), DueState.OPEN),
        (date(2026, 11, 30), DueState.OPEN),
        (date(2026, 12, 1), DueState.OVERDUE),
    ],
)
def test_a_window_opens_and_closes(today: date, state: DueState) -> None:
    assert [one.state for one in due(DAL, 2026, "register", today=today)] == [state]


def test_a_window_may_reach_over_the_new_year() -> None:
    rule = replace(next(one for one in DAL.deadlines if one.id == "register"), start_day="11-15", day="02-10")
    (found,) = due(replace(DAL, deadlines=(rule,)), 2026, "register")
    assert (found.first_day, found.day, found.state) == (date(2026, 11, 15), date(2027, 2, 10), DueState.OPEN)


def test_reports_are_due_ten_days_after_each_quarter_a_programme_ran_in() -> None:
    """T-1:N-1 runs October–May, T-1:N-2 from 15 November to 1 June: three quarters each, the last not to its end."""
    found = {(one.subject, one.covers, one.day) for one in due(DAL, 2025, "quarterly_report")}
    ends = [date(2025, 12, 31), date(2026, 3, 31), date(2026, 6, 30)]
    days = [date(2026, 1, 10), date(2026, 4, 10), date(2026, 7, 10)]
    assert found == {(pair, *both) for pair in ("T-1:N-1", "T-1:N-2") for both in zip(ends, days, strict=True)}
    assert due(DAL, 2026, "quarterly_report") == []


def test_a_programme_cut_short_reports_on_its_last_quarter_only() -> None:
    facts = Town().teacher("T-1").teacher("N-1")
    facts.programme("T-1", "N-1", first_day=date(2025, 8, 1), end_day=date(2025, 10, 1))
    found = [(one.covers, one.day) for one in due(DAL, 2025, "quarterly_report", facts)]
    assert found == [(date(2025, 9, 30), date(2025, 10, 10)), (date(2025, 12, 31), date(2026, 1, 10))]


def test_a_report_settles_its_own_quarter() -> None:
    facts = town().add(
        done=[Done(deadline="quarterly_report", subject="T-1:N-1", day=date(2026, 4, 2), covers=date(2026, 3, 31))]
    )
    found = due(DAL, 2025, "quarterly_report", facts, date(2026, 4, 11))
    states = {(one.subject, one.covers): one.state for one in found}
    assert states["T-1:N-1", date(2026, 3, 31)] is DueState.DONE
    assert states["T-1:N-1", date(2025, 12, 31)] is DueState.OVERDUE
    assert states["T-1:N-2", date(2026, 3, 31)] is DueState.OVERDUE
    assert states["T-1:N-2", date(2026, 6, 30)] is DueState.AHEAD


def by_school_quarters() -> Policy:
    rules = tuple(
        replace(one, quarters=Quarters.SCHOOL) if one.id == "quarterly_report" else one for one in DAL.deadlines
    )
    return replace(DAL, deadlines=rules)


def test_the_policy_may_count_by_quarters_of_the_school_year() -> None:
    """A-34: ends on 24 October, 30 December, 20 March, 26 May; T-1:N-2 begins after the first of them."""
    ends = [date(2025, 10, 24), date(2025, 12, 30), date(2026, 3, 20), date(2026, 5, 26)]
    found = due_dates(by_school_quarters(), 2025, town().facts, TODAY, school_quarters=ends)
    reports = [(one.subject, one.day) for one in found if one.id == "quarterly_report"]
    assert [day for pair, day in reports if pair == "T-1:N-1"] == [
        date(2025, 11, 3),
        date(2026, 1, 9),
        date(2026, 3, 30),
        date(2026, 6, 5),
    ]
    assert [day for pair, day in reports if pair == "T-1:N-2"] == [
        date(2026, 1, 9),
        date(2026, 3, 30),
        date(2026, 6, 5),
    ]


def test_quarters_of_the_school_year_must_be_known() -> None:
    with pytest.raises(InputError) as caught:
        due_dates(by_school_quarters(), 2025, town().facts, TODAY)
    assert caught.value.faults[0].place == "deadlines.quarterly_report"


@pytest.mark.parametrize(
    ("days", "num_done", "state"),
    [
        ([], 0, DueState.OPEN),
        ([date(2026, 10, 5)], 1, DueState.DONE),
        ([date(2026, 10, 5), date(2027, 2, 5)], 2, DueState.DONE),
        ([date(2026, 3, 2)], 0, DueState.OPEN),  # the school year before
    ],
)
def test_coordination_meetings(days: list[date], num_done: int, state: DueState) -> None:
    facts = town().add(done=[Done(deadline="municipal_coordination", subject="Town", day=day) for day in days])
    (found,) = due(DAL, 2026, "municipal_coordination", facts)
    assert (found.num_done, found.times, found.state) == (num_done, (1, 2), state)
    assert found.day == date(2027, 8, 31)


@pytest.mark.parametrize(
    ("reviewed", "day", "state"),
    [
        (None, date(2027, 8, 31), DueState.OPEN),
        (date(2026, 1, 15), date(2027, 1, 15), DueState.OPEN),
        (date(2025, 11, 20), date(2026, 11, 20), DueState.OVERDUE),  # older than twelve months
        (date(2024, 2, 29), date(2025, 2, 28), DueState.OVERDUE),
        (date(2026, 9, 3), date(2027, 8, 31), DueState.DONE),
    ],
)
def test_the_register_is_reviewed_within_a_year_of_the_last_review(
    reviewed: date | None, day: date, state: DueState
) -> None:
    """BAR 4.1.3: at least once a year."""
    facts = town()
    if reviewed is not None:
        facts.add(done=[Done(deadline="yearly_review", subject="S-1", day=reviewed)])
    found = next(one for one in due(BAR, 2026, "yearly_review", facts) if one.subject == "S-1")
    assert (found.day, found.state) == (day, state)


def test_results_are_published_after_the_programme_is_over() -> None:
    """KAL 4.12: no last day; what has not ended is not published; what was forgotten stays open."""
    facts = Town().teacher("T-1").teacher("N-1").teacher("N-2").teacher("N-3").teacher("N-4")
    facts.programme("T-1", "N-1", full=True).programme("T-1", "N-2", full=True).programme("T-1", "N-3")
    facts.programme("T-1", "N-4", first_day=date(2024, 10, 1), end_day=date(2025, 5, 20))
    facts.add(done=[Done(deadline="publication", subject="T-1:N-2", day=date(2026, 6, 10))])
    found = {one.subject: one for one in due(KAL, 2025, "publication", facts, date(2026, 6, 15))}
    assert {subject: one.state for subject, one in found.items()} == {
        "T-1:N-1": DueState.OPEN,
        "T-1:N-2": DueState.DONE,
        "T-1:N-3": DueState.AHEAD,
        "T-1:N-4": DueState.OPEN,
    }
    assert found["T-1:N-1"].first_day == date(2026, 5, 25)
    assert found["T-1:N-1"].day is None
    assert [one.subject for one in due(KAL, 2024, "publication", facts)] == ["T-1:N-4"]  # the others ended later


def test_data_on_request_have_no_date() -> None:
    (found,) = due(ANU, 2026, "monitoring_data")
    assert (found.day, found.state, found.subject) == (None, DueState.ON_REQUEST, "Town")


def test_the_earliest_comes_first_and_what_has_no_date_last() -> None:
    days = [one.day for one in due_dates(DAL, 2025, town().facts, TODAY)]
    assert days == sorted(day for day in days if day is not None)


def test_the_last_working_day_stands_beside_a_date() -> None:
    """1 November 2026 is a Sunday, and the Saturday before it no working day: Friday, 30 October."""
    found = due_dates(DAL, 2026, town().facts, TODAY, is_working_day=working_days())
    days = {one.id: one.working_day for one in found if one.id in ("municipal_monitoring", "school_monitoring")}
    assert days == {"municipal_monitoring": date(2026, 10, 30), "school_monitoring": date(2026, 10, 20)}


def test_a_mentor_is_replaced_within_five_working_days() -> None:
    """From Friday, 30 October 2026: Wednesday the 4th of November is a holiday, so the fifth day is the 9th."""
    facts = town().add(vacancies=[Vacancy(programme="T-1:N-1", day=date(2026, 10, 30))])
    found = due_dates(DAL, 2026, facts.facts, date(2026, 11, 10), is_working_day=working_days())
    (one,) = (each for each in found if each.id == "replacement")
    assert (one.day, one.clause, one.state) == (date(2026, 11, 9), "A-47", DueState.OVERDUE)
    assert (one.title, one.title_en) == ("Предложить нового наставника", "Proposal of a new mentor")
    facts.add(done=[Done(deadline="replacement", subject="T-1:N-1", day=date(2026, 11, 6))])
    found = due_dates(DAL, 2026, facts.facts, date(2026, 11, 10), is_working_day=working_days())
    assert next(each for each in found if each.id == "replacement").state is DueState.DONE


@pytest.mark.parametrize(
    ("by", "form", "last_day", "clause"),
    [
        (EndReason.MENTOR, MentoringForm.TEACHER_TEACHER, date(2026, 11, 19), "ru_labour_351_8"),
        (EndReason.CURATOR, MentoringForm.TEACHER_TEACHER, date(2026, 11, 19), "ru_labour_351_8"),
        (EndReason.MENTEE, MentoringForm.TEACHER_TEACHER, date(2026, 11, 16), "A-08"),
        (EndReason.MUTUAL, MentoringForm.TEACHER_TEACHER, date(2026, 11, 16), "A-08"),
        (EndReason.MENTOR, MentoringForm.PUPIL_PUPIL, date(2026, 11, 16), "A-08"),
    ],
)
def test_notice_of_three_working_days(by: EndReason, form: MentoringForm, last_day: date, clause: str) -> None:
    """Acceptance example 15: notice on Monday, 16 November 2026 — the last day is Thursday at the earliest."""
    facts = Town().teacher("T-1").teacher("N-1").programme("T-1", "N-1", form=form, first_day=date(2026, 10, 1))
    facts.add(notices=[Notice(programme="T-1:N-1", day=date(2026, 11, 16), by=by)])
    found = due_dates(DAL, 2026, facts.facts, date(2026, 11, 17), is_working_day=working_days())
    (one,) = (each for each in found if each.id == "notice")
    assert (one.first_day, one.clause) == (last_day, clause)
    assert one.state is (DueState.AHEAD if last_day > date(2026, 11, 17) else DueState.OPEN)


def test_without_a_calendar_of_working_days_nothing_is_counted_in_them() -> None:
    facts = town().add(vacancies=[Vacancy(programme="T-1:N-1", day=date(2026, 10, 30))])
    found = due_dates(DAL, 2026, facts.facts, TODAY)
    assert "replacement" not in {one.id for one in found}
    assert {one.working_day for one in found} == {None}
