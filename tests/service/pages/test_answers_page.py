"""The curator's page of answers: who has answered, who has a link; slips whose links work and end."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col

from matcher.plan import Plan
from matcher.roster import PersonKind
from service.tables.access import PersonalLink
from service.tables.columns import now
from service.tables.rounds import Decision, Pair
from tests.service.access.people import new_browser
from tests.service.conftest import House
from tests.service.pages.test_mine_pages import get, looking, post, rows
from tests.service.rounds.conftest import Case, build_case, small_plan

Words = dict[str, str]


@pytest.fixture
def case(sqlite_house: House) -> Case:
    """A round whose pairs have been proposed."""
    found = build_case(sqlite_house)
    found.edit(state="proposed")
    return found


@pytest.fixture
def curator(case: Case) -> Words:
    """Headers of the curator of the round."""
    return {**case.house.headers("curator"), "Accept": "text/html", "Accept-Language": "en"}


def pupils_plan() -> Plan:
    """Return a plan in which every mentee is a pupil."""
    plan = small_plan()
    mentees = {mentee.person for mentee in plan.roster.mentees}
    people = tuple(
        replace(one, person_kind=PersonKind.PUPIL, grade=10, birth_date=None) if one.id in mentees else one
        for one in plan.roster.people
    )
    return replace(plan, roster=replace(plan.roster, people=people))


def soon() -> str:
    return (now().date() + timedelta(days=5)).isoformat()


def ticked(shown: str) -> list[str]:
    return re.findall(r'name="who" value="(\w+:\w+)"', shown)


def slips(shown: str) -> list[str]:
    return re.findall(r'class="code address">\S+(/p/\S+)</p>', shown)


def count(case: Case, curator: Words, show: str) -> int:
    return get(case, f"/rounds/{case.round_id}/answers?show={show}", curator).count('<tr id="p-')


def test_everybody_without_a_link_gets_one_that_opens(case: Case, curator: Words) -> None:
    address = f"/rounds/{case.round_id}/answers"
    people = {id_ for pair in case.pairs() for id_ in (pair.mentor_id, pair.mentee_id)}
    assert {who.partition(":")[0] for who in ticked(get(case, address, curator))} == people
    made = case.house.client.post(f"{address}/links", data={"until": soon(), "everybody": "1"}, headers=curator)
    assert made.status_code == 200
    found = slips(made.text)
    assert len(found) == len(people) == made.text.count("<svg")
    assert made.headers["cache-control"] == "no-store"
    assert count(case, curator, "no-link") == 0
    assert count(case, curator, "not-opened") == len(people)
    assert new_browser(case.house).client.post(found[0], follow_redirects=True).url.path == "/mine"
    assert count(case, curator, "not-opened") == len(people) - 1
    assert found[1].removeprefix("/p/") not in get(case, address, curator)


def test_a_new_slip_ends_the_link_before_it(case: Case, curator: Words) -> None:
    address = f"/rounds/{case.round_id}/answers"
    one = ticked(get(case, address, curator))[0]
    given = {"until": soon(), "who": [one]}
    first = slips(case.house.client.post(f"{address}/links", data=given, headers=curator).text)
    second = slips(case.house.client.post(f"{address}/links", data=given, headers=curator).text)
    assert case.house.client.get(first[0]).status_code == 404
    assert case.house.client.get(second[0]).status_code == 200
    (standing,) = rows(case, PersonalLink, col(PersonalLink.revoked_at).is_(None))
    assert post(case, f"{address}/revoke", curator, link=standing.id).status_code == 303
    assert case.house.client.get(second[0]).status_code == 404


def test_the_link_of_a_pupil_is_for_the_representative_or_himself(sqlite_house: House) -> None:
    case = build_case(sqlite_house, plan=pupils_plan())
    headers = {**sqlite_house.headers("curator"), "Accept": "text/html", "Accept-Language": "en"}
    address = f"/rounds/{case.round_id}/answers"
    shown = get(case, address, headers)
    assert 'name="pupils" value="self"' in shown
    pupil = next(who for who in ticked(shown) if who.endswith(":mentee"))
    for pupils, role in (("representative", "legal_representative"), ("self", "mentee")):
        given = {"until": soon(), "who": [pupil], "pupils": pupils}
        made = case.house.client.post(f"{address}/links", data=given, headers=headers)
        assert made.status_code == 200
        assert role in {one.role for one in rows(case, PersonalLink, PersonalLink.person_id == pupil.partition(":")[0])}


def test_nobody_chosen_or_a_day_that_is_past_is_refused(case: Case, curator: Words) -> None:
    address = f"/rounds/{case.round_id}/answers/links"
    yesterday = (now().date() - timedelta(days=1)).isoformat()
    assert post(case, address, curator, until=soon()).status_code == 422
    assert post(case, address, curator, until=yesterday, everybody="1").status_code == 422
    assert rows(case, PersonalLink) == []


def test_answers_are_counted_and_paper_is_written_down(case: Case, curator: Words) -> None:
    first, second = case.pairs()[0], case.pairs()[-1]
    everybody = count(case, curator, "waiting")
    mine = looking(case, "mentee", first.mentee_id)
    post(case, "/mine/answer", mine, pair=first.id, version=first.version, what="accept")
    assert count(case, curator, "accepted") == 1
    address = f"/rounds/{case.round_id}/answers/paper"
    given = {"pair": second.id, "side": "mentee", "version": case.row().version, "what": "decline"}
    assert post(case, address, curator, **{**given, "version": 1}).status_code == 409
    assert post(case, address, curator, **given).status_code == 303
    assert [one.details for one in rows(case, Decision, Decision.kind == "decline")] == [
        {"side": "mentee", "paper": True}
    ]
    assert rows(case, Pair, Pair.id == second.id)[0].state == "declined"
    assert count(case, curator, "waiting") < everybody
    assert count(case, curator, "declined") >= 1


def test_everybody_of_the_list_is_asked_before_pairs_are_proposed(case: Case, curator: Words) -> None:
    case.edit(state="matching")
    shown = get(case, f"/rounds/{case.round_id}/answers", curator)
    assert len(ticked(shown)) == 12
    assert "has agreed" not in shown
    made = case.house.client.post(
        f"/rounds/{case.round_id}/answers/links", data={"until": soon(), "who": ticked(shown)[:1]}, headers=curator
    )
    assert "Say with whom you would like to work" in made.text


@pytest.mark.parametrize(
    ("role", "area", "status"), [("head", "s11", 403), ("mentor", "s11", 403), ("curator", "s12", 404)]
)
def test_others_do_not_see_the_answers(case: Case, role: str, area: str, status: int) -> None:
    headers = {**case.house.headers(role, area), "Accept": "text/html"}
    assert case.house.client.get(f"/rounds/{case.round_id}/answers", headers=headers).status_code == status


def test_a_curator_of_one_school_sees_his_own_people_in_a_round_above(sqlite_house: House) -> None:
    case = build_case(sqlite_house, area="m1")
    case.edit(state="proposed")
    headers = {**sqlite_house.headers("curator", "s12"), "Accept": "text/html"}
    shown = get(case, f"/rounds/{case.round_id}/answers", headers)
    assert ticked(shown) == []
