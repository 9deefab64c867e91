"""Whether two people may be paired by hand: the hard rules on a pair, and room on both sides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from matcher.errors import Fault
from matcher.judge.cases import propose, refusals
from matcher.judge.choices import Case, minutes_of
from matcher.judge.facts import Facts
from matcher.judge.loads import max_individual, max_mentors, mentee_room, mentor_room
from matcher.outcome import Violation
from matcher.policy_labels import clause_text
from matcher.texts import text
from service.rounds.desk import Desk, standing_pairs
from service.rounds.inputs import present_roster
from service.rounds.life import LIVE, OPEN
from service.rounds.rosters import ids_of
from service.tables.rounds import Pair, RosterFile


class Rules:
    """The rules of a round as it stands; made once a decision."""

    def __init__(self, desk: Desk) -> None:
        row = desk.session.get_one(RosterFile, desk.round_.roster_id)
        self.id_of = ids_of(desk.session, desk.vault, row)
        self.code_of = {id_: code for code, id_ in self.id_of.items()}
        roster = present_roster(desk.session, desk.vault, desk.round_)
        self.facts = Facts.of(roster, desk.policy, desk.round_.reference_day)
        self._taken = list(standing_pairs(desk.session, desk.round_.id, (*OPEN, *LIVE)))

    def leave_out(self, pairs: set[str]) -> None:
        """Count some pairs (ids) no longer: they end by the same decision."""
        self._taken = [pair for pair in self._taken if pair.id not in pairs]

    def count_in(self, pair: Pair) -> None:
        """Count a pair that begins by the same decision."""
        self._taken.append(pair)

    def against(self, mentor_id: str, mentee_id: str, *, instead_of: str | None = None) -> Iterator[Fault]:
        """Yield what stands against pairing two people anew; ``instead_of`` is a pair that makes room for them."""
        mentor, mentee = self.code_of[mentor_id], self.code_of[mentee_id]
        place = f"{mentor} – {mentee}"
        if mentor not in self.facts.mentors:
            yield Fault(place, text("{who} is not among the mentors", who=mentor))
        if mentee not in self.facts.mentees:
            yield Fault(place, text("{who} is not among the mentees", who=mentee))
        if mentor not in self.facts.mentors or mentee not in self.facts.mentees:
            return
        for broken in self._refusals(mentor, mentee):
            rule = self.facts.policy.rules.get(broken.rule)
            message = text("{message} ({rule})", message=broken.message, rule=broken.rule)
            if rule is not None:
                named = {"rule": broken.rule, "clause": clause_text(rule.clause)}
                message = text("{message} ({rule}, {clause})", message=broken.message, **named)
            yield Fault(place, message, text("choose another pair, or lift the rule with a reason"))
        yield from self._room(mentor, mentee, place, instead_of)

    def _refusals(self, mentor: str, mentee: str) -> tuple[Violation, ...]:
        """Return what forbids the two; who covers no main need may still come second, beside one who does (HR-04)."""
        found = refusals(self.facts, mentor, mentee)
        if not found or any(broken.rule != "HR-04" for broken in found):
            return found
        others = {self.code_of[pair.mentor_id] for pair in self._taken if self.code_of[pair.mentee_id] == mentee}
        stands = any(not refusals(self.facts, other, mentee) for other in others - {mentor})
        return () if stands else found

    def _room(self, mentor: str, mentee: str, place: str, instead_of: str | None) -> Iterator[Fault]:
        if self.facts.is_lifted("HR-06", mentor, mentee):
            return
        taken = [pair for pair in self._taken if pair.id != instead_of and pair.state != "aftercare"]
        theirs = [pair for pair in taken if self.code_of[pair.mentor_id] == mentor]
        own = [pair for pair in taken if self.code_of[pair.mentee_id] == mentee]
        clause = self.facts.policy.clause_of("HR-06")
        cure = text("choose somebody with room, or lift the rule with a reason")
        most = max_individual(self.facts, self.facts.mentors[mentor])
        if sum(pair.group_code is None for pair in theirs) >= most:
            told = {"who": mentor, "most": most, "clause": clause}
            yield Fault(place, text("{who} has {most} mentees already (HR-06, clause {clause})", **told), cure)
        most = max_mentors(self.facts, self.facts.mentees[mentee])
        if len(own) >= most:
            told = {"who": mentee, "most": most, "clause": clause}
            yield Fault(place, text("{who} has {most} mentors already (HR-06, clause {clause})", **told), cure)
        found = propose(self.facts, mentor, mentee)
        if isinstance(found, Violation):
            return
        for who, pairs, room in (
            (mentor, theirs, mentor_room(self.facts, self.facts.mentors[mentor])),
            (mentee, own, mentee_room(self.facts, self.facts.mentees[mentee])),
        ):
            minutes = minutes_taken(pairs) + minutes_of(found)
            if minutes > room:
                told = {"who": who, "minutes": minutes, "most": room, "clause": clause}
                message = text(
                    "{who} would have {minutes} minutes in four weeks, {most} are allowed (HR-06, clause {clause})",
                    **told,
                )
                yield Fault(place, message, cure)

    def case(self, mentor_id: str, mentee_id: str) -> Case:
        """Return form, model and kind of a pair that nothing stands against."""
        found = propose(self.facts, self.code_of[mentor_id], self.code_of[mentee_id])
        assert not isinstance(found, Violation)
        return found

    def minutes(self, case: Case) -> int:
        """Return the minutes such a pair takes in four weeks."""
        return minutes_of(case)


def minutes_taken(pairs: Iterable[Pair]) -> int:
    """Return the minutes pairs take of one person in four weeks: a group is one meeting, whoever sits in it."""
    alone, shared = 0, dict[tuple[str, str], int]()
    for pair in pairs:
        if pair.group_code is None:
            alone += pair.minutes
        else:
            group = (pair.group_code, pair.mentor_id)
            shared[group] = max(shared.get(group, 0), pair.minutes)
    return alone + sum(shared.values())
