"""Rounds with everything papers are made of, and bare ones with nothing but pairs."""

# ruff: noqa: E501 (lines of made-up records)
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, select

from matcher.io.policy_toml import read_policy_text
from matcher.roster import Mentee, MenteeCategory, Mentor, Organisation, PersonKind, Request, Roster, Topic
from matcher.roster import Person as RosterPerson
from service.documents.desk import open_material
from service.documents.material import Material
from service.keys import seal_for
from service.organisations.details import Details, keep_details
from service.records.gate_ticks import CuratorAppointment
from service.records.kinds import KINDS
from service.rounds.case import seal_order
from service.rounds.rosters import ids_of, keep_roster
from service.tables.access import Role
from service.tables.areas import Area, Person
from service.tables.privacy import Consent
from service.tables.records import Record
from service.tables.rounds import Decision, Meeting, MeetingPerson, Order, Pair, PlanFileRow, Round, Run
from service.viewer import Held, Viewer
from tests.service.conftest import House

TODAY = date(2026, 11, 20)

PEOPLE = (
    RosterPerson(id="P-1", name="Иванова Анна Петровна", organisation="S11", birth_date=date(1980, 5, 1), subjects=("mathematics",)),
    RosterPerson(id="P-2", name="Петров Пётр Ильич", organisation="S12", birth_date=date(1999, 5, 1), pedagogical_experience_years=1),
    RosterPerson(id="P-3", name="Кравец Игорь Олегович", organisation="S12", birth_date=date(1975, 5, 1), position="deputy_head"),
    RosterPerson(id="P-4", name="Долина Лариса Александровна", organisation="S12", birth_date=date(1995, 5, 1)),
    RosterPerson(id="P-5", name="Сидорова Мария Ивановна", organisation="S12", birth_date=date(1970, 1, 9)),
    RosterPerson(id="P-6", name="Бадмаев Санал Очирович", organisation="S12", birth_date=date(2000, 1, 9)),
    RosterPerson(id="P-7", name="Шмидт Ольга Карловна", organisation="S12", birth_date=date(1998, 1, 9)),
    RosterPerson(
        id="U-1",
        name="Лебедева Дарья Сергеевна",
        organisation="S12",
        person_kind=PersonKind.PUPIL,
        position="",
        birth_date=date(2012, 3, 4),
        school_class="7Б",
        grade=7,
        legal_representative="Лебедев Сергей Юрьевич",
    ),
    RosterPerson(id="U-2", name="Гусев Артём Денисович", organisation="S12", person_kind=PersonKind.PUPIL, position="", birth_date=date(2009, 3, 4), school_class="10А", grade=10),
)  # fmt: skip
ROSTER = Roster(
    organisations=(Organisation(id="S11", name="Школа 11"), Organisation(id="S12", name="Школа 12", staff=40)),
    people=PEOPLE,
    mentors=tuple(
        Mentor(person=id_, topics=(Topic.SUBJECT_CONTENT, Topic.DIGITAL), results_confirmed=True)
        for id_ in ("P-1", "P-3", "P-5", "U-2")
    ),
    mentees=tuple(
        Mentee(
            person=id_,
            categories=(MenteeCategory.NOVICE,),
            primary_category=MenteeCategory.NOVICE,
            requests=(Request(topic=Topic.SUBJECT_CONTENT, subject="mathematics"), Request(topic=Topic.DIGITAL)),
        )
        for id_ in ("P-2", "P-4", "P-6", "P-7", "U-1")
    ),
)
DETAILS = Details(
    full_name="Муниципальное бюджетное общеобразовательное учреждение «Средняя школа № 12»",
    address="358000, г. Элиста, ул. Примерная, д. 12",
    registration="ИНН 0800000000",
    city="г. Элиста",
    head_position="Директор",
    head="Орлова Ольга Юрьевна",
    curator_position="заместитель директора",
    curator="Манджиева Мария Сергеевна",
    payment="3000 рублей в месяц",
    site="school12.example",
)

_FIGURES: dict[str, dict[str, Any]] = {
    "programme": {"first_day": "2026-10-01", "last_day": "2027-05-31", "missing": []},
    "quarterly_report": {"year": 2026, "quarter": 4, "covers": "2026-12-31", "digest": "0"},
    "final_report": {"day": "2027-05-30", "rating": 9, "plan_reached": True},
    "swot": {"day": None},
}


