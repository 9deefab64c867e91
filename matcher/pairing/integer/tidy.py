"""Take out of a plan what earns nothing: second mentors who cover only what another chosen one covers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing

IntArray = NDArray[np.int64]


def tidied(p: PairingProblem, pairing: Pairing) -> Pairing:
    """Return the pairing without extra options that cover no item alone.

    Locked options stay, and so do seats without which a group would fall below its least size.
    """
    if p.extra is None:
        return pairing
    chosen = pairing.option
    mine = np.isin(p.cover_option, chosen)
    times = np.bincount(p.cover_item[mine], minlength=p.num_items)
    size = np.bincount(pairing.group[pairing.group >= 0], minlength=p.num_groups)
    covers: dict[int, list[int]] = {}
    for option, item in zip(p.cover_option[mine].tolist(), p.cover_item[mine].tolist(), strict=True):
        covers.setdefault(option, []).append(item)
    dropped: set[int] = set()
    for option in chosen[p.extra[chosen] & ~p.locked[chosen]].tolist():
        items, group = covers.get(option, []), int(p.group[option])
        if any(times[item] < 2 for item in items) or (group >= 0 and size[group] <= p.group_min_size[group]):
            continue
        dropped.add(option)
        times[items] -= 1
        if group >= 0:
            size[group] -= 1
    kept = [option for option in chosen.tolist() if option not in dropped]
    return Pairing.of(p, kept, pairing.open_group, pairing.slot)
