"""The page of a pair in a browser: the programme filled in and kept, a line of the log, the quarter handed in."""

from __future__ import annotations

import pytest

from service.tables.rounds import Pair, Round
from tests.browser.conftest import Open, Seat, Site
from tests.browser.test_mine import meet_yesterday, pairs_of, proposed_round


def working_pair(site: Site) -> str:
    """Return a pair that works, with a meeting of yesterday and one to come."""
    round_id = proposed_round(site)
    with site.core.database.writing() as session:
        round_ = session.get_one(Round, round_id)
        round_.state = "running"
        session.add(round_)
        rows: list[Pair] = list(session.exec(pairs_of(round_id)))
        for row in rows:
            row.state = "active"
            session.add(row)
        pair_id, mentor_id = rows[0].id, rows[0].mentor_id
    meet_yesterday(site, round_id, mentor_id)
    return pair_id


def write(seat: Seat, kind: str) -> None:
    """Save the new record of a kind whose form is open, and wait until it is shown."""
    seat.page.locator(f"section:has(> h2#{kind}) form:visible button").last.click()
    seat.page.wait_for_url(f"**?said=1#{kind}")


@pytest.mark.parametrize(
    ("size", "lang"),
    [("narrow", "ru"), pytest.param("wide", "en", marks=pytest.mark.slow)],
    ids=["narrow-ru", "wide-en"],
)
def test_the_papers_of_a_pair(seat: Open, site: Site, size: str, lang: str) -> None:
    pair_id = working_pair(site)
    desk = seat(size, lang)
    page = desk.page
    desk.sign_in()
    desk.go(f"/pairs/{pair_id}")
    desk.check("pair")
    page.locator("section:has(> h2#programme) summary").first.click()
    page.fill("#programme-relevance", "Первый год в школе")
    page.fill('[name="activities.0.title"]', "Посещение урока")
    page.select_option('[name="activities.0.direction"]', "methodical")
    desk.check("pair-programme-form")
    write(desk, "programme")
    page.locator("section:has(> h2#session_log) summary").last.click()
    page.fill("#session_log-done", "Разобрали урок")
    write(desk, "session_log")
    page.locator("section:has(> h2#quarterly_report) summary").last.click()
    page.fill("#quarterly_report-done", "Шесть встреч")
    write(desk, "quarterly_report")
    for words in ("Первый год в школе", "Разобрали урок", "Шесть встреч"):
        assert words in page.inner_text("main")
    desk.check("pair-written")
