"""The whole decision of a round: what went in, who works with whom, and the proof.

Identifiers come back here: a plan speaks of people and organisations by id, in canonical order. It keeps its inputs, so
that anyone can re-check it (``matcher verify``) and explain it later without the files it was made from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from matcher.outcome import OnProgress, SolveStatus, Stop
from matcher.pairing.certificate import Certificate
from matcher.pairing.result import LevelResult
from matcher.policy import Policy
from matcher.roster import Contour, MentoringForm, MentoringKind, RoleModel, Roster, Topic
from matcher.texts import Text
from matcher.timegrid import Busy


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPair:
    """One mentor with one mentee: an individual pair, or a seat in a group (``group`` names it).

    ``points`` are the weighted points by criterion (SO-03 …); ``covers`` names requests ("request:2") and deficits
    ("deficit:digital") of the mentee; ``minutes`` is the mentee's load in four weeks; ``common_slots`` the number of
    free weekly slots of both, None where busy times are unknown; ``counter`` says that the two also work in the
    opposite direction as one reverse pair (A-31).
    """

    mentor: str
    mentee: str
    form: MentoringForm
    model: RoleModel | None = None
    kind: MentoringKind
    contour: Contour
    group: str | None = None
    minutes: int = 0
    points: Mapping[str, int] = field(default_factory=dict)
    covers: tuple[str, ...] = ()
    common_slots: int | None = None
    locked: bool = False
    counter: bool = False
    clauses: tuple[str, ...] = ()
    warnings: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedGroup:
    """An open group: its mentor, theme, weekly slot (None: time to be agreed) and members."""

    id: str
    mentor: str
    topic: Topic
    subject: str | None
    slot: int | None
    minutes: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Something the council has to settle: a lock that meets a veto or breaks a rule (HR-22)."""

    mentor: str
    mentee: str
    message: Text


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """A round decided. ``options`` and ``open_groups`` index the pairing problem rebuilt from the inputs.

    ``open_groups`` are pairs (group, slot; −1: to be agreed). ``items`` and ``quotas`` name, in order, what the
    certificate has prices of besides mentees (who are in ascending order of their ids).
    ``previous`` maps (mentor, mentee) of the plan before to its kind: what SO-09 compares with.
    """

    policy: Policy
    roster: Roster
    busy: Busy | None
    reference_day: date
    previous: Mapping[tuple[str, str], str]
    status: SolveStatus
    levels: tuple[LevelResult, ...]
    certificate: Certificate
    items: tuple[str, ...] = ()
    quotas: tuple[str, ...] = ()
    engine: str
    seed: int
    seconds: float
    options: tuple[int, ...]
    open_groups: tuple[tuple[int, int], ...]
    pairs: tuple[PlannedPair, ...]
    groups: tuple[PlannedGroup, ...]
    unmatched: tuple[str, ...]
    conflicts: tuple[Conflict, ...] = ()
    notes: tuple[Text, ...] = ()


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
        Seconds of search, or a deterministic amount of it: where the result is proved optimal or the work limit ended
        it, the same input and seed give the same plan, whatever the order of the roster's rows.
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
    from matcher.candidates.build import build_candidates
    from matcher.canonical import in_canonical_order
    from matcher.pairing.solve import solve_pairing  # read here: plans are read and judged without a solver
    from matcher.plan_ids import build_plan

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


def pairs_of(plan: Plan) -> dict[tuple[str, str], str]:
    """Return the pairs of a plan and their kinds: the ``previous`` of the next one."""
    return {(pair.mentor, pair.mentee): str(pair.kind) for pair in plan.pairs}
