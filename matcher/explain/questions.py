"""Questions to a finished plan, each one method: what `matcher explain` and the page ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Generic, TypeVar

from matcher.explain.again.alternatives import alternatives, change_curve
from matcher.explain.again.resolve import Effort
from matcher.explain.again.thorough import solved_cure
from matcher.explain.again.what_if import what_if, with_costs
from matcher.explain.case import Case
from matcher.explain.findings import (
    Alternative,
    BlockingPair,
    CurvePoint,
    MentorLoad,
    NobodyReasons,
    PairReasons,
    PlanReport,
    Recruit,
    RefusedGroup,
    WhatIf,
)
from matcher.explain.help.recruit import place_with, recruits, with_bound
from matcher.explain.help.refusals import grouped, refused_to_mentor
from matcher.explain.help.why_nobody import why_nobody
from matcher.explain.pairs.blocking import blocking_pairs
from matcher.explain.pairs.loads import mentor_load
from matcher.explain.pairs.why_pair import why_pairs
from matcher.explain.report import explain_plan
from matcher.plan import Plan

_Finding = TypeVar("_Finding")


@dataclass(frozen=True, slots=True)
class Spoken(Generic[_Finding]):
    """A finding with the plan it is about: whoever renders it needs the names."""

    plan: Plan
    finding: _Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class MenteeAnswer:
    """A mentee: the reasons of his pairs, or why he has nobody."""

    mentee: str
    pairs: tuple[PairReasons, ...]
    nobody: NobodyReasons | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MentorAnswer:
    """A mentor: his load, the reasons of his pairs, whom the rules refuse to him, what one place more would bring."""

    mentor: str
    load: MentorLoad
    pairs: tuple[PairReasons, ...]
    refused: tuple[RefusedGroup, ...]
    one_more: Recruit | None


class Questioned:
    """A plan that answers questions; each solve again takes at most ``effort``."""

    def __init__(self, case: Case, effort: Effort) -> None:
        self.case = case
        self.effort = effort

    @classmethod
    def of(
        cls, plan: Plan, *, time_limit: float = 20.0, work_limit: int | None = None, seed: int | None = None
    ) -> Questioned:
        """Return the plan ready for questions.

        Raises
        ------
        InputError
            When the plan was changed by hand and is not what its inputs stand for.
        """
        effort = Effort(time_limit=time_limit, work_limit=work_limit, seed=plan.seed if seed is None else seed)
        return cls(Case.of(plan), effort)

    @property
    def plan(self) -> Plan:
        """Return the plan."""
        return self.case.plan

    @cached_property
    def report(self) -> PlanReport:
        """Return everything that is explained without a question."""
        return explain_plan(self.plan)

    def mentee(self, mentee: str, *, thorough: bool = True) -> Spoken[MenteeAnswer]:
        """Return why a mentee has whom he has; with ``thorough`` the whole round is solved again for every price."""
        index = self.case.mentee_of(mentee)
        mine = [pair for pair in self.plan.pairs if pair.mentee == mentee]
        pairs = tuple(self._costed(reasons, thorough) for reasons in why_pairs(self.case, mine))
        if pairs:
            return self._said(MenteeAnswer(mentee=mentee, pairs=pairs, nobody=None))
        (nobody,) = why_nobody(self.case, [index])
        if thorough:
            cures = tuple(solved_cure(self.case, cure, self.effort) for cure in nobody.cures)
            nobody = replace(nobody, cures=cures)
        return self._said(MenteeAnswer(mentee=mentee, pairs=(), nobody=nobody))

    def _costed(self, reasons: PairReasons, thorough: bool) -> PairReasons:
        return with_costs(self.case, reasons, self.effort) if thorough and not reasons.locked else reasons

    def mentor(self, mentor: str) -> Spoken[MentorAnswer]:
        """Return how a mentor is loaded and why, and what one place more with him would bring."""
        index = self.case.mentor_of(mentor)
        columns, sides = self.case.candidates.columns, self.case.candidates.sides
        mine = [pair for pair in self.plan.pairs if pair.mentor == mentor]
        more = place_with(self.case, index)
        return self._said(
            MentorAnswer(
                mentor=mentor,
                load=mentor_load(self.case, index),
                pairs=why_pairs(self.case, mine),
                refused=grouped(columns, refused_to_mentor(columns, sides, index), self.case.mentee_id),
                one_more=with_bound(self.case, more) if more is not None and more.effect.is_gain else None,
            )
        )

    def what_if(self, mentor: str, mentee: str, *, forbid: bool = False) -> Spoken[WhatIf]:
        """Return the best plan that has (or has not) a pair."""
        return self._said(what_if(self.case, mentor, mentee, forbid=forbid, effort=self.effort))

    def recruit(self, most: int) -> Spoken[tuple[Recruit, ...]]:
        """Return whom to recruit."""
        return self._said(recruits(self.case, most))

    def blocking(self) -> Spoken[tuple[BlockingPair, ...]]:
        """Return the pairs who would both rather have each other."""
        return self._said(blocking_pairs(self.case))

    def alternatives(self, number: int, differ: int) -> Spoken[tuple[Alternative, ...]]:
        """Return other plans that differ in at least ``differ`` pairs from each other and from this one."""
        return self._said(alternatives(self.case, number, differ, self.effort))

    def curve(self, steps: Sequence[int] | None = None) -> Spoken[tuple[CurvePoint, ...]]:
        """Return what so many changes against the plan before would gain."""
        return self._said(change_curve(self.case, self.effort, steps=steps))

    def _said(self, finding: _Finding) -> Spoken[_Finding]:
        return Spoken(self.plan, finding)
