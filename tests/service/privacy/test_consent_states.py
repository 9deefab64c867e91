"""Reliability P2: a missing, refused, withdrawn, ended or not yet given consent × every use of data."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from service.privacy.consents import State, missing, state, valid
from service.privacy.purposes import Use, purposes, uses
from service.tables.privacy import Consent

DAY = date(2026, 11, 21)
MOMENT = datetime(2026, 9, 1, 8, tzinfo=UTC)
ONE = timedelta(days=1)


def paper(purpose: str, **changes: Any) -> Consent:
    said: dict[str, Any] = {
        "person_id": "p",
        "area_id": "a",
        "purpose": purpose,
        "given_day": DAY - 30 * ONE,
        "recorded_by": "x",
    }
    return Consent(**{**said, "recorded_at": MOMENT, **changes})


SPOILT: dict[State, dict[str, Any]] = {
    State.REFUSED: {"refused": True},
    State.WITHDRAWN: {"withdrawn_at": datetime(2026, 11, 20, 23, 59, tzinfo=UTC)},
    State.EXPIRED: {"expires_day": DAY - ONE},
    State.NONE: {"given_day": DAY + ONE},
}


@pytest.mark.parametrize("purpose", purposes())
@pytest.mark.parametrize("found", SPOILT)
def test_a_spoilt_consent_is_not_valid(purpose: str, found: State) -> None:
    assert state([paper(purpose, **SPOILT[found])], purpose, DAY) is found
    assert valid([paper(purpose)], purpose, DAY)
    assert valid([paper(purpose, expires_day=DAY)], purpose, DAY)


@pytest.mark.parametrize("use", uses().values(), ids=uses())
@pytest.mark.parametrize("found", [None, *SPOILT])
def test_every_use_is_refused_where_one_consent_is_spoilt(use: Use, found: State | None) -> None:
    """Each purpose a use needs is spoilt in turn, the others being in force; strictly nothing at all is let through."""
    for spoilt in use.needs:
        rows = [paper(purpose) for purpose in purposes() if purpose != spoilt]
        rows += [] if found is None else [paper(spoilt, **SPOILT[found])]
        said = State.NONE if found is None else found
        assert missing(rows, use, DAY, is_minor=True, strict=True) == {spoilt: said}
        lawful = use.lawful_without and said is State.NONE
        expected = {} if lawful else {spoilt: said}
        assert missing(rows, use, DAY, is_minor=True) == expected
    assert missing(map(paper, purposes()), use, DAY, is_minor=True, strict=True) == {}


def test_uses_that_reach_outsiders_are_never_lawful_without_a_consent() -> None:
    outside = {"publication", "municipal_register", "activation", "health_in_solve"}
    assert {id_ for id_, use in uses().items() if not use.lawful_without} == outside


def test_the_last_word_counts() -> None:
    given = paper("duties", given_day=DAY - 9 * ONE)
    refusal = paper("duties", refused=True, given_day=DAY - 8 * ONE)
    again = paper("duties", given_day=DAY - 7 * ONE)
    assert state([refusal, given], "duties", DAY) is State.REFUSED
    assert state([again, refusal, given], "duties", DAY) is State.VALID
    assert state([again, refusal, given], "duties", DAY - 8 * ONE) is State.REFUSED


def test_an_open_consent_outlives_a_later_one_with_a_term() -> None:
    rows = [paper("duties", given_day=DAY - 9 * ONE), paper("duties", given_day=DAY - 8 * ONE, expires_day=DAY - ONE)]
    assert valid(rows, "duties", DAY)


def test_a_consent_for_one_round_does_not_count_in_another() -> None:
    rows = [paper("duties", round_id="r1")]
    assert valid(rows, "duties", DAY, "r1")
    assert not valid(rows, "duties", DAY, "r2")
    assert not valid(rows, "duties", DAY)
    assert valid([paper("duties")], "duties", DAY, "r2")


def test_adults_need_no_agreement_of_a_representative() -> None:
    rows = [paper("duties"), paper("personal_data")]
    assert missing(rows, uses()["activation"], DAY) == {}
    assert set(missing(rows, uses()["activation"], DAY, is_minor=True)) == {"agreement"}


def test_who_is_no_employee_signs_an_agreement_or_a_consent_to_duties() -> None:
    """A-42: labour law does not speak of retired mentors, students and partners; one of the two papers is enough."""
    use, data = uses()["activation"], paper("personal_data")
    assert missing([data], use, DAY, is_employee=False) == {"duties": State.NONE, "agreement": State.NONE}
    assert missing([data, paper("agreement")], use, DAY, is_employee=False) == {}
    assert missing([data, paper("duties")], use, DAY, is_employee=False) == {}
    refusal = paper("duties", refused=True)
    assert missing([data, paper("agreement"), refusal], use, DAY, is_employee=False) == {"duties": State.REFUSED}
    assert missing([data, paper("agreement")], use, DAY) == {"duties": State.NONE}
