"""How much a round hangs on its data: gaps measured by several sources that disagree, and data that are missing.

The roster as it is counts as the truth. Sources and what is missing are made up from the seed of the run; what is
missing at one step is missing at every later one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median_high

import numpy as np

from matcher.plan import Plan, pairs_of
from matcher.roster import CompetenceBlock, Deficit, Mentee, Person, Qualification, Roster
from scenarios.balance.options import read_numbers
from scenarios.balance.steps import Step, outcome_of, pair_people
from scenarios.materials import build_materials
from scenarios.outcome import Outcome, Watch
from scenarios.scenario import Files, Run

OPTIONS = {"percent": 30, "steps": 3}
"""How much is missing in the end, in per cent of all data concerned; in how many steps it comes to that."""
_MOST_LEVEL = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where levels are measured: how far above the truth, how far off by chance, how many of a hundred it reaches."""

    name: str
    above: int
    off: int
    reaches: int


SOURCES = (
    Source(name="diagnostics", above=0, off=0, reaches=50),
    Source(name="lesson visits", above=0, off=1, reaches=70),
    Source(name="self-assessment", above=1, off=1, reaches=100),
)
"""A test that few take, a colleague who has seen lessons, and what people think of themselves."""

Scores = Mapping[tuple[str, CompetenceBlock], Mapping[str, int]]
"""The level by source of each mentee and block."""
COMBINED: Mapping[str, Callable[[Sequence[int]], int]] = {"lowest": min, "middle": median_high, "highest": max}
"""Which of several levels is believed."""


def compute_stress(run: Run, files: Files) -> Outcome:
    """Return the round of the true data ("known"), and rounds of what several sources say, and of what is left of it.

    "best": every gap as its best source says; "lowest", "middle", "highest": the level believed where sources disagree;
    "missing N": the middle one, when N per cent of scores, dates of birth, experience, qualifications, wishes and
    psychologists' words are missing. ``true_gaps`` counts the true gaps that the pairs cover, ``kept`` the pairs of the
    true round that are made all the same.

    Raises
    ------
    InputError
        When the inputs or the options have faults.
    """
    wanted = read_numbers(run, OPTIONS)
    watch = Watch()
    with watch("materials"):
        given = build_materials(run, files)
        truth, seed = given.roster, run.settings.seed
        scores = measured(truth, seed)
        rosters = {"known": truth, "best": with_scores(truth, first_source(scores), min)}
        rosters |= {name: with_scores(truth, scores, combine) for name, combine in COMBINED.items()}
        for number in range(1, wanted["steps"] + 1):
            percent = wanted["percent"] * number / wanted["steps"]
            rosters[f"missing {percent:.0f}"] = with_missing(truth, scores, percent, seed)
    steps: list[Step] = []
    for name, roster in rosters.items():
        with watch("plan"):
            plan = pair_people(run, given, policy=given.policy, roster=roster)
        best = steps[0].plan if steps else plan
        kept = len(pairs_of(best).keys() & pairs_of(plan).keys())
        steps.append(Step(name=name, plan=plan, extra={"true_gaps": true_gaps(plan, truth), "kept": kept}))
    disagree = sum(len(set(levels.values())) > 1 for levels in scores.values())
    figures = {"scores": sum(len(one) for one in scores.values()), "measured": len(scores), "disagree": disagree}
    return outcome_of(run, steps, watch, figures)


def measured(roster: Roster, seed: int) -> dict[tuple[str, CompetenceBlock], dict[str, int]]:
    """Return what each source says of each true gap; the source with the widest reach says something of every one."""
    draw = np.random.default_rng(seed)
    found: dict[tuple[str, CompetenceBlock], dict[str, int]] = {}
    for mentee in roster.mentees:
        for deficit in mentee.deficits:
            levels = found.setdefault((mentee.person, deficit.competence), {})
            for source in SOURCES:
                is_reached = draw.random() * 100 < source.reaches
                level = deficit.level + source.above + int(draw.integers(-source.off, source.off + 1))
                if is_reached:
                    levels[source.name] = min(_MOST_LEVEL, max(0, level))
    return found


def first_source(scores: Scores) -> Scores:
    """Return of each score the one of the source named first in :data:`SOURCES`."""
    found = {}
    for key, levels in scores.items():
        best = next((source.name for source in SOURCES if source.name in levels), None)
        if best is not None:
            found[key] = {best: levels[best]}
    return found


def with_scores(roster: Roster, scores: Scores, combine: Callable[[Sequence[int]], int]) -> Roster:
    """Return the roster whose gaps are those of the combined scores; what nobody has measured is no gap."""

    def deficits(mentee: Mentee) -> tuple[Deficit, ...]:
        return tuple(
            replace(one, level=combine(sorted(levels.values())), source=", ".join(levels))
            for one in mentee.deficits
            if (levels := scores.get((mentee.person, one.competence)))
        )

    return replace(roster, mentees=tuple(replace(one, deficits=deficits(one)) for one in roster.mentees))


def with_missing(roster: Roster, scores: Scores, percent: float, seed: int) -> Roster:
    """Return the roster of the middle scores in which so much of the data is missing."""
    draw = np.random.default_rng([seed, 1])

    def is_there() -> bool:
        return bool(draw.random() * 100 >= percent)

    def less(person: Person) -> Person:
        # Always three draws: what is missing does not hang on what is there.
        birth, years, rank = is_there(), is_there(), is_there()
        return replace(
            person,
            birth_date=person.birth_date if birth else None,
            pedagogical_experience_years=person.pedagogical_experience_years if years else None,
            qualification=person.qualification if rank else Qualification.NONE,
        )

    left = {key: {name: one for name, one in levels.items() if is_there()} for key, levels in scores.items()}
    return replace(
        with_scores(roster, left, COMBINED["middle"]),
        people=tuple(less(one) for one in roster.people),
        wishes=tuple(one for one in roster.wishes if is_there() or one.veto),
        compatibility=tuple(one for one in roster.compatibility if is_there()),
    )


def true_gaps(plan: Plan, truth: Roster) -> int:
    """Return how many true gaps of mentees one of their mentors closes."""
    levels = {one.person: one.levels for one in truth.mentors}
    gaps = {one.person: [gap for gap in one.deficits if gap.gap] for one in truth.mentees}
    closed = {
        (pair.mentee, at)
        for pair in plan.pairs
        for at, gap in enumerate(gaps[pair.mentee])
        if levels[pair.mentor].get(gap.competence, 0) >= gap.target
    }
    return len(closed)
