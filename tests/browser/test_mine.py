"""From the curator's slips to an answered proposal: links made, opened on a telephone, answers seen by the curator."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from matcher.generate.roster import generate_roster
from matcher.generate.timetables import generate_busy
from matcher.io.plan_json import plan_lines
from matcher.io.policy_toml import read_policy, read_policy_text
from matcher.io.write_timetables import write_timetables
from matcher.plan import Plan
from matcher.planning import make_plan
from matcher.roster import Roster
from service.rounds.inputs import seal_timetable
from service.rounds.plan_files import seal_plan
from service.rounds.publish import take_plan
from service.rounds.rosters import ids_of, keep_roster
from service.tables.areas import Area
from service.tables.columns import now
from service.tables.rounds import (
    Meeting,
    MeetingPerson,
    Pair,
    PlanFileRow,
    RosterFile,
    Round,
    RoundTimetable,
    Run,
    TimetableFile,
)
from tests.browser.conftest import Open, Seat, Site


@cache
def people() -> Roster:
    """A school of some mentors and mentees."""
    found = generate_roster(
        num_mentees=6, num_mentors=6, num_organisations=1, num_municipalities=1, seed=1, policy_id="kalmykia"
    )
    return replace(found, locks=(), consents=())


@cache
def plan() -> Plan:
    """A plan of that school."""
    return make_plan(people(), read_policy("kalmykia"), work_limit=20, seed=0)


def proposed_round(site: Site) -> str:
    """Return a round whose pairs are proposed, with the timetable of its school and a meeting of yesterday."""
    with site.core.database.writing() as session:
        area = session.get_one(Area, site.area_id)
        kept = keep_roster(session, site.core.vault, area, people(), name="list", remarks=[], by="test")
        round_ = Round(
            area_id=area.id,
            name="Осень 2026",
            roster_id=kept.id,
            policy_id="kalmykia",
            policy_toml=read_policy_text("kalmykia")[0],
            state="matching",
            reference_day=plan().reference_day,
            first_day=date(2026, 10, 1),
            last_day=date(2027, 5, 31),
            created_by="test",
        )
        session.add(round_)
        session.flush()
        run = Run(round_id=round_.id, area_id=area.id, what="pair", created_by="test", status="succeeded")
        session.add(run)
        session.flush()
        row = PlanFileRow(run_id=run.id, round_id=round_.id, area_id=area.id, sealed=b"", digest="")
        row.sealed = seal_plan(site.core.vault, row.id, "".join(plan_lines(plan())).encode())
        session.add(row)
        session.flush()
        take_plan(session, site.core, round_, plan(), row, asked=True)
        round_.state = "proposed"
        session.add(round_)
        for map_toml, lines in timetables():
            file = TimetableFile(area_id=area.id, name="week", sealed_map=b"", sealed_rows=b"", created_by="test")
            file.sealed_map, file.sealed_rows = seal_timetable(site.core.vault, file.id, map_toml, lines)
            session.add(file)
            session.flush()
            session.add(RoundTimetable(round_id=round_.id, timetable_id=file.id))
        return round_.id


@cache
def timetables() -> list[tuple[str, str]]:
    """Return the maps and busy rows of the school's week."""
    with TemporaryDirectory() as place:
        maps = write_timetables(people(), generate_busy(people(), seed=1), Path(place))
        return [(path.read_text("utf-8"), path.with_suffix(".csv").read_text("utf-8")) for path in maps]


def meet_yesterday(site: Site, round_id: str, mentor_id: str) -> None:
    """Keep a meeting of a mentor that is over, and one to come."""
    with site.core.database.writing() as session:
        pair = next(one for one in session.exec(pairs_of(round_id)) if one.mentor_id == mentor_id)
        plan_id = session.get_one(Round, round_id).plan_id
        for number, days in ((1, -1), (2, 6)):
            meeting = Meeting(
                round_id=round_id,
                area_id=site.area_id,
                plan_id=str(plan_id),
                code=f"m{number}",
                activity="a",
                number=number,
                day=now().date() + timedelta(days=days),
                start_minute=870,
                end_minute=915,
                time_zone="Europe/Moscow",
                mode="in_person",
                room="214",
                state="published",
            )
            session.add(meeting)
            session.flush()
            for person_id in (pair.mentor_id, pair.mentee_id):
                leads = person_id == pair.mentor_id
                session.add(MeetingPerson(meeting_id=meeting.id, person_id=person_id, leads=leads))


