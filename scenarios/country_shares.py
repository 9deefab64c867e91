"""Figures of a country's round by region, for plots: coverage, from how far mentors come, their load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from matcher.candidates.codes import CONTOURS
from matcher.candidates.places import build_places, distance_class
from matcher.judge.facts import FIXED
from matcher.roster import Contour, PersonKind, Roster
from scenarios.shares import counted

_GUESTS = (PersonKind.PARTNER, PersonKind.UNIVERSITY)


def country_shares(roster: Roster, pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Return the figures of pairs (mentor, mentee): regions are those of the mentees."""
    places = build_places(roster)
    index = {id_: at for at, id_ in enumerate(places.id)}
    home = {one.id: index[one.organisation] for one in roster.people}
    home |= {one.id: index[one.organisation] for one in roster.classes}
    guests = {one.id for one in roster.people if one.person_kind in _GUESTS}
    region = [places.region_id[code] for code in places.region.tolist()]
    mentor_place = np.array([home[mentor] for mentor, _ in pairs], dtype=np.int64)
    mentee_place = np.array([home[mentee] for _, mentee in pairs], dtype=np.int64)
    classes = [CONTOURS[code] for code in distance_class(places, mentor_place, mentee_place).tolist()]
    contours = [
        Contour.PARTNER if mentor in guests and place is not Contour.ORGANISATION else place
        for (mentor, _), place in zip(pairs, classes, strict=True)
    ]
    before = Counter(lock.mentor for lock in roster.locks if lock.status in FIXED)
    load = Counter(mentor for mentor, _ in pairs)
    found = {f"contour.{contour.value}": float(count) for contour, count in sorted(Counter(contours).items())}
    of = Counter(
        f"contour.region.{contour.value}/{region[home[mentee]]}"
        for (_, mentee), contour in zip(pairs, contours, strict=True)
    )
    return {
        **found,
        **{name: float(count) for name, count in sorted(of.items())},
        **counted("region.mentees", (region[home[one.person]] for one in roster.mentees)),
        **counted("region.served", (region[home[mentee]] for _, mentee in pairs)),
        **counted("load.before", (str(before[one.person]) for one in roster.mentors)),
        **counted("load.after", (str(load[one.person]) for one in roster.mentors)),
        "load.most": float(max(load.values(), default=0)),
    }
