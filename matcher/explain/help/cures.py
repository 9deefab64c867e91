"""The cheapest concessions that would place a mentee, each tried: its effect is that of a valid plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.candidates.codes import CONTOURS
from matcher.candidates.levels import load_costs, weight_in
from matcher.candidates.requirements import REQUIREMENTS
from matcher.explain.case import Case
from matcher.explain.effects import effect_between
from matcher.explain.findings import Cure, CureKind, FoundBy
from matcher.explain.help.concessions import Conceded, Newcomer
from matcher.explain.help.refusals import Refused, rule_refs
from matcher.explain.search.exchange import Outcome
from matcher.explain.search.gains import best_first, option_gains
from matcher.explain.search.reach import Reach, can_stand, chain_to
from matcher.explain.search.trial import Room, Trial
from matcher.roster import Contour, Override, Topic
from matcher.texts import text

IntArray = NDArray[np.int64]

_ORDER = tuple(CureKind)
_MOST_PLACES, _MOST_GROUPS, _MOST_LIFTED = 2, 1, 2
_TRIED_PLACES, _TRIED_GROUPS, _TRIED_CHAINS, _LOOKED_AT_GROUPS = 4, 4, 2, 12
_LIFTABLE = sum(1 << bit for bit, rule in enumerate(REQUIREMENTS) if rule.may_be_lifted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """One rule that might be lifted for one pair: mentor and mentee by index, the mask of what refuses them."""

    mentor: int
    mentee: int
    mask: int
    contour: Contour

    @property
    def rule(self) -> str:
        """Return the id of the rule."""
        return next(rule.rule for bit, rule in enumerate(REQUIREMENTS) if self.mask >> bit & 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A concession of a mentor to be tried for one mentee: what is added and given up, and the room it takes."""

    kind: CureKind
    mentee: int
    room: Room
    added: tuple[int, ...]
    given_up: tuple[int, ...] = ()
    opened: tuple[tuple[int, int], ...] = ()


def attempts_for(case: Case, reach: Reach) -> list[Attempt]:
    """Return what might be tried for the first mentee of ``reach``: one place, some hours or one group more."""
    return [*_places(case, reach), *_groups(case, reach.first)]


def room_cures(case: Case, trial: Trial, attempts: Iterable[Attempt]) -> list[Cure]:
    """Return the attempts that place their mentee, a few of each kind."""
    found: list[Cure] = []
    for attempt in attempts:
        most = _MOST_GROUPS if attempt.kind is CureKind.GROUP else _MOST_PLACES
        if sum((cure.kind is CureKind.GROUP) is (attempt.kind is CureKind.GROUP) for cure in found) < most:
            cure = _tried(case, trial, attempt)
            found += [] if cure is None else [cure]
    return found


def _tried(case: Case, trial: Trial, attempt: Attempt) -> Cure | None:
    outcome = trial.outcome(attempt.added, attempt.given_up, opened=attempt.opened, room=attempt.room)
    if outcome is None:
        return None
    before = Outcome(pairing=case.pairing, values=case.values)
    effect = effect_between(case.candidates, before, outcome, found_by=FoundBy.EXCHANGE)
    if case.mentee_id(attempt.mentee) not in effect.newly_served:
        return None
    themes = [case.candidates.groups.themes[int(case.problem.group_theme[group])] for group, _ in attempt.opened]
    return Cure(
        kind=attempt.kind,
        mentee=case.mentee_id(attempt.mentee),
        mentor=case.mentor_id(attempt.room.mentor),
        minutes=attempt.room.minutes,
        topic=themes[0].topic if themes else None,
        subject=(themes[0].subject or None) if themes else None,
        effect=effect,
    )


def _places(case: Case, reach: Reach) -> list[Attempt]:
    state, p, mentee = case.state, case.problem, reach.first
    options = state.options_of(mentee)
    options = options[can_stand(state, options) & (p.group[options] < 0)]
    options = options[state.blocked_by_mentor(options)]
    if len(options):
        best = options[best_first(option_gains(p, options))][:_TRIED_PLACES]
        return [_with_more_room(case, mentee, [option], []) for option in best.tolist()]
    # Nobody takes the mentee himself on: a place elsewhere helps through a chain of exchanges.
    ends = [o for o in reach.mentor_via.values() if p.group[o] < 0 and int(p.mentee[o]) != mentee]
    return [_with_more_room(case, mentee, *chain_to(state, reach, option)) for option in ends[:_TRIED_CHAINS]]


def _with_more_room(case: Case, mentee: int, added: list[int], given_up: list[int]) -> Attempt:
    """Return the attempt that gives the mentor of the first option added exactly the room it lacks."""
    state, p, option = case.state, case.problem, added[0]
    mentor = int(p.mentor[option])
    full = state.pairs[mentor] >= p.max_individual[mentor]
    full |= state.pairs[mentor] + state.groups[mentor] >= p.max_places[mentor]
    lacking = int(state.minutes[mentor] + p.mentor_minutes[option] - p.max_minutes[mentor])
    cost = place_cost(case, mentor) if full else None
    return Attempt(
        kind=CureKind.PLACE if full else CureKind.HOURS,
        mentee=mentee,
        room=Room(mentor=mentor, places=int(full), minutes=max(0, lacking), cost=cost),
        added=tuple(added),
        given_up=tuple(given_up),
    )


