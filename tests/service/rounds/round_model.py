"""A round driven at random against a model of what must hold whatever people do (R11)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlmodel import col, func, select

from matcher.io.policy_toml import read_policy
from matcher.planning import make_plan
from service.audit import broken_links
from service.migrate import upgrade
from service.rounds.decided import read_decided
from service.rounds.inputs import present_roster
from service.tables.areas import Person
from service.tables.privacy import AuditEntry
from service.tables.rounds import Decision, PlanFileRow, Round
from tests.service.conftest import build_house
from tests.service.rounds.conftest import Case, build_case, give_plan

STANDING = ("proposed", "agreed", "confirmed")
MANY = st.integers(0, 50)


def state_of(case: Case) -> Any:
    """Return everything decided in a round but what has only a number."""
    core = case.house.core
    pairs = {(p.mentor_id, p.mentee_id, p.kind): (p.state, p.locked) for p in case.pairs() if p.state != "dropped"}
    with core.database.reading() as session:
        return case.row().state, pairs, read_decided(session, core.vault, case.round_id)


class RoundModel(RuleBasedStateMachine):
    """Import, plan, fix, forbid, answer, agree, replace, undo, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.place = TemporaryDirectory(prefix="matcher-model-")
        self.before: list[Any] = []

    @initialize()
    def open(self) -> None:
        folder = Path(self.place.name)
        url = f"sqlite:///{folder}/model.sqlite3"
        upgrade(url)
        self.house = build_house(url, folder)
        self.case = build_case(self.house)
        self.curator = self.house.headers("curator")
        self.council = self.house.headers("council_member")
        self.num_entries = 0
        with self.house.core.database.reading() as session:
            self.code = {person.id: person.code for person in session.exec(select(Person))}

    def teardown(self) -> None:
        self.house.core.database.close()
        self.place.cleanup()

    def act(self, **body: Any) -> int:
        """Decide something; what was accepted is remembered, what was refused has changed nothing."""
        start = state_of(self.case)
        answer = self.case.act(self.council if body["kind"] == "agree" else self.curator, **body)
        assert answer.status_code in (201, 404, 409), answer.text
        if answer.status_code == 201:
            self.before.append(start)
        else:
            assert state_of(self.case) == start
        return int(answer.status_code)

    def pick(self, at: int, *states: str) -> dict[str, Any]:
        pairs = [pair for pair in self.case.pairs() if pair.state in (states or STANDING)]
        pairs.sort(key=lambda pair: (self.code[pair.mentor_id], self.code[pair.mentee_id], pair.kind))
        return {"pair": pairs[at % len(pairs)].id} if pairs else {"pair": "0" * 32}

    @rule(at=MANY)
    def lock(self, at: int) -> None:
        self.act(kind="lock", **self.pick(at))

    @rule(at=MANY)
    def unlock(self, at: int) -> None:
        self.act(kind="unlock", **self.pick(at))

    @rule(at=MANY)
    def forbid(self, at: int) -> None:
        self.act(kind="forbid", **self.pick(at))

    @rule(at=MANY)
    def allow(self, at: int) -> None:
        self.act(kind="allow", **self.pick(at, "dropped", *STANDING))

    @rule(at=MANY, side=st.sampled_from(["mentor", "mentee"]), kind=st.sampled_from(["accept", "decline"]))
    def answer(self, at: int, side: str, kind: str) -> None:
        self.act(kind=kind, side=side, paper=True, **self.pick(at))

    @rule(at=MANY)
    def agree(self, at: int) -> None:
        self.act(kind="agree", **self.pick(at))

    @rule(at=MANY, by=MANY)
    def swap(self, at: int, by: int) -> None:
        mentors = sorted({self.code[pair.mentor_id] for pair in self.case.pairs()})
        self.act(kind="replace", trigger="council", new_mentor=mentors[by % len(mentors)], **self.pick(at))

    @precondition(lambda self: self.before)
    @rule(times=st.integers(1, 4))
    def undo(self, times: int) -> None:
        """Undoing n times leaves what was n decisions ago."""
        for _ in range(min(times, len(self.before))):
            answer = self.case.act(self.curator, kind="undo")
            assert answer.status_code == 201, answer.text
            assert state_of(self.case) == self.before.pop()

    @rule()
    def plan_anew(self) -> None:
        """A new plan keeps what is fixed and agreed, and proposes nothing that is forbidden."""
        core = self.house.core
        with core.database.writing() as session:
            round_ = session.get_one(Round, self.case.round_id)
            roster = present_roster(session, core.vault, round_)
            kept = {p.id for p in self.case.pairs() if p.locked or p.state in ("agreed", "confirmed")}
            plan = make_plan(roster, read_policy("kalmykia"), work_limit=5, reference_day=round_.reference_day)
            give_plan(self.house, session, round_, plan)
        assert kept <= {p.id for p in self.case.pairs() if p.state in STANDING}
        self.before = []  # what people decided before rests on another plan

    @rule(at=MANY)
    def choose_an_earlier_plan(self, at: int) -> None:
        """A plan older than a decision brings back nothing that was forbidden since."""
        with self.house.core.database.reading() as session:
            plans = session.exec(select(PlanFileRow.id).order_by(col(PlanFileRow.created_at))).all()
        kept = {p.id for p in self.case.pairs() if p.locked or p.state in ("agreed", "confirmed")}
        answer = self.case.post("plan", self.curator, {"plan": plans[at % len(plans)]})
        assert answer.status_code == 200, answer.text
        assert kept <= {p.id for p in self.case.pairs() if p.state in STANDING}
        self.before = []

    @rule(to=st.sampled_from(["agreed", "proposed", "matching", "confirmed"]))
    def step(self, to: str) -> None:
        start = state_of(self.case)
        answer = self.case.step(self.curator, to)
        assert answer.status_code in (200, 409), answer.text
        if answer.status_code == 409:
            assert state_of(self.case) == start
        else:
            self.before = []

    @invariant()
    def nobody_forbidden_is_proposed(self) -> None:
        standing = {(p.mentor_id, p.mentee_id) for p in self.case.pairs() if p.state in STANDING}
        core = self.house.core
        with core.database.reading() as session:
            decided = read_decided(session, core.vault, self.case.round_id)
        assert not decided.forbidden & standing
        assert not decided.forbidden & decided.locked

    @invariant()
    def nobody_has_more_than_he_may(self) -> None:
        policy = read_policy("kalmykia")
        standing = [p for p in self.case.pairs() if p.state in STANDING and p.group_code is None]
        assert max(Counter(p.mentor_id for p in standing).values(), default=0) <= policy.load.max_individual_mentees
        assert max(Counter(p.mentee_id for p in standing).values(), default=0) <= policy.load.max_mentors_per_mentee

    @invariant()
    def the_trail_only_grows(self) -> None:
        with self.house.core.database.reading() as session:
            count = session.exec(select(func.count()).select_from(AuditEntry)).one()
            assert count >= self.num_entries
            self.num_entries = count
            assert not list(broken_links(session))
            numbers = sorted(session.exec(select(Decision.number)))
            assert numbers == list(range(1, len(numbers) + 1))
