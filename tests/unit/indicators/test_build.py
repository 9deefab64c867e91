"""From a plan to facts: programmes, people, guests, sessions, conflicts, open requests, what is stated beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from matcher.indicators.build import build_facts
from matcher.indicators.facts import Done, Facts, Participant, Programme, Ticket, home_organisations
from matcher.indicators.inputs import Inputs, ProgrammeNote
from matcher.indicators.period import school_year_period
from matcher.indicators.report import advice, build_monitoring, count_participants
from matcher.plan import Plan, make_plan
from matcher.policy_words import EndReason
from matcher.roster import (
    Lock,
    LockStatus,
    MentoringForm,
    MentoringKind,
    Organisation,
    OrganisationType,
    PersonKind,
    Wish,
)
from tests.rosters import Round
from tests.schedules import scheduled_plan
from tests.unit.indicators.town import Town

TODAY = date(2026, 9, 12)


def planned(made: Round) -> Plan:
    return make_plan(made.roster, made.policy, reference_day=date(2026, 9, 1), time_limit=5)


def programme(facts: Facts, id_: str) -> Programme:
    return next(one for one in facts.programmes if one.id == id_)


def person(facts: Facts, id_: str) -> Participant:
    return next(one for one in facts.people if one.id == id_)


def test_pairs_become_programmes_with_their_sessions() -> None:
    facts = build_facts(scheduled_plan(), TODAY)
    first, second = facts.programmes
    assert (first.sessions_planned, first.sessions_due, first.sessions_held) == (4, 2, 1)
    assert (second.sessions_planned, second.sessions_due, second.sessions_held) == (2, 2, None)  # one was called off
    assert first.first_day == date(2026, 9, 1)
    assert first.last_day == date(2027, 5, 31)  # nine months, the usual term
    assert first.minutes > 0


def test_a_running_pair_counts_from_its_day() -> None:
    lock = Lock(mentor="M-1", mentee="N-1", status=LockStatus.ACTIVE, since=date(2026, 3, 1))
    facts = build_facts(planned(Round().mentor().mentee().add(locks=[lock])), TODAY)
    assert programme(facts, "M-1:N-1").first_day == date(2026, 3, 1)
    assert programme(facts, "M-1:N-1").last_day == date(2026, 11, 30)
    assert facts.known_since == date(2026, 9, 1)  # one running pair does not tell of the year before


def test_people_are_told_by_what_the_roster_knows() -> None:
    made = Round().mentor(max_individual=2).mentee(pedagogical_experience_years=2.5, teaching_hours=18)
    facts = build_facts(planned(made), TODAY)
    assert person(facts, "M-1").max_mentees == 2
    assert person(facts, "N-1").career_start == date(2024, 3, 1)  # two and a half years before 1 September 2026
    assert (person(facts, "N-1").hired_day, person(facts, "N-1").teaching_hours) == (date(2016, 9, 1), 18)


def test_guests_count_where_their_first_mentee_does() -> None:
    """A partner has no school that reports; the university does not report either."""
    made = (
        Round("dalnerechensk")
        .pupil()
        .add(
            organisations=[Organisation(id="F-1", type=OrganisationType.PARTNER, municipality="Town", region="Region")]
        )
    )
    made.mentor("M-1", organisation="F-1", person_kind=PersonKind.PARTNER)
    note = ProgrammeNote(
        mentor="M-1", mentee="N-1", form=MentoringForm.PARTNER_PUPIL, kind=MentoringKind.FLASH,
        first_day=date(2025, 10, 1),
    )  # fmt: skip
    facts = build_facts(planned(made), TODAY, Inputs(programmes=(note,)))
    assert [one.id for one in facts.organisations] == ["S-1"]
    assert person(facts, "M-1").organisation == "S-1"


def test_the_first_programme_decides_where_a_guest_counts() -> None:
    town = Town().programme("G-1", "P-1", first_day=date(2025, 11, 1)).programme("G-1", "P-2").programme("T-1", "P-1")
    assert home_organisations(town.facts.programmes, {"G-1"}, {"P-1": "S-1", "P-2": "S-2"}) == {"G-1": "S-2"}


def test_a_class_is_one_participant_with_its_size() -> None:
    facts = build_facts(planned(Round("dalnerechensk").school_class(size=25).pupil_mentor(high_results=True)), TODAY)
    assert (person(facts, "6A").is_class, person(facts, "6A").class_size, person(facts, "6A").is_pupil) == (
        True,
        25,
        True,
    )


def test_notes_complete_the_pairs_of_the_plan() -> None:
    note = ProgrammeNote(mentor="M-1", mentee="N-1", sessions_held=3, sessions_logged=2, rating=8, has_goals=True)
    facts = build_facts(planned(Round().mentor().mentee()), TODAY, Inputs(programmes=(note,)))
    (found,) = facts.programmes
    assert (found.sessions_held, found.sessions_logged, found.rating, found.has_goals) == (3, 2, 8, True)
    assert found.kind is MentoringKind.TRADITIONAL


def test_notes_of_an_earlier_year_are_programmes_of_their_own() -> None:
    note = ProgrammeNote(
        mentor="M-1", mentee="N-1", first_day=date(2025, 10, 1), end_day=date(2026, 5, 20),
        end_reason=EndReason.COMPLETED, full_cycle_day=date(2026, 5, 20),
    )  # fmt: skip
    facts = build_facts(planned(Round().mentor().mentee()), TODAY, Inputs(programmes=(note,)))
    assert [one.id for one in facts.programmes] == ["M-1:N-1", "M-1:N-1/2025"]
    assert programme(facts, "M-1:N-1/2025").kind is MentoringKind.TRADITIONAL  # as the plan has the pair now
    assert programme(facts, "M-1:N-1").full_cycle_day is None
    assert facts.known_since == date(2025, 9, 1)


def test_a_note_of_a_running_pair_with_its_own_first_day_is_about_that_pair() -> None:
    lock = Lock(mentor="M-1", mentee="N-1", status=LockStatus.ACTIVE, since=date(2026, 3, 1))
    note = ProgrammeNote(mentor="M-1", mentee="N-1", first_day=date(2026, 3, 1), rating=9)
    plan = planned(Round().mentor().mentee().add(locks=[lock]))
    assert [one.rating for one in build_facts(plan, TODAY, Inputs(programmes=(note,))).programmes] == [9]


def test_what_names_a_pair_means_the_programme_of_that_day() -> None:
    note = ProgrammeNote(mentor="M-1", mentee="N-1", first_day=date(2025, 10, 1), end_day=date(2026, 5, 20))
    stated = Inputs(
        programmes=(note,),
        tickets=(Ticket(programme="M-1:N-1", day=date(2026, 2, 2)), Ticket(programme="M-1:N-1", day=date(2026, 11, 2))),
        done=(
            Done(deadline="quarterly_report", subject="M-1:N-1", day=date(2026, 9, 30), covers=date(2026, 3, 31)),
            Done(deadline="yearly_review", subject="S-1", day=date(2026, 9, 30)),
        ),
    )
    facts = build_facts(planned(Round().mentor().mentee()), TODAY, stated)
    assert [one.programme for one in facts.tickets] == ["M-1:N-1/2025", "M-1:N-1"]
    assert [one.subject for one in facts.done] == ["M-1:N-1/2025", "S-1"]


def test_a_veto_against_a_running_pair_is_a_conflict_and_a_risk() -> None:
    made = Round().mentor().mentee().add(
        locks=[Lock(mentor="M-1", mentee="N-1", status=LockStatus.ACTIVE, since=date(2026, 3, 1))],
        wishes=[Wish(from_person="N-1", to_person="M-1", veto=True)],
    )  # fmt: skip
    plan = planned(made)
    found = build_monitoring(build_facts(plan, TODAY), plan.policy, 2026, TODAY)
    assert {(one.risk, one.people) for one in found.signals} == {
        ("mentor_opposed", ("N-1", "M-1")),
        ("mentor_opposed", ("M-1", "N-1")),
    }


def two_schools(**mentor: object) -> Round:
    """A mentee of S-1 whose priority request only the mentor of S-2 covers, and who has no pair in the plan."""
    made = Round().add(organisations=[Organisation(id="S-2", municipality="Town", region="Region")])
    return made.mentee("N-1").mentor("M-2", organisation="S-2", **mentor)


def test_open_requests_name_free_mentors_of_other_schools() -> None:
    plan = planned(two_schools())
    without = replace(plan, pairs=(), unmatched=("N-1",))
    assert [(one.mentee, one.candidates) for one in build_facts(without, TODAY).open_needs] == [("N-1", ("M-2",))]
    assert build_facts(plan, TODAY).open_needs == ()  # who covers it has the mentee


def test_mentors_who_may_not_or_cannot_are_no_candidates() -> None:
    for changes in ({"ready": False}, {"topics": ()}, {"organisation": "S-1"}):
        made = two_schools(**changes) if "organisation" not in changes else Round().mentee("N-1").mentor("M-2")
        plan = replace(planned(made), pairs=(), unmatched=("N-1",))
        assert build_facts(plan, TODAY).open_needs == ()


def test_nothing_is_said_of_programmes_the_plan_does_not_know() -> None:
    plan = planned(Round("dalnerechensk").mentor().mentee())
    found = build_monitoring(build_facts(plan, TODAY), plan.policy, 2026, TODAY)
    assert [one.value for one in found.before.figures() if one.id == "I-37"] == [None]
    assert [one.value for one in found.current.figures() if one.id == "I-37"] == [0]
    assert advice(found.before.figures()) is None


def test_advice_follows_the_comparison_with_the_plan() -> None:
    plan = planned(Round("dalnerechensk").mentor().mentee(birth_date=date(1998, 1, 1), pedagogical_experience_years=2))
    organisation = replace(plan.roster.organisations[0], staff_under_35_first_three_years=1, staff_under_35=1)
    plan = replace(plan, roster=replace(plan.roster, organisations=(organisation,)))
    note = ProgrammeNote(
        mentor="M-1", mentee="N-1", form=MentoringForm.TEACHER_TEACHER, kind=MentoringKind.TRADITIONAL,
        first_day=date(2025, 10, 1),
    )  # fmt: skip
    for full_cycle, words in ((date(2026, 5, 1), "The plan is reached"), (None, "The plan is missed")):
        stated = Inputs(programmes=(replace(note, full_cycle_day=full_cycle),))
        found = build_monitoring(build_facts(plan, TODAY, stated), plan.policy, 2026, TODAY, ids=["I-03"])
        assert str(advice(found.before.figures())).startswith(words)


def test_a_year_is_judged_when_it_is_over() -> None:
    plan = planned(Round("dalnerechensk").mentor().mentee())
    organisation = replace(plan.roster.organisations[0], pupils=10)
    plan = replace(plan, roster=replace(plan.roster, organisations=(organisation,)))
    facts = replace(build_facts(plan, TODAY), known_since=None)
    for today, is_judged in ((date(2026, 8, 31), False), (date(2026, 9, 1), True)):
        found = build_monitoring(facts, plan.policy, 2026, today, ids=["I-02"])
        assert found.before.figures()[0].is_judged is is_judged
        assert not found.current.figures()[0].is_judged


def test_the_statistical_sheet_counts_people_by_form_side_and_age() -> None:
    """Two mentees of one mentor: he is one person; the ages are those of 1 September."""
    made = Round().mentor().mentee("N-1", birth_date=date(1998, 1, 1)).mentee("N-2", birth_date=None)
    plan = planned(made)
    rows = count_participants(build_facts(plan, TODAY), plan.policy, school_year_period(2026))
    assert {(str(one.side), one.ages, one.people) for one in rows} == {
        ("mentor", "35–", 1),
        ("mentee", "20–34", 1),
        ("mentee", "", 1),
    }


def test_a_note_without_a_form_needs_a_pair_of_the_plan() -> None:
    note = ProgrammeNote(mentor="M-1", mentee="N-9", first_day=date(2025, 10, 1))
    with pytest.raises(ValueError, match="form and kind"):
        build_facts(planned(Round().mentor().mentee()), TODAY, Inputs(programmes=(note,)))
