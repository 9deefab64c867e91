"""Meetings: published with the round, moved under the rules, marked, and told of in calendars that remember."""

from __future__ import annotations

from datetime import date
from typing import Any

import icalendar
import pytest
from sqlmodel import col, select

from service.rounds.inputs import build_inputs
from service.tables.privacy import AuditEntry
from service.tables.rounds import Meeting, MeetingPerson, Round
from tests.service.conftest import House
from tests.service.rounds.conftest import Case, build_case, planned_meetings
from tests.service.rounds.test_life import english, messages


@pytest.fixture
def case(house: House) -> Case:
    """A running round whose meetings everybody knows of."""
    found = build_case(house, plan=planned_meetings())
    found.edit(state="running")
    with house.core.database.writing() as session:
        for meeting in session.exec(select(Meeting)):
            meeting.state = "published"
            session.add(meeting)
    return found


def listed(case: Case, headers: dict[str, str], **query: Any) -> list[dict[str, Any]]:
    found = case.house.client.get("/api/v1/sessions", headers=headers, params=query)
    assert found.status_code == 200, found.text
    items: list[dict[str, Any]] = found.json()["items"]
    return items


def edit(case: Case, headers: dict[str, str], meeting: dict[str, Any], **body: Any) -> Any:
    match = {"If-Match": f'"{meeting["version"]}"'}
    return case.house.client.patch(f"/api/v1/sessions/{meeting['id']}", json=body, headers={**headers, **match})


def test_a_meeting_moves_where_the_rules_allow_and_not_elsewhere(case: Case) -> None:
    curator = english(case.house, "curator")
    first, *_ = listed(case, curator)
    sunday = edit(case, curator, first, day="2026-10-11")
    assert sunday.status_code == 409
    assert "(HR-17)" in messages(sunday) or "HR" in messages(sunday)
    later = edit(case, curator, first, start_minute=first["start_minute"] + 60)
    assert later.status_code == 200, later.text
    moved = later.json()
    assert moved["end_minute"] == first["end_minute"] + 60
    assert (moved["sequence"], moved["version"]) == (first["sequence"] + 1, first["version"] + 1)
    stale = edit(case, curator, first, start_minute=600)
    assert stale.status_code == 409
    bare = case.house.client.patch(f"/api/v1/sessions/{first['id']}", json={"state": "held"}, headers=curator)
    assert bare.status_code == 428


def test_two_meetings_of_one_person_at_one_time_are_refused(case: Case) -> None:
    curator = english(case.house, "curator")
    found = listed(case, curator)
    for first in found:
        for other in found:
            shared = {one["person"] for one in first["people"]} & {one["person"] for one in other["people"]}
            if first["id"] < other["id"] and shared and first["day"] != other["day"]:
                onto = {name: other[name] for name in ("day", "start_minute", "end_minute")}
                assert edit(case, curator, first, **onto).status_code == 409
                return
    raise AssertionError("no person with two meetings")


