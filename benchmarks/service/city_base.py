"""A base of many people: schools with rounds, pairs and meetings, and somebody to look at each of them."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sqlmodel import Session, col, select

from matcher.generate.roster import generate_roster
from matcher.io.plan_json import plan_lines
from matcher.io.policy_toml import read_policy, read_policy_text
from matcher.plan import Plan
from matcher.planning import make_plan
from service.access.secrets import hash_of, new_secret
from service.core import Core
from service.rounds.plan_files import seal_plan
from service.rounds.publish import take_plan
from service.rounds.rosters import keep_roster
from service.tables.access import Account, ApiToken, Grant, Role
from service.tables.areas import Area, AreaKind
from service.tables.columns import now
from service.tables.rounds import Meeting, MeetingPerson, Pair, PlanFileRow, Round, Run

POLICY = "kalmykia"
MEETINGS = 8
"""Meetings of each pair: half of them held, half still to come."""


@dataclass
class User:
    """Somebody who looks at things: what he calls, in turn."""

    role: str
    headers: dict[str, str]
    addresses: list[str]


@dataclass
class City:
    """A municipality of schools, and its round that is being solved."""

    num_people: int = 0
    num_pairs: int = 0
    num_meetings: int = 0
    round_id: str = ""
    operator: dict[str, str] = field(default_factory=dict)
    users: list[User] = field(default_factory=list)


def build_city(core: Core, *, people: int, schools: int, users: int, solved_people: int = 900) -> City:
    """Fill a service with so many people in so many schools; the rest are those of the municipal round."""
    city = City()
    each = people // schools
    plan = _school_plan(each)
    with core.database.writing() as session:
        region = _area(session, AreaKind.REGION, None, "R")
        municipality = _area(session, AreaKind.MUNICIPALITY, region, "M")
        city.operator = _headers(session, Role.MUNICIPAL_OPERATOR, municipality)
        city.round_id = _solved_round(session, core, municipality, solved_people)
    pages = []
    for number in range(schools):
        with core.database.writing() as session:
            school = _area(session, AreaKind.ORGANISATION, session.get_one(Area, municipality.id), f"O-{number}")
            pages.append((school, *_school(session, core, school, plan, city)))
    rng = random.Random(0)
    with core.database.writing() as session:
        for number in range(users):
            school, round_id, run_id, pairs = pages[number % len(pages)]
            city.users.append(_user(session, school, round_id, run_id, rng.choice(pairs), number))
    if not core.database.is_sqlite:
        with core.database.engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")  # as the server does by itself within minutes
    return city


def _school_plan(people: int) -> Plan:
    half = max(3, people * 2 // 5)
    roster = generate_roster(
        num_mentees=half, num_mentors=half, num_organisations=1, num_municipalities=1, seed=1, policy_id=POLICY
    )
    return make_plan(replace(roster, locks=(), consents=()), read_policy(POLICY), work_limit=2, seed=0)


def _area(session: Session, kind: AreaKind, above: Area | None, code: str) -> Area:
    area = Area(kind=kind, code=code, name=f"Area {code}", path="", parent_id=None if above is None else above.id)
    area.path = ("/" if above is None else above.path) + f"{area.id}/"
    session.add(area)
    session.flush()
    return area


def _headers(session: Session, role: Role, area: Area, person_id: str | None = None) -> dict[str, str]:
    secret = new_secret()
    account = Account(login=f"{role}-{uuid.uuid4().hex[:12]}@example.org", name="Trial")
    session.add(account)
    session.flush()
    session.add(Grant(account_id=account.id, role=role, area_id=area.id, person_id=person_id))
    session.add(ApiToken(token_hash=hash_of(secret), account_id=account.id, name="trial"))
    return {"Authorization": f"Bearer {secret}"}


def _solved_round(session: Session, core: Core, municipality: Area, people: int) -> str:
    roster = generate_roster(
        num_mentees=people * 2 // 5, num_mentors=people * 2 // 5, num_organisations=30, num_municipalities=1, seed=2,
        policy_id=POLICY,
    )  # fmt: skip
    kept = keep_roster(session, core.vault, municipality, roster, name="city.xlsx", remarks=[], by="trial")
    round_ = _round(session, municipality, kept.id, roster_day=date(2026, 9, 1))
    return round_.id


def _round(session: Session, area: Area, roster_id: str, roster_day: date) -> Round:
    round_ = Round(
        area_id=area.id, name=f"Round of {area.code}", roster_id=roster_id, policy_id=POLICY,
        policy_toml=read_policy_text(POLICY)[0], state="matching", reference_day=roster_day, created_by="trial",
        first_day=date(2026, 10, 1), last_day=date(2027, 5, 20),
    )  # fmt: skip
    session.add(round_)
    session.flush()
    return round_


def give_plan(session: Session, core: Core, round_: Round, plan: Plan) -> PlanFileRow:
    """Make a plan that of a round, as a run that found it would; return its row."""
    run = Run(round_id=round_.id, area_id=round_.area_id, what="pair", created_by="trial", status="succeeded")
    session.add(run)
    session.flush()
    row = PlanFileRow(run_id=run.id, round_id=round_.id, area_id=round_.area_id, sealed=b"", digest="")
    row.sealed = seal_plan(core.vault, row.id, "".join(plan_lines(plan)).encode())
    session.add(row)
    session.flush()
    take_plan(session, core, round_, plan, row, asked=True)
    return row


def _school(session: Session, core: Core, school: Area, plan: Plan, city: City) -> tuple[str, str, list[Pair]]:
    kept = keep_roster(session, core.vault, school, plan.roster, name="roster.xlsx", remarks=[], by="trial")
    round_ = _round(session, school, kept.id, plan.reference_day)
    row = give_plan(session, core, round_, plan)
    pairs = list(session.exec(select(Pair).where(Pair.round_id == round_.id).order_by(col(Pair.id))))
    for number, pair in enumerate(pairs):
        pair.state = "active"
        session.add_all(_meetings(round_, row, pair, number))
    session.flush()
    for meeting in session.exec(select(Meeting).where(Meeting.round_id == round_.id)):
        pair = pairs[int(meeting.code.partition("/")[0])]
        session.add(MeetingPerson(meeting_id=meeting.id, person_id=pair.mentor_id, leads=True))
        session.add(MeetingPerson(meeting_id=meeting.id, person_id=pair.mentee_id))
    round_.state = "running"
    session.add(round_)
    session.flush()
    city.num_people += kept.num_people
    city.num_pairs += len(pairs)
    city.num_meetings += len(pairs) * MEETINGS
    return round_.id, row.run_id, pairs


def _meetings(round_: Round, row: PlanFileRow, pair: Pair, number: int) -> Iterator[Meeting]:
    for count in range(MEETINGS):
        yield Meeting(
            round_id=round_.id, area_id=pair.area_id, plan_id=row.id, code=f"{number}/{count}",
            activity=f"activity {number}", number=count, day=now().date() + timedelta(days=7 * (count - MEETINGS // 2)),
            start_minute=840 + 5 * (number % 20), end_minute=885 + 5 * (number % 20), time_zone="Europe/Moscow",
            mode="in_person", room=f"R-{number % 9}", state="published",
        )  # fmt: skip


def _user(session: Session, school: Area, round_id: str, run_id: str, pair: Pair, number: int) -> User:
    """Return the next user: curators and heads, and mentors and mentees of their own pair."""
    role = (Role.CURATOR, Role.MENTOR, Role.HEAD, Role.MENTEE, Role.CURATOR)[number % 5]
    of_round = f"/api/v1/rounds/{round_id}"
    both = [
        "/api/v1/rounds",
        of_round,
        f"{of_round}/pairs?limit=50",
        f"/api/v1/sessions?round={round_id}",
        "/api/v1/me",
    ]
    if role in (Role.MENTOR, Role.MENTEE):
        person_id = pair.mentor_id if role is Role.MENTOR else pair.mentee_id
        own = [f"{of_round}/pairs/{pair.id}", f"/api/v1/sessions?person={person_id}", "/api/v1/areas"]
        return User(role, _headers(session, role, school, person_id), [*both, *own])
    office = [
        f"{of_round}/pairs/{pair.id}", f"{of_round}/runs", f"/api/v1/runs/{run_id}", f"{of_round}/decisions",
        f"{of_round}/transitions", f"{of_round}/replacements", "/api/v1/tasks", "/api/v1/rosters", "/api/v1/areas",
        f"/api/v1/programmes?round={round_id}",
    ]  # fmt: skip
    return User(role, _headers(session, role, school), [*both, *office])
