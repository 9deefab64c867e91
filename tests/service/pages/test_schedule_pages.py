"""The schedule of a round: what it shows to whom, meetings moved and marked, absences made good."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import col, select

from service.rounds.window import num_without_meetings
from service.tables.rounds import Absence, Meeting, MeetingPerson, Pair, Run
from tests.service.conftest import House
from tests.service.rounds.conftest import Case, build_case, planned_meetings, small_plan


@pytest.fixture
def case(sqlite_house: House, monkeypatch: pytest.MonkeyPatch) -> Case:
    """A running round in the middle of October, its meetings told of."""
    monkeypatch.setattr("service.pages.schedule_view.now", lambda: datetime(2026, 10, 14, 9, tzinfo=UTC))
    found = build_case(sqlite_house, plan=planned_meetings())
    found.edit(state="running")
    with sqlite_house.core.database.writing() as session:
        for pair in session.exec(select(Pair)):
            pair.state = "active"
            session.add(pair)
        for meeting in session.exec(select(Meeting)):
            meeting.state = "published"
            session.add(meeting)
    return found


def look(case: Case, headers: dict[str, str], path: str = "", **query: Any) -> str:
    found = case.house.client.get(f"/rounds/{case.round_id}/schedule{path}", headers=headers, params=query or None)
    assert found.status_code == 200, found.text
    return str(found.text)


def send(case: Case, headers: dict[str, str], path: str, **form: Any) -> Any:
    return case.house.client.post(
        f"/rounds/{case.round_id}/schedule{path}", headers=headers, data=form, follow_redirects=False
    )


def curator(case: Case, role: str = "curator", **more: Any) -> dict[str, str]:
    return case.house.headers(role, **more) | {"Accept-Language": "en"}


def meetings(case: Case) -> list[Meeting]:
    with case.house.core.database.reading() as session:
        found = list(
            session.exec(select(Meeting).order_by(col(Meeting.day), col(Meeting.start_minute), col(Meeting.code)))
        )
        session.expunge_all()
        return found


def people_of(case: Case, meeting: Meeting) -> dict[bool, str]:
    with case.house.core.database.reading() as session:
        rows = session.exec(select(MeetingPerson).where(MeetingPerson.meeting_id == meeting.id))
        return {row.leads: row.person_id for row in rows}


def test_a_week_shows_its_meetings_alone(case: Case) -> None:
    headers, all_of_them = curator(case), meetings(case)
    shown = look(case, headers, day="2026-10-14")
    here = {one.id for one in all_of_them if date(2026, 10, 12) <= one.day <= date(2026, 10, 18)}
    assert set(re.findall(r'id="m-(\w+)"', shown)) == here
    assert here
    nearest = look(case, headers)
    assert set(re.findall(r'id="m-(\w+)"', nearest)) == here, "the week of today comes first"
    first = all_of_them[0]
    mine = look(case, headers, day=first.day, person=people_of(case, first)[True])
    assert f'id="m-{first.id}"' in mine
    month = look(case, headers, view="month", day="2026-10-14")
    assert 'class="month"' in month


def test_places_light_up_and_a_meeting_moves_to_one(case: Case) -> None:
    headers, first = curator(case), meetings(case)[0]
    shown = look(case, headers, day=first.day, move=first.id)
    spots = re.findall(r'name="day" value="([\d-]+)"><input type="hidden" name="start" value="(\d+)">', shown)
    assert spots
    assert 'class="forbidden"' in shown
    day, start = spots[-1]
    part = look(case, headers, f"/{first.id}/places", day=first.day)
    assert f'value="{start}"' in part
    assert "<html" not in part
    length = first.end_minute - first.start_minute
    form = {"version": first.version, "day": day, "start": start, "end": int(start) + length, "mode": first.mode}
    place = {name: value for name, value in (("site", first.site), ("room", first.room)) if value}
    moved = send(case, headers, f"/{first.id}/move", **form, **place)
    assert moved.status_code == 303, moved.text
    after = look(case, headers, moved.headers["location"].partition("/schedule")[2].partition("#")[0])
    assert "Moved:" in after
    event = look(case, headers, f"/{first.id}/meeting.ics")
    assert "SEQUENCE:1" in event
    assert event.count("BEGIN:VEVENT") == 1
    old = dict(
        re.findall(r'name="(day|start|end|mode|site|room)" value="([^"]*)"', after.partition("Move it back")[0][-900:])
    )
    assert (old["day"], int(old["start"])) == (first.day.isoformat(), first.start_minute)
    again = send(case, headers, f"/{first.id}/move", **form, **place)
    assert again.status_code == 409, "the version is old"
    sunday = send(case, headers, f"/{first.id}/move", **form | {"version": first.version + 1, "day": "2026-10-11"})
    assert sunday.status_code == 409
    assert "The meeting stays where it is." in sunday.text


def test_meetings_are_marked_once_they_are_over(case: Case) -> None:
    headers, first = curator(case), meetings(case)[0]
    held = send(case, headers, f"/{first.id}/mark", version=first.version, state="held", back="//evil.example")
    assert held.status_code == 303
    assert held.headers["location"].startswith(f"/rounds/{case.round_id}/schedule")
    assert meetings(case)[0].state == "held"


def test_later_meetings_are_taken_back_and_told_of_again(case: Case) -> None:
    headers = curator(case)
    version = case.row().version
    assert send(case, headers, "/window", version=version, until="2026-11-01").status_code == 303
    states = {(one.day > date(2026, 11, 1), one.state) for one in meetings(case)}
    assert states == {(False, "published"), (True, "draft")}
    send(case, headers, "/window", version=version, until="2026-12-31")
    assert {one.state for one in meetings(case)} == {"published"}
    assert send(case, headers, "/window", version=version - 1, until="2026-12-31").status_code == 409


def test_pairs_without_meetings_are_told_of(case: Case) -> None:
    headers = curator(case)
    with case.house.core.database.writing() as session:
        before = num_without_meetings(session, case.row())
        meets = meetings(case)[0]
        pair = session.exec(select(Pair).where(Pair.mentor_id == people_of(case, meets)[True])).first()
        assert pair is not None
        pair.mentor_id = next(
            one.mentor_id for one in session.exec(select(Pair)) if one.mentor_id != pair.mentor_id
        )  # as after a move
        session.add(pair)
        session.flush()
        after = num_without_meetings(session, case.row())
    assert after == before + 1
    assert f"{after} pairs have no meetings." in look(case, headers) or after == 1
    assert "Plan the missing meetings" in look(case, headers)
    assert "Plan the missing meetings" not in look(case, curator(case, "head"))


def test_an_absence_is_made_good_in_the_way_that_is_taken(case: Case) -> None:
    headers = curator(case)
    mentor = people_of(case, next(one for one in meetings(case) if one.day > date(2026, 10, 20)))[True]
    wrong = send(case, headers, "/absences", person=mentor, first_day="", last_day="2026-11-05")
    assert wrong.status_code == 422
    added = send(case, headers, "/absences", person=mentor, first_day="2026-10-15", last_day="2026-11-05")
    assert added.headers["location"].endswith("/schedule/repairs")
    shown = look(case, headers, "/repairs", now=1)
    digests = re.findall(r'name="digest" value="(\w+)"', shown)
    assert digests
    lost = {
        one.id
        for one in meetings(case)
        if mentor in people_of(case, one).values() and date(2026, 10, 15) <= one.day <= date(2026, 11, 5)
    }
    assert lost
    stale = send(case, headers, "/repairs", version=case.row().version, digest="0" * 32)
    assert stale.status_code == 409
    taken = send(case, headers, "/repairs", version=case.row().version, digest=digests[0])
    assert taken.status_code == 303, taken.text
    for one in meetings(case):
        if mentor in people_of(case, one).values() and one.state == "published":
            assert not date(2026, 10, 15) <= one.day <= date(2026, 11, 5)
    with case.house.core.database.reading() as session:
        assert session.exec(select(Run).where(Run.what == "repair")).one().outcome == "planned"
        absence_id = session.exec(select(Absence.id)).one()
    assert "No meeting is lost" in look(case, headers, "/repairs", now=1)
    assert send(case, headers, f"/absences/{absence_id}/remove").status_code == 303


def test_who_may_see_what(case: Case) -> None:
    first = meetings(case)[0]
    sides = people_of(case, first)
    mentee = curator(case, "mentee", person_id=sides[False])
    own = look(case, mentee, day=first.day)
    assert f'id="m-{first.id}"' in own
    assert "data-move" not in own
    others = {one.id for one in meetings(case) if sides[False] not in people_of(case, one).values()}
    assert not others & set(re.findall(r'id="m-(\w+)"', own))
    assert case.house.client.get(f"/rounds/{case.round_id}/schedule/absences", headers=mentee).status_code == 403
    foreign = curator(case, area="s21")
    assert case.house.client.get(f"/rounds/{case.round_id}/schedule", headers=foreign).status_code == 404
    stranger = case.house.client.get(
        f"/rounds/{case.round_id}/schedule", headers=curator(case), params={"person": "0" * 32}
    )
    assert stranger.status_code == 404


def test_a_calendar_has_an_address_that_is_shown_once_and_a_file(case: Case) -> None:
    headers, person = curator(case), people_of(case, meetings(case)[0])[True]
    assert "12 to 24 hours" in look(case, headers, "/calendar", person=person)
    made = send(case, headers, "/calendar", person=person)
    path = re.search(r"/api/v1/calendars/[\w-]+\.ics", made.text)
    assert path is not None
    assert case.house.client.get(path[0]).status_code == 200
    assert path[0] not in look(case, headers, "/calendar", person=person)
    assert look(case, headers, "/calendar.ics", person=person).startswith("BEGIN:VCALENDAR")


def test_a_round_without_meetings_says_what_to_do(sqlite_house: House) -> None:
    bare = build_case(sqlite_house, plan=small_plan())
    headers = curator(bare)
    assert "Plan the meetings" in look(bare, headers)
    asked = send(bare, headers, "/plan")
    assert asked.headers["location"].startswith("/runs/")
