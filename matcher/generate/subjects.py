"""Which subjects the made-up staff teach, who of them has a role in the round, and where they work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matcher.generate.draw import Draw, IntArray, spread
from matcher.generate.places import MAX_RURAL_STAFF, Places
from matcher.roster import OrganisationType

OTHER, MENTEE, MENTOR = 0, 1, 2

# How many of a hundred school teachers teach it.
_SCHOOL: Mapping[str, float] = {
    "primary": 20,
    "russian": 11,
    "mathematics": 11,
    "foreign_language.en": 9,
    "history": 7,
    "physical_education": 7,
    "biology": 5,
    "physics": 4,
    "chemistry": 4,
    "geography": 4,
    "informatics": 4,
    "labour_technology": 4,
    "music": 2,
    "art": 2,
    "safety_defence": 2,
    "psychology": 2,
    "speech_therapy": 2,
}
_KINDERGARTEN: Mapping[str, float] = {"preschool": 85, "speech_therapy": 8, "psychology": 7}
_ADDITIONAL: Mapping[str, float] = {
    "additional_education.technical": 25,
    "additional_education.arts": 35,
    "additional_education.sport": 25,
    "additional_education.nature": 15,
}
# Share of the mentees; each able mentor is wanted by RARE_RATIO of them.
_RARE: Mapping[str, float] = {"mathematics": 0.15, "foreign_language.en": 0.12, "physics": 0.09}
RARE_SUBJECTS = tuple(_RARE)
RARE_RATIO = 2.6
_BY_TYPE = {
    OrganisationType.GENERAL_SCHOOL: _SCHOOL,
    OrganisationType.KINDERGARTEN: _KINDERGARTEN,
    OrganisationType.ADDITIONAL_EDUCATION: _ADDITIONAL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Posts:
    """One entry per member of staff, ordered by organisation: where, what, and the role in the round."""

    organisation: IntArray
    subject: list[str]
    role: IntArray


def assign_posts(draw: Draw, places: Places, *, num_mentees: int, num_mentors: int) -> Posts:
    """Return everybody's organisation, subject and role.

    Mentees in the rare subjects outnumber the mentors who teach them by 2.4 to 2.8; a school of at most
    ``MAX_RURAL_STAFF`` has one teacher a subject as far as the subjects reach.
    """
    types = [type_ for type_ in _BY_TYPE if type_ in places.type]
    members = [np.flatnonzero([type_ is found for found in places.type]) for type_ in types]
    num_staff = [int(places.size[member].sum()) for member in members]
    mentees, mentors = spread(num_mentees, num_staff).tolist(), spread(num_mentors, num_staff).tolist()
    organisations, subjects, roles = [], [], []
    for type_, member, staff, n, m in zip(types, members, num_staff, mentees, mentors, strict=True):
        count = _count_roles(_BY_TYPE[type_], num_staff=staff, num_mentees=n, num_mentors=m)
        pools = [np.repeat(np.arange(3), c)[draw.order(int(c.sum()))] for c in count]
        rural = type_ is OrganisationType.GENERAL_SCHOOL
        where, what, who = _deal(draw, places.size[member], pools, max_rural=MAX_RURAL_STAFF if rural else 0)
        organisations.append(member[where])
        subjects.append(np.array(list(_BY_TYPE[type_]), dtype=object)[what])
        roles.append(who)
    organisation = np.concatenate(organisations)
    order = np.argsort(organisation, kind="stable")
    return Posts(
        organisation=organisation[order],
        subject=np.concatenate(subjects)[order].tolist(),
        role=np.concatenate(roles)[order],
    )


def _count_roles(frequency: Mapping[str, float], *, num_staff: int, num_mentees: int, num_mentors: int) -> IntArray:
    """Return how many people of each subject have each role: shape (subjects, 3)."""
    rare_mentors = _count_rare_mentors(frequency, num_mentees, num_mentors)
    rare_mentees = np.floor(RARE_RATIO * rare_mentors + 0.5).astype(np.int64)
    every = np.array(list(frequency.values()))
    common = np.array([0.0 if name in _RARE else value for name, value in frequency.items()])
    count = np.empty((len(frequency), 3), dtype=np.int64)
    count[:, OTHER] = spread(num_staff - num_mentees - num_mentors, every)
    count[:, MENTEE] = rare_mentees + spread(num_mentees - int(rare_mentees.sum()), common)
    count[:, MENTOR] = rare_mentors + spread(num_mentors - int(rare_mentors.sum()), common)
    return count


def _count_rare_mentors(frequency: Mapping[str, float], num_mentees: int, num_mentors: int) -> IntArray:
    """Return the mentors of each subject if it is rare: none or at least two, so that the ratio can be kept."""
    share = np.array([_RARE.get(name, 0.0) for name in frequency])
    wanted = int(share.sum() * num_mentees / RARE_RATIO + 0.5)
    total = min(max(2, wanted) if num_mentees >= 8 else 0, num_mentors // 2)
    if total < 2 or not share.any():
        return np.zeros(len(share), dtype=np.int64)
    found = np.zeros(len(share), dtype=np.int64)
    chosen = np.argsort(-share, kind="stable")[: min(total // 2, int((share > 0).sum()))]
    found[chosen] = 2
    weight = np.maximum(0.0, total * share / share[chosen].sum() - 2) * (found > 0)
    return found + spread(total - int(found.sum()), weight if weight.any() else share)


def _deal(draw: Draw, size: IntArray, pools: list[IntArray], *, max_rural: int) -> tuple[IntArray, IntArray, IntArray]:
    """Seat the people of the pools (roles by subject) in organisations of these sizes."""
    left = np.array([len(pool) for pool in pools])
    wanted = size.copy()
    where, what = [], []
    for organisation in np.flatnonzero(size <= max_rural).tolist():
        # Often the larger pools, never the same subject twice.
        subject = np.argsort(-left * draw.unit(len(left)), kind="stable")[: size[organisation]]
        subject = subject[left[subject] > 0]
        left[subject] -= 1
        wanted[organisation] -= len(subject)
        where.append(np.full(len(subject), organisation))
        what.append(subject)
    # Evenly spaced over the list sorted by subject: every larger school gets its share of each.
    rest = np.repeat(np.arange(len(size)), wanted)
    place_in_line = np.arange(len(rest)) - np.repeat(np.cumsum(wanted) - wanted, wanted)
    line = np.argsort((place_in_line + draw.unit(len(size))[rest]) / wanted[rest], kind="stable")
    where.append(rest[line])
    what.append(np.repeat(np.arange(len(left)), left))
    all_where, all_what = np.concatenate(where), np.concatenate(what)
    who = np.empty(len(all_what), dtype=np.int64)
    for name, pool in enumerate(pools):
        who[all_what == name] = pool
    return all_where, all_what, who