def place_cost(case: Case, mentor: int) -> tuple[int, ...]:
    """Return what one place more with a mentor costs on every level, as the round counts it (SO-07)."""
    columns = case.candidates.columns
    place = np.array([int(case.problem.max_places[mentor])])
    cost = int(load_costs(columns, np.array([mentor]), place)[0])
    return tuple(weight_in(columns.policy, level, "SO-07") * cost for level in case.candidates.levels)


def _groups(case: Case, mentee: int) -> list[Attempt]:
    """Return what opening one more group would take: first those that hold the most people who have nobody."""
    state, p = case.state, case.problem
    seats = state.options_of(mentee)
    groups = np.unique(p.group[seats[p.group[seats] >= 0]])
    groups = np.setdiff1d(groups, case.pairing.open_group)
    closed = groups[np.argsort(-case.alone_by_group[groups], kind="stable")][:_LOOKED_AT_GROUPS].tolist()
    ways = [way for way in (_fill(case, group, mentee) for group in closed) if way is not None]
    ways.sort(key=lambda way: (-sum(int(p.mentee[o]) in case.unmatched for o in way[1]), len(way[2]), way[0]))
    return [_with_one_group(case, mentee, *way) for way in ways[:_TRIED_GROUPS]]


def _with_one_group(case: Case, mentee: int, group: int, added: list[int], given_up: list[int], slot: int) -> Attempt:
    state, p = case.state, case.problem
    mentor = int(p.group_mentor[group])
    lost = int(p.mentor_minutes[given_up].sum())
    lacking = int(state.minutes[mentor] - lost + p.group_minutes[group] - p.max_minutes[mentor])
    more = int(state.groups[mentor] >= p.max_groups[mentor])
    return Attempt(
        kind=CureKind.GROUP,
        mentee=mentee,
        room=Room(mentor=mentor, groups=more, minutes=max(0, lacking), cost=place_cost(case, mentor)),
        added=tuple(added),
        given_up=tuple(given_up),
        opened=((group, slot),),
    )


def _fill(case: Case, group: int, mentee: int) -> tuple[int, list[int], list[int], int] | None:
    """Return (group, seats, pairs given up, slot) that fill a group with the mentee and others, or None.

    Others without a mentor come first; where they are too few, the mentor's own individual mentees join.
    """
    state, p = case.state, case.problem
    seats = state.options_with(int(p.group_mentor[group]))
    seats = seats[(p.group[seats] == group) & ~state.impossible(seats)]
    own = {int(p.mentee[o]): o for o in state.chosen_with(int(p.group_mentor[group])).tolist() if p.group[o] < 0}
    first = [o for o in seats.tolist() if int(p.mentee[o]) == mentee]
    alone = [o for o in seats.tolist() if int(p.mentee[o]) in case.unmatched and int(p.mentee[o]) != mentee]
    joining = [o for o in seats.tolist() if int(p.mentee[o]) in own and not p.locked[own[int(p.mentee[o])]]]
    best: tuple[int, list[int], list[int], int] | None = None
    for slot in _slots_of(case, first[0], group) if first else ():
        free = [o for o in (*alone, *joining) if slot < 0 or _is_free(case, o, slot)]
        size = max(int(p.group_min_size[group]), 1 + sum(o in alone for o in free))
        chosen = [first[0], *free][: min(size, int(p.group_max_size[group]))]
        if len(chosen) >= int(p.group_min_size[group]) and (best is None or len(chosen) > len(best[1])):
            left = [own[int(p.mentee[o])] for o in chosen if int(p.mentee[o]) in own]
            best = group, chosen, left, slot
    return best


def _slots_of(case: Case, seat: int, group: int) -> list[int]:
    """Return the slots a group might meet in: those of one seat that the mentor's other groups leave free."""
    p = case.problem
    if p.slots is None:
        return [-1]
    taken = case.state.slot[p.group_mentor == p.group_mentor[group]]
    return [s for s in range(64 * p.slots.shape[1]) if _is_free(case, seat, s) and s not in taken]


