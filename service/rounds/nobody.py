"""Why mentees have nobody: which rules stand between each and the mentors, and how many mentors are only full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from matcher.candidates.columns import build_columns
from matcher.candidates.edges import SideForms, build_edges
from matcher.candidates.requirements import REQUIREMENTS, judge
from matcher.policy import Policy
from matcher.roster import Roster
from matcher.texts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """A rule with its clause, in words, and how many mentors it keeps away first."""

    rule: str
    clause: str
    message: Text
    mentors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Nobody:
    """What keeps mentors from a mentee, the most frequent first; ``fitting`` mentors nothing but room keeps away."""

    obstacles: tuple[Obstacle, ...]
    fitting: int


def why_nobody(roster: Roster, policy: Policy, day: date, mentees: Sequence[str]) -> Mapping[str, Nobody]:
    """Return why each of some mentees (codes) has nobody: every mentor is judged, none is guessed."""
    asked = set(mentees)  # what the rules say of a pair does not depend on the other mentees
    few = replace(roster, mentees=tuple(one for one in roster.mentees if one.person in asked))
    columns = build_columns(few, policy, day)
    rows = np.array([columns.mentee_of[code] for code in mentees], dtype=np.int64)
    mentors = np.arange(columns.num_mentors, dtype=np.int64)
    edges = build_edges(columns, SideForms.of(columns), np.tile(mentors, len(rows)), np.repeat(rows, len(mentors)))
    refused = judge(edges).refused.reshape(len(rows), len(mentors))
    return {code: _nobody(refused[at], policy) for at, code in enumerate(mentees)}


def _nobody(refused: np.ndarray[tuple[int], np.dtype[np.int64]], policy: Policy) -> Nobody:
    found = []
    left = refused
    for bit, requirement in enumerate(REQUIREMENTS):
        hit = (left >> bit & 1).astype(bool)
        if hit.any():
            clause = policy.clause_of(requirement.rule)
            count = int(hit.sum())
            found.append(Obstacle(rule=requirement.rule, clause=clause, message=requirement.sentence, mentors=count))
        left = np.where(hit, 0, left)
    found.sort(key=lambda one: -one.mentors)
    return Nobody(obstacles=tuple(found), fitting=int((refused == 0).sum()))