@dataclass
class World:
    """A round of the municipality "m1"."""

    house: House
    round: str = ""
    people: dict[str, str] = field(default_factory=dict)
    pairs: dict[str, str] = field(default_factory=dict)

    def viewer(self, role: Role = Role.MUNICIPAL_OPERATOR, area: str = "m1", person: str | None = None) -> Viewer:
        """Return somebody who asks."""
        with self.house.core.database.reading() as session:
            path = session.get_one(Area, self.house.areas[area]).path
        person_id = None if person is None else self.people[person]
        return Viewer(
            actor="test", held=(Held(role=role, area_id=self.house.areas[area], path=path, person_id=person_id),)
        )

    def material(self, session: Session, viewer: Viewer | None = None, **given: Any) -> Material:
        """Return the material of the round."""
        return open_material(session, self.house.core.vault, viewer or self.viewer(), self.round, TODAY, **given)


def build_world(house: House, policy: str, *, full: bool) -> World:
    """Return a round under a policy; a full one has programmes, meetings, reports, an order."""
    world = World(house=house)
    vault = house.core.vault
    with house.core.database.writing() as session:
        area = session.get_one(Area, house.areas["m1"])
        for name, shown in (("m1", "Муниципалитет Элисты"), ("s11", "Школа № 11"), ("s12", "Школа № 12")):
            session.get_one(Area, house.areas[name]).name = shown
        row = keep_roster(session, vault, area, ROSTER, name="roster", remarks=[], by="test")
        world.people = ids_of(session, vault, row)
        content, _ = read_policy_text(policy)
        round_ = Round(
            area_id=area.id,
            name="Осень 2026",
            roster_id=row.id,
            policy_id=policy,
            policy_toml=content,
            state="running",
            reference_day=date(2026, 9, 1),
            first_day=date(2026, 10, 1) if full else None,
            last_day=date(2027, 5, 31) if full else None,
            created_by="test",
        )
        session.add(round_)
        session.flush()
        world.round = round_.id
        for id_ in world.people.values():
            person = session.get_one(Person, id_)
            session.add(
                Consent(
                    person_id=id_, area_id=person.area_id, purpose="personal_data", given_day=date(2026, 9, 1),
                    recorded_by="test",
                )
            )  # fmt: skip
        _pairs(world, session, pupils=policy == "dalnerechensk", full=full)
        if full:
            _all_else(world, session)
    return world


def _pairs(world: World, session: Session, *, pupils: bool, full: bool) -> None:
    wanted = [
        ("a", "P-1", "P-2", "traditional", None),
        ("b", "P-3", "P-4", "traditional", None),
        ("c", "P-5", "P-6", "group", "Г-1"),
        ("d", "P-5", "P-7", "group", "Г-1"),
    ]
    if pupils:
        wanted = [wanted[0], ("u", "U-2", "U-1", "short_term", None)]
    with_persons = world.people
    for name, mentor, mentee, kind, group in wanted:
        area = world.house.areas["s11" if mentor == "P-1" else "s12"]
        pair = Pair(
            round_id=world.round,
            area_id=world.house.areas["m1"],
            mentor_id=with_persons[mentor],
            mentee_id=with_persons[mentee],
            mentor_area_id=area,
            mentee_area_id=world.house.areas["s12"],
            form="pupil_pupil" if name == "u" else "teacher_teacher",
            kind=kind,
            group_code=group,
            contour="municipality",
            state="active" if full else "agreed",
            covers=["request:0", "request:1"] if full else [],
            since=date(2026, 10, 1),
            first_day=date(2026, 10, 1) if full else None,
            last_day=date(2027, 5, 31) if full else None,
        )
        session.add(pair)
        session.flush()
        world.pairs[name] = pair.id


def put(world: World, session: Session, kind: str, fields: dict[str, Any], *, state: str, **hangs: str) -> None:
    """Keep a record as it would be kept."""
    person = None
    if "pair_id" in hangs:
        person = session.get_one(Pair, hangs["pair_id"]).mentee_id
    said = KINDS[kind].fields.model_validate(fields)
    placed: dict[str, Any] = {"area_id": world.house.areas["m1"], **hangs}
    record = Record(
        root_id="", kind=kind, person_id=person, state=state, created_by="test",
        **placed,
    )  # fmt: skip
    record.root_id = record.id
    content = said.model_dump_json(exclude_defaults=True).encode()
    record.sealed = seal_for(session, world.house.core.vault, person, content, f"record:{record.id}")
    record.figures = _FIGURES.get(kind, {})
    session.add(record)
    session.flush()


