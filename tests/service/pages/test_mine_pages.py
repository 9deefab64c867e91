"""Personal pages asked for without a browser: what is shown, answered, kept; and what of others is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from service.rounds.decided import read_decided
from service.tables.access import CalendarSecret
from service.tables.columns import now
from service.tables.privacy import Consent, Erasure
from service.tables.records import Record
from service.tables.rounds import Absence, Availability, Decision, Meeting, MeetingPerson, Pair, Wish
from tests.service.access.people import new_browser
from tests.service.conftest import House
from tests.service.rounds.conftest import Case, build_case, planned_meetings

NewCase = Callable[..., Case]


def looking(case: Case, role: str, person_id: str, lang: str = "en") -> dict[str, str]:
    """Return the headers of somebody who takes part and looks at pages."""
    return {**case.house.headers(role, person_id=person_id), "Accept": "text/html", "Accept-Language": lang}


def get(case: Case, address: str, headers: dict[str, str]) -> str:
    found = case.house.client.get(address, headers=headers)
    assert found.status_code == 200, found.text
    text: str = found.text
    return text


def post(case: Case, address: str, headers: dict[str, str], **fields: Any) -> Any:
    return case.house.client.post(address, data=fields, headers=headers, follow_redirects=False)


def rows(case: Case, table: Any, *where: Any) -> list[Any]:
    with case.house.core.database.reading() as session:
        found = list(session.exec(select(table).where(*where)))
        session.expunge_all()
        return found


@pytest.fixture
def new_case(sqlite_house: House) -> NewCase:
    return lambda **named: build_case(sqlite_house, **named)


@pytest.fixture
def case(new_case: NewCase) -> Case:
    """A round whose pairs have been proposed."""
    found = new_case()
    found.edit(state="proposed")
    return found


def test_a_proposal_is_read_and_accepted(case: Case) -> None:
    pair = case.pairs()[0]
    for role, person_id in (("mentee", pair.mentee_id), ("mentor", pair.mentor_id)):
        headers = looking(case, role, person_id)
        shown = get(case, "/mine", headers)
        assert f'value="{pair.id}"' in shown
        assert "How often you meet" in shown
        done = post(case, "/mine/answer", headers, pair=pair.id, version=pair.version, what="accept")
        assert (done.status_code, done.headers["location"]) == (303, "/mine?said=accept")
        twice = post(case, "/mine/answer", headers, pair=pair.id, version=pair.version, what="accept")
        assert twice.status_code == 303
        shown = get(case, "/mine", headers)
        [card] = [one for one in re.findall(r"<article.*?</article>", shown, re.DOTALL) if f'value="{pair.id}"' in one]
        assert 'name="what" value="accept"' not in card
    with case.house.core.database.reading() as session:
        accepted = read_decided(session, case.house.core.vault, case.round_id).accepted
    assert {side for id_, side in accepted if id_ == pair.id} == {"mentor", "mentee"}
    assert len(rows(case, Decision, Decision.kind == "accept")) == 2


def test_nothing_is_shown_before_it_is_proposed(new_case: NewCase) -> None:
    case = new_case()
    case.edit(state="matching")
    pair = case.pairs()[0]
    assert pair.id not in get(case, "/mine", looking(case, "mentee", pair.mentee_id))


def test_a_refusal_asks_no_reason_and_a_veto_is_remembered(case: Case) -> None:
    first, second = case.pairs()[0], case.pairs()[-1]
    assert first.mentee_id != second.mentee_id
    one, two = looking(case, "mentee", first.mentee_id), looking(case, "mentee", second.mentee_id)
    assert "textarea" not in re.findall(r'<div class="answers">.*?</div>', get(case, "/mine", one), re.DOTALL)[0]
    for _ in range(2):
        declined = post(case, "/mine/answer", one, pair=first.id, version=first.version, what="decline")
        assert declined.status_code == 303
    assert post(case, "/mine/answer", two, pair=second.id, version=second.version, what="veto").status_code == 303
    assert {pair.state for pair in rows(case, Pair, col(Pair.id).in_([first.id, second.id]))} == {"declined"}
    assert [(wish.from_id, wish.to_id, wish.veto) for wish in rows(case, Wish)] == [
        (second.mentee_id, second.mentor_id, True)
    ]
    assert all(one.sealed_reason is None for one in rows(case, Decision, Decision.kind == "decline"))


def test_others_pairs_and_old_states_are_out_of_reach(case: Case) -> None:
    first = case.pairs()[0]
    foreign = next(pair for pair in case.pairs() if first.mentee_id != pair.mentee_id)
    mine = looking(case, "mentee", first.mentee_id)
    assert post(case, "/mine/answer", mine, pair=foreign.id, version=1, what="accept").status_code == 404
    assert post(case, "/mine/answer", mine, pair=first.id, version=first.version + 1, what="accept").status_code == 409
    assert post(case, "/mine/word", mine, pair=foreign.id, words="…").status_code == 404
    assert case.house.client.get(f"/mine?person={foreign.mentee_id}", headers=mine).status_code == 404
    curator = {**case.house.headers("curator"), "Accept": "text/html"}
    assert case.house.client.get("/mine", headers=curator).status_code == 403


def test_the_curator_reads_what_is_wrong(case: Case) -> None:
    pair = case.pairs()[0]
    mine = looking(case, "mentee", pair.mentee_id)
    post(case, "/mine/answer", mine, pair=pair.id, version=pair.version, what="accept")
    assert post(case, "/mine/word", mine, pair=pair.id, words="  ").status_code == 422
    assert post(case, "/mine/word", mine, pair=pair.id, words="Another mentor, please").status_code == 303
    curator = case.house.headers("curator")
    items = case.house.client.get(f"{case.url}/decisions", headers=curator).json()["items"]
    assert [one["reason"] for one in items if one["kind"] == "comment"] == ["Another mentor, please"]


def test_wishes_are_kept_and_only_the_changed(case: Case) -> None:
    pair = case.pairs()[0]
    mine = looking(case, "mentee", pair.mentee_id)
    address = f"/mine/wishes/{case.round_id}"
    people = re.findall(r'name="to" value="(\w+)"', get(case, address, mine))
    assert pair.mentor_id in people
    scores = ["8" if one == pair.mentor_id else "veto" if one == people[-1] else "" for one in people]
    assert post(case, address, mine, to=people, score=scores).status_code == 303
    first = {wish.to_id: (wish.score, wish.veto) for wish in rows(case, Wish)}
    assert first[pair.mentor_id] == (8, False) or first[pair.mentor_id] == (None, True)
    assert sum(veto for _, veto in first.values()) == 1
    assert post(case, address, mine, to=people, score=["11", *scores[1:]]).status_code == 422
    assert post(case, address, mine, to=people[1:], score=scores).status_code == 422
    shown = get(case, address, mine)
    assert shown.count('value="veto" selected') == 1
    assert post(case, address, mine, to=people, score=[""] * len(people)).status_code == 303
    assert rows(case, Wish) == [], "a wish that is said no more is removed"


def test_a_link_opens_the_round_before_there_are_pairs(new_case: NewCase) -> None:
    case = new_case()
    pair = case.pairs()[0]
    asked = {"person": pair.mentee_id, "role": "mentee", "round": case.round_id}
    made = case.house.client.post("/api/v1/links", json=asked, headers=case.house.headers("curator")).json()
    with case.house.core.database.writing() as session:
        for one in session.exec(select(Pair)):
            session.delete(one)
    browser = new_browser(case.house).client
    opened = browser.post("/p/" + made["link"].rpartition("/p/")[2], follow_redirects=True)
    assert opened.url.path == "/mine"
    assert f"/mine/wishes/{case.round_id}" in opened.text
    assert browser.get(f"/mine/wishes/{case.round_id}").status_code == 200


def test_the_week_is_said_and_shown_again(case: Case) -> None:
    pair = case.pairs()[0]
    mine = looking(case, "mentor", pair.mentor_id)
    names = re.findall(r'name="can" value="([\d-]+)"', get(case, "/mine/week", mine))
    assert len(names) == 72
    monday = [name for name in names if name.startswith("1-")]
    assert post(case, "/mine/week", mine, can=monday[:2]).status_code == 303
    kept = rows(case, Availability, Availability.person_id == pair.mentor_id, Availability.weekday == 1)
    assert [(one.from_minute, one.to_minute, one.state) for one in kept] == [
        (480, 600, "possible"),
        (600, 1200, "not_reachable"),
    ]
    shown = get(case, "/mine/week", mine)
    assert re.findall(r'value="([\d-]+)" checked', shown) == monday[:2]


def test_days_away_are_said_and_taken_back(case: Case) -> None:
    pair = case.pairs()[0]
    mine = looking(case, "mentor", pair.mentor_id)
    first, last = now().date() + timedelta(days=3), now().date() + timedelta(days=5)
    assert post(case, "/mine/absences", mine, first_day=last, last_day=first).status_code == 422
    assert post(case, "/mine/absences", mine, first_day=first, last_day=last).status_code == 303
    (kept,) = rows(case, Absence)
    away = f"/mine/absences/{kept.id}/removal"
    assert away in get(case, "/mine/week", mine)
    assert post(case, away, looking(case, "mentee", pair.mentee_id)).status_code == 404
    assert post(case, away, mine).status_code == 303
    assert rows(case, Absence) == []


def test_who_is_out_is_told_to_open_the_link_again(case: Case) -> None:
    asked = case.house.client.get("/mine", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert "Open it once more" in asked.text


def test_consents_are_given_word_for_word_and_withdrawn(case: Case) -> None:
    pair = case.pairs()[0]
    mine = looking(case, "mentor", pair.mentor_id)
    shown = get(case, "/mine/consents", mine)
    digest = re.search(r'value="duties"><input type="hidden" name="text_digest" value="(\w+)"', shown)
    assert digest is not None
    given = {"purpose": "duties", "text_digest": digest[1]}
    assert post(case, "/mine/consents", mine, **{**given, "text_digest": "0" * 64}).status_code == 422
    assert post(case, "/mine/consents", mine, **given).status_code == 303
    (kept,) = rows(case, Consent)
    assert (kept.paper, kept.refused, kept.given_by) == (False, False, "person")
    assert f"/mine/consents/{kept.id}/withdrawal" in get(case, "/mine/consents", mine)
    assert post(case, f"/mine/consents/{kept.id}/withdrawal", mine).status_code == 303
    assert rows(case, Consent)[0].withdrawn_at is not None
    other = looking(case, "mentee", pair.mentee_id)
    assert post(case, f"/mine/consents/{kept.id}/withdrawal", other).status_code == 404


def test_the_calendar_address_is_shown_once_and_revoked(case: Case) -> None:
    pair = case.pairs()[0]
    mine = looking(case, "mentor", pair.mentor_id)
    shown = case.house.client.post("/mine/calendar", headers=mine).text
    address = re.search(r"/api/v1/calendars/[\w-]+\.ics", shown)
    assert address is not None
    assert case.house.client.get(address[0]).status_code == 200
    assert "/api/v1/calendars/" not in get(case, "/mine/calendar", mine)
    assert post(case, "/mine/calendar/revoke", mine).status_code == 303
    assert case.house.client.get(address[0]).status_code == 404
    assert rows(case, CalendarSecret)[0].revoked_at is not None
    assert get(case, "/mine/calendar.ics", mine).startswith("BEGIN:VCALENDAR")


def test_what_is_held_is_shown_and_may_be_stopped(case: Case) -> None:
    pair = case.pairs()[0]
    mine = looking(case, "mentee", pair.mentee_id)
    assert f"/api/v1/people/{pair.mentee_id}/export" in get(case, "/mine/data", mine)
    assert post(case, "/mine/data/stop", mine).status_code == 303
    assert [one.ground for one in rows(case, Erasure)] == ["stop_asked"]


def test_a_representative_acts_for_the_child(case: Case) -> None:
    pair = case.pairs()[0]
    parent = looking(case, "legal_representative", pair.mentee_id)
    assert "as the legal representative" in get(case, "/mine", parent)
    done = post(case, "/mine/answer", parent, pair=pair.id, version=pair.version, what="accept")
    assert done.status_code == 303
    digest = re.search(r'value="duties"><input type="hidden" name="text_digest" value="(\w+)"',
                       get(case, "/mine/consents", parent))  # fmt: skip
    assert digest is not None
    post(case, "/mine/consents", parent, purpose="duties", text_digest=digest[1])
    assert [one.given_by for one in rows(case, Consent)] == ["legal_representative"]


def test_a_mentor_marks_a_meeting_and_logs_a_word(new_case: NewCase) -> None:
    case = new_case(plan=planned_meetings())
    case.edit(state="running")
    with case.house.core.database.writing() as session:
        meeting = session.exec(select(Meeting).order_by(col(Meeting.code))).first()
        assert meeting is not None
        meeting.state, meeting.day = "published", now().date() - timedelta(days=1)
        people = session.exec(select(MeetingPerson).where(MeetingPerson.meeting_id == meeting.id)).all()
        leader = next(one.person_id for one in people if one.leads)
        follower = next(one.person_id for one in people if not one.leads)
        session.add(meeting)
        id_, version = meeting.id, meeting.version
    mentor, mentee = looking(case, "mentor", leader), looking(case, "mentee", follower)
    assert f'action="/mine/meetings/{id_}"' in get(case, "/mine", mentor)
    assert f'action="/mine/meetings/{id_}"' not in get(case, "/mine", mentee)
    assert post(case, f"/mine/meetings/{id_}", mentee, version=version, state="held").status_code == 403
    assert post(case, f"/mine/meetings/{id_}", mentor, version=version + 1, state="held").status_code == 409
    assert post(case, f"/mine/meetings/{id_}", mentor, version=version, state="held").status_code == 303
    assert "take it back" in get(case, "/mine", mentor)
    assert post(case, f"/mine/meetings/{id_}", mentor, version=version + 1, state="published").status_code == 303
    assert post(case, f"/mine/meetings/{id_}", mentor, version=version + 2, state="held").status_code == 303
    assert f'action="/mine/meetings/{id_}/log"' in get(case, "/mine", mentor)
    assert post(case, f"/mine/meetings/{id_}/log", mentor, done="We read a lesson plan").status_code == 303
    (kept,) = rows(case, Record, Record.kind == "session_log")
    assert kept.figures["meeting"] == id_
    assert f'action="/mine/meetings/{id_}/log"' not in get(case, "/mine", mentor)
