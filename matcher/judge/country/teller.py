"""What pairs of a round of a country are worth, by the regulation alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.judge.categories import tier_of
from matcher.judge.choices import choose_kind
from matcher.judge.country.mentees import (
    MenteeView,
    Worth,
    need_key,
    wishes_of,
)
from matcher.judge.country.mentors import BoolArray, IntArray, minutes_of_pair
from matcher.judge.facts import Facts, Sides
from matcher.policy import Policy
from matcher.policy_words import CompatibilitySource
from matcher.roster import Contour, LockStatus, Mentee, Recommendation, Request, Roster

_CRITERIA = ("SO-03", "SO-04", "SO-05", "SO-06", "SO-08", "SO-10", "SO-11")


@dataclass(slots=True, kw_only=True, eq=False)
class Teller:
    """Tells what pairs are worth; counts on the way which rule refuses how many."""

    facts: Facts
    view: MenteeView
    weight: list[int]
    rules: list[dict[str, int]]
    tiers: dict[tuple[int, bool | None], int]
    locks: frozenset[tuple[str, str]]
    lock_level: int | None
    price: IntArray
    marks: dict[str, dict[str, tuple[int, int]]]
    barred: dict[str, set[str]]
    first_criteria: int | None
    num_allowed: int
    refused: Counter[str]
    weighted: dict[str, int]

    @classmethod
    def of(
        cls,
        facts: Facts,
        roster: Roster,
        view: MenteeView,
        levels: Sequence[str],
        weights: Sequence[int],
        price: IntArray,
        locks: frozenset[tuple[str, str]],
    ) -> Teller:
        """Return the teller of a round."""
        rules = [_rules_of(facts.policy, name) for name in levels]
        return cls(
            facts=facts,
            view=view,
            weight=[int(w) for w in weights],
            rules=rules,
            tiers={_tier(name): level for level, name in enumerate(levels) if name.startswith("SO-01:")},
            locks=locks,
            lock_level=next((level for level, name in enumerate(levels) if name == "locks"), None),
            price=price,
            marks=_marks(facts, roster, locks),
            barred=_barred(facts),
            first_criteria=next((at for at, named in enumerate(rules) if set(named) & set(_CRITERIA)), None),
            num_allowed=0,
            refused=Counter(),
            weighted={
                rule: sum(int(w) * named.get(rule, 0) for w, named in zip(weights, rules, strict=True))
                for rule in (*_CRITERIA, "SO-02")
            },
        )

    def served(self, mentee: Mentee) -> int | None:
        """Return the level on which serving a mentee counts (SO-01)."""
        tier = tier_of(self.facts, mentee)
        waited = self.tiers.get((tier, True)) if mentee.unmatched_last_round else None
        return self.tiers.get((tier, None)) if waited is None else waited

    def gains(self, mentee: Mentee, worth: Worth) -> tuple[IntArray, IntArray]:
        """Return (weighted gain, row) of all mentors who may be a mentee's."""
        table, row = self.view.table, worth.row
        self._count(mentee, worth)
        if not _has_time(self.facts, mentee):
            self.refused["HR-06"] += len(row)
            return np.zeros(0, dtype=np.int64), row[:0]
        person = self.facts.people[mentee.person]
        near = self.view.nearness(mentee, row)
        neutral = 10 * self.facts.policy.thresholds.neutral_wish
        gain = self._weighted("SO-02") * worth.covered
        gain += self._weighted("SO-03") * (worth.subject - 100)
        gain += self._weighted("SO-04") * (neutral - 100) - self._weighted("SO-05") * 100
        gain += self._weighted("SO-06") * (near - 100)
        suits = self.view.suits(person.pedagogical_experience_years)[row]
        if person.alumnus:
            home = self.facts.organisation(person.organisation)
            first, end = table.span.get((home.region, home.municipality, home.id), (0, 0))
            begin, stop = np.searchsorted(row, (first, end))
            suits[begin:stop] = self.view.suits(person.pedagogical_experience_years, 10)[row[begin:stop]]
        gain += self._weighted("SO-08") * (suits - 100)
        gain += self._weighted("SO-10") * (worth.spares - 100)
        if self.first_criteria is not None:
            gain -= self.weight[self.first_criteria] * (1 + worth.kind)
        kept = near >= 0
        self.refused["HR-15"] += int((~kept).sum())
        self._mark(mentee, row, gain, kept)
        self.num_allowed += int(kept.sum())
        return gain[kept], row[kept]

    def _mark(self, mentee: Mentee, row: IntArray, gain: IntArray, kept: BoolArray) -> None:
        """Count in what is known of single pairs, in place."""
        table = self.view.table
        known = {*self.marks.get(mentee.person, ()), *self.barred.get(mentee.person, ())}
        for mentor in sorted(known):
            at = int(np.searchsorted(row, table.row[mentor]))
            if at == len(row) or row[at] != table.row[mentor] or not kept[at]:
                continue
            if mentor in self.barred.get(mentee.person, ()):
                kept[at] = False
                self.refused["HR-02"] += 1
                continue
            sympathy, suits = self.marks[mentee.person][mentor]
            neutral = 10 * self.facts.policy.thresholds.neutral_wish
            gain[at] += self._weighted("SO-04") * (sympathy - neutral) + self._weighted("SO-05") * suits
            if (mentor, mentee.person) in self.locks and self.lock_level is not None:
                gain[at] += self.weight[self.lock_level]

    def _weighted(self, rule: str) -> int:
        return self.weighted.get(rule, 0)

    def _count(self, mentee: Mentee, worth: Worth) -> None:
        usable = int(self.view.table.usable.sum())
        self.refused["HR-02"] += len(self.view.table.ids) - usable
        self.refused["HR-03"] += usable - worth.num_fit
        self.refused["HR-04"] += worth.num_fit - len(worth.row)

    def levels_of(self, mentor: str, mentee: Mentee) -> dict[int, int]:
        """Return what a single pair is worth on every level, but for serving the mentee: rule by rule, no table."""
        points = self._criteria(Sides.of(self.facts, mentor, mentee.person))
        found = {
            level: sum(weight * points[rule] for rule, weight in named.items() if rule in points)
            for level, named in enumerate(self.rules)
        }
        if self.first_criteria is not None:
            found[self.first_criteria] -= 1 + points["kind"]
        if self.lock_level is not None and (mentor, mentee.person) in self.locks:
            found[self.lock_level] += 1
        return found

    def _criteria(self, sides: Sides) -> dict[str, int]:
        facts, policy = self.facts, self.facts.policy
        mentor, mentee = sides.ids
        person = sides.mentee_person
        assert person is not None
        wishes = wishes_of(facts, sides.mentee)
        least = policy.thresholds.min_level
        covered = [
            w
            for w in wishes
            if (sides.covers_request(w.need, least) if isinstance(w.need, Request) else sides.covers_gap(w.need))
        ]
        used = max((self.view.scarcity[need_key(facts, w.need)] for w in covered), default=0.0)
        scarcest = float(self.view.scarcest[self.view.table.row[mentor]])
        order = policy.contours.order
        wider = [Contour.ORGANISATION, Contour.MUNICIPALITY, Contour.OTHER_MUNICIPALITY, Contour.REGION]
        classes = [*wider, Contour.FEDERAL][[*wider, Contour.FEDERAL].index(sides.place) :]
        listed = next((found for found in classes if found in order), Contour.PARTNER)
        furthest = max(1, len(order) - 1)
        sympathy, suits = self.marks.get(mentee, {}).get(mentor, (10 * policy.thresholds.neutral_wish, 0))
        theirs = [*person.subjects, *(w.subject for w in sides.mentee.requests if w.subject)]
        related = any(policy.is_related(a, b) for a in sides.mentor_person.subjects for b in theirs)
        kind = choose_kind(sides)
        assert kind is not None
        prefer = policy.kind_prefer
        return {
            "SO-02": sum(w.counts for w in covered),
            "SO-03": (100 if sides.shares_subject() else 50 if related or not theirs else 0) - 100,
            "SO-04": sympathy - 100,
            "SO-05": suits - 100,
            "SO-06": round(100 * (1 - min(order.index(listed), furthest) / furthest)) - 100,
            "SO-08": self._suits(sides) - 100,
            "SO-10": round(100 * (1 - max(0.0, scarcest - used))) - 100,
            "kind": prefer.index(kind) if kind in prefer else len(prefer),
        }

    def _suits(self, sides: Sides) -> int:
        person, mentor = sides.mentee_person, sides.mentor_person
        assert person is not None
        mine, theirs = mentor.pedagogical_experience_years, person.pedagogical_experience_years
        years = 30.0
        if mine is not None and theirs is not None:
            low, high = self.facts.policy.thresholds.experience_gap_years
            years = max(0.0, 60 - 6 * max(0.0, low - (mine - theirs), mine - theirs - high))
        rest = 25 * mentor.qualification.rank / 4 + 15 * (sides.mentor.mentor_training_day is not None)
        home = 10 * (person.alumnus and mentor.organisation == person.organisation)
        return round(min(100.0, years + rest + home))


