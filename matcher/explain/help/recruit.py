"""Whom to recruit: what one more place, or one new mentor, would bring; ranked, tried, and held against the prices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matcher.candidates.codes import TOPICS
from matcher.explain.case import Case
from matcher.explain.effects import effect_between
from matcher.explain.findings import FoundBy, Recruit
from matcher.explain.help.concessions import Conceded, Newcomer, concede
from matcher.explain.help.cures import place_cost
from matcher.explain.help.short_sets import main_needs
from matcher.explain.search.exchange import Outcome
from matcher.explain.search.gains import best_first
from matcher.explain.search.reach import can_stand
from matcher.explain.search.trial import Room, Trial, with_room
from matcher.pairing.certificate import level_bound
from matcher.roster import Topic

IntArray = NDArray[np.int64]
_TRIED = 3
MOST_PROFILES = 24


def recruits(
    case: Case, most: int, *, with_bounds: bool = True, conceded: Conceded | None = None
) -> tuple[Recruit, ...]:
    """Return the most useful places and newcomers, at most ``most`` of each sort, the best first.

    Every line is the effect of a valid plan with this one change. ``with_bounds`` holds it against the prices of the
    certificate: where they allow no more, the gain is exact. ``conceded`` is a round that holds the newcomers already.
    """
    names = case.problem.level_names
    found = [*more_places(case, most, with_bounds=with_bounds), *new_mentors(case, most, conceded)]
    gaining = [recruit for recruit in found if recruit.effect.is_gain]
    return tuple(sorted(gaining, key=lambda recruit: _worth(recruit, names), reverse=True))


def _worth(recruit: Recruit, names: Sequence[str]) -> tuple[int, ...]:
    gain = {change.name: change.after - change.before for change in recruit.effect.levels}
    return len(recruit.effect.newly_served), *(gain.get(name, 0) for name in names)


def more_places(case: Case, most: int, *, with_bounds: bool = False) -> list[Recruit]:
    """Return what one place more with each full mentor would bring, the most useful mentors only."""
    names = case.problem.level_names
    found = [place_with(case, mentor) for mentor in _promising(case, _TRIED * most)]
    best = sorted((r for r in found if r is not None), key=lambda r: _worth(r, names), reverse=True)[:most]
    return [with_bound(case, recruit) for recruit in best] if with_bounds else best


def _promising(case: Case, most: int) -> list[int]:
    """Return the full mentors whose best further mentee would gain most, the best first."""
    state, p = case.state, case.problem
    alone = np.array(case.unmatched, dtype=np.int64)
    # Where everybody is served, a further place may still cover more or fit better.
    options = state.options_of_all(alone) if len(alone) else np.arange(p.num_options)
    options = options[(p.group[options] < 0) & can_stand(state, options)]
    options = options[state.blocked_by_mentor(options)]
    trial = Trial(p, case.pairing, options)
    ordered = options[best_first(trial.gains(options))]
    mentors, first = np.unique(p.mentor[ordered], return_index=True)
    return mentors[np.argsort(first)][:most].tolist()  # type: ignore[no-any-return]


def place_with(case: Case, mentor: int) -> Recruit | None:
    """Return what one place more with this mentor would bring: the best of the first few who could take it."""
    state, p = case.state, case.problem
    options = state.options_with(mentor)
    options = options[(p.group[options] < 0) & can_stand(state, options) & ~state.is_chosen[options]]
    alone = np.isin(p.mentee[options], case.unmatched)
    options = options[alone] if alone.any() else options
    trial = Trial(p, case.pairing, options)
    ordered = options[best_first(trial.gains(options))]
    room = _one_place(case, mentor)
    outcomes = [_taken(case, trial, option, room) for option in ordered[:_TRIED].tolist()]
    best = max((o for o in outcomes if o is not None), key=lambda o: o.values, default=None)
    if best is None:
        return None
    before = Outcome(pairing=case.pairing, values=case.values)
    organisation = case.candidates.columns.mentors.organisation[mentor]
    effect = effect_between(case.candidates, before, best, found_by=FoundBy.EXCHANGE)
    return Recruit(
        mentor=case.mentor_id(mentor),
        places=1,
        subject=None,
        topic=None,
        organisation=case.candidates.columns.places.id[int(organisation)],
        municipality=None,
        served=effect.newly_served,
        effect=effect,
    )


def _one_place(case: Case, mentor: int) -> Room:
    """Return one place more with the hours the longest of his pairs would take."""
    options = case.state.options_with(mentor)
    minutes = case.problem.mentor_minutes[options[case.problem.group[options] < 0]]
    return Room(mentor=mentor, places=1, minutes=int(minutes.max(initial=0)), cost=place_cost(case, mentor))


def _taken(case: Case, trial: Trial, option: int, room: Room) -> Outcome | None:
    """Return the plan in which a mentee takes the place: as a further mentor, or instead of his present one."""
    further = trial.outcome([option], room=room)
    mine = case.state.options_of(int(case.problem.mentee[option]))
    held = mine[case.state.is_chosen[mine] & ~case.problem.locked[mine]].tolist()
    instead = [trial.outcome([option], [old], room=room) for old in held]
    return max((o for o in (further, *instead) if o is not None), key=lambda o: o.values, default=None)


def with_bound(case: Case, recruit: Recruit) -> Recruit:
    """Return the recruit with the word of the prices on whether any plan with this place gains more."""
    if recruit.mentor is None or not recruit.effect.levels:
        return recruit
    wider = with_room(case.problem, _one_place(case, case.mentor_of(recruit.mentor)))
    first = recruit.effect.levels[0]
    for at, level in enumerate(case.plan.levels):
        bound = level_bound(wider, case.plan.certificate.prices[at], at, case.plan.certificate.values)
        if level.name == first.name:
            return replace(recruit, is_exact=bound == first.after)
        if bound > level.value:
            break
    return replace(recruit, is_exact=False)


def new_mentors(case: Case, most: int, conceded: Conceded | None = None) -> list[Recruit]:
    """Return which new mentors would serve most of those who have nobody: by need, where it is asked for most."""
    wanted = profiles(case, MOST_PROFILES)
    if conceded is None and wanted:
        conceded = concede(case, newcomers=wanted)
    if conceded is None:
        return []
    columns = conceded.candidates.columns
    rows = [columns.mentee_of[case.mentee_id(mentee)] for mentee in case.unmatched]
    options = conceded.state.options_of_all(np.array(rows, dtype=np.int64))
    trial = Trial(conceded.candidates.problem, conceded.before.pairing, options[conceded.is_new[options]])
    found = [_newcomer(case, conceded, trial, newcomer) for newcomer in wanted]
    names = conceded.candidates.problem.level_names
    return sorted((r for r in found if r is not None), key=lambda r: _worth(r, names), reverse=True)[:most]


def profiles(case: Case, most: int) -> list[Newcomer]:
    """Return the newcomers that would serve the needs of those who have nobody, the most wanted first."""
    wanted: Counter[tuple[Topic | None, str | None, bool]] = Counter()
    places: dict[tuple[Topic | None, str | None, bool], Counter[str]] = {}
    columns = case.candidates.columns
    for mentee in case.unmatched:
        organisation = columns.places.id[int(columns.mentees.organisation[mentee])]
        for profile in _needed(case, mentee):
            wanted[profile] += 1
            places.setdefault(profile, Counter())[organisation] += 1
    ordered = sorted(wanted.items(), key=lambda entry: (-entry[1], str(entry[0])))
    return [
        Newcomer(organisation=_most_common(places[profile]), topic=profile[0], subject=profile[1], is_head=profile[2])
        for profile, _ in ordered[:most]
    ]


def _needed(case: Case, mentee: int) -> Iterable[tuple[Topic | None, str | None, bool]]:
    is_head = bool(case.candidates.columns.mentees.is_student[mentee])
    keys = main_needs(case, mentee)
    return {(None if key.is_gap else TOPICS[key.topic], key.subject or None, is_head) for key in keys}


def _most_common(places: Counter[str]) -> str:
    return min(places, key=lambda place: (-places[place], place))


def _newcomer(case: Case, conceded: Conceded, trial: Trial, newcomer: Newcomer) -> Recruit | None:
    """Return what a newcomer brings who takes as many as he can, the most urgent first."""
    columns, p = conceded.candidates.columns, conceded.candidates.problem
    mentor = columns.mentor_of[conceded.newcomer_id[newcomer]]
    options = conceded.state.options_with(mentor)
    options = options[(p.group[options] < 0) & can_stand(conceded.state, options)]
    names = {case.mentee_id(mentee) for mentee in case.unmatched}
    options = options[[columns.mentee_id[n] in names for n in p.mentee[options].tolist()]]
    chosen: list[int] = []
    best: Outcome | None = None
    for option in options[best_first(trial.gains(options))].tolist():
        if len(chosen) >= int(p.max_individual[mentor]):
            break
        outcome = trial.outcome([*chosen, option])
        if outcome is not None and (best is None or outcome.values > best.values):
            chosen, best = [*chosen, option], outcome
    if best is None:
        return None
    effect = effect_between(conceded.candidates, conceded.before, best, found_by=FoundBy.EXCHANGE)
    return Recruit(
        mentor=None,
        places=len(chosen),
        subject=newcomer.subject,
        topic=newcomer.topic,
        organisation=newcomer.organisation,
        municipality=_municipality(case, newcomer.organisation),
        served=effect.newly_served,
        effect=effect,
    )


def _municipality(case: Case, organisation: str) -> str | None:
    found: Sequence[str] = [o.municipality for o in case.plan.roster.organisations if o.id == organisation]
    return found[0] if found else None