def pairs_of(round_id: str) -> SelectOfScalar[Pair]:
    """Return the question for the pairs of a round."""
    return select(Pair).where(Pair.round_id == round_id).order_by(col(Pair.id))


def slips(seat: Seat, round_id: str, *, with_scripts: bool = True) -> dict[str, str]:
    """Have slips made for everybody, and return name → address."""
    seat.go(f"/rounds/{round_id}/answers")
    if with_scripts:
        seat.check("answers")
    seat.page.click("button[name=everybody]")
    seat.page.wait_for_selector(".slip")
    if with_scripts:
        seat.check("slips")
    names = seat.page.locator(".slip h2").all_inner_texts()
    addresses = [one.strip() for one in seat.page.locator(".slip .address").all_inner_texts()]
    return dict(zip(names, addresses, strict=True))


def come_in(seat: Seat, address: str) -> None:
    """Open a personal link on a telephone."""
    seat.go("/p/" + address.rpartition("/p/")[2])
    seat.page.click("button")
    seat.page.wait_for_url("**/mine")


@pytest.mark.parametrize(
    ("size", "lang"),
    [("narrow", "ru"), pytest.param("wide", "en", marks=pytest.mark.slow)],
    ids=["narrow-ru", "wide-en"],
)
def test_from_the_slip_to_the_answer(seat: Open, site: Site, size: str, lang: str) -> None:
    round_id = proposed_round(site)
    desk = seat("wide" if size == "narrow" else "narrow", lang)
    desk.sign_in()
    found = slips(desk, round_id)
    with site.core.database.reading() as session:
        pair = session.exec(pairs_of(round_id)).first()
        assert pair is not None
        mentor_id, mentee_id = pair.mentor_id, pair.mentee_id
    meet_yesterday(site, round_id, mentor_id)
    code = {one.name: one.id for one in people().people}
    ids = ids_by_code(site, round_id)
    mentor = next(name for name in found if ids.get(code[name]) == mentor_id)
    mentee = next(name for name in found if ids.get(code[name]) == mentee_id)

    phone = seat(size, lang)
    page = phone.page
    page.on("dialog", lambda asked: asked.accept())
    come_in(phone, found[mentor])
    phone.check("mine")
    page.locator(".proposal button.big").first.click()
    page.wait_for_url("**/mine?said=accept")
    page.locator(".meeting button.big").first.click()
    page.wait_for_url("**/mine?said=held*")
    phone.check("mine-accepted")

    phone.go("/mine/week")
    assert page.locator("td.lesson").count() > 0, "lessons stand in the timetable"
    boxes = page.locator("table.week input")
    boxes.first.focus()
    before = boxes.first.is_checked()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert boxes.first.is_checked() is not before
    phone.check("mine-week")
    page.click("main form button.big")
    page.wait_for_url("**/mine/week?saved=1")
    assert boxes.first.is_checked() is not before

    phone.go("/mine/consents")
    page.locator("article .answers button.big").first.click()
    page.wait_for_url("**/mine/consents?saved=1*")
    phone.check("mine-consents")
    phone.go(f"/mine/wishes/{round_id}")
    page.select_option("#w-1", "8")
    phone.check("mine-wishes")
    page.click("main form:not([role]) button.big")
    page.wait_for_url("**?saved=1")
    phone.go("/mine/calendar")
    page.click("main form button.big")
    page.wait_for_selector("#words")
    phone.check("mine-calendar")
    phone.go("/mine/data")
    phone.check("mine-data")

    come_in(phone, found[mentee])
    page.locator(".proposal button.danger").first.click()
    page.wait_for_url("**/mine?said=veto")
    desk.go(f"/rounds/{round_id}/answers?show=declined")
    assert mentee in desk.page.inner_text("tbody")
    desk.check("answers-declined")


def ids_by_code(site: Site, round_id: str) -> dict[str, str]:
    """Return code → id of everybody of a round."""
    with site.core.database.reading() as session:
        row = session.get_one(RosterFile, session.get_one(Round, round_id).roster_id)
        return ids_of(session, site.core.vault, row)


def test_without_scripts_a_proposal_is_declined(seat: Open, site: Site) -> None:
    round_id = proposed_round(site)
    desk = seat("wide", "ru", scripts=False)
    desk.sign_in()
    found = slips(desk, round_id, with_scripts=False)
    phone = seat("narrow", "ru", scripts=False)
    come_in(phone, next(iter(found.values())))
    phone.page.locator(".proposal button.second.big").first.click()
    phone.page.wait_for_url("**/mine?said=decline")
    assert re.search("отказ записан", phone.page.inner_text("main"))
