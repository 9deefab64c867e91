"""What leads a round through its life, in a real browser: the checklist, the papers, the closing, the year, people."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import select

from service.tables.rounds import Pair, PlanFileRow, Round, Run
from tests.browser.conftest import Open, Site
from tests.browser.test_documents import round_of

BOTH = pytest.mark.parametrize(("size", "lang"), [("wide", "ru"), ("narrow", "en")])


def planned(site: Site, state: str, pairs: str) -> str:
    """Return a round with a plan, it and its pair in some state."""
    round_id = round_of(site)
    with site.core.database.writing() as session:
        run = Run(round_id=round_id, area_id=site.area_id, what="pair", status="succeeded", created_by="test")
        session.add(run)
        session.flush()
        plan = PlanFileRow(run_id=run.id, round_id=round_id, area_id=site.area_id, sealed=b"", digest="")
        session.add(plan)
        session.flush()
        round_ = session.get_one(Round, round_id)
        round_.plan_id, round_.state = plan.id, state
        pair = session.exec(select(Pair).where(Pair.round_id == round_id)).one()
        pair.state, pair.first_day, pair.last_day = pairs, date(2026, 10, 1), date(2027, 5, 31)
    return round_id


@BOTH
def test_the_checklist_and_the_papers(seat: Open, site: Site, size: str, lang: str) -> None:
    round_id = planned(site, "draft", "proposed")
    here = seat(size, lang)
    page = here.page
    here.sign_in()
    here.go(f"/rounds/{round_id}/preparation")
    assert page.locator("section.now button:not(.tip):not(.second)").count() == 1, "one button says what is next"
    page.focus("section.now .tip")
    page.keyboard.press("Enter")
    assert "3.7; 4.2" in page.locator("#tip-now-gate").inner_text()
    here.check("preparation")
    page.keyboard.press("Escape")
    first = page.inner_text("#now")
    page.fill("section.now input[name=number]", "12-о")
    page.click("section.now form button")
    page.wait_for_selector(".gates .soft >> text=Анна Куратор")
    assert page.inner_text("#now") != first
    here.go(f"/rounds/{planned(site, 'agreed', 'agreed')}/preparation")
    here.check("papers")
    for box in page.locator("input[name=paper]").all():
        box.check()
    page.click("section.now form button:not(.second)")
    page.wait_for_selector("section.now .said.good")
    assert page.locator("section.now form button.big").count() == 1


@BOTH
def test_the_closing_the_year_and_the_people(seat: Open, site: Site, size: str, lang: str) -> None:
    round_id = planned(site, "final", "active")
    here = seat(size, lang)
    page = here.page
    here.sign_in()
    here.go(f"/rounds/{round_id}/closing")
    page.check("input[name=pair]")
    page.click("section[aria-labelledby=marks] button")
    page.wait_for_selector("input[name=pair]:checked")
    here.check("closing")
    here.go("/year")
    here.check("year")
    here.go("/people?role=head#new")
    page.fill("#name", "Орлова Ольга")
    page.fill("#login", f"{round_id[:8]}@school.example")
    page.click("#new button")
    assert "/invitation/" in page.inner_text("#link")
    here.check("people")
    page.click("tbody a >> nth=0")
    here.check("account-of-another")
    here.go("/people/list")
    page.click("tbody a >> nth=0")
    here.check("person")
    here.go("/help")
    here.check("help")
