"""The certificate of a round of a country, re-checked: prices of places against every allowed pair, in whole numbers.

At the prices given, every mentee takes the mentor who is best for him, and every place is sold that pays. No round is
worth more than the sum: that is the bound. Where it equals what the round is worth, no round is better. Nothing here
is shared with the rooms that found the round.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from matcher.judge.cases import refusals
from matcher.judge.country.mentees import NOBODY, MenteeView, ask_of, wishes_of
from matcher.judge.country.mentors import MentorTable
from matcher.judge.country.order import keeps_order
from matcher.judge.country.teller import Teller
from matcher.judge.facts import FIXED, Facts
from matcher.outcome import Violation
from matcher.policy import Policy
from matcher.roster import Roster
from matcher.texts import Text, text


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryProof:
    """What a round of a country claims, by ids.

    ``pairs`` are (mentor, mentee); ``levels`` are the names of the levels, the deciding one first, ``weights`` what a
    point of each weighs, ``price`` what a place of each mentor costs. ``locks`` are the running pairs that stay.
    """

    pairs: Sequence[tuple[str, str]]
    levels: Sequence[str]
    weights: Sequence[int]
    price: Mapping[str, int]
    locks: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryCheck:
    """The finding: ``values`` by level, ``value`` and ``bound`` as weighted sums, what is wrong.

    ``num_pairs`` pairs were looked at, ``num_allowed`` keep every rule; ``refused`` counts the others by the first rule
    against them.
    """

    values: tuple[int, ...]
    value: int
    bound: int
    num_pairs: int
    num_allowed: int
    refused: Mapping[str, int]
    violations: tuple[Violation, ...]

    @property
    def is_proved(self) -> bool:
        """Return whether nothing is wrong and no round is worth more."""
        return not self.violations and self.value == self.bound


def check_country(roster: Roster, policy: Policy, reference_day: date, proof: CountryProof) -> CountryCheck:
    """Re-check a round of a country over all its pairs; no solver runs."""
    facts = Facts.of(roster, policy, reference_day)
    table = MentorTable.of(facts)
    view = MenteeView.of(facts, table)
    price = np.array([proof.price[id_] for id_ in table.ids], dtype=np.int64)
    teller = Teller.of(facts, roster, view, proof.levels, proof.weights, price, proof.locks)
    chosen = {mentee: mentor for mentor, mentee in proof.pairs}
    found: list[Violation] = []
    if len(chosen) < len(proof.pairs):
        found.append(_wrong(text("somebody has two mentors")))
    values = Counter[int]()
    bound = 0
    everybody = [(ask_of(facts, mentee), mentee) for mentee in facts.mentees.values()]
    everybody.sort(key=lambda entry: (repr(entry[0]), entry[1].person))
    for ask, mentee in everybody:
        gain, row = teller.gains(mentee, view.worth(mentee, ask))
        net = gain - teller.price[row]
        served = teller.served(mentee)
        weight = 0 if served is None else teller.weight[served]
        bound += max(0, int(net.max(initial=NOBODY)) + weight)
        mentor = chosen.get(mentee.person)
        if mentor is None:
            continue
        at = np.flatnonzero(row == table.row[mentor])
        if not len(at) or refusals(facts, mentor, mentee.person):
            found.append(_wrong(text("the rules do not allow this pair"), mentor, mentee.person))
            continue
        told = teller.levels_of(mentor, mentee)
        if sum(teller.weight[level] * points for level, points in told.items()) != int(gain[at[0]]):
            found.append(_wrong(text("the pair is not worth what was counted for it"), mentor, mentee.person))
        values.update(told)
        if served is not None:
            values[served] += 1
    bound += _places(facts, table, teller, proof, values, found)
    found += _locks(facts, proof)
    found += _order(facts, table, teller, proof)
    total = sum(teller.weight[level] * values[level] for level in range(len(proof.levels)))
    return CountryCheck(
        values=tuple(values[level] for level in range(len(proof.levels))),
        value=total,
        bound=bound,
        num_pairs=len(facts.mentors) * len(facts.mentees),
        num_allowed=teller.num_allowed,
        refused=dict(teller.refused),
        violations=tuple(found),
    )


def _wrong(message: Text, *subjects: str) -> Violation:
    return Violation("country", subjects, message)


def _places(
    facts: Facts, table: MentorTable, teller: Teller, proof: CountryProof, values: Counter[int], found: list[Violation]
) -> int:
    """Return what selling places adds to the bound; count the used ones into ``values``."""
    load = Counter(mentor for mentor, _ in proof.pairs)
    used = np.array([load[id_] for id_ in table.ids], dtype=np.int64)
    for id_ in np.array(table.ids)[used > table.most].tolist():
        found.append(_wrong(text("the mentor has more mentees than places"), id_))
    bound = 0
    balance = [level for level, rules in enumerate(teller.rules) if "SO-07" in rules]
    for place in range(int(table.most.max(initial=0))):
        there = table.most > place
        least, cost = (place < table.least) & there, table.place_costs(place)
        worth = np.zeros(len(used), dtype=np.int64)
        for level, name in enumerate(proof.levels):
            points = least.astype(np.int64) if name == "least" else np.zeros_like(worth)
            if level in balance:
                points = points - teller.rules[level]["SO-07"] * cost
            worth += teller.weight[level] * points
            values[level] += int(points[there & (used > place)].sum())
        bound += sum(np.maximum(0, worth + teller.price)[there].tolist())
    return bound


def _locks(facts: Facts, proof: CountryProof) -> list[Violation]:
    running = {pair for pair, locks in facts.locks.items() if any(lock.status in FIXED for lock in locks)}
    strange = sorted(proof.locks - running)
    return [_wrong(text("no such pair is running"), *pair) for pair in strange]


def _order(facts: Facts, table: MentorTable, teller: Teller, proof: CountryProof) -> list[Violation]:
    """Return what shows that the levels are not the regulation's, or that their weights do not keep the order."""
    found = []
    told = [name for name in proof.levels if name not in ("locks", "least") and not name.startswith("SO-01:")]
    due = ["+".join(rules) for rules in facts.policy.levels if "SO-01" not in rules]
    tiers = [f"SO-01:{tier + 1}" for tier in range(len(facts.policy.tiers))]
    if told != due or any(tier not in proof.levels for tier in tiers):
        found.append(_wrong(text("the levels are not those of the regulation")))
    needs = [sum(wish.counts for wish in wishes_of(facts, mentee)) for mentee in facts.mentees.values()]
    prices = teller.price[table.most > 0]
    cost = int(table.place_costs(max(0, int(table.most.max(initial=0)) - 1)).max(initial=0))
    if not keeps_order(proof.levels, teller.weight, teller.rules, prices.tolist(), max(needs, default=0), cost):
        found.append(_wrong(text("the weights do not keep the order of the levels")))
    return found
