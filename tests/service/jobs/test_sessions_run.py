"""Meetings planned anew in a round that runs: its pairs stay as they are, and so does what people know of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import col, delete, select

from service.rounds.plan_files import open_plan
from service.tables.access import Role
from service.tables.areas import Person
from service.tables.rounds import Meeting, MeetingPerson, Pair, PlanFileRow, Round
from tests.service.conftest import House
from tests.service.jobs.conftest import ended, working
from tests.service.jobs.made import house_round
from tests.service.rounds.conftest import Case, build_case, give_plan, planned_meetings

TODAY, TOLD_UNTIL = date(2026, 10, 14), date(2026, 11, 1)
ASKED = {"what": "sessions", "take": True, "time_limit": 2, "seed": 1}
Two = tuple[str, str]


@pytest.fixture
def case(busy_sqlite_house: House, monkeypatch: pytest.MonkeyPatch) -> Case:
    """A running round in the middle of October: past meetings were held, those of October announced."""
    monkeypatch.setattr("service.jobs.solving.now", lambda: datetime(2026, 10, 14, 9, tzinfo=UTC))
    found = build_case(busy_sqlite_house, plan=planned_meetings())
    found.edit(state="running")
    with busy_sqlite_house.core.database.writing() as session:
        for pair in session.exec(select(Pair)):
            pair.state = "active"
            session.add(pair)
        for meeting in session.exec(select(Meeting)):
            meeting.state = "draft" if meeting.day > TOLD_UNTIL else "published" if meeting.day >= TODAY else "held"
            session.add(meeting)
    return found


def pairs_as_they_are(case: Case) -> list[dict[str, Any]]:
    return [pair.model_dump() for pair in case.pairs()]


def meetings_of(case: Case) -> dict[str, Meeting]:
    with case.house.core.database.reading() as session:
        found = {one.code: one for one in session.exec(select(Meeting).where(Meeting.round_id == case.round_id))}
        session.expunge_all()
        return found


def two_of(case: Case, meeting: Meeting) -> Two:
    with case.house.core.database.reading() as session:
        asked = select(MeetingPerson).where(MeetingPerson.meeting_id == meeting.id)
        found = {row.leads: row.person_id for row in session.exec(asked)}
        return found[True], found[False]


def known(meetings: dict[str, Meeting]) -> dict[str, dict[str, Any]]:
    """Return what people know of, with nothing left out but the plan that has it now."""
    told = (one for one in meetings.values() if one.state != "draft")
    return {one.code: one.model_dump(exclude={"plan_id"}) for one in told}


def end_one_and_begin_another(case: Case) -> tuple[Two, Two]:
    """Drop a pair, give its mentee another mentor, and take all drafts of a third pair away."""
    with case.house.core.database.writing() as session:
        by_code = select(Pair).join(Person, col(Person.id) == Pair.mentee_id).order_by(Person.code)
        drafts = {two_of(case, one) for one in meetings_of(case).values() if one.state == "draft"}
        first, *others = [one for one in session.exec(by_code) if (one.mentor_id, one.mentee_id) in drafts]
        first.state = "dropped"
        other = next(pair for pair in others if pair.mentor_id != first.mentor_id)
        columns = first.model_dump(exclude={"id", "mentor_id", "mentor_area_id", "state"})
        mentor: dict[str, Any] = {"mentor_id": other.mentor_id, "mentor_area_id": other.mentor_area_id}
        session.add(Pair(**columns, **mentor, state="confirmed"))
        session.add(first)
        mine = (
            select(MeetingPerson.meeting_id)
            .join(Meeting)
            .where(Meeting.state == "draft", MeetingPerson.person_id == other.mentee_id)
        )
        ids = list(session.exec(mine))
        session.exec(delete(MeetingPerson).where(col(MeetingPerson.meeting_id).in_(ids)))
        session.exec(delete(Meeting).where(col(Meeting.id).in_(ids)))
        return (first.mentor_id, first.mentee_id), (other.mentor_id, first.mentee_id)


def run_it(case: Case) -> dict[str, Any]:
    curator = case.house.headers(Role.CURATOR)
    asked = case.house.client.post(f"{case.url}/runs", json=ASKED, headers=curator)
    assert asked.status_code == 202, asked.text
    with working(case.house.core):
        ended(case.house.core, asked.json()["id"])
    found: dict[str, Any] = case.house.client.get(asked.headers["location"], headers=curator).json()
    assert (found["outcome"], found["reason"]) == ("planned", None), found
    return found


def test_pairs_stay_and_only_what_is_missing_is_planned(case: Case) -> None:
    gone, new = end_one_and_begin_another(case)
    pairs, before = pairs_as_they_are(case), meetings_of(case)
    last_known = {two_of(case, one) for one in before.values() if one.state == "draft"}
    assert gone in last_known
    body = run_it(case)
    assert pairs_as_they_are(case) == pairs
    assert case.row().state == "running"
    after = meetings_of(case)
    standing = {(pair["mentor_id"], pair["mentee_id"]) for pair in pairs if pair["state"] != "dropped"}
    assert body["summary"]["pairs"] == len(standing)
    fresh = {code: one for code, one in after.items() if code not in before}
    assert new in {two_of(case, one) for one in fresh.values()} <= standing
    assert all(one.day > TODAY for one in fresh.values())
    ahead = {two_of(case, one) for one in after.values() if one.state == "draft" or one.day > TODAY}
    announced = {two_of(case, one) for one in before.values() if one.state == "published"}
    assert new in ahead <= standing | announced
    assert {one.state for one in after.values() if two_of(case, one) == new} == {"draft"}, "it does not work yet"
    assert not [one for one in after.values() if one.state == "draft" and two_of(case, one) == gone]
    assert known(before).items() <= known(after).items()
    with case.house.core.database.reading() as session:
        plan = open_plan(case.house.core.vault, session.get_one(PlanFileRow, body["plan"]))
    assert plan.schedule is not None
    assert sum(len(one.numbers) for one in plan.schedule.unplaced) == body["summary"]["meetings_missing"]
    assert all(one.reasons for one in plan.schedule.unplaced)
    listed, codes = {one.activity.partition("/")[0] for one in plan.schedule.unplaced}, {}
    with case.house.core.database.reading() as session:
        codes = {one.id: one.code for one in session.exec(select(Person))}
    assert all(f"{codes[one]}:{codes[other]}" in listed for one, other in standing - ahead)
    headers = case.house.headers(Role.CURATOR) | {"Accept-Language": "en"}
    shown = case.house.client.get(f"/runs/{body['id']}", headers=headers)
    assert "Done: the meetings are planned" in shown.text
    assert f"/rounds/{case.round_id}/schedule" in shown.text


def test_what_happens_while_a_run_goes_on_counts(case: Case) -> None:
    """A plan made before a pair ended and a meeting was announced changes neither."""
    plan = planned_meetings()
    assert plan.schedule is not None
    drafts = [one for one in meetings_of(case).values() if one.state == "draft"]
    told, gone = drafts[0], two_of(case, drafts[-1])
    assert two_of(case, told) != gone
    with case.house.core.database.writing() as session:
        row = session.get_one(Meeting, told.id)
        row.state, row.start_minute, row.end_minute = "published", row.start_minute + 5, row.end_minute + 5
        pair = session.exec(select(Pair).where(Pair.mentor_id == gone[0], Pair.mentee_id == gone[1])).one()
        pair.state = "terminated"
        session.add_all([row, pair])
    pairs, before = pairs_as_they_are(case), meetings_of(case)
    with case.house.core.database.writing() as session:
        give_plan(case.house, session, session.get_one(Round, case.round_id), plan, keeps_pairs=True)
    after = meetings_of(case)
    assert pairs_as_they_are(case) == pairs
    assert known(after) == known(before)
    assert {two_of(case, one) for one in after.values() if one.state == "draft"}.isdisjoint({gone})


def test_a_round_without_pairs_has_nobody_to_plan_for(busy_sqlite_house: House) -> None:
    round_id = house_round(busy_sqlite_house)
    headers = busy_sqlite_house.headers(Role.CURATOR) | {"Accept-Language": "en"}
    asked = busy_sqlite_house.client.post(f"/api/v1/rounds/{round_id}/runs", json=ASKED, headers=headers)
    assert asked.status_code == 422
    assert [fault["place"] for fault in asked.json()["faults"]] == ["what"]
