"""Nobody reaches what belongs to others (S1): every route, every role, ids of others wherever an id can stand."""

from __future__ import annotations

import copy
import os

import pytest
from sqlalchemy import true

from service.tables.access import ApiToken, Role
from tests.service.access.people import new_account, new_browser
from tests.service.conftest import House
from tests.service.quality.attempts import operations
from tests.service.quality.crossing import attempts_of, make_attempts, sample_of
from tests.service.quality.world import World

NUM_ATTEMPTS = int(os.environ.get("MATCHER_CROSSINGS", "3200"))
OF_BROWSERS = {"DELETE /api/v1/me/sessions/{session_id}", "DELETE /api/v1/tokens/{token_id}"}
"""Routes that tokens do not reach; tried from browsers below."""


@pytest.mark.slow
def test_nobody_crosses_over(sqlite_world: World) -> None:
    """3,200 of all attempts, every place of every route among them: no answer says a word or an id of others."""
    tally = make_attempts(sqlite_world, sample_of(attempts_of(sqlite_world), NUM_ATTEMPTS))
    assert tally.wrong == []
    assert tally.made.total() >= 3000
    blunt = {operation for (operation, _), seen in tally.sharp.items() if 404 not in seen}
    assert blunt <= OF_BROWSERS, "no attempt on these got as far as looking for the thing"


def test_nobody_crosses_over_on_postgresql(world: World) -> None:
    """Conditions of scope are the databases' own work: some attempts on both."""
    some = sample_of(attempts_of(world, seed=1), 0)[:300]
    assert make_attempts(world, some).wrong == []


def test_a_hole_is_found(sqlite_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The attempts are worth something: a list without its condition is told at once."""
    monkeypatch.setattr("service.routes.rosters.in_areas", lambda column, viewer: true())
    some = [
        one
        for one in attempts_of(sqlite_world)
        if one.operation.path.startswith("/api/v1/rosters") and one.operation.method == "GET"
    ]
    wrong = make_attempts(sqlite_world, [one for one in some if one.role is Role.HEAD]).wrong
    assert any("says the word of s21" in one for one in wrong)
    assert any("not refused" in one for one in wrong)


def test_an_id_of_an_unknown_thing_is_told(sqlite_house: House) -> None:
    document = copy.deepcopy(sqlite_house.client.app.openapi())  # type: ignore[attr-defined]
    document["paths"]["/api/v1/spoons/{spoon_id}"] = {
        "get": {"parameters": [{"name": "spoon_id", "in": "path", "required": True, "schema": {"type": "string"}}]}
    }
    with pytest.raises(AssertionError, match="spoon_id"):
        operations(document)


def test_browsers_end_their_own_sessions_and_tokens_only(sqlite_world: World) -> None:
    sqlite_world.remember()
    house = sqlite_world.house
    stranger = sqlite_world.tenants["s21"]
    new_account(house, Role.CURATOR, "s11")
    browser = new_browser(house)
    browser.sign_in()
    browser.enrol()
    for path in (f"/api/v1/me/sessions/{stranger.one('session')}", f"/api/v1/tokens/{stranger.one('token')}"):
        assert browser.client.delete(path).status_code == 404
    with house.core.database.reading() as session:
        assert session.get_one(ApiToken, stranger.one("token")).revoked_at is None
    for path in ("/api/v1/me", "/api/v1/me/sessions", "/api/v1/tokens"):
        answer = browser.client.get(path)
        assert answer.status_code == 200
        assert stranger.word not in answer.text
