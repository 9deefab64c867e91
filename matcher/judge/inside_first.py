"""Inside mentors before outside ones (9.1, note 1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from matcher.judge.cases import propose
from matcher.judge.choices import Case, minutes_of
from matcher.judge.facts import Facts
from matcher.judge.loads import (
    count_by_quota,
    group_minutes,
    max_individual,
    max_mentors,
    mentee_room,
    mentor_room,
    quotas_of,
)
from matcher.judge.pair_rules import broken_rules, is_first, new_needs
from matcher.outcome import Violation
from matcher.plan import Plan
from matcher.policy_words import ContourMode
from matcher.roster import Contour, MentoringKind
from matcher.texts import text


def inside_first(facts: Facts, plan: Plan, cases: Sequence[Case]) -> Iterator[Violation]:
    """Nobody has only outside mentors while an inside one at the threshold has a free place for him.

    A place is free when taking it, in exchange for an outside pair that nothing holds, breaks no cap.
    """
    if facts.policy.contours.mode is not ContourMode.INTERNAL_FIRST:
        return
    taken = _Taken.of(facts, plan, cases)
    inside = {
        case.sides.mentee.person for case, pair in zip(cases, plan.pairs, strict=True) if is_inside(case, pair.covers)
    }
    for mentee_id, own in taken.of_mentee.items():
        if mentee_id in inside:
            continue
        for mentor_id in taken.mentors_of.get(own[0].sides.mentee_organisation.id, ()):
            case = propose(facts, mentor_id, mentee_id)
            if isinstance(case, Violation) or broken_rules(case) or not taken.has_place(case, own):
                continue
            if case.kind is MentoringKind.REVERSE and not is_first(case, new_needs(case.sides)):
                continue
            message = text(
                "only outside mentors, while {mentor} of the same organisation has a place", mentor=mentor_id
            )
            yield Violation("SO-06", (mentee_id,), message)
            break


def is_inside(case: Case, covers: Iterable[str]) -> bool:
    """Return whether the mentor is of the mentee's organisation and could be his first one."""
    return case.sides.place is Contour.ORGANISATION and is_first(case, covers)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """What the plan has used up, person by person."""

    facts: Facts
    plan: Plan
    of_mentor: dict[str, list[Case]]
    seats_of: dict[str, list[Case]]
    of_mentee: dict[str, list[Case]]
    mentors_of: dict[str, list[str]]
    quota_count: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, facts: Facts, plan: Plan, cases: Sequence[Case]) -> _Taken:
        of_mentor: dict[str, list[Case]] = defaultdict(list)
        seats_of: dict[str, list[Case]] = defaultdict(list)
        of_mentee: dict[str, list[Case]] = defaultdict(list)
        mentors_of: dict[str, list[str]] = defaultdict(list)
        for case in cases:
            of_mentee[case.sides.mentee.person].append(case)
            (seats_of if case.is_seat else of_mentor)[case.sides.mentor.person].append(case)
        for mentor_id in sorted(facts.mentors):
            mentors_of[facts.people[mentor_id].organisation].append(mentor_id)
        return cls(
            facts=facts,
            plan=plan,
            of_mentor=of_mentor,
            seats_of=seats_of,
            of_mentee=of_mentee,
            mentors_of=mentors_of,
            quota_count=count_by_quota(cases),
        )

    def has_place(self, new: Case, own: Sequence[Case]) -> bool:
        """Return whether ``new`` fits, as one mentor more or in exchange for one of the mentee's pairs."""
        return self._mentor_has_place(new) and any(self._mentee_has_place(new, own, out) for out in (None, *own))

    def _mentor_has_place(self, new: Case) -> bool:
        mentor = new.sides.mentor
        mine = self.of_mentor.get(mentor.person, [])
        groups = [group for group in self.plan.groups if group.mentor == mentor.person]
        seats = self.seats_of.get(mentor.person, [])
        used = sum(map(minutes_of, mine)) + sum(group_minutes(self.facts, group, seats) for group in groups)
        if len(mine) >= max_individual(self.facts, mentor):
            return False
        if any(case.sides.mentor.person == new.sides.mentee.person for case in self.of_mentee.get(mentor.person, ())):
            return False  # the mentee already mentors him
        return used + minutes_of(new) <= mentor_room(self.facts, mentor)

    def _mentee_has_place(self, new: Case, own: Sequence[Case], out: Case | None) -> bool:
        if out is not None and self._is_held(out):
            return False
        mentee = new.sides.mentee
        used = sum(minutes_of(case) for case in own if case is not out) + minutes_of(new)
        heads = len(own) + (out is None)
        fits = heads <= max_mentors(self.facts, mentee) and used <= mentee_room(self.facts, mentee)
        return fits and self._quotas_allow(new, out)

    def _is_held(self, case: Case) -> bool:
        """Return whether something else hangs on the pair: a lock, a counter-assignment, a group or a least load."""
        mentor = case.sides.mentor
        least = mentor.min_individual or 0
        at_least = not case.is_seat and len(self.of_mentor.get(mentor.person, [])) <= least
        return case.is_locked or case.has_counter or case.is_seat or at_least

    def _quotas_allow(self, new: Case, out: Case | None) -> bool:
        """Return whether every quota has room for the exchange, and none falls below its least by it."""
        more, less = count_by_quota([new]), count_by_quota([] if out is None else [out])
        for key, quota in quotas_of(self.facts):
            before = self.quota_count.get(key, 0)
            after = before + more[key] - less[key]
            if quota.max is not None and after > max(before, quota.max):
                return False
            if quota.min is not None and after < min(before, quota.min):
                return False
        return True
