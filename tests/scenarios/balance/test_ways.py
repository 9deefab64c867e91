"""Reverse pairs, a day of acquaintance before the pairing, and data that are poor."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matcher.errors import InputError
from matcher.roster import CompetenceBlock, Deficit, Mentee, MentoringKind, Roster, Wish
from scenarios.balance.reverse import compute_reverse, limited, oldest, with_both_registers, youngest
from scenarios.balance.speed_fair import compute_speed_fair, hold_event, made_up_opinions
from scenarios.balance.stress import (
    COMBINED,
    SOURCES,
    compute_stress,
    first_source,
    measured,
    with_missing,
    with_scores,
)
from tests.scenarios.balance.small import materials_of, run_of, steps_of

FEW = {"candidates": 2, "rounds": 3, "tables": 6}


def test_the_young_teach_the_experienced_and_may_get_something_back() -> None:
    run = run_of("reverse", "barnaul", municipalities=1, options={"young": 4, "experienced": 4})
    row = compute_reverse(run, {}).row
    steps = steps_of(row)
    assert list(steps) == ["classic", "one_way", "both_ways"]
    assert row.violations == 0
    assert steps["classic"]["reverse"] == steps["classic"]["both_ways"] == steps["one_way"]["both_ways"] == 0
    assert steps["one_way"]["reverse"] > 0
    served = [step["served"] for step in steps.values()]
    assert served == sorted(served)
    assert steps["one_way"]["digital"] >= steps["classic"]["digital"]
    assert row.figures["counter"] == 2 * steps["both_ways"]["both_ways"]


def test_the_young_are_younger_and_stand_in_both_registers() -> None:
    given = materials_of(run_of("reverse", "barnaul", municipalities=1))
    young, older = youngest(given.roster, given.policy, 4), oldest(given.roster, 4)
    born = {one.id: one.birth_date for one in given.roster.people}
    youngest_of_older = max(str(born[id_]) for id_ in older)
    assert all(str(born[id_]) > youngest_of_older for id_ in young)
    roster = with_both_registers(given.roster, young, older, 4)
    both = {one.person for one in roster.mentors} & {one.person for one in roster.mentees}
    assert both >= {*young, *older}
    assert all(one.kinds == (MentoringKind.REVERSE,) for one in roster.mentors if one.person in young)


def test_whoever_is_not_ready_stays_so() -> None:
    roster = materials_of(run_of("reverse", "barnaul", municipalities=1)).roster
    away = replace(roster, mentors=tuple(replace(one, ready=False) for one in roster.mentors))
    everybody = tuple(one.id for one in roster.people)
    assert not any(one.ready for one in limited(away, everybody, as_mentor=True).mentors)


def test_a_regulation_without_reverse_mentoring_is_told() -> None:
    run = run_of("reverse", "barnaul", municipalities=1)
    kinds = [kind for kind in run.policy["kinds"] if kind != "reverse"]
    with pytest.raises(InputError, match="no reverse mentoring"):
        compute_reverse(replace(run, policy={**run.policy, "kinds": kinds}), {})


def test_nobody_is_paired_with_whom_he_refused_at_the_event() -> None:
    run = run_of("speed_fair", options={**FEW, "refuse": 40})
    row = compute_speed_fair(run, {}).row
    steps = steps_of(row)
    assert list(steps) == ["met 0", "met 1", "met 2"]
    assert row.violations == 0
    assert steps["met 0"]["ratings"] == 0
    assert row.figures["event.ratings"] == 2 * row.figures["event.meetings"] == steps["met 2"]["ratings"] > 0
    assert row.figures["event.refused"] > 0
    assert row.figures["event.rounds"] <= FEW["rounds"]
    assert steps["met 2"]["refused"] < steps["met 0"]["refused"]


def test_an_event_of_strangers_has_no_table_twice_and_no_pair_twice() -> None:
    event = hold_event(materials_of(run_of("speed_fair")), 2, 3, 4)
    assert len({(one.mentor, one.mentee) for one in event.meetings}) == len(event.meetings) > 0
    assert len({(one.round, one.table) for one in event.meetings}) == len(event.meetings)


def test_opinions_are_those_written_down_and_else_the_same_for_the_same_seed() -> None:
    roster = materials_of(run_of("speed_fair")).roster
    mentor, mentee = roster.mentors[0].person, next(one.person for one in roster.mentees if not one.is_class)
    written = Wish(from_person=mentee, to_person=mentor, score=9, veto=True)
    opinions = made_up_opinions(replace(roster, wishes=(written,)), 5, 0)
    assert opinions == made_up_opinions(replace(roster, wishes=(written,)), 5, 0)
    theirs, mine = opinions.of(mentor, mentee)
    assert (mine.score, mine.veto, theirs.veto) == (9, True, False)
    assert opinions.score != made_up_opinions(roster, 6, 0).score


def test_poor_data_are_paired_without_a_violation_and_weighed_against_the_truth() -> None:
    run = run_of("stress", options={"percent": 60, "steps": 2})
    row = compute_stress(run, {}).row
    steps = steps_of(row)
    assert list(steps) == ["known", "best", "lowest", "middle", "highest", "missing 30", "missing 60"]
    assert row.violations == 0
    assert steps["known"]["kept"] == steps["known"]["pairs"] + steps["known"]["seats"]
    assert all(step["kept"] <= steps["known"]["kept"] for step in steps.values())
    assert steps["known"]["true_gaps"] >= steps["known"]["gaps"] > 0
    assert row.figures["disagree"] <= row.figures["measured"] <= row.figures["scores"]


def test_sources_that_are_exact_leave_the_roster_as_it_is() -> None:
    roster = materials_of(run_of("stress")).roster
    exact = {(one.person, gap.competence): {"test": gap.level} for one in roster.mentees for gap in one.deficits}

    def levels(found: Roster) -> list[list[tuple[CompetenceBlock, int, int]]]:
        return [[(gap.competence, gap.level, gap.target) for gap in one.deficits] for one in found.mentees]

    for combine in COMBINED.values():
        assert levels(with_scores(roster, exact, combine)) == levels(roster)
    everything = with_missing(roster, exact, 0, 1)
    assert levels(everything) == levels(roster)
    assert (everything.people, everything.wishes) == (roster.people, roster.wishes)


def test_the_best_source_is_the_first_that_has_measured() -> None:
    key = ("N-1", CompetenceBlock.DIGITAL)
    far, near = {one.name: 1 for one in SOURCES[1:]}, {one.name: at for at, one in enumerate(SOURCES)}
    assert first_source({key: near}) == {key: {SOURCES[0].name: 0}}
    assert first_source({key: far, ("N-2", CompetenceBlock.DIGITAL): {}}) == {key: {SOURCES[1].name: 1}}
    gap = Deficit(competence=CompetenceBlock.DIGITAL, level=0)
    roster = Roster(mentees=(Mentee(person="N-1", deficits=(gap,)), Mentee(person="N-2", deficits=(gap,))))
    left = with_scores(roster, first_source({key: far}), min)
    assert [len(one.deficits) for one in left.mentees] == [1, 0]


def test_what_is_missing_stays_missing_when_more_is() -> None:
    given = materials_of(run_of("stress"))
    scores = measured(given.roster, 1)
    few, many = (with_missing(given.roster, scores, percent, 1) for percent in (30, 60))
    known = [{one.id for one in found.people if one.birth_date} for found in (few, many)]
    assert known[1] < known[0] < {one.id for one in given.roster.people}
    assert set(many.wishes) <= set(few.wishes)
