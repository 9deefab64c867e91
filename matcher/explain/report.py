"""Everything explained about a plan at once: what the workbook and the plan file carry."""

from __future__ import annotations

import time
from collections.abc import Iterable

from matcher.explain.case import Case
from matcher.explain.findings import NobodyReasons, PlanReport, ShortSet
from matcher.explain.help.recruit import MOST_PROFILES, profiles, recruits
from matcher.explain.help.why_nobody import gather, reasons_of, try_cures
from matcher.explain.pairs.loads import mentor_loads, organisation_balance
from matcher.explain.pairs.why_pair import why_pairs
from matcher.plan import Plan

_MOST_RECRUITS = 8
_MOST_PAIRS_ASKED = 20_000_000
"""Pairs of a mentee without a mentor and any mentor whose rules are asked; beyond, the last tiers are left out."""


def explain_plan(plan: Plan, *, time_limit: float = 3.0) -> PlanReport:
    """Return the report of a plan. ``time_limit`` (seconds) bounds its proofs by search; all else is quick.

    Raises
    ------
    InputError
        When the plan was changed by hand and is not what its inputs stand for.
    """
    started = time.monotonic()
    case = Case.of(plan)
    wanted = profiles(case, MOST_PROFILES)
    asked, left = _within_reason(case)
    known = gather(case, asked, time_limit=time_limit, newcomers=wanted)
    try_cures(known)
    nobody = [reasons_of(known, mentee) for mentee in known.reach]
    return PlanReport(
        pairs=why_pairs(case),
        nobody=tuple(nobody),
        unexplained=tuple(case.mentee_id(mentee) for mentee in left),
        short_sets=_short_sets(nobody),
        recruits=recruits(case, _MOST_RECRUITS, with_bounds=False, conceded=known.conceded) if nobody else (),
        loads=mentor_loads(case),
        organisations=organisation_balance(case),
        seconds=time.monotonic() - started,
    )


def _within_reason(case: Case) -> tuple[list[int], list[int]]:
    """Return the mentees without a mentor who are explained here, and those who are left out: the last tiers first."""
    tier = case.candidates.columns.mentees.tier
    by_tier = sorted(case.unmatched, key=lambda mentee: (int(tier[mentee]), mentee))
    most = _MOST_PAIRS_ASKED // max(1, case.problem.num_mentors)
    return sorted(by_tier[:most]), sorted(by_tier[most:])


def _short_sets(nobody: Iterable[NobodyReasons]) -> tuple[ShortSet, ...]:
    """Return the different short sets, those that leave out most first."""
    found = {reasons.short_set.mentees: reasons.short_set for reasons in nobody if reasons.short_set is not None}
    return tuple(sorted(found.values(), key=lambda found: (-len(found.left_out), len(found.mentees), found.mentees)))
