"""Reliability P4: nobody of a research export can be told from four others, or there is no export."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select
from typer.testing import CliRunner

from matcher.errors import InputError
from matcher.generate.roster import generate_roster
from matcher.roster import Mentee, Mentor, Organisation, Person, PersonKind, Roster
from service.cli.person import build_app
from service.privacy.research import QUASI, build_research
from service.tables.areas import Person as PersonRow
from tests.service.conftest import House
from tests.service.rounds.conftest import build_case

DAY = date(2026, 9, 1)
_people = st.lists(
    st.tuples(
        st.sampled_from([PersonKind.STAFF, PersonKind.PUPIL, PersonKind.PARTNER]),
        st.none() | st.dates(date(1950, 1, 1), date(2015, 1, 1)),
        st.none() | st.floats(0, 50),
        st.booleans(),
    ),
    max_size=60,
)


def roster_of(said: list[tuple[PersonKind, date | None, float | None, bool]]) -> Roster:
    people = tuple(
        Person(id=f"P-{n}", organisation="O", person_kind=kind, birth_date=born, pedagogical_experience_years=years)
        for n, (kind, born, years, _) in enumerate(said)
    )
    mentors = tuple(Mentor(person=f"P-{n}") for n, one in enumerate(said) if one[3])
    mentees = tuple(Mentee(person=f"P-{n}") for n, one in enumerate(said) if not one[3])
    return Roster(organisations=(Organisation(id="O"),), people=people, mentors=mentors, mentees=mentees)


@given(_people)
def test_at_least_five_share_every_combination_or_nothing_is_given(
    said: list[tuple[PersonKind, date | None, float | None, bool]],
) -> None:
    roster = roster_of(said)
    try:
        found = build_research(roster, [], DAY)
    except InputError:
        roles = Counter(one[3] for one in said)
        assert not roles or min(roles.values()) < 5
        return
    shares = Counter(tuple(getattr(row, name) for name in QUASI) for row in found.rows)
    assert min(shares.values()) == found.k >= 5
    assert sorted(found.mapping.values()) == sorted(person.id for person in roster.people)
    assert len({row.id for row in found.rows}) == len(said)


def test_joining_with_the_roster_finds_nobody() -> None:
    """Whoever knows the whole roster cannot say of any row whom of five it speaks of."""
    roster = generate_roster(
        num_mentees=120, num_mentors=80, num_organisations=4, num_municipalities=1, seed=3, policy_id="kalmykia"
    )
    found = build_research(roster, [], DAY)
    again = build_research(roster, [], DAY)
    assert not {row.id for row in found.rows} & {row.id for row in again.rows}
    known = Counter(row.described for row in again.rows)
    assert all(known[row.described] >= 5 for row in found.rows)
    assert not {person.id for person in roster.people} & {row.id for row in found.rows}


def test_a_small_school_is_refused(sqlite_house: House, tmp_path: Path) -> None:
    case = build_case(sqlite_house)
    out, mapping = tmp_path / "r.csv", tmp_path / "m.json"
    where = ["--database", sqlite_house.core.database.url, "-o", str(out), "--mapping", str(mapping)]
    runner = CliRunner(env={"MATCHER_FOLDER": str(sqlite_house.core.settings.folder)})
    done = runner.invoke(build_app(), ["research", case.round_id, *where], catch_exceptions=False)
    assert done.exit_code == 0  # six mentors, six mentees: alike once enough is hidden
    rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert set(json.loads(mapping.read_text())) == {row["id"] for row in rows}
    assert mapping.stat().st_mode & 0o077 == 0
    assert min(Counter(tuple(row[name] for name in QUASI) for row in rows).values()) >= 5
    with sqlite_house.core.database.reading() as session:
        ids = session.exec(select(PersonRow.id)).all()
    assert not any(id_ in out.read_text() for id_ in ids)
    withdrawn = case.pairs()[0].mentee_id, case.pairs()[1].mentee_id
    for id_ in withdrawn:
        case.consent(id_, "personal_data", refused=True)
    with pytest.raises(InputError, match="could be recognised"):
        runner.invoke(
            build_app(), ["research", case.round_id, "-o", str(tmp_path / "s.csv"), *where[:2]], catch_exceptions=False
        )
    assert not (tmp_path / "s.csv").exists()
