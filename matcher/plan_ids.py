"""The way back from indices to ids: from a solved pairing problem to a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from matcher.candidates.build import Candidates
from matcher.candidates.codes import BLOCKS
from matcher.candidates.criteria import CRITERIA
from matcher.candidates.groups import Theme
from matcher.candidates.levels import weight_in
from matcher.candidates.requirements import REQUIREMENTS
from matcher.candidates.warnings import warnings_of
from matcher.outcome import SolveStatus
from matcher.pairing.result import Pairing, PairingResult
from matcher.plan import Conflict, Plan, PlannedGroup, PlannedPair
from matcher.policy import PUPIL_FORMS
from matcher.roster import Contour, MentoringKind, Roster
from matcher.texts import Text, text


def build_plan(
    candidates: Candidates,
    result: PairingResult,
    roster: Roster,
    *,
    seed: int = 0,
    previous: Mapping[tuple[str, str], str] | None = None,
) -> Plan:
    """Return the plan that a result of the candidates' problem means for people, in the order of their ids."""
    columns, pairing = candidates.columns, result.pairing
    groups = planned_groups(candidates, pairing)
    served = set(pairing.mentee.tolist())
    return Plan(
        policy=columns.policy,
        roster=roster,
        busy=candidates.busy,
        reference_day=columns.reference_day,
        previous=dict(previous or {}),
        status=result.status,
        levels=result.levels,
        certificate=result.certificate,
        items=item_names(candidates),
        quotas=quota_names(candidates),
        engine=result.engine,
        seed=seed,
        seconds=result.seconds,
        options=tuple(pairing.option.tolist()),
        open_groups=tuple(zip(pairing.open_group.tolist(), pairing.slot.tolist(), strict=True)),
        pairs=planned_pairs(candidates, pairing, groups),
        groups=groups,
        unmatched=tuple(id_ for index, id_ in enumerate(columns.mentee_id) if index not in served),
        conflicts=_conflicts(candidates, result),
        notes=candidates.report.notes,
    )


def item_names(candidates: Candidates) -> tuple[str, ...]:
    """Return what every item of the problem is called: mentee and need, or "inside" (to be served from inside)."""
    items, mentee_id = candidates.items, candidates.columns.mentee_id
    return tuple(
        f"{mentee_id[mentee]} {'inside' if need < 0 else need_name(candidates, mentee, need)}"
        for mentee, need in zip(items.mentee.tolist(), items.need.tolist(), strict=True)
    )


def need_name(candidates: Candidates, mentee: int, at: int) -> str:
    """Return the name of the ``at``-th need of a mentee: "request:2" (his third request) or "deficit:digital"."""
    needs = candidates.columns.needs
    key, source = needs.key[int(needs.need[mentee, at])], int(needs.source[mentee, at])
    if not key.is_gap:
        return f"request:{source}"
    earlier = sum(
        needs.key[int(needs.need[mentee, other])].is_gap
        and needs.key[int(needs.need[mentee, other])].block == key.block
        and int(needs.source[mentee, other]) < source
        for other in range(needs.width)
        if needs.need[mentee, other] >= 0
    )
    return f"deficit:{BLOCKS[key.block]}" + (f":{earlier + 1}" if earlier else "")


def quota_names(candidates: Candidates) -> tuple[str, ...]:
    """Return what every quota of the problem is called: what it bounds and whose it is."""
    return tuple(f"{rule.scope}:{rule.id}" for rule in candidates.quotas.rules)


def planned_pairs(candidates: Candidates, pairing: Pairing, groups: Sequence[PlannedGroup]) -> tuple[PlannedPair, ...]:
    """Return the chosen options as pairs and seats, by mentee and mentor; ``groups`` are the open ones, in order."""
    named = {group: planned.id for group, planned in zip(pairing.open_group.tolist(), groups, strict=True)}
    refunds, weights = _refunds(candidates, pairing), criterion_weights(candidates)
    return tuple(_pair(candidates, option, named, refunds, weights) for option in pairing.option.tolist())


def _pair(
    candidates: Candidates,
    option: int,
    named: Mapping[int, str],
    refunds: Mapping[int, int],
    weights: tuple[int, ...],
) -> PlannedPair:
    columns, options = candidates.columns, candidates.options
    mentee = int(options.mentee[option])
    common = int(candidates.common_slots[option])
    group = int(options.group[option])
    return PlannedPair(
        mentor=columns.mentor_id[int(options.mentor[option])],
        mentee=columns.mentee_id[mentee],
        form=candidates.form_of(option),
        model=candidates.model_of(option),
        kind=candidates.kind_of(option),
        contour=candidates.contour_of(option),
        group=named.get(group),
        minutes=int(options.mentee_minutes[option]) - refunds.get(option, 0),
        points=weighted_points(candidates, option, weights),
        covers=tuple(need_name(candidates, mentee, at) for at in candidates.needs_of(option)),
        common_slots=None if common < 0 else common,
        locked=bool(options.locked[option]),
        counter=option in refunds,
        clauses=_clauses(candidates, option),
        warnings=_warnings(candidates, option),
    )


