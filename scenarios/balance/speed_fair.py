"""A municipal day of acquaintance before the pairing: who met says what he thinks, and pairs are made with that.

What people think of each other is made up from the seed of the run, and known to nobody before they have met.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matcher.plan import Plan
from matcher.roster import Roster
from matcher.speed.event import EventSettings
from matcher.speed.plan import SpeedPlan, recheck
from matcher.speed.planning import make_speed_plan
from matcher.speed.ratings import Rating, with_ratings
from scenarios.balance.options import read_numbers
from scenarios.balance.steps import Step, outcome_of, pair_people
from scenarios.materials import Materials, build_materials
from scenarios.outcome import Outcome, Watch
from scenarios.scenario import Files, Run

OPTIONS = {"candidates": 3, "rounds": 6, "tables": 10, "refuse": 10}
"""Meetings of each mentee at most; rounds and tables of the day; in per cent, how often somebody wants no such pair."""
_MOST_SCORE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinions:
    """What everybody thinks of everybody on the other side, 0–10, and whom he refuses; by (from, to)."""

    score: Mapping[tuple[str, str], int]
    refused: frozenset[tuple[str, str]]

    def of(self, mentor: str, mentee: str) -> tuple[Rating, Rating]:
        """Return what the two think of each other."""
        return self._rating(mentor, mentee), self._rating(mentee, mentor)

    def _rating(self, one: str, other: str) -> Rating:
        return Rating(
            from_person=one,
            to_person=other,
            score=float(self.score[one, other]),
            veto=(one, other) in self.refused,
        )


def compute_speed_fair(run: Run, files: Files) -> Outcome:
    """Return the round without a day of acquaintance ("met 0"), and after days of one, two … meetings of each mentee.

    ``liked`` is what the two of a pair think of each other on average (0–10, made up), ``refused`` the pairs in which
    somebody would refuse; both count what nobody asked, too. Figures of the last day are ``event.*``.

    Raises
    ------
    InputError
        When the inputs or the options have faults.
    """
    wanted = read_numbers(run, OPTIONS)
    watch = Watch()
    with watch("materials"):
        given = build_materials(run, files)
        opinions = made_up_opinions(given.roster, run.settings.seed, wanted["refuse"])
    steps: list[Step] = []
    figures: dict[str, float] = {}
    wrong = 0
    for candidates in range(wanted["candidates"] + 1):
        roster = given.roster
        if candidates:
            with watch("event"):
                event = hold_event(given, candidates, wanted["rounds"], wanted["tables"])
                wrong += len(recheck(event))
            ratings = [one for met in event.meetings for one in opinions.of(met.mentor, met.mentee)]
            roster = with_ratings(roster, ratings)
            figures = event_figures(event, ratings)
        with watch("plan"):
            plan = pair_people(run, given, policy=given.policy, roster=roster)
        extra = {**opinion_measures(plan, opinions), "ratings": figures.get("event.ratings", 0.0)}
        steps.append(Step(name=f"met {candidates}", plan=plan, extra=extra))
    return outcome_of(run, steps, watch, figures, violations=wrong)


def made_up_opinions(roster: Roster, seed: int, refuse: int) -> Opinions:
    """Return what everybody thinks: as written in the wishes, else made up, the same for the same seed."""
    draw = np.random.default_rng(seed)
    mentors = sorted(one.person for one in roster.mentors)
    mentees = sorted(one.person for one in roster.mentees if not one.is_class)
    score: dict[tuple[str, str], int] = {}
    refused: set[tuple[str, str]] = set()
    for ones, others in ((mentors, mentees), (mentees, mentors)):
        scores = draw.integers(0, _MOST_SCORE + 1, size=(len(ones), len(others))).tolist()
        vetoes = (draw.random((len(ones), len(others))) * 100 < refuse).tolist()
        for one, row, marks in zip(ones, scores, vetoes, strict=True):
            score |= {(one, other): value for other, value in zip(others, row, strict=True)}
            refused |= {(one, other) for other, mark in zip(others, marks, strict=True) if mark}
    for wish in roster.wishes:
        key = (wish.from_person, wish.to_person)
        if key in score:
            score[key] = score[key] if wish.score is None else round(wish.score)
            refused = refused | {key} if wish.veto else refused - {key}
    return Opinions(score=score, refused=frozenset(refused))


def hold_event(given: Materials, candidates: int, rounds: int, tables: int) -> SpeedPlan:
    """Return a day on which each mentee meets so many possible mentors of the regulation, as far as places go."""
    settings = EventSettings(num_rounds=rounds, num_tables=tables, candidates=candidates)
    return make_speed_plan(given.roster, settings, given.policy, reference_day=given.reference_day)


def event_figures(event: SpeedPlan, ratings: list[Rating]) -> dict[str, float]:
    """Return the figures of a day: who met, and what was said."""
    return {
        "event.meetings": len(event.meetings),
        "event.rounds": max((one.round for one in event.meetings), default=0),
        "event.mentors": len({one.mentor for one in event.meetings}),
        "event.mentees": len({one.mentee for one in event.meetings}),
        "event.ratings": len(ratings),
        "event.refused": sum(bool(one.veto) for one in ratings),
    }


def opinion_measures(plan: Plan, opinions: Opinions) -> dict[str, float]:
    """Return what the people of individual pairs and seats think of each other, and how many pairs one would refuse."""
    known = [
        both
        for pair in plan.pairs
        for both in [((pair.mentor, pair.mentee), (pair.mentee, pair.mentor))]
        if all(way in opinions.score for way in both)
    ]
    scores = [opinions.score[way] for both in known for way in both]
    return {
        "liked": sum(scores) / max(1, len(scores)),
        "refused": sum(any(way in opinions.refused for way in both) for both in known),
    }
