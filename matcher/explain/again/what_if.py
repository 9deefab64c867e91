"""What if these two worked together, or did not: the price of it, and whom it moves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matcher.candidates.refusals import one_edge
from matcher.explain.again.resolve import Effort, effect_of, options_together, solve_again
from matcher.explain.case import Case
from matcher.explain.findings import Effect, NextBest, PairReasons, WhatIf
from matcher.explain.help.refusals import refusing_rules, rule_refs
from matcher.explain.search.variants import keep_options, wanting, with_companions
from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing
from matcher.pairing.verify import violations


def what_if(case: Case, mentor: str, mentee: str, *, forbid: bool, effort: Effort) -> WhatIf:
    """Return the best plan found that has (or has not) a pair, against the present one.

    Raises
    ------
    InputError
        When one of the two is not in the register.
    """
    edge = one_edge(case.candidates.columns, case.mentor_of(mentor), case.mentee_of(mentee))
    is_present = (mentor, mentee) in case.couples
    found = WhatIf(mentor=mentor, mentee=mentee, forbid=forbid, is_present=is_present)
    if is_present is not forbid:
        return found
    effect = _without(case, mentor, mentee, effort) if forbid else forced(case, mentor, mentee, effort)
    if effect is None and not forbid:
        return replace(found, refused=rule_refs(case.candidates.columns, int(refusing_rules(edge)[0])))
    return replace(found, effect=effect)


def forced(case: Case, mentor: str, mentee: str, effort: Effort) -> Effect | None:
    """Return the effect of the best plan that has the pair; None where there is none."""
    options = options_together(case, {(mentor, mentee)})
    if not len(options):
        return None
    solved = solve_again(case.candidates, wanting(case.problem, options), effort, status=case.plan.status)
    if solved is None or not solved.result.levels[0].value:
        return None
    return effect_of(case, solved)


def _without(case: Case, mentor: str, mentee: str, effort: Effort) -> Effect | None:
    """Return the effect of the best plan that does not have the pair."""
    problem = case.problem
    kept = np.ones(problem.num_options, dtype=bool)
    kept[options_together(case, {(mentor, mentee)})] = False
    kept = with_companions(problem, kept)
    new = np.cumsum(kept) - 1
    rest = case.pairing.option[kept[case.pairing.option]]
    used = np.isin(case.pairing.open_group, problem.group[rest])
    smaller = keep_options(problem, kept)
    hint = Pairing.of(smaller, new[rest], case.pairing.open_group[used], case.pairing.slot[used])
    solved = solve_again(
        case.candidates,
        smaller,
        effort,
        status=case.plan.status,
        option=np.flatnonzero(kept),
        hint=_valid(smaller, hint),
    )
    return None if solved is None else effect_of(case, solved)


def _valid(problem: PairingProblem, hint: Pairing) -> Pairing | None:
    """Return the hint where it keeps every rule of the changed problem: a group may have become too small."""
    return None if violations(problem, hint) else hint


def with_costs(case: Case, reasons: PairReasons, effort: Effort) -> PairReasons:
    """Return the reasons of a pair with the price of each side's next best, the round solved again with it."""
    return replace(
        reasons,
        next_for_mentee=_costed(case, reasons.next_for_mentee, effort),
        next_for_mentor=_costed(case, reasons.next_for_mentor, effort),
    )


def _costed(case: Case, found: NextBest | None, effort: Effort) -> NextBest | None:
    return None if found is None else replace(found, effect=forced(case, found.mentor, found.mentee, effort))
