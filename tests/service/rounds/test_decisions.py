"""Decisions of people: what each changes, who may take it, who sees it, and how it is undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import select

from service.audit import broken_links
from service.rounds.decided import read_decided
from service.rounds.inputs import present_roster
from service.rounds.working_days import working_day_after
from service.tables.privacy import AuditEntry
from service.tables.rounds import Decision, Round
from tests.service.conftest import House
from tests.service.rounds.conftest import Case, build_case
from tests.service.rounds.test_life import ORDER, TERM, english, lead_to_confirmed, messages

NewCase = Callable[..., Case]
Freeze = Callable[[date], None]
MONDAY = date(2026, 11, 16)


@pytest.fixture
def freeze(monkeypatch: pytest.MonkeyPatch) -> Freeze:
    """Let it be another day."""

    def at(day: date) -> None:
        moment = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        for place in ("rounds", "pairs"):
            monkeypatch.setattr(f"service.routes.{place}.now", lambda: moment)

    return at


def running(house: House, policy: str = "kalmykia") -> Case:
    """Return a round whose pairs work."""
    case = build_case(house, policy)
    curator, head = english(house, "curator"), english(house, "head")
    lead_to_confirmed(case, curator, english(house, "council_member"))
    case.edit(**TERM)
    assert case.step(head, "ordered", **ORDER).status_code == 200
    assert case.step(curator, "running").status_code == 200
    return case


def snapshot(case: Case) -> Any:
    """Return everything decided in a round, as solvers and people see it."""
    core = case.house.core
    pairs = {
        (p.mentor_id, p.mentee_id): (p.state, p.locked, p.first_day, p.last_day, p.end_reason)
        for p in case.pairs()
        if p.state != "dropped"
    }
    with core.database.reading() as session:
        decided = read_decided(session, core.vault, case.round_id)
        roster = present_roster(session, core.vault, session.get_one(Round, case.round_id))
        return case.row().state, pairs, decided, roster


def test_a_decision_says_which_version_it_rests_on(new_case: NewCase) -> None:
    case = new_case()
    curator = english(case.house, "curator")
    pair, version = case.pairs()[0], case.row().version
    bare = case.house.client.post(f"{case.url}/decisions", json={"kind": "lock", "pair": pair.id}, headers=curator)
    assert bare.status_code == 428
    assert case.act(curator, kind="lock", pair=pair.id).headers["etag"] == f'"{version + 1}"'
    stale = case.post("decisions", curator, {"kind": "unlock", "pair": pair.id}, version=version)
    assert (stale.status_code, stale.json()["type"]) == (409, "/problems/stale")
    assert case.pairs()[0].locked


def test_every_decision_is_a_row_and_an_entry_of_the_trail(house: House) -> None:
    case = build_case(house)
    curator = english(house, "curator")
    pair = case.pairs()[0]
    case.act(curator, kind="lock", pair=pair.id, reason="так решил совет")
    with house.core.database.reading() as session:
        row = session.exec(select(Decision)).one()
        assert (row.kind, row.number, row.made_by[:6]) == ("lock", 1, "token:")
        assert "совет".encode() not in (row.sealed_reason or b"")
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "decision.lock")).one()
        assert row.id in entry.subjects
        assert list(broken_links(session)) == []
    told = house.client.get(f"{case.url}/decisions", headers=curator).json()["items"][0]
    assert told["reason"] == "так решил совет"
    mentor = english(house, "mentor", person_id=pair.mentor_id)
    told = house.client.get(f"{case.url}/decisions", headers=mentor).json()["items"][0]
    assert told["reason"] is None


def test_fixed_and_forbidden_exclude_each_other_and_reach_the_solver(new_case: NewCase) -> None:
    case = new_case()
    curator = english(case.house, "curator")
    pair = case.pairs()[0]
    assert case.act(curator, kind="lock", pair=pair.id).status_code == 201
    assert "the pair is fixed" in messages(case.act(curator, kind="forbid", pair=pair.id))
    assert "fixed already" in messages(case.act(curator, kind="lock", pair=pair.id))
    locks = {(lock.mentor, lock.mentee): str(lock.status) for lock in snapshot(case)[3].locks}
    assert list(locks.values()) == ["agreed"]
    assert case.act(curator, kind="unlock", pair=pair.id).status_code == 201
    assert case.act(curator, kind="forbid", pair=pair.id).status_code == 201
    assert next(one for one in case.pairs() if one.id == pair.id).state == "dropped"
    assert [str(lock.status) for lock in snapshot(case)[3].locks] == ["forbidden"]
    two = {"mentor": pair.mentor_id, "mentee": pair.mentee_id}
    assert "the pair is forbidden" in messages(case.act(curator, kind="lock", **two))
    assert case.act(curator, kind="allow", **two).status_code == 201
    assert snapshot(case)[3].locks == ()


def test_a_lock_nobody_planned_is_judged_by_the_rules(new_case: NewCase) -> None:
    case = new_case()
    curator = english(case.house, "curator")
    pair = case.pairs()[0]
    answer = case.act(curator, kind="lock", mentor=pair.mentee_id, mentee=pair.mentor_id)
    assert answer.status_code == 409
    assert answer.json()["faults"]


def test_only_the_sides_answer_and_others_learn_only_that_one_declined(house: House) -> None:
    case = build_case(house)
    pair = case.pairs()[0]
    mentor = english(house, "mentor", person_id=pair.mentor_id)
    mentee = english(house, "mentee", person_id=pair.mentee_id)
    stranger = english(
        house,
        "mentor",
        person_id=next(
            other.mentor_id
            for other in case.pairs()
            if pair.mentor_id not in (other.mentor_id, other.mentee_id) and other.mentor_id != pair.mentee_id
        ),
    )
    assert case.act(stranger, kind="accept", pair=pair.id).status_code == 404
    assert case.act(english(house, "head"), kind="accept", pair=pair.id).status_code == 403
    assert case.act(mentor, kind="accept", pair=pair.id, side="mentee").status_code == 403
    assert case.act(mentor, kind="accept", pair=pair.id).json()["details"]["side"] == "mentor"
    assert case.act(mentee, kind="decline", pair=pair.id).status_code == 201
    assert next(one for one in case.pairs() if one.id == pair.id).state == "declined"
    for headers in (mentor, english(house, "head")):
        told = house.client.get(f"{case.url}/decisions", headers=headers, params={"kind": "decline"}).json()["items"]
        assert (told[0]["details"], told[0]["made_by"], told[0]["reason"]) == ({}, None, None)
    curator = house.client.get(f"{case.url}/decisions", headers=english(house, "curator")).json()["items"]
    assert curator[0]["details"]["side"] == "mentee"


def test_the_psychologists_score_is_for_the_author_and_the_curator(house: House) -> None:
    case = build_case(house, "smolensk_school_23")
    psychologist, pair = english(house, "psychologist"), case.pairs()[0]
    assert case.act(english(house, "curator"), kind="psychologist", pair=pair.id, score=1).status_code == 403
    assert case.act(psychologist, kind="psychologist", pair=pair.id, score=-1, reason="тихо").status_code == 201
    seen = {}
    for role, headers in (
        ("psychologist", psychologist),
        ("curator", english(house, "curator")),
        ("head", english(house, "head")),
        ("mentor", english(house, "mentor", person_id=pair.mentor_id)),
    ):
        told = house.client.get(f"{case.url}/decisions", headers=headers).json()["items"][0]
        seen[role] = told["details"].get("score"), told["reason"]
    assert seen == {"psychologist": (-1, "тихо"), "curator": (-1, "тихо"), "head": (None, None), "mentor": (None, None)}
    assert [one.psychologist for one in snapshot(case)[3].compatibility if one.psychologist == -1] == [-1]


def test_an_opinion_on_paper_is_entered_by_the_curator_with_day_and_name(house: House) -> None:
    case = build_case(house, "smolensk_school_23")
    curator, pair = english(house, "curator"), case.pairs()[0]
    asked = {"kind": "psychologist", "pair": pair.id, "recommendation": "recommended", "score": 1, "paper": True}
    signed = {"opinion_by": "Ivanova I. I.", "opinion_day": "2026-09-01"}
    missing = case.act(curator, **asked)
    assert [one["place"] for one in missing.json()["faults"]] == ["body.opinion_by", "body.opinion_day"]
    assert case.act(curator, **asked, **{**signed, "opinion_day": "2099-09-01"}).status_code == 422
    assert case.act(english(house, "head"), **asked, **signed).status_code == 403
    assert case.act(curator, **asked, **signed).status_code == 201
    said = {"recommendation": "recommended", "score": 1, "paper": True, "by": "Ivanova I. I.", "day": "2026-09-01"}
    for role, shown in (("curator", said), ("head", {}), ("council_member", {}), ("psychologist", {})):
        told = house.client.get(f"{case.url}/decisions", headers=english(house, role)).json()["items"][0]
        assert (role, told["kind"], told["details"]) == (role, "psychologist", shown)
    assert case.act(english(house, "psychologist"), kind="psychologist", pair=pair.id, score=-1).status_code == 201
    assert "the psychologist has given his word on this pair himself" in messages(case.act(curator, **asked, **signed))
    elsewhere = build_case(house, "kalmykia")
    refused = elsewhere.act(curator, **{**asked, "pair": elsewhere.pairs()[0].id}, **signed)
    assert "this regulation does not ask the psychologist for his word on pairs" in messages(refused)


def test_undoing_everything_leaves_the_round_as_it_was(house: House) -> None:
    case = build_case(house)
    curator, council = english(house, "curator"), english(house, "council_member")
    start = snapshot(case)
    first, second, *_ = case.pairs()
    two = {"mentor": second.mentor_id, "mentee": second.mentee_id}
    steps: list[tuple[dict[str, str], dict[str, Any]]] = [
        (curator, {"kind": "lock", "pair": first.id}),
        (council, {"kind": "agree", "pair": first.id}),
        (curator, {"kind": "accept", "pair": first.id, "side": "mentor", "paper": True}),
        (curator, {"kind": "decline", "pair": second.id, "side": "mentee", "paper": True}),
        (curator, {"kind": "override", **two, "rule": "HR-06", "reason": "x"}),
        (curator, {"kind": "forbid", **two}),
    ]
    for headers, body in steps:
        answer = case.act(headers, **body)
        assert answer.status_code == 201, answer.text
    assert snapshot(case) != start
    for _ in steps:
        answer = case.act(curator, kind="undo")
        assert answer.status_code == 201, answer.text
    assert snapshot(case) == start
    assert case.act(curator, kind="undo").status_code == 404


def test_a_decision_others_rest_on_is_undone_after_them(new_case: NewCase) -> None:
    case = new_case()
    curator = english(case.house, "curator")
    pair = case.pairs()[0]
    lock = case.act(curator, kind="lock", pair=pair.id).json()["id"]
    later = case.act(english(case.house, "council_member"), kind="agree", pair=pair.id).json()["id"]
    assert "decision 2 rests on it" in messages(case.act(curator, kind="undo", decision=lock))
    assert case.act(curator, kind="undo", decision=later).status_code == 201
    assert case.act(curator, kind="undo", decision=lock).status_code == 201
    assert "undone already" in messages(case.act(curator, kind="undo", decision=lock))


def test_nothing_before_a_signed_order_is_undone(new_case: NewCase) -> None:
    case = new_case()
    case = running(case.house)
    curator = english(case.house, "curator")
    agreed = case.house.client.get(f"{case.url}/decisions", headers=curator, params={"kind": "agree"}).json()["items"][
        0
    ]
    refused = messages(case.act(curator, kind="undo", decision=agreed["id"]))
    assert "the head has signed an order on it since: № 112-о of 28.09.2026" in refused


def test_notice_on_a_monday_ends_the_pair_on_thursday_at_the_earliest(sqlite_house: House, freeze: Freeze) -> None:
    """Acceptance example 15: KAL 4.11 and Labour Code 351.8."""
    freeze(MONDAY)
    case = running(sqlite_house)
    curator, pair = english(sqlite_house, "curator"), case.pairs()[0]
    others = {one.id: one.state for one in case.pairs() if one.id != pair.id}
    too_early = case.act(curator, kind="terminate", pair=pair.id, end_reason="mentor", last_day="2026-11-18")
    assert "a notice of 3 working days is needed: 19.11.2026 at the earliest" in messages(too_early)
    ended = case.act(curator, kind="terminate", pair=pair.id, end_reason="mentor")
    assert ended.json()["details"]["last_day"] == "2026-11-19"
    task = sqlite_house.client.get(f"{case.url}/replacements", headers=curator).json()["items"][0]
    assert (task["pair"], task["due_day"], task["overdue"]) == (pair.id, "2026-11-23", False)
    assert {one.id: one.state for one in case.pairs() if one.id != pair.id} == others
    undone = case.act(curator, kind="undo")
    assert undone.status_code == 201
    assert next(one for one in case.pairs() if one.id == pair.id).state == "active"


def test_the_mentees_own_wish_ends_the_pair_at_once(sqlite_house: House, freeze: Freeze) -> None:
    freeze(MONDAY)
    case = running(sqlite_house)
    pair = case.pairs()[0]
    curator = english(sqlite_house, "curator")
    ended = case.act(curator, kind="terminate", pair=pair.id, end_reason="mentee")
    assert ended.json()["details"]["last_day"] == "2026-11-16"


def test_public_holidays_are_no_working_days() -> None:
    assert working_day_after(date(2026, 11, 2), 3) == date(2026, 11, 6)
    assert working_day_after(date(2026, 12, 30), 3) > date(2027, 1, 8)


def test_a_longer_term_needs_both_sides(sqlite_house: House, freeze: Freeze) -> None:
    freeze(MONDAY)
    case = running(sqlite_house)
    curator, pair = english(sqlite_house, "curator"), case.pairs()[0]
    asked = case.act(curator, kind="prolong", pair=pair.id, last_day="2027-08-31")
    assert asked.json()["details"]["needs"] == ["mentor", "mentee"]
    proposal = asked.json()["id"]
    mentor = english(sqlite_house, "mentor", person_id=pair.mentor_id)
    assert case.act(mentor, kind="accept", decision=proposal).status_code == 201
    assert next(one for one in case.pairs() if one.id == pair.id).last_day == TERM["last_day"]
    assert case.act(mentor, kind="accept", decision=proposal).status_code == 409
    assert case.act(curator, kind="accept", decision=proposal, side="mentee", paper=True).status_code == 201
    after = next(one for one in case.pairs() if one.id == pair.id)
    assert (after.state, after.last_day) == ("prolonged", date(2027, 8, 31))
    long = case.act(curator, kind="prolong", pair=pair.id, last_day="2028-05-31", paper=True)
    assert "needs the curator's note (A-07" in messages(long)


def test_another_mentor_takes_over_or_the_rules_say_why_not(sqlite_house: House, freeze: Freeze) -> None:
    freeze(MONDAY)
    case = build_case(sqlite_house)
    curator, pair = english(sqlite_house, "curator"), case.pairs()[0]
    start = snapshot(case)
    answers = {}
    for mentor in sorted({person.mentor_id for person in case.pairs()} - {pair.mentor_id}):
        answer = case.act(curator, kind="replace", pair=pair.id, trigger="absence", new_mentor=mentor)
        answers[mentor] = answer.status_code
        if answer.status_code == 201:
            made = next(one for one in case.pairs() if one.id == answer.json()["details"]["new_pair"])
            assert (made.state, made.replaces_id, made.mentor_id) == ("proposed", pair.id, mentor)
            assert case.act(curator, kind="undo").status_code == 201
            assert snapshot(case) == start
        else:
            assert answer.json()["faults"]
    assert set(answers.values()) <= {201, 409}


def test_curators_of_schools_see_their_own_pairs_of_a_municipal_round(house: House) -> None:
    case = build_case(house, area="m1")
    pair, *others = case.pairs()
    with house.core.database.writing() as session:
        row = session.merge(pair)
        row.mentee_area_id = house.areas["s12"]
        session.add(row)
    seen = {
        school: [
            one["id"]
            for one in house.client.get(f"{case.url}/pairs", headers=house.headers("curator", school)).json()["items"]
        ]
        for school in ("s11", "s12")
    }
    assert seen == {"s11": [], "s12": [pair.id]}
    assert house.client.get(f"{case.url}/pairs", headers=house.headers("curator", "s21")).status_code == 404
    whole = house.client.get(f"{case.url}/pairs", headers=house.headers("municipal_operator", "m1")).json()["items"]
    assert len(whole) == len(others) + 1
    assert case.act(house.headers("curator", "s12"), kind="lock", pair=pair.id).status_code == 403
    assert case.act(house.headers("curator", "s12"), kind="comment", pair=others[0].id, reason="x").status_code == 404
    paper = {"kind": "accept", "pair": pair.id, "paper": True}
    assert case.act(house.headers("curator", "s12"), side="mentee", **paper).status_code == 201
    assert case.act(house.headers("curator", "s12"), side="mentor", **paper).status_code == 403


def test_the_list_says_who_has_nobody_and_why(sqlite_house: House) -> None:
    case = build_case(sqlite_house)
    curator, pair = english(sqlite_house, "curator"), case.pairs()[0]
    for own in [one for one in case.pairs() if one.mentee_id == pair.mentee_id]:
        assert case.act(curator, kind="forbid", pair=own.id).status_code == 201
    found = sqlite_house.client.get(f"{case.url}/unmatched", headers=curator).json()["items"]
    mentee = next(one for one in found if one["mentee"] == pair.mentee_id)
    assert {"HR-22"} <= {reason["rule"] for reason in mentee["reasons"]}
    assert all(reason["message"] for reason in mentee["reasons"])
