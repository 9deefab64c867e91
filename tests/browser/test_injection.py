"""Words that would be programs, wherever people may write words: pages show them and nothing runs (S10)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Dialog
from sqlmodel import select

from service.rounds.people import keep_people
from service.tables.access import Account
from service.tables.areas import Area, Person
from service.tables.rounds import Round
from tests.browser.conftest import Open, Site
from tests.browser.test_board import plan, round_of

WORDS = (
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert(1) )//%0D%0A//</stYle/</titLe/</teXtarEa/</scRipt/--!>"
    "\\x3csVg/<sVg/oNloAd=alert(1)//>\\x3e",
    "\"><img src=x onerror=alert(1)>'><svg/onload=alert(1)>",
    "</script><script>alert(1)</script>{{7*7}}${alert(1)}",
    "<details open ontoggle=alert(1)><a href=javascript:alert(1)>",
)
INJECTED = (
    "document.querySelectorAll('[onerror],[onload],[ontoggle],[onclick],a[href^=javascript],script:not([src])').length"
)


def spoil(site: Site, round_id: str) -> None:
    """Write such words wherever names are kept: people, school, round, account."""
    made = plan().roster
    people = tuple(replace(one, name=f"{at} {WORDS[at % len(WORDS)]}") for at, one in enumerate(made.people))
    with site.core.database.writing() as session:
        area = session.get_one(Area, site.area_id)
        keep_people(session, site.core.vault, area, replace(made, people=people))
        area.name = WORDS[1]
        round_ = session.get_one(Round, round_id)
        round_.name = WORDS[2]
        account = session.exec(select(Account).where(Account.login == site.login)).one()
        account.name = WORDS[3]
        session.add_all([area, round_, account])


@pytest.mark.slow
def test_words_that_would_be_programs_are_only_shown(seat: Open, site: Site) -> None:
    round_id = round_of(site)
    spoil(site, round_id)
    with site.core.database.reading() as session:
        person_id = session.exec(select(Person.id).where(Person.area_id == site.area_id)).first()
        roster_id = session.get_one(Round, round_id).roster_id
    here = seat("wide", "ru")
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    here.page.on("dialog", note)
    here.sign_in()
    at = f"/rounds/{round_id}"
    paths = [
        "/rounds", "/rosters", f"/rosters/{roster_id}", "/people", "/people/list", f"/people/list/{person_id}",
        "/year", "/account", at,
        f"{at}/preparation", f"{at}/answers", f"{at}/documents", f"{at}/schedule", f"{at}/nobody", f"{at}/decisions",
    ]  # fmt: skip
    for language in ("ru", "en"):
        here.go(f"/language/{language}?back=/rounds")
        for path in paths:
            here.go(path)
            assert here.page.evaluate(INJECTED) == 0, path
        for words in (one[:100] for one in WORDS):
            here.page.goto(f"{site.address}{at}?" + here.page.evaluate("w => new URLSearchParams({q: w})+''", words))
            assert here.page.input_value("input[name=q]") == words
            assert here.page.evaluate(INJECTED) == 0, words
    here.go(at)
    assert WORDS[1] in here.page.inner_text("main"), "what was written is shown as it was written"
    here.go("/rosters")
    here.page.click(".paste summary")
    cells = "Код\t" + WORDS[1] + "\n" + "\n".join(f"{at}\t{words}" for at, words in enumerate(WORDS))
    here.page.fill("#paste-people", cells)
    here.page.click("#upload > p button")
    here.page.wait_for_selector(".result")
    assert here.page.evaluate(INJECTED) == 0
    assert dialogs == []