def _all_else(world: World, session: Session) -> None:
    vault, areas, pairs = world.house.core.vault, world.house.areas, world.pairs
    keep_details(session, vault, session.get_one(Area, areas["s12"]), DETAILS, "test")
    town = Details(full_name="Управление образования города Элисты", head="Басангова Инна Викторовна", city="г. Элиста", head_position="Начальник")  # fmt: skip
    keep_details(session, vault, session.get_one(Area, areas["m1"]), town, "test")
    _plans(world, session)
    put(
        world,
        session,
        "programme",
        {
            "goals": ["Уверенно вести уроки алгебры в 8 классе", "Овладеть приёмами формирующего оценивания"],
            "tasks": ["Разобрать трудные темы", "Посетить не менее шести уроков"],
            "problem": "Молодой педагог затрудняется в выборе методов и в удержании внимания класса.",
            "content": {"mentor": "Посещение и разбор уроков, консультации", "mentee": "Проведение открытых уроков"},
            "directions": ["subject_professional", "methodical"],
            "activities": [
                {"title": "Посещение урока наставника", "direction": "methodical", "type": "lesson_visit", "day": "2026-10-14", "result": "Карта наблюдения"},
                {"title": "Решение задач повышенной сложности", "direction": "subject_professional", "type": "subject_deepening", "day": "2026-11-11"},
            ],
            "term": {"first_day": "2026-10-01", "last_day": "2027-05-31"},
            "interim_results": [{"result": "Проведён открытый урок", "day": "2027-01-20"}],
            "planned_results": [{"result": "Первая квалификационная категория", "day": "2027-05-25"}],
            "mode": "mixed",
            "conditions": "Кабинет 12, доступ к видеоконференции",
            "schedule": [{"day": "2026-10-07", "start": "14:30", "end": "15:15", "mode": "in_person", "goal": "Знакомство"}],
        },
        state="in_work",
        pair_id=pairs["a"],
        round_id=world.round,
    )  # fmt: skip
    _meetings(world, session)
    quarter = {"year": 2026, "quarter": 4, "done": "Проведено шесть встреч", "difficulties": "Мало времени", "meetings_held": 6, "criteria": {"activity": 8, "attendance": 9}}  # fmt: skip
    put(world, session, "quarterly_report", quarter, state="checked", pair_id=pairs["a"], round_id=world.round)
    final = {"day": "2027-05-30", "process": "План выполнен полностью", "mentee_progress": "Первая категория", "mentor_work": "Посетил 12 уроков", "rating": 9, "plan_reached": True}  # fmt: skip
    put(world, session, "final_report", final, state="signed", pair_id=pairs["a"], round_id=world.round)
    order = Order(round_id=world.round, area_id=areas["m1"], document="D-04", number="112-о", day=date(2026, 9, 28), people=[], created_by="test")  # fmt: skip
    seal_order(vault, order, list(pairs.values()))
    session.add(order)
    _replace(world, session)
    session.add(
        Consent(
            person_id=world.people["P-1"], area_id=areas["s11"], purpose="dissemination", given_day=date(2026, 9, 1),
            recorded_by="test",
        )
    )  # fmt: skip


