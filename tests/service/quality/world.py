"""A service in which three schools live through everything, each under a word that is found nowhere else.

Whatever a school owns says its word: names, codes, reasons, file names, records, accounts. Where the word of another
school turns up in an answer, something leaks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session, select

from matcher.generate.roster import generate_roster
from matcher.io.policy_toml import read_policy
from matcher.plan import Plan
from matcher.planning import make_plan
from matcher.roster import Roster
from service.access.secrets import hash_of, new_secret
from service.access.sessions import public_id
from service.audit import append_audit
from service.database import Database
from service.keys import seal_for
from service.records.kind import HangsOn, Kind
from service.records.kinds import KINDS
from service.rounds.decided import seal_words
from service.rounds.inputs import seal_timetable
from service.rounds.people import keep_people
from service.rounds.rosters import renamed
from service.tables.access import (
    Account,
    ApiToken,
    CalendarSecret,
    Grant,
    Invitation,
    PersonalLink,
    Role,
    WebSession,
)
from service.tables.areas import Area, Person
from service.tables.columns import now
from service.tables.privacy import AccessEntry, Consent, Erasure, PrivacyTask
from service.tables.records import Record
from service.tables.rounds import (
    Absence,
    Availability,
    Decision,
    Meeting,
    MeetingPerson,
    Order,
    Pair,
    PlanFileRow,
    Round,
    RoundTimetable,
    Run,
    TimetableFile,
    Wish,
)
from service.viewer import PERSONAL_ROLES
from tests.service.conftest import House
from tests.service.rounds.conftest import build_case

POLICY = "kalmykia"
DAY = date(2026, 11, 2)


@dataclass
class Tenant:
    """A school with everything it owns: ``ids`` by the kind of thing (records: "record:" and their path)."""

    area: str
    word: str
    ids: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: str, *ids: str) -> None:
        """Note what the school owns."""
        self.ids.setdefault(kind, []).extend(ids)

    def one(self, kind: str) -> str:
        """Return a thing of a kind."""
        return self.ids[kind][0]


@dataclass
class World:
    """The service with its schools: "s11" and "s12" of one municipality, "s21" of another."""

    house: House
    tenants: dict[str, Tenant]
    beside: Tenant
    """What one pair of "s11" has for itself, under a word of its own: nothing of it is for the other pairs there."""

    def forget(self) -> None:
        """From now on forget what requests do."""
        core = self.house.core
        self.house.client.app.state.core = replace(core, database=Forgetful(core.database.url))  # type: ignore[attr-defined]

    def remember(self) -> None:
        """From now on keep what requests do."""
        self.house.client.app.state.core = self.house.core  # type: ignore[attr-defined]

    def viewer(self, role: Role, area: str) -> dict[str, str]:
        """Return the headers of somebody with a role in an area; participants are people of "s11"."""
        person = {Role.MENTOR: "mentor", Role.MENTEE: "mentee", Role.LEGAL_REPRESENTATIVE: "mentee"}.get(role)
        person_id = None if person is None else self.tenants["s11"].one(person)
        return self.house.headers(role, area, person_id=person_id)

    def viewers(self) -> Iterator[tuple[str, Role, str, dict[str, str]]]:
        """Yield (name, role, area, headers) of somebody in every role, of a school and of a municipality."""
        for role in Role:
            for area in ("s11",) if role in PERSONAL_ROLES else ("s11", "m1"):
                yield f"{role} of {area}", role, area, self.viewer(role, area)

    def others(self) -> Iterator[tuple[str, Role, dict[str, str]]]:
        """Yield (name, role, headers) of people of "s11" who are in no pair with those of ``beside``."""
        taken = set(self.beside.ids["person"])
        own = self.tenants["s11"].ids
        sides = {Role.MENTOR: "mentor", Role.MENTEE: "mentee", Role.LEGAL_REPRESENTATIVE: "mentee"}
        for role, side in sides.items():
            pairs = zip(own["mentor"], own["mentee"], strict=True)
            other = next(pair for pair in pairs if not taken & set(pair))[side == "mentee"]
            yield f"another {role}", role, self.house.headers(role, "s11", person_id=other)

    def foreign_to(self, area: str) -> list[Tenant]:
        """Return the schools of which somebody in an area must see nothing."""
        return [self.tenants[name] for name in (("s12", "s21") if area == "s11" else ("s21",))]


class Forgetful(Database):
    """A database in which writing works, and is forgotten when it ends: every attempt meets the same world."""

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False) as session:
            if self.is_sqlite:
                session.connection(execution_options={"matcher_writes": True})
            yield session
            session.flush()
            session.expunge_all()
            session.rollback()


def build_world(house: House) -> World:
    """Fill a house, then let it forget all that is done in it."""
    words = {"s11": "zaryanka", "s12": "sviristel", "s21": "tryasoguzka"}
    tenants = {area: Tenant(area, word) for area, word in words.items()}
    world = World(house, tenants, Tenant("the first pair of s11", "kamyshovka"))
    for number, tenant in enumerate(tenants.values()):
        _build_tenant(house, tenant, seed=number + 1, beside=world.beside.word)
    for kind in BESIDE:
        world.beside.add(kind, *tenants["s11"].ids[kind][:1])
    world.beside.add("person", world.beside.one("mentor"), world.beside.one("mentee"))
    for one in KINDS.values():
        if one.on in (HangsOn.PAIR, HangsOn.PERSON):
            world.beside.add(f"record:{one.path}", *tenants["s11"].ids[f"record:{one.path}"])
    world.forget()
    return world


BESIDE = ("pair", "mentor", "mentee", "meeting", "consent", "link", "task", "absence", "availability", "wish")
"""Kinds of things that belong to the people of a pair alone."""


def _build_tenant(house: House, tenant: Tenant, seed: int, beside: str) -> None:
    whole = _plan(tenant.word, seed)
    case = build_case(house, POLICY, tenant.area, plan=whole)
    vault = house.core.vault
    with house.core.database.writing() as session:
        area = session.get_one(Area, house.areas[tenant.area])
        area.name = f"School {tenant.word}"
        above = house.areas["m1" if tenant.area.startswith("s1") else "m2"]
        tenant.add("area", area.id)
        tenant.add("municipality", above)
        round_ = session.get_one(Round, case.round_id)
        round_.name, round_.first_day, round_.last_day = f"Round {tenant.word}", DAY, date(2027, 5, 20)
        tenant.add("round", round_.id)
        tenant.add("roster", round_.roster_id)
        run = session.exec(select(Run).where(Run.round_id == round_.id)).one()
        tenant.add("run", run.id)
        plan = session.exec(select(PlanFileRow).where(PlanFileRow.round_id == round_.id)).one()
        tenant.add("plan", plan.id)
        pairs = session.exec(select(Pair).where(Pair.round_id == round_.id).order_by(Pair.id)).all()
        tenant.add("pair", *(pair.id for pair in pairs))
        tenant.add("mentor", *(pair.mentor_id for pair in pairs))
        tenant.add("mentee", *(pair.mentee_id for pair in pairs))
        people = session.exec(select(Person).where(Person.area_id == area.id).order_by(Person.id)).all()
        tenant.add("person", pairs[0].mentee_id, *(one.id for one in people if one.id != pairs[0].mentee_id))
        if tenant.area == "s11":
            first = {one.code for one in people if one.id in (pairs[0].mentor_id, pairs[0].mentee_id)}
            keep_people(session, vault, area, _also_worded(whole.roster, first, beside))
        pairs[0].state = "active"
        _add_meetings(session, tenant, round_, plan, pairs[0], beside)
        _add_words(session, house, tenant, round_, pairs)
        _add_papers(session, house, tenant, round_, pairs)
        _add_ways_in(session, tenant, area, round_, pairs[0])
        _add_records(session, house, tenant, area, round_, pairs[0])
        round_.version = 1
        session.add(round_)


def _plan(word: str, seed: int) -> Plan:
    found = generate_roster(
        num_mentees=4, num_mentors=4, num_organisations=1, num_municipalities=1, seed=seed, policy_id=POLICY
    )
    named = _worded(renamed(replace(found, locks=(), consents=()), lambda code: f"{word}-{code}"), word)
    roster = replace(named, people=tuple(replace(one, legal_representative=f"{word} R.") for one in named.people))
    return make_plan(roster, read_policy(POLICY), work_limit=5, seed=0)


def _also_worded(roster: Roster, codes: set[str], word: str) -> Roster:
    """Return a roster in which some people have another word in their names."""
    named = {one.id: replace(one, name=f"{one.name} {word}") for one in roster.people if one.id in codes}
    return replace(roster, people=tuple(named.get(one.id, one) for one in roster.people))


def _worded(roster: Roster, word: str) -> Roster:
    """Return a roster each of whose names and notes says a word."""

    def worded(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(worded, value))
        if not is_dataclass(value) or isinstance(value, type):
            return value
        said = {}
        for part in fields(value):
            found = getattr(value, part.name)
            is_free = part.name in ("name", "note", "source", "timetable_name", "override_reason")
            is_word = is_free and isinstance(found, str) and type(found) is str
            said[part.name] = f"{word} {found}" if is_word else worded(found)
        return replace(value, **said)

    found: Roster = worded(roster)
    return found


def _add_meetings(session: Session, tenant: Tenant, round_: Round, plan: PlanFileRow, pair: Pair, beside: str) -> None:
    for number, shift in enumerate((-7, 7, 14)):
        meeting = Meeting(
            round_id=round_.id, area_id=pair.area_id, plan_id=plan.id, code=f"{tenant.word}/{number}",
            activity=f"{tenant.word}:activity", number=number, day=now().date() + timedelta(days=shift),
            start_minute=900, end_minute=945, time_zone="Europe/Moscow", mode="in_person",
            site=f"{tenant.word} site", room=f"{tenant.word} {beside}", state="published",
        )  # fmt: skip
        session.add(meeting)
        session.flush()
        session.add(MeetingPerson(meeting_id=meeting.id, person_id=pair.mentee_id))
        session.add(MeetingPerson(meeting_id=meeting.id, person_id=pair.mentor_id, leads=True))
        tenant.add("meeting", meeting.id)


def _add_words(session: Session, house: House, tenant: Tenant, round_: Round, pairs: Any) -> None:
    vault, area_id = house.core.vault, round_.area_id
    timetable = TimetableFile(
        area_id=area_id, name=f"{tenant.word}.csv", sealed_map=b"", sealed_rows=b"", created_by="test"
    )
    map_toml = f'file = "rows.csv"\n[names]\n"{tenant.word}" = "{tenant.word}-P-1"\n'
    timetable.sealed_map, timetable.sealed_rows = seal_timetable(vault, timetable.id, map_toml, "teacher,day\n")
    session.add(timetable)
    session.flush()
    session.add(RoundTimetable(round_id=round_.id, timetable_id=timetable.id))
    tenant.add("timetable", timetable.id)
    decision = Decision(
        number=1, round_id=round_.id, area_id=area_id, kind="comment", pair_id=pairs[0].id,
        mentor_id=pairs[0].mentor_id, mentee_id=pairs[0].mentee_id, made_by="test",
    )  # fmt: skip
    seal_words(session, vault, decision, {"reason": f"{tenant.word} reason"})
    session.add(decision)
    tenant.add("decision", decision.id)
    for person_id in (pairs[0].mentor_id, pairs[0].mentee_id):
        absence = Absence(person_id=person_id, area_id=area_id, first_day=DAY, last_day=DAY, created_by="test")
        free = Availability(person_id=person_id, weekday=1, from_minute=600, to_minute=660, state="preferred")
        session.add_all([absence, free])
        tenant.add("absence", absence.id)
        tenant.add("availability", free.id)
    wish = Wish(round_id=round_.id, from_id=pairs[0].mentee_id, to_id=pairs[0].mentor_id, score=7)
    session.add(wish)
    tenant.add("wish", wish.id)


def _add_papers(session: Session, house: House, tenant: Tenant, round_: Round, pairs: Any) -> None:
    vault, area_id, person_id = house.core.vault, round_.area_id, pairs[0].mentee_id
    order = Order(
        round_id=round_.id, area_id=area_id, document="D-04", number=f"{tenant.word}-17", day=DAY, people=[person_id],
        created_by="test",
    )  # fmt: skip
    consent = Consent(
        person_id=person_id, area_id=area_id, round_id=round_.id, purpose="agreement", given_day=DAY,
        scan_reference=f"{tenant.word} folder", recorded_by="test",
    )  # fmt: skip
    session.add_all([order, consent])
    session.flush()
    task = PrivacyTask(person_id=person_id, area_id=area_id, consent_id=consent.id, kind="stop", due_day=DAY)
    waiting = Erasure(person_id=pairs[-1].mentee_id, area_id=area_id, ground="withdrawn", due_day=DAY, asked_by="test")
    session.add_all([task, waiting])
    tenant.add("order", order.id)
    tenant.add("consent", consent.id)
    tenant.add("task", task.id)
    tenant.add("erasure", waiting.id)
    for owner in (person_id, None):
        append_audit(
            session, vault, actor=f"account:{tenant.word}", action="person.change", area_id=area_id,
            subjects=[person_id], details={"name": tenant.word}, person_id=owner,
        )  # fmt: skip
    session.add(
        AccessEntry(actor=f"account:{tenant.word}", area_id=area_id, what="GET /x", subject=person_id, why="test")
    )


def _add_ways_in(session: Session, tenant: Tenant, area: Area, round_: Round, pair: Pair) -> None:
    account = Account(login=f"{tenant.word}@example.org", name=f"Somebody {tenant.word}")
    session.add(account)
    session.flush()
    grant = Grant(account_id=account.id, role=Role.TUTOR, area_id=area.id)
    token = ApiToken(token_hash=hash_of(new_secret()), account_id=account.id, name=f"{tenant.word} token")
    ends = now() + timedelta(days=3)
    browser = WebSession(
        token_hash=hash_of(new_secret()), account_id=account.id, expires_at=ends, client=f"{tenant.word} browser"
    )
    link = PersonalLink(
        token_hash=hash_of(new_secret()), person_id=pair.mentee_id, role="mentee", round_id=round_.id,
        created_by="test", expires_at=ends,
    )  # fmt: skip
    calendar = CalendarSecret(token_hash=hash_of(new_secret()), person_id=pair.mentee_id)
    invited = Invitation(token_hash=hash_of(new_secret()), account_id=account.id, created_by="test", expires_at=ends)
    session.add_all([grant, token, browser, link, calendar, invited])
    session.flush()
    tenant.add("account", account.id)
    tenant.add("grant", grant.id)
    tenant.add("token", token.id)
    tenant.add("session", public_id(browser))
    tenant.add("link", link.id)
    tenant.add("calendar", calendar.id)


def _add_records(session: Session, house: House, tenant: Tenant, area: Area, round_: Round, pair: Pair) -> None:
    for kind in KINDS.values():
        on_pair, on_person = kind.on is HangsOn.PAIR, kind.on is HangsOn.PERSON
        record = Record(
            root_id="", kind=kind.id, area_id=area.id, created_by="test", state=kind.first,
            round_id=None if kind.on is HangsOn.AREA else round_.id,
            pair_id=pair.id if on_pair else None,
            person_id=pair.mentee_id if on_pair or on_person else None,
        )  # fmt: skip
        record.root_id = record.id
        said = worded_fields(kind, tenant)
        plain = json.loads(said.model_dump_json())
        content = said.model_dump_json(exclude_defaults=True).encode()
        record.sealed = seal_for(session, house.core.vault, record.person_id, content, f"record:{record.id}")
        record.figures = {name: plain[name] for name in kind.figures}
        session.add(record)
        tenant.add(f"record:{kind.path}", record.id)


RECORD_FIELDS = {"route": "record:routes", "partner": "record:partners", "programme": "record:programmes"}


def worded_fields(kind: Kind[Any], tenant: Tenant) -> Any:
    """Return the fields of a kind's example, with the word of a school in every free text."""
    said = json.loads(json.dumps(dict(kind.example), default=str))
    for name, other in RECORD_FIELDS.items():
        if name in said:
            said[name] = tenant.ids.get(other, [said[name]])[0]
    for place in list(_texts(said)):
        changed = _with_word(said, place, tenant.word)
        try:
            kind.fields.model_validate(changed)
        except ValidationError:
            continue  # no free text but a word of a list, a day or a number
        said = changed
    return kind.fields.model_validate(said)


def _texts(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, str):
        yield place
    inner = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        yield from _texts(one, (*place, name))


def _with_word(said: Any, place: tuple[Any, ...], word: str) -> Any:
    changed = json.loads(json.dumps(said))
    inner = changed
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = f"{word} {inner[place[-1]]}"
    return changed


__all__ = ["Forgetful", "Tenant", "World", "build_world"]
