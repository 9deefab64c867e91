"""Organisations as codes, and how far apart the two sides of a pair are (requirements 9.1, note 3)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.candidates.codes import CONTOURS, ORGANISATION_TYPES, BoolArray, IntArray
from matcher.policy import Policy
from matcher.roster import Contour, OrganisationType, Roster

_CODE = {contour: code for code, contour in enumerate(CONTOURS)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlaceColumns:
    """Organisations in the order of their ids.

    Arrays of shape (num_organisations,): ``type``, ``municipality``, ``region`` (indices into ``municipality_id``,
    ``region_id``; one name in two regions is two municipalities) and ``is_placeless`` where no municipality is named.
    """

    id: tuple[str, ...]
    type: IntArray
    municipality: IntArray
    region: IntArray
    is_placeless: BoolArray
    municipality_id: tuple[str, ...]
    region_id: tuple[str, ...]

    def index(self) -> dict[str, int]:
        """Return the index of every id."""
        return {id_: at for at, id_ in enumerate(self.id)}


def build_places(roster: Roster) -> PlaceColumns:
    """Return all organisations; one that is only named by a person is a general school of its own kind."""
    known = {organisation.id: organisation for organisation in roster.organisations}
    named = {person.organisation for person in roster.people} | {found.organisation for found in roster.classes}
    ids = tuple(sorted(known.keys() | named))
    regions = [known[id_].region if id_ in known else "" for id_ in ids]
    municipalities = [known[id_].municipality if id_ in known else "" for id_ in ids]
    region_id = tuple(sorted(set(regions)))
    pairs = sorted(set(zip(regions, municipalities, strict=True)))
    pair_code = {pair: code for code, pair in enumerate(pairs)}
    types = [known[id_].type if id_ in known else OrganisationType.GENERAL_SCHOOL for id_ in ids]
    return PlaceColumns(
        id=ids,
        type=np.array([ORGANISATION_TYPES.index(type_) for type_ in types], dtype=np.int64),
        municipality=np.array([pair_code[pair] for pair in zip(regions, municipalities, strict=True)], dtype=np.int64),
        region=np.array([region_id.index(region) for region in regions], dtype=np.int64),
        is_placeless=np.array([not name for name in municipalities], dtype=bool),
        municipality_id=tuple(name for _, name in pairs),
        region_id=region_id,
    )


def distance_class(places: PlaceColumns, mentor_place: IntArray, mentee_place: IntArray) -> IntArray:
    """Return the nearest distance class of two organisations (broadcast), as a code of ``CONTOURS``.

    Two organisations of one region and different municipalities are "another municipality"; where one of them names
    no municipality (a regional centre), "region".
    """
    same_region = places.region[mentor_place] == places.region[mentee_place]
    same_municipality = places.municipality[mentor_place] == places.municipality[mentee_place]
    placeless = places.is_placeless[mentor_place] | places.is_placeless[mentee_place]
    found = np.where(same_region, _CODE[Contour.OTHER_MUNICIPALITY], _CODE[Contour.FEDERAL])
    found = np.where(same_region & placeless, _CODE[Contour.REGION], found)
    found = np.where(same_municipality, _CODE[Contour.MUNICIPALITY], found)
    return np.where(mentor_place == mentee_place, _CODE[Contour.ORGANISATION], found)


def contour_steps(policy: Policy) -> tuple[IntArray, IntArray]:
    """Return (steps, listed), both of shape (num_contours, 2), by distance class and "mentor is a partner".

    ``steps`` is how many steps away the policy counts the class (−1: HR-15 refuses), ``listed`` the class it counts as.
    """
    steps = np.full((len(CONTOURS), 2), -1, dtype=np.int64)
    listed = np.full((len(CONTOURS), 2), -1, dtype=np.int64)
    for code, place in enumerate(CONTOURS):
        if place is Contour.PARTNER:
            continue
        for column, step in ((0, policy.contour_step(place)), (1, policy.contour_step(Contour.PARTNER, place))):
            if step is not None:
                steps[code, column] = step
                listed[code, column] = CONTOURS.index(policy.contours.order[step])
    return steps, listed
