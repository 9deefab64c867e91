"""All allowed pairs of a country as the solver asks for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.candidates.codes import IntArray
from matcher.candidates.columns import Columns
from matcher.candidates.country.far import Far, FarPricing, build_far
from matcher.candidates.country.near import Region, build_regions, first_of_region, price_region
from matcher.candidates.country.prices import PointPrices
from matcher.candidates.country.profiles import build_profiles
from matcher.candidates.country.special import allowed_edges, edge_points, special_keys
from matcher.candidates.edges import SideForms, build_edges
from matcher.candidates.levels import Level
from matcher.candidates.tables import KindTables
from matcher.pairing.country.problem import Edges, Priced

FIRST_NEAR = 8
MORE_NEAR, MORE_FAR = 3, 6
"""Pairs of a mentee inside his region and outside it: to begin with, and in every turn."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CountrySource:
    """The pairs of a country; see :class:`matcher.pairing.country.problem.PairSource`."""

    columns: Columns
    sides: SideForms
    tables: KindTables
    levels: tuple[Level, ...]
    fixed: IntArray
    special: Edges
    regions: tuple[Region, ...]
    far: Far
    pricing: FarPricing

    @property
    def num_steady(self) -> int:
        """Return the number of special pairs: they come first and are never offered again."""
        return len(self.special)

    def first(self) -> Edges:
        """Return all special pairs and the best inside each region."""
        return Edges.joined([self.special, *(first_of_region(region, FIRST_NEAR) for region in self.regions)])

    def price(self, price: IntArray, worth: IntArray) -> Priced:
        """Return the best net gain of every mentee among all pairs, and pairs that pay."""
        best, far = self.pricing.price(price, worth, MORE_FAR)
        np.maximum.at(best, self.special.mentee, self.special.gain - price[self.special.mentor])
        found = [far]
        for region in self.regions:
            here, edges = price_region(region, price, worth, MORE_NEAR)
            best[region.mentees] = np.maximum(best[region.mentees], here)
            found.append(edges)
        return Priced(best=best, edges=Edges.joined(found))

    def points(self, mentor: IntArray, mentee: IntArray) -> IntArray:
        """Return the points of pairs on every level, by the rules themselves."""
        edges = build_edges(self.columns, self.sides, mentor, mentee)
        return edge_points(edges, self.tables, self.levels, self.fixed)


def build_source(
    columns: Columns,
    sides: SideForms,
    tables: KindTables,
    levels: tuple[Level, ...],
    fixed: IntArray,
    per_level: IntArray,
) -> CountrySource:
    """Return the pairs of a round; ``fixed`` are keys of pairs that stay, ``per_level`` the weights of the levels."""
    prices = PointPrices.of_levels(columns.policy, levels, per_level)
    profiles = build_profiles(columns, sides, tables, prices)
    keys = special_keys(columns)
    edges = allowed_edges(columns, sides, keys, fixed)
    usable = profiles.usable_mentee[edges.mentee]
    edges = edges.take(usable)
    gain = np.tensordot(per_level, edge_points(edges, tables, levels, fixed), 1)
    far = build_far(profiles, keys)
    return CountrySource(
        columns=columns,
        sides=sides,
        tables=tables,
        levels=levels,
        fixed=fixed,
        special=Edges(mentor=edges.mentor, mentee=edges.mentee, gain=gain),
        regions=tuple(build_regions(profiles, keys)),
        far=far,
        pricing=FarPricing(far),
    )
