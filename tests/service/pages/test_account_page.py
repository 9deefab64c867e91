"""One's own account as a page: the password, the second factor anew, recovery codes, other browsers signed out."""

from __future__ import annotations

import re

import pyotp

from tests.service.access.conftest import clock
from tests.service.access.people import PASSWORD, Browser, Clock, new_account, new_browser
from tests.service.conftest import House

__all__ = ["clock"]
NEW = "seven quiet lamps by the river"
PAGE = {"Accept": "text/html", "Accept-Language": "en"}


def arrived(house: House) -> tuple[Browser, pyotp.TOTP]:
    """Return a browser of an account with everything shown, and its second factor."""
    new_account(house)
    browser = new_browser(house)
    browser.sign_in()
    totp, _ = browser.enrol()
    return browser, totp


def test_the_shell_leads_to_ones_account(sqlite_house: House, clock: Clock) -> None:
    browser, _ = arrived(sqlite_house)
    shown = browser.client.get("/account", headers=PAGE)
    assert shown.status_code == 200
    assert 'href="/account" aria-current="page"' in shown.text
    assert "this browser" in shown.text
    assert "10 codes are left" in shown.text
    russian = browser.client.get("/account", headers=PAGE | {"Accept-Language": "ru"})
    assert "Моя учётная запись" in russian.text


def test_the_password_is_changed_and_other_browsers_are_out(sqlite_house: House, clock: Clock) -> None:
    browser, totp = arrived(sqlite_house)
    clock.move(minutes=1)
    other = new_browser(sqlite_house)
    other.sign_in()
    assert other.show(totp.at(clock.moment)) == 200
    given = {"password": PASSWORD, "new_password": NEW, "again": NEW}
    for spoilt, status, word in (
        (given | {"again": "x"}, 422, "the two passwords differ"),
        (given | {"password": "wrong"}, 401, "The login or the password is wrong."),
        (given | {"new_password": PASSWORD, "again": PASSWORD}, 422, "this is the present password"),
    ):
        answer = browser.client.post("/account/password", data=spoilt, headers=PAGE)
        assert (answer.status_code, word in answer.text) == (status, True)
    answer = browser.client.post("/account/password", data=given, headers=PAGE)
    assert answer.status_code == 200
    assert "The password is changed" in answer.text
    assert browser.status() == 200
    assert other.status() == 401
    assert new_browser(sqlite_house).sign_in(password=NEW) == "code_needed"


def test_a_second_factor_is_set_anew_by_whoever_shows_the_old_one(sqlite_house: House, clock: Clock) -> None:
    browser, totp = arrived(sqlite_house)
    refused = browser.client.post("/account/second-factor", data={"password": PASSWORD, "code": "000000"}, headers=PAGE)
    assert refused.status_code == 401
    clock.move(minutes=1)
    given = {"password": PASSWORD, "code": totp.at(clock.moment)}
    shown = browser.client.post("/account/second-factor", data=given, headers=PAGE)
    (letters,) = re.findall(r'<p class="code">([A-Z2-7 ]+)</p>', shown.text)
    new = pyotp.TOTP(letters.replace(" ", ""))
    clock.move(minutes=1)
    done = browser.client.post("/second-factor/confirm", data={"code": new.at(clock.moment)}, headers=PAGE)
    assert "recovery codes" in done.text
    clock.move(minutes=1)
    later = new_browser(sqlite_house)
    later.sign_in()
    assert later.show(totp.at(clock.moment)) == 401
    assert later.show(new.at(clock.moment)) == 200


def test_new_recovery_codes_take_the_place_of_the_old(sqlite_house: House, clock: Clock) -> None:
    browser, totp = arrived(sqlite_house)
    clock.move(minutes=1)
    given = {"password": PASSWORD, "code": totp.at(clock.moment)}
    shown = browser.client.post("/account/recovery-codes", data=given, headers=PAGE)
    (codes,) = re.findall(r'<pre id="codes" class="code">([^<]+)</pre>', shown.text)
    later = new_browser(sqlite_house)
    later.sign_in()
    assert later.show(codes.split()[0]) == 200


def test_other_browsers_are_signed_out_one_by_one_or_all(sqlite_house: House, clock: Clock) -> None:
    browser, totp = arrived(sqlite_house)
    others = []
    for _ in range(3):
        clock.move(minutes=1)
        others.append(new_browser(sqlite_house))
        others[-1].sign_in()
        others[-1].show(totp.at(clock.moment))
    ways = re.findall(r'action="(/account/sessions/[0-9a-f]{16}/end)"', browser.client.get("/account").text)
    assert len(ways) == 3
    assert "That browser is signed out." in browser.client.post(ways[0], headers=PAGE).text
    assert sorted(one.status() for one in others) == [200, 200, 401]
    browser.client.post("/account/sessions/end", headers=PAGE)
    assert [one.status() for one in (browser, *others)] == [200, 401, 401, 401]
    assert browser.client.post(ways[0], headers=PAGE).status_code == 404


def test_a_mistyped_first_code_leaves_the_picture_as_it_was(sqlite_house: House, clock: Clock) -> None:
    new_account(sqlite_house)
    browser = new_browser(sqlite_house)
    browser.sign_in()
    begun = browser.client.post("/second-factor", headers=PAGE).text
    secret = re.search(r'<p class="code">([A-Z2-7 ]+)</p>', begun)
    assert secret is not None
    wrong = browser.client.post("/second-factor/confirm", data={"code": "12345"}, headers=PAGE)
    assert wrong.status_code == 401
    assert secret[0] in wrong.text, "the telephone has taken this one in already"
    right = pyotp.TOTP(secret[1].replace(" ", "")).at(clock.moment)
    done = browser.client.post("/second-factor/confirm", data={"code": right}, headers=PAGE)
    assert done.status_code == 200
    assert "recovery codes" in done.text
