"""From a roster and a regulation to a plan: the whole path."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from matcher.candidates.build import build_candidates
from matcher.canonical import in_canonical_order
from matcher.outcome import OnProgress, Stop
from matcher.pairing.solve import solve_pairing
from matcher.plan import Plan
from matcher.plan_ids import build_plan
from matcher.policy import Policy
from matcher.roster import Roster
from matcher.timegrid import Busy


def make_plan(
    roster: Roster,
    policy: Policy,
    *,
    busy: Busy | None = None,
    time_limit: float = 60.0,
    work_limit: int | None = None,
    seed: int = 0,
    previous: Mapping[tuple[str, str], str] | None = None,
    reference_day: date | None = None,
    on_progress: OnProgress | None = None,
    stop: Stop | None = None,
) -> Plan:
    """Return the best plan found for a roster under a regulation: the whole path.

    Parameters
    ----------
    busy
        When people are taken; without it the time of a group is left to be agreed.
    time_limit, work_limit
        Seconds of search, or instead of them a deterministic amount of it. Where the result is proved optimal or the
        work limit ended it, the same input and seed give the same plan, whatever the order of the roster's rows.
    previous
        Pairs of the plan before and their kinds (:func:`pairs_of`): as few as possible are changed.
    reference_day
        The day on which ages and experience are counted; by default that of the present school year.
    on_progress, stop
        Called with value and bound of the running level; asked now and then whether to stop with the best so far.

    Raises
    ------
    InputError
        When the policy's quotas name nobody of the roster, or a mentee has more needs than can be counted.
    """
    people = in_canonical_order(roster)
    candidates = build_candidates(people, policy, busy, previous=previous, reference_day=reference_day)
    result = solve_pairing(
        candidates.problem,
        time_limit=time_limit,
        work_limit=work_limit,
        seed=seed,
        on_progress=on_progress,
        stop=stop,
    )
    return build_plan(candidates, result, people, seed=seed, previous=previous)
