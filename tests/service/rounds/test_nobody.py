"""Why somebody has nobody is judged without the people and mentees it does not depend on: with the same answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matcher.generate.roster import generate_roster
from matcher.io.policy_toml import SHIPPED, read_policy
from matcher.roster import Override, Wish
from service.rounds.inputs import present_roster, present_sides
from service.rounds.nobody import why_nobody
from service.tables.rounds import Round
from tests.service.conftest import House
from tests.service.rounds.conftest import build_case


@pytest.mark.parametrize("policy_id", SHIPPED)
def test_a_mentee_has_the_same_reasons_alone_as_among_all(policy_id: str) -> None:
    roster = generate_roster(
        num_mentees=25, num_mentors=20, num_organisations=5, num_municipalities=1, seed=3, policy_id=policy_id
    )
    codes = [mentee.person for mentee in roster.mentees]
    mentors = [mentor.person for mentor in roster.mentors]
    roster = replace(
        roster,
        wishes=tuple(Wish(from_person=codes[at], to_person=mentors[at], score=None, veto=True) for at in range(5)),
        overrides=(Override(rule="HR-22", mentor=None, mentee=codes[0], reason="r", by="curator"),),
    )
    policy = read_policy(policy_id)
    day = next(iter({person.organisation_since for person in roster.people if person.organisation_since}))
    whole = why_nobody(roster, policy, day, codes)
    assert any(found.obstacles for found in whole.values())
    for code in codes:
        assert why_nobody(roster, policy, day, [code])[code] == whole[code]


def test_those_who_neither_teach_nor_learn_change_nothing(sqlite_house: House) -> None:
    case = build_case(sqlite_house)
    case.consent(case.pairs()[0].mentor_id, "personal_data", refused=True)
    with sqlite_house.core.database.reading() as session:
        round_ = session.get_one(Round, case.round_id)
        whole = present_roster(session, sqlite_house.core.vault, round_)
        sides, ids = present_sides(session, sqlite_house.core.vault, round_)
    own = {one.person for one in (*whole.mentors, *whole.mentees)}
    assert len(sides.people) < len(whole.people) <= len(ids)
    assert replace(whole, people=tuple(person for person in whole.people if person.id in own)) == sides
