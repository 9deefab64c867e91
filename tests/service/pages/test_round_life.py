"""The pages that lead a round from its list to its end, asked for without a browser: by every regulation."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pytest
from sqlmodel import col, select

from service.records.banks import open_bank
from service.records.questionnaires import read_forms
from service.tables.areas import Area, Person
from service.tables.columns import now
from service.tables.privacy import AuditEntry
from service.tables.records import Record
from service.tables.rounds import Order, Pair, RosterFile, Round, Run, TimetableFile
from tests.service.conftest import House
from tests.service.documents.reading import text_of
from tests.service.rounds.conftest import Case, build_case, small_roster

NewCase = Callable[..., Case]
_NOW = re.compile(r'<section class="card first now".*?</section>', re.S)
_FORM = re.compile(r'<form method="post" action="([^"]+)".*?</form>', re.S)
_INPUT = re.compile(r"<(?:input|textarea)[^>]*>")


@pytest.fixture
def new_case(sqlite_house: House) -> NewCase:
    """Make rounds with a plan on SQLite."""
    return lambda *args, **named: build_case(sqlite_house, *args, **named)


def headers(house: House, role: str, area: str = "s11") -> dict[str, str]:
    """Return the headers of somebody who looks at pages in English."""
    return {**house.headers(role, area), "Accept": "text/html", "Accept-Language": "en"}


def attributes(tag: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in re.findall(r'([a-z_]+)="([^"]*)"', tag)}


@dataclass
class Walk:
    """People of a school who do what the page of a round asks for, step by step."""

    case: Case
    who: dict[str, dict[str, str]] = field(default_factory=dict)

    def headers(self, role: str) -> dict[str, str]:
        return self.who.setdefault(role, headers(self.case.house, role, self.case.area))

    def get(self, path: str = "preparation", role: str = "curator") -> str:
        answer = self.case.house.client.get(f"/rounds/{self.case.round_id}/{path}", headers=self.headers(role))
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def post(self, what: str, role: str = "curator", **fields: Any) -> Any:
        said = {"version": str(self.case.row().version), **fields}
        url = f"/rounds/{self.case.round_id}/{what}"
        return self.case.house.client.post(url, data=said, headers=self.headers(role), follow_redirects=False)

    def done(self, what: str, role: str = "curator", **fields: Any) -> None:
        answer = self.post(what, role, **fields)
        assert answer.status_code == 303, f"{what}: {re.findall('<li>(.*?)</li>', answer.text)[:5]}"

    def now(self, role: str = "curator") -> str:
        found = _NOW.search(self.get(role=role))
        assert found is not None
        return found.group()

    def open_gates(self) -> None:
        """Record every item of the checklist with what its own form offers."""
        while "/preparation/gates/" in self.now():
            form = next(one for one in _FORM.finditer(self.now()) if "/gates/" in one.group(1))
            fields: dict[str, Any] = {}
            for tag in _INPUT.findall(form.group()):
                said = attributes(tag)
                name, value = said["name"], said.get("value", "")
                if name in ("number", "name", "members"):
                    value = "12-о"
                if name in ("part", "item_title", "item_day", "item_who"):
                    fields.setdefault(name, []).append(value)
                else:
                    fields[name] = value
            self.done(form.group(1).partition(self.case.round_id + "/")[2], **fields)

    def fill_questionnaires(self) -> None:
        for path in re.findall(r'href="/rounds/[0-9a-f]+/(preparation/questionnaire/[^"]+)"', self.now()):
            assert read_forms()["interest"].questions[0].words_en in self.get(path)
            self.done(path, **{"answer:interest": "8", "answer:work_together": "mixed"})

    def to_work(self) -> None:
        """Lead a round that has a plan to working pairs."""
        self.open_gates()
        if "of the psychologist" in self.now():
            pairs = {f"opinion:{pair.id}": "neutral" for pair in self.case.pairs()}
            self.done("preparation/opinions", "psychologist", **pairs)
        self.done("preparation/agreement", number="3", day=f"{now():%Y-%m-%d}", names="Council")
        self.fill_questionnaires()
        self.done("preparation/papers", day=f"{now():%Y-%m-%d}", all="1")
        self.done("preparation/steps", to="confirmed")
        term = {name: attributes(tag)["value"] for name, tag in self.term().items()}
        self.done("preparation/order", "head", order_no="112-о", order_date=f"{now():%Y-%m-%d}", **term)
        self.done("preparation/steps", to="running")

    def term(self) -> dict[str, str]:
        tags = {attributes(tag).get("name"): tag for tag in _INPUT.findall(self.now("head"))}
        return {name: tags[name] for name in ("first_day", "last_day")}


@pytest.mark.parametrize("policy", ["barnaul", "anuchino", "kalmykia", "dalnerechensk", "smolensk_school_23"])
def test_every_regulation_is_led_from_pairs_to_work_and_to_the_end(new_case: NewCase, policy: str) -> None:
    case = new_case(policy)
    case.edit(state="draft")
    walk = Walk(case)
    if policy == "anuchino":  # no order is asked for: whoever runs the round names the term
        walk.who["head"] = walk.headers("curator")
    walk.to_work()
    assert case.row().state == "running"
    assert {pair.state for pair in case.pairs() if pair.state != "dropped"} == {"active"}
    walk.done("preparation/steps", to="final")
    shown = walk.get("closing")
    some = case.pairs()[0].id
    walk.done("closing/marks", pair=some, day=f"{now():%Y-%m-%d}")
    assert [pair.id for pair in case.pairs() if pair.full_cycle] == [some]
    walk.done("closing/marks", day=f"{now():%Y-%m-%d}")
    assert not any(pair.full_cycle for pair in case.pairs())
    if 'closing/report"' in shown:
        assert walk.post("closing/close").status_code == 409
        for pair in case.pairs():
            said = dict.fromkeys(("process", "mentee_progress", "mentor_work"), "All went well")
            walk.done("closing/report", pair=pair.id, day=f"{now():%Y-%m-%d}", plan_reached="1", **said)
    if 'closing/aftercare"' in shown:
        walk.done("closing/aftercare")
    walk.done("closing/close")
    assert case.row().state == "closed"
    assert "The round is closed" in walk.get()
    assert walk.post("closing/close").status_code == 409


def test_the_page_names_the_clause_and_takes_a_mistake_back(new_case: NewCase) -> None:
    walk = Walk(new_case())
    assert "clauses 3.7; 4.2" in walk.now()
    assert walk.post("preparation/gates/regulation", title="Положение", day="2026-09-01").status_code == 409
    assert "this has to be given" in walk.post("preparation/gates/regulation", title="Положение").text
    walk.done("preparation/gates/regulation", title="Положение", number="12-о", day="2026-09-01")
    assert "recorded by mistake" in walk.get()
    assert "clauses 3.8; 4.2" in walk.now()
    refused = walk.post("preparation/gates/regulation", back="1")
    assert refused.status_code == 409
    assert "Why it is taken back: this has to be given" in refused.text
    walk.done("preparation/gates/regulation", back="1", why="Number of another paper")
    assert "clauses 3.7; 4.2" in walk.now()
    assert "Number of another paper" in walk.get()
    assert walk.post("preparation/gates/no_such").status_code == 404


@pytest.mark.parametrize("policy", ["kalmykia", "smolensk_school_23"])
def test_every_item_of_the_checklist_can_be_taken_back_and_recorded_anew(new_case: NewCase, policy: str) -> None:
    walk = Walk(new_case(policy))
    walk.open_gates()
    items = set(re.findall(r'id="why-([a-z_]+)"', walk.get()))
    assert {"regulation", "roadmap", "curator", "council"} < items
    for item in sorted(items):
        walk.done(f"preparation/gates/{item}", back="1", why=f"Wrong: {item}")
    shown = walk.get()
    assert all(f"Wrong: {item}" in shown for item in items)
    assert shown.count("Taken back as a mistake") == len(items)
    walk.open_gates()
    assert "Taken back as a mistake" not in walk.get()
    with walk.case.house.core.database.reading() as session:
        actions = session.exec(select(AuditEntry.action).where(col(AuditEntry.action).startswith("record."))).all()
    assert "record.roadmap.withdrawn" in actions


def test_one_tick_records_the_word_of_a_mentee_in_all_his_pairs(new_case: NewCase) -> None:
    walk = Walk(new_case("barnaul"))
    walk.open_gates()
    walk.done("preparation/agreement")
    first, second, *_ = walk.case.pairs()
    with walk.case.house.core.database.writing() as session:
        session.get_one(Pair, second.id).mentee_id = first.mentee_id
    ticks = re.findall(r'name="paper" value="(accept:[^"]+)"', walk.now())
    mine = next(one for one in ticks if first.id in one)
    assert set(mine.split()) == {f"accept:{first.id}:mentee", f"accept:{second.id}:mentee"}
    walk.done("preparation/papers", day=f"{now():%Y-%m-%d}", paper=mine)
    assert f"accept:{first.id}" not in walk.now()
    assert f"accept:{second.id}" not in walk.now()


def test_nothing_of_a_refused_step_is_kept(new_case: NewCase) -> None:
    walk = Walk(new_case("kalmykia"))
    walk.case.edit(state="draft")
    refused = walk.post("preparation/agreement", number="3", day="2026-09-01")
    assert refused.status_code == 409
    assert walk.case.row().state == "draft"
    stale = walk.case.house.client.post(
        f"/rounds/{walk.case.round_id}/preparation/steps",
        data={"version": "0", "to": "preparatory"},
        headers=walk.headers("curator"),
    )
    assert stale.status_code == 409


def test_the_council_is_entered_once_and_named_in_the_minutes_and_the_papers(new_case: NewCase) -> None:
    walk = Walk(new_case("kalmykia"))
    walk.case.edit(state="draft")
    members = "Петрова А. А. — председатель\nСидоров Б. Б."
    walk.done("preparation/gates/council", title="Совет", members=members, number="7", day="2026-09-01")
    walk.open_gates()
    assert walk.now().count('name="member"') == 2
    given = {"number": "3", "day": "2026-09-02", "member": ["Петрова А. А."], "names": "гость"}
    walk.done("preparation/agreement", **given)
    items = walk.case.house.client.get(f"{walk.case.url}/decisions", headers=walk.headers("curator")).json()["items"]
    (agreed,) = [one for one in items if one["kind"] == "agree"]
    assert agreed["reason"] == "Minutes no. 3 of 02.09.2026; present: Петрова А. А., гость"
    order = paper(walk, "D-04")
    assert "решения совета наставников от 2 сентября 2026 г. № 3" in order
    act = paper(walk, "D-01")
    assert "Петрова А. А." in act
    assert "председатель" in act


def paper(walk: Walk, code: str) -> str:
    url = f"/api/v1/rounds/{walk.case.round_id}/documents/{code}?format=docx"
    return text_of(walk.case.house.client.get(url, headers=walk.headers("curator")).content)


def test_the_order_is_the_heads_and_the_psychologists_word_his_own(new_case: NewCase) -> None:
    walk = Walk(new_case("smolensk_school_23"))
    walk.open_gates()
    assert "Invite the psychologist" in walk.now()
    pair = walk.case.pairs()[0].id
    assert walk.post("preparation/opinions", **{f"opinion:{pair}": "neutral"}).status_code == 403
    walk.case.edit(state="confirmed")
    assert "Invite the head" in walk.now()
    said = {"order_no": "1", "order_date": "2026-09-01", "first_day": "2026-10-01", "last_day": "2027-05-31"}
    assert walk.post("preparation/order", **said).status_code == 403
    strangers = Walk(walk.case, {"curator": headers(walk.case.house, "curator", "s12")})
    answer = walk.case.house.client.get(
        f"/rounds/{walk.case.round_id}/preparation", headers=strangers.headers("curator")
    )
    assert answer.status_code == 404


def test_the_word_of_the_psychologist_is_entered_from_paper(new_case: NewCase) -> None:
    walk = Walk(new_case("smolensk_school_23"))
    walk.open_gates()
    assert 'name="by"' in walk.now()
    pairs = {f"opinion:{pair.id}": "recommended" for pair in walk.case.pairs()}
    refused = walk.post("preparation/opinions", paper="1", day="2026-09-01", **pairs)
    assert "Who signed it: this has to be given" in refused.text
    assert walk.post("preparation/opinions", paper="1", day="2026-09-01", by="Ivanova I. I.").status_code == 422
    walk.done("preparation/opinions", paper="1", day="2026-09-01", by="Ivanova I. I.", **pairs)
    assert "of the psychologist" not in walk.now()
    assert "(on paper: Ivanova I. I., 1 September 2026)" in walk.get("decisions")
    assert "Ivanova" not in walk.get("decisions", role="head")


def test_what_is_open_goes_into_the_next_round(new_case: NewCase) -> None:
    walk = Walk(new_case())
    walk.to_work()
    left = walk.case.pairs()[0]
    with walk.case.house.core.database.writing() as session:
        session.get_one(Pair, left.id).state = "terminated"
        code = session.get_one(Person, left.mentee_id).code
    assert "6 mentees" not in walk.get("closing")
    assert walk.post("closing/next", name="Spring", mentee="nobody").status_code == 422
    walk.done("closing/next", name="Spring", mentee=code)
    with walk.case.house.core.database.reading() as session:
        made = session.exec(select(Round).where(Round.name == "Spring")).one()
        roster = session.get_one(RosterFile, made.roster_id)
        assert (made.state, roster.num_mentees, roster.num_mentors) == ("draft", 1, len(small_roster().mentors))
    assert "Spring" in walk.get("closing")


def test_a_trial_round_is_walked_alone_and_goes_without_a_trace(sqlite_house: House, new_case: NewCase) -> None:
    real = new_case()
    kept = count_all(sqlite_house)
    curator = headers(sqlite_house, "curator")
    answer = sqlite_house.client.post("/made-up-round", data={}, headers=curator, follow_redirects=False)
    assert answer.status_code == 303
    with sqlite_house.core.database.reading() as session:
        made = session.exec(select(Round.id).where(Round.id != real.round_id)).one()
    walk = Walk(Case(sqlite_house, made, "s11"), {"curator": curator})
    assert "A trial on made-up people" in walk.get()
    assert walk.post("made-up/removal").status_code == 409
    with sqlite_house.core.database.writing() as session:
        session.exec(select(Run).where(Run.round_id == made)).one().status = "failed"
    walk.case.edit(state="confirmed", plan_id=None)
    walk.done("preparation/gates/regulation", title="Положение", number="1", day="2026-09-01")
    assert "clauses 3.7; 4.2" in Walk(real).now(), "what is recorded in a trial counts for nothing else"
    assert sqlite_house.client.post(f"/rounds/{real.round_id}/made-up/removal", headers=curator).status_code == 404
    walk.done("made-up/removal")
    assert count_all(sqlite_house) == kept


def count_all(house: House) -> list[int]:
    with house.core.database.reading() as session:
        tables: tuple[Any, ...] = (Round, RosterFile, Person, Pair, TimetableFile, Order, Record)
        return [len(session.exec(select(col(table.id))).all()) for table in tables]


def test_a_trial_changes_no_register(sqlite_house: House, new_case: NewCase) -> None:
    real = new_case()
    curator = headers(sqlite_house, "curator")
    sqlite_house.client.post("/made-up-round", data={}, headers=curator)
    with sqlite_house.core.database.reading() as session:
        area = session.get_one(Area, sqlite_house.areas["s11"])
        bank = open_bank(session, sqlite_house.core.vault, area)
        made_up = session.exec(select(RosterFile.id).where(col(RosterFile.is_made_up))).all()
        assert len(made_up) == 1
        assert len(bank.mentors) == len(small_roster().mentors)
        assert {pair.round_id for pair in bank.pairs} == {real.round_id}