def test_the_mentor_marks_his_meetings_with_one_tap(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    curator = english(case.house, "curator")
    first, *_ = listed(case, curator)
    lead = next(one["person"] for one in first["people"] if one["leads"])
    mentee = next(one["person"] for one in first["people"] if not one["leads"])
    mentor = english(case.house, "mentor", person_id=lead)
    assert edit(case, english(case.house, "mentee", person_id=mentee), first, state="held").status_code == 403
    held = edit(case, mentor, first, state="held")
    assert (held.status_code, held.json()["state"]) == (200, "held")
    last = listed(case, curator)[-1]
    assert date.fromisoformat(last["day"]) > date(2026, 11, 25)
    lead = next(one["person"] for one in last["people"] if one["leads"])
    too_early = edit(case, english(case.house, "mentor", person_id=lead), last, state="held")
    assert "still to come" in messages(too_early)
    assert edit(case, mentor, held.json(), state="missed").status_code == 409


def test_a_mark_made_by_mistake_is_taken_back(case: Case) -> None:
    curator = english(case.house, "curator")
    first, *_ = listed(case, curator)
    lead = next(one["person"] for one in first["people"] if one["leads"])
    mentee = next(one["person"] for one in first["people"] if not one["leads"])
    mentor = english(case.house, "mentor", person_id=lead)
    assert "nothing was marked" in messages(edit(case, mentor, first, state="published"))
    missed = edit(case, mentor, first, state="missed").json()
    assert edit(case, english(case.house, "mentee", person_id=mentee), missed, state="published").status_code == 403
    back = edit(case, mentor, missed, state="published")
    assert (back.status_code, back.json()["state"]) == (200, "published")
    assert back.json()["sequence"] > missed["sequence"], "calendars learn that it stands again"
    held = edit(case, mentor, back.json(), state="held").json()
    with case.house.core.database.reading() as session:
        actions = session.exec(select(AuditEntry.action).order_by(col(AuditEntry.seq))).all()
    assert [one for one in actions if one.startswith("meeting.")][-3:] == [
        "meeting.missed",
        "meeting.unmark",
        "meeting.held",
    ]
    case.edit(state="closed")
    assert "the round is closed" in messages(edit(case, mentor, held, state="published"))


def test_everybody_sees_his_own_meetings_only(case: Case) -> None:
    found = listed(case, english(case.house, "curator"))
    person = found[0]["people"][0]["person"]
    own = listed(case, english(case.house, "mentor", person_id=person))
    assert own
    assert all(person in {one["person"] for one in meeting["people"]} for meeting in own)
    assert len(own) == sum(person in {one["person"] for one in meeting["people"]} for meeting in found)
    assert listed(case, english(case.house, "curator", area="s12")) == []
    day = found[0]["day"]
    assert {one["day"] for one in listed(case, english(case.house, "curator"), first_day=day, last_day=day)} == {day}


def test_a_calendar_keeps_its_events_and_counts_their_changes(case: Case) -> None:
    client, curator = case.house.client, english(case.house, "curator")
    first, *_ = listed(case, curator)
    person = first["people"][0]["person"]
    path = client.post("/api/v1/calendars", json={"person": person}, headers=curator).json()["path"]
    answer = client.get(path)
    before = events_of(answer.content)
    assert len(before) == len(listed(case, curator, person=person))
    again = client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert edit(case, curator, first, state="cancelled").status_code == 200
    after = {
        str(event["uid"]): event for event in icalendar.Calendar.from_ical(client.get(path).content).walk("VEVENT")
    }
    assert after.keys() == before.keys()
    changed = [uid for uid in after if after[uid]["status"] != before[uid]["status"]]
    assert [str(after[uid]["status"]) for uid in changed] == ["CANCELLED"]
    assert after[changed[0]].decoded("sequence") == before[changed[0]].decoded("sequence") + 1
    renewed = client.post("/api/v1/calendars", json={"person": person}, headers=curator).json()["path"]
    assert client.get(path).status_code == 404
    assert client.get(renewed).status_code == 200
    assert client.post("/api/v1/calendars/revoke", json={"person": person}, headers=curator).status_code == 204
    assert client.get(renewed).status_code == 404


def events_of(calendar: bytes) -> dict[str, Any]:
    return {str(event["uid"]): event for event in icalendar.Calendar.from_ical(calendar).walk("VEVENT")}


def test_a_pair_that_ends_calls_its_later_meetings_off(case: Case) -> None:
    core, curator = case.house.core, english(case.house, "curator")
    pair = next(
        one for one in case.pairs() if one.group_code is None and meetings_of(case, one.mentor_id, one.mentee_id)
    )
    with core.database.writing() as session:
        row = session.merge(pair)
        row.state = "active"
        session.add(row)
    ended = case.act(curator, kind="terminate", pair=pair.id, end_reason="mentee")
    assert ended.status_code == 201, ended.text
    last_day = date.fromisoformat(ended.json()["details"]["last_day"])
    for meeting in meetings_of(case, pair.mentor_id, pair.mentee_id):
        assert (meeting.state == "cancelled") == (meeting.day > last_day)
    assert case.act(curator, kind="undo").status_code == 201
    assert {meeting.state for meeting in meetings_of(case, pair.mentor_id, pair.mentee_id)} == {"published"}


def meetings_of(case: Case, *people: str) -> list[Meeting]:
    with case.house.core.database.reading() as session:
        asked = select(Meeting)
        for person in people:
            own = select(MeetingPerson.meeting_id).where(MeetingPerson.person_id == person)
            asked = asked.where(col(Meeting.id).in_(own))
        found = list(session.exec(asked))
        session.expunge_all()
        return found


def test_the_next_solve_starts_from_the_meetings_as_they_are(case: Case) -> None:
    curator = english(case.house, "curator")
    first, *_ = listed(case, curator)
    edit(case, curator, first, start_minute=first["start_minute"] + 60)
    with case.house.core.database.reading() as session:
        inputs = build_inputs(session, case.house.core.vault, session.get_one(Round, case.round_id))
    assert inputs.previous_plan is not None
    assert f'"start_minute": {first["start_minute"] + 60}'.encode() in inputs.previous_plan
