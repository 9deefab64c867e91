"""The verdict on a whole plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from matcher.judge.cases import as_planned, misstatements
from matcher.judge.choices import Case
from matcher.judge.facts import Facts
from matcher.judge.groups import groups_fit
from matcher.judge.inside_first import inside_first
from matcher.judge.loads import mentee_loads, mentor_loads, quotas
from matcher.judge.locks import locks_stay
from matcher.judge.pair_rules import broken_rules, is_first, teaches_new
from matcher.judge.recount import Recount, recount
from matcher.outcome import Violation
from matcher.plan import Plan
from matcher.policy import PUPIL_FORMS
from matcher.texts import text


def plan_violations(plan: Plan) -> tuple[Violation, ...]:
    """Return every rule of the regulation the plan breaks, judged from the roster alone; empty when it keeps all.

    Subjects of a violation are ids: mentor and mentee, one person, or a group.
    """
    unknown = strangers(plan)
    if unknown:
        return unknown
    facts = Facts.of(plan.roster, plan.policy, plan.reference_day)
    cases = [as_planned(facts, pair) for pair in plan.pairs]
    found: list[Violation] = []
    for case, pair in zip(cases, plan.pairs, strict=True):
        found += [broken for broken in broken_rules(case) if broken.rule != "HR-04"]
        found += [Violation("9.7", case.sides.ids, message) for message in misstatements(case, pair)]
    found += twice_together(cases)
    found += needs_covered(facts, cases, [pair.covers for pair in plan.pairs])
    found += mentor_loads(facts, cases, plan.groups)
    found += mentee_loads(facts, cases)
    found += quotas(facts, cases)
    found += groups_fit(facts, plan, cases)
    found += locks_stay(facts, plan, cases)
    found += inside_first(facts, plan, cases)
    found += _left_out(facts, plan)
    return tuple(found)


def recount_plan(plan: Plan) -> Recount:
    """Return the figures of a plan, counted anew. The people of the plan must be those of its roster."""
    facts = Facts.of(plan.roster, plan.policy, plan.reference_day)
    cases = [as_planned(facts, pair) for pair in plan.pairs]
    return recount(
        facts,
        cases,
        [pair.covers for pair in plan.pairs],
        num_groups=len(plan.groups),
        num_locked=sum(pair.locked for pair in plan.pairs),
    )


def strangers(plan: Plan) -> tuple[Violation, ...]:
    """Return mentors and mentees of the plan whom its roster does not have: such a plan cannot be judged further."""
    mentors = {mentor.person for mentor in plan.roster.mentors}
    mentees = {mentee.person for mentee in plan.roster.mentees}
    named = [(pair.mentor, pair.mentee) for pair in plan.pairs]
    named += [(group.mentor, member) for group in plan.groups for member in group.members]
    nobody = [(id_, text("this mentor is not in the roster")) for id_, _ in named if id_ not in mentors]
    nobody += [(id_, text("this mentee is not in the roster")) for _, id_ in named if id_ not in mentees]
    return tuple(Violation("plan", (id_,), message) for id_, message in dict(nobody).items())


def twice_together(cases: Sequence[Case]) -> Iterator[Violation]:
    """HR-01: the same two at most once, and the other way round only as one reverse pair."""
    times = Counter(case.sides.ids for case in cases)
    for pair, count in times.items():
        if count > 1:
            message = text("the same two people are brought together {count} times", count=count)
            yield Violation("HR-01", pair, message)
    by_pair = {case.sides.ids: case for case in cases}
    for (mentor, mentee), case in by_pair.items():
        back = by_pair.get((mentee, mentor))
        if back is None and case.has_counter:
            message = text("the counter-assignment of a reverse pair is missing")
            yield Violation("HR-08", (mentor, mentee), message)
        if back is None or mentor > mentee:
            continue
        if not (case.has_counter and back.has_counter):
            message = text("two people mentor each other without being one reverse pair")
            yield Violation("HR-01", (mentor, mentee), message)
        elif not (teaches_new(case.sides) or teaches_new(back.sides)):
            message = text("in a reverse pair the younger one teaches the older one digital technologies")
            yield Violation("HR-08", (mentor, mentee), message)


def needs_covered(facts: Facts, cases: Sequence[Case], covers: Sequence[tuple[str, ...]]) -> Iterator[Violation]:
    """HR-04 over all mentors of a mentee: one covers a main need, each other one as well or something left open."""
    if not facts.policy.rule("HR-04").on:
        return
    own: dict[str, list[tuple[Case, set[str]]]] = {}
    for case, names in zip(cases, covers, strict=True):
        if case.form not in PUPIL_FORMS:
            own.setdefault(case.sides.mentee.person, []).append((case, set(names)))
    for mine in own.values():
        main = {case.sides.ids for case, worked_on in mine if is_first(case, worked_on)}
        for case, worked_on in mine:
            if case.sides.ids in main:
                continue
            others = {name for other, theirs in mine if other is not case for name in theirs}
            if not main or not worked_on - others:
                message = text("the mentor covers none of the mentee's most urgent requests")
                yield Violation("HR-04", case.sides.ids, message)


def _left_out(facts: Facts, plan: Plan) -> Iterator[Violation]:
    served = {pair.mentee for pair in plan.pairs}
    without = set(facts.mentees) - served
    for mentee in sorted(without ^ set(plan.unmatched)):
        yield Violation("plan", (mentee,), text("the list of those without a mentor is wrong here"))
