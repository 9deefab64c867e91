"""``matcher user`` and ``matcher token``: on the machine itself, on the database, written down."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from sqlmodel import select
from typer.testing import CliRunner

from matcher.cli.language import choose
from matcher.errors import InputError
from service.cli import token, user
from service.tables.access import Role
from service.tables.privacy import AuditEntry
from tests.service.access.people import LOGIN, PASSWORD, Clock, account, new_account, new_browser, signed_in
from tests.service.conftest import House


@pytest.fixture(autouse=True)
def english(house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    choose("en")
    monkeypatch.setenv("MATCHER_FOLDER", str(tmp_path))
    monkeypatch.setenv("MATCHER_DATABASE", house.core.settings.database)


def run(app: typer.Typer, *words: str) -> str:
    answer = CliRunner().invoke(app, words)
    if answer.exception is not None:
        raise answer.exception
    return answer.output


def actions(house: House) -> list[tuple[str, str]]:
    with house.core.database.reading() as session:
        found = session.exec(select(AuditEntry).order_by(AuditEntry.seq)).all()  # type: ignore[arg-type]
        return [(one.actor, one.action) for one in found]


def test_an_account_is_made_and_its_owner_comes_in(house: House, clock: Clock) -> None:
    said = run(user.build_app(), "add", LOGIN, "--role", "curator", "--area", "S11", "--name", "Curator")
    secret = said.split("/invitation/")[1].strip()
    browser = new_browser(house)
    browser.client.post("/api/v1/invitation", json={"secret": secret, "password": PASSWORD})
    browser.enrol()
    assert browser.status() == 200
    assert f"{LOGIN}  curator@S11" in run(user.build_app(), "list")
    assert actions(house)[:2] == [("command", "role.give.curator"), ("command", "account.make")]


def test_access_is_restored_without_a_second_administrator(house: House, clock: Clock) -> None:
    browser = signed_in(house, Role.ADMINISTRATOR, "r")
    run(user.build_app(), "reset-second-factor", LOGIN)
    assert browser.client.get("/api/v1/me").status_code == 401
    assert new_browser(house).sign_in() == "enrolment_needed"


def test_a_password_is_reset(house: House) -> None:
    new_account(house)
    said = run(user.build_app(), "reset-password", LOGIN)
    browser = new_browser(house)
    wrong = browser.client.post("/api/v1/sign-in", json={"login": LOGIN, "password": PASSWORD})
    assert wrong.status_code == 401
    secret = said.split("/invitation/")[1].strip()
    done = browser.client.post("/api/v1/invitation", json={"secret": secret, "password": PASSWORD + "!"})
    assert done.status_code == 200


def test_an_account_is_stopped_and_let_in_again(house: House, clock: Clock) -> None:
    browser = signed_in(house)
    run(user.build_app(), "disable", LOGIN)
    assert browser.client.get("/api/v1/me").status_code == 401
    assert "(stopped)" in run(user.build_app(), "list")
    run(user.build_app(), "enable", LOGIN)
    assert new_browser(house).sign_in() == "code_needed"


def test_the_last_administrator_is_not_stopped(house: House) -> None:
    new_account(house, Role.ADMINISTRATOR, "r")
    with pytest.raises(InputError, match="last administrator"):
        run(user.build_app(), "disable", LOGIN)


def test_roles_are_given_and_taken(house: House) -> None:
    new_account(house)
    run(user.build_app(), "grant", LOGIN, "--role", "head", "--area", house.areas["s12"])
    assert "curator@S11  head@S12" in run(user.build_app(), "list")
    run(user.build_app(), "revoke", LOGIN, "--role", "curator", "--area", "S11")
    assert f"{LOGIN}  head@S12" in run(user.build_app(), "list")


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("add", "x", "--role", "curator", "--area", "S11"), "does not fit"),
        (("add", LOGIN, "--role", "king", "--area", "S11"), "no such role"),
        (("add", LOGIN, "--role", "curator", "--area", "S99"), "no such area"),
        (("add", LOGIN, "--role", "mentor", "--area", "S11"), "which person"),
        (("grant", "nobody@x", "--role", "curator", "--area", "S11"), "no account"),
        (("disable", "nobody@x"), "no account"),
    ],
    ids=str,
)
def test_wrong_words_are_told(house: House, words: tuple[str, ...], what: str) -> None:
    with pytest.raises(InputError, match=what):
        run(user.build_app(), *words)
    assert actions(house) == []


def test_tokens_are_made_listed_and_revoked(house: House) -> None:
    new_account(house, Role.TECHNICAL_SPECIALIST)
    word = run(token.build_app(), "create", LOGIN, "--name", "measures", "--days", "10").splitlines()[-1]
    headers = {"Authorization": f"Bearer {word}"}
    assert house.client.get("/metrics", headers=headers).status_code == 200
    listed = run(token.build_app(), "list")
    assert word not in listed
    run(token.build_app(), "revoke", listed.split()[0])
    assert house.client.get("/metrics", headers=headers).status_code == 401
    assert "(revoked)" in run(token.build_app(), "list")
    assert actions(house) == [("command", "token.make"), ("command", "token.revoke")]
    with pytest.raises(InputError, match="no role"):
        run(token.build_app(), "create", LOGIN, "--name", "x", "--role", "curator")


def test_an_account_is_tied_to_the_directory(house: House) -> None:
    new_account(house)
    assert "signs in through the directory" in run(user.build_app(), "directory", LOGIN, "employee-17")
    assert account(house).oidc_subject == "employee-17"
    new_account(house, login="other@school.example")
    with pytest.raises(InputError):
        run(user.build_app(), "directory", "other@school.example", "employee-17")
    with pytest.raises(InputError):
        run(user.build_app(), "directory", LOGIN, "two words")
    assert "no longer" in run(user.build_app(), "directory", LOGIN, "")
    assert account(house).oidc_subject is None
    assert [action for _, action in actions(house)][-2:] == ["account.directory", "account.directory"]
