"""Pairs of which something special is known – wishes, marks, vetoes, running pairs: judged one by one by all rules."""

from __future__ import annotations

import numpy as np

from matcher.candidates.codes import IntArray
from matcher.candidates.columns import Columns
from matcher.candidates.country.prices import cover_scale, first_level_of_criteria
from matcher.candidates.criteria import CRITERIA, IDEAL, Scene, criterion_points, scarcest_of, scarcity_of
from matcher.candidates.edges import Edges, SideForms, build_edges
from matcher.candidates.levels import Level, weight_in
from matcher.candidates.requirements import asks_main_need, judge
from matcher.candidates.reverse import exchanged
from matcher.candidates.tables import KindTables


def special_keys(columns: Columns) -> IntArray:
    """Return the keys of pairs of which something is known, ascending."""
    marks = columns.marks
    known = (
        marks.veto,
        marks.forbidden,
        marks.apart,
        marks.mentor_wish,
        marks.mentee_wish,
        marks.psychologist,
        marks.questionnaire,
        marks.not_recommended,
        marks.aftercare,
        marks.lock_form,
        marks.lock_kind,
        *(lifted.pairs for lifted in marks.lifted.values()),
    )
    return np.unique(np.concatenate([*(mark.key for mark in known), _own_keys(columns)]))


def _own_keys(columns: Columns) -> IntArray:
    """Return the keys of nobody-with-himself, and of those who stand in both registers in exchanged roles."""
    size = 1 + max(int(columns.mentors.person.max(initial=-1)), int(columns.mentees.person.max(initial=-1)))
    as_mentee = np.full(size, -1, dtype=np.int64)
    as_mentee[columns.mentees.person] = np.arange(columns.num_mentees)
    mentee = as_mentee[columns.mentors.person]
    both = np.flatnonzero(mentee >= 0)
    return columns.key(both, mentee[both])


def allowed_edges(columns: Columns, sides: SideForms, key: IntArray, fixed: IntArray) -> Edges:
    """Return those of the pairs that every rule allows with a first mentor; ``fixed`` are keys of pairs that stay."""
    mentor, mentee = np.divmod(key, max(1, columns.num_mentees))
    edges = build_edges(columns, sides, mentor, mentee)
    is_first = (edges.covered_main > 0) | ~asks_main_need(edges) | np.isin(edges.key, fixed)
    return edges.take(judge(edges).allowed & is_first)


def edge_points(edges: Edges, tables: KindTables, levels: tuple[Level, ...], fixed: IntArray) -> IntArray:
    """Return the points of pairs on every level, with those of the needs they cover."""
    columns = edges.columns
    policy, needs = columns.policy, columns.needs
    need = needs.need[needs.need >= 0]
    scarcity = scarcity_of(needs.cover, np.bincount(need, minlength=len(needs.key)))
    scene = Scene(scarcity=scarcity, scarcest=scarcest_of(needs.cover, scarcity), common=None)
    told = criterion_points(edges, scene)
    covered = np.zeros(len(edges), dtype=np.int64)
    for at in range(needs.width):
        has = (edges.covered >> np.uint64(at)) & np.uint64(1) > 0
        covered += np.where(has, needs.weight[edges.mentee, at], 0)
    points = np.zeros((len(levels), len(edges)), dtype=np.int64)
    for at, level in enumerate(levels):
        if level.name == "locks":
            points[at] = np.isin(edges.key, fixed)
        for row, rule in enumerate(CRITERIA):
            weight = weight_in(policy, level, rule.rule)
            if weight:
                points[at] += weight * (told[row] - IDEAL)
        points[at] += cover_scale(policy, level) * covered
        if at == first_level_of_criteria(levels):
            points[at] -= 1 + tables.preference[edges.kind]
    return points


def has_double_roles(columns: Columns) -> bool:
    """Return whether two people could mentor each other."""
    mentor, mentee = exchanged(columns, np.arange(columns.num_mentors), np.zeros(columns.num_mentors, dtype=np.int64))
    return bool((mentee >= 0).any() and (mentor >= 0).any())
