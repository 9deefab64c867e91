"""The six signals of risk (9.4): when each is given, when not, and whom it concerns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from matcher.indicators.facts import OpenNeed, Refusal, RefusalOf, Ticket, Veto
from matcher.indicators.risks import Signal, find_signals
from matcher.io.policy_toml import read_policy
from matcher.roster import MentoringKind, Organisation
from matcher.texts import say
from tests.unit.indicators.town import DAL, PERIOD, STARTED, Town

DAY = date(2025, 11, 5)


def signals(town: Town, risk: str) -> list[Signal]:
    return [one for one in find_signals(town.facts, DAL, PERIOD) if one.risk == risk]


def told(town: Town, risk: str) -> list[tuple[tuple[str, ...], str]]:
    return [(one.people, str(one.message)) for one in signals(town, risk)]


def pair(**changes: object) -> Town:
    return Town().teacher("T-1").teacher("N-1").programme("T-1", "N-1", **changes)


def test_teaching_and_mentoring_over_the_limit() -> None:
    """28 lessons and three hours of mentoring make 31 of 30; the mentee has 20 and three."""
    town = Town().teacher("T-1", teaching_hours=28).teacher("N-1", teaching_hours=20)
    town.programme("T-1", "N-1", minutes=720)
    assert told(town, "high_load") == [(("T-1",), "teaching and mentoring take 31 hours a week, more than 30")]
    assert signals(town, "high_load")[0].programmes == ("T-1:N-1",)


def test_a_limit_that_is_reached_is_not_passed() -> None:
    town = Town().teacher("T-1", teaching_hours=27).teacher("N-1").programme("T-1", "N-1", minutes=720)
    assert told(town, "high_load") == []


def test_a_mentee_may_be_overloaded_and_programmes_in_turn_are_not_added() -> None:
    """One mentor until December, another from January: 3 hours at a time, 30.5 hours with lessons."""
    town = Town().teacher("T-1").teacher("T-2").teacher("N-1", teaching_hours=27.5)
    town.programme("T-1", "N-1", minutes=720, end_day=date(2025, 12, 31))
    town.programme("T-2", "N-1", minutes=720, first_day=date(2026, 1, 1))
    words = "teaching and mentoring take 30.5 hours a week, more than 30"
    assert told(town, "high_load") == [(("N-1",), words)]
    assert (
        say(signals(town, "high_load")[0].message, "ru") == "уроки и наставничество занимают 30,5 ч в неделю, больше 30"
    )


def test_a_group_loads_its_mentor_once() -> None:
    """Five members at one hour a week each are one hour of the mentor: 29.5 and not 33.5 hours."""
    town = Town().teacher("T-1", teaching_hours=28.5)
    for at in range(5):
        town.teacher(f"N-{at}").programme("T-1", f"N-{at}", minutes=240, mentor_minutes=240, group="G-1")
    assert told(town, "high_load") == []


def test_a_mentor_at_the_cap() -> None:
    """Three mentees are as many as the regulation allows; four in turn, or in a group, are not."""
    town = Town().teacher("T-1")
    for at in range(3):
        town.teacher(f"N-{at}").programme("T-1", f"N-{at}")
    assert told(town, "high_load") == [(("T-1",), "has 3 mentees, as many as allowed")]
    own = Town().teacher("T-1", max_mentees=4)
    own.facts = replace(town.facts, people=(*own.facts.people, *town.facts.people[1:]))
    assert told(own, "high_load") == []
    fleeting = Town().teacher("T-1")
    for at in range(3):
        fleeting.teacher(f"N-{at}").programme("T-1", f"N-{at}", kind=MentoringKind.SPEED)
    assert told(fleeting, "high_load") == []


def test_a_low_wish() -> None:
    town = pair(mentor_wish=3, mentee_wish=4)
    assert told(town, "low_motivation") == [(("T-1",), "rates the wish to work together 3 of 10")]


@pytest.mark.parametrize(("held", "missed", "is_signal"), [(7, 3, True), (8, 3, False), (5, 0, False), (0, 1, True)])
def test_missed_meetings(held: int, missed: int, is_signal: bool) -> None:
    town = pair(sessions_held=held, sessions_missed=missed)
    expected = [(("T-1", "N-1"), f"{missed} of {held + missed} meetings were missed")] if is_signal else []
    assert told(town, "low_motivation") == expected


def test_declined_proposals() -> None:
    once = Town().teacher("T-1").add(refusals=[Refusal(person="T-1", day=DAY)])
    assert told(once, "low_motivation") == []
    once.add(refusals=[Refusal(person="T-1", day=DAY), Refusal(person="T-1", day=date(2024, 11, 5))])
    assert told(once, "low_motivation") == [(("T-1",), "declined 2 proposed pairs")]
    other = [Refusal(person="T-1", day=DAY, of=RefusalOf.PARTICIPATION)] * 2
    assert told(Town().teacher("T-1").add(refusals=other), "low_motivation") == []


def test_meetings_without_a_log() -> None:
    words = "6 meetings are over, none is in the log"
    assert told(pair(sessions_due=6, sessions_logged=0), "formal_performance") == [(("T-1", "N-1"), words)]
    assert told(pair(sessions_due=6, sessions_logged=1), "formal_performance") == []
    assert told(pair(sessions_due=0, sessions_logged=0), "formal_performance") == []
    assert told(pair(sessions_due=6), "formal_performance") == []  # whether there is a log is not known


def test_no_goals() -> None:
    assert told(pair(has_goals=False), "formal_performance") == [(("T-1", "N-1"), "the programme names no goals")]
    assert told(pair(has_goals=True), "formal_performance") == []


def test_the_same_report_twice() -> None:
    """The mentor hands in one text for two mentees; the third report is its own."""
    town = Town().teacher("T-1", max_mentees=5).teacher("N-1").teacher("N-2").teacher("N-3")
    town.programme("T-1", "N-1", reports=("a", "b")).programme("T-1", "N-2", reports=("a",))
    town.programme("T-1", "N-3", reports=("c",))
    assert told(town, "formal_performance") == [(("T-1",), "2 reports are the same as others")]
    assert signals(town, "formal_performance")[0].programmes == ("T-1:N-1", "T-1:N-2")


def test_a_veto_after_the_start() -> None:
    town = pair().add(vetoes=[Veto(by="N-1", against="T-1", day=DAY)])
    assert told(town, "mentor_opposed") == [(("N-1", "T-1"), "refused the other after the start")]
    before = pair().add(vetoes=[Veto(by="N-1", against="T-1", day=date(2025, 9, 15))])
    assert told(before, "mentor_opposed") == []
    stranger = pair().teacher("T-2").add(vetoes=[Veto(by="N-1", against="T-2", day=DAY)])
    assert told(stranger, "mentor_opposed") == []


def test_a_conflict() -> None:
    town = pair().add(tickets=[Ticket(programme="T-1:N-1", day=DAY)])
    assert told(town, "mentor_opposed") == [(("T-1", "N-1"), "a conflict was brought forward on 05.11.2025")]


def test_an_open_request_with_candidates_outside() -> None:
    town = pair().add(
        open_needs=[OpenNeed(mentee="N-1", candidates=("X-1", "X-2")), OpenNeed(mentee="T-1", candidates=())]
    )
    words = "a request is open; 2 mentors of other organisations who cover it have no mentee"
    assert told(town, "weak_contours") == [(("N-1", "X-1", "X-2"), words)]


def test_many_refusals() -> None:
    """One of five asked is a fifth and a signal; one of six is not; who was never asked does not count."""
    town = Town()
    for at in range(5):
        town.teacher(f"T-{at}")
    town.teacher("T-x", is_asked=False)
    town.add(refusals=[Refusal(person="T-0", day=DAY, of=RefusalOf.PARTICIPATION)])
    assert told(town, "not_seen_as_growth") == [(("T-0",), "1 of 5 people asked refused to take part")]
    assert told(town.teacher("T-5"), "not_seen_as_growth") == []
    declined = Town().teacher("T-0").add(refusals=[Refusal(person="T-0", day=DAY)])
    assert told(declined, "not_seen_as_growth") == []  # one proposed pair is not mentoring as a whole


def test_a_pair_of_two_schools_is_signalled_once() -> None:
    town = Town(Organisation(id="S-1"), Organisation(id="S-2")).teacher("T-1").teacher("N-1", organisation="S-2")
    town.programme("T-1", "N-1", has_goals=False).add(vetoes=[Veto(by="N-1", against="T-1", day=STARTED)])
    assert [(one.risk, one.organisation) for one in find_signals(town.facts, DAL, PERIOD)] == [
        ("formal_performance", "S-2"),
        ("mentor_opposed", "S-2"),
    ]


def test_the_regulation_says_which_risks_are_watched() -> None:
    policy = replace(read_policy("smolensk_school_23"), risks=("mentor_opposed",))
    town = pair(has_goals=False).add(tickets=[Ticket(programme="T-1:N-1", day=DAY)])
    assert [one.risk for one in find_signals(town.facts, policy, PERIOD)] == ["mentor_opposed"]
