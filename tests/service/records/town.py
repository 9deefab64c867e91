"""A round with pairs in a service, and people who may and may not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import select

from matcher.io.policy_toml import read_policy_text
from matcher.roster import Mentee, MenteeCategory, Mentor, Organisation, Request, Roster, Topic
from matcher.roster import Person as RosterPerson
from service.rounds.rosters import ids_of, keep_roster
from service.tables.areas import Area, Person
from service.tables.columns import now
from service.tables.privacy import Consent
from service.tables.rounds import Pair, Round
from tests.service.conftest import House

TODAY = now().date()

ROSTER = Roster(
    organisations=(Organisation(id="S11", name="School 11"), Organisation(id="S12", name="School 12", staff=40)),
    people=(
        RosterPerson(
            id="mentor",
            name="Иванова Анна Петровна",
            organisation="S11",
            birth_date=date(1980, 5, 1),
            position="teacher",
        ),
        RosterPerson(
            id="mentee",
            name="Петров Пётр Ильич",
            organisation="S12",
            birth_date=date(1999, 5, 1),
            pedagogical_experience_years=1,
        ),
        RosterPerson(id="other_mentor", name="Орлова Ольга Юрьевна", organisation="S12", birth_date=date(1975, 5, 1)),
        RosterPerson(id="other_mentee", name="Лисина Вера Олеговна", organisation="S12", birth_date=date(1995, 5, 1)),
    ),
    mentors=(
        Mentor(person="mentor", topics=(Topic.DIGITAL,), results_confirmed=True),
        Mentor(person="other_mentor", mentor_training_day=date(2024, 8, 20)),
    ),
    mentees=(
        Mentee(
            person="mentee",
            categories=(MenteeCategory.NOVICE,),
            primary_category=MenteeCategory.NOVICE,
            requests=(Request(topic=Topic.DIGITAL),),
        ),
        Mentee(person="other_mentee", categories=(MenteeCategory.NEWCOMER,)),
    ),
)


@dataclass
class Town:
    """A round of the municipality "m1": a mentor of "s11" with a mentee of "s12", and others."""

    house: House
    policy: str
    round: str = ""
    people: dict[str, str] = field(default_factory=dict)
    pairs: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, who: dict[str, str], body: Any = None, *, version: int | None = None) -> Any:
        """Return the answer of a request; with ``version`` it says what it has seen."""
        headers = dict(who) | {"Accept-Language": "en"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self.house.client.request(method, f"/api/v1/{path}", headers=headers, json=body)

    def make(self, kind: str, who: dict[str, str], fields: Any, **hangs: str) -> dict[str, Any]:
        """Make a record and return it."""
        answer = self.call("POST", kind, who, {**hangs, "fields": fields})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def step(self, kind: str, record: dict[str, Any], to: str, who: dict[str, str], fields: Any = None) -> Any:
        """Return the answer to a step of a record."""
        body = {"to": to} if fields is None else {"to": to, "fields": fields}
        return self.call("POST", f"{kind}/{record['id']}/transitions", who, body, version=record["version"])

    def stepped(self, kind: str, record: dict[str, Any], to: str, who: dict[str, str], fields: Any = None) -> Any:
        """Take a step that has to work, and return the record."""
        answer = self.step(kind, record, to, who, fields)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def sign(self, purpose: str = "personal_data") -> None:
        """Let everybody of the schools consent to a purpose on paper."""
        with self.house.core.database.writing() as session:
            for person in session.exec(select(Person)).all():
                words = {"purpose": purpose, "given_day": TODAY, "recorded_by": "test"}
                session.add(Consent(person_id=person.id, area_id=person.area_id, **words))

    def curator(self, area: str = "s12") -> dict[str, str]:
        """Return the headers of a curator."""
        return self.house.headers("curator", area)

    def operator(self) -> dict[str, str]:
        """Return the headers of the operator of the municipality."""
        return self.house.headers("municipal_operator", "m1")

    def person(self, name: str, role: str) -> dict[str, str]:
        """Return the headers of somebody of the roster."""
        return self.house.headers(role, "m1", person_id=self.people[name])


def build_town(house: House, policy: str, *, model: str | None = None, state: str = "active") -> Town:
    """Return a town whose round follows a policy."""
    town = Town(house=house, policy=policy)
    content, _ = read_policy_text(policy)
    vault = house.core.vault
    with house.core.database.writing() as session:
        area = session.get_one(Area, house.areas["m1"])
        roster = keep_roster(session, vault, area, ROSTER, name="roster", remarks=[], by="test")
        session.add(roster)
        session.flush()
        town.people |= ids_of(session, vault, roster)
        for name in ("far_mentor", "far_mentee"):
            stranger = Person(area_id=house.areas["s21"], code=name)
            session.add(stranger)
            town.people[name] = stranger.id
        round_ = Round(
            area_id=house.areas["m1"],
            name="Autumn",
            roster_id=roster.id,
            policy_id=policy,
            policy_toml=content,
            state="running",
            reference_day=TODAY,
            created_by="test",
        )
        session.add(round_)
        session.flush()
        town.round = round_.id
        for name, mentor, mentee in (("pair", "mentor", "mentee"), ("other_pair", "other_mentor", "other_mentee")):
            areas = {one: session.get_one(Person, town.people[one]).area_id for one in (mentor, mentee)}
            pair = Pair(
                round_id=round_.id,
                area_id=house.areas["m1"],
                mentor_id=town.people[mentor],
                mentee_id=town.people[mentee],
                mentor_area_id=areas[mentor],
                mentee_area_id=areas[mentee],
                form="teacher_teacher",
                model=model,
                kind="traditional",
                contour="municipality",
                state=state,
                since=TODAY,
                first_day=date(2026, 10, 1),
                last_day=date(2027, 5, 31),
            )
            session.add(pair)
            session.flush()
            town.pairs[name] = pair.id
    return town
