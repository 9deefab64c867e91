"""Every page the service has, looked at once by axe: a new page that nobody has listed here fails the test."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from fastapi.routing import APIRoute
from sqlmodel import col, select

from service.access.passwords import hash_password
from service.app import build_app
from service.core import Core
from service.tables.access import Account, Grant, Role
from service.tables.columns import now
from service.tables.privacy import Erasure
from service.tables.rounds import Meeting, Pair, Round, Run
from tests.browser.conftest import PASSWORD, Open, Seat, Site
from tests.browser.test_documents import round_of as agreed_round
from tests.browser.test_mine import come_in, pairs_of, proposed_round, slips
from tests.browser.test_schedule import running_round

NO_PAGES = {
    "/": "leads on",
    "/favicon.ico": "a picture",
    "/static/{name}": "files of pages",
    "/plain.css": "files of pages",
    "/language/{lang}": "leads back",
    "/openapi.json": "for programs",
    "/health/live": "for programs",
    "/health/ready": "for programs",
    "/metrics": "for programs",
    "/sign-in/directory": "leads to the directory",
    "/sign-in/directory/back": "leads on",
    "/rounds/{round_id}/targets": "for the script of the board",
    "/rounds/{round_id}/targets/{who}": "for the script of the board",
    "/rounds/{round_id}/documents/{code}": "a file",
    "/rounds/{round_id}/schedule/{meeting_id}/places": "a part of the schedule, looked at in test_schedule",
    "/rounds/{round_id}/why/{mentee_id}": "a part of the board",
    "/mine/calendar.ics": "a file",
    "/rounds/{round_id}/schedule/calendar.ics": "a file",
    "/rounds/{round_id}/schedule/{meeting_id}/meeting.ics": "a file",
}
"""What answers a browser and is no page, and what it is."""
BY_NOBODY = ("/sign-in", "/set-up/{secret}", "/invitation/{secret}", "/p/{secret}", "/help")
BY_HALF = ("/sign-in/code", "/second-factor")
MORE = {
    "/rounds/{round_id}/moves/{who}/price": "?mentor={mentor}",
    "/rounds/{round_id}/schedule": "?day=2026-10-14",
    "/rounds/{round_id}/schedule/calendar": "?person={person_id}",
    "/rounds/{round_id}/schedule/repairs": "?now=1",
}
"""What has to be asked beside the address itself."""


def paths(core: Core) -> set[str]:
    """Return everything of the service that a browser is answered with, but the routes of the API."""
    found = {one.path for one in build_app(core).routes if isinstance(one, APIRoute) and "GET" in (one.methods or ())}
    return {one for one in found if not one.startswith(("/api/", "/calendars/"))}


def ids_of_everything(site: Site) -> tuple[dict[str, str], dict[str, str]]:
    """Return what stands for the names in addresses, and the rounds by what they show."""
    rounds = {"proposed": proposed_round(site), "agreed": agreed_round(site), "running": running_round(site)}
    with site.core.database.writing() as session:
        pairs = list(session.exec(pairs_of(rounds["proposed"])))
        agreed = session.exec(select(Pair).where(Pair.round_id == rounds["agreed"])).one()
        running = session.exec(select(Pair).where(Pair.round_id == rounds["running"])).first()
        meeting = session.exec(
            select(Meeting).where(Meeting.round_id == rounds["running"], Meeting.state == "published")
        ).first()
        run = session.exec(select(Run).where(Run.round_id == rounds["proposed"])).one()
        account = session.exec(select(Account).where(col(Account.login) == site.login)).one()
        assert running is not None
        assert meeting is not None
        gone = Erasure(
            person_id=running.mentee_id,
            area_id=site.area_id,
            ground="purpose_reached",
            due_day=date(2027, 1, 1),
            done_at=now(),
            asked_by="test",
        )
        session.add(gone)
        session.flush()
        return {
            "run_id": run.id,
            "roster_id": session.get_one(Round, rounds["proposed"]).roster_id,
            "pair_id": pairs[0].id,
            "who": pairs[0].id,
            "mentor": next(one.mentor_id for one in pairs if one.mentor_id != pairs[0].mentor_id),
            "mentee_id": pairs[0].mentee_id,
            "person_id": pairs[0].mentor_id,
            "asked_id": agreed.mentor_id,
            "side": "mentor",
            "meeting_id": meeting.id,
            "account_id": account.id,
            "area_id": site.area_id,
            "erasure_id": gone.id,
        }, rounds


def address_of(path: str, ids: Mapping[str, str], rounds: Mapping[str, str]) -> str:
    """Return an address of a page that shows something."""
    of = "running" if "/schedule" in path or path.endswith("/closing") else "proposed"
    given = dict(ids)
    if "/questionnaire/" in path:
        of, given["person_id"] = "agreed", ids["asked_id"]
    return (path + MORE.get(path, "")).format(round_id=rounds[of], **given)


def half_in(site: Site, seat: Seat) -> None:
    """Come in as somebody who still has to show a code."""
    login = f"half-{site.login}"
    with site.core.database.writing() as session:
        account = Account(login=login, password_hash=hash_password(PASSWORD), sealed_totp=b"-", totp_confirmed_at=now())
        session.add(account)
        session.flush()
        session.add(Grant(account_id=account.id, role=Role.HEAD, area_id=site.area_id))
    seat.go("/sign-in")
    seat.page.fill("#login", login)
    seat.page.fill("#password", PASSWORD)
    seat.page.click("main button")
    seat.page.wait_for_url("**/sign-in/code")


def invitation(desk: Seat) -> str:
    """Return the address of an invitation that has not been taken up."""
    desk.go("/people?role=head#new")
    desk.page.fill("#name", "Орлова Ольга")
    desk.page.fill("#login", f"head-{desk.site.login}")
    desk.page.click("#new button")
    return "/invitation/" + desk.page.inner_text("#link").strip().rpartition("/")[2]


def look(seat: Seat, path: str, address: str) -> None:
    """Open a page, which has to be there, and check it."""
    answer = seat.page.goto(seat.site.address + address)
    assert answer is not None
    assert answer.status == 200, f"{path}: {answer.status}"
    seat.check("every" + path.translate(str.maketrans("/{}", "---")).rstrip("-"))


@pytest.mark.slow
@pytest.mark.parametrize(("size", "lang"), [("wide", "ru"), ("narrow", "en")], ids=["wide-ru", "narrow-en"])
def test_nothing_serious_on_any_page(seat: Open, site: Site, size: str, lang: str) -> None:
    ids, rounds = ids_of_everything(site)
    desk, door, half, phone = seat(size, lang), seat(size, lang), seat(size, lang), seat(size, lang)
    desk.sign_in()
    slip = next(iter(slips(desk, rounds["proposed"], with_scripts=False).values()))
    secrets = {
        "/invitation/{secret}": invitation(desk),
        "/p/{secret}": "/p/" + slip.rpartition("/p/")[2],
        "/set-up/{secret}": "/set-up/any",
    }
    for path in BY_NOBODY:
        look(door, path, secrets.get(path, path))
    come_in(phone, slip)
    half_in(site, half)
    for path in BY_HALF:
        look(half, path, path)
    for path in sorted(paths(site.core) - {*NO_PAGES, *BY_NOBODY, *BY_HALF}):
        look(phone if path.startswith("/mine") else desk, path, address_of(path, ids, rounds))
