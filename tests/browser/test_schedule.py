"""The schedule in a browser: a meeting dragged, one moved by keyboard, both languages, narrow screens."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from matcher.io.plan_json import plan_lines
from matcher.io.policy_toml import read_policy_text
from service.rounds.plan_files import seal_plan
from service.rounds.publish import take_plan
from service.rounds.rosters import keep_roster
from service.tables.areas import Area
from service.tables.rounds import Meeting, Pair, PlanFileRow, Round, Run
from tests.browser.conftest import Open, Site
from tests.service.rounds.conftest import planned_meetings

TODAY = datetime(2026, 10, 14, 9, tzinfo=UTC)


def running_round(site: Site) -> str:
    """Return a running round of the school with the meetings of an autumn, told of until the end of November."""
    plan = planned_meetings()
    with site.core.database.writing() as session:
        area = session.get_one(Area, site.area_id)
        roster = keep_roster(session, site.core.vault, area, plan.roster, name="Осень.xlsx", remarks=[], by="test")
        round_ = Round(
            area_id=area.id,
            name="Осень 2026",
            roster_id=roster.id,
            policy_id="kalmykia",
            policy_toml=read_policy_text("kalmykia")[0],
            state="matching",
            reference_day=plan.reference_day,
            created_by="test",
        )
        session.add(round_)
        session.flush()
        run = Run(round_id=round_.id, area_id=area.id, what="plan", created_by="test", status="succeeded")
        session.add(run)
        session.flush()
        row = PlanFileRow(run_id=run.id, round_id=round_.id, area_id=area.id, sealed=b"", digest="")
        row.sealed = seal_plan(site.core.vault, row.id, "".join(plan_lines(plan)).encode())
        session.add(row)
        session.flush()
        take_plan(session, site.core, round_, plan, row, asked=True)
        round_.state = "running"
        for pair in session.exec(select(Pair).where(Pair.round_id == round_.id)):
            pair.state = "active"
        for meeting in session.exec(select(Meeting).where(Meeting.round_id == round_.id)):
            meeting.state = "published" if meeting.day < date(2026, 12, 1) else "draft"
        for meeting in session.exec(select(Meeting).where(Meeting.round_id == round_.id).limit(3)):
            meeting.state = "held"
        return round_.id


def dates(site: Site, round_id: str) -> dict[str, tuple[date, int]]:
    with site.core.database.reading() as session:
        rows = session.exec(select(Meeting).where(Meeting.round_id == round_id))
        return {one.id: (one.day, one.start_minute) for one in rows}


@pytest.fixture(autouse=True)
def _in_october(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.pages.schedule_view.now", lambda: TODAY)


def test_a_meeting_is_dragged_to_a_free_place(seat: Open, site: Site) -> None:
    here = seat("wide", "ru")
    page, round_id = here.page, running_round(site)
    here.sign_in()
    here.go(f"/rounds/{round_id}/schedule?day=2026-10-14")
    here.check("schedule-week")
    card = page.locator("[data-meeting]").first
    meeting = card.get_attribute("data-meeting")
    before = dates(site, round_id)
    box = card.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 20, steps=3)
    page.wait_for_selector(".allowed .spot")
    assert page.locator(".forbidden li").count()
    here.check("schedule-places")
    spot = page.locator(".allowed .spot").last
    spot.scroll_into_view_if_needed()
    to = spot.bounding_box()
    assert to is not None
    page.mouse.move(to["x"] + 30, to["y"] + 8, steps=5)
    with page.expect_navigation():
        page.mouse.up()
    page.wait_for_selector(".is-moved")
    after = dates(site, round_id)
    assert {id_ for id_ in before if before[id_] != after[id_]} == {meeting}
    here.go(f"/rounds/{round_id}/schedule?view=month&day=2026-10-14")
    here.check("schedule-month")


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_a_meeting_is_moved_by_keyboard_on_a_narrow_screen(seat: Open, site: Site, lang: str) -> None:
    here = seat("narrow", lang)
    page, round_id = here.page, running_round(site)
    here.sign_in()
    here.go(f"/rounds/{round_id}/schedule?day=2026-10-14")
    here.check("schedule-week")
    before = dates(site, round_id)
    page.locator("[data-move]").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".allowed .spot")
    here.check("schedule-places")
    page.keyboard.press("Escape")
    assert page.locator(".spot").count() == 0
    assert page.evaluate("document.activeElement.hasAttribute('data-move')")
    page.keyboard.press("Enter")
    page.wait_for_selector(".allowed .spot:focus")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_selector(".is-moved")
    assert sum(before[id_] != now for id_, now in dates(site, round_id).items()) == 1
    here.go(f"/rounds/{round_id}/schedule?view=month&day=2026-10-14")
    here.check("schedule-month")


def test_the_ways_to_make_good_an_absence_stand_side_by_side(seat: Open, site: Site) -> None:
    here = seat("wide", "ru")
    page, round_id = here.page, running_round(site)
    here.sign_in()
    here.go(f"/rounds/{round_id}/schedule/absences")
    here.check("schedule-absences")
    page.select_option("#person", index=1)
    page.fill("#first_day", str(TODAY.date()))
    page.fill("#last_day", str(TODAY.date() + timedelta(days=21)))
    page.click("main form button")
    page.wait_for_selector("#ways .way-card, #ways .said")
    here.check("schedule-repairs")
