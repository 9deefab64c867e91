"""From a roster and a policy to the pairing problem, with everything needed to explain it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from matcher.candidates.codes import CONTOURS, FORMS, KINDS, MODELS, BoolArray, IntArray, Points, Words
from matcher.candidates.columns import Columns, build_columns
from matcher.candidates.edges import SideForms
from matcher.candidates.groups import Groups, build_groups
from matcher.candidates.levels import Level, build_levels
from matcher.candidates.locks import KeptLock, LockConflict, build_locks
from matcher.candidates.options import Options, build_options
from matcher.candidates.pairs import Pairs, build_pairs, free_time, group_slots
from matcher.candidates.people import reference_day_of
from matcher.candidates.quotas import QuotaColumns, build_quotas, members_of, policy_rules
from matcher.candidates.report import BuildReport, build_report
from matcher.candidates.tables import GROUP, KindTables
from matcher.candidates.warnings import warning_masks
from matcher.candidates.writing import Items, Parts, build_items, write_problem
from matcher.pairing.problem import PairingProblem
from matcher.policy import Policy
from matcher.roster import Contour, LockStatus, MentoringForm, MentoringKind, RoleModel, Roster
from matcher.timegrid import Busy, count_bits

#: What SO-09 compares with: (mentor id, mentee id) of the plan before → its kind ("" where unknown).
Previous = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidates:
    """A round ready to be paired.

    ``columns`` has the people (index → id), ``problem`` what is solved. Per option of the problem: ``options`` (form,
    kind, covered needs, its pair), ``contour`` (a code of ``CONTOURS``), ``model`` (−1: none), ``points``
    (num_criteria, num_options) unweighted, ``lifted`` (rules a curator lifted), ``warnings`` (bits of ``WARNINGS``),
    ``common_slots`` (−1: unknown). ``items`` say which need each item is, ``groups`` what each possible group works on,
    ``quotas`` what each quota counts. ``locks`` are the pairs that stay, ``conflicts`` those the council has to settle.
    """

    columns: Columns
    sides: SideForms
    pairs: Pairs
    problem: PairingProblem
    levels: tuple[Level, ...]
    options: Options
    contour: IntArray
    model: IntArray
    points: Points
    lifted: IntArray
    warnings: IntArray
    common_slots: IntArray
    items: Items
    groups: Groups
    quotas: QuotaColumns
    locks: tuple[KeptLock, ...]
    conflicts: tuple[LockConflict, ...]
    busy: Busy | None
    report: BuildReport

    def form_of(self, option: int) -> MentoringForm:
        """Return the form of an option."""
        return FORMS[int(self.options.form[option])]

    def kind_of(self, option: int) -> MentoringKind:
        """Return the kind of an option."""
        return KINDS[int(self.options.kind[option])]

    def model_of(self, option: int) -> RoleModel | None:
        """Return the role model of an option."""
        code = int(self.model[option])
        return None if code < 0 else MODELS[code]

    def contour_of(self, option: int) -> Contour:
        """Return the distance class of an option; a partner of another organisation is "partner"."""
        return CONTOURS[int(self.contour[option])]

    def needs_of(self, option: int) -> list[int]:
        """Return the needs of the mentee an option covers, the most urgent first (positions in ``columns.needs``)."""
        covered = int(self.options.covered[option])
        return [at for at in range(self.columns.needs.width) if covered >> at & 1]


def build_candidates(
    roster: Roster,
    policy: Policy,
    busy: Busy | None = None,
    *,
    previous: Previous | None = None,
    reference_day: date | None = None,
    keep: int | None = None,
    apart: Iterable[tuple[str, str]] = (),
) -> Candidates:
    """Return the candidates of a round and the problem they make.

    Parameters
    ----------
    busy
        When people are taken; without it groups have no slot and free time does not count.
    previous
        Pairs of the plan before and their kinds: keeping them counts on the level of SO-09.
    reference_day
        The day on which ages and experience are counted; by default that of the school year of today's date.
    apart
        Pairs (mentor, mentee) whose sessions were found to have no time: they may not be (HR-17).
    keep
        How many pairs of a mentee with a first mentor are kept at most, for rounds of a whole country; all by default.

    Raises
    ------
    InputError
        When a quota names nobody of the roster, or a mentee has more needs than can be counted.
    """
    day = reference_day_of(policy, date.today()) if reference_day is None else reference_day
    columns = build_columns(roster, policy, day, apart)
    sides, tables = SideForms.of(columns), KindTables.of(policy)
    free = None if busy is None else free_time(columns, busy)
    locks = build_locks(roster, columns, sides, tables)
    fixed = np.array([lock.mentor * columns.num_mentees + lock.mentee for lock in locks.kept], dtype=np.int64)
    pairs = build_pairs(columns, sides, tables, free, keep=keep, fixed=fixed)
    slots = None if free is None else group_slots(pairs.edges, free)
    groups = build_groups(columns, pairs.edges, slots, _running(columns, pairs, locks.kept))
    may_be_extra = _may_be_extra(columns, pairs, locks.loads.max_mentors)
    options, num_useless, num_second = build_options(
        pairs, groups, tables, locks.kept, may_be_extra, locks.loads.max_mentors
    )
    quotas = build_quotas(columns, options)
    items = build_items(columns, options, pairs)
    has_least = bool(columns.mentors.min_individual.any() or quotas.step_least.any())
    levels = build_levels(columns, has_locks=bool(locks.kept), has_least=has_least, has_times=busy is not None)
    edge = options.edge
    parts = Parts(
        columns=columns,
        tables=tables,
        pairs=pairs,
        groups=groups,
        options=options,
        items=items,
        quotas=quotas,
        loads=locks.loads,
        levels=levels,
        slots=None if slots is None else _option_slots(columns, options, groups, slots),
        previous=_previous_kinds(columns, pairs, roster, previous or {}),
    )
    return Candidates(
        columns=columns,
        sides=sides,
        pairs=pairs,
        problem=write_problem(parts),
        levels=levels,
        options=options,
        contour=np.where(pairs.edges.is_partner, CONTOURS.index(Contour.PARTNER), pairs.edges.contour)[edge],
        model=pairs.edges.model[edge],
        points=pairs.points[:, edge],
        lifted=pairs.lifted[edge],
        warnings=warning_masks(options, pairs, sides),
        common_slots=_count_common(pairs)[edge],
        items=items,
        groups=groups,
        quotas=quotas,
        locks=locks.kept,
        conflicts=locks.conflicts,
        busy=busy,
        report=build_report(columns, pairs, groups, options, int((items.need >= 0).sum()), num_useless, num_second),
    )


def _running(columns: Columns, pairs: Pairs, locks: tuple[KeptLock, ...]) -> IntArray:
    """Return the pairs that are fixed in a group; a class is no member of a group."""
    keys = [
        lock.mentor * columns.num_mentees + lock.mentee
        for lock in locks
        if lock.kind == GROUP and not columns.mentees.is_class[lock.mentee]
    ]
    return np.flatnonzero(np.isin(pairs.edges.key, np.array(keys, dtype=np.int64)))


def _may_be_extra(columns: Columns, pairs: Pairs, max_mentors: IntArray) -> BoolArray:
    """Return the pairs that may be second ones.

    Not where the mentee has one mentor at most; nor where a least load or quota could call for a second mentor who
    covers nothing that is left open (HR-04 would not allow him).
    """
    edges = pairs.edges
    allowed: BoolArray = (max_mentors[edges.mentee] > 1) & (columns.mentors.min_individual[edges.mentor] == 0)
    for rule in policy_rules(columns):
        if rule.least:
            allowed &= ~members_of(columns, edges.mentee, edges.form, rule)
    return allowed


def _option_slots(columns: Columns, options: Options, groups: Groups, slots: Words) -> Words:
    """Return the slots of every option; members of a running group who share none keep theirs to be agreed."""
    found = slots[options.edge]
    everything = np.bitwise_or.reduce(found, axis=0) if len(found) else found
    for group in np.unique(groups.group[groups.is_fixed]).tolist():
        members = np.flatnonzero((options.group == group) & options.locked)
        if not np.bitwise_and.reduce(found[members], axis=0).any():
            found[members] = everything
    return found


def _count_common(pairs: Pairs) -> IntArray:
    if pairs.common is None:
        return np.full(len(pairs.edges), -1, dtype=np.int64)
    return np.where(pairs.time_known, count_bits(pairs.common), -1)


def _previous_kinds(columns: Columns, pairs: Pairs, roster: Roster, previous: Previous) -> IntArray:
    """Return per pair the kind it had in the plan before (num_kinds: another or unknown), −1 where it is new.

    Pairs that were proposed but not agreed stand in the plan before, too.
    """
    before = {
        (lock.mentor, lock.mentee): lock.kind or "" for lock in roster.locks if lock.status is LockStatus.PROPOSED
    }
    before |= dict(previous)
    values = {
        columns.mentor_of[mentor] * columns.num_mentees + columns.mentee_of[mentee]: _kind_code(kind)
        for (mentor, mentee), kind in before.items()
        if mentor in columns.mentor_of and mentee in columns.mentee_of
    }
    found = np.full(len(pairs.edges), -1, dtype=np.int64)
    for at in np.flatnonzero(np.isin(pairs.edges.key, np.array(sorted(values), dtype=np.int64))).tolist():
        found[at] = values[int(pairs.edges.key[at])]
    return found


def _kind_code(kind: str) -> int:
    return KINDS.index(MentoringKind(kind)) if kind else len(KINDS)
