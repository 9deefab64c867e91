"""The page of one pair: written by a mentor and a curator, signed by both sides, closed to others."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from service.records.kinds import KINDS
from service.records.store import read_fields
from service.tables.records import Record
from service.tables.rounds import Pair
from tests.service.conftest import House
from tests.service.pages.test_mine_pages import get, looking, post, rows
from tests.service.rounds.conftest import Case, build_case


@pytest.fixture
def case(sqlite_house: House) -> Case:
    """A round of Kalmykia whose pairs work."""
    found = build_case(sqlite_house)
    found.edit(state="running")
    with sqlite_house.core.database.writing() as session:
        for pair in found.pairs():
            row = session.get_one(Pair, pair.id)
            row.state = "active"
            session.add(row)
    return found


def fields_of(shown: str, action: str) -> dict[str, Any]:
    """Return what a browser would send of the form with an address, as it is filled in."""
    form = re.search(rf'<form method="post" action="{action}".*?</form>', shown, re.DOTALL)
    assert form is not None, action
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        assert name is not None
        if 'type="checkbox"' not in tag or " checked" in tag:
            found.setdefault(name[1], []).append(html.unescape(value[1] if value else ""))
    for name, words in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form[0], re.DOTALL):
        found[name] = [html.unescape(words)]
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form[0], re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = [chosen[1] if chosen else ""]
    return found


def newest(case: Case, kind: str) -> tuple[Record, Any]:
    record = rows(case, Record, Record.kind == kind, Record.replaced_at == None)[0]  # noqa: E711
    with case.house.core.database.reading() as session:
        return record, read_fields(session, case.house.core.vault, KINDS[kind], record)


def test_a_programme_is_written_acknowledged_and_agreed(case: Case) -> None:
    pair = case.pairs()[0]
    mentor, mentee = looking(case, "mentor", pair.mentor_id), looking(case, "mentee", pair.mentee_id)
    curator = {**case.house.headers("curator", case.area), "Accept": "text/html", "Accept-Language": "en"}
    at = f"/pairs/{pair.id}/records/programme"
    sent = fields_of(get(case, f"/pairs/{pair.id}", mentor), at)
    assert sent["problem"][0], "what the mentee asks for stands there already"
    for name in ("goals", "target_audience", "content.mentor", "conditions"):
        sent[name] = ["Lead lessons with confidence\nKeep a class"]
    sent |= {"directions": ["methodical"], "mode": ["mixed"]}
    sent |= {"activities.0.title": ["Visit"], "activities.0.direction": ["subject_professional"]}
    sent |= {"term.first_day": ["2026-10-01"], "term.last_day": ["2027-05-31"]}
    sent |= {"schedule.0.day": ["2026-10-05"], "schedule.0.start": ["14:30"], "schedule.0.end": ["15:15"]}
    sent |= {"schedule.0.mode": ["online"], "interim_results.0.result": ["One"], "planned_results.1.result": ["Two"]}
    refused = post(case, at, mentor, **sent)
    assert refused.status_code == 422
    assert "Activities by direction, line 1: Direction" in refused.text
    assert "Keep a class" in refused.text, "what was typed is kept"
    sent["activities.0.direction"] = ["methodical"]
    assert post(case, at, mentor, **sent).status_code == 303
    record, fields = newest(case, "programme")
    assert fields.goals == ("Lead lessons with confidence", "Keep a class")
    assert {one.person for one in fields.participants} >= {pair.mentor_id, pair.mentee_id}
    at += f"/{record.root_id}"
    assert "has not acknowledged it" in get(case, f"/pairs/{pair.id}", curator)
    for headers in (mentor, mentee):
        mine = fields_of(get(case, f"/pairs/{pair.id}", headers), f"{at}/acknowledge")
        assert post(case, f"{at}/acknowledge", headers, **mine).status_code == 303
    step = fields_of(get(case, f"/pairs/{pair.id}", curator), f"{at}/steps")
    assert step["to"] == ["agreed"]
    assert post(case, f"{at}/steps", mentor, **step).status_code == 403
    assert post(case, f"{at}/steps", curator, **step).status_code == 303
    assert newest(case, "programme")[0].state == "agreed"
    assert post(case, f"{at}/steps", curator, **step).status_code == 409, "the form is old"


def test_a_quarterly_report_goes_to_the_curator_and_back(case: Case) -> None:
    pair = case.pairs()[0]
    mentor = looking(case, "mentor", pair.mentor_id)
    curator = {**case.house.headers("curator", case.area), "Accept": "text/html", "Accept-Language": "en"}
    at = f"/pairs/{pair.id}/records/quarterly_report"
    assert post(case, at, looking(case, "mentee", pair.mentee_id), year=2026, quarter=4).status_code == 403
    sent = fields_of(get(case, f"/pairs/{pair.id}", mentor), at) | {
        "done": ["Six meetings"],
        "criteria.activity": ["7"],
    }
    assert post(case, at, mentor, **sent).status_code == 303
    record, fields = newest(case, "quarterly_report")
    assert (fields.done, fields.criteria.activity) == ("Six meetings", 7)
    at += f"/{record.root_id}/steps"
    assert post(case, at, mentor, version=record.version, to="submitted").status_code == 303
    empty = post(case, at, curator, version=record.version + 1, to="returned")
    assert empty.status_code == 409
    back = post(case, at, curator, version=record.version + 1, to="returned", curator_remark="More, please")
    assert back.status_code == 303
    assert "More, please" in get(case, f"/pairs/{pair.id}", mentor)


def test_a_conflict_is_seen_by_its_author_and_the_curator_alone(case: Case) -> None:
    pair = case.pairs()[0]
    mentee = looking(case, "mentee", pair.mentee_id)
    said = post(case, f"/pairs/{pair.id}/records/conflict", mentee, words="We never meet")
    assert said.status_code == 303
    assert "We never meet" in get(case, f"/pairs/{pair.id}", mentee)
    assert "We never meet" not in get(case, f"/pairs/{pair.id}", looking(case, "mentor", pair.mentor_id))
    stranger = next(one for one in case.pairs() if pair.mentee_id != one.mentee_id)
    foreign = case.house.client.get(f"/pairs/{stranger.id}", headers=mentee)
    assert foreign.status_code == 404
    assert post(case, f"/pairs/{stranger.id}/records/conflict", mentee, words="x").status_code == 404
