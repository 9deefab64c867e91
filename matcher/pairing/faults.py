"""What can be wrong with a pairing problem: shapes first, then ranges, then its meaning; all of a kind at once."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matcher.errors import Fault
from matcher.texts import text

if TYPE_CHECKING:
    from matcher.pairing.problem import PairingProblem

MOST_POINTS = 2**40
"""Points of one thing stay below this, so that sums over all people fit 64 bits."""


def problem_faults(problem: PairingProblem) -> list[Fault]:
    """Return what is wrong; ranges are looked at only where the shapes are right, the meaning only where both are."""
    return _shape_faults(problem) or _range_faults(problem) or _meaning_faults(problem)


def _shape_faults(p: PairingProblem) -> list[Fault]:
    levels, options, groups, items = p.num_levels, len(p.mentor), len(p.group_mentor), len(p.item_mentee)
    expected: dict[str, tuple[int, ...]] = {
        "mentee": (options,),
        "group": (options,),
        "points": (levels, options),
        "mentor_minutes": (options,),
        "mentee_minutes": (options,),
        "locked": (options,),
        "group_theme": (groups,),
        "group_min_size": (groups,),
        "group_max_size": (groups,),
        "group_minutes": (groups,),
        "group_points": (levels, groups),
        "max_individual": (p.num_mentors,),
        "max_groups": (p.num_mentors,),
        "max_places": (p.num_mentors,),
        "max_minutes": (p.num_mentors,),
        "max_mentors": (p.num_mentees,),
        "max_mentee_minutes": (p.num_mentees,),
        "served_points": (levels, p.num_mentees),
        "item_points": (levels, items),
        "cover_item": p.cover_option.shape,
        "quota_owner": p.quota_option.shape,
        "link_second": p.link_first.shape,
        "link_refund_minutes": p.link_first.shape,
        "link_points": (levels, *p.link_first.shape),
        "conflict_second": p.conflict_first.shape,
    }
    if p.slots is not None:
        expected["slots"] = (options, *p.slots.shape[1:2])
    optional = {"extra": options, "companion": options, "floor_points": options, "floor_mentee": p.num_mentees}
    optional |= {"required_min_load": p.num_mentors}
    expected |= {name: (length,) for name, length in optional.items() if getattr(p, name) is not None}
    faults = [
        Fault(name, text("shape {found}, expected {expected}", found=getattr(p, name).shape, expected=shape))
        for name, shape in expected.items()
        if getattr(p, name).shape != shape
    ]
    for name in ("load_steps", "quota_steps"):
        steps = getattr(p, name)
        if steps.points.shape != (levels, len(steps.owner)) or steps.width.shape != steps.owner.shape:
            faults.append(Fault(name, text("owner, width and points differ in length")))
    for name, array in arrays_of(p):
        is_mask = name in ("locked", "extra", "floor_mentee")
        if array.dtype.kind not in ("b" if is_mask else "iu"):
            faults.append(Fault(name, text("yes or no is needed") if is_mask else text("whole numbers are needed")))
    return faults


def arrays_of(p: PairingProblem) -> list[tuple[str, NDArray[Any]]]:
    """Return the arrays of the problem by name, those that are left out not among them."""
    return [(f.name, getattr(p, f.name)) for f in fields(p) if isinstance(getattr(p, f.name), np.ndarray)]


def _range_faults(p: PairingProblem) -> list[Fault]:
    ranges = {
        "mentor": (p.mentor, p.num_mentors),
        "mentee": (p.mentee, p.num_mentees),
        "group_mentor": (p.group_mentor, p.num_mentors),
        "item_mentee": (p.item_mentee, p.num_mentees),
        "cover_option": (p.cover_option, p.num_options),
        "cover_item": (p.cover_item, p.num_items),
        "quota_option": (p.quota_option, p.num_options),
        "quota_owner": (p.quota_owner, p.num_quotas),
        "load_steps.owner": (p.load_steps.owner, p.num_mentors),
        "link_first": (p.link_first, p.num_options),
        "link_second": (p.link_second, p.num_options),
        "conflict_first": (p.conflict_first, p.num_options),
        "conflict_second": (p.conflict_second, p.num_options),
    }
    faults = [
        Fault(name, text("index outside 0…{last}", last=size - 1))
        for name, (index, size) in ranges.items()
        if len(index) and (index.min() < 0 or index.max() >= size)
    ]
    if (
        p.companion is not None
        and len(p.companion)
        and not -1 <= p.companion.min() <= p.companion.max() < p.num_options
    ):
        faults.append(Fault("companion", text("index outside −1…{last}", last=p.num_options - 1)))
    if len(p.group) and (p.group.min() < -1 or p.group.max() >= p.num_groups):
        faults.append(Fault("group", text("index outside −1…{last}", last=p.num_groups - 1)))
    elif p.num_groups and (p.mentor != p.group_mentor[p.group])[p.group >= 0].any():
        faults.append(Fault("group", text("a seat and its group name different mentors")))
    limits = ("max_individual", "max_groups", "max_places", "max_minutes", "max_mentors", "max_mentee_minutes")
    amounts = ("mentor_minutes", "mentee_minutes", "group_minutes", "group_min_size", "served_points", "item_points")
    faults += [Fault(name, text("negative")) for name in (*limits, *amounts) if getattr(p, name).min(initial=0) < 0]
    for name in ("load_steps", "quota_steps"):
        steps = getattr(p, name)
        same = steps.owner[1:] == steps.owner[:-1]
        if steps.width.min(initial=0) < 0:
            faults.append(Fault(name, text("negative")))
        if (np.diff(steps.owner) < 0).any() or (np.diff(steps.points, axis=1)[:, same] > 0).any():
            faults.append(Fault(name, text("steps must be sorted by owner and never rise")))
    return faults


def _meaning_faults(p: PairingProblem) -> list[Fault]:
    faults = []
    if p.group_min_size.min(initial=1) < 1:
        faults.append(Fault("group_min_size", text("a group has at least one member")))
    if (p.mentee[p.cover_option] != p.item_mentee[p.cover_item]).any():
        faults.append(Fault("cover_option", text("an option covers an item of another mentee")))
    for name, first, second in (
        ("cover_option", p.cover_option, p.cover_item),
        ("quota_option", p.quota_option, p.quota_owner),
    ):
        row = np.sort(first * (int(second.max(initial=0)) + 1) + second)
        if (row[1:] == row[:-1]).any():
            faults.append(Fault(name, text("the same entry is listed twice")))
    amounts = [(name, array) for name, array in arrays_of(p) if name.endswith(("_points", "points"))]
    amounts += [("load_steps", p.load_steps.points), ("quota_steps", p.quota_steps.points)]
    faults += [
        Fault(name, text("numbers too large for exact arithmetic"), text("use a smaller scale"))
        for name, array in amounts
        if max(array.max(initial=0), -array.min(initial=0)) >= MOST_POINTS
    ]
    if p.worst_off_level is not None:
        others = [array[p.worst_off_level].any() for name, array in amounts if name != "floor_points"]
        if p.floor_points is None or p.floor_mentee is None or any(others):
            faults.append(Fault("worst_off_level", text("it needs floor points and a mask, and has no other points")))
    widths = np.bincount(p.load_steps.owner, p.load_steps.width, p.num_mentors)
    has_steps = np.bincount(p.load_steps.owner, minlength=p.num_mentors) > 0
    reach = np.minimum(p.max_places, p.max_individual + p.max_groups)
    if (widths < reach)[has_steps].any():
        faults.append(Fault("load_steps", text("the widths of a mentor end before his places do")))
    return faults
