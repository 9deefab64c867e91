"""Pairs found block by block are the pairs found one by one."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from matcher.candidates.blocks import each_block
from matcher.candidates.build import build_candidates
from matcher.candidates.columns import Columns, build_columns
from matcher.candidates.edges import SideForms, build_edges
from matcher.candidates.requirements import judge
from matcher.generate.roster import generate_roster
from matcher.io.policy_toml import read_policy
from matcher.roster import Organisation, Override
from tests.rosters import Round

POLICIES = ("barnaul", "anuchino", "kalmykia", "dalnerechensk", "smolensk_school_23")


def keys_by_blocks(columns: Columns, most_pairs: int) -> list[int]:
    sides = SideForms.of(columns)
    blocks = each_block(columns, sides, most_pairs=most_pairs)
    return sorted(key for block in blocks for key in block.edges.key.tolist())


def keys_one_by_one(columns: Columns) -> list[int]:
    everything = np.arange(columns.num_mentors * columns.num_mentees)
    mentor, mentee = np.divmod(everything, columns.num_mentees)
    allowed: list[int] = everything[judge(build_edges(columns, SideForms.of(columns), mentor, mentee)).allowed].tolist()
    return allowed


@pytest.mark.parametrize("policy", POLICIES)
def test_blocks_lose_and_invent_nothing(policy: str) -> None:
    roster = generate_roster(
        num_mentees=60, num_mentors=50, num_organisations=12, num_municipalities=4, seed=5, policy_id=policy
    )
    columns = build_columns(roster, read_policy(policy), date(2026, 9, 1))
    expected = keys_one_by_one(columns)
    assert expected
    assert keys_by_blocks(columns, 10_000) == expected
    assert keys_by_blocks(columns, 70) == expected


def test_all_pairs_are_accounted_for() -> None:
    roster = generate_roster(num_mentees=60, num_mentors=50, num_organisations=12, num_municipalities=4, seed=5)
    columns = build_columns(roster, read_policy("barnaul"), date(2026, 9, 1))
    blocks = list(each_block(columns, SideForms.of(columns)))
    refused = int(sum(block.refused.sum() for block in blocks))
    assert refused + sum(len(block.edges) for block in blocks) == sum(block.num_looked_at for block in blocks) == 3000


@pytest.mark.parametrize(("mentor", "mentee"), [("M-1", "N-1"), ("M-1", None), (None, "N-1")])
def test_an_override_reaches_pairs_that_the_cheap_tests_would_drop(mentor: str | None, mentee: str | None) -> None:
    far = Organisation(id="S-2", municipality="Far", region="Elsewhere")
    here = Round("kalmykia").add(organisations=[far]).mentor(organisation="S-2").mentee()
    assert here.build().problem.num_options == 0
    here.add(overrides=[Override(rule="HR-15", mentor=mentor, mentee=mentee, reason="the only expert")])
    built = here.build()
    assert built.problem.num_options == 1
    assert built.report.num_looked_at == 1


def test_an_override_that_names_nobody_is_noted() -> None:
    here = Round().mentor().mentee().add(overrides=[Override(rule="HR-15", mentor="X-9", mentee="N-1", reason="?")])
    assert any("names nobody" in str(note) for note in here.build().report.notes)


def test_keeping_the_most_promising_pairs_says_what_was_left_out() -> None:
    roster = generate_roster(num_mentees=60, num_mentors=50, num_organisations=12, num_municipalities=4, seed=5)
    policy, day = read_policy("kalmykia"), date(2026, 9, 1)
    everything, some = (
        build_candidates(roster, policy, reference_day=day),
        build_candidates(roster, policy, reference_day=day, keep=4),
    )
    edges = some.pairs.edges
    first = ~some.pairs.asks_main | (edges.covered_main > 0)
    assert np.bincount(edges.mentee[first]).max() == 4
    assert some.pairs.num_left_out == len(everything.pairs.edges) - len(edges) > 0
    assert set(edges.key.tolist()) <= set(everything.pairs.edges.key.tolist())
    assert any("most promising" in str(note) for note in some.report.notes)
    assert not any("most promising" in str(note) for note in everything.report.notes)
    kept = {(lock.mentor, lock.mentee) for lock in some.locks}
    assert kept == {(lock.mentor, lock.mentee) for lock in everything.locks}
    assert some.problem.locked.sum() == len(kept)
