"""The documents of a round in a real browser: what is ready, a paper taken home, an own template tried and used."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from docx import Document

from matcher.io.policy_toml import read_policy_text
from matcher.roster import Mentee, Mentor, Organisation, Person, Request, Roster, Topic
from service.documents.filling import shipped
from service.rounds.rosters import ids_of, keep_roster
from service.tables.areas import Area
from service.tables.rounds import Pair, Round
from tests.browser.conftest import Open, Site

ROSTER = Roster(
    organisations=(Organisation(id="23", name="Школа № 23"),),
    people=(
        Person(id="P-1", name="Иванова Анна Петровна", organisation="23"),
        Person(id="P-2", name="Петров Пётр Ильич", organisation="23"),
    ),
    mentors=(Mentor(person="P-1", topics=(Topic.DIGITAL,), results_confirmed=True),),
    mentees=(Mentee(person="P-2", requests=(Request(topic=Topic.DIGITAL),)),),
)


def round_of(site: Site) -> str:
    """Return a round with one agreed pair."""
    with site.core.database.writing() as session:
        area = session.get_one(Area, site.area_id)
        roster = keep_roster(session, site.core.vault, area, ROSTER, name="list", remarks=[], by="test")
        people = ids_of(session, site.core.vault, roster)
        round_ = Round(
            area_id=area.id,
            name="Осень 2026",
            roster_id=roster.id,
            policy_id="kalmykia",
            policy_toml=read_policy_text("kalmykia")[0],
            state="agreed",
            reference_day=date(2026, 9, 1),
            created_by="test",
        )
        session.add(round_)
        session.flush()
        session.add(
            Pair(
                round_id=round_.id,
                area_id=area.id,
                mentor_id=people["P-1"],
                mentee_id=people["P-2"],
                mentor_area_id=area.id,
                mentee_area_id=area.id,
                form="teacher_teacher",
                kind="traditional",
                contour="organisation",
                state="agreed",
                since=date(2026, 10, 1),
            )
        )
        return round_.id


@pytest.mark.parametrize("size", ["wide", "narrow"])
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_documents(seat: Open, site: Site, tmp_path: Path, size: str, lang: str) -> None:
    round_id = round_of(site)
    window = seat(size, lang)
    window.sign_in()
    window.go(f"/rounds/{round_id}/documents")
    window.check("documents")
    page = window.page
    with page.expect_download() as order:
        page.locator("li.paper", has_text="D-04").locator("button[value=docx]").click()
    assert order.value.suggested_filename == "приказ-о-закреплении-пар.docx"
    page.click("p.row a.button")
    page.fill("#head", "Орлова Ольга Юрьевна")
    page.locator("section[aria-labelledby=details] button").click()
    page.wait_for_url("**/documents?said=kept")
    own = Document(io.BytesIO(shipped("d04")))
    own.add_paragraph("Наш шаблон")
    own.save(str(tmp_path / "own.docx"))
    page.select_option("#code", "D-04")
    page.set_input_files("#file", tmp_path / "own.docx")
    page.locator("form[enctype] button").click()
    with page.expect_download() as tried:
        page.locator("form[action$='/1/test'] button").click()
    assert tried.value.suggested_filename == "приказ-о-закреплении-пар.docx"
    page.reload()
    page.locator("form[action$='/1/activate'] button").click()
    page.wait_for_selector("form[action$='/roll-back']")
    window.check("own-templates")
    page.locator("form[action$='/roll-back'] button").click()
    page.wait_for_selector("form[action$='/1/activate']")
