"""The order of approvals of each regulation: who agrees, who signs, and what nobody gets round (7.10, HR-23)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from service.tables.rounds import Meeting, Order
from tests.service.conftest import House
from tests.service.rounds.conftest import Case

NewCase = Callable[..., Case]
ORDER = {"order_no": "112-о", "order_date": "2026-09-28"}
TERM = {"first_day": date(2026, 10, 1), "last_day": date(2027, 5, 31)}


def messages(answer: Any) -> str:
    """Return every fault of a refusal in English."""
    return "\n".join(f"{fault['place']}: {fault['message']}" for fault in answer.json().get("faults", []))


def english(house: House, role: str, **named: Any) -> dict[str, str]:
    return {**house.headers(role, **named), "Accept-Language": "en"}


def lead_to_confirmed(case: Case, curator: dict[str, str], agreeing: dict[str, str]) -> None:
    """Agree to all pairs, sign everything, and confirm."""
    assert case.act(agreeing, kind="agree").status_code == 201
    assert case.step(curator, "agreed").status_code == 200
    case.sign_everything()
    answer = case.step(curator, "confirmed")
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("policy", "clauses"),
    [
        ("barnaul", ["4.1.2", "4.1.3"]),
        ("anuchino", ["2"]),
        ("kalmykia", ["3.8; 4.2", "4.2"]),
        ("dalnerechensk", ["3.2.2"]),
        ("smolensk_school_23", ["6.1", "4.1; 4.5"]),
    ],
)
def test_pairs_are_not_looked_for_before_the_gates_stand(new_case: NewCase, policy: str, clauses: list[str]) -> None:
    case = new_case(policy)
    case.edit(state="preparatory")
    refused = case.step(english(case.house, "curator"), "matching")
    assert refused.status_code == 409
    assert all(f"clause {clause})" in messages(refused) for clause in clauses)


def test_a_gate_opens_with_its_record(new_case: NewCase) -> None:
    case = new_case("anuchino")
    case.edit(state="preparatory")
    curator = english(case.house, "curator")
    case.record("curator_appointment", "in_force")
    case.record("roadmap", "agreed")
    assert case.step(curator, "matching").status_code == 200


@pytest.mark.parametrize("policy", ["kalmykia", "smolensk_school_23"])
def test_where_there_is_a_council_nobody_else_agrees(new_case: NewCase, policy: str) -> None:
    case = new_case(policy)
    curator, council = english(case.house, "curator"), english(case.house, "council_member")
    for pair in case.pairs():
        said = case.act(
            english(case.house, "psychologist"), kind="psychologist", pair=pair.id, recommendation="recommended"
        )
        assert said.status_code == 201
    refused = case.act(curator, kind="agree")
    assert refused.status_code == 409
    assert "the council agrees to pairs" in messages(refused)
    refused = case.step(curator, "agreed")
    assert "the council has not agreed to the pair" in messages(refused)
    assert case.act(english(case.house, "head"), kind="agree").status_code == 403
    assert case.act(council, kind="agree").status_code == 201
    assert case.step(curator, "agreed").status_code == 200


def test_the_council_may_agree_on_paper(new_case: NewCase) -> None:
    case = new_case("kalmykia")
    agreed = case.act(english(case.house, "curator"), kind="agree", paper=True, reason="протокол № 3 от 25.09.2026")
    assert agreed.status_code == 201
    assert {pair.state for pair in case.pairs()} == {"agreed"}


@pytest.mark.parametrize("policy", ["barnaul", "anuchino", "dalnerechensk"])
def test_where_no_council_fixes_pairs_the_curator_agrees(new_case: NewCase, policy: str) -> None:
    case = new_case(policy)
    assert case.act(english(case.house, "curator"), kind="agree").status_code == 201
    assert case.step(english(case.house, "curator"), "agreed").status_code == 200


def test_the_psychologist_speaks_before_the_council(new_case: NewCase) -> None:
    case = new_case("smolensk_school_23")
    refused = case.act(english(case.house, "council_member"), kind="agree")
    assert refused.status_code == 409
    assert "the psychologist has not said a word on the pair (clause 4.1; 4.5; 6.1)" in messages(refused)


def test_interview_and_questionnaire_come_before_a_pair_is_confirmed(new_case: NewCase) -> None:
    case = new_case("dalnerechensk")
    curator = english(case.house, "curator")
    assert case.act(curator, kind="agree").status_code == 201
    assert case.step(curator, "agreed").status_code == 200
    refused = messages(case.step(curator, "confirmed"))
    assert "not both sides have been interviewed (clause 4.2; 3.3.1)" in refused
    assert "not both sides have filled in the questionnaire (clause 4.2; 3.3.1)" in refused
    case.sign_everything()
    assert case.step(curator, "confirmed").status_code == 200


@pytest.mark.parametrize("policy", ["barnaul", "kalmykia", "dalnerechensk", "smolensk_school_23"])
def test_pairs_work_only_by_order_of_the_head(new_case: NewCase, policy: str) -> None:
    case = new_case(policy)
    house = case.house
    curator, head = english(house, "curator"), english(house, "head")
    for pair in case.pairs():
        case.act(english(house, "psychologist"), kind="psychologist", pair=pair.id, score=1)
    council = policy in ("kalmykia", "smolensk_school_23")
    lead_to_confirmed(case, curator, english(house, "council_member" if council else "curator"))
    refused = case.step(curator, "ordered", **ORDER)
    assert refused.status_code == 403
    assert refused.json()["detail"] == "The order is entered by the head of the organisation."
    refused = messages(case.step(head, "ordered"))
    assert "there is no order of the head (HR-23" in refused
    assert "the term is not given" in refused
    assert case.step(curator, "running").status_code == 409
    case.edit(**TERM)
    signed = case.step(head, "ordered", **ORDER)
    assert signed.status_code == 200, signed.text
    assert case.step(curator, "running").status_code == 200
    assert {(pair.state, pair.first_day) for pair in case.pairs()} == {("active", case.pairs()[0].first_day)}
    with house.core.database.reading() as session:
        order = session.exec(select(Order)).one()
        assert (order.document, order.number, len(order.people)) == ("D-04", "112-о", len(people_of(case)))


def people_of(case: Case) -> set[str]:
    return {id_ for pair in case.pairs() for id_ in (pair.mentor_id, pair.mentee_id)}


def test_where_the_regulation_asks_for_no_order_the_curator_begins(new_case: NewCase) -> None:
    case = new_case("anuchino")
    curator = english(case.house, "curator")
    case.edit(**TERM)
    lead_to_confirmed(case, curator, curator)
    assert case.step(curator, "ordered").status_code == 200
    assert case.step(curator, "running").status_code == 200


def test_without_the_mentees_signed_consent_the_pair_stays_unconfirmed(new_case: NewCase) -> None:
    """Acceptance example 1: KAL 3.8."""
    case = new_case("kalmykia")
    curator = english(case.house, "curator")
    assert case.act(english(case.house, "council_member"), kind="agree").status_code == 201
    assert case.step(curator, "agreed").status_code == 200
    case.sign_everything()
    pair = case.pairs()[0]
    case.consent(pair.mentee_id, "duties", refused=True, given_day=date(2026, 2, 1))
    case.consent(pair.mentee_id, "agreement", refused=True, given_day=date(2026, 2, 1))
    assert case.act(curator, kind="accept", pair=pair.id, side="mentee", paper=True).status_code == 201
    refused = case.step(curator, "confirmed")
    assert refused.status_code == 409
    assert "has given no written consent to the duties (HR-23, clause 3.8)" in messages(refused)
    own = [other for other in case.pairs() if other.mentee_id == pair.mentee_id]
    assert len(refused.json()["faults"]) == len(own)
    assert next(found for found in case.pairs() if found.id == pair.id).state == "agreed"
    active = case.step(english(case.house, "head"), "active", pairs=[pair.id], **ORDER)
    assert active.status_code == 409
    assert {found.state for found in case.pairs()} == {"agreed"}


def test_a_consent_withdrawn_later_stops_the_order(new_case: NewCase) -> None:
    case = new_case("kalmykia")
    curator = english(case.house, "curator")
    lead_to_confirmed(case, curator, english(case.house, "council_member"))
    case.edit(**TERM)
    case.consent(case.pairs()[0].mentor_id, "personal_data", refused=True, given_day=date(2026, 3, 1))
    refused = case.step(english(case.house, "head"), "ordered", **ORDER)
    assert refused.status_code == 409
    assert "has not signed the separate consent to the use of personal data (HR-23, law on personal data)" in messages(
        refused
    )


def test_a_pair_the_psychologist_does_not_recommend_needs_an_override(new_case: NewCase) -> None:
    """Acceptance example 5: SMO 4.5."""
    case = new_case("smolensk_school_23")
    psychologist, curator = english(case.house, "psychologist"), english(case.house, "curator")
    first, *others = case.pairs()
    for pair in others:
        case.act(psychologist, kind="psychologist", pair=pair.id, recommendation="neutral")
    case.act(psychologist, kind="psychologist", pair=first.id, recommendation="not_recommended")
    refused = case.act(english(case.house, "council_member"), kind="agree")
    assert "the psychologist does not recommend the pair (HR-24, clause 4.5)" in messages(refused)
    assert case.act(curator, kind="override", pair=first.id, rule="HR-24").status_code == 422
    lifted = case.act(curator, kind="override", pair=first.id, rule="HR-24", reason="решение совета")
    assert lifted.status_code == 201
    assert case.act(english(case.house, "council_member"), kind="agree").status_code == 201


@pytest.mark.parametrize(
    ("last_day", "status"), [(date(2026, 11, 30), 409), (date(2027, 11, 30), 409), (date(2027, 9, 30), 200)]
)
def test_a_programme_lasts_three_months_to_a_year(new_case: NewCase, last_day: date, status: int) -> None:
    """Acceptance example 16: two months and fourteen months are refused."""
    case = new_case("kalmykia")
    curator = english(case.house, "curator")
    lead_to_confirmed(case, curator, english(case.house, "council_member"))
    case.edit(first_day=date(2026, 10, 1), last_day=last_day)
    assert case.step(english(case.house, "head"), "ordered", **ORDER).status_code == status


def test_no_step_is_left_out_and_the_signed_is_not_taken_back(new_case: NewCase) -> None:
    case = new_case("kalmykia")
    curator = english(case.house, "curator")
    for to in ("confirmed", "running", "closed", "draft"):
        assert case.step(curator, to).status_code == 409
    lead_to_confirmed(case, curator, english(case.house, "council_member"))
    case.edit(**TERM)
    assert case.step(english(case.house, "head"), "ordered", **ORDER).status_code == 200
    assert case.step(curator, "confirmed").status_code == 409
    assert case.step(curator, "running").status_code == 200
    with case.house.core.database.reading() as session:
        assert {meeting.state for meeting in session.exec(select(Meeting))} <= {"published"}
