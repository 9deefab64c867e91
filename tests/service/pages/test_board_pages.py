"""The review board asked for without a browser: finding, locking, undoing, moving, comparing, and who may."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlmodel import select

from matcher.io.policy_toml import read_policy
from matcher.planning import make_plan
from service.rounds.decided import read_decided
from service.rounds.plan_files import open_plan
from service.tables.rounds import Decision, Pair, PlanFileRow
from tests.service.conftest import House
from tests.service.rounds.conftest import Case, build_case, small_plan, small_roster

PART = {"HX-Request": "true"}


@dataclass
class Board:
    """The board of a round as its curator sees it."""

    case: Case
    headers: dict[str, str]

    @property
    def url(self) -> str:
        return f"/rounds/{self.case.round_id}"

    def get(self, path: str = "", **more: str) -> Any:
        return self.case.house.client.get(self.url + path, headers={**self.headers, **more})

    def post(self, path: str, part: bool = False, **words: str) -> Any:
        given = {"version": str(self.case.row().version), **words}
        headers = {**self.headers, **(PART if part else {})}
        return self.case.house.client.post(self.url + path, data=given, headers=headers, follow_redirects=False)

    def standing(self) -> set[tuple[str, str, bool]]:
        return {(p.mentor_id, p.mentee_id, p.locked) for p in self.case.pairs() if p.state == "proposed"}

    def free_move(self) -> tuple[Pair, str]:
        """Return a pair of two and another mentor its mentee could have."""
        for pair in self.case.pairs():
            if pair.group_code is None and pair.state == "proposed":
                shown = self.get(f"/targets/{pair.id}").json()
                for mentor_id, one in shown.items():
                    if (
                        one["may"]
                        and 'form method="post"' in self.get(f"/moves/{pair.id}/price?mentor={mentor_id}").text
                    ):
                        return pair, mentor_id
        raise AssertionError("nobody can be moved")

    def form_of(self, pair: Pair, mentor_id: str) -> dict[str, str]:
        page = self.get(f"/moves/{pair.id}/price?mentor={mentor_id}").text
        return {name: html.unescape(value) for name, value in re.findall(r'name="(mentor|plan)" value="([^"]*)"', page)}


@pytest.fixture
def board(sqlite_house: House) -> Board:
    """A board."""
    case = build_case(sqlite_house)
    return Board(case, {**sqlite_house.headers("curator", "s11"), "Accept-Language": "en"})


def test_the_board_shows_every_pair_and_how_full_mentors_are(board: Board) -> None:
    page = board.get().text
    assert all(f'id="pair-{pair.id}"' in page for pair in board.case.pairs())
    assert page.count("data-mentor=") == 6
    assert "<table" in page


def test_searching_sends_the_table_alone_and_only_what_was_asked_for(board: Board) -> None:
    with board.case.house.core.database.reading() as session:
        plan = open_plan(board.case.house.core.vault, session.exec(select(PlanFileRow)).first())  # type: ignore[arg-type]
    name = next(person.name for person in plan.roster.people if person.id == plan.pairs[0].mentee)
    part = board.get(f"?q={name}", **PART).text
    assert "<html" not in part
    assert name in part
    assert part.count("<tr id=") == len([p for p in plan.pairs if p.mentee == plan.pairs[0].mentee])
    assert "<tr id=" not in board.get("?q=nobody-is-called-so", **PART).text


def test_a_lock_sends_the_row_alone_and_is_undone_and_done_again(board: Board) -> None:
    pair = board.case.pairs()[0]
    before = board.standing()
    row = board.post("/decisions", part=True, kind="lock", pair=pair.id).text
    assert row.strip().startswith(f'<tr id="pair-{pair.id}"')
    assert f'data-version="{board.case.row().version}"' in row
    assert (pair.mentor_id, pair.mentee_id, True) in board.standing()
    assert board.post("/undo").status_code == 303
    assert board.standing() == before
    assert board.post("/redo").status_code == 303
    assert (pair.mentor_id, pair.mentee_id, True) in board.standing()
    assert board.post("/redo").status_code == 409


def test_undoing_and_doing_again_has_no_end(board: Board) -> None:
    pairs = board.case.pairs()[:3]
    states = [board.standing()]
    for pair in pairs:
        board.post("/decisions", kind="lock", pair=pair.id)
        states.append(board.standing())
    for _ in range(2):
        for expected in (2, 1, 0):
            assert board.post("/undo").status_code == 303
            assert board.standing() == states[expected]
        for expected in (1, 2, 3):
            assert board.post("/redo").status_code == 303
            assert board.standing() == states[expected]


def test_what_others_decide_of_other_pairs_is_no_hindrance(board: Board) -> None:
    before = str(board.case.row().version)
    pair, other = board.case.pairs()[:2]
    seen = {"version": before, "seen": str(pair.version)}
    board.post("/decisions", part=True, kind="lock", pair=other.id)
    remark = board.post("/decisions", kind="comment", pair=pair.id, version=before, reason="Both agree")
    assert remark.status_code == 303
    assert 'role="alert"' not in board.post("/decisions", part=True, kind="lock", pair=pair.id, **seen).text
    assert {pair.id, other.id} <= {one.id for one in board.case.pairs() if one.locked}
    newest = {**seen, "version": str(board.case.row().version)}
    late = board.post("/decisions", part=True, kind="unlock", pair=pair.id, **newest)
    assert "Changed by somebody else" in late.text


def test_a_row_of_an_older_state_says_so_and_changes_nothing(board: Board) -> None:
    pair = board.case.pairs()[0]
    answer = board.post("/decisions", part=True, kind="lock", pair=pair.id, version="0")
    assert answer.status_code == 200
    assert "Changed by somebody else" in answer.text
    assert not board.case.pairs()[0].locked


def test_the_mentors_one_may_move_to_come_with_the_reasons_against_the_others(board: Board) -> None:
    pair = board.case.pairs()[0]
    shown = board.get(f"/targets/{pair.id}").json()
    assert len(shown) == 6
    assert all(one["may"] or one["why"] for one in shown.values())
    assert not shown[pair.mentor_id]["may"]
    page = board.get(f"/moves/{pair.id}", **PART).text
    assert page.count("<option") == 6


def test_a_move_is_priced_done_as_shown_undone_and_done_again(board: Board) -> None:
    before = board.standing()
    pair, mentor_id = board.free_move()
    page = board.get(f"/moves/{pair.id}/price?mentor={mentor_id}").text
    assert '<ul class="cost"><li>' in page
    assert board.standing() == before
    assert board.post(f"/moves/{pair.id}", **board.form_of(pair, mentor_id)).status_code == 303
    after = board.standing()
    assert (mentor_id, pair.mentee_id, True) in after
    assert not {one for one in after if one[:2] == (pair.mentor_id, pair.mentee_id)}
    core = board.case.house.core
    with core.database.reading() as session:
        decided = read_decided(session, core.vault, board.case.round_id)
    assert (mentor_id, pair.mentee_id) in decided.locked
    assert (pair.mentor_id, pair.mentee_id) in decided.forbidden
    assert board.post("/undo").status_code == 303
    assert board.standing() == before
    assert board.post("/redo").status_code == 303
    assert board.standing() == after


def test_a_sharper_price_comes_after_the_first(board: Board) -> None:
    pair, mentor_id = board.free_move()
    first = board.get(f"/moves/{pair.id}/price?mentor={mentor_id}", **PART).text
    second = board.get(f"/moves/{pair.id}/price?mentor={mentor_id}&sharper=true", **PART).text
    assert "sharper=true" not in second
    assert '<ul class="cost">' in first
    assert '<ul class="cost">' in second


def test_a_locked_pair_is_not_moved_and_the_price_says_why(board: Board) -> None:
    pair, mentor_id = board.free_move()
    form = board.form_of(pair, mentor_id)
    board.post("/decisions", kind="lock", pair=pair.id)
    assert "release it first" in board.get(f"/moves/{pair.id}/price?mentor={mentor_id}").text
    assert board.post(f"/moves/{pair.id}", **form).status_code == 409


def test_a_move_on_an_older_state_is_refused(board: Board) -> None:
    pair, mentor_id = board.free_move()
    before = board.standing()
    assert board.post(f"/moves/{pair.id}", version="0", **board.form_of(pair, mentor_id)).status_code == 409
    assert board.standing() == before


def test_a_comment_stands_with_its_pair(board: Board) -> None:
    pair = board.case.pairs()[0]
    assert board.post("/decisions", part=True, kind="comment", pair=pair.id, reason="Talk on Friday").status_code == 200
    assert "Talk on Friday" in board.get(f"/pairs/{pair.id}/history", **PART).text


def test_two_variants_stand_side_by_side_and_either_can_be_taken(board: Board) -> None:
    first = board.case.row().plan_id
    build_second(board)
    second = board.case.row().plan_id
    page = board.get("/variants").text
    assert first is not None
    assert first in page
    assert "In people and requests" in page
    assert board.post("/variants", plan=first).status_code == 303
    assert board.case.row().plan_id == first != second


def build_second(board: Board) -> None:
    """Let the round have another plan."""
    from matcher.io.plan_json import plan_lines
    from service.rounds.plan_files import seal_plan
    from service.rounds.publish import take_plan
    from service.tables.rounds import Round, Run

    core, plan = board.case.house.core, small_plan()
    with core.database.writing() as session:
        round_ = session.get_one(Round, board.case.round_id)
        run = Run(round_id=round_.id, area_id=round_.area_id, what="pair", created_by="test", status="succeeded")
        session.add(run)
        session.flush()
        row = PlanFileRow(run_id=run.id, round_id=round_.id, area_id=round_.area_id, sealed=b"", digest="2")
        row.sealed = seal_plan(core.vault, row.id, "".join(plan_lines(plan)).encode())
        session.add(row)
        session.flush()
        take_plan(session, core, round_, plan, row, asked=True)


@pytest.mark.parametrize(
    "path", ["", "/variants", "/nobody", "/moves/{pair}", "/targets/{pair}", "/pairs/{pair}/history"]
)
def test_another_school_sees_nothing_of_it(board: Board, path: str) -> None:
    pair = board.case.pairs()[0].id
    foreign = board.case.house.headers("curator", "s21")
    answer = board.case.house.client.get(board.url + path.format(pair=pair), headers=foreign)
    assert answer.status_code == 404


def test_the_council_reads_and_does_not_move(board: Board) -> None:
    pair = board.case.pairs()[0]
    council = board.case.house.headers("council_member", "s11")
    assert board.case.house.client.get(board.url, headers=council).status_code == 200
    asked = board.case.house.client.post(f"{board.url}/undo", data={"version": "1"}, headers=council)
    assert asked.status_code == 403
    assert board.case.house.client.get(f"{board.url}/moves/{pair.id}", headers=council).status_code == 403
    with board.case.house.core.database.reading() as session:
        assert not session.exec(select(Decision).where(Decision.round_id == board.case.round_id)).all()


def test_a_cure_that_lifts_a_rule_is_a_button_and_makes_the_pair_possible(sqlite_house: House) -> None:
    roster = replace(small_roster(), mentees=small_roster().mentees)
    strangers = make_plan(
        replace(roster, mentors=tuple(replace(one, topics=(), levels={}) for one in roster.mentors)),
        read_policy("kalmykia"),
        work_limit=2,
    )
    case = build_case(sqlite_house, plan=strangers)
    board = Board(case, {**sqlite_house.headers("curator", "s11"), "Accept-Language": "en"})
    found = re.findall(r'hx-get="(/rounds/[^"]*/why/[^"]*)"', board.get("/nobody", **PART).text)
    pages = [sqlite_house.client.get(path, headers={**board.headers, **PART}).text for path in found]
    forms = [form for page in pages for form in re.findall(r"<form.*?</form>", page, re.DOTALL)]
    assert forms
    told = dict(re.findall(r'name="(kind|mentor|mentee|rule)" value="([^"]*)"', forms[0]))
    assert board.post("/decisions", **told, reason="The council has decided so").status_code == 303
    core = sqlite_house.core
    with core.database.reading() as session:
        decided = read_decided(session, core.vault, case.round_id)
    assert told["rule"] in decided.rules_lifted(told["mentor"], told["mentee"])
