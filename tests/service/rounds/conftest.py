"""A round with people, a plan and everything people need to decide on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

import pytest
from sqlmodel import select

from matcher.generate.roster import generate_roster
from matcher.io.plan_json import plan_lines
from matcher.io.policy_toml import read_policy, read_policy_text
from matcher.io.read_timetables import read_weeks
from matcher.plan import Plan
from matcher.planning import make_plan
from matcher.roster import Roster
from service.rounds.plan_files import seal_plan
from service.rounds.publish import take_plan
from service.rounds.rosters import keep_roster
from service.tables.areas import Area
from service.tables.privacy import Consent
from service.tables.records import Record
from service.tables.rounds import Pair, PlanFileRow, RosterFile, Round, Run
from tests.service.conftest import House


@cache
def small_roster(policy_id: str = "kalmykia", seed: int = 1) -> Roster:
    """A school of some mentors and mentees, nobody of whom works with anybody yet."""
    found = generate_roster(
        num_mentees=6, num_mentors=6, num_organisations=1, num_municipalities=1, seed=seed, policy_id=policy_id
    )
    return replace(found, locks=(), consents=())


@cache
def small_plan(policy_id: str = "kalmykia", seed: int = 1) -> Plan:
    """A plan of the school without timetables."""
    return make_plan(small_roster(policy_id, seed), read_policy(policy_id), work_limit=20, seed=0)


@cache
def planned_meetings() -> Plan:
    """A plan of the same school with the meetings of an autumn."""
    roster = small_roster()
    busy, weeks, _ = read_weeks([], roster, year=2026)
    return make_plan(
        roster,
        read_policy("kalmykia"),
        busy=busy,
        timetables=weeks,
        term=(date(2026, 10, 1), date(2026, 12, 25)),
        work_limit=3,
        reference_day=date(2026, 9, 1),
    )


@dataclass
class Case:
    """A round of the house in some state, with its plan taken."""

    house: House
    round_id: str
    area: str

    @property
    def url(self) -> str:
        return f"/api/v1/rounds/{self.round_id}"

    def pairs(self) -> list[Pair]:
        with self.house.core.database.reading() as session:
            found = list(session.exec(select(Pair).where(Pair.round_id == self.round_id)))
            session.expunge_all()
            return sorted(found, key=lambda pair: (pair.mentor_id, pair.mentee_id))

    def act(self, headers: dict[str, str], **body: Any) -> Any:
        """Decide something on the present version of the round."""
        return self.post("decisions", headers, body)

    def step(self, headers: dict[str, str], to: str, **body: Any) -> Any:
        """Take the round a step on."""
        return self.post("transitions", headers, {"to": to, **body})

    def post(self, what: str, headers: dict[str, str], body: dict[str, Any], *, version: int | None = None) -> Any:
        seen = self.row().version if version is None else version
        return self.house.client.post(f"{self.url}/{what}", json=body, headers={**headers, "If-Match": f'"{seen}"'})

    def consent(self, person_id: str, purpose: str, **columns: Any) -> None:
        """Record a consent on paper."""
        with self.house.core.database.writing() as session:
            area = session.get_one(Round, self.round_id).area_id
            values: dict[str, Any] = {"given_day": date(2026, 1, 1), "recorded_by": "test"} | columns
            session.add(Consent(person_id=person_id, area_id=area, purpose=purpose, **values))

    def record(self, kind: str, state: str, **columns: Any) -> None:
        """Write a record as its own routes would."""
        with self.house.core.database.writing() as session:
            row = Record(
                root_id="",
                kind=kind,
                area_id=session.get_one(Round, self.round_id).area_id,
                state=state,
                created_by="test",
                **columns,
            )
            row.root_id = row.id
            session.add(row)

    def sign_everything(self) -> None:
        """Let everybody of the pairs sign whatever some regulation asks for."""
        for person_id in {id_ for pair in self.pairs() for id_ in (pair.mentor_id, pair.mentee_id)}:
            for purpose in ("duties", "personal_data", "agreement"):
                self.consent(person_id, purpose, given_by="representative")
            self.record("interview", "done", person_id=person_id)
            self.record("questionnaire", "submitted", person_id=person_id)

    def edit(self, **columns: Any) -> None:
        """Give the round other values."""
        with self.house.core.database.writing() as session:
            row = session.get_one(Round, self.round_id)
            for name, value in columns.items():
                setattr(row, name, value)
            session.add(row)

    def row(self) -> Round:
        with self.house.core.database.reading() as session:
            found = session.get_one(Round, self.round_id)
            session.expunge(found)
            return found


def build_case(house: House, policy_id: str = "kalmykia", area: str = "s11", *, plan: Plan | None = None) -> Case:
    """Return a new round in state "matching" with its roster, and its plan taken."""
    plan = plan or small_plan(policy_id)
    with house.core.database.writing() as session:
        row = keep_roster(
            session,
            house.core.vault,
            session.get_one(Area, house.areas[area]),
            plan.roster,
            name="roster.xlsx",
            remarks=[],
            by="test",
        )
        round_ = Round(
            area_id=house.areas[area],
            name="Round",
            roster_id=row.id,
            policy_id=policy_id,
            policy_toml=read_policy_text(policy_id)[0],
            state="matching",
            reference_day=plan.reference_day,
            created_by="test",
        )
        session.add(round_)
        session.flush()
        give_plan(house, session, round_, plan)
    return Case(house, round_.id, area)


def give_plan(house: House, session: Any, round_: Round, plan: Plan, *, keeps_pairs: bool = False) -> PlanFileRow:
    """Keep a plan as the queue of jobs does, and take it."""
    run = Run(round_id=round_.id, area_id=round_.area_id, what="pair", created_by="test", status="succeeded")
    session.add(run)
    session.flush()
    plan_row = PlanFileRow(run_id=run.id, round_id=round_.id, area_id=round_.area_id, sealed=b"", digest="")
    plan_row.sealed = seal_plan(house.core.vault, plan_row.id, "".join(plan_lines(plan)).encode())
    session.add(plan_row)
    session.flush()
    take_plan(session, house.core, round_, plan, plan_row, asked=True, keeps_pairs=keeps_pairs)
    return plan_row


@pytest.fixture
def new_case(sqlite_house: House) -> Callable[..., Case]:
    """Make rounds on SQLite."""
    return lambda *args, **named: build_case(sqlite_house, *args, **named)


__all__ = ["Case", "RosterFile", "build_case", "give_plan", "small_plan", "small_roster"]
