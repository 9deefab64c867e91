"""The whole story of each of the five regulations, from an uploaded list to the printed order and the calendar.

Between them the five are told in both languages and on both screens, by dragging and by the keyboard.
"""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from matcher.roster import Roster
from service.access.passwords import hash_password
from service.core import Core
from service.tables.access import Account, Grant, Role
from service.tables.areas import Area, AreaKind
from tests.browser.conftest import PASSWORD, Open, Site
from tests.browser.story import Story, people_of

pytestmark = pytest.mark.slow


def town(service: tuple[Core, str], roster: Roster) -> Site:
    """Return a municipality with the organisations of a roster; who runs its rounds signs in with a password alone."""
    core, address = service
    login = f"{uuid.uuid4().hex[:12]}@town.example"
    with core.database.writing() as session:
        place = Area(kind=AreaKind.MUNICIPALITY, code=uuid.uuid4().hex[:6], name="Городской округ", path="")
        place.path = f"/{place.id}/"
        session.add(place)
        for one in roster.organisations:
            below = Area(
                kind=AreaKind.ORGANISATION,
                code=one.id,
                name=one.name,
                path="",
                parent_id=place.id,
                organisation_type=str(one.type),
            )
            below.path = f"{place.path}{below.id}/"
            session.add(below)
        account = Account(login=login, name="Анна Оператор", password_hash=hash_password(PASSWORD))
        session.add(account)
        session.flush()
        for role in (Role.MUNICIPAL_OPERATOR, Role.ADMINISTRATOR):
            session.add(Grant(account_id=account.id, role=role, area_id=place.id))
    return Site(core=core, address=address, area_id=place.id, login=login)


def test_barnaul(service: tuple[Core, str], seat: Open, tmp_path: Path) -> None:
    """Three types of organisations in one round of a city, and an order for each of them (BAR 1.1)."""
    roster = people_of("barnaul", mentees=10, mentors=10, organisations=4, seed=2)
    here = seat("wide", "ru")
    here.site = town(service, roster)
    story = Story(here, "barnaul", roster, tmp_path)
    story.begin()
    story.give(story.give_spoiled())
    story.open_round(meetings=True, timetables=story.weeks())
    story.drag()
    assert story.prepare() == ["regulation", "roadmap", "curator", "review"]
    story.agree()
    assert story.columns() == {"duties", "personal_data", "accept"}
    story.collect()
    head = story.invite(seat, "head", "Орлова Ольга Юрьевна")
    story.record_order(head, number="41-о")
    story.let_begin()
    story.print_order(story.pairs(), "№ 41-о", *(one.name for one in roster.organisations[:3]))
    story.schedule()


def test_anuchino(service: tuple[Core, str], seat: Open, tmp_path: Path) -> None:
    """Pairs on one ground each, lent by the neighbouring district; no order, a term is enough (ANU 4.1, 4.3.1)."""
    roster = people_of("anuchino", mentees=9, mentors=8, organisations=3, seed=4)
    here = seat("narrow", "en")
    here.site = town(service, roster)
    story = Story(here, "anuchino", roster, tmp_path)
    story.begin()
    story.give(story.workbook())
    story.open_round()
    story.move_by_keyboard()
    assert story.prepare() == ["roadmap", "curator"]
    story.agree()
    assert story.columns() == {"duties", "personal_data", "accept"}
    story.collect()
    story.record_order(here, number=None)
    story.let_begin()
    story.print_order(story.pairs())
    story.schedule()


def test_kalmykia(seat: Open, tmp_path: Path) -> None:
    """Nobody begins without his written consent and the order of the head (KAL 3.8)."""
    roster = people_of("kalmykia", mentees=10, mentors=10, organisations=1, seed=1)
    story = Story(seat("wide", "en"), "kalmykia", roster, tmp_path)
    story.begin()
    story.give(story.give_spoiled())
    story.open_round(meetings=True)
    story.drag()
    assert story.prepare() == ["regulation", "roadmap", "curator", "council", "council_tasks"]
    story.agree(number="3")
    assert story.columns() == {"duties", "personal_data"}
    story.collect()
    head = story.invite(seat, "head", "Орлова Ольга Юрьевна", "narrow")
    story.record_order(head, number="17-о")
    story.let_begin()
    story.print_order(story.pairs(), "№ 17-о")
    story.schedule()


def test_dalnerechensk(service: tuple[Core, str], seat: Open, tmp_path: Path) -> None:
    """Teachers and pupils: interviews, questionnaires, agreements of parents, then the order (DAL 3.2.2, 4.2)."""
    roster = people_of("dalnerechensk", mentees=8, mentors=8, organisations=2, seed=1)
    here = seat("narrow", "ru")
    here.site = town(service, roster)
    story = Story(here, "dalnerechensk", roster, tmp_path)
    story.begin()
    story.give(story.workbook())
    story.open_round()
    story.move_by_keyboard()
    assert story.prepare() == ["implementing_act", "regulation", "roadmap", "curator"]
    story.agree()
    assert story.columns() == {"duties", "personal_data", "agreement", "accept", "interview", "questionnaire"}
    assert story.answer_questionnaires() > 0
    story.collect()
    head = story.invite(seat, "head", "Орлова Ольга Юрьевна")
    story.record_order(head, number="5")
    story.let_begin()
    story.print_order(story.pairs(), "№ 5")
    story.schedule()


def test_smolensk(seat: Open, tmp_path: Path) -> None:
    """The psychologist has his say before the school's council of mentors agrees (SMO 4.5, 6.1)."""
    roster = people_of("smolensk_school_23", mentees=10, mentors=10, organisations=1, seed=1)
    story = Story(seat("wide", "ru"), "smolensk_school_23", roster, tmp_path)
    story.begin()
    story.give(story.workbook())
    story.open_round()
    story.move_by_keyboard()
    assert story.prepare() == ["regulation", "roadmap", "curator", "council", "psychologist", "review"]
    psychologist = story.invite(seat, "psychologist", "Белова Ирина Павловна", "narrow")
    story.judge(psychologist)
    story.agree(number="2")
    assert story.columns() == {"duties", "personal_data", "accept"}
    story.collect()
    head = story.invite(seat, "head", "Орлова Ольга Юрьевна")
    story.record_order(head, number="8")
    story.let_begin()
    story.print_order(story.pairs(), "№ 8")
    story.schedule()