def _plans(world: World, session: Session) -> None:
    areas = world.house.areas
    curator = {"name": "Манджиева Баина Сангаджиевна", "position": "методист", "order_number": "7", "day": "2026-09-01"}
    put(world, session, CuratorAppointment.id, curator, state="in_force", area_id=areas["m1"])
    put(
        world,
        session,
        "roadmap",
        {
            "title": "Дорожная карта на 2026/27 год",
            "first_day": "2026-09-01",
            "last_day": "2027-08-31",
            "items": [
                {"title": "Обучение наставников", "type": "training", "last_day": "2026-10-30", "responsible": "куратор", "resources": "ЦНППМ", "result": "12 наставников"},
                {"title": "Приказ о внедрении", "type": "legal_acts", "first_day": "2026-09-01", "last_day": "2026-09-15", "responsible": "директор", "done_day": "2026-09-10"},
            ],
        },
        state="agreed",
        area_id=areas["m1"],
    )  # fmt: skip
    put(
        world,
        session,
        "partner",
        {"name": "Элистинский завод", "type": "enterprise", "contact": "отдел кадров"},
        state="active",
    )
    practice = {"title": "Обратное наставничество", "form": "teacher_teacher", "problem": "Цифровые навыки", "description": "Молодой учит опытного", "result": "Цифровые уроки"}  # fmt: skip
    put(world, session, "practice", practice, state="published")
    put(
        world,
        session,
        "event",
        {"type": "forum", "title": "Форум наставников", "day": "2026-12-10", "place": "Дом учителя"},
        state="planned",
    )
    put(
        world,
        session,
        "document",
        {"code": "D-02", "title": "Положение о наставничестве", "number": "12-о", "day": "2026-09-01"},
        state="in_force",
    )
    risk = {"risk": "high_load", "words": "У двух наставников больше 30 часов", "measures": "Часы перераспределены"}
    put(world, session, "risk_note", risk, state="handled", round_id=world.round)
    swot = {
        "strengths": "Опытные наставники",
        "weaknesses": "Мало времени",
        "opportunities": "Сеть школ",
        "threats": "Нагрузка",
    }
    report = {"day": "2026-11-19", "results": "Все пары сформированы в срок.", "risks": "Нагрузка снижена.", "plan_next_year": "Подготовить пять новых наставников."}  # fmt: skip
    put(world, session, "analytical_report", report, state="presented", round_id=world.round)
    put(world, session, "swot", swot, state="kept", round_id=world.round)


def _meetings(world: World, session: Session) -> None:
    run = Run(round_id=world.round, area_id=world.house.areas["m1"], what="plan", created_by="test")
    session.add(run)
    session.flush()
    plan = PlanFileRow(run_id=run.id, round_id=world.round, area_id=world.house.areas["m1"], sealed=b"", digest="")
    session.add(plan)
    session.flush()
    pair = session.get_one(Pair, world.pairs["a"])
    for number in range(4):
        meeting = Meeting(
            round_id=world.round,
            area_id=world.house.areas["m1"],
            plan_id=plan.id,
            code=f"S-{number}",
            activity="A-1",
            number=number,
            day=date(2026, 10, 7) + timedelta(days=14 * number),
            start_minute=870,
            end_minute=915,
            time_zone="Europe/Moscow",
            mode="in_person" if number % 2 == 0 else "online",
            room="каб. 12" if number % 2 == 0 else None,
            state="held" if number < 3 else "published",
        )
        session.add(meeting)
        session.flush()
        session.add_all(
            MeetingPerson(meeting_id=meeting.id, person_id=one, leads=one == pair.mentor_id)
            for one in (pair.mentor_id, pair.mentee_id)
        )


def _replace(world: World, session: Session) -> None:
    """End the pair "b" and, where it exists, let the mentor of "a" take over the mentee of "d"."""
    if "b" not in world.pairs:
        return
    old = session.get_one(Pair, world.pairs["b"])
    old.state, old.end_reason, old.last_day = "terminated", "mentor", date(2026, 11, 18)
    session.add(old)
    details = {"end_reason": "mentor", "notice_day": "2026-11-13", "last_day": "2026-11-18"}
    session.add(
        Decision(
            number=1, round_id=world.round, area_id=old.area_id, kind="terminate", mentor_id=old.mentor_id,
            mentee_id=old.mentee_id, pair_id=old.id, details=details, made_by="test",
        )
    )  # fmt: skip
    before = session.get_one(Pair, world.pairs["a"])
    new = Pair(
        round_id=world.round,
        area_id=before.area_id,
        mentor_id=world.people["P-5"],
        mentee_id=before.mentee_id,
        mentor_area_id=before.mentee_area_id,
        mentee_area_id=before.mentee_area_id,
        form=before.form,
        kind="traditional",
        contour="organisation",
        state="confirmed",
        since=date(2026, 11, 20),
        first_day=date(2026, 12, 1),
        last_day=date(2027, 5, 31),
        replaces_id=before.id,
    )
    session.add(new)
    session.add(
        Decision(
            number=2, round_id=world.round, area_id=old.area_id, kind="replace", mentor_id=before.mentor_id,
            mentee_id=before.mentee_id, pair_id=before.id, details={"trigger": "transfer"}, made_by="test",
        )
    )  # fmt: skip
    assert session.exec(select(Pair).where(Pair.id == new.id)).first() is not None
    world.pairs["new"] = new.id
