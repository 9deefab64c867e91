"""The Lagrangian relaxation: rules that bind several mentors are priced, every mentor then chooses on his own.

The same relaxation as that of the certificate, in floating point and with slopes. Gains that only one chosen option can
earn are counted at the options.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.integer.bundles import Bundles, Choice
from matcher.pairing.integer.certify import FloatPrices
from matcher.pairing.problem import NO_LIMIT, PairingProblem

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

KINDS = ("mentee", "minute", "served", "item", "quota")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evaluation:
    """One evaluation: the ``bound``, its ``slope`` by every price, and what the mentors chose."""

    bound: float
    slope: FloatArray
    choice: Choice


class Relaxed:
    """The relaxation of a problem under ``weight`` (num_levels,) of its levels, for the options of ``bundles``.

    Prices are one vector: of mentees' places, of their minutes, for serving, for covering items, of quotas.
    """

    def __init__(self, p: PairingProblem, weight: FloatArray, bundles: Bundles) -> None:
        self.p, self.weight, self.bundles = p, weight, bundles
        option = bundles.option
        usable = np.zeros(p.num_options, dtype=bool)
        usable[option] = True
        self.option_gain = weight @ p.points
        self.opening_gain = weight @ p.group_points[:, bundles.openings.group]
        self.served_gain = weight @ p.served_points
        self.item_gain = weight @ p.item_points
        self.quota_gain = weight @ p.quota_steps.points
        self.step_gain = place_gains(p, weight @ p.load_steps.points)
        half = np.maximum(0, weight @ p.link_points) / 2
        for side in (p.link_first, p.link_second):
            np.add.at(self.option_gain, side, half)
        self._fold(usable)
        self.first = np.ones(p.num_options, dtype=bool) if p.extra is None else ~p.extra
        self._bound_prices(usable)
        self.scale = self._scale()

    def _scale(self) -> float:
        """Return how much the choice of options matters in all: the measure of the price steps."""
        p, option = self.p, self.bundles.option
        gain, who = self.option_gain[option], p.mentee[option]
        most, least = np.full(p.num_mentees, -np.inf), np.full(p.num_mentees, np.inf)
        np.maximum.at(most, who, gain)
        np.minimum.at(least, who, gain)
        span = (most - least)[np.isfinite(most)]
        return max(1.0, float(np.median(span)) * len(span)) if len(span) else 1.0

    def _fold(self, usable: BoolArray) -> None:
        """Count at the options what only one chosen option can earn."""
        p = self.p
        single = p.max_mentors <= 1
        covering = usable[p.cover_option]
        times = np.bincount(p.cover_item[covering], minlength=p.num_items)
        self.folded_item = single[p.item_mentee] | (times <= 1)
        self.folded_mentee = single
        folded = self.folded_item[p.cover_item]
        np.add.at(self.option_gain, p.cover_option[folded], self.item_gain[p.cover_item[folded]])
        self.option_gain += np.where(single, self.served_gain, 0)[p.mentee]
        self.served_left = np.where(single, 0, self.served_gain)
        self.item_left = np.where(self.folded_item, 0, self.item_gain)
        self.cover_option, self.cover_item = p.cover_option[covering & ~folded], p.cover_item[covering & ~folded]

    def _bound_prices(self, usable: BoolArray) -> None:
        """Set the least and greatest sensible price of everything; what cannot bind has none."""
        p = self.p
        count = np.bincount(p.mentee[usable], minlength=p.num_mentees)
        minutes = np.bincount(p.mentee[usable], p.mentee_minutes[usable], p.num_mentees)
        refund = np.zeros(p.num_mentees)
        for side in (p.link_first, p.link_second):
            np.add.at(refund, p.mentee[side], p.link_refund_minutes)
        self.mentee_room = p.max_mentors.astype(np.float64)
        timed = (minutes > p.max_mentee_minutes) & (p.max_mentee_minutes < NO_LIMIT)
        self.minute_room = np.where(timed, p.max_mentee_minutes + refund, 0.0)
        self.minute_scale = max(1.0, float(p.mentee_minutes.mean()) if p.num_options else 1.0)
        quota_least, quota_most = self._quota_range(usable)
        least = [np.zeros(p.num_mentees)] * 3 + [np.zeros(p.num_items), quota_least]
        most = [
            np.where(count > p.max_mentors, np.inf, 0),
            np.where(timed, np.inf, 0),
            self.served_left,
            self.item_left,
            quota_most,
        ]
        ends = np.cumsum([len(part) for part in least])
        self.part = {
            kind: slice(int(end - len(part)), int(end)) for kind, part, end in zip(KINDS, least, ends, strict=True)
        }
        self.least, self.most = np.concatenate(least), np.concatenate(most)

    def _quota_range(self, usable: BoolArray) -> tuple[FloatArray, FloatArray]:
        """Return the least and greatest sensible price of a member: what the first and the last step lose by one.

        The last step has no end that matters where it can hold all members; else the price has no limit above.
        """
        p, steps = self.p, self.p.quota_steps
        members = np.bincount(p.quota_owner[usable[p.quota_option]], minlength=p.num_quotas)
        least, most = np.zeros(p.num_quotas), np.full(p.num_quotas, np.inf)
        first = np.searchsorted(steps.owner, np.arange(p.num_quotas))
        last = np.searchsorted(steps.owner, np.arange(p.num_quotas), side="right") - 1
        has_steps = last >= first
        first, last = first[has_steps], last[has_steps]
        least[has_steps] = -self.quota_gain[first]
        endless = steps.width[last] >= members[has_steps]
        most[has_steps] = np.where(endless, -self.quota_gain[last], np.inf)
        return least, most

    def start(self) -> FloatArray:
        """Return prices at which a mentee's middle option is worth nothing to a mentor.

        An option that earns something pays for the mentee's place; one that costs something is paid for serving.
        """
        p, price, part = self.p, np.zeros(len(self.least)), self.part
        option = self.bundles.option[self.first[self.bundles.option]]
        worth = self.worth(price)[option]
        order = np.lexsort((worth, p.mentee[option]))
        begin = np.searchsorted(p.mentee[option][order], np.arange(p.num_mentees + 1))
        size = np.diff(begin)
        has_any = np.flatnonzero(size)
        middle = np.zeros(p.num_mentees)
        middle[has_any] = worth[order][begin[has_any] + size[has_any] // 2]
        price[part["mentee"]] = middle
        price[part["served"]] = -middle
        return np.clip(price, self.least, self.most)

    def worth(self, price: FloatArray) -> FloatArray:
        """Return what every option earns a mentor at these prices."""
        p, part = self.p, self.part
        worth: FloatArray = self.option_gain - price[part["mentee"]][p.mentee]
        minute, served, item = price[part["minute"]], price[part["served"]], price[part["item"]]
        if minute.any():
            worth -= minute[p.mentee] * (p.mentee_minutes / self.minute_scale)
        if served.any():
            worth += served[p.mentee] * self.first
        if len(self.cover_option):
            worth += np.bincount(self.cover_option, item[self.cover_item], p.num_options)
        if p.num_quotas:
            worth -= np.bincount(p.quota_option, price[part["quota"]][p.quota_owner], p.num_options)
        return worth

    def evaluate(self, price: FloatArray) -> Evaluation:
        """Return the bound at these prices, its slope and the choice behind it."""
        choice = self.bundles.choose(self.worth(price), self.opening_gain, self.step_gain)
        return Evaluation(
            bound=float(choice.value.sum()) + self._rest(price), slope=self.slope(price, choice.option), choice=choice
        )

    def _rest(self, price: FloatArray) -> float:
        """Return what the prices themselves add to the bound."""
        p, part = self.p, self.part
        steps = self.quota_gain + price[part["quota"]][p.quota_steps.owner]
        return float(
            price[part["mentee"]] @ self.mentee_room
            + price[part["minute"]] @ self.minute_room / self.minute_scale
            + np.maximum(0, self.served_left - price[part["served"]]).sum()
            + np.maximum(0, self.item_left - price[part["item"]]).sum()
            + p.quota_steps.width @ np.maximum(0, steps)
        )

    def slope(self, price: FloatArray, option: IntArray) -> FloatArray:
        """Return the slope of the bound by every price when the mentors choose ``option``."""
        p, part = self.p, self.part
        slope = np.zeros(len(price))
        who = p.mentee[option]
        slope[part["mentee"]] = self.mentee_room - np.bincount(who, minlength=p.num_mentees)
        if self.minute_room.any():
            used = np.bincount(who, p.mentee_minutes[option], p.num_mentees)
            slope[part["minute"]] = (self.minute_room - used) / self.minute_scale
        if self.served_left.any():
            served = np.bincount(who[self.first[option]], minlength=p.num_mentees)
            slope[part["served"]] = served - (self.served_left > price[part["served"]])
        if len(self.cover_option):
            times = np.bincount(option, minlength=p.num_options)
            covered = np.bincount(self.cover_item, times[self.cover_option], p.num_items)
            slope[part["item"]] = covered - (self.item_left > price[part["item"]])
        if p.num_quotas:
            times = np.bincount(option, minlength=p.num_options)
            members = np.bincount(p.quota_owner, times[p.quota_option], p.num_quotas)
            steps = self.quota_gain + price[part["quota"]][p.quota_steps.owner] > 0
            room = np.bincount(p.quota_steps.owner[steps], p.quota_steps.width[steps], p.num_quotas)
            slope[part["quota"]] = room - members
        slope[self.least == self.most] = 0
        return slope

    def prices(self, price: FloatArray, level: int) -> FloatPrices:
        """Return the vector as prices of a certificate for ``level``; the weights below it must be zero."""
        part = self.part
        scale = self.weight[level]
        return FloatPrices(
            weight=self.weight[: level + 1] / scale,
            mentee=price[part["mentee"]] / scale,
            minute=price[part["minute"]] / self.minute_scale / scale,
            served=np.where(self.folded_mentee, self.served_gain, price[part["served"]]) / scale,
            item=np.where(self.folded_item, self.item_gain, price[part["item"]]) / scale,
            quota=price[part["quota"]] / scale,
            floor=np.zeros(self.p.num_mentees),
        )


def place_gains(p: PairingProblem, points: FloatArray) -> FloatArray | None:
    """Return the gain of each further place of every mentor, (num_mentors, most places); None where there is none."""
    if not points.any():
        return None
    most = int(np.minimum(p.max_places, p.max_individual + p.max_groups).max(initial=0))
    gain = np.zeros((p.num_mentors, most))
    begin = np.cumsum(p.load_steps.width) - p.load_steps.width
    begin -= begin[np.searchsorted(p.load_steps.owner, p.load_steps.owner)]
    for place in range(most):
        inside = np.flatnonzero((begin <= place) & (place < begin + p.load_steps.width))
        gain[p.load_steps.owner[inside], place] = points[inside]
    return gain