def _rules_of(policy: Policy, name: str) -> dict[str, int]:
    """Return the rules of a level and what a point of each counts there."""
    rules = name.split("+")
    if not all(rule in policy.weights for rule in rules):
        return {}
    if len(rules) == 1:
        return {rules[0]: 1}
    return {rule: policy.weights[rule] * 100 // 3 if rule == "SO-02" else policy.weights[rule] for rule in rules}


def _tier(name: str) -> tuple[int, bool | None]:
    _, tier, *waited = name.split(":")
    return int(tier) - 1, True if waited else None


def _has_time(facts: Facts, mentee: Mentee) -> bool:
    load = facts.policy.load
    hours = load.mentee_hours_per_week if mentee.hours_per_week is None else mentee.hours_per_week
    most = load.max_mentors_per_mentee if mentee.max_mentors is None else mentee.max_mentors
    return most > 0 and round(hours * 240) >= minutes_of_pair(facts) and mentee.person not in facts.withdrawn


def _marks(facts: Facts, roster: Roster, locks: frozenset[tuple[str, str]]) -> dict[str, dict[str, tuple[int, int]]]:
    """Return by mentee and mentor (SO-04, SO-05) where either said something, and of running pairs."""
    neutral = facts.policy.thresholds.neutral_wish
    wishes: dict[tuple[str, str], float] = {
        (wish.from_person, wish.to_person): wish.score for wish in roster.wishes if wish.score is not None
    }
    known = {(m, n) for m, n in (*wishes, *((b, a) for a, b in wishes)) if m in facts.mentors and n in facts.mentees}
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for mentor, mentee in known | set(facts.compatibility) | locks:
        one, other = wishes.get((mentor, mentee), neutral), wishes.get((mentee, mentor), neutral)
        sympathy = round(5 * ((one + other) / 2 + min(one, other)))
        found.setdefault(mentee, {})[mentor] = sympathy, _compatibility(facts, mentor, mentee)
    return found


def _compatibility(facts: Facts, mentor: str, mentee: str) -> int:
    mark = facts.compatibility.get((mentor, mentee))
    if mark is None:
        return 0
    sources = facts.policy.compatibility_sources
    everything = CompatibilitySource.CURATOR in sources
    told: list[float] = []
    psychologist: float | None = mark.psychologist
    if psychologist is None and mark.recommendation is Recommendation.RECOMMENDED:
        psychologist = 1
    if psychologist is not None and (everything or CompatibilitySource.PSYCHOLOGIST in sources):
        told.append(psychologist)
    asked = {CompatibilitySource.QUESTIONNAIRE, CompatibilitySource.INTERVIEW} & set(sources)
    if mark.questionnaire is not None and (everything or asked):
        told.append(mark.questionnaire)
    return round(50 * sum(told) / len(told)) if told else 0


def _barred(facts: Facts) -> dict[str, set[str]]:
    """Return by mentee the mentors who are refused one by one: vetoes, the council, the psychologist, oneself."""
    found: dict[str, set[str]] = {}
    pairs = {*facts.vetoes, *((b, a) for a, b in facts.vetoes)}
    pairs |= {pair for pair, locks in facts.locks.items() if any(k.status is LockStatus.FORBIDDEN for k in locks)}
    if facts.policy.rule("HR-24").on:
        pairs |= {
            pair
            for pair, mark in facts.compatibility.items()
            if mark.recommendation is Recommendation.NOT_RECOMMENDED and not mark.override_reason
        }
    for mentor, mentee in pairs | {(id_, id_) for id_ in facts.mentees}:
        if mentor in facts.mentors and mentee in facts.mentees:
            found.setdefault(mentee, set()).add(mentor)
    return found