def criterion_weights(candidates: Candidates) -> tuple[int, ...]:
    """Return what every criterion of ``CRITERIA`` weighs on its level, 0 where it is on none."""
    policy, levels = candidates.columns.policy, candidates.levels
    return tuple(
        max((weight_in(policy, level, criterion.rule) for level in levels), default=0) for criterion in CRITERIA
    )


def weighted_points(candidates: Candidates, option: int, weights: tuple[int, ...] | None = None) -> dict[str, int]:
    """Return the points of an option by criterion, each times what it weighs on its level (``criterion_weights``)."""
    of_criteria = zip(CRITERIA, weights or criterion_weights(candidates), strict=True)
    return {
        criterion.rule: weight * int(candidates.points[row, option])
        for row, (criterion, weight) in enumerate(of_criteria)
        if weight
    }


def _refunds(candidates: Candidates, pairing: Pairing) -> dict[int, int]:
    """Return the minutes each chosen option of a reverse pair with its counter-assignment gives back."""
    problem, chosen = candidates.problem, set(pairing.option.tolist())
    found: dict[int, int] = {}
    for first, second, back in zip(
        problem.link_first.tolist(), problem.link_second.tolist(), problem.link_refund_minutes.tolist(), strict=True
    ):
        if first in chosen and second in chosen:
            found |= {first: back, second: back}
    return found


def _clauses(candidates: Candidates, option: int) -> tuple[str, ...]:
    """Return the clauses applied to an option: form, model, need, reverse work, distance, running pair."""
    policy, form = candidates.columns.policy, candidates.form_of(option)
    model = candidates.model_of(option)
    rules = ["HR-11", "HR-12", "HR-13", "HR-14"] if form in PUPIL_FORMS else ["HR-04"]
    if candidates.kind_of(option) is MentoringKind.REVERSE:
        rules.append("HR-08")
    if candidates.kind_of(option) is MentoringKind.GROUP:
        rules.append("HR-07")
    if candidates.contour_of(option) is not Contour.ORGANISATION:
        rules.append("HR-15")
    if candidates.options.locked[option]:
        rules.append("HR-22")
    clauses = [policy.forms[form].clause]
    clauses += [rule.clause for rule in policy.models if rule.id is model and rule.form is form]
    clauses += [policy.clause_of(rule) for rule in rules if policy.rule(rule).on]
    return tuple(dict.fromkeys(clause for clause in clauses if clause))


def _warnings(candidates: Candidates, option: int) -> tuple[Text, ...]:
    lifted = int(candidates.lifted[option])
    overridden = [
        text("the curator has lifted a rule: {rule}", rule=requirement.sentence)
        for bit, requirement in enumerate(REQUIREMENTS)
        if lifted >> bit & 1
    ]
    return (*warnings_of(int(candidates.warnings[option])), *overridden)


def planned_groups(candidates: Candidates, pairing: Pairing) -> tuple[PlannedGroup, ...]:
    """Return the open groups in the order of the pairing: by mentor and theme."""
    columns, problem, groups = candidates.columns, candidates.problem, candidates.groups
    members_of: dict[int, list[int]] = {}
    for group, mentee in zip(pairing.group.tolist(), pairing.mentee.tolist(), strict=True):
        members_of.setdefault(group, []).append(mentee)
    planned = []
    for number, (group, slot) in enumerate(zip(pairing.open_group.tolist(), pairing.slot.tolist(), strict=True), 1):
        theme: Theme = groups.themes[int(groups.theme[group])]
        members = members_of.get(group, [])
        mentor = int(groups.mentor[group])
        people = [columns.mentor_id[mentor], *(columns.mentee_id[member] for member in members)]
        planned.append(
            PlannedGroup(
                id=f"G-{number}",
                mentor=people[0],
                topic=theme.topic,
                subject=theme.subject or None,
                slot=slot if slot >= 0 and _is_free(candidates, people, slot) else None,
                minutes=int(problem.group_minutes[group]),
                members=tuple(people[1:]),
            )
        )
    return tuple(planned)


def _is_free(candidates: Candidates, people: list[str], slot: int) -> bool:
    """Return whether all can be reached in a slot: members of a running group may share none (then it is agreed)."""
    if candidates.busy is None:
        return False
    free, _ = candidates.busy.free(people, online=True)
    word, bit = divmod(slot, 64)
    return bool(((free[:, word] >> np.uint64(bit)) & np.uint64(1)).all())


def _conflicts(candidates: Candidates, result: PairingResult) -> tuple[Conflict, ...]:
    """Return what the council has to settle: locks that break a rule, and those that do not fit beside each other."""
    columns, pairing = candidates.columns, result.pairing
    chosen = set(zip(pairing.mentor.tolist(), pairing.mentee.tolist(), strict=True))
    found = [Conflict(mentor=c.mentor, mentee=c.mentee, message=c.message) for c in candidates.conflicts]
    crowded = text("the pair was fixed, but it does not fit beside the other fixed pairs")
    if result.status is not SolveStatus.INFEASIBLE:
        crowded = text("the pair was fixed, but the search ended before it could be kept; let it run longer")
    found += [
        Conflict(mentor=columns.mentor_id[lock.mentor], mentee=columns.mentee_id[lock.mentee], message=crowded)
        for lock in candidates.locks
        if (lock.mentor, lock.mentee) not in chosen
    ]
    return tuple(sorted(found, key=lambda conflict: (conflict.mentee, conflict.mentor)))
