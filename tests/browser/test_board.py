"""The review board in a browser: a mentee dragged to another mentor, or moved with the keyboard alone."""

from __future__ import annotations

from functools import cache

from sqlmodel import select

from benchmarks.service.city_base import give_plan
from matcher.generate.roster import generate_roster
from matcher.io.policy_toml import read_policy, read_policy_text
from matcher.plan import Plan
from matcher.planning import make_plan
from service.rounds.rosters import keep_roster
from service.tables.areas import Area
from service.tables.rounds import Pair, Round
from tests.browser.conftest import Open, Seat, Site


@cache
def plan() -> Plan:
    """A plan of a school with room for moves."""
    roster = generate_roster(
        num_mentees=8, num_mentors=7, num_organisations=1, num_municipalities=1, seed=2, policy_id="kalmykia"
    )
    return make_plan(roster, read_policy("kalmykia"), work_limit=2, seed=0)


def round_of(site: Site) -> str:
    """Return a round of the school whose pairs were found."""
    made, core = plan(), site.core
    with core.database.writing() as session:
        area = session.get_one(Area, site.area_id)
        kept = keep_roster(session, core.vault, area, made.roster, name="list.xlsx", remarks=[], by="test")
        round_ = Round(
            area_id=area.id, name="Осень", roster_id=kept.id, policy_id="kalmykia", state="matching",
            policy_toml=read_policy_text("kalmykia")[0], reference_day=made.reference_day, created_by="test",
        )  # fmt: skip
        session.add(round_)
        session.flush()
        give_plan(session, core, round_, made)
        return round_.id


def standing(site: Site, round_id: str) -> set[tuple[str, str]]:
    """Return who stands with whom."""
    with site.core.database.reading() as session:
        asked = select(Pair.mentor_id, Pair.mentee_id).where(Pair.round_id == round_id, Pair.state == "proposed")
        return {(one, other) for one, other in session.exec(asked)}


def open_movable(here: Seat) -> int:
    """Open the dialog of the first row whose mentee could have somebody else; return the number of the row."""
    links = here.page.locator("tr[id] [data-open-move]")
    for at in range(links.count()):
        links.nth(at).focus()
        here.page.keyboard.press("Enter")
        here.page.wait_for_selector("#mentor")
        if here.page.locator("#mentor option:not([disabled])").count():
            return at
        here.page.keyboard.press("Escape")
        here.page.wait_for_selector("#move-dialog:not([open])", state="attached")
        here.page.evaluate("document.getElementById('move-body').textContent = ''")
    raise AssertionError("nobody can be moved")


def test_a_mentee_is_moved_with_the_keyboard_and_the_move_undone(seat: Open, site: Site) -> None:
    round_id = round_of(site)
    before = standing(site, round_id)
    here = seat("wide", "ru")
    page = here.page
    here.sign_in()
    here.go(f"/rounds/{round_id}")
    open_movable(here)
    page.wait_for_selector("#mentor-search:focus")
    page.focus("#mentor")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    page.wait_for_selector("#price-now form button")
    here.check("board-price")
    page.focus("#price-now form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**#pair-*")
    assert standing(site, round_id) != before
    assert page.locator("tr.locked").count() == 1
    page.focus("#undo")
    page.keyboard.press("Enter")
    page.wait_for_selector("#redo:not([disabled])")
    assert standing(site, round_id) == before


def test_a_mentee_is_dragged_to_a_mentor_and_forbidden_places_say_why(seat: Open, site: Site) -> None:
    round_id = round_of(site)
    here = seat("wide", "ru")
    page = here.page
    here.sign_in()
    here.go(f"/rounds/{round_id}")
    at = open_movable(here)
    page.keyboard.press("Escape")
    grip = page.locator("[data-move]").nth(at)
    grip.evaluate("one => window.scrollTo(0, one.getBoundingClientRect().top + window.scrollY - 400)")
    place = grip.bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + 5, place["y"] + 8)
    page.mouse.down()
    page.wait_for_selector("#mentor-chips li.can")
    refused = page.locator("#mentor-chips li.cannot span").all_text_contents()
    assert refused
    assert all(len(words) > len("Нельзя: ") for words in refused)
    here.picture("board-drag")
    target = page.locator("#mentor-chips li.can").first
    mentor = target.get_attribute("data-mentor")
    drop = target.bounding_box()
    assert drop is not None
    page.mouse.move(drop["x"] + 20, drop["y"] + 10, steps=3)
    page.mouse.up()
    page.wait_for_selector("#price-now form button")
    page.click("#price-now form button")
    page.wait_for_url("**#pair-*")
    assert mentor in {one for one, _ in standing(site, round_id)}
    assert page.locator("tr.locked").count() == 1


def test_searching_and_locking_change_only_what_they_must(seat: Open, site: Site) -> None:
    round_id = round_of(site)
    here = seat("wide", "en")
    page = here.page
    here.sign_in()
    here.go(f"/rounds/{round_id}")
    name = page.locator("#pairs-table tbody th").first.inner_text().split("\n")[0].replace("⠿", "").strip()
    page.fill("#q", name)
    page.wait_for_selector(f"#pairs-table tbody:not(:has(tr:not(:has-text('{name}'))))")
    page.fill("#q", "")
    page.wait_for_selector(f"#pairs-table tr:not(:has-text('{name}')) th[scope=row]")
    for number in (1, 2):  # the second rests on the version the first has made
        page.locator("#pairs-table tr:not(.locked) button", has_text="Lock").first.click()
        page.wait_for_selector(f"tr.locked >> nth={number - 1}")
    assert page.url.endswith(round_id)
    assert page.locator(".fault").count() == 0


def test_the_board_fits_a_telephone(seat: Open, site: Site) -> None:
    round_id = round_of(site)
    here = seat("narrow", "en")
    here.sign_in()
    here.go(f"/rounds/{round_id}")
    here.check("board")
