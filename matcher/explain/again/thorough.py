"""Cures tried by solving the whole round again: slower than exchanges, and the last word."""

from __future__ import annotations

from dataclasses import replace

from matcher.explain.again.resolve import Effort, effect_of, solve_again
from matcher.explain.case import Case
from matcher.explain.effects import effect_between
from matcher.explain.findings import Cure, CureKind, Effect, FoundBy
from matcher.explain.help.concessions import Conceded, Newcomer, concede
from matcher.explain.help.cures import place_cost
from matcher.explain.search.trial import Room, with_room
from matcher.roster import Override

_PEOPLE = frozenset({"locks", "least", "internal_first", "SO-01", "SO-02", "worst_off"})
_ROOM = (CureKind.PLACE, CureKind.HOURS, CureKind.GROUP)


def solved_cure(case: Case, cure: Cure, effort: Effort) -> Cure:
    """Return the cure held against the best plan found when the whole round is solved again with it.

    Where that plan serves more people or covers more, it is told. Where it does not, the plan found by exchanges
    stands: it touches fewer people, and what it gains for people and requests is proved to be all there is to gain.
    """
    solved = _with_room(case, cure, effort) if cure.kind in _ROOM else _with_concession(case, cure, effort)
    if solved is None:
        return cure
    if _gains(case, solved) > _gains(case, cure.effect):
        return replace(cure, effect=solved)
    return replace(cure, effect=replace(cure.effect, status=solved.status))


def _gains(case: Case, effect: Effect) -> tuple[int, ...]:
    """Return the gains on the levels that count people and requests, down to SO-02."""
    gain = {change.name: change.after - change.before for change in effect.levels}
    return tuple(gain.get(name, 0) for name in case.problem.level_names if name.partition(":")[0] in _PEOPLE)


def _with_room(case: Case, cure: Cure, effort: Effort) -> Effect | None:
    assert cure.mentor is not None
    mentor = case.mentor_of(cure.mentor)
    room = Room(
        mentor=mentor,
        places=int(cure.kind is CureKind.PLACE),
        minutes=cure.minutes,
        groups=int(cure.kind is CureKind.GROUP),
        cost=place_cost(case, mentor),
    )
    solved = solve_again(
        case.candidates, with_room(case.problem, room), effort, status=case.plan.status, hint=case.pairing
    )
    return None if solved is None else effect_of(case, solved)


def _with_concession(case: Case, cure: Cure, effort: Effort) -> Effect | None:
    conceded = _concession(case, cure)
    if conceded is None:
        return None
    solved = solve_again(
        conceded.candidates, conceded.candidates.problem, effort, status=case.plan.status, hint=conceded.before.pairing
    )
    if solved is None:
        return None
    return effect_between(
        conceded.candidates, conceded.before, solved.outcome, found_by=FoundBy.SOLVE, status=solved.status
    )


def _concession(case: Case, cure: Cure) -> Conceded | None:
    if cure.kind is CureKind.KIND:
        return concede(case, any_kind={cure.mentee})
    if cure.kind is CureKind.RECRUIT:
        assert cure.organisation is not None
        student = bool(case.candidates.columns.mentees.is_student[case.mentee_of(cure.mentee)])
        newcomer = Newcomer(organisation=cure.organisation, subject=cure.subject, topic=cure.topic, is_head=student)
        return concede(case, newcomers=[newcomer])
    rules = dict.fromkeys(rule.rule for rule in cure.rules)
    return concede(
        case, [Override(rule=rule, mentor=cure.mentor, mentee=cure.mentee, reason="tried") for rule in rules]
    )
