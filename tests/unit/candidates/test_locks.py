"""Running and agreed pairs stay, or the council is told (HR-22)."""

from __future__ import annotations

from datetime import date

import pytest

from matcher.roster import (
    CompetenceBlock,
    Consent,
    ConsentPurpose,
    Lock,
    LockStatus,
    MentoringForm,
    MentoringKind,
    MentorStatus,
    Override,
    Topic,
    Wish,
)
from tests.rosters import MATHS, Round, request


def lock(mentor: str = "M-1", mentee: str = "N-1", **changes: object) -> Lock:
    known: dict[str, object] = {"mentor": mentor, "mentee": mentee, "status": LockStatus.ACTIVE}
    return Lock(**{**known, **changes})  # type: ignore[arg-type]


def rules(here: Round) -> list[str]:
    return [conflict.rule for conflict in here.build().conflicts]


def test_a_running_pair_stays_although_another_would_be_better() -> None:
    here = Round().mentor("M-1", subjects=("mathematics", "physics")).mentor("M-2").mentee(max_mentors=1)
    here.add(wishes=[Wish(from_person="N-1", to_person="M-2", score=10)], locks=[lock()])
    built = here.build()
    assert built.problem.level_names[0] == "locks"
    assert built.problem.locked.sum() == 1
    assert here.pairs() == {("M-1", "N-1")}


def test_a_proposal_is_no_lock_but_is_remembered() -> None:
    here = Round().mentor().mentee().add(locks=[lock(status=LockStatus.PROPOSED, kind=MentoringKind.TRADITIONAL)])
    built = here.build()
    assert not built.locks
    assert built.problem.points[built.problem.level_names.index("SO-09")].tolist() == [100]


def test_a_lock_that_meets_a_veto_goes_to_the_council() -> None:
    here = Round().mentor().mentee().add(locks=[lock()])
    here.add(wishes=[Wish(from_person="N-1", to_person="M-1", veto=True)])
    assert rules(here) == ["HR-02"]
    assert here.build().problem.num_options == 0


def test_a_lock_that_the_council_forbids_goes_to_the_council() -> None:
    assert rules(Round().mentor().mentee().add(locks=[lock(), lock(status=LockStatus.FORBIDDEN)])) == ["HR-22"]


def test_a_lock_ends_when_the_mentor_leaves_or_a_consent_ends() -> None:
    assert rules(Round().mentor(status=MentorStatus.LEFT).mentee().add(locks=[lock()])) == ["HR-22"]
    ended = Consent(person="N-1", purpose=ConsentPurpose.MENTORING, day=date(2025, 9, 1), expires=date(2026, 6, 30))
    assert rules(Round().mentor().mentee().add(locks=[lock()], consents=[ended])) == ["HR-22"]
    assert rules(Round().mentor().mentee().add(locks=[lock("M-9")])) == ["HR-22"]


def test_a_lock_that_breaks_a_rule_stays_only_with_an_override() -> None:
    here = Round().mentor(levels=dict.fromkeys(CompetenceBlock, 1)).mentee().add(locks=[lock()])
    assert rules(here) == ["HR-04"]
    here.add(overrides=[Override(rule="HR-04", mentor="M-1", mentee="N-1", reason="they work well")])
    built = here.build()
    assert not built.conflicts
    assert built.lifted[0] > 0
    assert here.pairs() == {("M-1", "N-1")}


def test_a_lock_has_to_be_one_a_first_mentor_could_have() -> None:
    wants = (MATHS, request(Topic.DIGITAL, priority=2))
    assert rules(Round().mentor(topics=(Topic.DIGITAL,)).mentee(requests=wants).add(locks=[lock()])) == ["HR-04"]


@pytest.mark.parametrize("changes", [{"form": MentoringForm.PUPIL_PUPIL}, {"kind": MentoringKind.FLASH}])
def test_a_lock_in_a_form_or_kind_that_does_not_fit_any_more(changes: dict[str, object]) -> None:
    assert rules(Round().mentor().mentee().add(locks=[lock(**changes)])) == ["HR-03"]


def test_a_programme_that_has_lasted_its_term_is_over_unless_prolonged() -> None:
    here = Round().mentor().mentee()
    assert rules(here.add(locks=[lock(since=date(2025, 9, 1))])) == ["HR-16"]
    prolonged = Round().mentor().mentee().add(locks=[lock(since=date(2025, 9, 1), status=LockStatus.PROLONGED)])
    assert rules(prolonged) == []
    assert rules(Round().mentor().mentee().add(locks=[lock(since=date(2025, 9, 2))])) == []


def test_where_a_cap_is_too_small_the_older_pair_stays() -> None:
    here = Round().mentor(max_individual=1).mentee("N-1").mentee("N-2")
    here.add(locks=[lock(mentee="N-1", since=date(2026, 5, 1)), lock(mentee="N-2", since=date(2026, 3, 1))])
    built = here.build()
    assert [(conflict.mentee, conflict.rule) for conflict in built.conflicts] == [("N-1", "HR-06")]
    assert [built.columns.mentee_id[kept.mentee] for kept in built.locks] == ["N-2"]


def test_an_override_raises_the_cap_for_a_running_pair() -> None:
    here = Round().mentor(max_individual=1).mentee("N-1").mentee("N-2").mentee("N-3")
    here.add(locks=[lock(mentee="N-1"), lock(mentee="N-2")])
    here.add(overrides=[Override(rule="HR-06", mentor="M-1", mentee="N-2", reason="until the new year")])
    built = here.build()
    assert not built.conflicts
    assert built.problem.max_individual.tolist() == [2]
    assert here.pairs() == {("M-1", "N-1"), ("M-1", "N-2")}


def test_agreed_hours_come_before_the_pattern() -> None:
    built = Round().mentor().mentee().add(locks=[lock(hours_per_month=2.5)]).build()
    assert built.problem.mentor_minutes.tolist() == [152]


def test_aftercare_takes_a_quarter_of_a_pair_from_both_sides() -> None:
    here = Round("dalnerechensk").mentor().mentee().add(locks=[lock(status=LockStatus.AFTERCARE)])
    built = here.build()
    assert built.problem.num_options == 0
    assert built.problem.max_minutes.tolist() == [720 - 30]
    assert built.problem.max_mentee_minutes.tolist() == [480 - 30]


def test_a_running_group_stays_together() -> None:
    here = Round().mentor().mentee("N-1").mentee("N-2").mentee("N-3")
    here.add(locks=[lock(mentee=f"N-{number}", kind=MentoringKind.GROUP) for number in (1, 2)])
    built, result = here.solve()
    assert not built.conflicts
    seats = result.pairing.group[result.pairing.group >= 0]
    assert len(seats) >= 2
    assert len(set(seats.tolist())) == 1


def test_a_running_group_of_one_may_stay_as_small() -> None:
    here = Round().mentor().mentee().add(locks=[lock(kind=MentoringKind.GROUP)])
    built = here.build()
    assert built.problem.group_min_size.tolist() == [1]
    assert here.pairs() == {("M-1", "N-1")}
