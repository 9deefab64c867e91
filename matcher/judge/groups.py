"""Groups: size, members, theme, a slot common to all (HR-06, HR-07, HR-20)."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

from matcher.judge.cases import covered_on
from matcher.judge.choices import Case
from matcher.judge.facts import Facts
from matcher.outcome import Violation
from matcher.plan import Plan, PlannedGroup
from matcher.roster import MentoringForm, Topic
from matcher.texts import text
from matcher.timegrid import Busy


def groups_fit(facts: Facts, plan: Plan, cases: Sequence[Case]) -> Iterator[Violation]:
    """HR-07: sizes within bounds, the members are those who sit in it, and the theme is theirs.

    A class is a group by itself. Those who sit in a running group stay (HR-22): nobody takes their place, and the
    group may be as small or as large as they make it.
    """
    seats = {case.sides.ids: case for case in cases if case.is_seat}
    running = {(pair.group, pair.mentee) for pair in plan.pairs if pair.locked}
    seated = Counter(pair.group for pair in plan.pairs if pair.group is not None)
    for group in plan.groups:
        size = len(set(group.members))
        least, most = _sizes(facts, group, sum((group.id, member) in running for member in set(group.members)))
        if facts.policy.rule("HR-07").on and not least <= size <= most:
            message = text("a group of {size}, allowed are {least} to {most}", size=size, least=least, most=most)
            yield Violation("HR-07", (group.id,), message)
        sitting = {p.mentee for p in plan.pairs if p.group == group.id and p.mentor == group.mentor}
        if sitting != set(group.members) or size != len(group.members) or seated[group.id] != len(sitting):
            yield Violation("plan", (group.id,), text("the members of the group are not those who sit in it"))
        for member in sorted(set(group.members)):
            case = seats.get((group.mentor, member))
            if case is None or (group.id, member) in running or case.sides.mentee.is_class:
                continue
            if not covered_on(case.sides, group.topic, group.subject):
                message = text("the theme of the group is not what the mentee asks for and the mentor covers")
                yield Violation("HR-04", (group.mentor, member), message)
    for unknown in sorted(set(seated) - {group.id for group in plan.groups}, key=str):
        yield Violation("plan", (str(unknown),), text("somebody sits in a group that is not open"))
    form = {pair.group: pair.form for pair in plan.pairs}
    yield from _same_theme([(group, form.get(group.id)) for group in plan.groups])
    yield from common_slots(facts, plan)


def common_slots(facts: Facts, plan: Plan) -> Iterator[Violation]:
    """HR-20: where times are known, a group has a slot in which its mentor and all members can be reached.

    A group may meet online (9.6), so being out of the building is no hindrance. The groups of one mentor have
    different slots.
    """
    if not facts.policy.rule("HR-20").on:
        return
    taken: set[tuple[str, int]] = set()
    for group in plan.groups:
        if plan.busy is None:
            if group.slot is not None:
                yield Violation("HR-20", (group.id,), text("the group has a slot although nobody's times are known"))
            continue
        if group.slot is None and _shares_no_slot(plan, plan.busy, group):
            continue
        if group.slot is None or not 0 <= group.slot < len(plan.busy.grid.slots):
            yield Violation("HR-20", (group.id,), text("the group has no weekly slot"))
            continue
        for person in (group.mentor, *group.members):
            if is_taken(plan.busy, person, group.slot):
                yield Violation("HR-20", (group.id, person), text("somebody is not free in the slot of the group"))
        if (group.mentor, group.slot) in taken:
            yield Violation("HR-20", (group.id,), text("two groups of the mentor meet in the same slot"))
        taken.add((group.mentor, group.slot))


def _shares_no_slot(plan: Plan, busy: Busy, group: PlannedGroup) -> bool:
    """Return whether a running group has no slot free for all: it stays, its time has to be agreed (HR-22)."""
    if not any(pair.locked for pair in plan.pairs if pair.group == group.id):
        return False
    people = (group.mentor, *group.members)
    return all(any(is_taken(busy, person, slot) for person in people) for slot in range(len(busy.grid.slots)))


def is_taken(busy: Busy, person: str, slot: int) -> bool:
    """Return whether a person has a lesson or cannot be reached in a slot; nothing is assumed of the unlisted."""
    row = bisect_left(busy.person_id, person)
    if row == len(busy.person_id) or busy.person_id[row] != person:
        return False
    word, bit = divmod(slot, 64)
    return any(int(words[row, word]) >> bit & 1 for words in (busy.lesson, busy.not_reachable))


def _sizes(facts: Facts, group: PlannedGroup, num_running: int) -> tuple[int, int]:
    """Return the least and most members of a group of which so many sit in it already."""
    least, most = facts.policy.load.group_size
    if any(facts.mentees[member].is_class for member in group.members):
        return 1, 1
    return min(least, num_running) if num_running else least, max(most, num_running)


def _same_theme(groups: Sequence[tuple[PlannedGroup, MentoringForm | None]]) -> Iterator[Violation]:
    """HR-06: one group of a mentor, theme and form; classes and running groups have no theme of their own."""
    themed = [(group, form) for group, form in groups if group.topic is not Topic.OTHER]
    themes = Counter((group.mentor, group.topic, group.subject, form) for group, form in themed)
    for (mentor, *_), times in themes.items():
        if times > 1:
            yield Violation("HR-06", (mentor,), text("a mentor opens two groups on one theme"))
    for name, times in Counter(group.id for group, _ in groups).items():
        if times > 1:
            yield Violation("plan", (name,), text("two groups have one name"))
