"""Whether a plan is so: its rules, its values and its bounds, each found anew, without any solver."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matcher.candidates.build import Candidates, build_candidates
from matcher.judge.recount import Recount
from matcher.judge.schedule.levels import ScheduleCheck, schedule_checks, stated_otherwise
from matcher.judge.schedule.verdict import schedule_violations
from matcher.judge.verdict import plan_violations, recount_plan, strangers
from matcher.outcome import Proof, SolveStatus, Violation
from matcher.pairing.certificate import level_bound
from matcher.pairing.problem import PairingProblem
from matcher.pairing.result import Pairing
from matcher.pairing.verify import level_values, violations
from matcher.plan import Plan, PlannedGroup, PlannedPair, sides_of
from matcher.plan_ids import item_names, planned_groups, planned_pairs, quota_names
from matcher.texts import Text, text


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelCheck:
    """One level: what the plan states and what was found anew.

    ``value`` is counted from the pairs, ``bound`` follows from the prices (None where they prove nothing). ``proof``
    is the plan's word on why the value is best; only `CERTIFICATE` can be checked here, and ``is_certified`` says that
    it was: no plan that keeps the values above exceeds this one, and the levels above are proved, if only by search.
    """

    name: str
    stated_value: int
    value: int
    stated_bound: int
    bound: int | None
    proof: Proof | None
    is_certified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The finding on a plan: what is wrong with it (nothing: it is valid), its levels, and its figures.

    ``schedule`` has the levels of its sessions, empty where it has none or was judged no further.
    """

    violations: tuple[Violation, ...]
    levels: tuple[LevelCheck, ...]
    recount: Recount | None
    schedule: tuple[ScheduleCheck, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.violations


def verify_plan(plan: Plan) -> Verification:
    """Re-check a plan: every rule from its roster and regulation, every value and bound from its problem.

    The pairing problem is built anew from the inputs in the plan; no solver runs. Subjects of violations are ids, or
    names of levels.
    """
    unknown = strangers(plan)
    if unknown:
        return Verification(violations=unknown, levels=(), recount=None)
    found = [*plan_violations(plan), *schedule_violations(plan)]
    figures = recount_plan(plan)
    candidates = build_candidates(
        plan.roster,
        plan.policy,
        plan.busy,
        previous=plan.previous,
        reference_day=plan.reference_day,
        apart=sides_of(plan.apart),
    )
    problem = candidates.problem
    names_differ = tuple(_names_differ(candidates, plan))
    if names_differ:
        return Verification(violations=(*found, *names_differ), levels=(), recount=figures)
    pairing = _pairing(problem, plan)
    if pairing is None:
        found.append(_wrong("options", text("the options are not those of this problem")))
        return Verification(violations=tuple(found), levels=(), recount=figures)
    groups = planned_groups(candidates, pairing)
    pairs = planned_pairs(candidates, pairing, groups)
    found += _stated_otherwise(pairs, groups, plan)
    if _people(pairs, groups) != _people(plan.pairs, plan.groups):
        return Verification(violations=tuple(found), levels=(), recount=figures)
    found += _rules_of_problem(problem, pairing, plan)
    levels = _levels(problem, pairing, plan)
    found += _levels_stated_otherwise(plan, levels)
    found += _figures_differ(figures, levels)
    checks = schedule_checks(plan)
    found += stated_otherwise(checks)
    return Verification(violations=tuple(found), levels=levels, recount=figures, schedule=checks)


def _wrong(rule: str, message: Text, *subjects: int | str) -> Violation:
    return Violation(rule, subjects, message)


def _names_differ(candidates: Candidates, plan: Plan) -> Iterator[Violation]:
    """Yield what shows that the plan was made from other inputs: its levels, items or quotas are others."""
    stated = (tuple(level.name for level in plan.levels), plan.items, plan.quotas)
    due = (candidates.problem.level_names, item_names(candidates), quota_names(candidates))
    for name, left, right in zip(("levels", "items", "quotas"), stated, due, strict=True):
        if left != right:
            yield _wrong(name, text("{name}: the plan's are not those of its roster and regulation", name=name), name)
    if {len(plan.certificate.values), len(plan.certificate.prices)} != {len(plan.levels)}:
        yield _wrong("certificate", text("levels, values and prices differ in number"))


def _pairing(problem: PairingProblem, plan: Plan) -> Pairing | None:
    """Return the pairing the plan's indices mean, None where they are no indices of this problem."""
    groups = [group for group, _ in plan.open_groups]
    fits = all(0 <= o < problem.num_options for o in plan.options) and all(0 <= g < problem.num_groups for g in groups)
    if not fits or len(set(plan.options)) < len(plan.options) or len(set(groups)) < len(groups):
        return None
    return Pairing.of(problem, list(plan.options), groups, [slot for _, slot in plan.open_groups])


def _people(pairs: Sequence[PlannedPair], groups: Sequence[PlannedGroup]) -> tuple[frozenset[object], ...]:
    """Return who is with whom: where the options mean others, their values say nothing of this plan."""
    seats = frozenset((pair.mentor, pair.mentee, pair.group is not None) for pair in pairs)
    return seats, frozenset((group.mentor, group.members) for group in groups)


def _stated_otherwise(pairs: Sequence[PlannedPair], groups: Sequence[PlannedGroup], plan: Plan) -> Iterator[Violation]:
    """Yield the pairs and groups of the plan that are not those the options mean."""
    stated, due = {(p.mentor, p.mentee): p for p in plan.pairs}, {(p.mentor, p.mentee): p for p in pairs}
    for ids in sorted(stated.keys() | due.keys()):
        if stated.get(ids) != due.get(ids):
            yield _wrong("options", text("the pair is not the one the options mean"), *ids)
    stated_groups, due_groups = {g.id: g for g in plan.groups}, {g.id: g for g in groups}
    for id_ in sorted(stated_groups.keys() | due_groups.keys()):
        if stated_groups.get(id_) != due_groups.get(id_):
            yield _wrong("options", text("the group is not the one the options mean"), id_)


def _rules_of_problem(problem: PairingProblem, pairing: Pairing, plan: Plan) -> Iterator[Violation]:
    """Yield the rules the pairing breaks in the problem; a lock the council is told of may be missing."""
    for violation in violations(problem, pairing):
        if violation.rule == "HR-22" and plan.conflicts:
            continue
        yield _wrong(violation.rule, text("in the problem: {message}", message=violation.message), *violation.subjects)


def _levels(problem: PairingProblem, pairing: Pairing, plan: Plan) -> tuple[LevelCheck, ...]:
    """Return every level with its value counted and its bound recomputed, given the values counted above it."""
    values = level_values(problem, pairing)
    found: list[LevelCheck] = []
    for index, (level, value) in enumerate(zip(plan.levels, values, strict=True)):
        bound = _bound(problem, plan, index, values)
        is_certified = bound == value and all(above.is_certified or above.proof is not None for above in found)
        found.append(
            LevelCheck(
                name=level.name,
                stated_value=level.value,
                value=value,
                stated_bound=level.bound,
                bound=bound,
                proof=level.proof,
                is_certified=is_certified,
            )
        )
    return tuple(found)


def _bound(problem: PairingProblem, plan: Plan, index: int, values: tuple[int, ...]) -> int | None:
    try:
        return level_bound(problem, plan.certificate.prices[index], index, values)
    except ValueError:
        return None


def _levels_stated_otherwise(plan: Plan, levels: Sequence[LevelCheck]) -> Iterator[Violation]:
    """Yield values, bounds and proofs that are not as the plan states them."""
    proved_above = True
    for level, certified in zip(levels, plan.certificate.values, strict=True):
        if level.stated_value != level.value or certified != level.value:
            told = {"stated": level.stated_value, "value": level.value}
            yield _wrong("value", text("the value stated is {stated}, counted are {value}", **told), level.name)
        if level.bound is None:
            yield _wrong("certificate", text("the prices prove no bound"), level.name)
        elif level.bound != level.stated_bound:
            given = {"stated": level.stated_bound, "bound": level.bound}
            yield _wrong("bound", text("the bound stated is {stated}, the prices give {bound}", **given), level.name)
        if level.proof is Proof.CERTIFICATE and not (level.bound == level.value and proved_above):
            yield _wrong("proof", text("a certificate is claimed that does not prove the value"), level.name)
        proved_above &= level.proof is not None
    if plan.status is SolveStatus.OPTIMAL and not proved_above:
        yield _wrong("proof", text("the plan calls itself best, but not every level is proved"))


def _figures_differ(figures: Recount, levels: Sequence[LevelCheck]) -> Iterator[Violation]:
    """Yield the levels whose value is not what counting people and requests gives."""
    for level in levels:
        counted = figures.value_of(level.name)
        if counted is not None and counted != level.value:
            both = {"value": level.value, "counted": counted}
            message = text("the level is worth {value}, people and requests give {counted}", **both)
            yield _wrong("recount", message, level.name)
