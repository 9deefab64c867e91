"""Activities that cannot come into each other's way, whatever the plan: they may be proved best apart."""

from __future__ import annotations

import numpy as np

from matcher.sessions.layout import Layout


def components(layout: Layout) -> list[list[int]]:
    """Return the activities in groups that share neither people nor cells that could be overdrawn."""
    root = list(range(len(layout.activities)))

    def find(a: int) -> int:
        while root[a] != a:
            root[a] = root[root[a]]
            a = root[a]
        return a

    for members in [*layout.of_person, *_contested(layout)]:
        for a in members[1:]:
            root[find(a)] = find(members[0])
    groups: dict[int, list[int]] = {}
    for a in range(len(root)):
        groups.setdefault(find(a), []).append(a)
    return list(groups.values())


def _contested(layout: Layout) -> list[list[int]]:
    """Return for each cell that could be overdrawn on some day the activities that may use it."""
    p = layout.problem
    entry = np.repeat(np.arange(p.num_choices), np.diff(p.choice_cell_start))
    wanted = np.zeros(p.cell_size.shape, dtype=np.int64)
    np.add.at(wanted, p.choice_cell, p.choice_days[entry].astype(np.int64))
    for choice, day in zip(p.fixed_choice.tolist(), p.fixed_day.tolist(), strict=True):
        for cell in layout.cells[choice]:
            wanted[cell, day] += 1
    users: dict[int, set[int]] = {cell: set() for cell in np.flatnonzero((wanted > p.cell_size).any(axis=1)).tolist()}
    for a, cell in zip(p.choice_activity[entry].tolist(), p.choice_cell.tolist(), strict=True):
        if cell in users:
            users[cell].add(a)
    return [sorted(activities) for activities in users.values()]
