"""The certificate of meetings: the judge recomputes it, and every lie in it is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from matcher.judge.schedule.levels import schedule_checks, stated_otherwise
from matcher.judge.schedule.verdict import schedule_violations
from matcher.judge.verify_plan import verify_plan
from matcher.outcome import Proof, SolveStatus
from matcher.plan import Plan
from matcher.roster import Absence
from matcher.sessions.schedule import Schedule, ScheduleCertificate, ScheduleLevel, SessionState
from tests.crowded import FIRST, crowded_plan


def schedule() -> Schedule:
    found = crowded_plan().schedule
    assert found is not None
    return found


def with_schedule(changed: Schedule) -> Plan:
    return replace(crowded_plan(), schedule=changed)


def with_certificates(change: Callable[[ScheduleCertificate], ScheduleCertificate]) -> Schedule:
    return replace(schedule(), certificates=tuple(map(change, schedule().certificates)))


def with_level(name: str, **changes: object) -> Schedule:
    changed = [replace(x, **changes) if x.name == name else x for x in schedule().levels]  # type: ignore[arg-type]
    return replace(schedule(), levels=tuple(changed))


def broken(changed: Schedule) -> set[tuple[str, str]]:
    """Return (rule, level) of what the judge finds wrong with the bounds of a schedule."""
    return {(found.rule, str(found.subjects[0])) for found in stated_otherwise(schedule_checks(with_schedule(changed)))}


def test_prices_prove_what_counting_cannot() -> None:
    found = verify_plan(crowded_plan())
    assert found.violations == ()
    missing, rhythm = found.schedule
    assert (missing.value, missing.counted_bound, missing.certified_bound) == (1, 0, 1)
    assert (rhythm.value, rhythm.counted_bound, rhythm.certified_bound) == (4, 3, 4)
    assert missing.is_certified
    assert rhythm.is_certified
    assert [level.proof for level in schedule().levels[:2]] == [Proof.CERTIFICATE] * 2


def dropped(found: ScheduleCertificate) -> ScheduleCertificate:
    return replace(found, pools=found.pools[2:])


def raised(found: ScheduleCertificate) -> ScheduleCertificate:
    return replace(found, pools=tuple((*row[:3], row[3] * 9) for row in found.pools))


def negative(found: ScheduleCertificate) -> ScheduleCertificate:
    return replace(found, pools=tuple((*row[:3], -1) for row in found.pools))


def of_a_stranger(found: ScheduleCertificate) -> ScheduleCertificate:
    return replace(found, people=(("nobody", 0, 840, 5),))


def of_a_strange_room(found: ScheduleCertificate) -> ScheduleCertificate:
    return replace(found, pools=(("B", 0, 840, 5),))


def of_a_strange_day(found: ScheduleCertificate) -> ScheduleCertificate:
    return replace(found, pools=(("A", 9999, 840, 5),))


def of_a_strange_pair(found: ScheduleCertificate) -> ScheduleCertificate:
    return replace(found, activities=(("M-9:N-9", 5),))


def too_large(found: ScheduleCertificate) -> ScheduleCertificate:
    return replace(found, pools=(("A", 14, 840, 2**63),))


BOTH = ("missing", "rhythm")


@pytest.mark.parametrize("change", [dropped, raised])
def test_other_prices_give_another_bound(change: Callable[[ScheduleCertificate], ScheduleCertificate]) -> None:
    found = broken(with_certificates(change))
    assert found == {(rule, level) for rule in ("bound", "proof") for level in BOTH}


@pytest.mark.parametrize(
    "change", [negative, of_a_stranger, of_a_strange_room, of_a_strange_day, of_a_strange_pair, too_large]
)
def test_prices_that_prove_nothing_are_named(change: Callable[[ScheduleCertificate], ScheduleCertificate]) -> None:
    changed = with_certificates(change)
    assert broken(changed) == {("certificate", level) for level in BOTH}
    assert all(check.certified_bound is None for check in schedule_checks(with_schedule(changed)))


@pytest.mark.parametrize("bound", [0, None, 2])
def test_a_bound_stated_is_the_one_the_prices_give(bound: int | None) -> None:
    assert broken(with_level("missing", bound=bound)) == {("bound", "missing")}


def test_search_may_prove_more_than_the_prices_but_never_less() -> None:
    weak = with_certificates(dropped)
    levels = tuple(replace(level, proof=Proof.SOLVER) for level in weak.levels)
    assert broken(replace(weak, levels=levels)) == set()
    lowered = tuple(replace(level, bound=level.value - 1) for level in levels)
    assert broken(replace(weak, levels=lowered)) == {("bound", "rhythm")}


def test_a_certificate_counts_only_on_top_of_proved_levels() -> None:
    open_above = with_level("missing", bound=0, proof=None)
    open_above = replace(open_above, certificates=(dropped(open_above.certificates[0]), open_above.certificates[1]))
    assert ("proof", "rhythm") in broken(open_above)


def test_rhythm_is_proved_for_plans_that_miss_as_few_only() -> None:
    missing, rhythm = schedule().certificates
    assert broken(replace(schedule(), certificates=(missing, replace(rhythm, allowed=0)))) == {
        ("certificate", "rhythm")
    }


def test_nothing_is_proved_by_saying_that_it_was_held() -> None:
    everything = tuple(session.id for session in schedule().sessions)
    assert broken(replace(schedule(), held=everything)) == {("certificate", level) for level in BOTH}


def test_sessions_held_since_then_change_nothing() -> None:
    held = tuple(replace(session, state=SessionState.HELD) for session in schedule().sessions)
    assert broken(replace(schedule(), sessions=held)) == set()


def test_other_facts_give_another_bound() -> None:
    away = Absence(person="M-1", start_day=FIRST, end_day=FIRST + timedelta(days=60))
    plan = crowded_plan()
    absent = replace(plan, roster=replace(plan.roster, absences=(away,)))
    assert {found.rule for found in stated_otherwise(schedule_checks(absent))} == {"certificate"}


def test_a_plan_without_prices_claims_what_it_likes() -> None:
    plain = replace(schedule(), certificates=())
    assert broken(plain) == set()
    missing, rhythm = schedule_checks(with_schedule(plain))
    assert (missing.bound, missing.certified_bound, missing.is_best) == (0, None, False)
    assert (rhythm.bound, rhythm.certified_bound, rhythm.is_best) == (3, None, False)


def test_the_rules_are_still_a_reading_of_their_own() -> None:
    assert schedule_violations(with_schedule(replace(schedule(), certificates=()))) == ()
    level = ScheduleLevel(name="missing", value=1, bound=2)
    assert "bound" in {found.rule for found in schedule_violations(with_schedule(replace(schedule(), levels=(level,))))}


def test_a_schedule_with_an_open_level_is_not_the_best() -> None:
    assert [level.proof for level in schedule().levels] == [Proof.CERTIFICATE, Proof.CERTIFICATE, None]
    claimed = with_schedule(replace(schedule(), status=SolveStatus.OPTIMAL))
    assert [(found.rule, found.subjects) for found in schedule_violations(claimed)] == [("proof", ())]


def test_what_could_be_left_out_does_not_count_towards_rhythm() -> None:
    """Three pairs want three sessions each: of plans that miss three, one may leave out a pair."""
    for missed, least in ((2, 3), (3, 2), (6, 1)):
        fewer = replace(schedule(), sessions=schedule().sessions[missed - 1 :], certificates=())
        missing, rhythm = schedule_checks(with_schedule(fewer))
        assert (missing.value, rhythm.counted_bound) == (missed, least)