def _is_free(case: Case, seat: int, slot: int) -> bool:
    assert case.problem.slots is not None
    return bool((int(case.problem.slots[seat, slot // 64]) >> (slot % 64)) & 1)


def lifts_for(case: Case, mentee: int, refused: Refused) -> list[Lift]:
    """Return the pairs that one liftable rule alone refuses and whose mentor has room, the most fitting first."""
    state, p = case.state, case.problem
    found: dict[str, Lift] = {}
    for at, (mentor, mask) in enumerate(zip(refused.other.tolist(), refused.rules.tolist(), strict=True)):
        if mask & ~_LIFTABLE or state.pairs[mentor] >= p.max_individual[mentor]:
            continue
        if len({rule.rule for bit, rule in enumerate(REQUIREMENTS) if mask >> bit & 1}) > 1:
            continue
        contour = CONTOURS[int(refused.edges.contour[at])]
        lift = Lift(mentor=mentor, mentee=mentee, mask=mask, contour=contour)
        found.setdefault(lift.rule, lift)
        if len(found) >= _MOST_LIFTED:
            break
    return list(found.values())


def as_override(case: Case, lift: Lift) -> Override:
    """Return the override that would lift the rule."""
    reason = str(text("tried as a concession"))
    return Override(
        rule=lift.rule, mentor=case.mentor_id(lift.mentor), mentee=case.mentee_id(lift.mentee), reason=reason
    )


def conceded_cures(
    case: Case, conceded: Conceded, trial: Trial, lifts: Iterable[Lift], newcomers: Mapping[int, Newcomer]
) -> list[Cure]:
    """Return what lifting a rule, or a newcomer, would do: one cure for each that helps."""
    found = [_lifted(case, conceded, trial, lift) for lift in lifts]
    found += [_recruited(case, conceded, trial, mentee, newcomer) for mentee, newcomer in newcomers.items()]
    return [cure for cure in found if cure is not None]


def _lifted(case: Case, conceded: Conceded, trial: Trial, lift: Lift) -> Cure | None:
    mentor, mentee = case.mentor_id(lift.mentor), case.mentee_id(lift.mentee)
    outcome = best_of(conceded, trial, mentor, mentee)
    if outcome is None:
        return None
    return Cure(
        kind=CureKind.CONTOUR if lift.rule == "HR-15" else CureKind.RULE,
        mentee=mentee,
        mentor=mentor,
        rules=rule_refs(case.candidates.columns, lift.mask),
        contour=lift.contour,
        effect=effect_between(conceded.candidates, conceded.before, outcome, found_by=FoundBy.EXCHANGE),
    )


def _recruited(case: Case, conceded: Conceded, trial: Trial, mentee: int, newcomer: Newcomer) -> Cure | None:
    name = case.mentee_id(mentee)
    outcome = best_of(conceded, trial, conceded.newcomer_id[newcomer], name)
    if outcome is None:
        return None
    return Cure(
        kind=CureKind.RECRUIT,
        mentee=name,
        mentor=None,
        subject=newcomer.subject,
        topic=newcomer.topic,
        organisation=newcomer.organisation,
        effect=effect_between(conceded.candidates, conceded.before, outcome, found_by=FoundBy.EXCHANGE),
    )


def best_of(conceded: Conceded, trial: Trial, mentor: str, mentee: str) -> Outcome | None:
    """Return the best plan that adds one of the individual options of two people, None where none is valid."""
    options = conceded.options_of(mentor, mentee)
    outcomes = [trial.outcome([option]) for option in options.tolist()]
    return max((o for o in outcomes if o is not None), key=lambda o: o.values, default=None)


def kind_cure(case: Case, conceded: Conceded, trial: Trial, mentee: int) -> Cure | None:
    """Return what it would do if the mentee accepted every kind; None where that alone does not help."""
    name = case.mentee_id(mentee)
    p, columns = conceded.candidates.problem, conceded.candidates.columns
    options = conceded.state.options_of(columns.mentee_of[name])
    options = options[can_stand(conceded.state, options) & (p.group[options] < 0)]
    options = options[~conceded.state.blocked_by_mentor(options)]
    for option in options[best_first(trial.gains(options))][:_TRIED_PLACES].tolist():
        outcome = trial.outcome([option])
        if outcome is not None:
            return Cure(
                kind=CureKind.KIND,
                mentee=name,
                mentor=columns.mentor_id[int(p.mentor[option])],
                effect=effect_between(conceded.candidates, conceded.before, outcome, found_by=FoundBy.EXCHANGE),
            )
    return None


def cheapest(cures: Iterable[Cure], *, most: int) -> tuple[Cure, ...]:
    """Return the cures that gain, the cheapest first: who moves fewer people, then the milder kind."""
    useful = [cure for cure in cures if cure.effect.is_gain]
    useful.sort(key=lambda c: (len(c.effect.moved), c.minutes > 0, _ORDER.index(c.kind), -len(c.effect.newly_served)))
    return tuple(useful[:most])


def newcomer_for(case: Case, mentee: int, topic: Topic | None, subject: str | None, *, is_head: bool) -> Newcomer:
    """Return the new mentor a mentee would need: in his own organisation."""
    columns = case.candidates.columns
    organisation = columns.places.id[int(columns.mentees.organisation[mentee])]
    return Newcomer(organisation=organisation, subject=subject, topic=topic, is_head=is_head)
