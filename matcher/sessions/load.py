"""How much others want a time: what decides between answers that are equally good for an activity."""

from __future__ import annotations

import numpy as np

from matcher.sessions.layout import Layout

CELL_SHARE = 0.3
COST_SHARE = 1e-3


def key_loads(layout: Layout) -> list[list[float]]:
    """Return for each activity and rhythm key how much others need the same people and cells.

    An activity with K keys needs each of them by 1/K. People weigh more than rooms and licences, which are counted
    and seldom bind; costs decide last.
    """
    demand = _cell_demand(layout)
    costs = layout.problem.choice_cost
    scale = COST_SHARE / max(1.0, float(costs.max(initial=1)))
    loads: list[list[float]] = []
    for a, activity in enumerate(layout.activities):
        relatives = sorted(layout.relatives(a))
        row: list[float] = []
        for members in activity.keys:
            first = activity.choices[members[0]]
            load = CELL_SHARE * sum(demand[cell] for cell in layout.cells[first]) + scale * float(costs[first])
            spot = layout.spot[first]
            for q in relatives:
                hit = layout.hit(q, spot)
                if hit:
                    other = layout.activities[q]
                    load += len({other.key_of[i] for i in hit}) / len(other.keys)
            row.append(load)
        loads.append(row)
    return loads


def _cell_demand(layout: Layout) -> list[float]:
    p = layout.problem
    demand = np.zeros(len(p.cell_pool))
    for activity in layout.activities:
        touched = {cell for c in activity.choices for cell in layout.cells[c]}
        for cell in touched:
            demand[cell] += 1 / len(activity.keys)
    size = p.cell_size.max(axis=1, initial=1).astype(float)
    share: list[float] = (demand / np.maximum(1.0, size)).tolist()
    return share
