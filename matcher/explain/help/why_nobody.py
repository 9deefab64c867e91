"""Why mentees have no mentor: the set that is short, the rules in the way, the cheapest cures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matcher.candidates.codes import TOPICS
from matcher.explain.case import Case
from matcher.explain.effects import effect_between
from matcher.explain.findings import Cause, Cure, Effect, FoundBy, NobodyReasons, ShortSet
from matcher.explain.help.concessions import Conceded, Newcomer, concede
from matcher.explain.help.cures import (
    Lift,
    as_override,
    attempts_for,
    cheapest,
    conceded_cures,
    kind_cure,
    lifts_for,
    newcomer_for,
    room_cures,
)
from matcher.explain.help.refusals import Refused, grouped, refused_to_mentee
from matcher.explain.help.short_sets import main_needs, short_sets_of
from matcher.explain.search.exchange import Outcome, chains_of
from matcher.explain.search.reach import Reach, Ways, reach_from, standing_options
from matcher.explain.search.trial import Trial

IntArray = NDArray[np.int64]
_MOST_CURES = 4
_MOST_TRIED = 150
_MOST_GROUPS_OF_REFUSED = 8


@dataclass(slots=True, kw_only=True, eq=False)
class Nobody:
    """What is known of the mentees without a mentor, gathered once for all of them.

    ``tried`` are those for whom cures are looked for; ``conceded`` is the round with all their concessions in it.
    """

    case: Case
    reach: dict[int, Reach]
    short_set: dict[int, ShortSet]
    held_back: dict[int, Effect]
    refused: dict[int, Refused]
    tried: tuple[int, ...]
    lifts: dict[int, list[Lift]]
    newcomer: dict[int, Newcomer]
    conceded: Conceded | None
    cures: dict[int, list[Cure]] = field(default_factory=dict)


def why_nobody(case: Case, mentees: Iterable[int], *, time_limit: float = 3.0) -> list[NobodyReasons]:
    """Return why each of these mentees (without a mentor, by index) has nobody, and what would help.

    ``time_limit`` (seconds) bounds the proofs by search; everything else takes its own, short time.
    """
    known = gather(case, mentees, time_limit=time_limit)
    try_cures(known)
    return [reasons_of(known, mentee) for mentee in known.reach]


def gather(case: Case, mentees: Iterable[int], *, time_limit: float, newcomers: Iterable[Newcomer] = ()) -> Nobody:
    """Return what stands in the way of these mentees, and the concessions that might help.

    ``newcomers`` are put into the same round besides, for whoever wants to try them.
    """
    columns, sides = case.candidates.columns, case.candidates.sides
    ways = Ways(case.state)
    reach = {mentee: reach_from(ways, mentee) for mentee in mentees}
    refused = {mentee: refused_to_mentee(columns, sides, mentee) for mentee in reach}
    by_tier = sorted(reach, key=lambda mentee: (int(columns.mentees.tier[mentee]), mentee))
    tried = tuple(sorted(by_tier[:_MOST_TRIED]))
    lifts = {mentee: lifts_for(case, mentee, refused[mentee]) for mentee in tried}
    newcomer = {mentee: _newcomer(case, mentee) for mentee in tried}
    overrides = [as_override(case, lift) for mine in lifts.values() for lift in mine]
    return Nobody(
        case=case,
        reach=reach,
        short_set=short_sets_of(case, (n for n, mine in reach.items() if mine.is_closed), time_limit=time_limit),
        held_back=_held_back(case, reach),
        refused=refused,
        tried=tried,
        lifts=lifts,
        newcomer=newcomer,
        conceded=concede(case, overrides, [*newcomer.values(), *newcomers]) if reach else None,
    )


def _held_back(case: Case, reaches: dict[int, Reach]) -> dict[int, Effect]:
    """Return what serving a mentee would do where a way to it is open and the plan does not take it."""
    before = Outcome(pairing=case.pairing, values=case.values)
    chains = {mentee: chains_of(case.state, reach) for mentee, reach in reaches.items() if not reach.is_closed}
    added = [option for mine in chains.values() for chain, _ in mine for option in chain]
    trial = Trial(case.problem, case.pairing, np.array(added, dtype=np.int64))
    found = {}
    for mentee, mine in chains.items():
        outcome = trial.best(mine)
        if outcome is not None:
            found[mentee] = effect_between(case.candidates, before, outcome, found_by=FoundBy.EXCHANGE)
    return found


def _newcomer(case: Case, mentee: int) -> Newcomer:
    """Return the new mentor a mentee would need for the first of his most urgent needs."""
    key = next(iter(main_needs(case, mentee)), None)
    columns = case.candidates.columns
    people = {person.id: person for person in case.plan.roster.people}
    person = people.get(case.mentee_id(mentee))
    own = person.subjects[0] if person is not None and person.subjects else None
    topic = None if key is None or key.is_gap else TOPICS[key.topic]
    subject = own if key is None or not key.subject else key.subject
    return newcomer_for(case, mentee, topic, subject, is_head=bool(columns.mentees.is_student[mentee]))


def try_cures(known: Nobody) -> None:
    """Try every concession for every mentee, in place."""
    case, conceded = known.case, known.conceded
    if not known.tried:
        return
    attempts = {mentee: attempts_for(case, known.reach[mentee]) for mentee in known.tried}
    added = [option for mine in attempts.values() for attempt in mine for option in attempt.added]
    trial = Trial(case.problem, case.pairing, np.array(added, dtype=np.int64))
    for mentee, mine in attempts.items():
        known.cures[mentee] = room_cures(case, trial, mine)
    if conceded is not None:
        there = _trial_of(case, conceded, known.tried, only_new=True)
        for mentee in known.tried:
            newcomers = {mentee: known.newcomer[mentee]}
            known.cures[mentee] += conceded_cures(case, conceded, there, known.lifts[mentee], newcomers)
    _try_kinds(known)


def _try_kinds(known: Nobody) -> None:
    """Try, in place, what it would do if those accepted every kind whom only the kinds they named leave without."""
    case = known.case
    named = {mentee.person for mentee in case.plan.roster.mentees if mentee.kinds}
    choosy = [
        mentee
        for mentee in known.tried
        if case.mentee_id(mentee) in named and known.refused[mentee].num_allowed and not _is_individual(case, mentee)
    ]
    widened = concede(case, any_kind={case.mentee_id(mentee) for mentee in choosy}) if choosy else None
    if widened is None:
        return
    trial = _trial_of(case, widened, choosy, only_new=False)
    for mentee in choosy:
        cure = kind_cure(case, widened, trial, mentee)
        known.cures[mentee] += [] if cure is None else [cure]


def _trial_of(case: Case, conceded: Conceded, mentees: Iterable[int], *, only_new: bool) -> Trial:
    rows = [conceded.candidates.columns.mentee_of[case.mentee_id(mentee)] for mentee in mentees]
    options = conceded.state.options_of_all(np.array(rows, dtype=np.int64))
    if only_new:
        options = options[conceded.is_new[options]]
    return Trial(conceded.candidates.problem, conceded.before.pairing, options)


def _is_individual(case: Case, mentee: int) -> bool:
    """Return whether a mentor could take the mentee on alone."""
    options = standing_options(case.state, np.array([mentee], dtype=np.int64))
    return bool((case.problem.group[options] < 0).any())


def reasons_of(known: Nobody, mentee: int) -> NobodyReasons:
    """Return the reasons of one of the mentees gathered."""
    case, columns = known.case, known.case.candidates.columns
    options = standing_options(case.state, np.array([mentee], dtype=np.int64))
    refused = grouped(columns, known.refused[mentee], case.mentor_id)
    name = case.mentee_id(mentee)
    return NobodyReasons(
        mentee=name,
        cause=_cause(known, mentee, len(options)),
        num_allowed=known.refused[mentee].num_allowed,
        num_candidates=len(np.unique(case.problem.mentor[options])),
        accepted_kinds=next(row.kinds for row in case.plan.roster.mentees if row.person == name),
        short_set=known.short_set.get(mentee),
        held_back=known.held_back.get(mentee),
        refused=refused[:_MOST_GROUPS_OF_REFUSED],
        cures=cheapest(known.cures.get(mentee, ()), most=_MOST_CURES),
        is_tried=mentee in known.tried,
    )


def _cause(known: Nobody, mentee: int, num_options: int) -> Cause:
    if not known.refused[mentee].num_allowed:
        needs = known.case.candidates.columns.needs.need[mentee]
        return Cause.NO_CANDIDATE if (needs >= 0).any() else Cause.NO_NEED
    if not num_options:
        return Cause.NO_WAY
    if mentee in known.held_back:
        return Cause.HELD_BACK
    if mentee in known.short_set:
        return Cause.SHORT
    return Cause.FULL if _is_individual(known.case, mentee) else Cause.ONLY_GROUPS
